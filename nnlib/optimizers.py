"""Optimisers: how a gradient becomes a step. Lessons 4 and 6.

Each changes the parameters in place. ``factor`` scales the learning rate for one step; a schedule gives it. The
gradients are used up: SGD and momentum scale them where they lie, because a new array for each step takes longer than
the arithmetic.
"""

import math

import numpy as np

from nnlib._support.arguments import check_number


class SGD:
    """θ ← θ − η dθ: gradient descent, with the gradient of one mini-batch. Lesson 4.

    Parameters
    ----------
    lr : float
        The learning rate η.
    """

    def __init__(self, lr):
        self.lr = check_number(lr, "lr", low=0)

    def start(self, params):
        """Forget earlier steps. `train` calls it once, before the first step."""

    def step(self, params, grads, factor=1.0):
        """Take one step: change every array of ``params`` by its gradient in ``grads``, which is used up."""
        for name, theta in params.items():
            change = grads[name]
            change *= self.lr * factor
            theta -= change


class Momentum(SGD):
    """v ← μ v − η dθ, θ ← θ + v: steps in the same direction add up. Lesson 6.

    Parameters
    ----------
    lr : float
        The learning rate η.
    momentum : float in [0, 1)
        μ, how much of the last step goes on.
    """

    def __init__(self, lr, momentum=0.9):
        super().__init__(lr)
        self.momentum = check_number(momentum, "momentum", low=0, high=1)

    def start(self, params):
        """Begin with v = 0, in the shapes of the parameters."""
        self.v = {name: np.zeros_like(theta) for name, theta in params.items()}

    def step(self, params, grads, factor=1.0):
        """Take one step with the velocity v; the gradients are used up."""
        for name, theta in params.items():
            v, change = self.v[name], grads[name]
            change *= self.lr * factor
            v *= self.momentum
            v -= change
            theta += v


class Adam(SGD):
    """Steps of about η in every direction, however long the gradient is (Kingma and Ba, 2015). Lesson 6.

    m ← β₁ m + (1 − β₁) dθ,  s ← β₂ s + (1 − β₂) dθ²,  θ ← θ − η m̂ / (√ŝ + ε), where m̂ = m / (1 − β₁ᵗ) and
    ŝ = s / (1 − β₂ᵗ) undo the start at 0.
    """

    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(lr)
        self.beta1 = check_number(beta1, "beta1", low=0, high=1)
        self.beta2 = check_number(beta2, "beta2", low=0, high=1)
        self.epsilon = check_number(epsilon, "epsilon", low=0)

    def start(self, params):
        """Begin with t = 0, m = 0 and s = 0, in the shapes of the parameters."""
        self.t = 0
        self.m = {name: np.zeros_like(theta) for name, theta in params.items()}
        self.s = {name: np.zeros_like(theta) for name, theta in params.items()}

    def step(self, params, grads, factor=1.0):
        """Take one step with the means m and s."""
        self.t += 1
        for name, theta in params.items():
            d, m, s = grads[name], self.m[name], self.s[name]
            m += (1 - self.beta1) * (d - m)
            s += (1 - self.beta2) * (d * d - s)
            m_hat = m / (1 - self.beta1**self.t)
            s_hat = s / (1 - self.beta2**self.t)
            theta -= (self.lr * factor) * m_hat / (np.sqrt(s_hat) + self.epsilon)


def cosine(progress):
    """A schedule: the learning rate falls from all of η to 0 along half a cosine. Lesson 6.

    Parameters
    ----------
    progress : float
        The share of the training that is done, 0 to 1.
    """
    check_number(progress, "progress")
    return 0.5 * (1 + math.cos(math.pi * progress))
