"""Pictures as small files, and their places on a page.

A figure has few colours, so 256 of them show it as it was: a palette makes a file about half as large. Where that would
change what can be seen, the picture keeps all its colours.
"""

import html
import io
import re
from functools import cache

import numpy as np
from PIL import Image

SEEN = 12  # of 255: how far a channel of a pixel may be off where nobody can see it
MEAN_SEEN = 0.5  # and how far all of them may be off at the mean
WIDEST = 900  # pixels of a page
FILE = re.compile(r"!\[([^\]]*)\]\(([\w./-]+\.png)\)")  # in Markdown


@cache  # the site, the talks and the book have the same pictures
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


def tag(address, png, alt, width=WIDEST, kind="nnlib-figure"):
    """An image that is loaded when it comes near, and whose place is kept until then.

    Parameters
    ----------
    address : str
        Of its file, on the page.
    png : bytes
    alt : str
        As HTML.
    width : int
        On the page; a picture with fewer pixels is shown in its own size, unless it is made of few on purpose.
    kind : {"nnlib-figure", "nnlib-pixels"}
    """
    columns, rows = size(png)
    width = width if kind == "nnlib-pixels" else min(width, columns)
    alt = re.sub(r"\s*\n\s*", " ", alt)
    return (
        f'<img class="{kind}" src="{address}" width="{width}" height="{round(width * rows / columns)}" '
        f'loading="lazy" decoding="async" alt="{alt}"/>'
    )


def placed(markdown, folder, place, collected):
    """Markdown whose picture files are images of the page; their bytes go to ``collected`` by their names.

    Parameters
    ----------
    markdown : str
    folder : pathlib.Path
        That the addresses in it start from.
    place : callable
        From a file's name to its address on the page.
    collected : dict
    """

    def image(match):
        alt, file = match.groups()
        name = file.rpartition("/")[2]
        collected[name] = smaller((folder / file).read_bytes())
        return tag(place(name), collected[name], html.escape(alt))

    return FILE.sub(image, markdown)
