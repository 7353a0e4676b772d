"""The exercises of the lessons, as data: what is asked for, what goes wrong most often, and hints.

Each lesson's exercises are in a module of their own. `nnlib.check` compares, answers, opens hints and keeps the record.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass

from nnlib._support.language import later

LESSONS = {
    1: later("The forward pass"),
    2: later("Backpropagation"),
    3: later("Is the gradient right?"),
    4: later("Training"),
    5: later("Evaluation"),
    6: later("Learning better"),
    7: later("Generalising"),
    8: later("From pen to pixels"),
    9: later("The drawing canvas"),
}


@dataclass(frozen=True)
class Exercise:
    """A function to write or to mend, found right or wrong by comparison with a reference on random inputs.

    Attributes
    ----------
    title : str
    hints : tuple of str
        In Markdown, from a nudge to nearly the answer.
    reference : callable
        What the reader's function should return.
    inputs : callable
        From a random generator to the tuple of arguments of one try.
    mistakes : tuple of (callable, str)
        Functions with a well-known mistake, and what to tell whoever made it.
    untouched : callable, optional
        The function as the notebook has it, where it stands there with bugs. The answer to it names no bug.
    single : callable, optional
        From a try's arguments to those of a batch of one, to tell what is right for one image and wrong for a batch.
    extreme : tuple of (callable, str)
        Inputs like ``inputs`` at the edge, where numbers overflow or a case is rare, and their name: "−1000".
    second : tuple of (callable, str, callable)
        A second sentence for a right answer that could be shorter or faster: from the reader's function to whether it
        is due (`written.loops`), the sentence, and a right function that gets it.
    tries : int
    """

    title: str
    hints: tuple
    reference: Callable
    inputs: Callable
    mistakes: tuple = ()
    untouched: Callable | None = None
    single: Callable | None = None
    extreme: tuple = ()
    second: tuple = ()
    tries: int = 5


@dataclass(frozen=True)
class Project:
    """A number to beat, or a riddle: what the reader's function makes is measured, or what it says is looked up.

    Attributes
    ----------
    title : str
    hints : tuple of str
        In Markdown.
    judge : callable
        From the reader's function and a random generator to (bool, str): beaten or not, and the measured numbers or
        what is wrong. ``None`` in place of the bool: the function is not written yet.
    """

    title: str
    hints: tuple
    judge: Callable


def every():
    """All exercises in the order of the lessons, as a dictionary from names like "2.1"."""
    return {f"{lesson}.{number}": item for lesson in LESSONS for number, item in _of(lesson).items()}


def find(name):
    """The exercise of a name like "2.1": lesson 2, exercise 1."""
    found = every()
    if str(name) not in found:
        raise ValueError(f'name must be the name of an exercise, like "2.1": one of {", ".join(found)}; got {name!r}.')
    return found[str(name)]


def _of(lesson):
    return importlib.import_module(f"nnlib.check.exercises.lesson{lesson}").EXERCISES
