"""Activations: what a neuron makes of its weighted input z. Lessons 1 and 6.

Without them a stack of layers would be one linear map. Each function works on every element of an array of any
shape. Each derivative takes both z and a = f(z), and uses whichever makes its formula shorter.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nnlib._support.arguments import check_numbers, check_rows


def sigmoid(z):
    """σ(z) = 1 / (1 + e⁻ᶻ) = ½ (1 + tanh(z/2)), between 0 and 1. Lesson 1.

    The second form is the same function, and its tanh never overflows, whatever z is. Its absolute error is that of
    rounding, below 10⁻⁷ in float32. Its relative error is not small where σ is: of σ(−20) = 2·10⁻⁹ float32 gives 0.
    """
    z = check_numbers(z, "z")
    return 0.5 * (1 + np.tanh(0.5 * z))


def sigmoid_derivative(z, a):
    """σ′(z) = a (1 − a), with a = σ(z). Lesson 2."""
    return a * (1 - a)


def tanh(z):
    """tanh(z), between −1 and 1. Lesson 6."""
    return np.tanh(check_numbers(z, "z"))


def tanh_derivative(z, a):
    """tanh′(z) = 1 − a², with a = tanh(z). Lesson 6."""
    return 1 - a * a


def relu(z):
    """ReLU(z) = max(0, z). Lesson 6."""
    return np.maximum(check_numbers(z, "z"), 0)


def relu_derivative(z, a):
    """ReLU′(z) = 1 where z > 0, else 0; at the kink, z = 0, we say 0. Lessons 3 and 6."""
    return (z > 0).astype(z.dtype)


def softmax(z):
    """softmax(z)ₖ = eᶻᵏ / Σⱼ eᶻʲ: each row of z (n, k) becomes k probabilities that sum to 1. Lesson 6.

    Subtracting the row's largest z changes nothing in the quotient, and no exponential can overflow.
    """
    z = check_rows(z, "z")
    e = np.exp(z - z.max(axis=1, keepdims=True))  # (n, k), each at most 1
    return e / e.sum(axis=1, keepdims=True)


class Activation(NamedTuple):
    """The activation of a hidden layer, and its derivative."""

    f: Callable  # from z to a
    derivative: Callable  # from z and a to ∂a/∂z


ACTIVATIONS = {
    "sigmoid": Activation(sigmoid, sigmoid_derivative),
    "tanh": Activation(tanh, tanh_derivative),
    "relu": Activation(relu, relu_derivative),
}
