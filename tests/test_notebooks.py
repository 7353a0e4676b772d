"""The notebooks as they are stored: their form, their exercises, their pictures. nbval runs them."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

import nnlib
from nnlib import exercises

ROOT = Path(__file__).resolve().parent.parent
PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [
    "01_forward_pass", "02_backpropagation", "03_gradient_check", "04_training", "05_evaluation", "06_better_network",
    "07_pen_to_pixels", "08_drawing_canvas",
]  # fmt: skip
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
        match = re.search(r'exercises\.check\("([\d.]+)", (\w+)\)', source(cell))
        if match and cell["cell_type"] == "code":
            found.append((*match.groups(), i))
    return found


ALL_EXERCISES = [(path, *exercise) for path in PATHS for exercise in exercises_of(path)]
each_exercise = pytest.mark.parametrize("path, name, function, at", ALL_EXERCISES, ids=[entry[1] for entry in ALL_EXERCISES])


def test_the_eight_lessons_are_there_and_nothing_else():
    assert [path.stem for path in PATHS] == NAMES
    assert {path.name for path in (ROOT / "notebooks").iterdir() if not path.name.startswith((".", "my_"))} <= {path.name for path in PATHS} | {"images"}


@each_notebook
def test_every_cell_was_run_in_order_and_none_wrote_to_stderr(path):
    code = cells(path, "code")
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    for cell in code:
        for output in cell["outputs"]:
            assert output.get("name") != "stderr", source(cell)
            assert output["output_type"] != "error" or "raises-exception" in cell["metadata"].get("tags", []), source(cell)


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
    following = NAMES[number % 8]
    assert f"({following}.ipynb)" in text, "a link to the next lesson, or from the last back to the first"


@each_notebook
def test_every_picture_has_alternative_text_and_every_link_a_file(path):
    for cell in cells(path):
        for alt, target in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", source(cell)):
            assert len(alt) > 20 and (path.parent / target).exists(), target
        for output in cell.get("outputs", []):
            assert "image/png" not in output.get("data", {}), "plots.show gives a picture its alternative text"
            for image in re.findall(r"<img[^>]*?src=", "".join(output.get("data", {}).get("text/html", ""))):
                assert re.search(r'alt="[^"]{20,}"', image), source(cell)
    for target in re.findall(r"\]\(([\w./-]+\.ipynb)\)", prose(path)):
        assert (path.parent / target).exists(), target


@each_notebook
def test_a_cell_has_one_idea(path):
    """Cells that only draw may be longer: JupyterLab shows them folded."""
    shown = [cell for cell in cells(path, "code") if not cell["metadata"].get("jupyter", {}).get("source_hidden")]
    lengths = [len([line for line in source(cell).splitlines() if line.strip()]) for cell in shown]
    assert max(lengths) <= 25, "no training cell of 86 lines"
    assert np.median(lengths) <= 8


@each_notebook
def test_the_prose_avoids_words_that_belittle_or_fill(path):
    text = re.sub(r"```.*?```", "", prose(path), flags=re.S)
    found = re.findall(r"\b(simply|obviously|trivial(?:ly)?|of course|clearly|as everyone knows|let's dive)\b", text, flags=re.I)
    assert found == []


@each_notebook
def test_every_lesson_has_exercises(path):
    assert len(exercises_of(path)) >= 2


@each_exercise
def test_an_unwritten_exercise_says_so_and_the_folded_solution_is_right(path, name, function, at):
    notebook = cells(path)
    stub = next(source(cell) for cell in notebook[:at][::-1] if f"def {function}(" in source(cell) and cell["cell_type"] == "code")
    following = [source(cell) for cell in notebook[at + 1 :]]
    folded = next(text for text in following if f"def {function}(" in text)
    assert folded.count("<summary>Hint") >= 2
    solution = re.search(r"<summary>Solution</summary>.*?```python\n(.*?)```", folded, flags=re.S).group(1)
    assert answer(name, function, stub).startswith("Not yet")
    assert answer(name, function, solution).startswith("Right")


def answer(name, function, code):
    space = {"np": np, "nnlib": nnlib}
    exec(code, space)
    return exercises.answer(exercises.find(name), space[function])


EVERY = [(f"{lesson}.{number}", exercise) for lesson in range(1, 9) if (ROOT / f"nnlib/exercises/lesson{lesson}.py").exists()
         for number, exercise in __import__(f"nnlib.exercises.lesson{lesson}", fromlist=["EXERCISES"]).EXERCISES.items()]  # fmt: skip


@pytest.mark.parametrize("name, exercise", EVERY, ids=[name for name, _ in EVERY])
def test_the_reference_is_right_and_each_known_mistake_gets_its_own_answer(name, exercise):
    assert exercises.answer(exercise, exercise.reference).startswith("Right")
    for mistaken, message in exercise.mistakes:
        assert exercises.answer(exercise, mistaken) == f"Not yet: {message}"


# What a checking cell says of mistakes that nobody foresaw

SUM = exercises.Exercise(lambda A: A.sum(axis=0), lambda rng: (rng.normal(size=(4, 3)),))
SQUARE = exercises.Exercise(lambda A: A @ A, lambda rng: (rng.normal(size=(3, 3)),))
TWO = exercises.Exercise(lambda x: (x + 1, x - 1), lambda rng: (float(rng.normal()),))


def stops(A):
    raise ZeroDivisionError("division by zero")


def changes(A):
    A += 0
    A[:] = A.copy()
    result = A.sum(axis=0)
    A[0] = 5
    return result


@pytest.mark.parametrize(
    "exercise, function, part",
    [
        (SUM, lambda A: None, "returns nothing"),
        (SUM, lambda A: ..., "returns nothing"),
        (SUM, stops, "ZeroDivisionError: division by zero"),
        (SUM, lambda A: A, "A sum over axis 0 is missing"),
        (SUM, lambda A: A.sum(), "the shape is (); it should be (3,)"),
        (SUM, lambda A: -A.sum(axis=0), "sign"),
        (SUM, lambda A: A.mean(axis=0), "0.25 times"),
        (SUM, lambda A: A.sum(axis=0) / 0 * 0, "NaN or infinite"),
        (SUM, lambda A: A.sum(axis=0) + np.array([0, 0, 1]), "2 of 3 numbers are right"),
        (SUM, lambda A: "text", "'text' came"),
        (SUM, changes, "changes the array"),
        (SQUARE, lambda A: (A @ A).T, "transpose"),
        (TWO, lambda x: x + 1, "2 values should come back"),
        (TWO, lambda x: (x + 1, x + 1), "value 2 of 2"),
    ],
)
def test_a_mistake_is_named(exercise, function, part):
    with np.errstate(all="ignore"):
        text = exercises.answer(exercise, function)
    assert text.startswith("Not yet") and part in text
