"""The edition for students, made of the real notebooks: nothing that gives a solution away, and all the rest."""

import ast
import os
import re
import subprocess
import sys
import zipfile

import nbformat
import pytest

from tests.test_notebooks import PATHS, ROOT, each_notebook
from workshop import student_edition

SOLUTION = re.compile(r"<summary>Solution</summary>(.*?)</details>", flags=re.S)
ANSWER = re.compile(r"<summary>(?!Solution|Hint)(.*?)</summary>(.*?)</details>", flags=re.S)
ANSWERS = ("Answer", "Answers", "What is wrong", "How a detective reads it")  # summaries that go with their folds
CODE = re.compile(r"```python\n(.*?)```", flags=re.S)


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    """The folder in which a zip of the edition was unpacked."""
    folder = tmp_path_factory.mktemp("edition")
    with zipfile.ZipFile(student_edition.write(folder / "edition.zip")) as archive:
        archive.extractall(folder)
    return folder / "student-edition"


def read(path):
    return nbformat.read(path, as_version=4)


def everything(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells)


def functions(code):
    """The bodies of the functions in a piece of code, as text without comments and docstrings."""
    bodies = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            bodies.add(f"{node.name}: " + "\n".join(map(ast.unparse, body)))
    return bodies


def paragraphs(text):
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def test_it_holds_the_notebooks_their_pictures_and_how_to_run_them(edition):
    found = {str(path.relative_to(edition)) for path in edition.rglob("*") if path.is_file()}
    pictures = {f"images/{path.name}" for path in (ROOT / "notebooks/images").iterdir()}
    assert found == {path.name for path in PATHS} | pictures | {"README.txt"}


@each_notebook
def test_no_output_no_count_no_slide_and_valid(path, edition):
    notebook = read(edition / path.name)
    nbformat.validate(notebook)
    assert "widgets" not in notebook.metadata
    for cell in notebook.cells:
        assert "slideshow" not in cell.metadata
        assert cell.cell_type == "markdown" or (cell.outputs == [] and cell.execution_count is None)


@each_notebook
def test_no_solution_and_no_answer(path, edition):
    original, text = everything(read(path)), everything(read(edition / path.name))
    solutions, answers = SOLUTION.findall(original), ANSWER.findall(original)
    assert len(solutions) >= 2 and answers
    assert not re.search(r"<summary>(?!Hint)", text)
    for hidden in solutions + [answer for _, answer in answers]:
        for paragraph in paragraphs(CODE.sub("", hidden)):
            assert paragraph not in text
    written = set()
    for cell in read(edition / path.name).cells:
        for code in [cell.source] if cell.cell_type == "code" else CODE.findall(cell.source):
            written |= functions(code)
    for solution in solutions:
        for code in CODE.findall(solution):
            assert functions(code) and not functions(code) & written


@each_notebook
def test_all_code_every_exercise_and_every_question_is_there(path, edition):
    original, students = read(path), read(edition / path.name)
    code = [[cell.source for cell in notebook.cells if cell.cell_type == "code"] for notebook in (original, students)]
    assert code[0] == code[1]
    kept = re.sub(r"\s*<details>(?!<summary>Hint).*?</details>\s*", "\n\n", everything(original), flags=re.S)
    text = everything(students)
    for paragraph in paragraphs(re.sub(r", then (unfold|open)\.", ".", kept)):
        assert paragraph in text
    for summary, _ in ANSWER.findall(everything(original)):
        assert summary in ANSWERS or summary in text


def test_each_kind_of_fold():
    fold = "<details><summary>{}</summary>\n\nHidden.\n\n</details>\n"
    for summary in ("Solution", *ANSWERS):
        assert (
            student_edition.without_answers("1. Why?\n\n" + fold.format(summary) + "\n2. How?") == "1. Why?\n\n2. How?"
        )
    assert student_edition.without_answers(fold.format("1. Why?") + fold.format("2. How?")) == "1. Why?\n\n2. How?"
    hint = fold.format("Hint 1")
    assert student_edition.without_answers(hint + fold.format("Solution")) == hint.strip()
    with pytest.raises(ValueError, match="'More' is not known"):
        student_edition.without_answers(fold.format("More"))


def test_the_same_notebooks_give_the_same_bytes_and_an_old_edition_is_replaced(tmp_path):
    first = student_edition.write(tmp_path / "first.zip").read_bytes()
    (tmp_path / "second.zip").write_text("an old one")
    command = [sys.executable, "-m", "workshop.student_edition", "second.zip"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "second.zip").read_bytes() == first


def test_a_failure_leaves_the_old_edition_and_no_half_file(tmp_path, monkeypatch):
    (tmp_path / "edition.zip").write_text("the old one")
    replaced = []

    def replace(source, target):
        assert zipfile.ZipFile(source).testzip() is None, "it was whole before it took the name"
        replaced.append(target)
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(OSError):
        student_edition.write(tmp_path / "edition.zip")
    assert replaced and (tmp_path / "edition.zip").read_text() == "the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["edition.zip"]


def test_another_kind_of_file_is_not_written_over(tmp_path):
    target = tmp_path / "mine.ipynb"
    target.write_text("my work")
    command = [sys.executable, "-m", "workshop.student_edition", str(target)]
    assert subprocess.run(command, capture_output=True).returncode == 1
    assert target.read_text() == "my work"


def test_lesson_1_runs_where_it_was_unpacked(edition):
    run = (
        "import sys, nbformat, nbclient; nbclient.NotebookClient(nbformat.read(sys.argv[1], 4), timeout=300).execute()"
    )
    subprocess.run([sys.executable, "-c", run, PATHS[0].name], cwd=edition, check=True)
