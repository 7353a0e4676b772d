"""A stored notebook as one page of Markdown: text as it stands, code in fences, outputs as HTML beside it.

What JupyterLab folds away is folded here, too. An output that only a kernel can move is a still; where the site can
move it, the still stands in a container of the class ``nnlib-live``, which a script takes over (`workshop.site.live`).
"""

import ast
import base64
import html
import inspect
import re

from nnlib import play
from workshop import ROOT
from workshop.site import live, pictures, prose
from workshop.site.languages import edition, say
from workshop.site.links import resolved
from workshop.site.pad import NETWORKS, still

IMAGE = re.compile(r'<img alt="([^"]*)"(.*?)src="data:image/png;base64,([^"]+)">', flags=re.S)
FIGURE = re.compile("^(Figure: |图：)")  # the beginning of a title
THING = re.compile(r"^play\.([a-z]\w*)\(.*\)$", flags=re.M)
ANSI = re.compile(r"\x1b\[[\d;]*m")
ALIVE_PADS = (1, 9)  # the lessons whose first pad is alive on the page
PAD_BELOW = re.compile(r"^.*[:：]\n\n!\[.*\]\((?:\.\./)?images/pad\.png\)\n*", flags=re.M)  # which stands above, alive
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

    suffix = ".md"  # of the pages that it links to
    alive = True  # whether scripts bring the pad to life

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
        if self.alive:
            source = PAD_BELOW.sub("", source)
        source = pictures.placed(source, (ROOT / self.lesson.file).parent, self.address, self.pictures)
        return resolved(prose.unbroken(source), self.lesson.file, self.pages, self.suffix)

    def code(self, cell):
        """A cell's code, folded if the notebook folds it."""
        fence = f"``````ipython\n{cell.source}\n``````"
        if not is_folded(cell):
            return fence
        title = re.match(r"# @title (.+)", cell.source)
        summary = say("Code: {title}", title=FIGURE.sub("", title[1])) if title else say("Code")
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
        picture = self.picture(page, name) if IMAGE.search(page) else ""
        sentence = "".join(re.findall(r"<p>(?!<em>)(.*?)</p>", page, flags=re.S)).replace("<br>", "<br/>")
        sentence = prose.PER_CENT.sub("\N{NO-BREAK SPACE}", sentence)
        if "DrawingPad(" in cell.source:
            if edition().code == "en":
                sentence = sentence.replace("%", "\N{NO-BREAK SPACE}%")  # as the live pad says it
            return self.next_pad(paragraphs(picture, sentence))
        shown = paragraphs(picture, sentence)
        thing = THING.search(cell.source)
        if thing:
            return self.thing(thing[1], shown, arguments(thing))
        return needs_kernel(shown, say("In the notebook, sliders move this picture. They need Python."))

    def thing(self, name, shown, options):
        """A thing to play with, which a script brings to life."""
        return live.element(name, shown, **options)

    def pad(self):
        """A pad that a script brings to life."""
        networks = ",".join(NETWORKS)
        return f'<div class="nnlib-live" data-thing="pad" data-networks="{networks}">{still()}</div>'

    def next_pad(self, shown):
        """The first pad of some lessons is alive; all others are stills."""
        self.pads += 1
        if self.pads == 1 and self.lesson.number in ALIVE_PADS:
            return f'<div id="pad">{self.pad()}</div>'
        return needs_kernel(
            shown, say("In the notebook, a pad to draw on stands here. It needs Python.") + self.live_pad()
        )

    def live_pad(self):
        """A sentence that leads from a still of the pad to a pad that is alive."""
        if self.alive and self.lesson.number in ALIVE_PADS:
            return say(' <a href="#pad">The one above</a> needs only a browser.')
        page = f"{self.root}index.html"
        return say(' <a href="{page}">The one on the front page</a> needs only a browser.', page=page)

    def picture(self, page, name):
        """The picture in an output's HTML, as a file."""
        alt, attributes, data = IMAGE.search(page).groups()
        png = self.pictures[name] = base64.b64decode(data)
        if "pixelated" in attributes:
            return pictures.tag(self.address(name), png, alt, PIXELS, "nnlib-pixels")
        return pictures.tag(self.address(name), png, alt, int(re.search(r'width="(\d+)"', attributes)[1]))

    def address(self, name):
        """The address of a picture on the page."""
        return f"{self.root}_static/pictures/{name}"


def is_folded(cell):
    """Whether JupyterLab folds a cell's code away."""
    return bool(cell.metadata.get("jupyter", {}).get("source_hidden"))


def arguments(call):
    """The arguments by name that a call, as in ``play.boundary(epochs=40)``, has as numbers and texts."""
    given = ast.parse(call.group(), mode="eval").body
    names = inspect.signature(getattr(play, call[1])).parameters
    by_name = {**dict(zip(names, given.args, strict=False)), **{word.arg: word.value for word in given.keywords}}
    return {name: value.value for name, value in by_name.items() if isinstance(value, ast.Constant)}


def paragraphs(*contents):
    """Each of the contents that there is as a paragraph."""
    return "".join(f"<p>{content}</p>" for content in contents if content)


def needs_kernel(shown, line):
    """What only a kernel can move, with a line that says so."""
    return f'<div class="nnlib-kernel">{shown}<p><em>{line}</em></p></div>'


def printed(text):
    """What a cell printed."""
    return f'<pre class="nnlib-out">{html.escape(ANSI.sub("", text).rstrip(), quote=False)}</pre>'
