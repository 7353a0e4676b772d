"""Augmentation: new training images from old ones, by changes that leave a digit what it is. Lesson 7.

Every change is a rule that says, for each pixel of the new image, from which place of the old one its ink comes.
Places lie between pixels, so the ink there is interpolated from the four pixels around.
"""

from dataclasses import dataclass

import numpy as np

from nnlib._support.arguments import check_generator, check_images, check_number

SIDE = 28


@dataclass(frozen=True)
class Augment:
    """Random shifts, rotations, changes of size and slant, and elastic distortions.

    Each image gets its own random numbers, uniform between minus and plus the number given; 0 leaves a change out.

    Parameters
    ----------
    shift : float
        Pixels, in each direction.
    rotation : float
        Degrees.
    scale : float
        Share of the size, for width and height apart: 0.15 is 85 % to 115 %.
    shear : float
        Pixels to the side per pixel of height: slant.
    elastic : float
        Pixels, the standard deviation of a smooth random displacement (Simard, Steinkraus and Platt, 2003).
    smoothness : float
        Pixels over which neighbours move alike in the elastic displacement, the σ of a Gaussian.
    """

    shift: float = 0.0
    rotation: float = 0.0
    scale: float = 0.0
    shear: float = 0.0
    elastic: float = 0.0
    smoothness: float = 4.0

    def __post_init__(self):
        for name in ("shift", "rotation", "scale", "shear", "elastic"):
            check_number(getattr(self, name), name, low=0)
        check_number(self.smoothness, "smoothness", low=0.5)

    def __call__(self, X, rng):
        """A changed copy of X (n, 784), with random numbers from ``rng``."""
        X = check_images(X, SIDE * SIDE)
        check_generator(rng)
        n = len(X)
        rows, columns = self._affine(n, rng)  # (n, 28, 28) each: where each pixel's ink comes from
        if self.elastic:
            rows += self.elastic * smooth_noise(n, self.smoothness, rng)
            columns += self.elastic * smooth_noise(n, self.smoothness, rng)
        return sample(X.reshape(n, SIDE, SIDE), rows, columns).reshape(n, -1)

    def _affine(self, n, rng):
        """Rotate, scale, slant and shift the grid of pixels about the image's centre."""

        def uniform(size):
            return rng.uniform(-size, size, (n, 1, 1)).astype(np.float32)

        centre = np.float32((SIDE - 1) / 2)
        u, v = np.mgrid[:SIDE, :SIDE].astype(np.float32) - centre  # down and right of the centre
        angle = np.radians(uniform(self.rotation))
        height, width, shear = 1 + uniform(self.scale), 1 + uniform(self.scale), uniform(self.shear)
        rows = height * (np.cos(angle) * u + np.sin(angle) * v)  # (n, 28, 28)
        columns = width * (np.cos(angle) * v - np.sin(angle) * u + shear * u)
        return rows + (centre + uniform(self.shift)), columns + (centre + uniform(self.shift))


def deslant(X):
    """Set the digits upright: each row moves sideways until the ink leans neither way. Lesson 7.

    With u and v the rows and columns, counted from the ink's centre of mass, and sums weighted by ink, s = Σuv / Σu² is
    the slope of the line that follows the ink from top to bottom. The ink of row u comes from s u columns further on
    (deslanted by moments of the ink, as in LeCun, Bottou, Bengio and Haffner, 1998).

    Parameters
    ----------
    X : float array, shape (n, 784)

    Returns
    -------
    X_upright : array, shape (n, 784)
        An image without ink stays as it is.
    """
    ink = check_images(X, SIDE * SIDE).reshape(-1, SIDE, SIDE)
    rows, columns = np.broadcast_arrays(*np.mgrid[:SIDE, :SIDE].astype(np.float32), ink)[:2]  # (n, 28, 28) each

    def total(values):
        return (ink * values).sum(axis=(1, 2), keepdims=True)  # (n, 1, 1)

    tiny = np.finfo(np.float32).tiny  # no 0 / 0 without ink
    mass = np.maximum(total(1), tiny)
    u, v = rows - total(rows) / mass, columns - total(columns) / mass
    s = total(u * v) / np.maximum(total(u * u), tiny)
    return sample(ink, rows, columns + s * u).reshape(len(ink), -1)


def smooth_noise(n, smoothness, rng):
    """N random fields (n, 28, 28) of standard deviation 1 whose neighbours are alike. Lesson 7.

    White noise, blurred with a Gaussian along rows and columns. A blur along one axis is a matrix product.
    """
    i = np.arange(SIDE)
    G = np.exp(-0.5 * ((i[:, None] - i) / smoothness) ** 2)  # (28, 28)
    G = (G / np.sqrt((G**2).sum(axis=1, keepdims=True))).astype(np.float32)  # each blurred value has variance 1
    noise = rng.standard_normal((n, SIDE, SIDE), dtype=np.float32)
    return G @ noise @ G.T


def sample(images, rows, columns):
    """The ink of ``images`` (n, 28, 28) at the places (rows, columns), interpolated; outside there is none.

    With r and c the whole parts of a place and p and q what is left over, bilinear interpolation takes
    (1−p)(1−q) of pixel (r, c), (1−p)q of (r, c+1), p(1−q) of (r+1, c) and pq of (r+1, c+1).
    """
    n, height, width = images.shape
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))  # a frame of paper
    rows = np.clip(rows + 1, 0, height + 0.999)
    columns = np.clip(columns + 1, 0, width + 0.999)
    r, c = rows.astype(np.int32), columns.astype(np.int32)
    p, q = rows - r.astype(rows.dtype), columns - c.astype(rows.dtype)  # float32; a bare int32 would make it float64
    line = width + 2
    at = np.arange(n, dtype=np.int32)[:, None, None] * ((height + 2) * line) + r * line + c
    ink = padded.ravel()
    above = ink.take(at) * (1 - q) + ink.take(at + 1) * q
    below = ink.take(at + line) * (1 - q) + ink.take(at + line + 1) * q
    return above * (1 - p) + below * p
