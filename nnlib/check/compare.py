"""What is wrong with a result, in a sentence: a shape, a sign, a factor, a sum that is missing."""

import numpy as np

from nnlib._support.language import say


def equal(got, expected):
    """Whether a result is the expected one, but for rounding. Tuples are compared entry by entry."""
    if isinstance(expected, tuple):
        got = _unpacked(got)
        return isinstance(got, (tuple, list)) and len(got) == len(expected) and all(map(equal, got, expected))
    try:
        return _close(np.asarray(got, dtype=float), np.asarray(expected, dtype=float))
    except (TypeError, ValueError):
        return False


def compare(got, expected):
    """What is wrong with a result, in a sentence, or None if it is `equal` to the expected one."""
    if equal(got, expected):
        return None
    if isinstance(expected, tuple):
        got = _unpacked(got)
        if not isinstance(got, (tuple, list)) or len(got) != len(expected):
            return say(
                "{count} values should come back, like return {letters}; got {got}.",
                count=len(expected),
                letters=", ".join("abcdefgh"[: len(expected)]),
                got=describe(got),
            )
        i, wrong = next((i, wrong) for i, wrong in enumerate(map(compare, got, expected), start=1) if wrong)
        return say("value {i} of {count}: {wrong}", i=i, count=len(expected), wrong=wrong)
    try:
        got = np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        return say("a number or an array should come back; got {got}.", got=describe(got))
    expected = np.asarray(expected, dtype=float)
    if got.shape != expected.shape:
        return _wrong_shape(got, expected)
    if not np.isfinite(got).all():
        return say(
            "{count} of {size} numbers are NaN or infinite.", count=np.count_nonzero(~np.isfinite(got)), size=got.size
        )
    return _wrong_values(got, expected)


def _unpacked(got):
    return list(got) if isinstance(got, np.ndarray) and got.ndim else got  # an array can be unpacked as well


def right_numbers(got, expected):
    """What to say if only the shape is wrong; None otherwise."""
    try:
        got = np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        return None
    if isinstance(expected, tuple) or got.shape == np.shape(expected) or got.size != np.size(expected):
        return None
    if not equal(got.reshape(np.shape(expected)), expected):
        return None
    return say("the numbers are right, but {shapes}", shapes=_two_shapes(got, np.asarray(expected)))


def _two_shapes(got, expected):
    if expected.ndim == 0:
        return say("it should be one number; got an array of shape {got}.", got=got.shape)
    if got.ndim == 0:
        return say("it should be an array of shape {expected}; got one number.", expected=expected.shape)
    return say("the shape is {got}; it should be {expected}.", got=got.shape, expected=expected.shape)


def _wrong_shape(got, expected):
    text = _two_shapes(got, expected)
    for axis in range(got.ndim):
        if _close(got.sum(axis=axis), expected):
            return say("{text} A sum over axis {axis} is missing.", text=text, axis=axis)
        if _close(got.mean(axis=axis), expected):
            return say("{text} A mean over axis {axis} is missing.", text=text, axis=axis)
    if got.ndim == 2 and got.T.shape == expected.shape and _close(got.T, expected):
        return say("{text} It is the transpose of the right answer.", text=text)
    return text


def _wrong_values(got, expected):
    if _close(got, -expected):
        return say("the sign is wrong: every number is the negative of the right one.")
    if got.ndim == 2 and got.shape[0] == got.shape[1] and _close(got.T, expected):
        return say("it is the transpose of the right answer.")
    largest = np.unravel_index(np.abs(expected).argmax(), expected.shape)
    if expected[largest] != 0 and got.size > 1:  # of a single number there is always such a factor
        factor = got[largest] / expected[largest]
        if factor != 0 and _close(got, factor * expected):
            return say(
                "every number is {factor:.4g} times the right one: a factor is missing, or there is one too many.",
                factor=factor,
            )
    at = np.unravel_index(np.abs(got - expected).argmax(), got.shape)
    where = say(" at [{place}]", place=", ".join(map(str, at))) if at else ""
    right = np.count_nonzero(np.isclose(got, expected, rtol=1e-5, atol=1e-8))
    if got.size == 1:
        return say("it is {got:.6g}; it should be {expected:.6g}.", got=got[at], expected=expected[at])
    return say(
        "{right} of {size} numbers are right. The worst{where} is {got:.6g}; it should be {expected:.6g}.",
        right=right,
        size=got.size,
        where=where,
        got=got[at],
        expected=expected[at],
    )


def _close(a, b):
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-5, atol=1e-8, equal_nan=True)


def describe(value):
    """What came back, in a few words."""
    return (
        say("an array of shape {shape}", shape=value.shape)
        if isinstance(value, np.ndarray)
        else f"{type(value).__name__} {value!r}"[:60]
    )
