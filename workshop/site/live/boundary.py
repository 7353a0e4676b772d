"""What the moving boundary needs on a page: points, first weights and the orders of the points, all by NumPy's dice."""

import numpy as np

from nnlib.play.moving_boundary import DATA, EPOCH, POINTS, UP_TO_10, toy
from workshop.site.live.arrays import packed

MOST_HIDDEN = 12
ORDERS = 300  # epochs until the orders begin again


def data():
    """The points of each data set, and what was drawn for every network and every run: the seed is always 0."""
    return {
        "points": {name: points(name) for name in DATA},
        "weights": packed(np.random.default_rng(0).standard_normal(4 * MOST_HIDDEN), "f8"),
        "orders": packed(orders(), "u1"),
        "epoch": EPOCH,
        "rates": UP_TO_10,
    }


def points(name):
    """X (200, 2) and y (200,) of a data set."""
    X, y = toy(name)
    return {"X": packed(X, "f4"), "y": packed(y, "u1")}


def orders():
    """The order of the points in each epoch, shape (300, 200), as in `nnlib.play.learner`."""
    rng = np.random.default_rng([0, 1])
    return np.array([rng.permutation(POINTS) for _ in range(ORDERS)])
