"""Write the notebooks for students: without outputs, solutions and answers.

    python -m uv run python -m workshop.student_edition               # writes student-edition.zip
    python -m uv run python -m workshop.student_edition monday.zip    # under another name

A file of that name is replaced, in one step: the edition is made from the notebooks and holds nothing of its own.
teaching/slides_and_student_edition.md says how students run it.
"""

import argparse
import re
import sys
import zipfile
from pathlib import Path

import nbformat

from nnlib._support.files import replacing
from workshop import ROOT

NOTEBOOKS = ROOT / "notebooks"
FOLD = re.compile(r"<details>\s*<summary>(.*?)</summary>(.*?)</details>\n*", flags=re.S)
README = """These are the notebooks of the series for students: without outputs, solutions and answers.

They need nnlib and its data, so open them with the Python of a computer or a hub on which the series is installed.
Where you have the whole project, unpack this folder into it, and run in the project's folder:

    python3 -m uv run jupyter lab --ServerApp.jpserver_extensions=nnlib.pad.server=True student-edition
"""


def without_answers(text):
    """The text without its folded solutions and answers. A question that folds its answer stays, and so do hints."""
    return re.sub(r", then (?:unfold|open)\.", ".", FOLD.sub(_unfolded, text)).strip()


def _unfolded(fold):
    summary = fold.group(1).strip()
    if re.match(r"Hint\b", summary):
        return fold.group()
    if re.fullmatch(r"Solution|Answers?|What is wrong|How a detective reads it", summary):
        return ""
    if summary.endswith("?"):
        return f"{summary}\n\n"
    raise ValueError(
        f"Whether students may see what is folded under {summary!r} is not known. Say it in {Path(__file__).name}."
    )


def student_notebook(notebook):
    """Take outputs, counts, slide types, solutions and answers out of a notebook, which is changed and returned."""
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("slideshow", None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        elif "<details" in cell.source:
            cell.source = without_answers(cell.source)
    notebook.cells = [cell for cell in notebook.cells if cell.source]
    nbformat.validate(notebook)
    return notebook


def files(folder=NOTEBOOKS):
    """What the edition holds: {name: bytes}, the notebooks and their pictures."""
    found = {"README.txt": README.encode()}
    for path in sorted(folder.glob("*.ipynb")):
        found[path.name] = nbformat.writes(student_notebook(nbformat.read(path, as_version=4))).encode() + b"\n"
    for path in sorted(folder.glob("images/*")):
        found[f"images/{path.name}"] = path.read_bytes()
    return found


def write(path):
    """Write the edition to ``path`` in one step; the same notebooks give the same bytes."""
    with replacing(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files().items():
            entry = zipfile.ZipInfo(f"student-edition/{name}")  # of 1980, not of now
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return Path(path)


def main():
    """Write the student edition and zip it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "path", nargs="?", default="student-edition.zip", help="like monday.zip; an old one is replaced"
    )
    path = Path(parser.parse_args().path)
    if path.suffix != ".zip" or not path.parent.is_dir():
        sys.exit(f"The edition is written to a .zip file in a folder that is there; got {path}.")
    print(f"{write(path)}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
