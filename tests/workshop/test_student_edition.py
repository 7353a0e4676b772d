"""The edition for students, made of the real notebooks: nothing that gives a solution away, and all the rest."""

import ast
import os
import re
import subprocess
import sys
import zipfile

import nbformat
import pytest

from tests.test_notebooks import PATHS, ROOT
from workshop import student_edition

CHINESE = sorted((ROOT / "notebooks" / "zh").glob("*.ipynb"))
SOLUTION = re.compile(r"<summary>(?:Solution|解答)</summary>(.*?)</details>", flags=re.S)
ANSWER = re.compile(r"<summary>(?!Solution|解答|Hint)(.*?)</summary>(.*?)</details>", flags=re.S)
ANSWERS = ("Answer", "Answers", "What is wrong", "How a detective reads it", "答案", "错在哪里", "侦探是这样看的")
CODE = re.compile(r"```python\n(.*?)```", flags=re.S)
each_notebook = pytest.mark.parametrize(
    "path", PATHS + CHINESE, ids=[path.stem for path in PATHS] + [f"{path.stem} in Chinese" for path in CHINESE]
)


@pytest.fixture(scope="module")
def editions(tmp_path_factory):
    """The folders in which the zips of the two editions were unpacked: {language: folder}."""
    folder, found = tmp_path_factory.mktemp("edition"), {}
    for language, name in (("en", "student-edition"), ("zh", "student-edition-zh")):
        with zipfile.ZipFile(student_edition.write(folder / f"{language}.zip", language)) as archive:
            archive.extractall(folder)
        found[language] = folder / name
    return found


def for_students(path, editions):
    """The students' notebook of a notebook."""
    return read(editions["zh" if path in CHINESE else "en"] / path.name)


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


@pytest.mark.parametrize("language, lessons", [("en", PATHS), ("zh", CHINESE)])
def test_it_holds_the_notebooks_their_pictures_and_how_to_run_them(language, lessons, editions):
    folder = editions[language]
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    pictures = {f"images/{path.name}" for path in (ROOT / "notebooks/images").iterdir()}
    assert found == {path.name for path in lessons} | pictures | {"README.txt"}
    assert f"server=True {folder.name}\n" in (folder / "README.txt").read_text(encoding="utf-8")
    for path in folder.glob("*.ipynb"):
        assert set(re.findall(r"\]\(([^)]*\bimages/[^)]*)\)", everything(read(path)))) <= pictures


@each_notebook
def test_no_output_no_count_no_slide_and_valid(path, editions):
    notebook = for_students(path, editions)
    nbformat.validate(notebook)
    assert "widgets" not in notebook.metadata
    for cell in notebook.cells:
        assert "slideshow" not in cell.metadata
        assert cell.cell_type == "markdown" or (cell.outputs == [] and cell.execution_count is None)


@each_notebook
def test_no_solution_and_no_answer(path, editions):
    students = for_students(path, editions)
    original, text = everything(read(path)), everything(students)
    solutions, answers = SOLUTION.findall(original), ANSWER.findall(original)
    assert len(solutions) >= 2 and answers
    assert not re.search(r"<summary>(?!Hint)|, then (unfold|open)|再展开", text)
    for hidden in solutions + [answer for _, answer in answers]:
        for paragraph in paragraphs(CODE.sub("", hidden)):
            assert paragraph not in text
    written = set()
    for cell in students.cells:
        for code in [cell.source] if cell.cell_type == "code" else CODE.findall(cell.source):
            written |= functions(code)
    for solution in solutions:
        for code in CODE.findall(solution):
            assert functions(code) and not functions(code) & written


@each_notebook
def test_all_code_every_exercise_and_every_question_is_there(path, editions):
    original, students = read(path), for_students(path, editions)
    code = [[cell.source for cell in notebook.cells if cell.cell_type == "code"] for notebook in (original, students)]
    assert code[0] == code[1]
    kept = re.sub(r"\s*<details>(?!<summary>Hint).*?</details>\s*", "\n\n", everything(original), flags=re.S)
    kept = re.sub(r", then (unfold|open)( the answers)?\.", ".", kept.replace("](../images/", "](images/"))
    text = everything(students)
    for paragraph in paragraphs(re.sub("先(凭记忆回答)，再展开(答案)?。", r"\1。", kept)):
        assert paragraph in text
    for summary, _ in ANSWER.findall(everything(original)):
        assert summary in ANSWERS or summary in text


def test_each_kind_of_fold():
    fold = "<details><summary>{}</summary>\n\nHidden.\n\n</details>\n"
    for summary in ("Solution", "解答", *ANSWERS):
        assert (
            student_edition.without_answers("1. Why?\n\n" + fold.format(summary) + "\n2. How?") == "1. Why?\n\n2. How?"
        )
    assert student_edition.without_answers(fold.format("1. Why?") + fold.format("2. 怎样？")) == "1. Why?\n\n2. 怎样？"
    for hint in (fold.format("Hint 1"), fold.format("提示 1")):
        assert student_edition.without_answers(hint + fold.format("Solution")) == hint.strip()
    with pytest.raises(ValueError, match="'More' is not known"):
        student_edition.without_answers(fold.format("More"))


def test_the_same_notebooks_give_the_same_bytes_and_an_old_edition_is_replaced(tmp_path):
    first = student_edition.write(tmp_path / "first.zip").read_bytes()
    (tmp_path / "second.zip").write_text("an old one")
    command = [sys.executable, "-m", "workshop.student_edition", "second.zip"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "second.zip").read_bytes() == first


def test_the_command_writes_the_chinese_edition_under_its_own_name(tmp_path, monkeypatch, editions):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["student_edition", "--language", "zh"])
    student_edition.main()
    [path] = tmp_path.iterdir()
    assert path.name == "student-edition-zh.zip"
    assert path.read_bytes() == (editions["zh"].parent / "zh.zip").read_bytes()


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


def test_a_lesson_runs_where_it_was_unpacked(editions):
    run = (
        "import sys, nbformat, nbclient; nbclient.NotebookClient(nbformat.read(sys.argv[1], 4), timeout=300).execute()"
    )
    subprocess.run([sys.executable, "-c", run, PATHS[1].name], cwd=editions["en"], check=True)
