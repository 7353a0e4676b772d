"""PyTorch, where it is installed, finds the same loss, the same gradients and the same steps. Lessons 2, 4, 6 and 7.

Both compute in float64, from the same weights and the same batch. Nothing of nnlib's backward pass is used for
PyTorch's: its autograd derives the gradients from the forward pass alone.
"""

import itertools

import numpy as np
import pytest

import nnlib

torch = pytest.importorskip("torch", reason="PyTorch is not installed; workshop/benchmarks/README.md says how")

AGREE = 1e-10  # of the largest entry; float64 has 16 digits, and sums in another order differ in the last of them
STEPS = 3  # momentum's and Adam's first step cannot show what they remember
SIZES = [30, 12, 9, 10]  # two hidden layers
RNG = np.random.default_rng(0)
X = RNG.random((20, SIZES[0]))
y = RNG.integers(0, SIZES[-1], len(X))

COMBINATIONS = [
    ("sigmoid", "sigmoid"),
    ("sigmoid", "logistic"),
    ("sigmoid", "softmax"),
    ("tanh", "softmax"),
    ("relu", "softmax"),
]
OPTIMIZERS = {
    "SGD": (nnlib.SGD(lr=0.3), lambda params: torch.optim.SGD(params, lr=0.3)),
    "momentum": (nnlib.Momentum(lr=0.1, momentum=0.9), lambda params: torch.optim.SGD(params, lr=0.1, momentum=0.9)),
    "Adam": (nnlib.Adam(lr=0.01), lambda params: torch.optim.Adam(params, lr=0.01, betas=(0.9, 0.999), eps=1e-8)),
}


@pytest.fixture(params=itertools.product(COMBINATIONS, (0.0, 0.01)), ids=lambda p: f"{'-'.join(p[0])}-l2={p[1]}")
def net(request):
    (activation, output), l2 = request.param
    return nnlib.Network(SIZES, activation, output, l2=l2, seed=3).copy(np.float64)


def in_torch(net):
    """The network's parameters as tensors of their own, of which autograd takes the gradient."""
    return {name: torch.tensor(p, requires_grad=True) for name, p in net.params.items()}


def loss_in_torch(net, params):
    """The loss of the batch in PyTorch's own functions, for the network's settings and these parameters."""
    a = torch.tensor(X)
    for l in range(1, net.n_layers):
        a = getattr(torch, net.activation)(a @ params[f"W{l}"] + params[f"b{l}"])
    z = a @ params[f"W{net.n_layers}"] + params[f"b{net.n_layers}"]
    if net.output == "softmax":
        loss = torch.nn.functional.cross_entropy(z, torch.tensor(y))
    elif net.output == "logistic":
        Y = torch.nn.functional.one_hot(torch.tensor(y), SIZES[-1]).to(z.dtype)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(z, Y, reduction="sum") / len(y)
    else:
        Y = torch.nn.functional.one_hot(torch.tensor(y), SIZES[-1])
        loss = (0.5 * (torch.sigmoid(z) - Y) ** 2).sum(dim=1).mean()
    return loss + 0.5 * net.l2 * sum((params[f"W{l}"] ** 2).sum() for l in range(1, net.n_layers + 1))


def assert_agree(ours, theirs):
    """Every array agrees with the tensor of the same name."""
    assert set(ours) == set(theirs)
    for name, array in ours.items():
        assert array.dtype == np.float64 and array.shape == tuple(theirs[name].shape)
        assert nnlib.relative_error(array, theirs[name].detach().numpy()).max() < AGREE, name


def test_the_loss_and_every_gradient_are_pytorchs(net):
    params = in_torch(net)
    expected = loss_in_torch(net, params)
    expected.backward()
    loss, grads, _ = net.loss_and_gradients(X, y)
    assert loss == pytest.approx(expected.item(), rel=AGREE)
    assert all(np.any(grad) for grad in grads.values()), "a gradient of 0 would agree with a loss that nothing reaches"
    assert_agree(grads, {name: p.grad for name, p in params.items()})


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_step_ends_at_pytorchs_weights(net, name):
    optimizer, make_theirs = OPTIMIZERS[name]
    params = in_torch(net)
    theirs = make_theirs(list(params.values()))
    optimizer.start(net.params)
    for _ in range(STEPS):
        before = {name: p.copy() for name, p in net.params.items()}
        _, grads, _ = net.loss_and_gradients(X, y)
        grads = {name: grad.copy() for name, grad in grads.items()}  # a step may use up what it is given
        optimizer.step(net.params, dict(grads))
        theirs.zero_grad()
        loss_in_torch(net, params).backward()
        theirs.step()
        assert_agree(net.params, params)
        assert all(np.any(net.params[name] != before[name]) for name in before)
