"""The exercises of lesson 2: backwards through a neuron, a layer, and a hidden layer of tanh."""

import numpy as np

from nnlib.activations import sigmoid
from nnlib.exercises import Exercise


def neuron_gradients(x, w, b, y):
    a = sigmoid(x * w + b)
    dz = (a - y) * a * (1 - a)
    return dz * x, dz


def neuron_without_slope(x, w, b, y):
    da = sigmoid(x * w + b) - y
    return da * x, da


def neuron_with_slope_of_z(x, w, b, y):
    z = x * w + b
    dz = (sigmoid(z) - y) * z * (1 - z)
    return dz * x, dz


def neuron_with_sigmoid_of_a(x, w, b, y):
    a = sigmoid(x * w + b)
    s = sigmoid(a)
    dz = (a - y) * s * (1 - s)
    return dz * x, dz


def layer_backward(a, W, dz):
    return a.T @ dz, dz.sum(axis=0), dz @ W.T


def layer_inputs(rng):
    n, m, k = rng.choice(np.arange(2, 9), 3, replace=False)
    return rng.random((n, m)), rng.normal(size=(m, k)), rng.normal(size=(n, k))


def hidden_tanh(dz2, W2, a1):
    return dz2 @ W2.T * (1 - a1**2)


def hidden_inputs(rng):
    n, h, k = rng.choice(np.arange(2, 9), 3, replace=False)
    return rng.normal(size=(n, k)), rng.normal(size=(h, k)), np.tanh(rng.normal(size=(n, h)))


EXERCISES = {
    1: Exercise(
        reference=neuron_gradients,
        inputs=lambda rng: tuple(float(v) for v in rng.normal(size=3)) + (float(rng.integers(0, 2)),),
        mistakes=(
            (neuron_without_slope, "the slope of the sigmoid, a (1 − a), is missing between da and dz."),
            (neuron_with_slope_of_z, "the slope of the sigmoid is a (1 − a), not z (1 − z)."),
            (neuron_with_sigmoid_of_a, "a is σ(z) already: the slope is a (1 − a), without another sigmoid."),
            (lambda *given: neuron_gradients(*given)[::-1], "both are right, in the wrong order. Return dw, db."),
            (lambda *given: tuple(-v for v in neuron_gradients(*given)), "the sign is wrong: da is a − y."),
            (lambda *given: tuple(2 * v for v in neuron_gradients(*given)), "twice too large: the ½ of the loss cancels the 2 of the square."),
        ),
    ),
    2: Exercise(
        reference=layer_backward,
        inputs=layer_inputs,
        mistakes=(
            (
                lambda a, W, dz: (a.T @ dz / len(a), dz.mean(axis=0), dz @ W.T),
                "dW and db are divided by n once too often: dz holds the 1/n of the mean already.",
            ),
            (
                lambda a, W, dz: (a.T @ dz, dz.mean(axis=0), dz @ W.T),
                "db is a mean over the pictures. Over several paths slopes add: take the sum.",
            ),
            (lambda a, W, dz: (a.T @ dz, dz @ W.T, dz.sum(axis=0)), "all three are right, in the wrong order. Return dW, db, da."),
            (lambda a, W, dz: (a.T @ dz, dz, dz @ W.T), "db has one entry for each picture and neuron. Its sum over the pictures is missing."),
        ),
    ),
    3: Exercise(
        reference=hidden_tanh,
        inputs=hidden_inputs,
        mistakes=(
            (lambda dz2, W2, a1: dz2 @ W2.T, "that is da1. The slope of tanh is missing."),
            (lambda dz2, W2, a1: dz2 @ W2.T * a1 * (1 - a1), "a1 (1 − a1) is the slope of the sigmoid. This layer has tanh."),
            (lambda dz2, W2, a1: dz2 @ W2.T * (1 - np.tanh(a1) ** 2), "a1 is tanh(z1) already: no second tanh."),
            (lambda dz2, W2, a1: dz2 @ W2.T * (1 - a1), "the slope of tanh has a square: 1 − tanh²."),
            (lambda dz2, W2, a1: dz2 @ W2.T * (1 + a1**2), "there is a sign wrong in the slope of tanh: is it ever larger than 1?"),
        ),
    ),
}  # fmt: skip
