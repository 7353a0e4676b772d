"""Exercises that answer at once: right, or what is wrong, with hints that open one by one and a record of what is solved.

`exercise` runs the reader's function beside a reference, on the same random inputs, new ones each time. What differs is then
named: a shape, a sign, a factor, a sum that is missing. The exercises themselves are data, in ``nnlib.exercises``.
"""

import dis
import inspect
import traceback
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nnlib import exercises, record

DRAWS = 200  # attempts to draw inputs on which every known mistake shows
_opened = {}  # how many hints of each exercise this kernel has shown


# What the reader calls


def exercise(name, function):
    """Print whether the reader's function is right, and if not, what is wrong with it.

    Parameters
    ----------
    name : str
        "2.1" is the first exercise of lesson 2.
    function : callable
        The reader's, by its name and without brackets.
    """
    item = exercises.find(name)
    result = answer(item, function)
    print(result.text)
    if result.state == "unwritten":
        print(f'For a hint, run check.hint("{name}").')
        return
    note = record.note(name, tried=True, solved=result.state == "right")
    if result.state == "right":
        lesson = [other for other in exercises.every() if other.split(".")[0] == str(name).split(".")[0]]
        solved = record.solved()
        if not note:
            note = f"Solved in this lesson: {sum(other in solved for other in lesson)} of {len(lesson)}. check.progress() shows all lessons."
    else:
        print(f'For a hint, run check.hint("{name}").')
    if note:
        print(note)


def hint(name):
    """Show the next hint of an exercise, each time it is called.

    Parameters
    ----------
    name : str
        Like "2.1".
    """
    from IPython.display import display

    item, name = exercises.find(name), str(name)
    shown = _opened.get(name, 0)
    if shown == len(item.hints):
        text = f"There are no more hints for {name}. The solution is folded below the exercise: open *Solution* when you have tried."
    else:
        _opened[name] = shown + 1
        text = f"**Hint {shown + 1} of {len(item.hints)}** for {name}: {item.hints[shown]}"
        note = record.note(name, hints=shown + 1)
        if note:
            print(note)
    display(record.Shown(text, markdown=text))


def progress():
    """What is solved over all lessons: a table in a notebook, text elsewhere."""
    return record.overview()


def reset_progress():
    """Remove the record, and close the hints again. It says what it removed."""
    _opened.clear()
    print(record.remove())


def collect(folder):
    """A table of students by exercises, from the records that they handed in.

    Parameters
    ----------
    folder : path
        With a file for each student: their ``my_progress.json`` under their own name, like ``anna.json``. A file that is no
        record is named and left out.

    Returns
    -------
    collection : Collection
        ``collection.students["anna"]["2.1"]`` has the tries, the hints, and when it was solved. In a notebook it is a table.
    """
    return record.Collection(Path(folder))


# How it finds out


@dataclass(frozen=True)
class Answer:
    """What `exercise` prints, and which of "right", "wrong" and "unwritten" it says."""

    state: str
    text: str


def answer(item, function, rng=None):
    """The `Answer` to a function. It is "right" only if every try gave the right result.

    Parameters
    ----------
    item : Exercise or Project
    function : callable
    rng : numpy.random.Generator, optional
        New entropy if left out.
    """
    rng = np.random.default_rng() if rng is None else rng
    if not callable(function):
        return Answer("wrong", f"Not yet: give the function itself, by its name and without brackets. {_describe(function)} came.")
    name = getattr(function, "__name__", "your function")
    if _is_empty(function):
        return Answer("unwritten", f"Your turn: write {name} in the cell above, and run it. Then run this cell again.")
    unwritten = Answer("unwritten", f"Your turn: {name} returns nothing. Mend that above: is its return missing? Then run this cell again.")
    try:
        if isinstance(item, exercises.Project):
            beaten, text = item.judge(function, rng)
            if beaten is None:
                return unwritten
            return Answer("right", f"Right. {text}") if beaten else Answer("wrong", f"Not yet: {text}")
        tries = _draw_tries(item, rng)
        extreme = [(inputs(rng), where) for inputs, where in item.extreme]
        wrong = _judge(item, function, tries, extreme)
        if wrong and item.untouched and wrong == _judge(item, item.untouched, tries, extreme):
            text = f"Your turn: {name} still has every bug it had. Mend it in the cell above, and run that. Then run this cell again."
            return Answer("unwritten", text)
    except (_Unwritten, NotImplementedError):
        return unwritten
    except Exception as error:
        return Answer("wrong", f"Not yet: {name} {_stopped(error)}")
    if wrong:
        return Answer("wrong", f"Not yet: {wrong}")
    return Answer("right", f"Right. {name} passed all {item.tries + len(extreme)} tries.")


def _is_empty(function):
    """Whether a function does nothing, like one with a docstring and three dots."""
    return inspect.isfunction(function) and _instructions(function) == _instructions(lambda: None)


def _instructions(function):
    return [(step.opname, step.argval) for step in dis.get_instructions(function)]


class _Unwritten(Exception):
    """The function returned nothing at all."""


def _judge(item, function, tries, extreme):
    """What is wrong with a function, in a sentence, or None."""
    for inputs, expected in tries:
        given = deepcopy(inputs)
        try:
            got = function(*given)
        except NotImplementedError:
            raise
        except Exception as error:
            if _right_for_one(item, function, inputs):
                return f"right for a batch of one, but for a batch of {len(inputs[0])} it {_stopped(error)}"
            raise
        if got is None or got is Ellipsis:
            raise _Unwritten
        wrong = compare(got, expected)
        if wrong:
            return _known_mistake(item, function, tries) or _right_numbers(got, expected) or _only_for_one(item, function, inputs) or wrong
        if not _same(inputs, given):
            return "the result is right, but what came in has changed. Leave it as it is, and make a new array."
    for inputs, where in extreme:
        wrong = _at_extreme(function, inputs, item.reference(*deepcopy(inputs)))
        if wrong:
            return f"right in general, but for {where}: {wrong}"
    return None


def _known_mistake(item, function, tries):
    """What to say of the mistake that gives the same as the function on every try; once may be chance."""
    try:
        got = [function(*deepcopy(inputs)) for inputs, _ in tries]
    except Exception:
        return None
    with np.errstate(all="ignore"):
        for mistaken, message in item.mistakes:
            if not any(compare(result, mistaken(*deepcopy(inputs))) for result, (inputs, _) in zip(got, tries)):
                return message
    return None


def _only_for_one(item, function, inputs):
    if _right_for_one(item, function, inputs):
        return f"right for a batch of one, wrong for a batch of {len(inputs[0])}: each row must have its own answer."
    return None


def _right_for_one(item, function, inputs):
    """Whether the function is right for one row; the axis of length 1 may be missing in what it returns."""
    if item.single is None:
        return False
    one = item.single(*inputs)
    expected = item.reference(*deepcopy(one))
    try:
        got = function(*deepcopy(one))
        return compare(got, expected) is None or _right_numbers(got, expected) is not None
    except Exception:
        return False


def _at_extreme(function, inputs, expected):
    try:
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            return compare(function(*deepcopy(inputs)), expected)
    except (ArithmeticError, ValueError) as error:
        return f"{'it overflows' if 'overflow' in str(error) or 'range' in str(error) else 'it breaks down'}: {error}."
    except Exception as error:
        return f"it {_stopped(error)}"


def _draw_tries(item, rng):
    """The inputs of all tries, with the expected results; no constant can meet the first two."""
    tries = [_draw(item, rng) for _ in range(item.tries)]
    for _ in range(DRAWS):
        if compare(tries[0][1], tries[1][1]):
            break
        tries[1] = _draw(item, rng)
    return tries


def _draw(item, rng):
    """Inputs on which every known mistake shows, and each in its own way; and the expected result."""
    for _ in range(DRAWS):
        inputs = item.inputs(rng)
        results = [(None, item.reference(*deepcopy(inputs)))]
        with np.errstate(all="ignore"):
            results += [(message, mistaken(*deepcopy(inputs))) for mistaken, message in item.mistakes]
        pairs = ((a, b) for i, (a, left) in enumerate(results) for b, right in results[:i] if a != b and not compare(left, right))
        if next(pairs, None) is None:
            break
    return inputs, results[0][1]


def _stopped(error):
    """In which line a function stopped, and why."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not frame.filename.startswith(str(Path(__file__).parent)) and frame.line]
    where = f", in the line {own[0].line.strip()}" if own else ""
    return f"stopped with {type(error).__name__}: {error}{where}"


# What differs


def compare(got, expected):
    """What is wrong with a result, in a sentence, or None if it is right. Tuples are compared entry by entry."""
    if isinstance(expected, tuple):
        got = list(got) if isinstance(got, np.ndarray) and got.ndim else got  # it can be unpacked as well
        if not isinstance(got, (tuple, list)) or len(got) != len(expected):
            return f"{len(expected)} values should come back, like return {', '.join('abcdefgh'[: len(expected)])}; {_describe(got)} came."
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


def _right_numbers(got, expected):
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
        return f"an array of shape {got.shape} came; it should be one number."
    if got.ndim == 0:
        return f"one number came; it should be an array of shape {expected.shape}."
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
    return f"{right} of {got.size} numbers are right. The worst{where} is {got[at]:.6g}; it should be {expected[at]:.6g}."


def _close(a, b):
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-5, atol=1e-8, equal_nan=True)


def _same(before, after):
    """Whether nothing in the arguments has changed: arrays, and lists and dictionaries of them."""
    if isinstance(before, np.ndarray):
        return isinstance(after, np.ndarray) and np.array_equal(before, after, equal_nan=True)
    if isinstance(before, (list, tuple)):
        return len(before) == len(after) and all(map(_same, before, after))
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(_same(before[key], after[key]) for key in before)
    return callable(before) or before == after


def _describe(value):
    return f"an array of shape {value.shape}" if isinstance(value, np.ndarray) else f"{type(value).__name__} {value!r}"[:60]
