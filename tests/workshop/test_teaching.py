"""The pages for teachers agree with the notebooks, with nnlib and with what was measured."""

import inspect
import re

import nbformat
import numpy as np
import pytest

import nnlib
from tests import ROOT
from workshop.results import load as load_result

TEACHING = ROOT / "teaching"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ROOM = (TEACHING / "thirty_people.md").read_text()
NOTATION = (TEACHING / "notation.md").read_text()
SECTIONS = [
    "Aims",
    "Plan for 45 minutes",
    "Plan for 90 minutes",
    "What students get wrong, and why",
    "Questions to ask the room",
    "The exercises",
]
each_lesson = pytest.mark.parametrize("lesson", range(1, 10))


def page(lesson):
    return (TEACHING / f"lesson_{lesson}.md").read_text()


def sections(text):
    """{heading: what stands below it} of a page's second level."""
    parts = re.split(r"(?m)^## (.+)\n", text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def table(text):
    """The rows of the first table, below its head, as lists of cells."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def cells(lesson):
    return nbformat.read(NOTEBOOKS[lesson - 1], as_version=4).cells


def headings(lesson):
    prose = "\n".join(cell.source for cell in cells(lesson) if cell.cell_type == "markdown")
    return re.findall(r"(?m)^#{2,} (.+?)\s*$", prose)


def everything_that_it_says(lesson):
    """Sources and outputs of a notebook, but for its pictures."""
    found = []
    for cell in cells(lesson):
        found.append(cell.source)
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            found += [output.get("text", ""), data.get("text/plain", ""), data.get("text/markdown", "")]
    return "\n".join(found)


# The lessons' pages


def test_there_is_a_page_for_each_lesson_and_the_list_links_all_pages():
    links = set(re.findall(r"\]\((\w+\.md)\)", (TEACHING / "README.md").read_text()))
    assert links | {"README.md"} == {path.name for path in TEACHING.glob("*.md")}
    assert {f"lesson_{lesson}.md" for lesson in range(1, 10)} < links


@pytest.mark.parametrize("name", ["README.md", "teaching/README.md"])
def test_a_lesson_has_the_name_in_every_list_that_its_notebook_has(name):
    listed = re.findall(r"(?m)^\| (\d) \| \[(.+?)\]\(\S*notebooks/(\S+)\)", (ROOT / name).read_text())
    assert [f"# {number} · {title}" for number, title, _ in listed] == [
        cells(lesson)[0].source.splitlines()[0] for lesson in range(1, 10)
    ]
    assert [file for _, _, file in listed] == [path.name for path in NOTEBOOKS]


@pytest.mark.parametrize("name", sorted(path.name for path in TEACHING.glob("*.md")))
def test_every_link_has_a_target_and_no_word_belittles(name):
    text = (TEACHING / name).read_text()
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        file, _, anchor = target.partition("#")
        if file.startswith("http"):
            continue
        path = TEACHING / (file or name)
        assert path.exists(), target
        slugs = (
            [
                re.sub(r"[^\w -]", "", h).strip().lower().replace(" ", "-")
                for h in re.findall(r"(?m)^#+ (.+)$", path.read_text())
            ]
            if anchor
            else []
        )
        assert not anchor or anchor in slugs, target
    assert re.findall(r"\b(simply|obviously|trivial(?:ly)?|of course|clearly)\b", text, flags=re.I) == []


@each_lesson
def test_a_page_has_the_sections_and_links_its_notebook(lesson):
    text = page(lesson)
    assert list(sections(text)) == SECTIONS
    assert all(len(body.split()) > 50 for body in sections(text).values())
    assert f"(../notebooks/{NOTEBOOKS[lesson - 1].name})" in text


@each_lesson
@pytest.mark.parametrize("minutes", [45, 90])
def test_the_minutes_of_a_plan_add_up(lesson, minutes):
    plan = table(sections(page(lesson))[f"Plan for {minutes} minutes"])
    assert sum(int(row[0]) for row in plan) == minutes
    assert all(re.fullmatch(r"\*[^*]+\*(; \*[^*]+\*)*", row[2]) for row in plan), (
        "each step names headings of the notebook"
    )


@each_lesson
def test_every_heading_that_a_page_names_is_in_the_notebook(lesson):
    named = set(re.findall(r"(?<![*\w])\*([^*\n]+)\*(?!\*)", page(lesson))) - {"italics"}
    assert len(named) > 5
    assert named <= set(headings(lesson))


@each_lesson
def test_every_exercise_has_a_rationale(lesson):
    rows = {row[0]: row for row in table(sections(page(lesson))["The exercises"])}
    code = "\n".join(cell.source for cell in cells(lesson) if cell.cell_type == "code")
    assert list(rows) == re.findall(r'check\.exercise\("([\d.]+)"', code)
    assert {f"{number} · {row[1]}" for number, row in rows.items()} <= set(headings(lesson))
    assert all(len(row[2].split()) >= 10 for row in rows.values())


@each_lesson
def test_the_plans_have_a_place_for_each_thing_to_play_with(lesson):
    code = "\n".join(cell.source for cell in cells(lesson) if cell.cell_type == "code")
    for name in re.findall(r"\bplay\.(\w+)\(", code):
        for minutes in (45, 90):
            plan = sections(page(lesson))[f"Plan for {minutes} minutes"]
            left_out = f"*{heading_above(lesson, f'play.{name}(')}*" in plan.partition("Left out")[2]
            assert f"`play.{name}(" in plan or left_out, (name, minutes)


def heading_above(lesson, code):
    """The heading under which this code stands."""
    before = []
    for cell in cells(lesson):
        if cell.cell_type == "code" and code in cell.source:
            return before[-1]
        before += re.findall(r"(?m)^#{2,} (.+?)\s*$", cell.source) if cell.cell_type == "markdown" else []


@each_lesson
def test_every_figure_of_a_page_is_in_its_notebook(lesson):
    """Decimals, per cents and thousands; the numbers of exercises are no figures."""
    text = page(lesson)
    exercises = {row[0] for row in table(sections(text)["The exercises"])}
    said = everything_that_it_says(lesson).replace("{,}", ",")
    said += said.replace("%", " %")
    for figure in (
        set(re.findall(r"(?<![\d.,])(?:\d+\.\d+|\d{1,3}(?:,\d{3})+|\d+(?= %))(?![\d.]*\d)", text)) - exercises
    ):
        in_all_forms = {figure, figure.replace(",", ""), figure.replace(",", "_")}
        assert (
            any(re.search(rf"(?<![\d.]){re.escape(form)}(?!\d)", said) for form in in_all_forms)
            or (lesson, figure) in COMPUTED
        ), figure


COMPUTED = {
    (1, "0.125"): 1.25 / 10,  # the loss of the untrained network, divided by its ten outputs once too often
}


def test_the_figures_that_no_notebook_has_are_right():
    assert all(float(figure) == value for (_, figure), value in COMPUTED.items())
    Y = nnlib.one_hot(np.arange(10))
    assert np.mean(0.5 * (0.5 - Y) ** 2) == COMPUTED[1, "0.125"]


# The page of the notation


@pytest.fixture(scope="module")
def net_and_digits():
    rng = np.random.default_rng(0)
    net = nnlib.Network([784, 7, 10], seed=1).copy(np.float64)
    return net, rng.random((5, 784)), rng.integers(0, 10, 5)


def notation_code():
    return re.findall(r"```python\n(.*?)```", NOTATION, flags=re.S)


def test_the_formulas_of_the_notation_are_those_of_the_library(net_and_digits):
    net, X, y = net_and_digits
    forward, backward, _ = notation_code()
    names = {"X": X, "Y": net.one_hot(y), "np": np, "sigmoid": nnlib.sigmoid, **net.params}
    exec(forward + backward, names)
    cache = net.propagate(X)
    grads = net.backward(cache, names["Y"])
    assert np.isclose(names["loss"], net.loss(X, y))
    assert all(np.allclose(names[name], cache[name]) for name in ("z1", "a1", "z2", "a2"))
    assert set(net.params) == {"W1", "b1", "W2", "b2"}
    assert all(np.allclose(names[f"d{name}"], grads[name], rtol=1e-10) for name in net.params)


def test_the_first_line_for_softmax_is_that_of_the_library(net_and_digits):
    _, X, y = net_and_digits
    net = nnlib.Network([784, 7, 10], output="softmax", seed=1).copy(np.float64)
    cache = net.propagate(X)
    names = {"X": X, "Y": net.one_hot(y), "a2": cache["a2"]}
    exec(notation_code()[2], names)
    assert np.allclose(names["dz2"].sum(axis=0), net.backward(cache, names["Y"])["b2"])


def test_the_shapes_of_the_notation_are_those_of_the_library(net_and_digits):
    net, X, y = net_and_digits
    values = {**net.params, **net.propagate(X), "X": X, "y": y, "Y": net.one_hot(y)}
    compared = 0
    for _, names, shapes, _ in table(NOTATION):
        for name, shape in zip(re.findall(r"`(\w+)`", names), re.findall(r"\([^)]*\)", shapes), strict=False):
            assert values[name].shape == eval(shape, {"n": 5, "h": 7}), name
            compared += 1
    assert compared == 11
    assert "lr" in inspect.signature(nnlib.SGD).parameters


def test_the_numbers_to_know_are_right():
    Y = nnlib.one_hot(np.arange(10))
    half, tenth, dead = (nnlib.squared_error(np.full((10, 10), c), Y) for c in (0.5, 0.1, 0.0))
    numbers = [
        f"{half:.2f} (sigmoids)",
        f"{np.log(10):.3f} = log 10",
        f"ignores the image {tenth:.2f}",
        f"all outputs dead {dead:.1f}",
    ]
    count = sum(p.size for p in nnlib.Network([784, 100, 10]).params.values())
    for number in (*numbers, f"= {count:,} parameters"):
        assert number in NOTATION, number


# The page for thirty people


def test_the_lessons_that_the_page_names_are_the_slowest_and_the_largest():
    lessons = load_result("classroom")["lessons"]
    assert max(lessons, key=lambda name: lessons[name]["cpu_seconds"]) == "04_training"
    assert max(lessons, key=lambda name: lessons[name]["peak_written"]) == "07_generalising"


def test_the_advice_follows_from_what_was_measured():
    found = load_result("classroom")
    shared = found["people"]["30"]["server"]["pss"]
    everyone = {name: 30 * (of["pss"] + shared) / 1000 for name, of in found["lessons"].items()}
    assert all(gigabytes < 32 * 0.7 for gigabytes in everyone.values())
    peaks = 30 * (max(of["peak_written"] for of in found["lessons"].values()) + shared) / 1000
    assert peaks > 32
    most = max(of["peak_written"] for of in found["lessons"].values()) + found["people"]["1"]["server"]["rss"]
    limit = int(re.search(r"limits\.memory (\d+)M", ROOM).group(1))
    assert 1.2 * most < limit * 1024**2 / 1e6 < 1.5 * most
    quick = {name for name, of in found["lessons"].items() if 30 * of["cpu_seconds"] / 2 / 60 < 3}
    assert {"01_forward_pass", "02_backpropagation", "06_learning_better", "09_drawing_canvas"} == quick


def test_the_benchmark_prepares_the_stick_as_the_page_says():
    from workshop.benchmarks import classroom

    source = inspect.getsource(classroom.stick)
    for words in re.findall(r"-m ((?:uv export|pip download|pip install --no-index) .+)", ROOM):
        for word in words.split():
            if not re.search(r"[/$]", word):
                assert f'"{word}"' in source, word


def test_jupyter_stays_on_this_machine_with_its_token():
    for name in TEACHING.glob("*.md"):
        for line in re.findall(r"(?m)^\s*\S*jupyter lab .*$", name.read_text()):
            assert "--ip=127.0.0.1" in line and "token" not in line and "password" not in line, line
