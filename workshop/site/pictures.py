"""Pictures and their places on a page. They are files, as small as they were stored: a figure has 256 colours."""

import html
import re
import struct

WIDEST = 900  # pixels of a page
LAZY = 'loading="lazy" decoding="async" '
FILE = re.compile(r"!\[([^\]]*)\]\(([\w./-]+\.png)\)")  # in Markdown


def size(png):
    """Width and height of a PNG, in its pixels."""
    return struct.unpack(">II", png[16:24])


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
        f'{LAZY}alt="{alt}"/>'
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
        collected[name] = (folder / file).read_bytes()
        return tag(place(name), collected[name], html.escape(alt))

    return FILE.sub(image, markdown)
