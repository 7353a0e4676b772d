"""What is wrong with a result, in a sentence: a shape, a sign, a factor, a sum that is missing."""

import numpy as np


def compare(got, expected):
    """What is wrong with a result, in a sentence, or None if it is right. Tuples are compared entry by entry."""
    if isinstance(expected, tuple):
        got = list(got) if isinstance(got, np.ndarray) and got.ndim else got  # it can be unpacked as well
        if not isinstance(got, (tuple, list)) or len(got) != len(expected):
            return (
                f"{len(expected)} values should come back, like return {', '.join('abcdefgh'[: len(expected)])}; "
                f"got {describe(got)}."
            )
        for i, (g, e) in enumerate(zip(got, expected, strict=True), start=1):
            wrong = compare(g, e)
            if wrong:
                return f"value {i} of {len(expected)}: {wrong}"
        return None
    try:
        got = np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        return f"a number or an array should come back; got {describe(got)}."
    expected = np.asarray(expected, dtype=float)
    if got.shape != expected.shape:
        return _wrong_shape(got, expected)
    if _close(got, expected):
        return None
    if not np.isfinite(got).all():
        return f"{np.count_nonzero(~np.isfinite(got))} of {got.size} numbers are NaN or infinite."
    return _wrong_values(got, expected)


def right_numbers(got, expected):
    """What to say if only the shape is wrong; None otherwise."""
    try:
        got = np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        return None
    if isinstance(expected, tuple) or got.shape == np.shape(expected) or got.size != np.size(expected):
        return None
    if compare(got.reshape(np.shape(expected)), expected):
        return None
    return f"the numbers are right, but {_two_shapes(got, np.asarray(expected))}"


def _two_shapes(got, expected):
    if expected.ndim == 0:
        return f"it should be one number; got an array of shape {got.shape}."
    if got.ndim == 0:
        return f"it should be an array of shape {expected.shape}; got one number."
    return f"the shape is {got.shape}; it should be {expected.shape}."


def _wrong_shape(got, expected):
    text = _two_shapes(got, expected)
    for axis in range(got.ndim):
        if _close(got.sum(axis=axis), expected):
            return f"{text} A sum over axis {axis} is missing."
        if _close(got.mean(axis=axis), expected):
            return f"{text} A mean over axis {axis} is missing."
    if got.ndim == 2 and got.T.shape == expected.shape and _close(got.T, expected):
        return f"{text} It is the transpose of the right answer."
    return text


def _wrong_values(got, expected):
    if _close(got, -expected):
        return "the sign is wrong: every number is the negative of the right one."
    if got.ndim == 2 and got.shape[0] == got.shape[1] and _close(got.T, expected):
        return "it is the transpose of the right answer."
    largest = np.unravel_index(np.abs(expected).argmax(), expected.shape)
    if expected[largest] != 0 and got.size > 1:  # of a single number there is always such a factor
        factor = got[largest] / expected[largest]
        if factor != 0 and _close(got, factor * expected):
            return f"every number is {factor:.4g} times the right one: a factor is missing, or there is one too many."
    at = np.unravel_index(np.abs(got - expected).argmax(), got.shape)
    where = f" at [{', '.join(map(str, at))}]" if at else ""
    right = np.count_nonzero(np.isclose(got, expected, rtol=1e-5, atol=1e-8))
    if got.size == 1:
        return f"it is {got[at]:.6g}; it should be {expected[at]:.6g}."
    return (
        f"{right} of {got.size} numbers are right. The worst{where} is {got[at]:.6g}; it should be {expected[at]:.6g}."
    )


def _close(a, b):
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-5, atol=1e-8, equal_nan=True)


def describe(value):
    """What came back, in a few words."""
    return (
        f"an array of shape {value.shape}"
        if isinstance(value, np.ndarray)
        else f"{type(value).__name__} {value!r}"[:60]
    )
