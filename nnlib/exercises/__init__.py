"""Exercises: the reader writes a function, and a cell says at once whether it is right, or what is wrong.

Each lesson's exercises are in a module of their own. The answers are found by running the reader's function beside
a reference on the same random inputs; what differs is then named: a shape, a sign, a factor, a sum that is missing.
"""

import importlib
from copy import deepcopy
from dataclasses import dataclass
from typing import Callable

import numpy as np


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes
    ----------
    reference : callable
        What the reader's function should return.
    inputs : callable
        From a random generator to the tuple of arguments of one try.
    mistakes : tuple of (callable, str)
        Functions with a well-known mistake, and what to tell whoever made it.
    tries : int
    """

    reference: Callable
    inputs: Callable
    mistakes: tuple = ()
    tries: int = 5


def find(name):
    """The exercise of a name like "2.1": lesson 2, exercise 1."""
    lesson, _, number = name.partition(".")
    exercises = importlib.import_module(f"nnlib.exercises.lesson{lesson}").EXERCISES
    return exercises[int(number)]


def check(name, function):
    """Print whether the reader's function is right, and if not, what is wrong with it.

    Parameters
    ----------
    name : str
        "2.1" is the first exercise of lesson 2.
    function : callable
        The reader's.
    """
    print(answer(find(name), function))


def answer(exercise, function):
    """What `check` prints, as a string. It starts with "Right" only if every try gave the right result."""
    rng = np.random.default_rng(0)
    name = getattr(function, "__name__", "your function")
    for _ in range(exercise.tries):
        inputs = exercise.inputs(rng)
        given = deepcopy(inputs)
        expected = exercise.reference(*deepcopy(inputs))
        try:
            got = function(*given)
        except NotImplementedError:
            return f"Not yet: write {name}, run its cell, then run this one again."
        except Exception as error:
            return f"Not yet: {name} stopped with {type(error).__name__}: {error}"
        if got is None or got is Ellipsis:
            return f"Not yet: {name} returns nothing. Write it, end it with return, run its cell, then run this one again."
        wrong = compare(got, expected)
        if wrong:
            for mistaken, message in exercise.mistakes:
                if not compare(got, mistaken(*deepcopy(inputs))):
                    return f"Not yet: {message}"
            return f"Not yet: {wrong}"
        if not all(_same(before, after) for before, after in zip(inputs, given)):
            return f"Not yet: the result is right, but {name} changes the array that it was given. Make a new one."
    return f"Right. {name} passed all {exercise.tries} tries."


def compare(got, expected):
    """What is wrong with a result, in a sentence, or None if it is right. Tuples are compared entry by entry."""
    if isinstance(expected, tuple):
        if not isinstance(got, tuple) or len(got) != len(expected):
            return f"{len(expected)} values should come back, like return a, b; {_describe(got)} came."
        for i, (g, e) in enumerate(zip(got, expected), start=1):
            wrong = compare(g, e)
            if wrong:
                return f"value {i} of {len(expected)}: {wrong}"
        return None
    try:
        got = np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        return f"a number or an array should come back; {_describe(got)} came."
    expected = np.asarray(expected, dtype=float)
    if got.shape != expected.shape:
        return _wrong_shape(got, expected)
    if _close(got, expected):
        return None
    if not np.isfinite(got).all():
        return f"{np.count_nonzero(~np.isfinite(got))} of {got.size} numbers are NaN or infinite."
    return _wrong_values(got, expected)


def _wrong_shape(got, expected):
    text = f"the shape is {got.shape}; it should be {expected.shape}."
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
    if expected[largest] != 0:
        factor = got[largest] / expected[largest]
        if factor != 0 and _close(got, factor * expected):
            return f"every number is {factor:.4g} times the right one: a factor is missing, or there is one too many."
    at = np.unravel_index(np.abs(got - expected).argmax(), got.shape)
    where = f" at [{', '.join(map(str, at))}]" if at else ""
    right = np.count_nonzero(np.isclose(got, expected, rtol=1e-5, atol=1e-8))
    return f"{right} of {got.size} numbers are right. The worst{where} is {got[at]:.6g}; it should be {expected[at]:.6g}."


def _close(a, b):
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-5, atol=1e-8)


def _same(before, after):
    return not isinstance(before, np.ndarray) or np.array_equal(before, after, equal_nan=True)


def _describe(value):
    return f"an array of shape {value.shape}" if isinstance(value, np.ndarray) else f"{type(value).__name__} {value!r}"[:60]
