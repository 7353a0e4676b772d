"""The exercises of lesson 8: strokes and answers."""

import numpy as np

from nnlib.activations import softmax
from nnlib.exercises import Exercise


def to_pixels(stroke, side):
    return stroke * side - 0.5


def length(stroke):
    return np.hypot(*np.diff(stroke, axis=0).T).sum()


def margin(a):
    ordered = np.sort(a, axis=1)
    return ordered[:, -1] - ordered[:, -2]


EXERCISES = {
    1: Exercise(
        to_pixels,
        lambda rng: (rng.random((6, 2)), int(rng.integers(20, 200))),
        (
            (lambda stroke, side: stroke * side, "the share 0 is the left edge of pixel 0, half a pixel before its centre."),
            (lambda stroke, side: stroke * (side - 1), "from the first edge to the last it is side pixels, not side − 1."),
        ),
    ),
    2: Exercise(
        length,
        lambda rng: (rng.random((int(rng.integers(1, 9)), 2)),),
        (
            (lambda stroke: np.linalg.norm(stroke[-1] - stroke[0]), "that is the distance from the first point to the last; add up all the steps."),
            (lambda stroke: (np.diff(stroke, axis=0) ** 2).sum(), "the square root of each step is missing."),
            (lambda stroke: np.abs(np.diff(stroke, axis=0)).sum(), "that adds up steps to the side and down; the way of the pen is the diagonal."),
        ),
    ),
    3: Exercise(
        margin,
        lambda rng: (softmax(rng.normal(0, 2, (5, 10))),),
        (
            (lambda a: a.max(axis=1) - a.min(axis=1), "that is the distance to the smallest output; the second largest is asked for."),
            (lambda a: a.max(axis=1), "that is the largest output; how far is it above the second?"),
        ),
    ),
}
