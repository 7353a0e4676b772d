"""The step of a numerical derivative: every number that the widget shows, and its controls."""

import importlib
from fractions import Fraction

import numpy as np
import pytest

import nnlib
from nnlib import play

widget = importlib.import_module("nnlib.play.small_step")


def test_the_first_numbers_of_the_lesson():
    assert {name: float(value) for name, value in widget.differences(2, 1).items()} == {"forward": 19, "central": 13}
    errors = widget.errors(0.1, "float64")
    assert errors["forward"][0] == pytest.approx(0.61) and errors["central"][0] == pytest.approx(0.01)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_parts_are_the_truncation_of_the_formula_and_what_is_left(dtype):
    for step in widget.STEPS:
        h = float(np.dtype(dtype).type(step))
        errors = widget.errors(step, dtype)
        assert errors["forward"][1] == pytest.approx(6 * h + h * h, rel=1e-12) and errors["central"][
            1
        ] == pytest.approx(h * h, rel=1e-12)
        for off, truncation, rounding in errors.values():
            assert off <= (truncation + rounding) * (1 + 1e-12) and off >= abs(truncation - rounding) * (1 - 1e-12)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_differences_are_taken_in_the_chosen_numbers(dtype):
    for value in widget.differences(dtype(2), dtype(1e-5)).values():
        assert value.dtype == dtype


def test_central_differences_are_those_of_the_library():
    for h in 10.0 ** np.arange(-10, 0):
        theta = np.array([2.0])
        found = nnlib.numerical_gradient(lambda theta=theta: theta[0] * theta[0] * theta[0], theta, h)[0]
        off = float(abs(Fraction(float(found)) - 12))
        assert widget.errors(h, "float64")["central"][0] == pytest.approx(off, rel=0.1, abs=1e-13)


def test_both_are_a_v_and_central_turns_at_a_larger_step_and_reaches_further():
    for dtype in ("float64", "float32"):
        curves = {name: np.array([widget.errors(h, dtype)[name][0] for h in widget.STEPS]) for name in widget.LOOKS}
        lowest = {name: widget.STEPS[curve.argmin()] for name, curve in curves.items()}
        assert lowest["central"] > lowest["forward"] and curves["central"].min() < curves["forward"].min() / 10
        for curve in curves.values():
            assert curve[0] > 100 * curve.min() and curve[-1] > 100 * curve.min()


@pytest.mark.parametrize(
    "h, dtype, forward, central",
    [
        (0.1, "float64", "truncation decides", "truncation decides"),
        (1e-5, "float64", "truncation decides", "both count"),
        (1e-11, "float64", "rounding decides", "rounding decides"),
        (1e-3, "float32", "truncation decides", "rounding decides"),
    ],
)
def test_the_sentence_says_which_part_decides(h, dtype, forward, central):
    lines = widget.sentence(h, dtype, widget.errors(h, dtype)).split("\n")
    assert lines[1].startswith("The forward difference is off by") and lines[1].endswith(f"here {forward}.")
    assert lines[2].startswith("The central difference is off by") and lines[2].endswith(f"here {central}.")


def test_where_the_step_is_lost_in_rounding_the_sentence_says_so():
    for h, dtype, lost in ((1e-8, "float32", True), (1e-5, "float32", False), (1e-12, "float64", False)):
        errors = widget.errors(h, dtype)
        assert ("2 + h rounds to 2" in widget.sentence(h, dtype, errors)) == lost == (errors["forward"][0] == 12)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_marked_points_stand_on_the_curves(dtype):
    fig, text = widget.draw(widget.STEPS[56], dtype)
    curves, points = (
        [line for line in fig.axes[0].lines if len(line.get_xdata()) > 2],
        [line for line in fig.axes[0].lines if len(line.get_xdata()) == 1],
    )
    assert len(curves) == len(points) == 2
    for curve, point in zip(curves, points, strict=True):
        assert (
            curve.get_ydata()[56]
            == point.get_ydata()[0]
            == max(widget.LOWEST, widget.errors(widget.STEPS[56], dtype)[point.get_label().split()[0]][0])
        )
        assert widget.short(point.get_ydata()[0]) in text and curve.get_alpha() < point.get_zorder()


def test_the_widget_follows_its_controls():
    box = play.step_size()
    assert box.text.startswith("h = 10⁻⁵ in float64.")
    box.controls["h"].value = 1e-8
    box.controls["float32"].value = True
    assert box.text.startswith("h = 10⁻⁸ in float32.")
