"""Build the site and the book in a folder, in each language."""

import filecmp
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from nnlib.pad import live as padlive
from workshop import ROOT
from workshop.folders import check_is_ours
from workshop.site import bar, book, formulas, front, live, pad, pages, talks
from workshop.site.languages import EDITIONS, edition, say, speaking, write_catalogues
from workshop.site.lessons import Writer
from workshop.site.pages import PROJECT

HERE = Path(__file__).parent
STATIC = re.compile(r"""(?<=["'])(?:\.\./)*(_static/[^"'?#]+)""")  # the address of a file on a page
TITLE = "From one neuron"
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
    for code in EDITIONS:
        with speaking(code):
            write_edition(folder)
    talks.write_reveal(folder / "slides")
    pack_project(folder / PROJECT)
    html = [path.read_text(encoding="utf-8") for path in folder.rglob("*.html") if LITE not in path.parts]
    formulas.write_font(folder / "_static" / formulas.FONT, formulas.characters(html))
    share(folder)


def write_edition(site):
    """Write the edition's pages, talks and book into its folder below the site's."""
    folder = site / edition().folder
    known = pages.all_pages()
    lite = (site / LITE / "files" / pages.in_edition("notebooks")).exists()
    with tempfile.TemporaryDirectory() as temporary:
        source = Path(temporary) / "source"
        scripts = write_scripts(source / "_static")
        write_sources(source, known, lite)
        write_catalogues(Path(temporary) / "locale")
        run_sphinx(source, folder, scripts, known)
    (folder / "slides").mkdir()
    talks.write(folder / "slides", known)
    book.write(folder / book.file_name(), known)


def share(site):
    """Let the pages of other editions use the English site's files where theirs are the same, and remove theirs."""
    for folder in (site / one.folder for one in EDITIONS.values() if one.folder):
        shared = set()
        for path in (site / "_static").rglob("*"):
            name = path.relative_to(site).as_posix()
            if path.is_file() and (not (folder / name).exists() or filecmp.cmp(path, folder / name, shallow=False)):
                shared.add(name)
                (folder / name).unlink(missing_ok=True)

        def address(match, shared=shared):
            return f"../{match.group()}" if match[1] in shared else match.group()

        for path in folder.rglob("*.html"):
            page = path.read_text(encoding="utf-8")
            path.write_text(STATIC.sub(address, page), encoding="utf-8")


def pack_project(path):
    """Write the project's files, as git has them at this commit: the run page offers them."""
    if not (ROOT / ".git").exists():
        raise ValueError(f"The site must be built in a git checkout, whose files it offers; got {ROOT}. Clone it.")
    command = ["git", "archive", "--format=zip", "--prefix=from-one-neuron/", f"--output={path.resolve()}", "HEAD"]
    subprocess.run(command, cwd=ROOT, check=True)


def make_room(folder):
    """Empty the folder of an old site."""
    check_is_ours(folder, "searchindex.js", "The site", beside=[LITE])
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.name != LITE:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def write_scripts(folder):
    """Write the scripts of the pad and of the things to play with: {thing: the files that its page needs}.

    What the things must know has no language: the Chinese pages use the English site's.
    """
    place = folder / "live"
    place.mkdir(parents=True)
    code = edition().code
    files = live.write(place) if code == "en" else live.write_scripts(place, live.THINGS, code)
    things = {thing: [f"live/{name}" for name in names] for thing, names in files.items()}
    return {"pad": write_pad(folder), **things}


def write_pad(folder):
    """Write the files of the pad, and those texts of it that are not English: the files that its page needs."""
    files = pad.write(folder)
    if edition().code == "en":
        return files
    language = padlive.language()
    language["texts"] |= {title: say(title) for title in pad.NETWORKS.values()}
    script = f"globalThis.nnlibPadLanguage = {json.dumps(language, ensure_ascii=False)};\n"
    (folder / "pad" / "language.js").write_text(script, encoding="utf-8")
    return ["pad/language.js", *files]


def write_sources(folder, known, lite):
    """Write what Sphinx reads: a Markdown file for each page, and the pictures."""
    collected = {}
    for page in known.values():
        if page.only_english and edition().code != "en":
            continue
        if isinstance(page, pages.Lesson):
            writer = Writer(page, known, root="../")
            source = writer.markdown(pages.notebook(page), top=bar.below_title(page, lite))
            collected |= writer.pictures
        else:
            source = pages.markdown(page, known, collected, top=bar.in_browser(lite)) + below(page, known)
        pages.write(folder, page.name, source)
    for name, png in collected.items():
        path = folder / "_static" / "pictures" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png)
    pages.write(folder, "index", contents(known))


def contents(known):
    """The root of the tree of pages; the front page's own template shows it."""
    trees = {
        "The lessons": [page.name for page in known.values() if isinstance(page, pages.Lesson)],
        "Do it": ["run"],
        "In a class": ["teaching/index", "teaching/notation"],
        "Behind the scenes": ["making", *["benchmarks"] * (edition().code == "en")],
    }
    return f"# {say(TITLE)}\n\n" + "\n\n".join(tree(names, say(caption)) for caption, names in trees.items())


def tree(names, caption=None):
    """A part of the tree of pages."""
    options = [":hidden:", f":caption: {caption}"] if caption else [":hidden:"]
    return "\n".join(["```{toctree}", *options, "", *names, "```"])


def below(page, known):
    """The part of the tree that hangs on a page."""
    if page.name != "teaching/index":
        return ""
    names = [name for name in (other.name for other in known.values()) if name.startswith("teaching/")]
    return "\n\n" + tree([f"/{name}" for name in names if name not in ("teaching/index", "teaching/notation")])


def run_sphinx(source, folder, scripts, known):
    """Let Sphinx write the pages; a warning is an error."""
    options = {
        "project": say(TITLE),
        "html_title": say(TITLE),
        "copyright": say("the nnlib authors. Text: CC BY 4.0, code: BSD 3-Clause"),
        "language": edition().sphinx,
        "locale_dirs": [str(source.parent / "locale")],
        "html_static_path": [str(HERE / "static"), str(source / "_static")],
        "html_context": front.context(),
        "nnlib_scripts": scripts,
        "nnlib_only_here": [page.name for page in known.values() if page.only_english],
    }
    with tempfile.TemporaryDirectory() as doctrees, patch_docutils(), docutils_namespace():
        app = Sphinx(
            source, HERE, folder, doctrees, "html", options, status=None, warningiserror=True, exception_on_warning=True
        )
        app.build()
    for name in ("objects.inv", ".buildinfo"):
        (folder / name).unlink(missing_ok=True)
