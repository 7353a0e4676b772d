"""From a photo of a digit on paper to the image that MNIST would have made of it. Lesson 9.

The light on a photo is uneven, and its paper is not white but ruled or squared, or a sheet on a dark desk. We estimate
the paper's brightness at each pixel, see how much darker the photo is, take away what runs from rim to rim as a ruling
does, keep what looks like a pen's strokes, and let it go through the steps of lesson 8.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nnlib._support.arguments import as_array
from nnlib.pad.drawing import BOX, PEN, crop, picture_to_image

PHOTO = 240  # pixels of a photo's longer side, to find the ink
DARKEST_PAPER = 64  # grey levels; darker paper counts as this, or the noise on it would look like ink
FAINTEST = 0.06  # how much darker than the paper ink is at least, as a share of the paper's brightness
SMALLEST = 0.08  # of the photo's longer side: what is smaller is no digit
TILT = 0.16  # how steep a ruling may be, 9 degrees
STRETCHES = 6  # of a ruling: it must be seen in each
THICKEST = 3  # pixels to either side of a ruling's middle


def photo_to_image(grey):
    """A photo of a digit on paper as MNIST would have it. Lesson 9.

    Light falls unevenly, so no single brightness divides ink from paper. What does is the difference from the paper
    nearby. Digits are found on plain, ruled and squared paper, on a sheet on a dark desk, and cut out so tightly that
    they touch the rim.

    Parameters
    ----------
    grey : array, shape (height, width)
        Brightness: 0 black to 255 white, integers or floats. Floats of which none is above 1 are read as 0 black to
        1 white, as Matplotlib reads PNG files. The digit may be dark on light or light on dark, at any place, and is
        best the only thing on the photo.

    Returns
    -------
    image : float32 array, shape (28, 28)
        0 is paper, 1 is ink. Without ink it is empty.

    Raises
    ------
    ValueError
        ``grey`` is no such array.
    """
    grey = shrink(check_grey(grey), PHOTO)
    lights = [grey, 255 - grey] if is_dark_paper(grey) else [grey]  # a sheet on a dark desk seems to be dark paper, too
    for tight in (False, True):
        finds = [find_digit(light, tight) for light in lights]
        digit = min(finds, key=stroke_width)  # the thicker one is a hole in it, or a piece of the sheet
        if digit.any():
            break
    return picture_to_image(thicken(digit))


def check_grey(grey):
    """The photo as floats from 0 to 255, or a ValueError."""
    grey = as_array(grey, "grey")
    if grey.ndim != 2 or grey.size == 0 or grey.dtype.kind not in "iuf":
        raise ValueError(
            f"grey must be a non-empty array of numbers, shape (height, width); "
            f"got {grey.dtype} with shape {grey.shape}."
        )
    if not np.isfinite(grey).all() or grey.min() < 0 or grey.max() > 255:
        raise ValueError(
            "grey must hold finite values from 0, black, to 255, white; "
            f"got values from {grey.min()} to {grey.max()}. Rescale them, as in 255 * (grey - low) / (high - low)."
        )
    return grey * 255.0 if grey.dtype.kind == "f" and grey.max() <= 1 else grey.astype(float)


def shrink(grey, side):
    """The photo with its longer side near ``side``: means of square blocks of pixels, which also calm noise."""
    k = max(1, min(round(max(grey.shape) / side), *grey.shape))
    height, width = grey.shape[0] // k, grey.shape[1] // k
    return grey[: height * k, : width * k].reshape(height, k, width, k).mean(axis=(1, 3), dtype=float)


def is_dark_paper(grey):
    """Whether the ink seems lighter than its paper.

    The median about a pixel is paper, as most of a photo is. What differs most from it is the ink, on one side only.
    """
    small = shrink(grey, 60)
    reach = max(1, max(small.shape) // 6)
    squares = sliding_window_view(np.pad(small, reach, mode="edge"), (2 * reach + 1, 2 * reach + 1))
    return ((small - np.median(squares, axis=(2, 3))) ** 3).sum() > 0


def find_digit(grey, tight):
    """The ink of dark strokes on lighter paper, 0 to 1, in the shape of ``grey``; all 0 if there are none.

    A photo is either cut out so ``tight`` that the strokes touch its rim, or none of them does.
    """
    calm = slide(slide(grey, 1, np.median, axes=(0,)), 1, np.median, axes=(1,))
    paper = paper_of(calm, around=255 if tight else 0)
    light = np.maximum(paper, DARKEST_PAPER)
    darkness = (paper - grey) / light  # 0 is paper, 1 is black
    darkness -= np.quantile(darkness, 0.25)  # noise lifts a maximum, and so the paper, everywhere alike
    ink, full = without_rulings(darkness, least=max(FAINTEST, 8 * noise(grey) / np.quantile(light, 0.05)))
    edges = (change(calm) - change(paper)) / (light * full)  # 1 at ink's edges, 0 where the light changes
    return strokes_only(ink, edges, tight)


def without_rulings(darkness, least):
    """The ink, 0 to 1, and the darkness of full ink; no ink where full ink would be less dark than ``least``."""
    level, upright = rulings(darkness), rulings(darkness.T).T
    ruling = np.maximum(level, upright)
    full = np.quantile(np.where(ruling < darkness / 2, darkness, 0), 0.997)  # of ink that lies beside the rulings
    dark = darkness > full / 2 + ruling
    if full < max(least, 0.9 * ruling.max()) or not dark.any():
        return np.zeros_like(darkness), 1.0
    faintest, full = full / 4 + ruling, darkness[dark].mean()
    ink = np.clip((darkness - faintest) / np.maximum(full - faintest, full / 8), 0, 1)
    for lines, axis in ((level, 0), (upright, 1)):  # what is ink on both sides of a ruling crosses it
        ink = np.where(lines > FAINTEST, np.maximum(ink, close(ink, THICKEST, (axis,))), ink)
    return ink, full


def noise(grey):
    """The standard deviation of the noise, in grey levels, from the differences of neighbours."""
    return 1.05 * np.median(np.abs(np.diff(grey, axis=1))) if grey.shape[1] > 1 else 0.0


def paper_of(grey, around):
    """The brightness of the paper at each pixel, under dark ink too: the largest value around, then the smallest.

    The first fills every dark place that is narrower than the square, which is a quarter of the photo wide: lines, not
    shadows. The second brings the edges of the shadows back to where they were. Together they are called a closing.
    With black around the photo (0), a shadow or a desk at the rim goes on there. With white (255), ink at the rim is
    filled, too.
    """
    reach = max(1, max(grey.shape) // 8)
    return close(np.pad(grey, reach, constant_values=around), reach)[reach:-reach, reach:-reach]


def change(picture):
    """How much the picture changes within a few pixels: the largest value around less the smallest."""
    reach = max(2, max(picture.shape) // 80)
    return slide(picture, reach, np.max) - slide(picture, reach, np.min)


def rulings(darkness):
    """The darkness of the nearly level lines through each pixel that run from rim to rim, 0 where there are none.

    A ruling is as dark as the faintest of its stretches. So a digit's stroke, which ends somewhere, is no ruling. What
    is thick is none either, but may lie on one: there the ruling is unseen, and its other pixels speak for it. Every
    line is tried, at every height of its middle and every slope.
    """
    height, width = darkness.shape
    if min(height, width) < 2 * STRETCHES or max(height, width) < 40:
        return np.zeros_like(darkness)
    thick = -close(-darkness, THICKEST, (0,))
    thin = slide(darkness - thick, 1, np.max, axes=(0,))
    thin[thick > 2 * FAINTEST] = np.nan  # unseen
    beyond = int(np.ceil(TILT * width / 2)) + 1  # a sloping line may leave the photo
    thin = np.pad(thin, ((beyond, beyond), (0, 0)), constant_values=np.nan)
    seen, thin = np.isfinite(thin), np.nan_to_num(thin)
    rows, columns = np.arange(len(thin))[:, None], np.arange(width)
    starts = np.arange(STRETCHES) * width // STRETCHES
    found = np.zeros_like(thin)
    for slope in np.arange(-TILT, TILT + 1e-9, 3 / width):
        rise = np.round(slope * (columns - (width - 1) / 2)).astype(int)  # of each column
        line = np.clip(rows + rise, 0, len(thin) - 1), columns
        counts = np.add.reduceat(seen[line], starts, axis=1, dtype=float)  # (rows, STRETCHES)
        known = counts >= width / STRETCHES / 4
        means = np.where(known, np.add.reduceat(thin[line], starts, axis=1) / np.maximum(counts, 1), np.inf)
        darkest = np.where(known.sum(axis=1) >= 2 * STRETCHES // 3, means.min(axis=1), 0)
        darkest = np.maximum(darkest - np.median(darkest), 0)
        np.maximum(found, darkest[np.clip(rows - rise, 0, len(thin) - 1)], out=found)
    return found[beyond:-beyond]


def strokes_only(ink, edges, tight, share=0.05):
    """The largest connected part of the ink that may be a digit's strokes, and the parts near it; all 0 if none may.

    Strokes have sharp edges (a shadow's remains have not) and are not thick for their size. What touches the rim is a
    shadow's or a desk's, unless it spans the photo as a tightly cut digit does.
    """
    label = connected_parts(ink > 0)
    names, label = np.unique(label, return_inverse=True)
    label = label.reshape(ink.shape)
    amounts = np.bincount(label.ravel(), weights=ink.ravel())
    rim = rim_of(label)
    strokes = []  # (number, amount, box), the largest first
    for i in np.argsort(-amounts)[:30]:
        if amounts[i] == 0 or (strokes and amounts[i] < share * strokes[0][1]):
            break
        part = label == i
        box = box_of(part)
        if (
            has_sharp_edges(part, edges)
            and is_thin(part[box], amounts[i])
            and (spans(box, ink) if tight else i not in rim)
        ):
            strokes.append((i, amounts[i], box))
    if not strokes or (rim_of(ink) > 0).mean() > 0.5:  # then the ink is rather the paper about a digit
        return np.zeros_like(ink)
    near = [number for number, _, box in strokes if is_near(box, strokes[0][2])]
    large = max(ink[strokes[0][2]].shape) >= SMALLEST * max(ink.shape)
    return ink * np.isin(label, near) * (large and len(near) <= 8)  # a digit in more pieces is none


def rim_of(picture):
    """The pixels at the rim."""
    return np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])


def box_of(part):
    """The bounding box of a mask, as two slices."""
    rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def has_sharp_edges(part, edges):
    """Whether three quarters of a part's outline lie where the photo changes, and not only the paper."""
    outline = part & ~slide(part, 1, np.min)
    return np.mean(edges[outline] < 0.2) <= 0.25


def is_thin(part, amount):
    """Whether strokes made a part: no square of a third of its size fits into it, and it is no hair either."""
    size = max(part.shape)
    reach = round(0.165 * size)
    return amount >= 1.5 * size and not (reach and slide(np.pad(part, 1 + reach), reach, np.min).any())


def spans(box, ink):
    """Whether a part is as large as a tightly cut digit."""
    heights, widths = ((side.stop - side.start) / whole for side, whole in zip(box, ink.shape, strict=True))
    return max(heights, widths) >= 0.9 and min(heights, widths) >= 0.5


def is_near(box, main):
    """Whether a box is within a fifth of the main box's size of it."""
    gap = max(side.stop - side.start for side in main) / 5
    return all(a.start <= b.stop + gap and b.start <= a.stop + gap for a, b in zip(box, main, strict=True))


def slide(picture, reach, function, axes=(0, 1)):
    """``np.max``, ``np.min`` or ``np.median`` of the pixels within ``reach``, along one axis after another."""
    for axis in axes:
        padding = [(reach, reach) if a == axis else (0, 0) for a in (0, 1)]
        windows = sliding_window_view(np.pad(picture, padding, mode="edge"), 2 * reach + 1, axis=axis)
        picture = function(np.moveaxis(windows, -1, 0), axis=0)  # whole pictures are compared, not pixel by pixel
    return picture


def close(picture, reach, axes=(0, 1)):
    """Fill what is darker than its surroundings and at most ``2 * reach`` wide."""
    return slide(slide(picture, reach, np.max, axes), reach, np.min, axes)


def connected_parts(mask):
    """A number for each pixel of ``mask``, the same for pixels that touch, if only at a corner; paper has the largest.

    Every pixel takes the smallest number around it, and then that number's own: paths halve, so few rounds are needed.
    """
    paper_label = mask.size
    label = np.where(mask, np.arange(mask.size).reshape(mask.shape), paper_label)
    while True:
        smaller = np.where(mask, slide(label, 1, np.min), paper_label)
        smaller = np.append(smaller, paper_label)[smaller]
        if np.array_equal(smaller, label):
            return label
        label = smaller


def stroke_width(ink):
    """The width of the strokes as a share of the digit's size: the ink divided by its length, half of its outline."""
    digit = crop(ink)
    if digit.size == 0:
        return 1.0
    outline = np.hypot(*np.gradient(np.pad(digit, 1))).sum()  # each edge goes from 0 to 1, however soft it is
    return 2 * digit.sum() / outline / max(digit.shape)


def thicken(ink):
    """Widen thin lines to about MNIST's width: a ballpoint's is a tenth of it once a digit is 20 pixels high."""
    digit = crop(ink)
    missing = round((PEN / BOX - stroke_width(ink)) * max(digit.shape, default=0) / 2)
    if missing < 1:
        return ink
    return slide(np.pad(digit, 2 * missing), missing, np.max)
