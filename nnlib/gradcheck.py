"""Is the gradient right? Compare it with one that needs no derivation. Lesson 3.

A derivative is a limit of quotients. A computer can take the quotient at a small h for one weight after another:
slow, but it cannot repeat a mistake that was made in the derivation.
"""

from dataclasses import dataclass, field

import numpy as np

from nnlib._support.arguments import check_images, check_labels, check_number


class GradientError(AssertionError):
    """A gradient that `check_gradients` found to be wrong."""


def numerical_gradient(f, theta, h=1e-5, indices=None):
    """∂f/∂θ by central differences, (f(θ + h) − f(θ − h)) / 2h, one entry of θ at a time. Lesson 3.

    Parameters
    ----------
    f : callable
        Takes no argument and returns a number that depends on ``theta``.
    theta : float array
        Changed in place, entry by entry, and put back.
    h : float
        The step. 1e-5 is near the best for float64: half the digits go to rounding when h is smaller.
    indices : iterable of index tuples, optional
        The entries to take; all of them if left out.

    Returns
    -------
    gradient : float64 array
        In theta's shape, NaN at the entries that were not taken.
    """
    if not np.issubdtype(theta.dtype, np.floating):
        raise TypeError(f"theta must hold floats: {theta.dtype} came, where adding h = {h:g} changes nothing.")
    gradient = np.full(theta.shape, np.nan)
    for index in np.ndindex(theta.shape) if indices is None else indices:
        kept = theta[index]
        theta[index] = kept + h
        above = f()
        theta[index] = kept - h
        below = f()
        theta[index] = kept
        gradient[index] = (above - below) / (2 * h)
    return gradient


def relative_error(gradient, numerical):
    """|gradient − numerical|, entry by entry, over the largest entry of either array; 0 where both are all 0.

    The largest entry of the array is the measure, not the entry itself: an entry near 0 is known to about 1e-11, not
    to many digits, and it hardly moves its weight. Lesson 3.
    """
    largest = max(np.nanmax(np.abs(gradient)), np.nanmax(np.abs(numerical)))
    return np.abs(gradient - numerical) / (largest or 1.0)


@dataclass
class ParameterCheck:
    """The worst entry of one parameter: where it is, both its gradients, and how many entries were compared."""

    error: float
    index: tuple
    backprop: float
    numerical: float
    compared: int


@dataclass
class GradientReport:
    """What `check_gradients` found: ``report.parameters["W1"].error``, and ``report.worst`` over all."""

    parameters: dict = field(default_factory=dict)

    @property
    def worst(self):
        """The largest relative error of all."""
        return max(check.error for check in self.parameters.values())

    def __str__(self):
        lines = ["      relative error   where        backprop      numerical     compared"]
        for name, c in self.parameters.items():
            where = ", ".join(map(str, c.index))
            lines.append(
                f"{name:<4}  {c.error:14.1e}   {where:<10}  {c.backprop:+.5e}  {c.numerical:+.5e}  {c.compared:,}"
            )
        return "\n".join(lines)

    __repr__ = __str__


def check_gradients(net, X, y, *, h=1e-5, sample=None, tolerance=None):
    """Compare backpropagation with central differences, in float64. Lesson 3.

    Parameters
    ----------
    net : Network
        It is copied to float64 and itself left alone. With dropout, the same units stay out in every pass.
    X : float array, shape (n, sizes[0])
        A few images are enough: each entry costs two forward passes.
    y : int array, shape (n,)
    h : float
        The step of the central difference.
    sample : int, optional
        Compare this many entries of each parameter, drawn by the network's seed, instead of every one.
    tolerance : float, optional
        Raise if the worst relative error is above it. 1e-7 fits float64 and h = 1e-5.

    Returns
    -------
    report : GradientReport
        For each parameter the worst relative error and where it is; ``report.worst`` over all.

    Raises
    ------
    TypeError
        X or a parameter holds integers.
    GradientError
        A gradient has another shape than its parameter; or an error is above ``tolerance``, and the message has
        the whole report.
    """
    X = check_images(X, net.sizes[0]).astype(np.float64)
    y = check_labels(y, len(X), net.sizes[-1])
    for name, p in net.params.items():
        if not np.issubdtype(p.dtype, np.floating):
            raise TypeError(f"{name} must hold floats to check its gradient. {p.dtype} came.")
    if sample is not None:
        check_number(sample, "sample", low=1, integer=True)
    net = net.copy(np.float64)
    Y = net.one_hot(y)

    def loss():
        return net.data_loss(net.propagate(X, np.random.default_rng(net.seed)), Y) + net.penalty()

    _, grads, _ = net.loss_and_gradients(X, y, np.random.default_rng(net.seed))
    rng = np.random.default_rng(net.seed)
    report = GradientReport()
    for name, theta in net.params.items():
        if np.shape(grads[name]) != theta.shape:
            raise GradientError(
                f"The gradient of {name} has shape {np.shape(grads[name])}; it must have {name}'s, {theta.shape}."
            )
        count = theta.size if sample is None else min(sample, theta.size)
        chosen = np.sort(rng.choice(theta.size, count, replace=False))
        numerical = numerical_gradient(loss, theta, h, zip(*np.unravel_index(chosen, theta.shape)))
        error = relative_error(grads[name], numerical)
        at = tuple(int(i) for i in np.unravel_index(np.nanargmax(error), theta.shape))
        report.parameters[name] = ParameterCheck(
            float(error[at]), at, float(grads[name][at]), float(numerical[at]), count
        )
    if tolerance is not None and not report.worst <= tolerance:
        raise GradientError(f"The worst relative error is {report.worst:.1e}, above {tolerance:g}.\n{report}")
    return report
