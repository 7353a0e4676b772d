"""The exercises of lesson 8: soft ink, centring, a smaller picture, how much a digit leans, and twenty pixels."""

import itertools

import numpy as np

from nnlib.check.exercises import Exercise
from nnlib.pad.drawing import CENTRE, SIDE, centre_of_mass, resize


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
    heavier = (
        np.linspace(0.05, 1, 11)[:, None] ** 2 * np.linspace(1, 0.05, 7) ** 2
    )  # the ink is at one corner of its box
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


def _cut_off(image):
    r, c = centre_of_mass(image)
    return int(CENTRE - r), int(CENTRE - c)


def _below(image):
    r, c = centre_of_mass(image)
    return int(np.floor(CENTRE - r)), int(np.floor(CENTRE - c))


def _where_it_is(image):
    r, c = centre_of_mass(image)
    return round(r), round(c)


def _only_columns(picture):
    return _only_rows(picture.T).T


def _by_triangles(picture):
    return resize(picture, len(picture) // 2, picture.shape[1] // 2)


def _about_the_middle(image):
    u, v = np.arange(image.shape[0])[:, None] - CENTRE, np.arange(image.shape[1]) - CENTRE
    return np.sum(image * u * v) / np.sum(image * u**2)


def _largest_of_four(picture):
    height, width = picture.shape
    return picture.reshape(height // 2, 2, width // 2, 2).max(axis=(1, 3))


def _correlation(image):
    r, c = centre_of_mass(image)
    u, v = np.arange(image.shape[0])[:, None] - r, np.arange(image.shape[1]) - c
    return np.sum(image * u * v) / np.sqrt(np.sum(image * u**2) * np.sum(image * v**2))


def soft_ink(d, pen):
    """Full inside the line, none outside, and soft across one pixel."""
    return np.clip(pen / 2 + 0.5 - d, 0, 1)


def _distances(rng):
    pen = float(rng.uniform(1.2, 4))
    return rng.permutation(
        np.r_[rng.uniform(0, 0.1, 2), pen / 2 + rng.uniform(-0.45, 0.45, 4), rng.uniform(4, 9, 2)]
    ), pen


BUGS = {
    "height": "wide digits come out larger than 20 pixels",
    "cut": "the numbers are cut off instead of rounded",
    "zero": "a thin digit vanishes: one of its sides becomes 0",
}


def scaled_sizes(sizes, bugs=()):
    factor = 20 / (sizes[:, 0] if "height" in bugs else sizes.max(axis=1))
    scaled = sizes * factor[:, None]
    scaled = scaled.astype(int) if "cut" in bugs else np.round(scaled).astype(int)
    return scaled if "zero" in bugs else np.maximum(1, scaled)


def _with_bugs(bugs):
    return (lambda sizes: scaled_sizes(sizes, bugs)), "; and ".join(BUGS[bug] for bug in bugs) + "."


def _sizes(rng):
    """Digits of all kinds: tall, wide and thin. No side comes out at a half, where rounding is a matter of taste."""
    while True:
        tall = np.stack([rng.integers(80, 150, 4), rng.integers(25, 70, 4)], axis=1)
        thin = np.array([[rng.integers(100, 200), rng.integers(1, 3)]])
        sizes = rng.permutation(np.concatenate([tall, tall[:2, ::-1] + rng.integers(1, 9), thin, thin[:, ::-1]]))
        if (np.abs(sizes * 20 / sizes.max(axis=1, keepdims=True) % 1 - 0.5) > 1e-6).all():
            return (sizes,)


EXERCISES = {
    1: Exercise(
        title="The ink of a soft pen",
        hints=(
            "The formula stands in the section on soft strokes: half the pen, half a pixel, and the distance.",
            "Ink below 0 and above 1 does not exist: `np.clip(x, 0, 1)`.",
        ),
        reference=soft_ink,
        inputs=_distances,
        mistakes=(
            (lambda d, pen: pen / 2 + 0.5 - d, "ink runs from 0 to 1: clip it."),
            (
                lambda d, pen: np.maximum(0, pen / 2 + 0.5 - d),
                "far from the line it is right, but inside there is more ink than 1: clip at both ends.",
            ),
            (lambda d, pen: np.clip(pen + 0.5 - d, 0, 1), "the pen reaches half its width to each side: pen / 2."),
            (
                lambda d, pen: np.clip(pen / 2 - d, 0, 1),
                "on the pen's edge the ink is ½, not 0: half a pixel is missing.",
            ),
            (
                lambda d, pen: (d <= pen / 2).astype(float),
                "that is the hard pen, black or white. Across the edge the ink falls from 1 to 0 over one pixel.",
            ),
            (lambda d, pen: 1 - soft_ink(d, pen), "that is paper where ink should be: near the line it must be 1."),
        ),
    ),
    2: Exercise(
        title="The step to the centre",
        hints=(
            "The row of the centre of mass is a weighted mean of the row numbers 0 to 27. The weight of a row is its "
            "ink, "
            "`image.sum(axis=1)`.",
            "If the centre of mass is at row 10.3, the digit must go down by 3.7 pixels, so by 4: `round(14 - r)`.",
        ),
        reference=shift_to_centre,
        inputs=lambda rng: (_patch(rng),),
        mistakes=(
            (_swapped, "the two numbers are swapped: down, the shift of the rows, comes first."),
            (_away, "the signs are wrong: the shift goes from the centre of mass to (14, 14)."),
            (_not_rounded, "a picture moves by whole pixels only: round both numbers."),
            (_by_the_box, "this centres the bounding box. Weigh each row and each column by its ink."),
            (_cut_off, "int cuts off towards 0. The nearest whole number is asked for: round."),
            (
                _below,
                "that is the whole number below. The nearest to 14 − r is asked for, and the middle is 14, not 13.5.",
            ),
            (_where_it_is, "that is where the centre of mass is. By how much must it move to be at 14?"),
        ),
    ),
    3: Exercise(
        title="Half the size",
        hints=(
            "`picture[::2, ::2]` is the upper left pixel of each block. Which slices are the other three?",
            "Or `reshape` to four axes (h, 2, w, 2), and take the mean over two of them.",
        ),
        reference=halve,
        inputs=lambda rng: (rng.random((2 * rng.integers(2, 6), 2 * rng.integers(7, 10))),),
        mistakes=(
            (_every_second, "three of four pixels are thrown away; each new pixel should be the mean of its four."),
            (_only_rows, "the height is right, but the width is not halved yet."),
            (_only_columns, "the width is right, but the height is not halved yet."),
            (
                _by_triangles,
                "`resize` weighs with a triangle, which reaches into the next block. Take the plain mean of each four.",
            ),
            (lambda picture: 4 * halve(picture), "that is the sum of each four. Take their mean."),
            (_largest_of_four, "that is the darkest of each four. Take their mean."),
        ),
    ),
    4: Exercise(
        title="How much a digit leans",
        hints=(
            "`nnlib.pad.drawing.centre_of_mass(image)` gives r and c.",
            "`u = np.arange(h)[:, None] - r` has shape (h, 1) and `v = np.arange(w) - c` has shape (w,), so `u * v` "
            "has shape "
            "(h, w).",
        ),
        reference=slant,
        inputs=lambda rng: (rng.random((28, 28)) ** 3 * np.tri(28, 28, int(rng.integers(-9, 9))),),
        mistakes=(
            (_about_the_middle, "u and v must be measured from the centre of mass, wherever it is, not from (14, 14)."),
            (_about_the_corner, "u and v must be measured from the centre of mass, not from the corner."),
            (_per_column, "u and v are swapped: u is down, and u² belongs in the denominator."),
            (lambda image: -slant(image), "the sign is wrong: u counts downwards and v to the right."),
            (_correlation, "that is a correlation, between −1 and 1. The denominator has u² only, and no root."),
        ),
    ),
    5: Exercise(
        title="Twenty pixels",
        hints=(
            "Try it on three digits: `scaled_sizes(np.array([[100, 50], [50, 100], [100, 1]]))`. Which rows are "
            "wrong, and "
            "how?",
            "The *longer* side becomes 20: `sizes.max(axis=1)` is the longer one of each row.",
            "`.astype(int)` cuts off what stands after the point; `np.round` first. And `np.maximum(1, …)` keeps a "
            "thin "
            "stroke.",
        ),
        reference=scaled_sizes,
        inputs=_sizes,
        mistakes=tuple(_with_bugs(bugs) for count in (1, 2, 3) for bugs in itertools.combinations(BUGS, count)),
        untouched=lambda sizes: scaled_sizes(sizes, tuple(BUGS)),
    ),
}
