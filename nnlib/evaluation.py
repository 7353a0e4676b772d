"""Evaluation: how good is a network, how sure are we of that, and where does it fail? Lesson 5."""

import numpy as np

from nnlib._support.arguments import check_images, check_labels, check_number, check_outputs, check_weights
from nnlib.losses import cross_entropy


def accuracy(net, X, y):
    """The share of images whose label the network gets right, for X (n, 784) and y (n,). Lesson 5."""
    check_weights(net)
    predicted = net.predict(X)
    return float(np.mean(predicted == check_labels(y, len(predicted), net.sizes[-1])))


def mean_over_shifts(net, X):
    """The mean output for X (n, 784) and its eight shifts by one pixel, shape (n, sizes[-1]). Lesson 7.

    A digit stays what it is when it moves by a pixel. Where the nine answers differ, their mean is right more often
    (averaged over ten crops of a photo: Krizhevsky, Sutskever and Hinton, 2012).
    """
    check_weights(net)
    X = check_images(X, 784)
    padded = np.pad(X.reshape(-1, 28, 28), ((0, 0), (1, 1), (1, 1)))  # a frame of paper
    shifted = [padded[:, r : r + 28, c : c + 28].reshape(-1, 784) for r in range(3) for c in range(3)]
    return sum(net.forward(X) for X in shifted) / len(shifted)


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
    check_number(n, "n", low=1, integer=True)
    check_number(correct, "correct", low=0)
    if correct % 1 or correct > n:
        raise ValueError(f"correct must be a whole number from 0 to n = {n}; got {correct!r}.")
    check_number(z, "z", low=0)
    p = correct / n
    centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return float(centre - half), float(centre + half)


def confusion_matrix(y, predicted, classes=10):
    """Entry (i, j) counts the images of digit i that were read as j; shape (classes, classes). Lesson 5."""
    check_number(classes, "classes", low=1, integer=True)
    y = check_labels(y, None, classes)
    predicted = check_labels(predicted, len(y), classes, "predicted")
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
    a = check_outputs(a)
    y = check_labels(y, len(a), a.shape[1])
    check_number(count, "count", low=0, integer=True)
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
    a = check_outputs(a, probabilities=True)
    y = check_labels(y, len(a), a.shape[1])
    check_number(bins, "bins", low=1, integer=True)
    confidence, right = a.max(axis=1).astype(float), a.argmax(axis=1) == y
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    count = np.bincount(which, minlength=bins)
    with np.errstate(invalid="ignore"):
        return (
            np.bincount(which, confidence, bins) / count,
            np.bincount(which, right, bins) / count,
            count,
        )


def calibration_error(a, y, bins=10):
    """Expected calibration error: |confidence − accuracy|, averaged over all answers. Lesson 5."""
    confidence, right, count = calibration_curve(a, y, bins)
    filled = count > 0
    return float(np.sum(count[filled] * np.abs(confidence - right)[filled]) / count.sum())


def calibrate(net, X, y):
    """A network whose outputs are probabilities that mean something: z of the last layer is divided by one number T.

    T > 1 makes the answers less sure, T < 1 surer; which digit is read does not change. T is the one of 81 between
    ½ and 2 with the lowest loss on X and y (Guo and others, 2017). Lesson 8.

    Parameters
    ----------
    net : Network
        With a softmax output; it is left alone.
    X, y : arrays, shapes (n, 784) and (n,)
        Images that trained nothing.

    Returns
    -------
    net : Network
        A copy, its last W and b divided by T.
    T : float
    """
    check_weights(net)
    if net.output != "softmax":
        raise ValueError(f"net must have a softmax output to be calibrated, got {net.output!r}.")
    X = check_images(X, net.sizes[0])
    y = check_labels(y, len(X), net.sizes[-1])
    last = net.n_layers
    z, Y = net.propagate(X)[f"z{last}"], net.one_hot(y)
    temperatures = np.geomspace(0.5, 2, 81)
    T = float(temperatures[np.argmin([cross_entropy(z / np.float32(T), Y) for T in temperatures])])
    net = net.copy()
    net.params[f"W{last}"] /= np.float32(T)
    net.params[f"b{last}"] /= np.float32(T)
    return net, T


def threshold_for(net, X, share):
    """The output below which an answer is "not sure", so that a ``share`` of real digits is turned away. Lesson 8.

    Parameters
    ----------
    net : Network
    X : array, shape (n, 784)
        Digits that trained nothing.
    share : float in [0, 1]
    """
    check_weights(net)
    check_number(share, "share", low=0)
    if share > 1:
        raise ValueError(f"share must be in 0 to 1, got {share!r}.")
    return float(np.quantile(net.forward(X).max(axis=1), share))
