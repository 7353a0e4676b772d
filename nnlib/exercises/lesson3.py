"""The exercises of lesson 3: relative error, the slope in a direction, and a way back to repair."""

import itertools

import numpy as np

from nnlib.activations import sigmoid
from nnlib.exercises import Exercise

# 3.1

_BY_ENTRY = "this divides entry by entry. Find the largest |entry| of both arrays first, and divide by that one number."


def worst_relative_error(gradient, numerical):
    largest = max(np.abs(gradient).max(), np.abs(numerical).max())
    return np.abs(gradient - numerical).max() / largest


def _entry_by_entry(gradient, numerical):
    return np.max(np.abs(gradient - numerical) / np.maximum(np.abs(gradient), np.abs(numerical)))


def _entry_by_entry_of_sum(gradient, numerical):
    return np.max(np.abs(gradient - numerical) / (np.abs(gradient) + np.abs(numerical)))


def _with_sign(gradient, numerical):
    return np.max(gradient - numerical) / max(np.abs(gradient).max(), np.abs(numerical).max())


def _not_relative(gradient, numerical):
    return np.abs(gradient - numerical).max()


def _largest_with_sign(gradient, numerical):
    return np.abs(gradient - numerical).max() / max(gradient.max(), numerical.max())


def _of_gradient_only(gradient, numerical):
    return np.abs(gradient - numerical).max() / np.abs(gradient).max()


def _gradient_pair(rng):
    numerical = rng.normal(size=(4, 3)) - 0.5
    numerical.flat[rng.integers(12)] = -4.0
    gradient = numerical + 0.01 * rng.normal(size=(4, 3))
    gradient.flat[rng.integers(12)] -= 0.5
    return gradient, numerical


# 3.2


def slope_along(f, theta, direction, h):
    return (f(theta + h * direction) - f(theta - h * direction)) / (2 * h)


def _forward(f, theta, direction, h):
    return (f(theta + h * direction) - f(theta)) / h


def _without_two(f, theta, direction, h):
    return (f(theta + h * direction) - f(theta - h * direction)) / h


def _backwards(f, theta, direction, h):
    return (f(theta - h * direction) - f(theta + h * direction)) / (2 * h)


def _every_entry(f, theta, direction, h):
    return (f(theta + h) - f(theta - h)) / (2 * h)


def _bowl(theta):
    return float(np.sum(np.exp(0.5 * theta) + theta**3))


# 3.3


def gradients(X, Y, W1, b1, W2, b2, bugs=()):
    a1 = sigmoid(z1 := X @ W1 + b1)
    a2 = sigmoid(a1 @ W2 + b2)
    dz2 = (a2 - Y) * a2 * (1 - a2) / len(X)
    db2 = dz2.mean(axis=0) if "mean" in bugs else dz2.sum(axis=0)
    da1 = dz2 @ (W2 if "transpose" in bugs else W2.T)
    dz1 = da1 * (z1 * (1 - z1) if "derivative" in bugs else a1 * (1 - a1))
    return X.T @ dz1, dz1.sum(axis=0), a1.T @ dz2, db2


def _with_bugs(*bugs):
    left = {1: "One of the three bugs is", 2: "Two of the three bugs are", 3: "All three bugs are"}[len(bugs)]
    return (lambda *inputs: gradients(*inputs, bugs=bugs)), f"{left} still there."


_BUGS = [bugs for count in (1, 2, 3) for bugs in itertools.combinations(("mean", "transpose", "derivative"), count)]


def _small_network(rng):
    Y = np.eye(4)[rng.integers(4, size=6)]
    return rng.random((6, 8)), Y, rng.normal(size=(8, 4)), rng.normal(size=4), rng.normal(size=(4, 4)), rng.normal(size=4)


EXERCISES = {
    1: Exercise(
        reference=worst_relative_error,
        inputs=_gradient_pair,
        mistakes=(
            (_entry_by_entry, _BY_ENTRY),
            (_entry_by_entry_of_sum, _BY_ENTRY),
            (_with_sign, "a difference below 0 is an error, too: take np.abs of the difference before the maximum."),
            (_not_relative, "this is the worst difference; divide it by the largest |entry| of both arrays."),
            (_largest_with_sign, "the largest entry may be below 0: take np.abs before the maximum."),
            (_of_gradient_only, "the largest |entry| of both arrays is wanted; this looks at gradient only."),
        ),
    ),
    2: Exercise(
        reference=slope_along,
        inputs=lambda rng: (_bowl, rng.normal(size=(3, 2)), rng.normal(size=(3, 2)), 0.1),
        mistakes=(
            (_forward, "this is the forward difference. Take f on both sides of theta, and divide by 2 h."),
            (_without_two, "every number is twice the right one: from theta − h · direction to theta + h · direction it is 2 h."),
            (_backwards, "the sign is wrong: it is f ahead minus f behind."),
            (_every_entry, "this moves every entry by h. Move theta by h · direction."),
        ),
    ),
    3: Exercise(reference=gradients, inputs=_small_network, mistakes=tuple(_with_bugs(*bugs) for bugs in _BUGS)),
}
