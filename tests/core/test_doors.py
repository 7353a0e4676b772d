"""Every door of `nnlib`: a wrong argument gets an error that names it and what it got, or the right answer."""

import copy
import re
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import nnlib
from tests import tries

RNG = np.random.default_rng(0)
N = 12
X = RNG.random((N, 784), dtype=np.float32)
y = np.arange(N) % 10
NET = nnlib.Network([784, 5, 10], "relu", "softmax")
a = NET.forward(X)
PICTURE = np.zeros((40, 30))
PICTURE[5:30, 12:16] = 1.0
STROKE = [[(0, 0), (1, 5), (0, 9)]]
theta = np.array([1.0, 2.0])


def trained(net, X, y, **options):
    net = copy.deepcopy(net)
    nnlib.train(net, X, y, progress=False, **options)
    return net.params["W2"]


def stepped(optimizer):
    """One step, so that an optimiser's numbers are used."""
    params = {"theta": np.array([1.0, 2.0])}
    optimizer.start(params)
    optimizer.step(params, {"theta": np.array([0.5, -4.0])})
    return params["theta"]


# What each function is called with when all is well. The bare flags (shuffle, progress, preprocess) are left out.
DOORS = {
    "SGD": (lambda lr: stepped(nnlib.SGD(lr)), {"lr": 0.1}),
    "Momentum": (lambda lr, momentum: stepped(nnlib.Momentum(lr, momentum)), {"lr": 0.1, "momentum": 0.9}),
    "Adam": (lambda lr, beta1, beta2, epsilon: stepped(nnlib.Adam(lr, beta1, beta2, epsilon)),
             {"lr": 0.1, "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-8}),
    "Augment": (lambda X, rng, **o: nnlib.Augment(**o)(X, copy.deepcopy(rng)),
                {"X": X, "rng": np.random.default_rng(0), "shift": 1.0, "rotation": 5.0, "scale": 0.1, "shear": 0.1,
                 "elastic": 0.5, "smoothness": 4.0}),
    "DrawingPad": (lambda net, width: nnlib.DrawingPad(net, width).digit, {"net": NET, "width": 2.0}),
    "Network": (lambda **o: nnlib.Network(**o).params["W1"],
                {"sizes": [784, 5, 10], "activation": "relu", "output": "softmax", "loss": "cross_entropy",
                 "init_std": 0.1, "l2": 0.1, "dropout": 0.1, "seed": 1}),
    "accuracy": (nnlib.accuracy, {"net": NET, "X": X, "y": y}),
    "accuracy_interval": (nnlib.accuracy_interval, {"correct": 9, "n": 10, "z": 1.96}),
    "adapt": (lambda **o: nnlib.adapt(**o).params["W2"], {"net": NET, "images": X, "labels": y}),
    "calibrate": (lambda **o: nnlib.calibrate(**o)[1], {"net": NET, "X": X, "y": y}),
    "calibration_curve": (lambda **o: nnlib.calibration_curve(**o)[2], {"a": a, "y": y, "bins": 5}),
    "calibration_error": (nnlib.calibration_error, {"a": a, "y": y, "bins": 5}),
    "check_gradients": (lambda **o: nnlib.check_gradients(**o).worst,
                        {"net": NET, "X": X, "y": y, "h": 1e-5, "sample": 3, "tolerance": 1e-3}),
    "confusion_matrix": (nnlib.confusion_matrix, {"y": y, "predicted": y, "classes": 10}),
    "cosine": (nnlib.cosine, {"progress": 0.5}),
    "cross_entropy": (nnlib.cross_entropy, {"z": a, "Y": nnlib.one_hot(y)}),
    "deslant": (nnlib.deslant, {"X": X}),
    "mean_over_shifts": (nnlib.mean_over_shifts, {"net": NET, "X": X}),
    "numerical_gradient": (lambda f, theta, h: nnlib.numerical_gradient(f, theta, h),
                           {"f": lambda: float((theta**2).sum()), "theta": theta, "h": 1e-5}),
    "one_hot": (nnlib.one_hot, {"y": y, "classes": 10}),
    "photo_to_image": (nnlib.photo_to_image, {"grey": 255 * (1 - PICTURE)}),
    "picture_to_image": (nnlib.picture_to_image, {"picture": PICTURE}),
    "relative_error": (nnlib.relative_error, {"gradient": theta, "numerical": theta + 1e-6}),
    "relu": (nnlib.relu, {"z": a}),
    "sigmoid": (nnlib.sigmoid, {"z": a}),
    "softmax": (nnlib.softmax, {"z": a}),
    "split": (lambda **o: nnlib.split(**o)[0][1], {"X": X, "y": y, "fraction": 0.25, "seed": 0}),
    "squared_error": (nnlib.squared_error, {"a": a, "Y": nnlib.one_hot(y)}),
    "strokes_to_image": (nnlib.strokes_to_image, {"strokes": STROKE, "pen": 2.4}),
    "surest_mistakes": (nnlib.surest_mistakes, {"a": a, "y": y, "count": 3}),
    "tanh": (nnlib.tanh, {"z": a}),
    "threshold_for": (nnlib.threshold_for, {"net": NET, "X": X, "share": 0.1}),
    "train": (trained, {"net": NET, "X": X, "y": y, "epochs": 1, "batch_size": 5, "optimizer": nnlib.SGD(0.1),
                        "validation": (X, y), "patience": 2, "schedule": nnlib.cosine, "augment": nnlib.Augment(),
                        "checkpoint": None, "history": None}),
}  # fmt: skip
# What takes no argument, or only holds what it is given. take_home is in tests/pad/test_take_home.py, language in
# tests/core/test_language.py.
NO_DOORS = {
    "DataError",
    "GradientError",
    "History",
    "Mnist",
    "language",
    "load_mnist",
    "load_pretrained",
    "my_network",
    "take_home",
}

IMAGES = {
    "bytes": lambda X: (255 * X).astype(np.uint8),
    "int8 that has wrapped": lambda X: (255 * X).astype(np.uint8).astype(np.int8),
    "0 to 255": lambda X: 255 * X,
    "integers": lambda X: X.round().astype(int),
    "NaN": lambda X: np.where(X > 0.9, np.nan, X),
    "infinity": lambda X: np.where(X > 0.9, np.inf, X),
    "one row": lambda X: X[0],
    "transposed": lambda X: X.T,
    "side by side": lambda X: np.dstack([x.reshape(28, 28) for x in X]),
    "no row": lambda X: X[:0],
    "too narrow": lambda X: X[:, :700],
    "text": lambda X: X.astype(str),
    "lists": lambda X: X.tolist(),
    "float64": lambda X: X.astype(float),
    "ragged": lambda X: [[0.0] * 784, [0.0] * 7],
}
LABELS = {
    "text": lambda y: y.astype(str),
    "one-hot": lambda y: np.eye(10)[y],
    "a column": lambda y: y[:, None],
    "a row": lambda y: y[None, :],
    "−1": lambda y: np.where(y == 3, -1, y),
    "ten": lambda y: y + 1,
    "too short": lambda y: y[:1],
    "none": lambda y: y[:0],
    "floats": lambda y: y.astype(float),
    "NaN": lambda y: np.where(y == 3, np.nan, y),
    "bools": lambda y: y > 4,
    "bytes": lambda y: y.astype(np.uint8),
    "lists": lambda y: y.tolist(),
}
OUTPUTS = {
    "NaN": lambda a: np.where(a > 0.1, np.nan, a),
    "labels": lambda a: a.argmax(axis=1),
    "a column": lambda a: a.argmax(axis=1)[:, None],
    "one row": lambda a: a[0],
    "text": lambda a: a.astype(str),
    "no row": lambda a: a[:0],
    "cut": lambda a: a[:, :9],
    "lists": lambda a: a.tolist(),
    "complex": lambda a: a + 1j,
}
KINDS = {
    "X": IMAGES,
    "images": IMAGES,
    "y": LABELS,
    "labels": LABELS,
    "predicted": LABELS,
    "a": OUTPUTS,
    "Y": OUTPUTS,
    "z": OUTPUTS,
}
# What may be left out, and is then None.
OPTIONAL = {
    "loss",
    "init_std",
    "sample",
    "tolerance",
    "validation",
    "patience",
    "schedule",
    "augment",
    "checkpoint",
    "history",
}
REST = np.random.default_rng(0).permutation(N)[N // 4 :]  # which images `split` does not hold back
# The right answer to arguments that are unusual, but mean something: computed in another way, from plain arrays.
RIGHT = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": lambda z: np.sinh(z) / np.cosh(z),
    "relu": lambda z: np.where(z > 0, z, 0 * z),
    "one_hot": lambda y, classes: np.array([[float(digit == k) for k in range(int(classes))] for digit in y]),
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=1)[:, None],
    "squared_error": lambda a, Y: (0.5 * (a - Y) ** 2).sum() / len(Y) if a.shape == Y.shape and a.ndim == 2 else None,
    "cross_entropy": lambda z, Y: (
        -(np.log(RIGHT["softmax"](z)) * Y).sum() / len(Y) if z.shape == Y.shape and z.ndim == 2 else None
    ),
}


def test_every_public_name_has_its_door_here():
    assert set(DOORS) | NO_DOORS == set(nnlib.__all__)


def result_of(door, arguments):
    with np.errstate(all="ignore"):
        return np.asarray(DOORS[door][0](**arguments), dtype=float)


def is_right(door, arguments, result, expected):
    """Whether a result is what the same numbers in their usual form give, or what RIGHT computes."""
    if door in RIGHT:
        with np.errstate(all="ignore"):
            expected = RIGHT[door](**{name: np.asarray(value, dtype=float) for name, value in arguments.items()})
    elif door == "split":
        expected = np.asarray(arguments["y"])[REST].astype(float)
    return (
        expected is not None
        and np.shape(expected) == result.shape
        and np.allclose(result, expected, atol=1e-5, equal_nan=True)
    )


PARTNERS = {  # Of two lengths that differ, either may be the wrong one.
    "X": "y",
    "y": "X|predicted",
    "images": "labels",
    "labels": "images",
    "a": "y|Y",
    "z": "Y",
    "Y": "a|z",
    "predicted": "y",
    "n": "correct",
    "classes": "y",
}


def names(error, argument):
    either = f"{argument}|{PARTNERS[argument]}" if argument in PARTNERS else argument
    return re.search(rf"\b({either})\b", str(error)) and "got" in str(error)


@cache
def expected_of(door):
    return result_of(door, DOORS[door][1])


KINDS_OF_ARGUMENTS = [
    pytest.param(door, name, kind, id=f"{door}, {name}: {kind}")
    for door, (_, arguments) in DOORS.items()
    for name in arguments
    for kind in KINDS.get(name, ())
    if isinstance(arguments[name], np.ndarray)
]


@pytest.mark.parametrize("door, name, kind", KINDS_OF_ARGUMENTS)
def test_images_labels_and_outputs_of_another_kind_are_told_by_name_or_read_right(door, name, kind):
    arguments = {**DOORS[door][1], name: KINDS[name][kind](DOORS[door][1][name])}
    try:
        result = result_of(door, arguments)
    except (ValueError, TypeError) as error:
        assert names(error, name), f"{type(error).__name__}: {error}"
    else:
        assert is_right(door, arguments, result, expected_of(door)), result


def numbers(low, high=np.inf, whole=False):
    """Whether a value is a number from low up to, but without, high."""
    kinds = (int, np.integer) if whole else (int, float, np.integer, np.floating)
    return lambda v: isinstance(v, kinds) and not isinstance(v, bool) and np.isfinite(v) and low <= v < high


def array(fits):
    """Whether a value can be read as an array of numbers that fits."""

    def test(value):
        try:
            values = np.asarray(value)
        except ValueError:
            return False
        return values.dtype.kind in "biuf" and bool(fits(values))

    return test


def never(value):
    return False


are_strokes = array(lambda v: v.size == 0 and v.ndim > 0 or v.ndim == 3 and v.shape[2] == 2)
anything = array(lambda v: True)
FITS = {  # what is allowed, by argument: everything else must be refused by name
    **dict.fromkeys(["lr", "epsilon", "shift", "rotation", "scale", "shear", "elastic", "init_std", "l2"], numbers(0)),
    **dict.fromkeys(["momentum", "beta1", "beta2", "dropout"], numbers(0, 1)),
    **dict.fromkeys(["epochs", "batch_size", "patience", "sample", "bins"], numbers(1, whole=True)),
    **dict.fromkeys(["seed", "count"], numbers(0, whole=True)),
    "smoothness": numbers(0.5), "correct": lambda v: numbers(0, 11)(v) and v % 1 == 0, "n": numbers(9, whole=True),
    "progress": numbers(-np.inf), "fraction": numbers(0.05, 0.95), "share": lambda v: numbers(0)(v) and v <= 1,
    "pen": numbers(0.5, 20), "width": lambda v: numbers(1)(v) and v <= 5, "h": lambda v: numbers(0)(v) and v > 0,
    "tolerance": numbers(0),
    "classes": numbers(10, whole=True), "z": anything, "theta": array(lambda v: v.dtype.kind == "f"),
    "gradient": anything, "numerical": anything,
    "sizes": array(lambda v: v.dtype.kind in "iu" and v.ndim == 1 and len(v) > 1 and v.min() > 0),
    "grey": array(lambda v: v.ndim == 2), "picture": array(lambda v: v.ndim == 2),
    "strokes": lambda v: np.iterable(v) and not isinstance(v, (str, bytes, dict, set)) and are_strokes(v),
    ("DrawingPad", "net"): callable, "f": callable,
    "schedule": callable, "augment": callable,
    "checkpoint": lambda v: isinstance(v, (str, bytes)),
}  # fmt: skip
LITTLE = 200  # a whole number that a run can bear
junk = st.one_of(
    st.sampled_from([None, True, [], [[1], [2, 3]], {}, set(), object(), 1j, nnlib.SGD, nnlib.Network, np.array(None)]),
    st.integers(-3, LITTLE), st.floats(-50, LITTLE), st.sampled_from([float("nan"), float("inf"), -0.0, 1e300]),
    st.sampled_from(["", "sgd", "3", "0.5", "relu"]), st.binary(max_size=3),
    arrays(st.sampled_from([bool, int, np.uint8, np.float32, np.float64, np.complex64, "U2"]),
           array_shapes(min_dims=0, max_dims=3, max_side=4)),
)  # fmt: skip


@settings(max_examples=tries(600, 20_000), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_wrong_argument_is_refused_with_its_name_and_what_came(data):
    door = data.draw(st.sampled_from(sorted(DOORS)))
    name = data.draw(st.sampled_from(sorted(DOORS[door][1])))
    value = data.draw(junk, label=f"{door}({name}=…)")
    if (value is None and name in OPTIONAL) or FITS.get((door, name), FITS.get(name, never))(value):
        return
    arguments = {**DOORS[door][1], name: value}
    try:
        result = result_of(door, arguments)
    except (ValueError, TypeError) as error:
        assert names(error, name), f"{type(error).__name__}: {error}"
    else:
        with np.errstate(all="ignore"):
            assert is_right(door, arguments, result, expected_of(door)), f"{door}({name}={value!r}) gave {result!r}"
