"""Build the site and the book in a folder."""

import shutil
import tempfile
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

import nnlib
from workshop.site import bar, book, formulas, live, pages, talks
from workshop.site.lessons import Writer

HERE = Path(__file__).parent
LITE = "lite"  # the folder that has JupyterLite, if somebody has built it


def build(folder):
    """Write the site into a folder, in place of what was there; a JupyterLite in ``lite/`` stays.

    Parameters
    ----------
    folder : path
        New, empty, or with a site that was written before.
    """
    folder = Path(folder)
    make_room(folder)
    known = pages.all_pages()
    lite = (folder / LITE / "index.html").exists()
    with tempfile.TemporaryDirectory() as temporary:
        source = Path(temporary)
        scripts = {"pad": [], **live.write(source / "_static")}
        write_sources(source, known, lite)
        run_sphinx(source, folder, known, lite, scripts)
    talks.write(folder / "slides", known)
    book.write(folder / book.NAME, known)
    html = [path.read_text(encoding="utf-8") for path in folder.rglob("*.html") if LITE not in path.parts]
    formulas.write_font(folder / "_static" / formulas.FONT, formulas.characters(html))


def make_room(folder):
    """Empty the folder of an old site."""
    if folder.exists() and any(folder.iterdir()) and not (folder / "searchindex.js").exists():
        others = [path.name for path in folder.iterdir() if path.name != LITE]
        if others:
            raise ValueError(
                f"The site must be written to a new folder, or over a site; got {folder}, which has other files in it: "
                f"{', '.join(sorted(others)[:3])}. Name another folder."
            )
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.name != LITE:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def write_sources(folder, known, lite):
    """Write what Sphinx reads: a Markdown file for each page, and the pictures."""
    for page in known.values():
        if isinstance(page, pages.Lesson):
            writer = Writer(page, known, root="../")
            source = writer.markdown(pages.notebook(page), top=bar.below_title(page, lite))
            for name, png in writer.pictures.items():
                path = folder / "_static" / "pictures" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(png)
        else:
            source = pages.markdown(page, known)
        pages.write(folder, page.name, source)
    pages.write(folder, "index", contents(known))


def contents(known):
    """The root of the tree of pages; the front page's own template shows it."""
    teaching = [page.name for page in known.values() if page.name.startswith("teaching/")]
    order = ["teaching/index", "teaching/notation", *(name for name in teaching if "lesson_" in name)]
    rest = [name for name in teaching if name not in order]
    trees = {
        "The lessons": [page.name for page in known.values() if isinstance(page, pages.Lesson)],
        "Do it": ["run"],
        "In a class": [*order, *rest],
        "Behind the scenes": ["making", "benchmarks"],
    }
    blocks = (f"```{{toctree}}\n:caption: {caption}\n:hidden:\n\n" + "\n".join(names) + "\n```" for caption, names in trees.items())
    return "# From one neuron to a network that reads the digits you draw\n\n" + "\n\n".join(blocks)


def run_sphinx(source, folder, known, lite, scripts):
    """Let Sphinx write the pages; a warning is an error."""
    network = nnlib.load_pretrained()
    options = {
        "html_static_path": [str(HERE / "static"), str(source / "_static")],
        "nnlib_scripts": scripts,
        "html_context": {
            "lessons": [page for page in known.values() if isinstance(page, pages.Lesson)],
            "lite": lite,
            "numbers": f"{sum(W.size for W in network.params.values()):,}",
        },
    }
    with tempfile.TemporaryDirectory() as doctrees, patch_docutils(), docutils_namespace():
        app = Sphinx(
            source, HERE, folder, doctrees, "html", options, status=None, warningiserror=True, exception_on_warning=True
        )
        app.build()
    for name in ("objects.inv", ".buildinfo"):
        (folder / name).unlink(missing_ok=True)
