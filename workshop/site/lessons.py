"""A stored notebook as one page of Markdown: text as it stands, code in fences, outputs as HTML beside it.

What JupyterLab folds away is folded here, too. An output that only a kernel can move is a still; where the site can move
it, the still stands in a container that a script takes over (`workshop.site.live`): ``<div class="nnlib-live" …>``.
"""

import base64
import html
import re

from workshop import ROOT
from workshop.site import pictures
from workshop.site.links import resolved

PICTURE = re.compile(r"!\[([^\]]*)\]\((images/[\w.-]+)\)")
IMAGE = re.compile(r'<img alt="([^"]*)"(.*?)src="data:image/png;base64,([^"]+)">', flags=re.S)
THING = re.compile(r"\bplay\.([a-z]\w*)\(")  # play.Play(…) is of the lesson's own making
ANSI = re.compile(r"\x1b\[[\d;]*m")
PADS = {1: "lesson4,pretrained", 9: "lesson4,pretrained"}  # the networks behind the first pad of a lesson
PIXELS = 140  # the width of a still of the pad, which has 28 pixels of its own


class Writer:
    """Writes the page of a lesson.

    Parameters
    ----------
    lesson : workshop.site.pages.Lesson
    pages : dict
        The pages that its links may lead to, by their files.
    root : str
        From the page to the folder that has ``_static``, like ``"../"``.
    """

    def __init__(self, lesson, pages, root):
        self.lesson, self.pages, self.root = lesson, pages, root
        self.pictures = {}  # name: bytes
        self.pads = 0

    def markdown(self, notebook, top=""):
        """The page of a notebook, with ``top`` below its title."""
        parts = [part for cell in notebook.cells for part in self.cell(cell)]
        title, _, rest = parts[0].partition("\n")
        return "\n\n".join([title, top, rest, *parts[1:]]) + "\n"

    def cell(self, cell):
        """What the page shows of a cell."""
        if cell.cell_type == "markdown":
            yield self.text(cell.source)
            return
        yield self.code(cell)
        for number, output in enumerate(cell.outputs):
            yield self.output(cell, output, f"{self.lesson.number:02}-{cell.id}{f'-{number}' if number else ''}.png")

    def text(self, source):
        """A cell of text: its links lead to pages of the site, its pictures to files."""
        source = PICTURE.sub(lambda match: self.file_picture(*match.groups()), source)
        return resolved(source, self.lesson.file, self.pages)

    def code(self, cell):
        """A cell's code, folded if the notebook folds it."""
        fence = f"``````ipython\n{cell.source}\n``````"
        if not is_folded(cell):
            return fence
        title = re.match(r"# @title (.+)", cell.source)
        summary = f"Code: {title[1].removeprefix('Figure: ')}" if title else "Code"
        return f'<details class="nnlib-code">\n<summary>{html.escape(summary)}</summary>\n\n{fence}\n\n</details>'

    def output(self, cell, output, name):
        """One output of a cell as Markdown or HTML."""
        if output.output_type == "stream":
            return printed(output.text)
        if output.output_type == "error":
            return printed("\n".join(output.traceback))
        if "text/markdown" in output.data:
            return f'<div class="nnlib-table">\n\n{output.data["text/markdown"]}\n\n</div>'
        if "nnlib-still" in output.data.get("text/html", ""):
            return self.still(cell, output.data["text/html"], name)
        if "text/html" in output.data:
            return f"<p>{self.picture(output.data['text/html'], name)}</p>"
        return printed(output.data["text/plain"])

    def still(self, cell, page, name):
        """A thing to play with, or a pad, as it stood when the notebook was stored."""
        thing = THING.search(cell.source)
        picture = self.picture(page, name) if IMAGE.search(page) else ""
        sentence = "".join(re.findall(r"<p>(?!<em>)(.*?)</p>", page, flags=re.S)).replace("<br>", "<br/>")
        shown = f"<p>{picture}</p>" * bool(picture) + f"<p>{sentence}</p>" * bool(sentence)
        if "DrawingPad(" in cell.source:
            self.pads += 1
            networks = PADS.get(self.lesson.number) if self.pads == 1 else None
            if networks:
                return live(shown or f"<p>{WITHOUT_SCRIPTS}</p>", "pad", networks=networks)
            return f'<div class="nnlib-kernel">{shown}<p><em>{self.where("Here stands a pad")}</em></p></div>'
        if thing:
            return live(shown, thing[1], code=cell.source.splitlines()[-1])
        return f'<div class="nnlib-kernel">{shown}<p><em>{self.where("The controls are left out")}</em></p></div>'

    def where(self, what):
        """A line below what only a kernel can show."""
        return f"{what} in the notebook: it needs Python."

    def picture(self, page, name):
        """The picture in an output's HTML, as a file."""
        alt, attributes, data = IMAGE.search(page).groups()
        png = pictures.smaller(base64.b64decode(data))
        self.pictures[name] = png
        columns, rows = pictures.size(png)
        pixelated = "pixelated" in attributes
        width = PIXELS if pixelated else int(re.search(r'width="(\d+)"', attributes)[1])
        kind = "nnlib-pixels" if pixelated else "nnlib-figure"
        return self.image(name, alt, width, round(width * rows / columns), kind)

    def file_picture(self, alt, file):
        """A picture beside the notebook, as a file of the site."""
        png = pictures.smaller((ROOT / "notebooks" / file).read_bytes())
        name = file.rpartition("/")[2]
        self.pictures[name] = png
        columns, rows = pictures.size(png)
        width = min(columns, 900)
        return self.image(name, html.escape(alt), width, round(width * rows / columns), "nnlib-figure")

    def image(self, name, alt, width, height, kind):
        """An image that is loaded when it comes near, and whose place is kept until then."""
        alt = re.sub(r"\s*\n\s*", " ", alt)
        return (
            f'<img class="{kind}" src="{self.root}_static/pictures/{name}" width="{width}" height="{height}" '
            f'loading="lazy" decoding="async" alt="{alt}"/>'
        )


WITHOUT_SCRIPTS = "The pad is drawn by JavaScript, which is switched off here."


def is_folded(cell):
    """Whether JupyterLab folds a cell's code away."""
    return bool(cell.metadata.get("jupyter", {}).get("source_hidden"))


def live(shown, thing, **data):
    """The container of something that a script brings to life; ``shown`` stands in it until then."""
    attributes = "".join(f' data-{name}="{html.escape(value)}"' for name, value in data.items())
    return f'<div class="nnlib-live" data-thing="{thing}"{attributes}>{shown}</div>'


def printed(text):
    """What a cell printed."""
    return f'<pre class="nnlib-out">{html.escape(ANSI.sub("", text).rstrip(), quote=False)}</pre>'
