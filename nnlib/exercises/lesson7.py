"""The exercises of lesson 7: the step to the centre, a smaller picture, and how much a digit leans."""

import numpy as np

from nnlib.drawing import CENTRE, SIDE, centre_of_mass
from nnlib.exercises import Exercise


def shift_to_centre(image):
    """Whole pixels, down and right, that bring the centre of mass nearest to (14, 14)."""
    r, c = centre_of_mass(image)
    return round(CENTRE - r), round(CENTRE - c)


def halve(picture):
    """Half the height and half the width: each new pixel is the mean of four."""
    height, width = picture.shape
    return picture.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))


def slant(image):
    """Pixels to the right per pixel down: Σ ink · u · v / Σ ink · u², u and v down and right of the centre of mass."""
    r, c = centre_of_mass(image)
    u, v = np.arange(image.shape[0])[:, None] - r, np.arange(image.shape[1]) - c
    return np.sum(image * u * v) / np.sum(image * u**2)


def _patch(rng):
    """An image with a patch of ink somewhere, never near the middle, and heavier at one of its corners."""
    image = np.zeros((SIDE, SIDE))
    top, left = rng.choice([0, 1, 2, 16, 17]), rng.choice([0, 2, 3, 19, 20])
    heavier = np.linspace(0.05, 1, 11)[:, None] ** 2 * np.linspace(1, 0.05, 7) ** 2  # the ink is at one corner of its box
    image[top : top + 11, left : left + 7] = heavier * (0.5 + rng.random((11, 7)))
    return image


def _swapped(image):
    down, right = shift_to_centre(image)
    return right, down


def _away(image):
    down, right = shift_to_centre(image)
    return -down, -right


def _not_rounded(image):
    r, c = centre_of_mass(image)
    return CENTRE - r, CENTRE - c


def _by_the_box(image):
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    return round(CENTRE - (rows[0] + rows[-1]) / 2), round(CENTRE - (columns[0] + columns[-1]) / 2)


def _every_second(picture):
    return picture[::2, ::2]


def _only_rows(picture):
    return picture.reshape(len(picture) // 2, 2, -1).mean(axis=1)


def _about_the_corner(image):
    u, v = np.arange(image.shape[0])[:, None], np.arange(image.shape[1])
    return np.sum(image * u * v) / np.sum(image * u**2)


def _per_column(image):
    return slant(image.T)


EXERCISES = {
    1: Exercise(
        reference=shift_to_centre,
        inputs=lambda rng: (_patch(rng),),
        mistakes=(
            (_swapped, "the two numbers are swapped: down, the shift of the rows, comes first."),
            (_away, "the signs are wrong: the shift goes from the centre of mass to (14, 14)."),
            (_not_rounded, "a picture moves by whole pixels only: round both numbers."),
            (_by_the_box, "this centres the bounding box. Each row and each column must count by its ink."),
        ),
    ),
    2: Exercise(
        reference=halve,
        inputs=lambda rng: (rng.random((2 * rng.integers(2, 6), 2 * rng.integers(7, 10))),),
        mistakes=(
            (_every_second, "three of four pixels are thrown away; each new pixel should be the mean of its four."),
            (_only_rows, "the height is right, but the width is not halved yet."),
        ),
    ),
    3: Exercise(
        reference=slant,
        inputs=lambda rng: (rng.random((28, 28)) ** 3 * np.tri(28, 28, int(rng.integers(-9, 9))),),
        mistakes=(
            (_about_the_corner, "u and v must be measured from the centre of mass, not from the corner."),
            (_per_column, "u and v are swapped: u is down, and u² belongs in the denominator."),
        ),
    ),
}
