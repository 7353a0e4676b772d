"""What lies on the pad: the strokes that a page sends, a few points at a time, and any of which may be anything."""

import numpy as np

from nnlib._support.arguments import check_number
from nnlib._support.language import say

MOST_POINTS = 20_000  # of one drawing: minutes of drawing, and still quick to send and to read
FAR = 1.0  # how far outside the pad, in pads, a point may be: a stroke may leave the pad, but not the table


class Paper:
    """Strokes from anywhere. Each point is looked at once, when it comes.

    Attributes
    ----------
    came : list of float arrays, each (k, 2)
        A row for each point that came, of at most `MOST_POINTS`; NaN for what is no pair of finite numbers. So the page
        and Python count strokes and points alike.
    late : int
        Points, and strokes, that came after those.
    strange : str
        The type of what came in place of a list of strokes, if something did.
    """

    def __init__(self):
        self.clear()

    def clear(self):
        """Take everything away."""
        self.came, self.late, self.strange = [], 0, ""

    def go_on(self, stroke, point, strokes):
        """Keep so many strokes, and so many points of the next one; what goes on from there is added.

        Returns
        -------
        fits : bool
            False if there is less than is to be kept: then nothing changes.

        Raises
        ------
        ValueError
            ``stroke`` or ``point`` is no whole number from 0.
        """
        check_number(stroke, "stroke", low=0, integer=True)
        check_number(point, "point", low=0, integer=True)
        cut = self.came[stroke : stroke + 1]
        if stroke > len(self.came) or point > sum(map(len, cut)):
            return False
        if (stroke, point) == (0, 0):
            self.clear()
        self.came = self.came[:stroke] + [points[:point] for points in cut if point]
        self.strange = "" if isinstance(strokes, (list, tuple)) else type(strokes).__name__
        if self.strange:
            return True
        room = MOST_POINTS - sum(map(len, self.came))
        for i, new in enumerate(strokes[:MOST_POINTS]):
            points, late = read_stroke(new, room)
            room, self.late = room - len(points), self.late + late
            if i == 0 and point:  # the rest of the stroke that was cut
                self.came[-1] = np.concatenate([self.came[-1], points])
            else:
                self.came.append(points)
        self.late += len(strokes[MOST_POINTS:])
        return True

    @property
    def strokes(self):
        """The strokes as lists of [x, y], without what is no point."""
        finite = [points[np.isfinite(points[:, 0])].tolist() for points in self.came]
        return [stroke for stroke in finite if stroke]

    def read(self):
        """What can be drawn, and what was left out.

        Returns
        -------
        strokes : list of float arrays, each (k, 2)
            Finite, at most one pad outside the pad.
        ignored : list of str
            Sentences for the reader; none if all was kept.
        """
        kept, odd, far = [], 0, 0
        for points in self.came:
            near = (np.abs(points - 0.5) <= 0.5 + FAR).all(axis=1)  # False for NaN
            no_point = int(np.isnan(points[:, 0]).sum())
            odd += no_point
            far += len(points) - no_point - int(near.sum())
            if near.any():
                kept.append(points[near])
        told = [
            (self.strange, say("The strokes are not a list but {type}: they were ignored.", type=self.strange)),
            (odd, say("Ignored: what is not a pair of finite numbers ({n:,}).", n=odd)),
            (far, say("Ignored: what is far outside the pad ({n:,}).", n=far)),
            (self.late, say("Ignored: what comes after {most:,} points ({n:,}).", most=MOST_POINTS, n=self.late)),
        ]
        return kept, [sentence for there, sentence in told if there]


def read_stroke(stroke, room):
    """As many points of a stroke from anywhere as there is room for, (k, 2), and how many came after those."""
    if not isinstance(stroke, (list, tuple, np.ndarray)):
        stroke = [None]
    return as_points(stroke[:room]), max(0, len(stroke) - room)


def as_points(stroke):
    """The points of a stroke, (k, 2); NaN for what is no pair of finite numbers."""
    try:
        points = np.asarray(stroke)
    except ValueError:  # ragged
        points = None
    if points is None or points.ndim != 2 or points.shape[1] != 2 or points.dtype.kind not in "fiu":
        points = np.array([point if is_pair(point) else (np.nan, np.nan) for point in stroke], float).reshape(-1, 2)
    points = points.astype(float)
    points[~np.isfinite(points).all(axis=1)] = np.nan
    return points


def is_pair(point):
    """True for two numbers that a float can hold."""
    if not isinstance(point, (list, tuple)) or len(point) != 2:
        return False
    return all(isinstance(at, (int, float)) and not isinstance(at, bool) and abs(at) < 1e300 for at in point)
