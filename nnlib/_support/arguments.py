"""What comes in is looked at once, at the door, so that no layer behind it needs to.

Every error names the argument, what fits, what it got, and what to do.
"""

from pathlib import Path

import numpy as np


def check_images(X, width, name="X"):
    """Return X as an array if it is a batch of images for a network with ``width`` inputs.

    Parameters
    ----------
    X : array, shape (n, width)
        Floats, for images in [0, 1]; n at least 1.
    width : int
        The number of inputs.
    name : str
        The argument's name, for the errors.

    Raises
    ------
    TypeError
        X does not hold floats.
    ValueError
        X has the wrong shape, is empty, holds NaN or infinity, or holds pixels in 0 to 255.
    """
    X = as_array(X, name)
    fits = f"{name} must have shape (n, {width}), one row per image"
    if X.shape == (width,):
        raise ValueError(f"{fits}; got ({width},). For a single image, pass {name}[None, :].")
    if X.ndim != 2 or X.shape[1] != width:
        raise ValueError(f"{fits}; got {X.shape}.")
    if len(X) == 0:
        raise ValueError(f"{fits}; got {X.shape}, and a mean over no images is not defined.")
    if X.dtype == np.int8:
        raise TypeError(f"{name} must hold floats in 0 to 1, got int8, which wraps above 127. Read the bytes as uint8.")
    if not np.issubdtype(X.dtype, np.floating):
        raise TypeError(f"{name} must hold floats in 0 to 1, got {X.dtype}. For bytes, divide by 255.")
    low, high = X.min(), X.max()
    if not (np.isfinite(low) and np.isfinite(high)):
        rows = np.flatnonzero(~np.isfinite(X).all(axis=1))
        raise ValueError(
            f"{name} must be finite, got NaN or infinity in {len(rows)} of {len(X)} rows, first in row {rows[0]}."
        )
    if high > 10 or low < -10:
        raise ValueError(f"{name} must hold pixels in 0 to 1, got {low:g} to {high:g}. Divide {name} by 255.")
    return X


def check_labels(y, n, classes, name="y"):
    """Return y as an array if it holds n integer labels from 0 to classes − 1.

    Parameters
    ----------
    y : int array, shape (n,)
    n : int or None
        How many labels are due; None: as many as came, at least one.
    classes : int
    name : str
        The argument's name, for the errors.

    Raises
    ------
    TypeError
        y does not hold integers.
    ValueError
        y has the wrong shape, or a label is out of range.
    """
    y = as_array(y, name)
    n = max(1, len(y)) if n is None and y.ndim else n or 1
    fits = f"{name} must have shape ({n},), one label per image"
    if y.shape == (n, 1):
        raise ValueError(f"{fits}; got {y.shape}. Pass {name}[:, 0].")
    if y.shape == (n, classes):
        raise ValueError(f"{fits}; got {y.shape}, which looks one-hot. Pass {name}.argmax(axis=1).")
    if y.shape != (n,):
        raise ValueError(f"{fits}; got {y.shape}.")
    if not np.issubdtype(y.dtype, np.integer):
        text = y.dtype.kind in "US"
        do = f" Labels are numbers: pass {name}.astype(int)." if text or y.dtype.kind == "f" else ""
        raise TypeError(f"{name} must hold integers from 0 to {classes - 1}, got {'text' if text else y.dtype}.{do}")
    wrong = np.flatnonzero((y < 0) | (y >= classes))
    if len(wrong):
        sign = " Leave out what is not sure (−1)." if y[wrong[0]] == -1 else ""
        raise ValueError(
            f"{name} must hold labels from 0 to {classes - 1}, got {y[wrong[0]]} at {name}[{wrong[0]}].{sign}"
        )
    return y


def check_outputs(a, name="a", probabilities=False):
    """Return a as an array if it is (n, k), finite numbers; between 0 and 1 for ``probabilities``."""
    a = check_rows(a, name)
    if len(a) == 0:
        raise ValueError(f"{name} must have a row for each image, got {a.shape}.")
    if not np.isfinite(a).all():
        raise ValueError(f"{name} must be finite, got NaN or infinity in row {np.argwhere(~np.isfinite(a))[0, 0]}.")
    if probabilities and (a.min() < -1e-6 or a.max() > 1 + 1e-6):
        raise ValueError(
            f"{name} must hold outputs in 0 to 1, got {a.min():g} to {a.max():g}. Put logits through nnlib.softmax."
        )
    return a


def check_targets(Y, outputs, name="Y", outputs_name="a"):
    """Return Y and the outputs as arrays if both are (n, k): Y one-hot, or any probabilities."""
    Y, outputs = check_numbers(Y, name), check_rows(outputs, outputs_name)
    if len(outputs) == 0:
        raise ValueError(f"{outputs_name} must have a row for each image, got {outputs.shape}.")
    if Y.shape != outputs.shape:
        raise ValueError(
            f"{name} must have {outputs_name}'s shape, {outputs.shape}, one-hot; got {Y.shape}. "
            f"For labels, pass nnlib.one_hot(y, {outputs.shape[1]})."
        )
    return Y, outputs


def check_weights(net):
    """Raise a TypeError if ``net`` is no network, and a ValueError if a weight of it is NaN or infinite."""
    if isinstance(net, type) or not hasattr(net, "params"):
        raise TypeError(f"net must be an nnlib.Network, got {describe(net)}.")
    for name, p in net.params.items():
        if not np.isfinite(p).all():
            raise ValueError(
                f"net must have finite weights, got NaN or infinity in {np.count_nonzero(~np.isfinite(p)):,} "
                f"of {p.size:,} entries of {name}: its training diverged. Make a new network, and take smaller steps."
            )


def check_rows(values, name):
    """Return the values as an array if they are real numbers in the shape (n, k), k at least 1."""
    values = check_numbers(values, name)
    if values.ndim != 2 or values.shape[1] == 0:
        raise ValueError(f"{name} must have shape (n, k), one row per image; got {values.shape}.")
    return values


def check_numbers(values, name):
    """Return the values as an array if they are real numbers."""
    values = as_array(values, name)
    if values.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold numbers, got {describe(values)}.")
    return values


def as_array(values, name):
    """Return the values as an array; rows of different lengths are told as such."""
    try:
        return np.asarray(values)
    except (ValueError, TypeError) as error:
        raise ValueError(
            f"{name} must be an array, got {type(values).__name__} with rows of different lengths."
        ) from error


def check_choice(value, choices, name):
    """Return ``value`` if it is one of ``choices``; else a ValueError names them all."""
    if not any(type(value) is type(choice) and value == choice for choice in choices):
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}; got {describe(value)}.")
    return value


def check_callable(value, what, name, optional=True):
    """Return ``value`` if it can be called, or is None and ``optional``; ``what`` says from what to what it goes."""
    if not (value is None and optional) and (isinstance(value, type) or not callable(value)):
        raise TypeError(f"{name} must be a function {what}, got {describe(value)}.")
    return value


def check_path(path, name):
    """Return ``path`` as a Path, or raise an error if it is none, or would make a folder of the name ``~``."""
    try:
        path = Path(path)
    except TypeError as error:
        raise TypeError(f"{name} must be a path, got {describe(path)}.") from error
    if "\0" in str(path):
        raise ValueError(f"{name} must be a path without NUL characters, got {str(path)!r}. Leave them out.")
    if len(path.parts) > 1 and path.parts[0].startswith("~"):
        raise ValueError(
            f"{name} must be a path without ~, which Python does not know; got {str(path)!r}. "
            f"Pass pathlib.Path({str(path)!r}).expanduser()."
        )
    return path


def check_folder(path, name):
    """Return ``path`` as a Path, or raise an error if it is none, is a folder, or its folder is not there."""
    path = check_path(path, name)
    if not path.parent.is_dir():
        file = next((parent for parent in path.parents if parent.is_file()), None)
        do = f"{str(file)!r} is a file: name another folder." if file else f"Make {str(path.parent)!r} first."
        raise ValueError(f"{name} must be in a folder that is there, got {str(path)!r}. {do}")
    if path.is_dir():
        raise ValueError(f"{name} must be the path of a file, got the folder {str(path)!r}. Name a file in it.")
    return path


def check_generator(rng, name="rng"):
    """Return ``rng`` if it is a random generator."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"{name} must be a random generator, got {describe(rng)}. Pass np.random.default_rng(0).")
    return rng


def check_number(value, name, low=None, high=None, integer=False):
    """Return ``value`` if it is a finite number with low ≤ value < high (None: no bound); else raise a ValueError."""
    kind = (int, np.integer) if integer else (int, float, np.integer, np.floating)
    ok = isinstance(value, kind) and not isinstance(value, bool) and np.isfinite(value)
    if not ok or (low is not None and value < low) or (high is not None and value >= high):
        bounds = [f"at least {low}"] * (low is not None) + [f"below {high}"] * (high is not None)
        what = "a whole number" if integer else "a number"
        raise ValueError(f"{name} must be {' '.join([what, ' and '.join(bounds)]).strip()}; got {describe(value)}.")
    return value


def describe(value):
    """Say in a few words what came: a short value itself, an array by its shape and type, a class by its name."""
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype}, shape {value.shape}"
    if isinstance(value, type):
        return f"the class {value.__name__}; make one, like {value.__name__}(…)"
    text = repr(value)
    return text if len(text) <= 40 else f"{type(value).__name__} {text[:40]}…"
