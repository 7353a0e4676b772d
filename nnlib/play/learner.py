"""A network that learns one step at a time, so that its learning rate and batch size can change in between. Lesson 4.

Left unchanged, the steps are those of `nnlib.train`.
"""

import numpy as np

from nnlib._support.language import say
from nnlib._support.threads import blas
from nnlib.optimizers import SGD

ROUGH = 50  # so many steps make a mean
RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)  # to choose a learning rate from


class Learner:
    """A network, its training data, and what came of each step.

    Parameters
    ----------
    net : Network
        Trained in place. Its seed decides the order of the images.
    X : array, shape (n, sizes[0])
    y : int array, shape (n,)

    Attributes
    ----------
    losses : list of float
        Of each batch, just before its step.
    rates : list of (lr, batch_size)
        Of each step.
    gradients : list of float
        The largest of each step, of all parameters.
    """

    def __init__(self, net, X, y):
        self.net, self.X, self.y = net, X, y
        self.rng = np.random.default_rng([net.seed, 1])  # as in `nnlib.train`
        self.seen, self.losses, self.rates, self.gradients = 0, [], [], []

    @property
    def epochs(self):
        """How many times each image was used; not a whole number within an epoch."""
        return self.seen / len(self.X)

    @property
    def loss(self):
        """The mean loss of the last steps."""
        return float(np.mean(self.losses[-ROUGH:]))

    def step(self, lr, batch_size):
        """Take one step. An epoch's last batch may be smaller."""
        first = self.seen % len(self.X)
        if first == 0:
            self.order = self.rng.permutation(len(self.X))
        batch = self.order[first : first + batch_size]
        # A loss that is no number is told below.
        with np.errstate(all="ignore"), blas().limit(limits=1, user_api="blas"):
            loss, grads, _ = self.net.loss_and_gradients(self.X[batch], self.y[batch])
            if not np.isfinite(loss):
                raise FloatingPointError(
                    say(
                        "The loss is {loss}: the steps were too large. Begin again with a smaller learning rate.",
                        loss=loss,
                    )
                )
            largest = float(max(np.abs(d).max() for d in grads.values()))
            SGD(lr).step(self.net.params, grads)
        self.seen += len(batch)
        self.losses.append(float(loss))
        self.gradients.append(largest)
        self.rates.append((lr, batch_size))

    def outputs(self, X):
        """The network's outputs, whatever has become of it: `Network.forward` refuses one whose weights are NaN."""
        return self.net.propagate(X)[f"a{self.net.n_layers}"]

    def right(self, X, y):
        """The share of these images that is read right."""
        return float(np.mean(self.outputs(X).argmax(axis=1) == y))

    def dead(self):
        """True if the network is often wrong, and for many steps no gradient has told it what to do about it."""
        return len(self.losses) >= ROUGH and max(self.gradients[-ROUGH:]) < 1e-4 and self.loss > 0.3

    def changed(self):
        """The steps at which the learning rate or the batch size became another."""
        return [i for i in range(1, len(self.rates)) if self.rates[i] != self.rates[i - 1]]
