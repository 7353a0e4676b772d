"""The museum of bugs: networks with one wrong line each, and `check_gradients` finds them all. Lessons 3, 6 and 7.

Each exhibit is a network that differs from `Right` in one step of the way back, marked ``# right: …``. Its docstring
says what is wrong; its ``settings`` are some under which NumPy raises no error and the bug has an effect. The first
room needs only the sigmoid and the squared error, the last room what lessons 6 and 7 teach.

At the end of the file are the strangers, whose bugs lesson 3 asks you to name. Name them before you read that far.
"""

# ruff: noqa: D102, because the docstring of an exhibit says what its one step does; `Right` says what is right

import inspect
import textwrap

import numpy as np

from nnlib._support.language import Said
from nnlib.activations import ACTIVATIONS
from nnlib.losses import OUTPUTS
from nnlib.network import Network


class Right(Network):
    """`Network`, with its way back in six small steps, so that an exhibit can get one of them wrong."""

    title = Said("No bug")
    settings = {"sizes": [784, 10, 10]}  # what Network is made with. W2 is square: it fits both ways round
    images = 10  # to check with, and in each training step: as many as a layer has neurons
    lr = 1.0

    def backward(self, cache, Y):
        """The same gradients as `Network.backward`."""
        dz = self.output_dz(cache, Y)  # (n, sizes[L])
        grads = {}
        for l in range(self.n_layers, 0, -1):
            grads[f"W{l}"] = self.weight_gradient(l, cache, dz)
            grads[f"b{l}"] = self.bias_gradient(l, dz)
            if l > 1:
                da = self.through_weights(l, dz, grads)  # (n, sizes[l-1])
                da = self.through_dropout(l - 1, cache, da)
                dz = self.through_activation(l - 1, cache, da)
        return grads

    def output_dz(self, cache, Y):
        """∂L/∂z of the last layer, (n, sizes[L])."""
        L = self.n_layers
        return OUTPUTS[self.output].dz(cache[f"z{L}"], cache[f"a{L}"], Y)

    def weight_gradient(self, l, cache, dz):
        """Wₗ's gradient, aₗ₋₁ᵀ dz + l2 · Wₗ, (sizes[l-1], sizes[l])."""
        return cache[f"a{l - 1}"].T @ dz + self.l2 * self.params[f"W{l}"]

    def bias_gradient(self, l, dz):
        """The sum of dz over the images, (sizes[l],)."""
        return dz.sum(axis=0)

    def through_weights(self, l, dz, grads):
        """From dz of layer l to da of the layer below, dz Wₗᵀ, (n, sizes[l-1])."""
        return dz @ self.params[f"W{l}"].T

    def through_dropout(self, l, cache, da):
        """The gradient before dropout, da ⊙ mask: 0 for the neurons left out, 1/keep for those that stay."""
        return da * cache[f"mask{l}"] if f"mask{l}" in cache else da

    def through_activation(self, l, cache, da):
        """∂L/∂z of layer l, da ⊙ f′(z), (n, sizes[l])."""
        f, derivative = ACTIVATIONS[self.activation]
        z = cache[f"z{l}"]
        return da * derivative(z, f(z))


# The first room: sigmoid and squared error. Lesson 3


class BiasOverWrongAxis(Right):
    """The bias's gradient is summed over the neurons of an image instead of over the images of a neuron."""

    title = Said("Bias summed over the wrong axis")

    def bias_gradient(self, l, dz):
        return dz.sum(axis=1)  # right: dz.sum(axis=0)


class SigmaPrimeMissing(Right):
    """The output layer's σ′ is missing, so the gradient belongs to another loss."""

    title = Said("σ′ missing in the output layer")

    def output_dz(self, cache, Y):
        a = cache[f"a{self.n_layers}"]
        return (a - Y) / len(Y)  # right: (a - Y) * a * (1 - a) / len(Y)


class SigmaPrimeOfActivation(Right):
    """σ′ is taken of the activation, which has been through σ already, instead of the weighted input."""

    title = Said("σ′ of a instead of z")

    def through_activation(self, l, cache, da):
        f, derivative = ACTIVATIONS[self.activation]
        z = cache[f"a{l}"]  # right: z = cache[f"z{l}"]
        return da * derivative(z, f(z))


class WeightsNotTransposed(Right):
    """The transpose is missing where the way back goes through W2; W2 is square, so every shape fits."""

    title = Said("Weights not transposed")

    def through_weights(self, l, dz, grads):
        return dz @ self.params[f"W{l}"]  # right: dz @ self.params[f"W{l}"].T


class MeanTakenTwice(Right):
    """The gradient is divided by the batch size twice: dz has its 1/n already."""

    title = Said("Batch mean taken twice")

    def output_dz(self, cache, Y):
        return super().output_dz(cache, Y) / len(Y)  # right: super().output_dz(cache, Y)


class UpdatedBeforeUse(Right):
    """W2 takes its step before the way back goes through it: the gradient of W1 belongs to two networks at once."""

    title = Said("W2 updated before it is used")

    def through_weights(self, l, dz, grads):
        W = self.params[f"W{l}"] - self.lr * grads[f"W{l}"]  # right: W = self.params[f"W{l}"]
        return dz @ W.T


class SigmaPrimeOverflows(Right):
    """σ′ is computed as e⁻ᶻ/(1 + e⁻ᶻ)². The formula is right; where e⁻ᶻ overflows, it is ∞/∞: NaN."""

    title = Said("NaN: σ′ as e⁻ᶻ/(1 + e⁻ᶻ)²")

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        self.params["b1"][0] = -1000  # one neuron so far out that the bug shows

    def through_activation(self, l, cache, da):
        e = np.exp(-cache[f"z{l}"])
        return da * e / (1 + e) ** 2  # right: da * a * (1 - a), with a = cache[f"a{l}"]


# The last room: ReLU and softmax, in lesson 6; dropout and L2, in lesson 7


class ReluOfActivation(Right):
    """ReLU's derivative is taken of the activation, with ≥: a is never below 0, so it is 1 everywhere."""

    title = Said("ReLU′ of the activation, with ≥")
    settings = {"sizes": [784, 20, 10], "activation": "relu", "output": "softmax"}
    lr = 0.1

    def through_activation(self, l, cache, da):
        return da * (cache[f"a{l}"] >= 0)  # right: da * (cache[f"z{l}"] > 0)


class DropoutFactorForgotten(Right):
    """The neurons left out stay out on the way back, but the factor 1/keep of those that stay is forgotten."""

    title = Said("Dropout's factor forgotten on the way back")
    settings = {"sizes": [784, 20, 10], "dropout": 0.5}

    def through_dropout(self, l, cache, da):
        return da * (cache[f"mask{l}"] > 0)  # right: da * cache[f"mask{l}"]


class PenaltyForgotten(Right):
    """The loss has an L2 penalty, the gradient has none."""

    title = Said("L2 penalty missing in the gradient")
    settings = {"sizes": [784, 20, 10], "l2": 0.001}

    def weight_gradient(self, l, cache, dz):
        return cache[f"a{l - 1}"].T @ dz  # right: cache[f"a{l - 1}"].T @ dz + self.l2 * self.params[f"W{l}"]


class DividedByProbability(Right):
    """The way back goes through the probabilities, with −Y/a. Where an a has rounded to 0, that is 0/0: NaN."""

    title = Said("NaN: divided by a probability of 0")
    settings = {"sizes": [784, 80, 80, 10], "activation": "relu", "output": "softmax", "init_std": 1.0}
    lr = 0.001

    def output_dz(self, cache, Y):
        a = cache[f"a{self.n_layers}"]
        da = -Y / a / len(Y)  # right: return (a - Y) / len(Y), the same without a quotient
        return a * (da - (a * da).sum(axis=1, keepdims=True))


FIRST_ROOM = [
    BiasOverWrongAxis,
    SigmaPrimeMissing,
    SigmaPrimeOfActivation,
    WeightsNotTransposed,
    MeanTakenTwice,
    UpdatedBeforeUse,
    SigmaPrimeOverflows,
]
LAST_ROOM = [ReluOfActivation, DropoutFactorForgotten, PenaltyForgotten, DividedByProbability]
EXHIBITS = FIRST_ROOM + LAST_ROOM


def wrong_lines(exhibit):
    """The source of an exhibit's one step, with its wrong line, as a string."""
    steps = [value for name, value in vars(exhibit).items() if inspect.isfunction(value) and name != "__init__"]
    return "\n".join(textwrap.dedent(inspect.getsource(step)).rstrip() for step in steps)


def stranger(letter, seed=0):
    """A network that does not say what is wrong with it: one of the line-up, or one of exercise 3.6's suspects.

    Parameters
    ----------
    letter : {"A", "B", "C", "D", "E", "F", "G"} or {"P", "Q", "R", "S", "T", "U"}
        One of lesson 3's line-up, or of the suspects of its exercise.
    seed : int
        Of the initial weights. With the same seed all strangers start as the same network.
    """
    if letter not in STRANGERS:
        raise ValueError(f"letter must be one of {', '.join(STRANGERS)}; got {letter!r}.")
    return STRANGERS[letter](**Right.settings, seed=seed)


# Here the strangers are unmasked. Read on when you have named them.


class _MeanOfBias(Right):
    def bias_gradient(self, l, dz):
        return dz.sum(axis=0) if l == 1 else dz.mean(axis=0)  # right: dz.sum(axis=0)


class _OldWeights(Right):
    """Fresh, it is right: it goes back through the W2 that it was made with."""

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        self.W2_transposed = self.params["W2"].T.copy()

    def through_weights(self, l, dz, grads):
        return dz @ self.W2_transposed  # right: dz @ self.params["W2"].T


class _NoHiddenSlope(Right):
    def through_activation(self, l, cache, da):
        return da  # right: da * a * (1 - a), with a = cache[f"a{l}"]


class _OtherOrder(Right):
    """The images come in another order than their dz, as if only one of the two had been shuffled."""

    def weight_gradient(self, l, cache, dz):
        a = cache[f"a{l - 1}"]
        return (a if l == 2 else a[::-1]).T @ dz  # right: a.T @ dz


class _NoHalf(Right):
    """The gradient of the whole square, for a loss with half of it."""

    def output_dz(self, cache, Y):
        return 2 * super().output_dz(cache, Y)  # right: super().output_dz(cache, Y)


STRANGERS = {
    "A": MeanTakenTwice,
    "B": UpdatedBeforeUse,
    "C": SigmaPrimeMissing,
    "D": Right,
    "E": WeightsNotTransposed,
    "F": SigmaPrimeOfActivation,
    "G": BiasOverWrongAxis,
    "P": _MeanOfBias,
    "Q": _OldWeights,
    "R": Right,
    "S": _NoHiddenSlope,
    "T": _OtherOrder,
    "U": _NoHalf,
}
