"""Losses: one number that says how wrong the network is. Lessons 1, 2 and 6.

An output activation and its loss belong together, because the gradient that starts backpropagation, dz = ∂L/∂z of
the last layer, comes from both. Every loss is the mean over the n images of the batch, and so is its gradient.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nnlib._support.arguments import check_targets
from nnlib.activations import sigmoid, sigmoid_derivative, softmax


def squared_error(a, Y):
    """L = 1/n Σᵢ ½ ‖aᵢ − Yᵢ‖², with a = σ(z). a and Y are (n, k). Lesson 1."""
    Y, a = check_targets(Y, a)
    return 0.5 * np.sum((a - Y) ** 2) / len(Y)


def squared_error_dz(z, a, Y):
    """Dz = (a − Y) ⊙ σ′(z) / n, shape (n, k). Lesson 2."""
    return (a - Y) * sigmoid_derivative(z, a) / len(Y)


def cross_entropy(z, Y):
    """L = −1/n Σᵢ log aᵢ[yᵢ] = 1/n Σᵢ (log Σⱼ eᶻʲ − z[yᵢ]), with a = softmax(z). z and Y are (n, k). Lesson 6.

    Computed from z, not from a: the logarithm of a probability that has rounded to 0 would be −∞.
    """
    Y, z = check_targets(Y, z, outputs_name="z")
    z = z - z.max(axis=1, keepdims=True)  # (n, k)
    log_sum = np.log(np.exp(z).sum(axis=1))  # (n,)
    return np.sum(log_sum - np.sum(z * Y, axis=1)) / len(Y)


def cross_entropy_dz(z, a, Y):
    """Dz = (a − Y) / n, shape (n, k). Lesson 6 derives it."""
    return (a - Y) / len(Y)


def logistic_loss(z, Y):
    """L = −1/n Σᵢⱼ (Y log a + (1 − Y) log(1 − a)) = 1/n Σᵢⱼ (log(1 + eᶻ) − z Y), with a = σ(z). z, Y: (n, k). Lesson 6.

    Its dz is that of `cross_entropy`: (a − Y) / n. Computed from z for the same reason.
    """
    Y, z = check_targets(Y, z, outputs_name="z")
    return np.sum(np.logaddexp(0, z) - z * Y) / len(Y)


class Output(NamedTuple):
    """An output activation, and the loss that belongs to it."""

    activation: Callable  # from z to a, both (n, k)
    loss_name: str
    loss: Callable  # from a or z, and Y, to a number
    loss_of: str  # "a" or "z": what the loss is computed from
    dz: Callable  # from z, a and Y to ∂L/∂z, (n, k)


OUTPUTS = {
    "sigmoid": Output(sigmoid, "squared_error", squared_error, "a", squared_error_dz),
    "logistic": Output(sigmoid, "logistic_loss", logistic_loss, "z", cross_entropy_dz),
    "softmax": Output(softmax, "cross_entropy", cross_entropy, "z", cross_entropy_dz),
}
