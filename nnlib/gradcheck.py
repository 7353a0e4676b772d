"""Is the gradient right? Compare it with one that needs no derivation. Lesson 3.

A derivative is a limit of quotients. A computer can take the quotient at a small h for one weight after another:
slow, but it cannot repeat a mistake that was made in the derivation.
"""

import numpy as np

from nnlib._support import arguments
from nnlib._support.gradients import GradientReport, ParameterCheck, kink_between, not_finite

RIGHT = 1e-7  # in float64 and with h = 1e-5, a relative error below it is rounding


class GradientError(AssertionError):
    """A gradient that `check_gradients` found to be wrong, not finite, or at a kink, where it cannot be compared."""


def numerical_gradient(f, theta, h=1e-5, indices=None):
    """∂f/∂θ by central differences, (f(θ + h) − f(θ − h)) / 2h, one entry of θ at a time. Lesson 3.

    Parameters
    ----------
    f : callable
        Takes no argument and returns a number that depends on ``theta``.
    theta : float array
        Changed in place, entry by entry, and put back, also where ``f`` raises an error or is interrupted.
    h : float
        The step. 1e-5 is near the best for float64: half the digits go to rounding when h is smaller.
    indices : iterable of index tuples, optional
        The entries to take; all of them if left out.

    Returns
    -------
    gradient : float64 array
        In theta's shape; with ``indices``, one number for each of them, in their order. Not finite where f is not.

    Raises
    ------
    TypeError
        ``theta`` is not an array of floats, or ``f`` does not return one number.
    ValueError
        ``h`` is not a number above 0, or so small that θ + h = θ in theta's type.
    """
    if not callable(f):
        raise TypeError(f"f must be a function without arguments, got {arguments.describe(f)}.")
    if not (isinstance(theta, np.ndarray) and np.issubdtype(theta.dtype, np.floating)):
        raise TypeError(f"theta must be the array of floats that f looks at, got {arguments.describe(theta)}.")
    arguments.check_number(h, "h", low=0)
    gradient = []
    for index in np.ndindex(theta.shape) if indices is None else indices:
        above, below = _both_sides(f, theta, index, h)
        if np.ndim(above) or np.asarray(above).dtype.kind not in "iuf":
            raise TypeError(f"f must return one number, got {arguments.describe(above)}.")
        gradient.append((float(above) - float(below)) / (2 * h))
    return np.array(gradient, np.float64).reshape(theta.shape if indices is None else -1)


def _both_sides(f, theta, index, h):
    """[f() at θ + h, f() at θ − h] for one entry of theta, which is put back whatever happens."""
    kept, values = theta[index], []
    if np.ndim(kept):
        raise ValueError(f"indices must each take one entry of theta, {theta.shape}; got {index!r}.")
    try:
        for moved in (kept + h, kept - h):
            theta[index] = moved
            if theta[index] == kept:
                raise ValueError(f"h must be large enough to move {kept:g} in {theta.dtype}; got {h:g}.")
            values.append(f())
    finally:
        theta[index] = kept
    return values


def relative_error(gradient, numerical):
    """|gradient − numerical|, entry by entry, over the largest finite entry of either array. Lesson 3.

    The largest entry of the array is the measure, not the entry itself: an entry near 0 is known to about 1e-11, not
    to many digits, and it hardly moves its weight. The error is 0 where both arrays are all 0. It is infinite where
    either is NaN or infinite, so that no comparison takes such an entry for right.
    """
    gradient = arguments.check_numbers(gradient, "gradient").astype(np.float64)
    numerical = arguments.check_numbers(numerical, "numerical").astype(np.float64)
    if gradient.shape != numerical.shape:
        raise ValueError(f"numerical must have gradient's shape, {gradient.shape}; got {numerical.shape}.")
    finite = np.isfinite(gradient) & np.isfinite(numerical)
    d, n = gradient[finite], numerical[finite]
    error = np.full(gradient.shape, np.inf)
    error[finite] = np.abs(d - n) / (np.abs([d, n]).max(initial=0) or 1)
    return error


def check_gradients(net, X, y, *, h=1e-5, sample=None, tolerance=None):
    """Compare backpropagation with central differences, in float64. Lesson 3.

    Where a step of ±h crosses the kink of a ReLU, the two differ although both are right. The report then names the
    ReLU, and compares once more beside the kinks, with the biases moved by up to 1000 h: there a bug is still wrong.

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
    TypeError, ValueError
        An argument does not fit; X or a parameter holds integers; a weight is NaN or infinite.
    GradientError
        A gradient has another shape than its parameter; an entry of it, compared or not, or a central difference is
        NaN or infinite; or an error is above ``tolerance``, and the message has the whole report.
    """
    arguments.check_weights(net)
    X = arguments.check_images(X, net.sizes[0]).astype(np.float64)
    y = arguments.check_labels(y, len(X), net.sizes[-1])
    for name, p in net.params.items():
        if not np.issubdtype(p.dtype, np.floating):
            raise TypeError(f"{name} must hold floats to check its gradient, got {p.dtype}.")
    arguments.check_number(1 if sample is None else sample, "sample", low=1, integer=True)
    arguments.check_number(0 if tolerance is None else tolerance, "tolerance", low=0)
    net = net.copy(np.float64)
    report = _compare(net, X, y, h, sample)
    if report.has_kinks:
        rng = np.random.default_rng(net.seed)
        for l in range(1, net.n_layers):
            net.params[f"b{l}"] += rng.uniform(500 * h, 1000 * h, net.sizes[l])
        report.beside = _compare(net, X, y, h, sample)
    if tolerance is not None and report.worst > tolerance:
        why = "" if report.is_wrong(tolerance) else ", but only at a kink, where it says nothing"
        raise GradientError(f"The worst relative error is {report.worst:.1e}, above {tolerance:g}{why}.\n{report}")
    return report


@np.errstate(all="ignore")  # what is not finite becomes an error that says where
def _compare(net, X, y, h, sample):
    """Compare at one point; the report of `check_gradients`."""
    Y, rng = net.one_hot(y), np.random.default_rng(net.seed)
    counts = {name: min(sample or p.size, p.size) for name, p in net.params.items()}
    entries = {name: rng.choice(net.params[name].size, count, replace=False) for name, count in counts.items()}

    def propagate():
        return net.propagate(X, np.random.default_rng(net.seed))

    def loss():
        return net.data_loss(propagate(), Y) + net.penalty()

    grads = net.loss_and_gradients(X, y, np.random.default_rng(net.seed))[1]
    report = GradientReport(dict.fromkeys(net.params))
    for name, theta in reversed(net.params.items()):  # from the last layer, where a NaN on the way back begins
        if np.shape(grads.get(name)) != theta.shape:
            got = arguments.describe(grads.get(name))
            raise GradientError(f"The gradient of {name} must have {name}'s shape, {theta.shape}; got {got}.")
        gradient = np.array(grads[name], np.float64).ravel()
        broken = np.flatnonzero(~np.isfinite(gradient))
        taken = broken[:1] if len(broken) else np.sort(entries[name])
        indices = [tuple(map(int, np.unravel_index(entry, theta.shape))) for entry in taken]
        numerical = np.zeros_like(gradient)  # only the entries that were taken are looked at
        numerical[taken] = numerical_gradient(loss, theta, h, indices)
        error = relative_error(gradient, numerical)[taken]
        at, index = taken[error.argmax()], indices[error.argmax()]
        check = ParameterCheck(float(error.max()), index, float(gradient[at]), float(numerical[at]), len(taken))
        if check.error == np.inf:
            raise GradientError(not_finite(name, check, f"{len(broken):,} of {theta.size:,}"))
        if net.activation == "relu" and check.error > RIGHT:
            check.kink = kink_between(propagate(), *_both_sides(propagate, theta, index, h), net.n_layers, h)
        report.parameters[name] = check
    return report
