"""Pictures of stored outputs as small files.

A figure has few colours, so 256 of them show it as it was: a palette makes a file about half as large. Where that would
change what can be seen, the picture keeps all its colours.
"""

import io

import numpy as np
from PIL import Image

SEEN = 12  # of 255: how far a channel of a pixel may be off where nobody can see it
MEAN_SEEN = 0.5  # and how far all of them may be off at the mean


def smaller(png):
    """A PNG with a palette, if it looks the same and is smaller; else the PNG that came.

    Parameters
    ----------
    png : bytes

    Returns
    -------
    bytes
    """
    picture = Image.open(io.BytesIO(png)).convert("RGBA")
    flat = Image.new("RGBA", picture.size, "white")
    flat.alpha_composite(picture)  # the pages show figures on white cards, in the dark, too
    flat = flat.convert("RGB")
    reduced = flat.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    off = np.abs(np.asarray(flat, int) - np.asarray(reduced.convert("RGB"), int))
    file = io.BytesIO()
    reduced.save(file, "PNG", optimize=True)
    looks_the_same = np.percentile(off, 99.9) <= SEEN and off.mean() <= MEAN_SEEN
    return min(file.getvalue(), png, key=len) if looks_the_same else png


def size(png):
    """Width and height of a PNG, in its pixels."""
    return Image.open(io.BytesIO(png)).size
