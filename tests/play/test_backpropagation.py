"""Backpropagation step by step: every number that it shows, that nothing overlaps, and the buttons."""

import importlib
import itertools
import re

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import FancyArrowPatch

import nnlib
from nnlib import play

widget = importlib.import_module("nnlib.play.operations")
STEPS = range(len(widget.STEPS) + 1)
NUMBERS = {name: value for name, value, _ in widget.entries(widget.START, lambda _: None)}


def random_numbers(seed, size=2.0):
    rng = np.random.default_rng(seed)
    return {name: rng.random() if name[0] in "XY" else rng.normal(0, size) for name in NUMBERS}


# The numbers


@pytest.mark.parametrize("seed", range(5))
def test_every_derivative_is_what_central_differences_find(seed):
    """Each of the loss, for a value that is changed where it stands while all that comes before it stays."""
    numbers = random_numbers(seed)
    shown = widget.both_ways(numbers)
    values = {}  # the arrays of the graph, to be nudged; those that are missing are computed
    for name in ("X", "W1", "b1", "z1", "a1", "W2", "b2", "z2", "a2", "Y"):
        entries = [value for entry, value in shown.items() if entry.startswith(f"{name}[")]
        values[name] = np.array(entries).reshape(2, -1 if name[0] == "W" else 1).squeeze()

    def loss_from(name):
        """The loss, computed from this array on: what stands before it in the graph is left alone."""
        v = dict(values)
        if name in ("W1", "b1"):
            v["z1"] = v["X"] @ v["W1"] + v["b1"]
        if name in ("W1", "b1", "z1"):
            v["a1"] = nnlib.sigmoid(v["z1"])
        if name in ("W1", "b1", "z1", "a1", "W2", "b2"):
            v["z2"] = v["a1"] @ v["W2"] + v["b2"]
        if name != "a2":
            v["a2"] = nnlib.sigmoid(v["z2"])
        return nnlib.squared_error(v["a2"][None], v["Y"][None])

    assert loss_from("W1") == pytest.approx(shown["L"], rel=1e-12)
    compared = 0
    for name in ("a2", "z2", "W2", "b2", "a1", "z1", "W1", "b1"):
        numerical = nnlib.numerical_gradient(lambda name=name: loss_from(name), values[name])
        for index in np.ndindex(numerical.shape):
            entry = f"d{name}[{', '.join(map(str, index))}]"
            assert shown[entry] == pytest.approx(numerical[index], rel=1e-5, abs=1e-10), entry
            compared += 1
    assert compared == len([entry for entry in shown if entry.startswith("d")]) == 20


def test_forward_is_the_network_of_the_library():
    shown = widget.both_ways(random_numbers(7))
    z1 = [sum(shown[f"X[{j}]"] * shown[f"W1[{j}, {k}]"] for j in (0, 1)) + shown[f"b1[{k}]"] for k in (0, 1)]
    assert [shown["z1[0]"], shown["z1[1]"]] == pytest.approx(z1)
    assert shown["L"] == pytest.approx(sum((shown[f"a2[{k}]"] - shown[f"Y[{k}]"]) ** 2 for k in (0, 1)) / 2)


def read(text):
    """The value of what a line says in numbers: 0.5 · (−1) + 2.1·10⁻⁵ as a float."""
    text = re.sub(
        r"10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)",
        lambda power: "10**" + power[1].translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")),
        text,
    )
    text = (
        re.sub(r"½ \((.*)\)$", r"0.5*(\1)", text)
        .replace("²", "**2")
        .replace("σ(", "sigmoid(")
        .replace("·", "*")
        .replace("−", "-")
    )
    return float(eval(text, {"sigmoid": nnlib.sigmoid}))


@pytest.mark.parametrize("seed, size", [(0, 2), (1, 2), (2, 8)])
def test_each_line_is_right_in_numbers_and_every_entry_has_one(seed, size):
    shown = widget.both_ways(random_numbers(seed, size))
    for name in widget.ORDER:
        lines = widget.written_out(name, shown)
        results = [re.split(r", so ", line)[-1].split(" = ")[0] for line in lines]
        assert results == [entry for entry in shown if entry == name or entry.startswith(f"{name}[")]
        for line in lines:
            for equation in line.split(", so "):
                left, *rest = equation.split(" = ")
                numeric = [part for part in rest if not re.search(r"[a-zW]\d?\[", part)]
                assert numeric, line
                for part in numeric:  # of rounded numbers, so close to the value, and the last one is the value
                    expected = shown[left] if left in shown else read(numeric[-1])
                    assert read(part) == pytest.approx(
                        expected, rel=0.06, abs=1e-12 if name[:2] in ("dz", "dW", "db") else 2e-3
                    ), line
                if left in shown:
                    assert numeric[-1] == widget.number(shown[left])


def test_paths_that_add_up_are_shown_as_a_sum():
    line = widget.written_out("da1", widget.both_ways(NUMBERS))[0]
    assert line.startswith("da1[0] = dz2[0] · W2[0, 0] + dz2[1] · W2[0, 1] = ")
    assert "add up" in widget.sentence(10, widget.both_ways(NUMBERS))


def test_the_sentence_names_the_operation_and_the_local_derivative():
    v = widget.both_ways(NUMBERS)
    assert "σ′(z2) = a2 (1 − a2)" in widget.sentence(7, v) and "Step 7 of 13, back: dz2" in widget.sentence(7, v)
    assert "Step 1 of 13, forward: z1 = X W1 + b1" in widget.sentence(1, v)
    assert "z1[0] = 1 · 0.5 + 0.5 · 1 + (−0.5) = 0.5" in widget.sentence(1, v)
    for step in STEPS[6:]:
        assert "local derivative" in widget.sentence(step, v)


# The picture


WILD = {name: 0.1234 if name[0] in "XY" else -12.345 if i % 3 else 19.8765 for i, name in enumerate(NUMBERS)}
TINY = {name: 0.001234 if name[0] in "XY" else -0.0001234 for name in NUMBERS}
SATURATED = {name: 1.0 if name[0] in "XY" else -20.0 if i % 2 else 20.0 for i, name in enumerate(NUMBERS)}
SURE = {name: 0.9 if name[0] in "XY" else 6.5 for name in NUMBERS}


@pytest.mark.parametrize(
    "numbers",
    [NUMBERS, WILD, TINY, SATURATED, SURE, random_numbers(3)],
    ids=["start", "wild", "tiny", "saturated", "sure", "random"],
)
def test_no_text_touches_another_or_leaves_its_box(numbers):
    for step in (0, 5, 6, 7, 10, 11, 13):
        fig, _ = widget.draw(step, **numbers)
        ax = fig.axes[0]
        renderer = FigureCanvasAgg(fig).get_renderer()
        texts = [(text.get_text(), text.get_window_extent(renderer)) for text in ax.texts]
        for (one, a), (other, b) in itertools.combinations(texts, 2):
            assert not a.overlaps(b), (step, one, other)
        boxes = [
            ax.transData.transform(
                [(x - widget.HALF_WIDTH, y - widget.HALF_HEIGHT), (x + widget.HALF_WIDTH, y + widget.HALF_HEIGHT)]
            )
            for x, y in widget.PLACES.values()
        ]
        inside = 0
        for text, extent in texts:
            for (left, low), (right, high) in boxes:
                if left < (extent.x0 + extent.x1) / 2 < right and low < (extent.y0 + extent.y1) / 2 < high:
                    assert left < extent.x0 and extent.x1 < right and low < extent.y0 and extent.y1 < high, (step, text)
                    inside += 1
                else:
                    assert (
                        extent.x1 <= left + 1 or extent.x0 >= right - 1 or extent.y1 <= low + 1 or extent.y0 >= high - 1
                    ), (step, text)
        assert inside >= len(boxes)


@pytest.mark.parametrize("numbers", [NUMBERS, WILD, SATURATED, random_numbers(3)])
def test_no_label_lies_on_an_arrow(numbers):
    fig, _ = widget.draw(13, **numbers)
    ax = fig.axes[0]
    renderer = FigureCanvasAgg(fig).get_renderer()
    labels = [(text.get_text(), text.get_window_extent(renderer)) for text in ax.texts if text.get_text()[0] == "·"]
    arrows = [artist for artist in ax.artists + ax.patches if isinstance(artist, FancyArrowPatch)]
    assert len(labels) == 22 and len(arrows) == 28 + 22
    for arrow in arrows:
        for at in np.linspace(*ax.transData.transform(arrow._posA_posB), 200):
            assert not [text for text, label in labels if label.contains(*at)], arrow._posA_posB


def test_the_picture_shows_what_is_known_and_no_more():
    def shown(step):
        fig, _ = widget.draw(step, **NUMBERS)
        found = [text.get_text() for text in fig.axes[0].texts]
        return found

    v = widget.both_ways(NUMBERS)
    assert not [text for text in shown(5) if text.startswith("d")] and widget.number(v["L"]) in shown(5)
    assert widget.number(v["L"]) not in shown(4)
    assert {f"dz2 = {widget.number(v[f'dz2[{k}]'])}" for k in (0, 1)} <= set(shown(7))
    last = shown(13)
    for entry in (entry for entry in v if entry.startswith("d")):
        assert f"{entry.split('[')[0]} = {widget.number(v[entry])}" in last, entry


# The widget without a page


def test_the_buttons_go_one_operation_and_stay_within_the_ends():
    box = play.backpropagation()
    first, back, following, last, step = box.children[0].children
    back.click()
    assert step.value == 0
    following.click()
    following.click()
    assert step.value == 2 and "Step 2 of 13" in box.text
    back.click()
    assert step.value == 1
    last.click()
    following.click()
    assert step.value == 13 and "db1" in box.text
    first.click()
    assert step.value == 0


def test_other_numbers_give_another_sentence_at_the_same_step():
    box = play.backpropagation()
    box.controls["step"].value = 1
    box.controls["W1[0, 0]"].value = -12.345
    assert "z1[0] = 1 · (−12.345) + 0.5 · 1 + (−0.5) = −12.345" in box.text
    assert all(control.description for control in box.controls.values())
