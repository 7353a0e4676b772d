"""What does not fit is told at the door, in the words of `train`: no thing to play with shows a picture of nonsense."""

import re

import numpy as np
import pytest

import nnlib
from nnlib import play

X = np.full((4, 784), 0.5, np.float32)
y = np.array([1, 2, 3, 4])
NET = nnlib.Network([784, 5, 10])
DIVERGED = NET.copy()
DIVERGED.params["W1"][0, 0] = np.nan

MAKERS = {
    "mistakes": lambda X, y: play.mistakes(NET, X, y),
    "forward_pass": lambda X, y: play.forward_pass(NET, X, y),
    "training": lambda X, y: play.training(X, y, np.full((4, 784), 0.5), np.arange(4)),
    "training, validation": lambda X, y: play.training(np.full((4, 784), 0.5), np.arange(4), X, y),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize(
    "images, error, says",
    [
        (X[0], ValueError, "got (784,). For a single image, pass"),
        (X.T, ValueError, "got (784, 4)"),
        (X.reshape(-1, 28, 28), ValueError, "got (4, 28, 28)"),
        (X[:0], ValueError, "got (0, 784)"),
        (X.astype(np.uint8), TypeError, "got uint8. For bytes, divide by 255"),
        (X.astype(np.int8), TypeError, "got int8"),
        (255 * X, ValueError, "by 255"),
        (X * np.nan, ValueError, "NaN or infinity in 4 of 4 rows"),
        (["an image"] * 4, ValueError, "got (4,)"),
        (None, ValueError, "got ()"),
    ],
    ids=str,
)
def test_images_that_do_not_fit_are_named(make, images, error, says):
    with pytest.raises(error, match=f"^X(_val)? must .*{re.escape(says)}"):
        make(images, y)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize(
    "labels, error, says",
    [
        (y[:3], ValueError, "got (3,)"),
        (y[:, None], ValueError, "got (4, 1). Pass y"),
        (np.eye(10)[y], ValueError, "looks one-hot"),
        (y - 2, ValueError, "got -1 at y"),
        (y + 6, ValueError, "got 10 at y"),
        (y.astype(str), TypeError, "got text"),
        (y / 1, TypeError, "got float64"),
        (None, ValueError, "got ()"),
    ],
    ids=str,
)
def test_labels_that_do_not_fit_are_named(make, labels, error, says):
    with pytest.raises(error, match=f"^y(_val)? must .*{re.escape(says)}"):
        make(X, labels)


@pytest.mark.parametrize("make", [play.mistakes, play.forward_pass])
@pytest.mark.parametrize(
    "net, error, says",
    [
        (None, TypeError, "net must be an nnlib.Network, got None"),
        (nnlib.Network, TypeError, "net must be an nnlib.Network, got the class Network"),
        (lambda image: image, TypeError, "net must be an nnlib.Network"),
        (DIVERGED, ValueError, "net must have finite weights"),
        (nnlib.Network([3, 4, 10]), ValueError, "net must have 784 inputs"),
    ],
    ids=["None", "class", "function", "NaN", "inputs"],
)
def test_what_is_no_network_of_digits_is_named(make, net, error, says):
    with pytest.raises(error, match=re.escape(says)):
        make(net, X, y)


@pytest.mark.parametrize("hidden", [0, -3, 2.5, "30", None, True])
def test_a_number_of_hidden_units_that_is_none_is_named(hidden):
    with pytest.raises(ValueError, match="hidden must be a whole number at least 1; got "):
        play.training(X, y, X, y, hidden=hidden)
