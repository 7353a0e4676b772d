"""From pen to pixels: a drawing becomes the 28 × 28 image that MNIST would have made of it. Lesson 8.

MNIST's digits were cropped, scaled until their longer side was 20 pixels, and moved until their centre of mass
stood in the middle of 28 × 28 pixels (LeCun, Bottou, Bengio and Haffner, 1998). A network that learned from such
images has never seen any others, so a drawing must go the same way. Strokes go it as lines, and are drawn last;
a picture goes it as pixels. Pixel (r, c) has its centre at the point x = c, y = r.
"""

import numpy as np

from nnlib._support.arguments import as_array, check_number, describe

SIDE = 28  # pixels of an image
BOX = 20  # pixels of a digit's longer side
BLOCK = 7  # pixels of a block's side, when strokes are drawn
CENTRE = 14.0  # where MNIST's centres of mass are: lesson 8 measures it
PEN = 2.4  # pixels; near the width of MNIST's strokes, see workshop/benchmarks/pen_strokes.py


def strokes_to_image(strokes, pen=PEN):
    """Draw pen strokes the way MNIST's digits look. Lesson 8.

    Parameters
    ----------
    strokes : list of strokes, each a list of (x, y)
        y grows downwards; any unit, size and place. No strokes give an empty image.
    pen : float
        Width of the line, in pixels of the image.

    Returns
    -------
    image : float32 array, shape (28, 28)
        0 is paper, 1 is ink.

    Raises
    ------
    ValueError
        A stroke is not a list of pairs of finite numbers.
    """
    return strokes_to_stages(strokes, pen)[-1]


def strokes_to_stages(strokes, pen=PEN):
    """Each step of `strokes_to_image`: the strokes as they came, scaled, and centred, and then the image.

    Returns
    -------
    came, scaled, centred : lists of arrays, each (k, 2)
        Strokes, in the unit that came and twice in pixels.
    image : float32 array, shape (28, 28)
    """
    pen = check_number(pen, "pen", low=0.5, high=BOX)
    came = check_strokes(strokes)
    scaled = scale(came, BOX - pen)
    centred = centre(scaled, pen)
    return came, scaled, centred, draw(centred, pen)


def check_strokes(strokes):
    """The strokes as a list of float arrays (k, 2), k at least 1; a ValueError names the first that does not fit."""
    arrays = []
    if isinstance(strokes, (str, bytes, dict, set)) or not np.iterable(strokes):
        raise ValueError(f"strokes must be a list of strokes, each a list of (x, y); got {describe(strokes)}.")
    for i, stroke in enumerate(strokes):
        fits = f"strokes[{i}] must be a list of (x, y), all finite numbers"
        try:
            points = np.asarray(stroke)
            if points.dtype.kind == "c":  # NumPy would drop the imaginary part with no more than a warning
                raise TypeError("complex numbers")
            points = points.astype(float)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{fits}; got {str(stroke)[:80]}.") from error
        if points.size == 0:
            continue
        if points.ndim != 2 or points.shape[1] != 2:
            raise ValueError(f"{fits}; got shape {points.shape}, not (k, 2).")
        if not np.isfinite(points).all():
            raise ValueError(f"{fits}; got {points[~np.isfinite(points).all(axis=1)][0]}.")
        arrays.append(points)
    return arrays


def scale(strokes, longer_side):
    """Crop and scale: the corner of the bounding box goes to (0, 0), its longer side becomes ``longer_side``."""
    if not strokes:
        return []
    points = np.concatenate(strokes)
    corner, size = points.min(axis=0), np.ptp(points, axis=0).max()
    factor = longer_side / size if size > 1e-300 else 0.0  # a single dot has no size, and stays a dot
    return [thin_out((stroke - corner) * factor) for stroke in strokes]


def thin_out(stroke, spacing=0.25):
    """Leave out points that bring the pen less than ``spacing`` pixels further: slow pens send thousands."""
    steps = np.hypot(*np.diff(stroke, axis=0).T)
    mark = np.floor(np.concatenate([[0.0], np.cumsum(steps)]) / spacing)
    keep = np.diff(mark, prepend=-1) > 0
    keep[-1] = True
    return stroke[keep]


def centre(strokes, pen=PEN):
    """Move the strokes until their ink has its centre of mass at (14, 14)."""
    if not strokes:
        return []
    points = np.concatenate(strokes)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    strokes = [stroke + (CENTRE - middle) for stroke in strokes]
    r, c = centre_of_mass(draw(strokes, pen))
    return [stroke + (CENTRE - c, CENTRE - r) for stroke in strokes]


def draw(strokes, pen=PEN):
    """The ink of strokes in pixels: how much of each pixel the pen covers, from its distance d to the line.

    Ink is pen/2 + ½ − d, kept between 0 and 1: full inside the line, none outside, and soft across one pixel.

    Returns
    -------
    image : float32 array, shape (28, 28)
    """
    starts = np.concatenate([np.zeros((0, 2)), *(s[:-1] if len(s) > 1 else s for s in strokes)])  # (k, 2)
    ends = np.concatenate([np.zeros((0, 2)), *(s[1:] if len(s) > 1 else s for s in strokes)])
    low, high = np.minimum(starts, ends) - (pen / 2 + 0.5), np.maximum(starts, ends) + (pen / 2 + 0.5)
    image = np.zeros((SIDE, SIDE), np.float32)
    for top in range(0, SIDE, BLOCK):  # a block of pixels at a time, for those segments alone that can reach it
        for left in range(0, SIDE, BLOCK):
            corner = np.array([left, top])
            near = ((low <= corner + BLOCK - 1) & (high >= corner)).all(axis=1)
            x, y = np.meshgrid(left + np.arange(BLOCK), top + np.arange(BLOCK))
            pixels = np.stack([x.ravel(), y.ravel()], axis=1).astype(float)  # (49, 2)
            block = ink(pixels, starts[near], ends[near], pen)
            image[top : top + BLOCK, left : left + BLOCK] = block.reshape(BLOCK, BLOCK)
    return image


def ink(pixels, starts, ends, pen):
    """How much of each pixel (n, 2) the pen covers on its way along the segments (k, 2): n numbers from 0 to 1."""
    covered = np.zeros(len(pixels))
    for i in range(0, len(starts), 128):
        todo = np.flatnonzero(covered < 1)  # a long scribble soon fills a block, and nothing makes it fuller
        if len(todo) == 0:
            break
        distance = distance_to_segments(pixels[todo], starts[i : i + 128], ends[i : i + 128])
        covered[todo] = np.maximum(covered[todo], np.clip(pen / 2 + 0.5 - distance, 0, 1))
    return covered


def distance_to_segments(points, starts, ends):
    """How far each point (n, 2) is from the nearest of the line segments from ``starts`` to ``ends`` (k, 2)."""
    along = ends - starts  # (k, 2)
    length_squared = np.maximum((along**2).sum(axis=1), 1e-12)
    x, y = points[:, :1] - starts[:, 0], points[:, 1:] - starts[:, 1]  # (n, k) each: from the start to the point
    t = np.clip((x * along[:, 0] + y * along[:, 1]) / length_squared, 0, 1)  # how far along the segment the foot is
    return np.sqrt(((x - t * along[:, 0]) ** 2 + (y - t * along[:, 1]) ** 2).min(axis=1))


def centre_of_mass(image):
    """Row and column of the mean of the ink; (14, 14) for an empty image."""
    mass = image.sum()
    if mass == 0:
        return CENTRE, CENTRE
    rows, columns = np.arange(image.shape[0]), np.arange(image.shape[1])
    return float(image.sum(axis=1) @ rows / mass), float(image.sum(axis=0) @ columns / mass)


def picture_to_image(picture):
    """The steps of `strokes_to_image` for a picture: crop, scale to 20 pixels, centre of mass. Lesson 8.

    Parameters
    ----------
    picture : float array, shape (height, width)
        Any size; 0 is paper, 1 is ink.

    Returns
    -------
    image : float32 array, shape (28, 28)
    """
    picture = as_array(picture, "picture")
    if picture.ndim != 2 or picture.size == 0 or not np.issubdtype(picture.dtype, np.floating):
        raise ValueError(f"picture must be an array (height, width) of floats, got {describe(picture)}.")
    if not np.isfinite(picture).all() or picture.min() < 0 or picture.max() > 1:
        raise ValueError(
            f"picture must hold values from 0, paper, to 1, ink; got {picture.min():g} to {picture.max():g}."
        )
    image = np.zeros((SIDE, SIDE), np.float32)
    digit = crop(picture)
    if digit.size == 0:
        return image
    factor = BOX / max(digit.shape)
    height, width = (max(1, round(side * factor)) for side in digit.shape)
    digit = resize(digit, height, width)
    r, c = centre_of_mass(digit)
    top, left = (int(np.clip(round(CENTRE - at), 0, SIDE - side)) for at, side in ((r, height), (c, width)))
    image[top : top + height, left : left + width] = digit
    return image


def crop(picture, faintest=0.1):
    """The part of the picture that has ink; fainter ink than ``faintest`` does not count as ink."""
    rows, columns = np.flatnonzero((picture > faintest).any(axis=1)), np.flatnonzero((picture > faintest).any(axis=0))
    if len(rows) == 0:
        return picture[:0, :0]
    return picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def resize(picture, height, width):
    """The picture in another size: each new pixel is a weighted mean of the old ones around its place."""
    return (_weights(picture.shape[0], height) @ picture @ _weights(picture.shape[1], width).T).astype(np.float32)


def _weights(old, new):
    """(new, old): row i has the weights of the old pixels for new pixel i, a triangle about its place."""
    step = old / new
    place = (np.arange(new) + 0.5) * step - 0.5
    weights = np.maximum(0, 1 - np.abs(np.arange(old) - place[:, None]) / max(step, 1))
    return weights / weights.sum(axis=1, keepdims=True)
