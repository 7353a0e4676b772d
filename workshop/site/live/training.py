"""What training on a page needs: images, first weights and the orders of the images.

The notebook's 10,000 images would weigh 1.6 MB, even packed. A page has the first 2,500 of them, and the first 500 of
the 1,000 on which the accuracy is measured, all in 16 shades of grey, and says so.
"""

import re
from functools import cache

import numpy as np

from nnlib.network import Network
from nnlib.play.learner import RATES
from workshop.site.live.arrays import packed
from workshop.site.live.twin import held_back

IMAGES, MEASURED, HIDDEN = 2500, 500, 30
IN_NOTEBOOK = {"images": 10_000, "measured": 1_000}
SHADES = 16
ORDERS = 12  # epochs until the orders begin again
RUNS = "ghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"  # two white pixels in a row, three, …, 47


def data():
    """What ``training.js`` reads."""
    (X, y), (X_val, y_val) = images()
    params = Network([784, HIDDEN, 10]).params
    return {
        "shades": SHADES,
        "images": {"pixels": written(X), "labels": digits(y)},
        "measured": {"pixels": written(X_val), "labels": digits(y_val)},
        "in_notebook": IN_NOTEBOOK,
        "weights": {name: packed(params[name], "f4") for name in ("W1", "W2")},
        "orders": packed(orders(), "u2"),
        "rates": RATES,
    }


@cache
def images():
    """The page's (X, y) and (X_val, y_val): lesson 4's first images, in 16 shades of grey."""
    (X, y), (X_val, y_val) = held_back()
    return (grey(X[:IMAGES]), y[:IMAGES]), (grey(X_val[:MEASURED]), y_val[:MEASURED])


def grey(X):
    """The same images with 16 shades, as float32."""
    return (np.rint(X * (SHADES - 1)) / (SHADES - 1)).astype(np.float32)


def orders():
    """The order of the images in each epoch, as in `nnlib.play.learner`."""
    rng = np.random.default_rng([0, 1])
    return np.array([rng.permutation(IMAGES) for _ in range(ORDERS)])


def written(X):
    """The pixels of all images as text: a hexadecimal digit each, and a letter of `RUNS` for white ones in a row."""
    shades = np.rint(X * (SHADES - 1)).astype(int)
    text = np.frombuffer(b"0123456789abcdef", np.uint8)[shades].tobytes().decode()
    return re.sub("0+", lambda run: _short(len(run[0])), text)


def digits(y):
    """The labels as text."""
    return "".join(map(str, y))


def _short(zeros):
    longest = len(RUNS) + 1
    rest = zeros % longest
    return RUNS[-1] * (zeros // longest) + ("0" * rest if rest < 2 else RUNS[rest - 2])
