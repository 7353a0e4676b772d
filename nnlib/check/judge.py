"""The judge of an exercise: it runs the reader's function beside a reference, on new random inputs each time.

A mistake that is known to be made often is named; what else differs is described by `compare`.
"""

import dis
import inspect
import traceback
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nnlib._support.language import say
from nnlib.check import exercises
from nnlib.check.compare import compare, describe, equal, right_numbers

NNLIB = Path(__file__).resolve().parent.parent
DRAWS = 200  # attempts to draw inputs on which every known mistake shows


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
        return Answer(
            "wrong",
            say(
                "Not yet: give the function itself, by its name and without brackets; got {got}.",
                got=describe(function),
            ),
        )
    name = getattr(function, "__name__", say("your function"))
    if _is_empty(function):
        return Answer(
            "unwritten",
            say("Your turn: write {name} in the cell above, and run it. Then run this cell again.", name=name),
        )
    unwritten = Answer(
        "unwritten",
        say(
            "Your turn: {name} returns nothing. Mend that above: is its return missing? Then run this cell again.",
            name=name,
        ),
    )
    try:
        if isinstance(item, exercises.Project):
            beaten, text = item.judge(function, rng)
            if beaten is None:
                return unwritten
            return (
                Answer("right", say("Right. {text}", text=text))
                if beaten
                else Answer("wrong", say("Not yet: {text}", text=text))
            )
        tries = _draw_tries(item, rng)
        extreme = [(inputs(rng), where) for inputs, where in item.extreme]
        wrong = _judge(item, function, tries, extreme)
        if wrong and item.untouched and wrong == _judge(item, item.untouched, tries, extreme):
            text = say(
                "Your turn: {name} still has every bug it had. Mend it in the cell above, and run that. Then "
                "run this cell again.",
                name=name,
            )
            return Answer("unwritten", text)
    except (_UnwrittenError, NotImplementedError):
        return unwritten
    except Exception as error:
        return Answer("wrong", say("Not yet: {name} {stopped}", name=name, stopped=_stopped(error)))
    if wrong:
        return Answer("wrong", say("Not yet: {wrong}", wrong=wrong))
    more = next((say(" {sentence}", sentence=say(text)) for is_due, text, _ in item.second if is_due(function)), "")
    return Answer(
        "right",
        say("Right. {name} passed all {tries} tries.{more}", name=name, tries=item.tries + len(extreme), more=more),
    )


def _is_empty(function):
    """Whether a function does nothing, like one with a docstring and three dots."""
    return inspect.isfunction(function) and _instructions(function) == _instructions(lambda: None)


def _instructions(function):
    return [(step.opname, step.argval) for step in dis.get_instructions(function)]


class _UnwrittenError(Exception):
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
                return say(
                    "right for a batch of one, but for a batch of {count} it {stopped}",
                    count=len(inputs[0]),
                    stopped=_stopped(error),
                )
            raise
        if got is None or got is Ellipsis:
            raise _UnwrittenError
        wrong = compare(got, expected)
        if wrong:
            return (
                _known_mistake(item, function, tries)
                or right_numbers(got, expected)
                or _only_for_one(item, function, inputs)
                or wrong
            )
        if not _same(inputs, given):
            return say("the result is right, but what came in has changed. Leave it as it is, and make a new array.")
    for inputs, where in extreme:
        wrong = _at_extreme(function, inputs, item.reference(*deepcopy(inputs)))
        if wrong:
            return say("right in general, but for {where}: {wrong}", where=say(where), wrong=wrong)
    return None


def _known_mistake(item, function, tries):
    """What to say of the mistake that gives the same as the function on every try; once may be chance."""
    try:
        got = [function(*deepcopy(inputs)) for inputs, _ in tries]
    except Exception:
        return None
    with np.errstate(all="ignore"):
        for mistaken, message in item.mistakes:
            if all(equal(result, mistaken(*deepcopy(inputs))) for result, (inputs, _) in zip(got, tries, strict=True)):
                return say(message)
    return None


def _only_for_one(item, function, inputs):
    if _right_for_one(item, function, inputs):
        return say(
            "right for a batch of one, wrong for a batch of {count}: each row must have its own answer.",
            count=len(inputs[0]),
        )
    return None


def _right_for_one(item, function, inputs):
    """Whether the function is right for one row; the axis of length 1 may be missing in what it returns."""
    if item.single is None:
        return False
    one = item.single(*inputs)
    expected = item.reference(*deepcopy(one))
    try:
        got = function(*deepcopy(one))
        return equal(got, expected) or right_numbers(got, expected) is not None
    except Exception:
        return False


def _at_extreme(function, inputs, expected):
    try:
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            return compare(function(*deepcopy(inputs)), expected)
    except (ArithmeticError, ValueError) as error:
        overflows = "overflow" in str(error) or "range" in str(error)
        return say("it overflows: {error}.", error=error) if overflows else say("it breaks down: {error}.", error=error)
    except Exception as error:
        return say("it {stopped}", stopped=_stopped(error))


def _draw_tries(item, rng):
    """The inputs of all tries, with the expected results; no constant can meet the first two."""
    tries = [_draw(item, rng) for _ in range(item.tries)]
    for _ in range(DRAWS):
        if not equal(tries[0][1], tries[1][1]):
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
        if not any(a != b and equal(left, right) for i, (a, left) in enumerate(results) for b, right in results[:i]):
            break
    return inputs, results[0][1]


def _stopped(error):
    """In which line a function stopped, and why."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not frame.filename.startswith(str(NNLIB)) and frame.line]
    where = say(", in the line {line}", line=own[0].line.strip()) if own else ""
    return say("stopped with {kind}: {error}{where}", kind=type(error).__name__, error=error, where=where)


def _same(before, after):
    """Whether nothing in the arguments has changed: arrays, and lists and dictionaries of them."""
    if isinstance(before, np.ndarray):
        return isinstance(after, np.ndarray) and np.array_equal(before, after, equal_nan=True)
    if isinstance(before, (list, tuple)):
        return len(before) == len(after) and all(map(_same, before, after))
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(_same(before[key], after[key]) for key in before)
    return callable(before) or before == after
