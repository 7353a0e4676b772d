"""What comes in is looked at once, at the door, so that no layer behind it needs to.

Every error names the argument, what came and what would fit.
"""

import numpy as np


def check_images(X, width, name="X"):
    """Return X as an array if it is a batch of images for a network with ``width`` inputs.

    Parameters
    ----------
    X : array, shape (n, width)
        Floats, for images in [0, 1]; n at least 1.
    width : int
        The number of inputs.

    Raises
    ------
    TypeError
        X does not hold floats.
    ValueError
        X has the wrong shape, is empty, holds NaN or infinity, or holds pixels in 0 to 255.
    """
    X = np.asarray(X)
    fits = f"{name} must have shape (n, {width}): one row for each image, {width} numbers in a row"
    if X.shape == (width,):
        raise ValueError(
            f"{fits}. A single row came, shape ({width},); write {name}[None, :] or {name}.reshape(1, -1)."
        )
    if X.ndim != 2 or X.shape[1] != width:
        raise ValueError(f"{fits}. Shape {X.shape} came.")
    if len(X) == 0:
        raise ValueError(f"{fits}. It is empty: shape {X.shape} came, and a mean over no images is not defined.")
    if not np.issubdtype(X.dtype, np.floating):
        raise TypeError(f"{name} must hold floats, for pixels in 0 to 1. {X.dtype} came; for bytes divide by 255.")
    low, high = X.min(), X.max()
    if not (np.isfinite(low) and np.isfinite(high)):
        rows = np.flatnonzero(~np.isfinite(X).all(axis=1))
        raise ValueError(
            f"{name} holds NaN or infinity in {len(rows)} of {len(X)} rows, the first of them row {rows[0]}."
        )
    if high > 10:
        raise ValueError(f"{name} holds values up to {high:g}. Pixels are meant to be in 0 to 1: divide {name} by 255.")
    return X


def check_labels(y, n, classes, name="y"):
    """Return y as an array if it holds n integer labels from 0 to classes − 1.

    Raises
    ------
    TypeError
        y does not hold integers.
    ValueError
        y has the wrong shape, or a label is out of range.
    """
    y = np.asarray(y)
    if y.shape == (n, classes):
        raise ValueError(
            f"{name} must hold labels, shape ({n},). Shape {y.shape} came, which looks one-hot: use {name}.argmax(axis=1)."
        )
    if y.shape != (n,):
        raise ValueError(f"{name} must have shape ({n},), one label for each image. Shape {y.shape} came.")
    if not np.issubdtype(y.dtype, np.integer):
        raise TypeError(f"{name} must hold integers from 0 to {classes - 1}. {y.dtype} came.")
    wrong = np.flatnonzero((y < 0) | (y >= classes))
    if len(wrong):
        raise ValueError(f"{name} must hold labels from 0 to {classes - 1}. {name}[{wrong[0]}] is {y[wrong[0]]}.")
    return y


def check_choice(value, choices, name):
    """Return ``value`` if it is one of ``choices``; else a ValueError names them all."""
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}. {value!r} came.")
    return value


def check_number(value, name, low=None, high=None, integer=False):
    """Return ``value`` if it is a finite number with low ≤ value < high (None: no bound); else raise a ValueError."""
    kind = (int, np.integer) if integer else (int, float, np.integer, np.floating)
    ok = isinstance(value, kind) and not isinstance(value, bool) and np.isfinite(value)
    if not ok or (low is not None and value < low) or (high is not None and value >= high):
        bounds = [f"at least {low}"] * (low is not None) + [f"below {high}"] * (high is not None)
        what = "a whole number" if integer else "a number"
        raise ValueError(f"{name} must be {' '.join([what, ' and '.join(bounds)]).strip()}. {value!r} came.")
    return value
