"""What MNIST lacks: hands that its writers did not have, and drawings that are no digits. Lesson 8.

MNIST's digits were written in the United States. Elsewhere a 1 has a long upstroke, a 7 a bar, and a 0 may have a
slash. We draw these strokes onto MNIST's own digits, and we draw whole digits in such forms from strokes. And we make
drawings that are no digit at all, scribbles, letters and signs, so that a network can learn to be unsure of them.
"""

import numpy as np

from nnlib.pad.drawing import draw, picture_to_image, strokes_to_image

# Letters and signs that no digit resembles, as strokes through points (x, y) of a square, y downwards.
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
    "a": [[(0.6, 0.1), (0.2, 0), (0, 0.5), (0.2, 1), (0.6, 0.6), (0.6, 0), (0.65, 0.9), (0.9, 1)]],
    "e": [[(0, 0.5), (0.9, 0.4), (0.5, 0), (0, 0.4), (0.3, 1), (1, 0.8)]],
    "r": [[(0, 0), (0, 1)], [(0, 0.3), (0.3, 0), (0.7, 0.1)]],
    "t": [[(0.4, 0), (0.4, 0.8), (0.6, 1), (0.8, 0.9)], [(0, 0.35), (0.8, 0.35)]],
    "u": [[(0, 0), (0.1, 0.9), (0.5, 0.9), (0.7, 0), (0.7, 1)]],
    "alpha": [[(1, 0), (0.5, 1), (0, 0.6), (0.4, 0), (1, 1)]],
    "gamma": [[(0, 1), (0, 0), (0.7, 0)]],
    "lambda": [[(0, 0), (0.9, 1)], [(0.45, 0.5), (0, 1)]],
    "pi": [[(0, 0), (1, 0)], [(0.25, 0), (0.2, 1)], [(0.75, 0), (0.8, 1)]],
    "sigma": [[(0.8, 0), (0, 0), (0.5, 0.5), (0, 1), (0.8, 1)]],
    "psi": [[(0, 0), (0.1, 0.5), (0.5, 0.6), (0.9, 0.5), (1, 0)], [(0.5, 0), (0.5, 1)]],
    "sharp": [[(0.3, 0), (0.2, 1)], [(0.8, 0), (0.7, 1)], [(0, 0.35), (1, 0.3)], [(0, 0.7), (1, 0.65)]],
    "equals": [[(0, 0), (1, 0)], [(0, 0.5), (1, 0.5)]],
    "per cent": [[(1, 0), (0, 1)], [(0.1, 0.1), (0.3, 0.1), (0.2, 0.3), (0.1, 0.1)],
        [(0.8, 0.8), (1, 0.8), (0.9, 1), (0.8, 0.8)]],
    "ampersand": [[(1, 1), (0.2, 0.2), (0.4, 0), (0.6, 0.2), (0, 0.7), (0.3, 1), (0.9, 0.6)]],
    "asterisk": [[(0.5, 0), (0.5, 1)], [(0, 0.25), (1, 0.75)], [(1, 0.25), (0, 0.75)]],
    "exclamation mark": [[(0, 0), (0, 0.7)], [(0, 1)]],
    "tick": [[(0, 0.6), (0.3, 1), (1, 0)]],
    "zigzag": [[(0, 0.5), (0.2, 0), (0.4, 0.5), (0.6, 0), (0.8, 0.5), (1, 0)]],
    "square": [[(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]],
    "crossed square": [[(0, 0), (1, 0), (1, 1), (0, 1), (0, 0), (1, 1)], [(1, 0), (0, 1)]],
    "diamond": [[(0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5), (0.5, 0)]],
    "hourglass": [[(0, 0), (1, 0), (0, 1), (1, 1), (0, 0)]],
    "fish": [[(1, 0), (0.3, 0.6), (0, 0.3), (0.3, 0), (1, 0.6), (1, 0)]],
    "flag": [[(0, 1), (0, 0), (0.8, 0.25), (0, 0.5)]],
    "moon": [[(0.5, 0), (0.1, 0.3), (0.1, 0.7), (0.5, 1), (0.3, 0.5), (0.5, 0)]],
    "face": [[(0.5, 0), (0, 0.5), (0.5, 1), (1, 0.5), (0.5, 0)], [(0.35, 0.35)], [(0.65, 0.35)],
        [(0.3, 0.6), (0.5, 0.75), (0.7, 0.6)]],
    "umbrella": [[(0, 0.5), (0.2, 0.1), (0.8, 0.1), (1, 0.5), (0, 0.5)], [(0.5, 0.5), (0.5, 1), (0.3, 0.9)]],
    "crown": [[(0, 1), (0, 0), (0.3, 0.5), (0.5, 0), (0.7, 0.5), (1, 0), (1, 1), (0, 1)]],
    "tree": [[(0.5, 0), (0, 0.7), (1, 0.7), (0.5, 0)], [(0.5, 0.7), (0.5, 1)]],
}  # fmt: skip


# Forms of digits, in the same square: as taught outside MNIST's country, or as a pen makes them in a hurry.
FORMS = {
    0: [
        [[(0.4, 0), (0.05, 0.2), (0, 0.7), (0.3, 1), (0.65, 0.7), (0.6, 0.2), (0.3, 0)]],
        [[(0.4, 0), (0.05, 0.2), (0, 0.7), (0.3, 1), (0.65, 0.7), (0.6, 0.2), (0.3, 0)],
         [(0, 0.9), (0.7, 0.1)]],  # a slash
        [[(0.35, 0), (0.05, 0.25), (0.05, 0.75), (0.3, 1), (0.6, 0.7), (0.6, 0.25), (0.35, 0)],
         [(0.4, -0.1), (0.3, 1.1)]],  # a slash from top to bottom
    ],
    1: [
        [[(0, 0.35), (0.35, 0), (0.35, 1)]],  # an upstroke
        [[(0.1, 0.25), (0.35, 0), (0.3, 1)]],  # a short one
        [[(0, 0.3), (0.35, 0), (0.35, 1)], [(0, 1), (0.7, 1)]],  # an upstroke and a foot
    ],
    2: [
        [[(0, 0.2), (0.3, 0), (0.6, 0.25), (0.4, 0.6), (0, 1), (0.7, 1)]],
        [[(0, 0.2), (0.3, 0), (0.5, 0.25), (0.3, 0.6), (0, 0.95), (0.1, 0.75), (0.4, 0.95), (0.8, 0.95)]],  # a loop
    ],
    3: [
        [[(0, 0.1), (0.4, 0), (0.6, 0.2), (0.25, 0.45), (0.65, 0.65), (0.4, 1), (0, 0.9)]],
        [[(0, 0), (0.7, 0), (0.3, 0.4), (0.7, 0.6), (0.6, 0.95), (0, 1)]],  # a flat top
    ],
    4: [
        [[(0.25, 0), (0, 0.6), (0.8, 0.6)], [(0.6, 0.2), (0.6, 1)]],  # open
        [[(0.1, 0), (0, 0.5), (0.8, 0.5)], [(0.65, 0), (0.6, 1)]],  # open, both strokes tall
        [[(0.3, 0), (0, 0.7), (1, 0.7)], [(0.55, 0.35), (0.5, 1)]],  # open, a long bar
        [[(0.6, 1), (0.6, 0), (0, 0.6), (0.9, 0.6)]],  # closed
        [[(0.5, 0), (0, 0.6), (0.6, 0.6), (0.5, 1)]],  # in one stroke, the bar crosses nothing
        [[(0.5, 0), (0.05, 0.5), (0.7, 0.55)], [(0.6, 0.1), (0.55, 1)]],  # almost closed
    ],
    5: [
        [[(0.7, 0), (0.1, 0), (0.05, 0.45), (0.5, 0.4), (0.7, 0.7), (0.4, 1), (0, 0.9)]],
        [[(0.1, 0), (0.05, 0.45), (0.5, 0.4), (0.7, 0.7), (0.4, 1), (0, 0.95)], [(0.1, 0), (0.8, 0)]],  # in two strokes
        [[(0.7, 0.05), (0.25, 0), (0.1, 0.3), (0.6, 0.55), (0.45, 0.95), (0, 1)]],  # without a corner, like an S
    ],
    6: [
        [[(0.5, 0), (0.1, 0.4), (0, 0.75), (0.3, 1), (0.6, 0.75), (0.35, 0.5), (0.05, 0.75)]],
        [[(0.8, 0), (0.2, 0.1), (0, 0.6), (0.3, 1), (0.8, 0.95), (0.85, 0.55), (0.1, 0.6)]],  # wide
        [[(0.4, 0), (0.1, 0.25), (0, 0.7), (0.3, 1), (0.6, 0.7), (0.4, 0.35), (0.05, 0.5)]],  # a large loop
    ],
    7: [
        [[(0, 0), (0.7, 0), (0.3, 1)]],
        [[(0, 0.2), (0.05, 0), (0.7, 0), (0.3, 1)]],  # a serif
        [[(0, 0), (0.7, 0), (0.3, 1)], [(0.15, 0.5), (0.7, 0.5)]],  # a bar
        [[(0, 0.2), (0.05, 0), (0.7, 0), (0.3, 1)], [(0.15, 0.5), (0.7, 0.5)]],  # a bar and a serif
        [[(0, 0.2), (0.1, 0), (0.6, 0.05), (0.65, 0.25), (0.3, 1)], [(0.1, 0.55), (0.75, 0.5)]],  # the same, round
    ],
    8: [
        [[(0.6, 0.15), (0.3, 0), (0.05, 0.2), (0.55, 0.65), (0.35, 1), (0, 0.8), (0.55, 0.3), (0.6, 0.1)]],
        [[(0.3, 0), (0.05, 0.25), (0.3, 0.45), (0.55, 0.2), (0.3, 0)],
         [(0.3, 0.45), (0, 0.75), (0.3, 1), (0.6, 0.75), (0.3, 0.45)]],
    ],
    9: [
        [[(0.55, 0.15), (0.2, 0), (0, 0.3), (0.25, 0.5), (0.55, 0.15), (0.5, 1)]],
        [[(0.35, 0.1), (0.1, 0), (0, 0.25), (0.15, 0.45), (0.35, 0.15), (0.3, 1)]],  # narrow
        [[(0.55, 0.1), (0.2, 0), (0, 0.3), (0.25, 0.5), (0.55, 0.15), (0.5, 0.85), (0.3, 1), (0, 0.9)]],  # a tail
    ],
}  # fmt: skip


def drawn_hands(n, rng):
    """N digits in the forms of ``FORMS``, each form as often as any other, drawn with pens of all widths.

    Returns
    -------
    X : float32 array, shape (n, 784)
    y : int array, shape (n,)
    """
    forms = [(digit, strokes) for digit, forms in FORMS.items() for strokes in forms]
    X = np.array([strokes_to_image(_jotted(forms[i % len(forms)][1], rng), _pen(rng)).ravel() for i in range(n)])
    return X, np.array([forms[i % len(forms)][0] for i in range(n)])


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
        One image for each 0, 1 and 7 of X, after the steps of lesson 8.
    y_new : int array, shape (m,)
    """
    added = {0: _slash, 1: _upstroke, 7: _bar}
    chosen = np.flatnonzero(np.isin(y, list(added)))
    images = np.empty((len(chosen), 784), np.float32)
    for row, i in enumerate(chosen):
        digit = X[i].reshape(28, 28)
        strokes = [np.array(points) for points in added[y[i]](_Ink(digit), rng)]
        images[row] = picture_to_image(np.maximum(digit, draw(strokes, _pen(rng)))).ravel()
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
    return [
        [(x - beyond[0] * ink.width / 2, y + half * beyond[0]), (x + beyond[1] * ink.width / 2, y - half * beyond[1])]
    ]


def _upstroke(ink, rng):
    x, y = ink.middle(ink.top + 0.5), ink.top + 0.5
    length, angle = ink.height * rng.uniform(0.2, 0.7), np.radians(rng.uniform(25, 80))
    strokes = [[(x, y), (x - length * np.sin(angle), y + length * np.cos(angle))]]
    if rng.random() < 0.35:
        foot, half = ink.middle(ink.bottom - 0.5), rng.uniform(3, 6)
        tilt = rng.uniform(-0.7, 0.7, 2)
        strokes.append(
            [(foot - half, ink.bottom + tilt[0]), (foot + half * rng.uniform(0.6, 1.1), ink.bottom + tilt[1])]
        )
    return strokes


def _bar(ink, rng):
    y = ink.top + ink.height * rng.uniform(0.4, 0.65)
    x, half, tilt = ink.middle(y), rng.uniform(2.5, 5.5), rng.uniform(-1.5, 1.5)
    return [[(x - half, y + tilt), (x + half * rng.uniform(0.6, 1.1), y - tilt)]]


def rubbish(n, rng):
    """N drawings that are no digits, shape (n, 784): scribbles, lines, polygons, letters, signs, pairs, dots."""
    kinds = [_scribble, _lines, _polygon, _letter, _letter, _letter, _pair, _dots]
    return np.array([strokes_to_image(kinds[i % len(kinds)](rng), _pen(rng)).ravel() for i in range(n)])


def _pen(rng):
    """A width of the pen, in pixels."""
    return rng.uniform(1.5, 4.0)


def _jotted(strokes, rng):
    """Strokes as a hand would set them down: off their places, slanted and stretched, and often with round corners."""
    A = (np.eye(2) + rng.normal(0, 0.15, (2, 2))) * (rng.uniform(0.75, 1.25), 1)  # slant, and then width
    strokes = [(np.array(stroke) + rng.normal(0, 0.05, (len(stroke), 2))) @ A for stroke in strokes]
    return [cut_corners(stroke) for stroke in strokes] if rng.random() < 0.6 else strokes


def cut_corners(stroke, times=3):
    """Cut the corners: a quarter and three quarters along each line take the place of its ends (Chaikin, 1974)."""
    for _ in range(times):
        starts, ends = stroke[:-1], stroke[1:]
        cut = np.stack([0.75 * starts + 0.25 * ends, 0.25 * starts + 0.75 * ends], axis=1).reshape(-1, 2)
        stroke = np.concatenate([stroke[:1], cut, stroke[-1:]])
    return stroke


def _scribble(rng):
    """A pen that wanders: its direction turns a little, or a lot, with each step."""
    turns = rng.normal(rng.uniform(-0.4, 0.4), rng.uniform(0.3, 1.5), rng.integers(60, 200))
    angle = np.cumsum(turns)
    return [np.cumsum(np.stack([np.cos(angle), np.sin(angle)], axis=1), axis=0)]


def _lines(rng):
    return [rng.random((rng.integers(2, 4), 2)) for _ in range(rng.integers(3, 7))]


def _polygon(rng):
    """A line around a point, with a few corners that are near to it or far."""
    corners = rng.integers(3, 11)
    angle = np.sort(rng.uniform(0, 2 * np.pi, corners))
    far = rng.uniform(0.3, 1, corners)
    around = np.stack([far * np.cos(angle), far * np.sin(angle)], axis=1)
    return [np.concatenate([around, around[:1]])]


def _pair(rng):
    """Two letters, or a letter and a digit, side by side."""
    forms = [strokes for forms in FORMS.values() for strokes in forms]
    second = forms[rng.integers(len(forms))] if rng.random() < 0.5 else LETTERS[rng.choice(list(LETTERS))]
    return _letter(rng) + [stroke + (1.2, 0) for stroke in _jotted(second, rng)]


def _letter(rng):
    return _jotted(LETTERS[rng.choice(list(LETTERS))], rng)


def _dots(rng):
    return [[point] for point in rng.random((rng.integers(1, 4), 2))]
