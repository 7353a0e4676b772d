"""The network: what goes forward, what comes back, what is refused, and what a file keeps."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnlib
from nnlib.activations import ACTIVATIONS

RNG = np.random.default_rng(0)
X = RNG.random((6, 784), dtype=np.float32)
y = np.array([3, 1, 4, 1, 5, 9])


@pytest.fixture
def net():
    return nnlib.Network([784, 8, 10], seed=1)


def test_forward_is_the_formula_of_lesson_1(net):
    p = net.params
    a1 = 1 / (1 + np.exp(-(X @ p["W1"] + p["b1"])))
    a2 = 1 / (1 + np.exp(-(a1 @ p["W2"] + p["b2"])))
    assert np.allclose(net.forward(X), a2, atol=1e-6)
    assert net.predict(X).tolist() == a2.argmax(axis=1).tolist()
    Y = np.eye(10)[y]
    assert net.loss(X, y) == pytest.approx(np.mean(0.5 * np.sum((a2 - Y) ** 2, axis=1)), rel=1e-5)


def test_many_images_give_what_each_gives_alone(net):
    many = RNG.random((4500, 784), dtype=np.float32)
    together = net.forward(many)
    assert together.shape == (4500, 10)
    assert np.allclose(together[[0, 1999, 2000, 4499]], net.forward(many[[0, 1999, 2000, 4499]]), atol=1e-6)
    labels = RNG.integers(0, 10, 4500)
    parts = [net.loss(many[i : i + 1500], labels[i : i + 1500]) for i in (0, 1500, 3000)]
    assert net.loss(many, labels) == pytest.approx(np.mean(parts), rel=1e-5)


def test_weights_and_outputs_are_float32(net):
    assert all(p.dtype == np.float32 for p in net.params.values())
    assert net.forward(X).dtype == np.float32
    _, grads, _ = net.loss_and_gradients(X, y)
    assert all(g.dtype == np.float32 for g in grads.values())


def test_an_untrained_network_has_the_loss_that_lesson_1_and_6_predict():
    assert nnlib.Network([784, 100, 10], init_std=0.001).loss(X, y) == pytest.approx(1.25, abs=0.01)
    assert nnlib.Network([784, 100, 10], output="softmax", init_std=0.001).loss(X, y) == pytest.approx(
        np.log(10), abs=0.01
    )


def test_the_logistic_loss_is_minus_the_logarithms_of_both_targets_and_stays_finite():
    net = nnlib.Network([784, 10], output="logistic", seed=1).copy(np.float64)
    a, Y = net.forward(X), net.one_hot(y)
    assert net.loss(X, y) == pytest.approx(-np.sum(Y * np.log(a) + (1 - Y) * np.log(1 - a)) / len(X))
    net.params["b1"] += 1000.0  # σ(1000) is 1, and the logarithm of 1 − 1 would be −∞
    assert 8000 < net.loss(X, y) < 10_000


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("output", ["sigmoid", "logistic", "softmax"])
@pytest.mark.parametrize("l2, dropout", itertools.product((0, 0.01), (0, 0.3)))
@pytest.mark.parametrize("sizes", [[784, 10], [784, 9, 10], [784, 7, 6, 5, 10]], ids=str)
def test_the_gradient_is_right(activation, output, l2, dropout, sizes):
    net = nnlib.Network(sizes, activation, output, l2=l2, dropout=dropout, seed=2)
    report = nnlib.check_gradients(net, X[:4], y[:4], sample=150, tolerance=1e-7)
    assert set(report.parameters) == set(net.params)
    assert all(check.backprop != 0 for check in report.parameters.values()), "a gradient of 0 would pass any check"


def test_the_same_seed_gives_the_same_weights_and_another_seed_others():
    one, same, other = (nnlib.Network([784, 5, 10], seed=s).params for s in (4, 4, 5))
    assert all(np.array_equal(one[name], same[name]) for name in one)
    assert not np.array_equal(one["W1"], other["W1"])


@given(st.floats(-1e30, 1e30, allow_nan=False))
def test_activations_never_overflow(z):
    z = np.array([[z, 0.0, -z]], dtype=np.float32)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert 0 <= nnlib.sigmoid(z).min() and nnlib.sigmoid(z).max() <= 1
        assert np.isclose(nnlib.softmax(z).sum(), 1)
        assert np.isfinite(nnlib.cross_entropy(z, np.eye(3, dtype=np.float32)[:1]))


def test_softmax_does_not_change_when_all_z_grow_alike():
    z = RNG.normal(size=(4, 10))
    assert np.allclose(nnlib.softmax(z), nnlib.softmax(z + 1000))


# What is refused


@pytest.mark.parametrize(
    "bad, error, parts",
    [
        (X[:, :700], ValueError, ["X", "(6, 700)", "784"]),
        (X[0], ValueError, ["X", "(784,)", "X[None, :]"]),
        (X[:0], ValueError, ["X", "no images", "(0, 784)"]),
        (X.reshape(6, 28, 28), ValueError, ["X", "(6, 28, 28)", "784"]),
        (X * 255, ValueError, ["X", "0 to 1", "255"]),
        ((X * 255).astype(np.uint8), TypeError, ["X", "uint8", "255"]),
        (np.where(X > 0.9, np.nan, X), ValueError, ["X", "NaN"]),
        (np.where(X > 0.9, np.inf, X), ValueError, ["X", "infinity"]),
    ],
    ids=["width", "one row", "empty", "three axes", "0 to 255", "bytes", "NaN", "infinity"],
)
def test_wrong_images_are_refused_by_name_with_what_came_and_what_fits(net, bad, error, parts):
    labels = np.zeros(len(bad), int)
    for call in (
        net.forward,
        net.predict,
        lambda X: net.loss(X, labels),
        lambda X: nnlib.check_gradients(net, X, labels),
        lambda X: nnlib.train(net, X, labels, epochs=1, batch_size=2, optimizer=nnlib.SGD(0.1), progress=False),
    ):
        with pytest.raises(error) as raised:
            call(bad)
        assert all(part in str(raised.value) for part in parts), str(raised.value)


@pytest.mark.parametrize(
    "bad, error, parts",
    [
        (np.array([0, 1, 2, 3, 4, 10]), ValueError, ["y", "0 to 9", "10"]),
        (np.array([0, 1, 2, 3, 4, -1]), ValueError, ["y", "0 to 9", "-1"]),
        (y[:5], ValueError, ["y", "(5,)", "(6,)"]),
        (np.eye(10)[y], ValueError, ["y", "(6, 10)", "one-hot"]),
        (y.astype(float), TypeError, ["y", "integers", "float64"]),
    ],
    ids=["too large", "negative", "too few", "one-hot", "floats"],
)
def test_wrong_labels_are_refused(net, bad, error, parts):
    for call in (
        net.loss,
        lambda X, y: nnlib.check_gradients(net, X, y),
        lambda X, y: nnlib.train(net, X, y, epochs=1, batch_size=2, optimizer=nnlib.SGD(0.1), progress=False),
    ):
        with pytest.raises(error) as raised:
            call(X, bad)
        assert all(part in str(raised.value) for part in parts), str(raised.value)


@pytest.mark.parametrize(
    "arguments",
    [
        {"sizes": [784]},
        {"sizes": [784, 0, 10]},
        {"sizes": [784, 2.5, 10]},
        {"activation": "swish"},
        {"output": "tanh"},
        {"output": "softmax", "loss": "squared_error"},
        {"dropout": 1.0},
        {"dropout": -0.1},
        {"l2": -1},
        {"seed": -1},
    ],
    ids=str,
)
def test_a_network_that_cannot_be_is_refused_with_the_arguments_name(arguments):
    with pytest.raises(ValueError, match=list(arguments)[-1]):
        nnlib.Network(**{"sizes": [784, 100, 10], **arguments})


# Files


def test_a_saved_network_comes_back_the_same(tmp_path):
    net = nnlib.Network([784, 12, 10], "relu", "softmax", l2=0.5, dropout=0.25, seed=7)
    loaded = nnlib.Network.load(net.save(tmp_path / "net.npz"))
    assert np.array_equal(loaded.forward(X), net.forward(X))
    for name in ("sizes", "activation", "output", "loss_name", "l2", "dropout", "seed"):
        assert getattr(loaded, name) == getattr(net, name)


def test_weights_stored_as_float16_come_back_as_float32(tmp_path, net):
    loaded = nnlib.Network.load(net.copy(np.float16).save(tmp_path / "half.npz"))
    for name, p in loaded.params.items():
        assert p.dtype == np.float32 and np.array_equal(p, net.params[name].astype(np.float16))


def test_the_file_holds_no_pickle(tmp_path, net):
    with np.load(net.save(tmp_path / "net.npz"), allow_pickle=False) as file:
        assert all(file[name].dtype != object for name in file.files)


def test_a_file_that_needs_pickle_is_refused(tmp_path):
    np.savez(tmp_path / "evil.npz", sizes=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError, match="pickle"):
        nnlib.Network.load(tmp_path / "evil.npz")


@pytest.mark.parametrize("content", [b"", b"not a zip file", None], ids=["empty", "text", "cut short"])
def test_a_damaged_file_is_refused_by_name(tmp_path, net, content):
    path = net.save(tmp_path / "net.npz")
    path.write_bytes(path.read_bytes()[:2000] if content is None else content)
    with pytest.raises(ValueError, match="net.npz is damaged"):
        nnlib.Network.load(path)


def test_a_failed_save_leaves_the_old_file_and_nothing_else(tmp_path, net, monkeypatch):
    path = net.save(tmp_path / "net.npz")
    before = path.read_bytes()

    def no_space(file, **arrays):
        file.write(b"half")
        raise OSError("no space left")

    monkeypatch.setattr(np, "savez", no_space)
    with pytest.raises(OSError):
        net.save(path)
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.integers(1, 12), min_size=2, max_size=5),
    st.sampled_from(sorted(ACTIVATIONS)),
    st.sampled_from(["sigmoid", "logistic", "softmax"]),
)
def test_any_sizes_go_forward_and_backward_with_matching_shapes(sizes, activation, output):
    net = nnlib.Network(sizes, activation, output)
    images = np.random.default_rng(1).random((3, sizes[0]), dtype=np.float32)
    _, grads, a = net.loss_and_gradients(images, np.zeros(3, int))
    assert a.shape == (3, sizes[-1])
    assert {name: g.shape for name, g in grads.items()} == {name: p.shape for name, p in net.params.items()}
