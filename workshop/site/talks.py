"""The talks of the lessons as pages of the site, which need nothing from elsewhere.

`workshop.slides` says what stands on which slide. Here the pictures are the site's, formulas are MathML, and reveal.js,
which moves the slides, comes from the package sphinx-revealjs.
"""

import re
import shutil
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from nbformat.v4 import new_output

from workshop import slides
from workshop.site import pages
from workshop.site.formulas import formulas_as_html
from workshop.site.languages import edition, other, say
from workshop.site.lessons import Writer
from workshop.site.links import relative
from workshop.site.prose import curled

WORDS = ("Out of the talk", "The lesson", "All lessons")
THEME = "dist/theme/white.css"
REVEAL = ("LICENSE", "dist/reset.css", "dist/reveal.css", "dist/reveal.js", "plugin/notes/notes.js")


class Slides(Writer):
    """A notebook whose pictures are files, and whose links lead to pages of the site."""

    suffix = ".html"
    alive = False

    def prepared(self, notebook):
        """The notebook for `SiteTalk`."""
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = self.text(formulas_as_html(cell.source))
            else:
                parts = list(self.cell(cell))[1:]  # the code stays code
                cell.outputs = [
                    new_output("display_data", {"text/html": part}) if is_html(output) else output
                    for output, part in zip(cell.outputs, parts, strict=True)
                ]
        return notebook

    def thing(self, name, shown, options):
        """A talk has the picture of a thing to play with."""
        return shown

    def pad(self):
        """A talk has the picture of the pad, which the text below it shows."""
        return ""


def is_html(output):
    """Whether a page shows an output as HTML."""
    return "text/html" in output.get("data", {})


class SiteTalk(slides.Talk):
    """A talk in the style of the series, with its libraries beside it."""

    template_file = "site.html.j2"  # in the folder of the talk's template

    @property
    def default_config(self):
        """A talk's settings."""
        config = super().default_config
        config.Talk.reveal_url_prefix = relative("slides/reveal", f"{edition().folder}/slides/")
        return config


def write_reveal(folder):
    """Write what moves the talks, of all editions, into the folder of the English ones."""
    package = Path(find_spec("sphinx_revealjs").origin).parent / "_static" / "revealjs"
    for name in REVEAL:
        (folder / "reveal" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(package / name, folder / "reveal" / name)
    theme = (package / THEME).read_text(encoding="utf-8")
    (folder / "reveal" / THEME).parent.mkdir(parents=True)
    (folder / "reveal" / THEME).write_text(re.sub(r"@import url\([^)]*\);", "", theme), encoding="utf-8")  # of fonts


def write(folder, known):
    """Write the talk of each lesson of the edition into a folder."""
    talk = SiteTalk()  # one for all: its templates are compiled once
    for lesson in pages.lessons():
        here = {**known, lesson.file: replace(lesson, name=lesson.talk)}
        writer = Slides(lesson, here, root="../")
        notebook = writer.prepared(pages.notebook(lesson))
        for name, png in writer.pictures.items():  # the lesson's page may have left one out
            (folder.parent / "_static" / "pictures" / name).write_bytes(png)
        metadata = {
            "path": str(slides.NOTEBOOKS),
            "other": other(),
            "other_page": relative(f"{other().folder}/{lesson.talk}.html", f"{edition().folder}/{lesson.talk}"),
            "words": {text: say(text) for text in WORDS},
            "name": f"{lesson.number} · {lesson.title}",
            "lesson": f"../{lesson.name}.html",
        }
        page, _ = talk.from_notebook_node(notebook, {"metadata": metadata})
        page = page.replace('<html lang="en">', f'<html lang="{edition().lang}">')
        (folder / f"{lesson.stem}.html").write_text(curled(page) if edition().code == "en" else page, encoding="utf-8")
