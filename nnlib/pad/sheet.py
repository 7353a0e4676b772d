"""A sheet of digits in the reader's own hand: what to draw next, and a file that keeps what was drawn. Lesson 9.

A sheet that is not full yet lends the digits of a made-up hand, so that the lesson can be read and run without drawing.
"""

import json

import numpy as np

from nnlib._support.arguments import check_number, check_path
from nnlib._support.files import replacing
from nnlib._support.language import say
from nnlib.pad.drawing import check_strokes, strokes_to_image
from nnlib.pad.hands import FORMS, cut_corners

KIND = "nnlib sheet 1"
HABITS = {2: 1, 7: 3, 8: 1, 9: 1}  # the made-up hand's form of a digit in ``FORMS``, where it is not the first
LEAN, TURN = 0.3, 15  # how far it leans to the right for a unit of height, and the degrees that its paper is turned


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
        self.path = check_path(path, "path")
        self.asked = np.random.default_rng(seed).permutation(np.arange(count) % 10).tolist()
        self.drawings, self._images = [], []
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
        self._images += list(_images(self.drawings[len(self._images) :]))  # the others were drawn before
        return np.array(self._images, np.float32).reshape(-1, 784)

    @property
    def labels(self):
        """The digits that were asked for, shape (n,)."""
        return np.array(self.asked[: len(self)], int)

    def digits(self):
        """What was drawn; as long as the sheet is not full, the digits of a made-up hand. One line tells which.

        Returns
        -------
        drawings : list of strokes
        X : float32 array, shape (n, 784)
        y : int array, shape (n,)
            The digits that were asked for.
        """
        if self.next is None:
            print(say("Yours: {count} digits from {path}.", count=len(self), path=self.path.as_posix()))
            return self.drawings, self.images, self.labels
        print(
            say(
                "{path} has {count} of {of} digits; until it is full, a made-up hand stands in.",
                path=self.path.as_posix(),
                count=len(self),
                of=len(self.asked),
            )
        )
        drawings = made_up(self.asked)
        return drawings, _images(drawings), np.array(self.asked)

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
        del self._images[len(self.drawings) :]

    def _write(self, drawings):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(self.path) as file:
            file.write(json.dumps({"kind": KIND, "asked": self.asked, "drawings": drawings}).encode())
        self.drawings = drawings  # only now: what could not be written was not kept


def made_up(asked):
    """Drawings of these digits by a hand that does not exist: it leans, and its paper lies askew.

    It has its habits, such as a long upstroke and a foot for the 1 and a bar for the 7, and draws no digit the same way
    twice. The same digits in the same order give the same drawings.
    """
    rng, drawings = np.random.default_rng(asked), []
    for digit in asked:
        t = np.radians(rng.normal(TURN, 4))
        A = np.array([[1, 0], [-rng.normal(LEAN, 0.08), 1]]) * (rng.uniform(0.8, 1.05), 1)  # slant, and then width
        A = 0.6 * A @ np.array([[np.cos(t), np.sin(t)], [-np.sin(t), np.cos(t)]])
        form = FORMS[digit][HABITS.get(digit, 0)]
        strokes = [cut_corners((np.array(points) + rng.normal(0, 0.03, (len(points), 2))) @ A) for points in form]
        points = np.concatenate(strokes)
        middle = (points.min(axis=0) + points.max(axis=0)) / 2
        drawings.append([(stroke - middle + 0.5).round(4).tolist() for stroke in strokes])
    return drawings


def _images(drawings):
    """The images of drawings, float32, shape (n, 784)."""
    return np.array([strokes_to_image(strokes).ravel() for strokes in drawings], np.float32).reshape(-1, 784)


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
