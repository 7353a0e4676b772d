"""A sheet of digits in the reader's own hand: what to draw next, and a file that keeps what was drawn. Lesson 9."""

import json
from pathlib import Path

import numpy as np

from nnlib._support.arguments import check_number
from nnlib._support.files import replacing
from nnlib.pad.drawing import check_strokes, strokes_to_image

KIND = "nnlib sheet 1"


class Sheet:
    """Digits to draw, one after another, in an order that nobody can guess. Lesson 9.

    Every digit is asked for as often as any other. What is kept is written to the file at once: a sheet with the same
    path goes on where it was.

    Parameters
    ----------
    path : path
        Of a JSON file; its folder is made if it is missing. If the file is there, it is read, and ``count`` and
        ``seed`` are those that it began with.
    count : int
        Digits in all.
    seed : int
        Decides the order.

    Attributes
    ----------
    asked : list of int
        What is to be drawn, in order.
    drawings : list of strokes
        What was drawn so far; x and y from 0 to 1 across the pad, y downwards.

    Raises
    ------
    ValueError
        The file is there and is no sheet. It is left as it is.
    """

    def __init__(self, path, count=50, seed=0):
        check_number(count, "count", low=1, integer=True)
        check_number(seed, "seed", low=0, integer=True)
        self.path = Path(path)
        self.asked = np.random.default_rng(seed).permutation(np.arange(count) % 10).tolist()
        self.drawings = []
        if self.path.exists():
            self.asked, self.drawings = _read(self.path)

    def __len__(self):
        return len(self.drawings)

    def __repr__(self):
        return f"Sheet({str(self.path)!r}, {len(self)} of {len(self.asked)} drawn)"

    @property
    def next(self):
        """The digit to draw now; None if all are drawn."""
        return self.asked[len(self)] if len(self) < len(self.asked) else None

    @property
    def images(self):
        """The images of what was drawn, float32, shape (n, 784), as `strokes_to_image` makes them."""
        return np.array([strokes_to_image(strokes).ravel() for strokes in self.drawings], np.float32).reshape(-1, 784)

    @property
    def labels(self):
        """The digits that were asked for, shape (n,)."""
        return np.array(self.asked[: len(self)], int)

    def keep(self, strokes):
        """Keep these strokes as the digit that was asked for, and write the file."""
        if self.next is None:
            raise ValueError(
                f"All {len(self.asked)} digits of {self.path} are drawn. Take one back, or name another file."
            )
        strokes = [stroke.round(4).tolist() for stroke in check_strokes(strokes)]
        if not strokes:
            raise ValueError("There is nothing to keep: draw a digit first.")
        self._write([*self.drawings, strokes])

    def take_back(self):
        """Take the last drawing away, and write the file."""
        if not self.drawings:
            raise ValueError(f"There is nothing to take back: {self.path} has no drawing yet.")
        self._write(self.drawings[:-1])

    def _write(self, drawings):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(self.path) as file:
            file.write(json.dumps({"kind": KIND, "asked": self.asked, "drawings": drawings}).encode())
        self.drawings = drawings  # only now: what could not be written was not kept


def _read(path):
    """The digits asked for and the drawings of a file, or a ValueError that says what is wrong with it."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["kind"] != KIND:
            raise ValueError(f"its kind is {content['kind']!r}")
        asked = [check_number(digit, "a digit", low=0, high=10, integer=True) for digit in content["asked"]]
        drawings = [[stroke.tolist() for stroke in check_strokes(strokes)] for strokes in content["drawings"]]
        if len(drawings) > len(asked) or not all(drawings):
            raise ValueError("it has a drawing that is empty, or more drawings than digits")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(
            f"{path} is no sheet that nnlib wrote ({error}). Name another file, or move it away."
        ) from error
    return asked, drawings
