"""The exercises of lesson 2: backwards through a neuron and its layers, and how far the loss will fall."""

import numpy as np

from nnlib.activations import sigmoid
from nnlib.check.exercises import Exercise


def sigmoid_slope(z):
    a = sigmoid(z)
    return a * (1 - a)


def _far(sign):
    return lambda rng: (sign * rng.uniform(999, 1001, 4),)


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


def predicted_change(grads, lr):
    return -lr * sum(np.sum(grad**2) for grad in grads.values())


def _grads_inputs(rng):
    m, h, k = rng.choice(np.arange(2, 9), 3, replace=False)
    shapes = {"W1": (m, h), "b1": h, "W2": (h, k), "b2": k}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}, float(rng.uniform(0.01, 0.5))


def _of_all(f):
    return lambda grads, lr: -lr * f(np.concatenate([grad.ravel() for grad in grads.values()]))


EXERCISES = {
    1: Exercise(
        title="The slope of the sigmoid",
        hints=(
            "Compute `a` first. `nnlib.sigmoid` is allowed, and safe.",
            r"With $a = \sigma(z)$ the lesson wrote the slope without any power of e. In the middle it is ¼.",
        ),
        reference=sigmoid_slope,
        inputs=lambda rng: (rng.normal(0, 2, 8),),
        mistakes=(
            (lambda z: z * (1 - z), "the slope is a (1 − a), with a = σ(z), not z (1 − z)."),
            (sigmoid, "that is σ(z) itself. Its slope is asked for."),
            (lambda z: 1 - sigmoid(z), "that is 1 − a. The factor a is missing."),
            (lambda z: sigmoid_slope(sigmoid(z)), "that takes the sigmoid twice: a is σ(z) already."),
            (lambda z: 1 - np.tanh(z) ** 2, "that is the slope of tanh."),
        ),
        extreme=((_far(1), "z near 1000"), (_far(-1), "z near −1000")),
    ),
    2: Exercise(
        title="One neuron, forward and back",
        hints=(
            "Compute `z` and `a` first. Then walk back: `da`, `dz`, and from `dz` both results.",
            "`dz` is `da` times the slope of the sigmoid, `a * (1 - a)`.",
            "For x = 2, w = 0.5, b = −1, y = 1 the result must be (−0.25, −0.125).",
        ),
        reference=neuron_gradients,
        inputs=lambda rng: tuple(float(v) for v in rng.normal(size=3)) + (float(rng.integers(0, 2)),),
        mistakes=(
            (neuron_without_slope, "the slope of the sigmoid, a (1 − a), is missing between da and dz."),
            (neuron_with_slope_of_z, "the slope of the sigmoid is a (1 − a), not z (1 − z)."),
            (neuron_with_sigmoid_of_a, "a is σ(z) already: the slope is a (1 − a), without another sigmoid."),
            (lambda *given: neuron_gradients(*given)[::-1], "both are right, in the wrong order. Return dw, db."),
            (lambda *given: tuple(-v for v in neuron_gradients(*given)), "the sign is wrong: da is a − y."),
            (
                lambda *given: tuple(2 * v for v in neuron_gradients(*given)),
                "twice too large: the ½ of the loss cancels the 2 of the square.",
            ),
        ),
    ),
    3: Exercise(
        title="A layer, backwards",
        hints=(
            "Each result has the shape of the thing itself. Which products have these shapes?",
            "The bias acts in every picture with slope 1. Over several paths, slopes add.",
        ),
        reference=layer_backward,
        single=lambda a, W, dz: (a[:1], W, dz[:1]),
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
            (
                lambda a, W, dz: (a.T @ dz, dz @ W.T, dz.sum(axis=0)),
                "all three are right, in the wrong order. Return dW, db, da.",
            ),
            (
                lambda a, W, dz: (a.T @ dz, dz, dz @ W.T),
                "db has one entry for each picture and neuron. Its sum over the pictures is missing.",
            ),
        ),
    ),
    4: Exercise(
        title="A hidden layer of tanh",
        hints=(
            "Formula ④ does not know which activation the layer has. Only ⑤ changes.",
            r"$\tanh u = \dfrac{e^u - e^{-u}}{e^u + e^{-u}}$. The quotient rule gives "
            r"$\dfrac{(e^u + e^{-u})^2 - (e^u - e^{-u})^2}{(e^u + e^{-u})^2}$. Divide both terms by the denominator.",
        ),
        reference=hidden_tanh,
        single=lambda dz2, W2, a1: (dz2[:1], W2, a1[:1]),
        inputs=hidden_inputs,
        mistakes=(
            (lambda dz2, W2, a1: dz2 @ W2.T, "that is da1. The slope of tanh is missing."),
            (
                lambda dz2, W2, a1: dz2 @ W2.T * a1 * (1 - a1),
                "a1 (1 − a1) is the slope of the sigmoid. This layer has tanh.",
            ),
            (lambda dz2, W2, a1: dz2 @ W2.T * (1 - np.tanh(a1) ** 2), "a1 is tanh(z1) already: no second tanh."),
            (lambda dz2, W2, a1: dz2 @ W2.T * (1 - a1), "the slope of tanh has a square: 1 − tanh²."),
            (
                lambda dz2, W2, a1: dz2 @ W2.T * (1 + a1**2),
                "there is a sign wrong in the slope of tanh: is it ever larger than 1?",
            ),
        ),
    ),
    5: Exercise(
        title="How far will the loss fall?",
        hints=(
            "`grads.values()` runs through the arrays: every entry of each of them counts, those of the biases, too.",
            r"A number that moves by $-\eta\,\mathtt{d}\theta$ changes the loss by about $\mathtt{d}\theta$ times "
            r"that move.",
        ),
        reference=predicted_change,
        inputs=_grads_inputs,
        mistakes=(
            (
                lambda grads, lr: -predicted_change(grads, lr),
                "the sign is wrong: a step against the gradient makes the loss fall, so the change is below 0.",
            ),
            (_of_all(np.sum), "the squares are missing: the move has a factor dθ, and so has its effect."),
            (
                _of_all(lambda d: np.mean(d**2)),
                "that is the mean of the squares. Every weight adds its own change: take the sum.",
            ),
            (
                _of_all(np.linalg.norm),
                "that is the length of the gradient. No root: the sum of the squares is asked for.",
            ),
            (
                lambda grads, lr: predicted_change({name: grad for name, grad in grads.items() if name[0] == "W"}, lr),
                "the biases are missing. They move, too.",
            ),
            (lambda grads, lr: lr * predicted_change(grads, lr), "the learning rate comes in once, with the move."),
        ),
    ),
}
