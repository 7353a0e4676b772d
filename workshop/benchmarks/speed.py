"""How fast `nnlib.train` is beside its matrix products alone, and beside other ways to train the same network.

    python -m uv run python -m workshop.benchmarks.speed

Each contestant trains one epoch on MNIST's 60,000 images (half of them for the large network), without shuffling, as
the original does. What it prepares once for a whole training is not counted, of nobody. They take turns, so that
whatever else the machine does meets them all. A ratio is the median over the turns; a turn compares neighbours in time.
It is done with one thread allowed, and with two. README.md, beside this file, says how to install the other
libraries. The run takes about six minutes.

matrix products  the five (eight) products of a step, in float32, into arrays that are there already: nothing else
nnlib            `nnlib.train`, with its progress bar
by hand          the same formulas written out in one function, with two layers and nothing else in mind
original         the algorithm that the series grew from, as it is commonly written: float64, a new array for everything
PyTorch          eager mode: two (three) Linear layers, the same loss and optimiser
torch.compile    the same, compiled: the network with its loss, and the optimiser's step
JAX, step        `jit` of a step, called for each batch
JAX, epoch       `jit` of a `scan` over all batches of an epoch
scikit-learn     MLPClassifier with the same settings; its loss is cross-entropy

Before the turns, each trains its first epoch in the process, which is when compilers compile. From that first epoch and
the later ones follows how many epochs it takes until a contestant has caught up with `nnlib`.

The last part times one step of the network that ``data/`` ships, and the distortion of the batch that feeds it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from functools import cache
from itertools import pairwise
from math import ceil

import numpy as np
from threadpoolctl import threadpool_limits
from tqdm import tqdm

import nnlib
from nnlib import recipes
from workshop.results import store

TURNS = 9
SMALL = {"sizes": [784, 100, 10], "batch_size": 50}  # sigmoid, squared error, SGD
LARGE = {"sizes": [784, 1000, 500, 10], "batch_size": 100}  # ReLU, softmax and cross-entropy, momentum


def matrix_products(X, y, sizes, batch_size):
    """An epoch's products, forward a W, backward aᵀ dz and dz Wᵀ, on numbers that mean nothing."""
    rng = np.random.default_rng(0)
    W = [rng.random((n_in, n_out), dtype=np.float32) for n_in, n_out in pairwise(sizes)]
    z = [rng.random((batch_size, n), dtype=np.float32) for n in sizes]
    dz, dW = [array.copy() for array in z], [array.copy() for array in W]
    for first in range(0, len(X), batch_size):
        a = [X[first : first + batch_size], *z[1:]]
        for l in range(len(W)):
            np.matmul(a[l], W[l], out=z[l + 1])
        for l in reversed(range(len(W))):
            np.matmul(a[l].T, dz[l + 1], out=dW[l])
            if l:
                np.matmul(dz[l + 1], W[l].T, out=dz[l])


def ours(X, y, sizes, batch_size):
    """One epoch of `nnlib.train`; it measures its epochs itself."""
    large = len(sizes) > 3
    net = nnlib.Network(sizes, *(("relu", "softmax") if large else ("sigmoid", "sigmoid")))
    optimizer = nnlib.Momentum(0.01) if large else nnlib.SGD(0.5)
    history = nnlib.train(net, X, y, epochs=1, batch_size=batch_size, optimizer=optimizer, shuffle=False, progress=True)
    return history.seconds[0]


def by_hand(X, y, sizes, batch_size):
    """784-100-10 with the book's formulas in one place, and every array changed where it lies."""
    net = nnlib.Network(sizes)
    W1, b1, W2, b2 = net.params.values()
    Y, A2 = net.one_hot(y), net.one_hot(y)
    yield
    for first in range(0, len(X), batch_size):
        batch = slice(first, first + batch_size)
        z1 = X[batch] @ W1
        z1 += b1
        z1 *= 0.5
        a1 = np.tanh(z1, out=z1)
        a1 += 1
        a1 *= 0.5
        z2 = a1 @ W2
        z2 += b2
        a2 = 0.5 * (1 + np.tanh(0.5 * z2))
        A2[batch] = a2
        dz2 = (a2 - Y[batch]) * a2 * (1 - a2) / batch_size
        dz1 = dz2 @ W2.T
        dz1 *= a1
        dz1 *= 1 - a1
        for theta, d in ((W2, a1.T @ dz2), (b2, dz2.sum(axis=0)), (W1, X[batch].T @ dz1), (b1, dz1.sum(axis=0))):
            d *= 0.5
            theta -= d
    nnlib.squared_error(A2, Y)
    np.mean(A2.argmax(axis=1) == y)


def original(X, y, sizes, batch_size):
    """784-100-10 as the post that started this describes it."""
    rng = np.random.default_rng(0)
    W1, b1 = rng.normal(0, 0.01, sizes[:2]), np.zeros(sizes[1])
    W2, b2 = rng.normal(0, 0.01, sizes[1:]), np.zeros(sizes[2])
    X, Y = X.astype(np.float64), np.eye(10)[y]
    yield
    for first in range(0, len(X), batch_size):
        X_batch, Y_batch = X[first : first + batch_size], Y[first : first + batch_size]
        a1 = 1 / (1 + np.exp(-(X_batch @ W1 + b1)))
        a2 = 1 / (1 + np.exp(-(a1 @ W2 + b2)))
        loss = np.sum(0.5 * (a2 - Y_batch) ** 2)  # noqa: F841 — the post computes it for each batch
        np.sum(a2.argmax(axis=1) == Y_batch.argmax(axis=1))
        dz2 = (a2 - Y_batch) * a2 * (1 - a2)
        dz1 = dz2 @ W2.T * a1 * (1 - a1)
        W2 -= 0.5 * (a1.T @ dz2) / batch_size
        b2 -= 0.5 * dz2.sum(axis=0) / batch_size
        W1 -= 0.5 * (X_batch.T @ dz1) / batch_size
        b1 -= 0.5 * dz1.sum(axis=0) / batch_size


def pytorch(X, y, sizes, batch_size):
    """The same epoch in PyTorch."""
    net, optimizer, loss_of, X, Y = _torch_parts(X, y, sizes)
    yield
    _torch_epoch(net, loss_of, optimizer, optimizer.step, X, Y, y, batch_size)


def torch_compile(X, y, sizes, batch_size):
    """The same epoch in PyTorch, compiled. What was compiled once is used again with new weights."""
    new, _, _, X, Y = _torch_parts(X, y, sizes)
    net, optimizer, loss_of, step = _torch_compiled(tuple(sizes))
    net.load_state_dict(new.state_dict())
    yield
    _torch_epoch(net, loss_of, optimizer, step, X, Y, y, batch_size)


def _torch_epoch(net, loss_of, optimizer, step, X, Y, y, batch_size):
    """The loop that both share; ``step`` is the optimiser's, as it is or compiled."""
    import torch

    correct = 0
    for first in range(0, len(X), batch_size):
        batch = slice(first, first + batch_size)
        a, loss = loss_of(net, X[batch], Y[batch])
        optimizer.zero_grad()
        loss.backward()
        step()
        correct += (a.argmax(dim=1) == torch.from_numpy(y[batch])).sum().item()


def _torch_parts(X, y, sizes):
    """Network, optimiser, a function from the network and a batch to outputs and loss, and the images as tensors."""
    import torch

    large = len(sizes) > 3
    layers = []
    for n_in, n_out in pairwise(sizes):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU() if large else torch.nn.Sigmoid()]
    net = torch.nn.Sequential(*(layers[:-1] if large else layers))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01 if large else 0.5, momentum=0.9 if large else 0)
    Y = torch.from_numpy(y)

    def loss_of(net, X, Y):
        a = net(X)
        return a, torch.nn.functional.cross_entropy(a, Y) if large else 0.5 * ((a - Y) ** 2).sum() / len(Y)

    return net, optimizer, loss_of, torch.from_numpy(X), Y if large else torch.nn.functional.one_hot(Y, 10).float()


@cache
def _torch_compiled(sizes):
    import torch

    net, optimizer, loss_of, _, _ = _torch_parts(np.zeros((1, sizes[0]), np.float32), np.zeros(1, int), sizes)
    return net, optimizer, torch.compile(loss_of), torch.compile(optimizer.step)


def jax_step(X, y, sizes, batch_size):
    """784-100-10 in JAX, one compiled call for each batch."""
    import jax

    params, X, Y, step, _ = _jax_parts(X, y, sizes, batch_size)
    yield
    correct = 0
    for X_batch, Y_batch in zip(X, Y, strict=True):
        params, (_, right) = step(params, (X_batch, Y_batch))
        correct += right
    jax.block_until_ready((params, correct))


def jax_epoch(X, y, sizes, batch_size):
    """784-100-10 in JAX, one compiled call for the whole epoch."""
    import jax

    params, X, Y, _, epoch = _jax_parts(X, y, sizes, batch_size)
    yield
    jax.block_until_ready(epoch(params, (X, Y)))


def _jax_parts(X, y, sizes, batch_size):
    """First weights, images and labels in batches, and the compiled functions of `_jax_compiled`."""
    import jax.numpy as jnp

    net = nnlib.Network(sizes)
    X, Y = (jnp.asarray(array.reshape(-1, batch_size, array.shape[1])) for array in (X, net.one_hot(y)))
    return [jnp.asarray(p) for p in net.params.values()], X, Y, *_jax_compiled()


@cache
def _jax_compiled():
    import jax
    import jax.numpy as jnp

    def loss(params, X, Y):
        W1, b1, W2, b2 = params
        a = jax.nn.sigmoid(jax.nn.sigmoid(X @ W1 + b1) @ W2 + b2)
        return 0.5 * jnp.sum((a - Y) ** 2) / len(X), jnp.sum(a.argmax(axis=1) == Y.argmax(axis=1))

    def step(params, batch):
        measured, grads = jax.value_and_grad(loss, has_aux=True)(params, *batch)
        return [theta - 0.5 * d for theta, d in zip(params, grads, strict=True)], measured

    return jax.jit(step), jax.jit(lambda params, batches: jax.lax.scan(step, params, batches))


def scikit_learn(X, y, sizes, batch_size):
    """The same epoch in scikit-learn."""
    from sklearn.neural_network import MLPClassifier

    large = len(sizes) > 3
    net = MLPClassifier(
        sizes[1:-1],
        "relu" if large else "logistic",
        solver="sgd",
        alpha=0,
        batch_size=batch_size,
        max_iter=1,
        shuffle=False,
        learning_rate_init=0.01 if large else 0.5,
        momentum=0.9 if large else 0,
        nesterovs_momentum=False,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one epoch does not converge
        net.fit(X, y)


def seconds(contestant, X, y, settings):
    """The time of one epoch: all of a contestant's, or what passes after its ``yield``, or what it says itself."""
    started = time.perf_counter()
    run = contestant(X, y, **settings)
    if isinstance(run, float):
        return run
    if run is not None:
        next(run)
        started = time.perf_counter()
        for _ in run:
            pass
    return time.perf_counter() - started


def compare(contestants, X, y, settings, threads):
    """Seconds of each contestant: the first epoch in this process, and then one in each turn."""
    taken = {}
    with threadpool_limits(threads, user_api="blas"):
        for name, contestant in contestants.items():
            taken[name] = [seconds(contestant, X, y, settings)]
        for _ in tqdm(range(TURNS), desc=f"{settings['sizes']}, {threads} threads", unit="turn"):
            for name, contestant in contestants.items():
                taken[name].append(seconds(contestant, X, y, settings))
    return taken


def summary(taken):
    """Medians of the seconds, and of the ratios to the matrix products of the same turn.

    A contestant that compiles begins later and may run faster. It ``overtakes nnlib`` in the epoch in which it has
    taken less time than `nnlib`, all epochs together; None if it never does.
    """
    first = {name: times[0] for name, times in taken.items()}
    turns = {name: np.array(times[1:]) for name, times in taken.items()}
    rows = {}
    for name, times in turns.items():
        won = np.median(turns["nnlib"] - times)  # in each epoch after the first
        lost = first[name] - first["nnlib"]
        rows[name] = {
            "seconds": float(np.median(times)),
            "fastest": float(times.min()),
            "first epoch": first[name],
            "times the products": float(np.median(times / turns["matrix products"])),
            "times nnlib": float(np.median(times / turns["nnlib"])),
            "overtakes nnlib": (max(1, ceil(lost / won) + 1) if won > 0 else None),
        }
    return rows


def augmentation(X, y, steps=200):
    """Milliseconds of a training step of the shipped network, and of the distortion of its batch."""
    recipe = recipes.PRETRAINED
    net = nnlib.Network(recipe.sizes, recipe.activation, recipe.output)
    optimizer, rng = nnlib.Momentum(recipe.lr), np.random.default_rng(0)
    optimizer.start(net.params)
    step, distort = [], []
    with threadpool_limits(1, user_api="blas"):
        for i in range(steps):
            batch = slice(i * recipe.batch_size, (i + 1) * recipe.batch_size)
            started = time.perf_counter()
            X_batch = recipe.augment(X[batch], rng)
            between = time.perf_counter()
            optimizer.step(net.params, net.loss_and_gradients(X_batch, y[batch])[1])
            step.append(1000 * (time.perf_counter() - between))
            distort.append(1000 * (between - started))
    return {"step_ms": float(np.median(step)), "distortion_ms": float(np.median(distort))}


def measure(threads):
    """Everything that is measured with so many threads, in this process."""
    import jax
    import sklearn
    import torch

    torch.set_num_threads(threads)
    mnist = nnlib.load_mnist()
    X, y = mnist.X_train, mnist.y_train
    contestants = {
        "matrix products": matrix_products,
        "nnlib": ours,
        "by hand": by_hand,
        "original": original,
        "PyTorch": pytorch,
        "torch.compile": torch_compile,
        "JAX, step": jax_step,
        "JAX, epoch": jax_epoch,
        "scikit-learn": scikit_learn,
    }
    result = {f"784-100-10, {threads}": summary(compare(contestants, X, y, SMALL, threads))}
    few = {name: contestants[name] for name in ("matrix products", "nnlib", "PyTorch")}
    result[f"784-1000-500-10, {threads}"] = summary(compare(few, X[:30_000], y[:30_000], LARGE, threads))
    if threads == 1:
        result["augmentation"] = augmentation(X, y)
        result["versions"] = {
            "torch": torch.__version__,
            "scikit-learn": sklearn.__version__,
            "jax": jax.__version__,
        }
    return result


def measured_alone(threads):
    """What `measure` finds in a process of its own: JAX and PyTorch take their threads, and compile, only once."""
    with tempfile.TemporaryDirectory() as folder:  # compiled code of an earlier run would make the first epoch short
        environment = os.environ | {"TORCHINDUCTOR_CACHE_DIR": folder}
        if threads == 1:
            environment["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
        command = [sys.executable, "-m", "workshop.benchmarks.speed", "--threads", str(threads)]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main():
    """Time all contestants in turns, print the table and store it."""
    parser = argparse.ArgumentParser(prog="python -m workshop.benchmarks.speed", description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, help="measure in this process, and print the result as JSON")
    threads = parser.parse_args().threads
    try:
        import jax  # noqa: F401 — a missing library is told before anything is measured
        import sklearn  # noqa: F401
        import torch  # noqa: F401
    except ImportError as error:
        sys.exit(
            f"{error}. This benchmark compares with PyTorch, JAX and scikit-learn: "
            "workshop/benchmarks/README.md says how to get them."
        )
    if threads:
        print(json.dumps(measure(threads)))
        return
    result = {"turns": TURNS, **measured_alone(1), **measured_alone(2)}
    for name, rows in result.items():
        print(name, "" if isinstance(rows, dict) else rows)
        for row, figures in rows.items() if isinstance(rows, dict) else ():
            if isinstance(figures, dict):
                figures = {what: figure and round(figure, 3) for what, figure in figures.items()}
            print(f"    {row:16}", figures)
    store("speed", result)


if __name__ == "__main__":
    main()
