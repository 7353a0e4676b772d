"""The neuron to play with: its numbers, its line, and its picture."""

import re

import numpy as np
import pytest

import nnlib
from nnlib import play
from nnlib.play.neuron_line import SPAN, draw, points_on_line


def said(**values):
    fig, text = draw(**{"x1": 1.0, "x2": 0.5, "w1": 1.0, "w2": -2.0, "b": 0.5, **values})
    return text


@pytest.mark.parametrize("seed", range(5))
def test_the_sum_and_the_activation_are_right(seed):
    values = np.random.default_rng(seed).integers(-30, 31, 5) / 10
    x1, x2, w1, w2, b = values
    text = said(**dict(zip(("x1", "x2", "w1", "w2", "b"), values, strict=True)))
    written = [float(number.replace("−", "-")) for number in re.findall(r"−?\d+\.\d+", text)]
    assert written[:5] == pytest.approx([x1, w1, x2, w2, b])
    assert written[5] == pytest.approx(x1 * w1 + x2 * w2 + b, abs=1e-9)
    assert written[6] == pytest.approx(1 / (1 + np.exp(-written[5])), abs=0.00051)


@pytest.mark.parametrize("w1, w2, b", [(1.0, -2.0, 0.5), (0.0, 0.1, -3.0), (-3.0, 0.0, 0.0)])
def test_the_line_is_where_z_is_0(w1, w2, b):
    ends = points_on_line(w1, w2, b).T
    assert ends @ [w1, w2] + b == pytest.approx([0, 0], abs=1e-9)
    assert np.linalg.norm(ends[0] - ends[1]) == pytest.approx(40), "long enough to cross the picture"


def test_the_picture_shows_the_activation_of_every_pair_of_inputs():
    fig, _ = draw(1.0, 0.5, 1.0, -2.0, 0.5)
    shown = fig.axes[0].images[0].get_array()
    for row, column in ((0, 0), (120, 0), (17, 90)):
        assert shown[row, column] == pytest.approx(nnlib.sigmoid(SPAN[column] * 1.0 + SPAN[row] * -2.0 + 0.5))
    assert fig.axes[0].get_title(loc="left") == "z = 0.50, a = σ(z) = 0.622"


def test_the_sentence_says_on_which_side_the_point_is():
    assert "above ½" in said(b=0.5) and "below ½" in said(b=-0.5)
    assert "= 0.00, so a = σ(z) = 0.500" in said(b=0.0) and "is on the line" in said(b=0.0)


def test_what_a_slider_makes_of_0_is_0():
    assert "Both weights are 0" in said(w1=1.1e-16, w2=-2.2e-16)
    assert "−0.0" not in said(w1=-1e-16, x1=-1e-17)


def test_a_line_outside_the_picture_is_told():
    assert "outside the picture: a is below ½" in said(w1=0.1, w2=0.1, b=-2.0)
    assert "outside" not in said(w1=0.1, w2=-0.5, b=-1.8), "it still meets a corner"
    x1, x2 = np.meshgrid(SPAN, SPAN)
    for w1, w2, b in ((0.1, 0.1, -2.0), (0.3, -0.2, 1.6), (0.2, 0.2, 1.1)):
        z = x1 * w1 + x2 * w2 + b
        assert ("outside" in said(w1=w1, w2=w2, b=b)) == (z.min() > 0 or z.max() < 0)


def test_without_a_kernel_the_picture_and_the_sentence_stand_there():
    neuron = play.neuron()
    assert [control.description for control in neuron.controls.values()] == ["x1", "x2", "w1", "w2", "b"]
    still = neuron._repr_mimebundle_()[0]["text/html"]
    assert still.startswith("<img alt=") and "z = 1.0 · 1.0 + 0.5 · (−2.0) + 0.5 = 0.50" in still
    before = neuron.picture.value
    neuron.controls["b"].value = -1.5
    assert "= −1.50, so a = σ(z) = 0.182" in neuron.text and neuron.picture.value != before


@pytest.mark.parametrize("draw", [3, None, "draw", object])
def test_what_cannot_draw_is_refused_before_anything_is_shown(draw):
    with pytest.raises(TypeError, match="draw must be a function .* got "):
        play.Play(draw)
