"""From a photo of a digit on paper to the image that MNIST would have made of it. Lesson 8.

The light on a photo is uneven and its paper is not white. We estimate the paper's brightness at each pixel, take as ink
what is darker than the paper around it, and let the ink go through the steps of lesson 7.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nnlib.pad.drawing import BOX, PEN, SIDE, crop, picture_to_image

PHOTO = 240  # pixels of a photo's longer side, to find the ink
FAINTEST = 10  # grey levels of 255 that ink differs from its paper at least


def photo_to_image(grey):
    """A photo of a digit on paper as MNIST would have it: the ink is found, and goes through `picture_to_image`. Lesson 8.

    Light falls unevenly, so no single brightness divides ink from paper. What does is the difference from the paper nearby.

    Parameters
    ----------
    grey : array, shape (height, width)
        Brightness, 0 black to 255 white, integers or floats. The digit may be dark on light or light on dark, at any
        place, and is best the only thing on the photo.

    Returns
    -------
    image : float32 array, shape (28, 28)
        0 is paper, 1 is ink. Without ink it is empty.

    Raises
    ------
    ValueError
        ``grey`` is no such array.
    """
    grey = np.asarray(grey)
    if (
        grey.ndim != 2
        or grey.size == 0
        or not (np.issubdtype(grey.dtype, np.integer) or np.issubdtype(grey.dtype, np.floating))
    ):
        raise ValueError(
            f"grey must be an array (height, width) of numbers, with a pixel at least. Shape {grey.shape}, {grey.dtype} came."
        )
    if not np.isfinite(grey).all() or grey.min() < 0 or grey.max() > 255:
        raise ValueError("grey must hold finite values from 0, black, to 255, white.")
    grey = shrink(grey, PHOTO)
    if is_dark_paper(grey):
        grey = 255 - grey
    difference = paper(grey) - grey  # (height, width): how much darker than the paper
    difference -= np.median(difference)  # noise lifts a maximum, and so the paper, everywhere alike
    noise = 1.5 * np.median(np.abs(difference))  # its standard deviation, untouched by the few pixels of ink
    threshold = otsu(np.maximum(difference, 0))
    if threshold < max(FAINTEST, 4 * noise):
        return np.zeros((SIDE, SIDE), np.float32)
    full = difference[difference > threshold].mean()
    ink = np.clip((difference - threshold / 2) / (full - threshold / 2), 0, 1)
    return picture_to_image(thicken(without_specks(ink)))


def shrink(grey, side):
    """The photo with its longer side at most about ``side``: means of square blocks of pixels, which also calm noise."""
    k = max(1, min(round(max(grey.shape) / side), *grey.shape))
    height, width = grey.shape[0] // k, grey.shape[1] // k
    return grey[: height * k, : width * k].reshape(height, k, width, k).mean(axis=(1, 3), dtype=float)


def is_dark_paper(grey):
    """Whether the ink is lighter than its paper.

    The median about a pixel is paper, as most of a photo is. What differs most from it is the ink, on one side only.
    """
    small = shrink(grey, 60)
    reach = max(1, max(small.shape) // 6)
    squares = sliding_window_view(np.pad(small, reach, mode="edge"), (2 * reach + 1, 2 * reach + 1))
    return ((small - np.median(squares, axis=(2, 3))) ** 3).sum() > 0


def paper(grey):
    """The brightness of the paper at each pixel, under dark ink too: the largest value around, then the smallest of those.

    The first fills every dark place that is narrower than the square, which is a fifth of the photo wide: lines, not
    shadows. The second brings the edges of the shadows back to where they were. Together they are called a closing.
    """
    reach = max(1, max(grey.shape) // 10)
    return -widen(-widen(grey, reach), reach)


def widen(picture, reach):
    """The largest value in a square about each pixel, ``reach`` pixels to every side."""
    for axis in (0, 1):
        padding = [(reach, reach) if a == axis else (0, 0) for a in (0, 1)]
        picture = sliding_window_view(np.pad(picture, padding, mode="edge"), 2 * reach + 1, axis=axis).max(axis=-1)
    return picture


def otsu(values):
    """The threshold that best divides values into two groups: the largest variance between the groups (Otsu, 1979).

    With a share w of the values below it, and the means m₀ and m₁ of both groups, that variance is w (1−w) (m₁−m₀)².
    """
    counts, edges = np.histogram(values, 256)
    middles = (edges[:-1] + edges[1:]) / 2
    below, above = counts.cumsum()[:-1], counts[::-1].cumsum()[::-1][1:]
    sums = (counts * middles).cumsum()
    m0, m1 = sums[:-1] / np.maximum(below, 1), (sums[-1] - sums[:-1]) / np.maximum(above, 1)
    return float(edges[1:-1][np.argmax(below * above * (m1 - m0) ** 2)])


def without_specks(ink, share=0.05):
    """The ink without small connected parts, less than ``share`` of the largest, and without parts at the photo's rim.

    Where a shadow's edge or a table's meets the rim, a sliver is left that looks like ink.
    """
    label = connected_parts(ink > 0)
    amounts = np.bincount(label.ravel(), weights=ink.ravel())
    amounts[np.concatenate([label[0], label[-1], label[:, 0], label[:, -1]])] = 0
    return np.where(((amounts > 0) & (amounts >= share * amounts.max()))[label], ink, 0)


def connected_parts(mask):
    """A number for each pixel of ``mask``, the same for pixels that touch, if only at a corner; paper has the largest.

    Every pixel takes the smallest number around it, and then that number's own: paths halve, so few rounds are needed.
    """
    paper_label = mask.size
    label = np.where(mask, np.arange(mask.size).reshape(mask.shape), paper_label)
    while True:
        around = sliding_window_view(np.pad(label, 1, constant_values=paper_label), (3, 3)).min(axis=(2, 3))
        smaller = np.where(mask, around, paper_label)
        smaller = np.append(smaller, paper_label)[smaller]
        if np.array_equal(smaller, label):
            return label
        label = smaller


def thicken(ink):
    """Widen thin lines to about the width of MNIST's: a ballpoint's line is a tenth as wide once a digit is 20 pixels high.

    The width of the lines is the ink divided by its length, which is half of its outline.
    """
    digit = crop(ink)
    if digit.size == 0:
        return ink
    padded = np.pad(digit, 1)
    outline = np.hypot(*np.gradient(padded)).sum()  # each edge goes from 0 to 1, however soft it is
    width = 2 * digit.sum() / outline
    missing = round((PEN * max(digit.shape) / BOX - width) / 2)
    if missing < 1:
        return ink
    return widen(np.pad(digit, 2 * missing), missing)
