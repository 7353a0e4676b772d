"""What MNIST lacks: hands that its writers did not have, and drawings that are no digits. Lesson 7.

MNIST's digits were written in the United States. Elsewhere a 1 has a long upstroke, a 7 a bar, and a 0 may have a
slash. We draw these strokes onto MNIST's own digits. And we make drawings that are no digit at all, scribbles and
letters, so that a network can learn to be unsure of them.
"""

import numpy as np

from nnlib.drawing import draw, picture_to_image, strokes_to_image

# Letters that no digit resembles, as strokes through points (x, y) of a square, y downwards.
LETTERS = {
    "A": [[(0, 1), (0.5, 0), (1, 1)], [(0.2, 0.6), (0.8, 0.6)]],
    "E": [[(1, 0), (0, 0), (0, 1), (1, 1)], [(0, 0.5), (0.8, 0.5)]],
    "F": [[(1, 0), (0, 0), (0, 1)], [(0, 0.5), (0.8, 0.5)]],
    "H": [[(0, 0), (0, 1)], [(1, 0), (1, 1)], [(0, 0.5), (1, 0.5)]],
    "K": [[(0, 0), (0, 1)], [(1, 0), (0, 0.55), (1, 1)]],
    "M": [[(0, 1), (0.1, 0), (0.5, 0.7), (0.9, 0), (1, 1)]],
    "N": [[(0, 1), (0, 0), (1, 1), (1, 0)]],
    "R": [[(0, 1), (0, 0), (0.7, 0), (0.9, 0.25), (0.7, 0.5), (0, 0.5)], [(0.4, 0.5), (1, 1)]],
    "T": [[(0, 0), (1, 0)], [(0.5, 0), (0.5, 1)]],
    "W": [[(0, 0), (0.25, 1), (0.5, 0.3), (0.75, 1), (1, 0)]],
    "X": [[(0, 0), (1, 1)], [(1, 0), (0, 1)]],
    "Y": [[(0, 0), (0.5, 0.5), (1, 0)], [(0.5, 0.5), (0.5, 1)]],
    "h": [[(0, 0), (0, 1)], [(0, 0.6), (0.4, 0.45), (0.7, 0.6), (0.7, 1)]],
    "m": [[(0, 1), (0, 0.3), (0.4, 0.3), (0.5, 1)], [(0.5, 0.5), (0.9, 0.3), (1, 1)]],
    "p": [[(0, 0.2), (0, 1.2)], [(0, 0.3), (0.5, 0.2), (0.6, 0.5), (0.4, 0.7), (0, 0.6)]],
    "k": [[(0, 0), (0, 1)], [(0.6, 0.4), (0, 0.7), (0.6, 1)]],
}


def other_hands(X, y, rng):
    """Every 0 with a slash, every 1 with an upstroke (some with a foot) and every 7 with a bar.

    Parameters
    ----------
    X : float32 array, shape (n, 784)
    y : int array, shape (n,)
    rng : numpy.random.Generator
        Where the strokes begin and end, and how wide the pen is.

    Returns
    -------
    X_new : float32 array, shape (m, 784)
        One image for each 0, 1 and 7 of X, after the steps of lesson 7.
    y_new : int array, shape (m,)
    """
    added = {0: _slash, 1: _upstroke, 7: _bar}
    chosen = np.flatnonzero(np.isin(y, list(added)))
    images = np.empty((len(chosen), 784), np.float32)
    for row, i in enumerate(chosen):
        digit = X[i].reshape(28, 28)
        strokes = [np.array(points) for points in added[y[i]](_Ink(digit), rng)]
        images[row] = picture_to_image(np.maximum(digit, draw(strokes, rng.uniform(1.6, 3.0)))).ravel()
    return images, y[chosen]


class _Ink:
    """Where the ink of a digit is: its bounding box, and the middle of its first, last or any row."""

    def __init__(self, digit):
        self.digit = digit
        rows, columns = np.nonzero(digit > 0.3)
        self.top, self.bottom, self.left, self.right = rows.min(), rows.max(), columns.min(), columns.max()
        self.height, self.width = self.bottom - self.top, self.right - self.left

    def middle(self, row):
        """The mean column of the ink in a row; that of the box where the row has none."""
        ink = self.digit[int(np.clip(round(row), 0, 27))]
        return float(ink @ np.arange(28) / ink.sum()) if ink.sum() > 0 else (self.left + self.right) / 2


def _slash(ink, rng):
    x, y = (ink.left + ink.right) / 2, (ink.top + ink.bottom) / 2
    beyond = rng.uniform(0.7, 1.6, 2)  # how far to either side, in half-widths
    rise = 0.15 * rng.uniform(-1, 1) if rng.random() < 0.25 else rng.uniform(0.5, 1.1)  # one in four lies level
    half = ink.height / 2 * rise
    return [[(x - beyond[0] * ink.width / 2, y + half * beyond[0]), (x + beyond[1] * ink.width / 2, y - half * beyond[1])]]


def _upstroke(ink, rng):
    x, y = ink.middle(ink.top + 0.5), ink.top + 0.5
    length, angle = ink.height * rng.uniform(0.2, 0.7), np.radians(rng.uniform(25, 80))
    strokes = [[(x, y), (x - length * np.sin(angle), y + length * np.cos(angle))]]
    if rng.random() < 0.35:
        foot, half = ink.middle(ink.bottom - 0.5), rng.uniform(3, 6)
        tilt = rng.uniform(-0.7, 0.7, 2)
        strokes.append([(foot - half, ink.bottom + tilt[0]), (foot + half * rng.uniform(0.6, 1.1), ink.bottom + tilt[1])])
    return strokes


def _bar(ink, rng):
    y = ink.top + ink.height * rng.uniform(0.4, 0.65)
    x, half, tilt = ink.middle(y), rng.uniform(2.5, 5.5), rng.uniform(-1.5, 1.5)
    return [[(x - half, y + tilt), (x + half * rng.uniform(0.6, 1.1), y - tilt)]]


def rubbish(n, rng):
    """n drawings that are no digits, shape (n, 784): scribbles, tangles of lines, letters, dots and blots."""
    kinds = [_scribble, _lines, _letter, _letter, _dots]
    pens = rng.uniform(1.6, 3.0, n)
    return np.array([strokes_to_image(kinds[i % len(kinds)](rng), pen).ravel() for i, pen in enumerate(pens)])


def _scribble(rng):
    """A pen that wanders: its direction turns a little, or a lot, with each step."""
    turns = rng.normal(rng.uniform(-0.4, 0.4), rng.uniform(0.3, 1.5), rng.integers(60, 200))
    angle = np.cumsum(turns)
    return [np.cumsum(np.stack([np.cos(angle), np.sin(angle)], axis=1), axis=0)]


def _lines(rng):
    return [rng.random((rng.integers(2, 4), 2)) for _ in range(rng.integers(3, 7))]


def _letter(rng):
    strokes = LETTERS[rng.choice(list(LETTERS))]
    A = np.eye(2) + rng.normal(0, 0.15, (2, 2))  # slant, size and proportions
    return [(np.array(stroke) + rng.normal(0, 0.05, (len(stroke), 2))) @ A for stroke in strokes]


def _dots(rng):
    return [[point] for point in rng.random((rng.integers(1, 4), 2))]
