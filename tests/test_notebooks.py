"""The notebooks as they are stored: their form, their exercises, their pictures. nbval runs them."""

import json
import re

import numpy as np
import pytest

import nnlib
from nnlib.check import exercises, judge
from nnlib.check.exercises import lesson4, lesson7, measure
from tests import ROOT, claims
from tests.check.conftest import unpacked_once  # noqa: F401 (for the solutions)

PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [
    "01_forward_pass",
    "02_backpropagation",
    "03_gradient_check",
    "04_training",
    "05_evaluation",
    "06_learning_better",
    "07_generalising",
    "08_pen_to_pixels",
    "09_drawing_canvas",
]
OWN = {"my_digits", "my_networks", "my_progress.json"}  # a reader's, and not under version control
each_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def cells(path, kind=None):
    found = json.loads(path.read_text())["cells"]
    return [cell for cell in found if kind in (None, cell["cell_type"])]


def source(cell):
    return "".join(cell["source"])


def prose(path):
    return "\n\n".join(source(cell) for cell in cells(path, "markdown"))


def exercises_of(path):
    """[(name, function, index of the cell that checks it)] of a notebook."""
    found = []
    for i, cell in enumerate(cells(path)):
        match = re.search(r'check\.exercise\("([\d.]+)", (\w+)\)', source(cell))
        if match and cell["cell_type"] == "code":
            found.append((*match.groups(), i))
    return found


ALL_EXERCISES = [(path, *exercise) for path in PATHS for exercise in exercises_of(path)]
each_exercise = pytest.mark.parametrize(
    "path, name, function, at", ALL_EXERCISES, ids=[entry[1] for entry in ALL_EXERCISES]
)


def test_the_nine_lessons_are_there_and_nothing_else():
    assert [path.stem for path in PATHS] == NAMES
    assert {path.name for path in (ROOT / "notebooks").iterdir() if not path.name.startswith(".")} <= {
        path.name for path in PATHS
    } | {"images", "zh"} | OWN


@each_notebook
def test_every_cell_was_run_in_order_and_none_wrote_to_stderr(path):
    code = cells(path, "code")
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    for cell in code:
        for output in cell["outputs"]:
            assert output.get("name") != "stderr", source(cell)
            assert output["output_type"] != "error" or "raises-exception" in cell["metadata"].get("tags", []), source(
                cell
            )


@each_notebook
def test_it_opens_and_closes_as_every_lesson_does(path):
    text = prose(path)
    number = int(path.name[:2])
    opening = source(cells(path)[0])
    assert opening.startswith(f"# {number} · ")
    for part in ("**You will**", "**You learn**|**You will learn**", "**You need**", "**Time**"):
        assert re.search(re.sub(r"\*", r"\\*", part), opening), part
    for part in ("## Remember", "## Three questions", "## Exercises"):
        assert part in text, part
    following = NAMES[number % 9]
    assert f"({following}.ipynb)" in text, "a link to the next lesson, or from the last back to the first"


@each_notebook
def test_every_picture_has_alternative_text_and_every_link_a_file(path):
    for cell in cells(path):
        for alt, target in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", source(cell)):
            assert len(alt) > 20 and (path.parent / target).exists(), target
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            drawn = re.findall(r"<img[^>]*?src=\"data:", "".join(data.get("text/html", "")))
            assert all(re.search(r'alt="[^"]{20,}"', image) for image in drawn), source(cell)
            assert bool(drawn) == ("image/png" in data), "a page shows the HTML, with the alt text; a PDF, the PNG"
    for target in re.findall(r"\]\(([\w./-]+\.ipynb)\)", prose(path)):
        assert (path.parent / target).exists(), target


@each_notebook
def test_a_cell_has_one_idea(path):
    """Cells that only draw may be longer: JupyterLab shows them folded."""
    shown = [cell for cell in cells(path, "code") if not cell["metadata"].get("jupyter", {}).get("source_hidden")]
    lengths = [len([line for line in source(cell).splitlines() if line.strip()]) for cell in shown]
    assert max(lengths) <= 25, "no training cell of 86 lines"
    assert np.median(lengths) <= 8


SECOND = [path for path in PATHS if claims.module_of(path)]  # lessons whose numbers are proved by claims
each_second_edition = pytest.mark.parametrize("path", SECOND, ids=lambda path: path.stem)


@each_second_edition
def test_a_cell_is_safe_to_change_and_fits_on_a_screen(path):
    for cell in cells(path, "code"):
        lines = [line for line in source(cell).splitlines() if line.strip()]
        if cell["metadata"].get("jupyter", {}).get("source_hidden"):
            assert cell["metadata"].get("cellView") == "form", "Colab folds it, too"
            assert lines[0].startswith("# @title "), f"a folded cell says what it draws: {lines[0]}"
            continue
        assert not re.search(r"^\s*assert\b", source(cell), flags=re.M), source(cell)
        lines = [line for line in lines if not line.startswith("# No nnlib? ")]  # a traceback shows it, in one line
        assert len(lines) <= 12 and max(map(len, lines), default=0) <= 100, source(cell)


@each_second_edition
def test_nothing_constant_is_printed_as_if_it_were_a_result(path):
    for cell in cells(path, "code"):
        for call in re.findall(r"^\s*print\((.*)\)$", source(cell), flags=re.M):
            assert not re.fullmatch(r"""(["'])[^"'{]*\1""", call), call


@each_second_edition
def test_there_are_at_least_six_exercises(path):
    assert len(exercises_of(path)) >= 6


@each_notebook
def test_the_prose_avoids_words_that_belittle_or_fill(path):
    text = re.sub(r"```.*?```", "", prose(path), flags=re.S)
    found = re.findall(
        r"\b(simply|obviously|trivial(?:ly)?|of course|clearly|as everyone knows|let's dive)\b", text, flags=re.I
    )
    assert found == []


@each_notebook
def test_every_exercise_of_the_lesson_is_in_its_notebook(path):
    lesson = str(int(path.name[:2]))
    assert [name for name, _, _ in exercises_of(path)] == [
        name for name in exercises.every() if name.split(".")[0] == lesson
    ]
    opening = next(i for i, cell in enumerate(cells(path)) if "\n## Exercises\n" in f"\n{source(cell)}\n")
    assert source(cells(path)[opening + 1]) == "from nnlib import check"


@each_notebook
def test_run_all_prints_invitations_and_opens_no_hint(path):
    for name, _, at in exercises_of(path):
        answer, hint = cells(path)[at : at + 2]
        said = "".join("".join(output["text"]) for output in answer["outputs"])
        assert said.startswith("Your turn") and said.count("\n") == 2 and said.endswith(f'check.hint("{name}").\n'), (
            name
        )
        assert source(hint) == f'# check.hint("{name}")' and hint["outputs"] == []


@each_exercise
def test_an_untouched_exercise_invites_and_its_folded_solutions_are_right(path, name, function, at):
    heading, stub, _, _, folded = cells(path)[at - 2 : at + 3]
    assert source(heading).startswith(f"### {name} · {exercises.find(name).title}\n")
    assert source(folded).startswith("<details><summary>Solution</summary>")
    solutions = re.findall(r"```python\n(.*?)```", source(folded), flags=re.S)
    assert answer(name, function, source(stub)).state == "unwritten" and solutions
    for solution in solutions:
        result = answer(name, function, solution)
        assert result.state == "right", result.text


def answer(name, function, code):
    space = {"np": np, "nnlib": nnlib}
    exec(code, space)
    return judge.answer(exercises.find(name), space[function])


def test_the_tasks_name_the_numbers_to_beat():
    for path, lesson in ((PATHS[3], lesson4), (PATHS[6], lesson7)):
        text = prose(path)
        for figure in (
            f"at most {lesson.PARAMETERS:,} parameters",
            f"at least {100 * lesson.GOAL:g} %",
            f"trained on {lesson.IMAGES:,} images",
        ):
            assert figure in text, figure
        assert f"of {measure.VALIDATION:,} others" in text
    assert f"at least {100 * measure.CLASSIFIER_GOAL:g} %** of {measure.CLASSIFIER_IMAGES:,} digits" in prose(PATHS[8])
