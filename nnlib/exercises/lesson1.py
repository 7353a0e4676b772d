"""The exercises of lesson 1: a layer, the loss, and the loss of a network that ignores the picture."""

import numpy as np

from nnlib.activations import sigmoid
from nnlib.exercises import Exercise


def layer(X, W, b):
    return sigmoid(X @ W + b)


def layer_inputs(rng):
    n, m, k = rng.choice(np.arange(2, 9), 3, replace=False)
    return rng.random((n, m)), rng.normal(size=(m, k)), rng.normal(size=k)


def loss_from_labels(a, y):
    return 0.5 * np.sum((a - np.eye(a.shape[1])[y]) ** 2) / len(y)


def labels_inputs(rng):
    n, k = rng.integers(4, 9), rng.integers(3, 12)
    return rng.random((n, k)), rng.integers(0, k, n)


def constant_loss(c, k):
    return 0.5 * ((1 - c) ** 2 + (k - 1) * c**2)


EXERCISES = {
    1: Exercise(
        reference=layer,
        inputs=layer_inputs,
        mistakes=(
            (lambda X, W, b: X @ W + b, "that is z. The sigmoid of it is missing."),
            (lambda X, W, b: sigmoid(X @ W), "the bias is missing."),
            (lambda X, W, b: sigmoid(X @ W) + b, "the bias belongs inside the sigmoid: σ(XW + b)."),
            (lambda X, W, b: sigmoid(X @ W - b), "the bias is added, not subtracted."),
        ),
    ),
    2: Exercise(
        reference=loss_from_labels,
        inputs=labels_inputs,
        mistakes=(
            (
                lambda a, y: 0.5 * np.mean((a - np.eye(a.shape[1])[y]) ** 2),
                "that is divided by n · k, the number of entries. Divide by n, the number of pictures.",
            ),
            (
                lambda a, y: np.mean((a - np.eye(a.shape[1])[y]) ** 2),
                "the factor ½ is missing, and that is divided by n · k. Divide by n, the number of pictures.",
            ),
            (lambda a, y: 2 * loss_from_labels(a, y), "the factor ½ is missing."),
            (lambda a, y: loss_from_labels(a, y) * len(y), "that is the sum over the pictures. Divide by n for the mean."),
            (lambda a, y: 2 * loss_from_labels(a, y) * len(y), "the factor ½ is missing, and so is the division by n."),
            (
                lambda a, y: 0.5 * np.sum((a - np.eye(a.shape[1])[y]) ** 2, axis=1),
                "that is one loss for each picture. Take their mean.",
            ),
        ),
    ),
    3: Exercise(
        reference=constant_loss,
        inputs=lambda rng: (float(rng.uniform(0.05, 0.95)), int(rng.integers(3, 30))),
        mistakes=(
            (lambda c, k: 2 * constant_loss(c, k), "the factor ½ is missing."),
            (lambda c, k: 0.5 * k * c**2, "one of the k outputs should be 1: it is wrong by 1 − c, not by c."),
            (lambda c, k: 0.5 * ((1 - c) ** 2 + k * c**2), "k − 1 outputs should be 0, and one should be 1. That is one too many."),
            (lambda c, k: 0.5 * ((1 - c) ** 2 + c**2), "k − 1 outputs should be 0; each of them counts."),
            (lambda c, k: constant_loss(c, k) / k, "the loss is the sum over the k outputs, not their mean."),
        ),
    ),
}  # fmt: skip
