"""Make talks of the notebooks: set the slide type of every cell, so that each slide fits its screen.

    python -m uv run python -m workshop.slides        # set the types in all notebooks, change nothing else
    python -m uv run python -m workshop.slides 04     # in lesson 4 alone
    python -m uv run python -m nbconvert --to workshop.slides.Talk --output-dir talks notebooks/04_training.ipynb

The rules: a heading begins a slide, a sub-heading or an exercise a sub-slide. Text and the code after it stay
together. What does not fit any more begins a sub-slide; what is larger than a screen is shown smaller. Imports and
an exercise's empty function, check and hint are left out; its solution is in the speaker's notes.
"""

import argparse
import base64
import re
import sys
import tempfile
from copy import deepcopy
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import nbformat
from nbconvert import SlidesExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.preprocessors import Preprocessor
from traitlets import Bool
from traitlets.config import Config

from workshop import ROOT

NOTEBOOKS = ROOT / "notebooks"

WIDTH, HEIGHT = 1280, 720  # of a slide, in its own pixels: reveal.js scales them to the screen
ROOM = 690  # what is filled of the height: another machine's fonts may need a little more
FITS = ("100", "90", "80", "70", "output")  # type in per cent, or at last no code; as in talk/talk.css
TOGETHER = 3  # the first fits: text and its code are not shrunk further than this to stay on one slide

CHECK = re.compile(r'^(?:\w+\.)*(?:check|exercise)\("\d+\.\d+", *(\w+)\)', flags=re.M)
HEADING = re.compile(r"^(#{1,6}) ", flags=re.M)


MATHJAX = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/2.7.7"
MATHJAX_FILE = "/MathJax.js?config=TeX-AMS-MML_HTMLorMML-full,Safe"
LOCAL = {  # npm install reveal.js@4.6.1 requirejs@2 mathjax@2
    "reveal_url_prefix": "node_modules/reveal.js",
    "require_js_url": "node_modules/requirejs/require.js",
    "mathjax_url": "node_modules/mathjax" + MATHJAX_FILE,
}


class Prepare(Preprocessor):
    """Where text stands above a heading in its cell, the text ends the slide before, and the heading begins one.

    Pictures of files go into the page, so that it stands alone. (nbconvert's ``embed_images`` would also close each
    ``<details>`` before its content, and no answer would be folded.)
    """

    def preprocess(self, notebook, resources):
        """The notebook as a talk shows it, and the language of the page; nbconvert calls this."""
        resources["language_code"] = language(notebook)
        notebook = deepcopy(notebook)
        notebook.cells = [piece for cell in notebook.cells for piece in pieces(cell)]
        folder = Path(resources["metadata"]["path"])
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                if cell.metadata.get("slideshow", {}).get("slide_type") == "notes":
                    cell.source = cell.source.replace(
                        "<details>", "<details open>"
                    )  # the speaker need not unfold a solution
                cell.source = re.sub(
                    r"(?<=\]\()(?:\.\./)?images/[\w.-]+\.png(?=\))",
                    lambda name: data_url(folder / name.group()),
                    cell.source,
                )
        return notebook, resources


class Talk(SlidesExporter):
    """nbconvert's slides in the style of the series: ``--to workshop.slides.Talk``."""

    export_from_notebook = None  # JupyterLab's menu has nbconvert's own
    local = Bool(False, help="Load the libraries from node_modules beside the talk: no network.").tag(config=True)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name, path in LOCAL.items() if self.local else ():
            setattr(self, name, path)

    def from_notebook_node(self, notebook, resources=None, **options):
        """A notebook's talk, as nbconvert makes it, but for its last step, which takes as long as all others.

        That step parses the whole page for pictures without a text; here every picture has one, by a test.
        """
        self.register_filter("highlight_code", Highlight2HTML(parent=self))
        return TemplateExporter.from_notebook_node(self, notebook, self._init_resources(resources), **options)

    @property
    def default_config(self):
        """A talk's settings; what nbconvert is asked for goes before them."""
        config = Config({"Talk": DEFAULTS})
        config.merge(super().default_config)
        return config


DEFAULTS = {
    "template_name": "talk",
    "extra_template_basedirs": [str(Path(__file__).parent)],
    "preprocessors": [Prepare],
    "optimistic_validation": True,  # once, and not after each step
    "exclude_input_prompt": True,
    "exclude_output_prompt": True,
    "mathjax_url": MATHJAX + MATHJAX_FILE,
    "reveal_url_prefix": "https://unpkg.com/reveal.js@4.6.1",
    "reveal_theme": "white",
    "reveal_transition": "none",
    "reveal_width": str(WIDTH),
    "reveal_height": str(HEIGHT),
    "reveal_number": "c/t",
}


def language(notebook):
    """The language that a page of the notebook is in, as HTML calls it."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return "zh-Hans" if re.search(r'^nnlib\.language\("zh"\)$', code, flags=re.M) else "en"


def data_url(path):
    """A picture as an address that holds it."""
    return "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode()


def pieces(cell):
    """The parts of a Markdown cell that begin at headings, each a cell with its slide type; else the cell alone."""
    slideshow = cell.metadata.get("slideshow", {})
    if cell.cell_type != "markdown" or slideshow.get("slide_type") in ("notes", "skip"):
        return [cell]
    outside = re.sub(
        r"```.*?```", lambda code: " " * len(code.group()), cell.source, flags=re.S
    )  # a comment is no heading
    starts = [match.start() for match in HEADING.finditer(outside)]
    if not starts:
        return [cell]
    bounds = sorted({0, *starts, len(cell.source)})
    parts = []
    for k, (start, end) in enumerate(pairwise(bounds)):
        part = deepcopy(cell)
        part.id = f"{cell.id}-{k}" if k else cell.id
        part.source = cell.source[start:end].strip()
        part.metadata.setdefault("slideshow", {})["slide_type"] = begins(part) or slideshow.get("above", "-")
        parts.append(part)
    return parts


def begins(cell):
    """The slide type that a cell has by the heading at its start; nothing without one."""
    match = cell.cell_type == "markdown" and HEADING.match(cell.source)
    return match and ("slide" if len(match.group(1)) <= 2 else "subslide")


def roles(cells):
    """What a talk makes of each cell beside showing it: "skip", "notes", "exercise" for an exercise's text, or ""."""
    found = ["skip" if says_nothing(cell) else "notes" if "<summary>Solution" in cell.source else "" for cell in cells]
    for i, cell in enumerate(cells):
        match = cell.cell_type == "code" and CHECK.search(cell.source)
        if match:
            stub = max(
                j for j in range(i) if cells[j].cell_type == "code" and f"def {match.group(1)}(" in cells[j].source
            )
            found[i] = "skip"
            if cells[stub].source.rstrip().endswith("..."):  # else it has a bug to find
                found[stub] = "skip"
            text = stub - 1
            if cells[text].cell_type == "markdown" and not found[text]:
                found[text] = "exercise"
    return found


def says_nothing(cell):
    """Whether a code cell has nothing for a talk: it imports, or it draws, and has no output."""
    if cell.cell_type != "code" or cell.outputs:
        return False
    folded = cell.metadata.get("jupyter", {}).get("source_hidden", False)
    return folded or all(re.match(r"\s*$|import |from |#", line) for line in cell.source.splitlines())


def mark(notebook, page):
    """Set the slide type of every cell; ``page`` is a page of a browser, to measure in."""
    for cell in notebook.cells:
        cell.metadata["slideshow"] = {}
    role = dict(zip((cell.id for cell in notebook.cells), roles(notebook.cells), strict=True))
    shown = []  # pairs of a cell and a piece of it
    for cell in notebook.cells:
        if role[cell.id] in ("skip", "notes"):
            cell.metadata.slideshow.slide_type = role[cell.id]
        else:
            shown += [(cell, piece) for piece in pieces(cell)]
    first = [begins(piece) or ("subslide" if role[cell.id] == "exercise" else None) for cell, piece in shown]
    starts = pack([piece for _, piece in shown], first, measure([piece for _, piece in shown], page))
    for i, (slide_type, fit) in starts.items():
        cell, piece = shown[i]
        key = "above" if begins(pieces(cell)[-1]) and not begins(piece) else "slide_type"  # of a text above a heading
        cell.metadata.slideshow.setdefault(key, slide_type)
        if fit != "100":
            others = cell.metadata.slideshow.get(
                "data", {"fit": fit}
            )  # of a cell with several headings: one fit for all
            cell.metadata.slideshow["data"] = {"fit": max(fit, others["fit"], key=FITS.index)}
    for cell in notebook.cells:
        cell.metadata.slideshow.setdefault("slide_type", "-")


def pack(shown, first, heights):
    """Where slides begin: {number of the cell: (slide type, fit)}.

    Parameters
    ----------
    shown : list of cells
    first : list
        The slide type of a cell that begins a slide whatever is before it, else None.
    heights : list of dict
        The height of each cell for each fit.
    """
    starts, used = {}, ROOM

    def add(group, fits):
        """Put cells on the slide, or on a new one; False if they fit on none."""
        nonlocal used
        slide_type = first[group[0]]
        if not slide_type and used + sum(heights[i]["100"] for i in group) <= ROOM:
            used += sum(heights[i]["100"] for i in group)
            return True
        for fit in fits:
            height = sum(heights[i][fit] for i in group)
            if height <= ROOM:
                starts[group[0]] = slide_type or "subslide", fit
                used = height if fit == "100" else ROOM
                return True
        return False

    for unit in units(shown):
        if not add(unit, FITS[:TOGETHER]):
            for i in unit:
                if not add([i], FITS):
                    raise ValueError(
                        f"This cell is too large for a slide; split it, or fold its code:\n{shown[i].source[:200]}"
                    )
    return starts


def units(shown):
    """The cells in groups that a slide keeps together if it can: a text, and the code up to the next text."""
    groups = []
    for i, cell in enumerate(shown):
        if cell.cell_type == "markdown" or not groups:
            groups.append([])
        groups[-1].append(i)
    return groups


def measure(shown, page):
    """The height of each cell on a slide of its own, for each fit: a list of {fit: height}."""
    notebook = nbformat.v4.new_notebook(cells=deepcopy(shown))
    for cell in notebook.cells:
        cell.metadata["slideshow"] = {"slide_type": "slide"}
    with tempfile.TemporaryDirectory() as folder:
        load(page, html(notebook), folder)
    return page.evaluate(
        """fits => {
            const sections = [...document.querySelectorAll(".slides > section > section")];
            const heights = sections.map(() => ({}));
            for (const fit of fits) {
                for (const section of sections) section.dataset.fit = fit;
                sections.forEach((section, i) => { heights[i][fit] = section.getBoundingClientRect().height; });
            }
            return heights;
        }""",
        list(FITS),
    )


def html(notebook, folder=NOTEBOOKS):
    """The talk of a notebook in this folder, a page of HTML."""
    return Talk().from_notebook_node(notebook, {"metadata": {"path": str(folder)}})[0]


def load(page, html, folder):
    """Open a talk without a network: MathJax comes from a package, and nothing else comes.

    Without reveal.js, which moves and scales the slides but leaves their size to talk/talk.css, all slides are below
    each other. All folds are opened, as a teacher may open them.
    """
    static = Path(find_spec("jupyter_server_mathjax").origin).parent / "static"

    def answer(route):
        _, is_mathjax, name = route.request.url.partition(MATHJAX)
        if is_mathjax:
            route.fulfill(
                path=static / name.partition("?")[0].lstrip("/"), headers={"Access-Control-Allow-Origin": "*"}
            )
        else:
            route.abort()

    page.route(re.compile("^https?:"), answer)
    file = Path(folder) / "talk.slides.html"
    file.write_text(html, encoding="utf-8")
    page.goto(file.as_uri(), wait_until="load")
    page.evaluate(
        """() => {
            document.querySelectorAll("details").forEach(fold => { fold.open = true; });
            return new Promise(done => MathJax.Hub.Queue(done));
        }"""
    )


def main():
    """Mark the notebooks that the command line names, or all."""
    from playwright.sync_api import sync_playwright

    from workshop.servers import launch

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", help="like 01 or 04_training; all if left out")
    options = parser.parse_args()
    paths = [path for path in sorted(NOTEBOOKS.glob("*.ipynb")) if path.name.startswith(tuple(options.lessons) or "")]
    if not paths:
        sys.exit(f"No notebook in {NOTEBOOKS} starts with {' or '.join(options.lessons)}.")
    with sync_playwright() as playwright:
        page = launch(playwright).new_page()
        for path in paths:
            notebook = nbformat.read(path, as_version=4)
            mark(notebook, page)
            nbformat.write(notebook, path)
            types = [cell.metadata.slideshow.slide_type for cell in notebook.cells]
            print(f"{path.name}: {types.count('slide')} slides, {types.count('subslide')} sub-slides")


if __name__ == "__main__":
    main()
