"""The exercises of lesson 9: strokes, answers, “not sure”, and a classifier without a network."""

import numpy as np

from nnlib.activations import softmax
from nnlib.check.exercises import Exercise, Project
from nnlib.check.exercises.measure import measure_classifier


def to_pixels(stroke, side):
    return stroke * side - 0.5


def length(stroke):
    return np.hypot(*np.diff(stroke, axis=0).T).sum()


def margin(a):
    ordered = np.sort(a, axis=1)
    return ordered[:, -1] - ordered[:, -2]


def answers(a, threshold):
    return np.where(a.max(axis=1) >= threshold, a.argmax(axis=1), -1)


def _outputs_and_threshold(rng):
    """Sure and unsure rows, and one that reaches the threshold exactly."""
    a = softmax(rng.normal(0, 2, (9, 10)))
    return rng.permutation(a), float(np.sort(a.max(axis=1))[rng.integers(3, 6)])


EXERCISES = {
    1: Exercise(
        title="From the pad to pixels of another size",
        hints=(
            "How many pixels wide is the whole picture, from the left edge of the first to the right edge of the last?",
            "Multiply by that width. Then ask where the share 0 must go.",
        ),
        reference=to_pixels,
        inputs=lambda rng: (rng.random((6, 2)), int(rng.integers(20, 200))),
        mistakes=(
            (
                lambda stroke, side: stroke * side,
                "the share 0 is the left edge of pixel 0, half a pixel before its centre.",
            ),
            (
                lambda stroke, side: stroke * (side - 1),
                "from the first edge to the last it is side pixels, not side − 1.",
            ),
            (
                lambda stroke, side: stroke * (side - 1) - 0.5,
                "the share 0 is right, but from edge to edge it is side pixels, not side − 1.",
            ),
            (
                lambda stroke, side: stroke * side + 0.5,
                "half a pixel is right, but to the other side: the share 0 goes to −½.",
            ),
            (lambda stroke, side: np.round(stroke * side - 0.5), "do not round: a pen may be between two pixels."),
        ),
    ),
    2: Exercise(
        title="How long is a stroke?",
        hints=(
            "`np.diff(stroke, axis=0)` has the step from each point to the next.",
            "The length of a step is the square root of the sum of its squares: Pythagoras.",
        ),
        reference=length,
        inputs=lambda rng: (rng.random((int(rng.integers(4, 9)), 2)),),
        mistakes=(
            (
                lambda stroke: np.linalg.norm(stroke[-1] - stroke[0]),
                "that is the distance from the first point to the last; add up all the steps.",
            ),
            (lambda stroke: (np.diff(stroke, axis=0) ** 2).sum(), "the square root of each step is missing."),
            (
                lambda stroke: np.abs(np.diff(stroke, axis=0)).sum(),
                "that adds up steps to the side and down; the way of the pen is the diagonal.",
            ),
            (
                lambda stroke: np.abs(np.diff(stroke)).sum(),
                "that compares x with y: np.diff goes along the last axis. From point to point it is axis=0.",
            ),
            (
                lambda stroke: np.sqrt((np.diff(stroke, axis=0) ** 2).sum(axis=0)).sum(),
                "that adds up the squares of all steps to the side, and of all steps down. Pythagoras is for each "
                "step: axis=1.",
            ),
            (lambda stroke: np.hypot(*np.diff(stroke, axis=0).T), "these are the lengths of the steps. Add them up."),
            (
                lambda stroke: np.sqrt((np.diff(stroke, axis=0) ** 2).sum()),
                "take the root of each step, and then the sum; not the other way round.",
            ),
        ),
        extreme=((lambda rng: (rng.random((1, 2)),), "a single point"),),
    ),
    3: Exercise(
        title="How much surer than of the second?",
        hints=(
            "`np.sort(a, axis=1)` sorts each row, the smallest first.",
            "The last column is then the largest, the one before it the second.",
        ),
        reference=margin,
        inputs=lambda rng: (softmax(rng.normal(0, 2, (5, 10))),),
        mistakes=(
            (
                lambda a: a.max(axis=1) - a.min(axis=1),
                "that is the distance to the smallest output; the second largest is asked for.",
            ),
            (lambda a: a.max(axis=1), "that is the largest output; how far is it above the second?"),
            (
                lambda a: -margin(a),
                "the sign is wrong: the largest minus the second, so that a margin is never below 0.",
            ),
            (
                lambda a: np.sort(a, axis=1)[:, -2],
                "that is the second largest output. How far is the largest above it?",
            ),
            (
                lambda a: np.sort(a, axis=0)[-1] - np.sort(a, axis=0)[-2],
                "that sorts the columns. An image's outputs are a row: axis=1.",
            ),
        ),
        single=lambda a: (a[:1],),
    ),
    4: Exercise(
        title="“Not sure”",
        hints=(
            "`a.max(axis=1)` is the largest output of each row, and `a.argmax(axis=1)` is where it stands.",
            "`np.where(condition, this, that)` takes from `this` where the condition holds, and from `that` elsewhere.",
        ),
        reference=answers,
        inputs=_outputs_and_threshold,
        mistakes=(
            (
                lambda a, threshold: a.argmax(axis=1),
                "no row gives −1, though some are below the threshold. Compare each row's own largest output with it.",
            ),
            (
                lambda a, threshold: np.where(a.max(axis=1) > threshold, a.argmax(axis=1), -1),
                "an output that just reaches the threshold is sure enough: compare with >=.",
            ),
            (
                lambda a, threshold: np.where(a.max(axis=1) < threshold, a.argmax(axis=1), -1),
                "the condition is the wrong way round: it is unsure where the largest output is below the threshold.",
            ),
            (
                lambda a, threshold: np.where(a.max(axis=1) >= threshold, a.argmax(axis=1), 0),
                '0 is a digit. "Not sure" must be told from it: −1.',
            ),
            (
                lambda a, threshold: (a.max(axis=1) >= threshold).astype(int),
                "that says which rows are sure. Return the digit where one is, and −1 elsewhere.",
            ),
        ),
        single=lambda a, threshold: (a[[a.max(axis=1).argmin()]], threshold),  # an unsure row: it shows more
    ),
    5: Project(
        title="A classifier of your own",
        hints=(
            "Lesson 1 made a neuron out of average digits. What would the average 0, the average 1, … be good for "
            "here?",
            "Compute the ten averages once, outside the function: `X[y == digit].mean(axis=0)`, shape (784,). Then "
            "see how "
            "far the image is from each.",
            "The smallest distance should win, and the pad takes the *largest* of ten numbers. "
            "Take minus the distances; `nnlib.softmax` makes shares of them.",
        ),
        judge=measure_classifier,
    ),
}
