"""Write the notebooks for students: without outputs, solutions and answers.

    python -m uv run python -m workshop.student_edition               # writes student-edition.zip
    python -m uv run python -m workshop.student_edition monday.zip    # under another name
    python -m uv run python -m workshop.student_edition --language zh # the Chinese one: student-edition-zh.zip

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
# What is folded under one of these goes.
SOLVES = re.compile("Solution|Answers?|What is wrong|How a detective reads it|解答|答案|错在哪里|侦探是这样看的")
INVITES = (  # to unfold what is no longer there
    (re.compile(r", then (?:unfold|open)(?: the answers)?\."), "."),
    (re.compile("先凭记忆回答，再展开(?:答案)?。"), "凭记忆回答。"),
)
README = {
    "en": """These are the notebooks of the series for students: without outputs, solutions and answers.

They need nnlib and its data, so open them with the Python of a computer or a hub on which the series is installed.
Where you have the whole project, unpack this folder into it, and run in the project's folder:

    python3 -m uv run jupyter lab --ServerApp.jpserver_extensions=nnlib.pad.server=True student-edition
""",
    "zh": """这是给学生用的笔记本：没有输出，也没有解答和答案。

它们用得着 nnlib 和它的数据：哪台电脑、哪个平台装好了这套课，就用那里的 Python 打开。
手里有整个项目的话，把这个文件夹解压到项目里，再到项目的文件夹里运行：

    python3 -m uv run jupyter lab --ServerApp.jpserver_extensions=nnlib.pad.server=True student-edition-zh
""",
}


def without_answers(text):
    """The text without its folded solutions and answers. A question that folds its answer stays, and so do hints."""
    text = FOLD.sub(_unfolded, text)
    for invitation, instead in INVITES:
        text = invitation.sub(instead, text)
    return text.strip()


def _unfolded(fold):
    summary = fold.group(1).strip()
    if re.match(r"Hint\b|提示", summary):
        return fold.group()
    if SOLVES.fullmatch(summary):
        return ""
    if summary.endswith(("?", "？")):
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


def files(language="en"):
    """What the edition holds: {name: bytes}, the notebooks and, beside them, their pictures."""
    found = {"README.txt": README[language].encode()}
    for path in sorted((NOTEBOOKS if language == "en" else NOTEBOOKS / language).glob("*.ipynb")):
        notebook = student_notebook(nbformat.read(path, as_version=4))
        for cell in notebook.cells:
            cell.source = cell.source.replace("](../images/", "](images/")
        found[path.name] = nbformat.writes(notebook).encode() + b"\n"
    for path in sorted(NOTEBOOKS.glob("images/*")):
        found[f"images/{path.name}"] = path.read_bytes()
    return found


def write(path, language="en"):
    """Write the edition to ``path`` in one step; the same notebooks give the same bytes."""
    with replacing(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files(language).items():
            entry = zipfile.ZipInfo(f"{folder(language)}/{name}")  # of 1980, not of now
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return Path(path)


def folder(language):
    """The name of the edition's folder, and of its file."""
    return "student-edition" if language == "en" else f"student-edition-{language}"


def main():
    """Write the student edition and zip it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", nargs="?", help="like monday.zip, or else student-edition.zip; an old one is replaced")
    parser.add_argument("--language", choices=README, default="en", help="of the notebooks")
    options = parser.parse_args()
    path = Path(options.path or f"{folder(options.language)}.zip")
    if path.suffix != ".zip" or not path.parent.is_dir():
        sys.exit(f"The edition is written to a .zip file in a folder that is there; got {path}.")
    print(f"{write(path, options.language)}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
