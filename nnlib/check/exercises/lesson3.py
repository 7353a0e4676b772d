"""The exercises of lesson 3: relative error, the slope in a direction, a way back to repair, and errors on paper."""

import itertools

import numpy as np

from nnlib.activations import sigmoid
from nnlib.check.exercises import Exercise

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
    return (
        rng.random((6, 8)),
        Y,
        rng.normal(size=(8, 4)),
        rng.normal(size=4),
        rng.normal(size=(4, 4)),
        rng.normal(size=4),
    )


# 3.4


def errors_of_w4(w, h):
    return 6 * w**2 * h + 4 * w * h**2 + h**3, 4 * w * h**2


EXERCISES = {
    1: Exercise(
        title="The measure",
        hints=(
            "`np.abs(a).max()` is the largest |entry| of an array, whatever its shape.",
            "There are two arrays; Python's `max(p, q)` takes the larger of two numbers.",
        ),
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
        title="All weights at once",
        hints=(
            "`theta + h * direction` makes a new array; `theta += …` would change the one that you were given.",
            "The central difference has two values of f above the line, and 2h below it.",
        ),
        reference=slope_along,
        inputs=lambda rng: (_bowl, rng.normal(size=(3, 2)), rng.normal(size=(3, 2)), 0.1),
        mistakes=(
            (_forward, "this is the forward difference. Take f on both sides of theta, and divide by 2 h."),
            (
                _without_two,
                "every number is twice the right one: from theta − h · direction to theta + h · direction it is 2 h.",
            ),
            (_backwards, "the sign is wrong: it is f ahead minus f behind."),
            (_every_entry, "this moves every entry by h. Move theta by h · direction."),
        ),
    ),
    3: Exercise(
        title="The repair shop",
        hints=(
            "Make small arrays (`rng = np.random.default_rng(0)`, `X = rng.random((6, 8))` and so on), compare the "
            "four gradients, and start with the layer nearest to the loss.",
            "dW2 is right, so dz2 is. db2 is wrong by a round factor. Then two lines lie between dz2 and dz1.",
            "The mean over the batch is in dz2 already. W2 is square, so both directions fit. "
            "σ′ = a (1 − a), not z (1 − z).",
        ),
        reference=gradients,
        inputs=_small_network,
        mistakes=tuple(_with_bugs(*bugs) for bugs in _BUGS),
        untouched=lambda *inputs: gradients(*inputs, bugs=("mean", "transpose", "derivative")),
    ),
    4: Exercise(
        title="The errors of w⁴",
        hints=(
            "$(w + h)^4 = w^4 + 4w^3h + 6w^2h^2 + 4wh^3 + h^4$, and for $w - h$ the odd powers of $h$ change "
            "their sign.",
            "Take $w^4$ away, divide by $h$, and take the slope $4w^3$ away: what is left is the forward error. In the "
            "central difference two terms of each kind cancel.",
            "At w = 2 and h = 1 the forward error is 33 and the central one 8.",
        ),
        reference=errors_of_w4,
        inputs=lambda rng: (float(rng.uniform(0.6, 3)), float(rng.uniform(0.05, 0.5))),
        mistakes=(
            (
                lambda w, h: (6 * w**2 * h, 4 * w * h**2),
                "that is the first term of the forward error only. Here all terms are asked for, and there are three.",
            ),
            (
                lambda w, h: (errors_of_w4(w, h)[0], 0.0),
                "the forward error is right. In the central one, not everything cancels: look at the term with h³.",
            ),
            (
                lambda w, h: (errors_of_w4(w, h)[0], 8 * w * h**2),
                "the forward error is right. The central difference divides by 2h: its error is half of that.",
            ),
            (
                lambda w, h: (errors_of_w4(w, h)[0], 4 * w * h),
                "the forward error is right; the central one falls like h², not like h.",
            ),
            (
                lambda w, h: errors_of_w4(w, h)[::-1],
                "both are right, in the wrong order. Return the forward error first.",
            ),
            (
                lambda w, h: tuple(-e for e in errors_of_w4(w, h)),
                "the signs are wrong: an error is the difference quotient minus the slope.",
            ),
            (
                lambda w, h: tuple(e + 4 * w**3 for e in errors_of_w4(w, h)),
                "these are the difference quotients. Take the slope 4w³ away.",
            ),
        ),
    ),
}
