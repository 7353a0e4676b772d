"""Evaluation: how good is a network, how sure are we of that, and where does it fail? Lesson 5."""

import numpy as np


def accuracy(net, X, y):
    """The share of images whose label the network gets right, for X (n, 784) and y (n,). Lesson 5."""
    return float(np.mean(net.predict(X) == y))


def accuracy_interval(correct, n, z=1.96):
    """Between which bounds the true accuracy lies, after ``correct`` of ``n``: Wilson's interval. Lesson 5.

    Parameters
    ----------
    correct, n : int
        Right answers, and answers.
    z : float
        Standard deviations to either side; 1.96 gives 95 %.

    Returns
    -------
    low, high : float
    """
    if not 0 <= correct <= n or n == 0:
        raise ValueError(f"correct must be from 0 to n, and n at least 1. correct={correct}, n={n} came.")
    p = correct / n
    centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return float(centre - half), float(centre + half)


def confusion_matrix(y, predicted, classes=10):
    """Entry (i, j) counts the images of digit i that were read as j; shape (classes, classes). Lesson 5."""
    matrix = np.zeros((classes, classes), int)
    np.add.at(matrix, (y, predicted), 1)
    return matrix


def surest_mistakes(a, y, count=10):
    """The indices of the wrong answers with the largest output, surest first. Lesson 5.

    Parameters
    ----------
    a : array, shape (n, classes)
        Outputs.
    y : int array, shape (n,)
    """
    wrong = np.flatnonzero(a.argmax(axis=1) != y)
    return wrong[np.argsort(-a[wrong].max(axis=1), kind="stable")][:count]


def calibration_curve(a, y, bins=10):
    """In each bin of confidence: how sure the network was, and how often it was right. Lesson 5.

    Parameters
    ----------
    a : array, shape (n, classes)
        Outputs. The confidence is the largest of a row.
    y : int array, shape (n,)

    Returns
    -------
    confidence, accuracy : arrays, shape (bins,)
        Means of each bin; NaN in an empty one.
    count : int array, shape (bins,)
    """
    confidence, right = a.max(axis=1).astype(float), a.argmax(axis=1) == y
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    count = np.bincount(which, minlength=bins)
    with np.errstate(invalid="ignore"):
        return (
            np.bincount(which, confidence, bins) / count,
            np.bincount(which, right, bins) / count,
            count,
        )  # fmt: skip


def calibration_error(a, y, bins=10):
    """Expected calibration error: |confidence − accuracy|, averaged over all answers. Lesson 5."""
    confidence, right, count = calibration_curve(a, y, bins)
    filled = count > 0
    return float(np.sum(count[filled] * np.abs(confidence - right)[filled]) / count.sum())
