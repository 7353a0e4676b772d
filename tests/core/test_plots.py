"""The figures: what a page gets, what a PDF gets, what they weigh, and that nobody sees the palette."""

import base64
import io

import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter
from PIL import Image

import nnlib
from nnlib import plots

ALT = "A line that rises from the lower left corner to the upper right one."


def line():
    fig, ax = plots.figure()
    ax.plot([0, 1], [0, 1])
    return fig


def pixels(picture):
    """The PNG of a picture, and what it shows as integers, shape (height, width, 3)."""
    image = Image.open(io.BytesIO(base64.b64decode(picture.png)))
    return image, np.asarray(image.convert("RGB"), int)


def in_true_colours(fig):
    drawn = io.BytesIO()
    fig.savefig(drawn, format="png", dpi=150)
    return drawn, np.asarray(Image.open(drawn).convert("RGB"), int)


def test_a_page_gets_the_picture_with_its_alternative_text_and_a_pdf_the_png():
    data, metadata = DisplayFormatter().format(plots.show(line(), ALT))
    assert data["text/html"].startswith(f'<img alt="{ALT}"') and data["text/plain"] == ALT
    assert data["image/png"] in data["text/html"]
    assert metadata["image/png"]["alt"] == ALT
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")


def test_an_alternative_text_that_says_nothing_is_refused():
    for alt in ("", "A line", None):
        with pytest.raises(ValueError, match=r"^alt must say .* got "):
            plots.show(line(), alt)


def gradient(cmap):
    fig, ax = plots.figure()
    fig.colorbar(ax.imshow(np.linspace(0, 1, 300)[None].repeat(100, 0), cmap=cmap))
    ax.plot([0, 299], [0, 99], color=plots.BLUE)
    return fig


def noise():
    fig, ax = plots.figure()
    ax.imshow(np.random.default_rng(0).random((100, 100, 3)))
    return fig


# Each draws a figure of its own: one that is drawn twice moves by a pixel.
@pytest.mark.parametrize("cmap", ["PuOr", "viridis", "coolwarm", "gray"])
def test_a_smooth_gradient_of_colour_looks_as_in_true_colours(cmap):
    image, palette = pixels(plots.show(gradient(cmap), "Colours from one end of the map to the other."))
    assert image.mode == "P"
    assert abs(palette - in_true_colours(gradient(cmap))[1]).max() <= plots.MOST_OFF
    assert (palette[:3] == 255).all(), "white paper stays white"


def test_a_picture_of_more_colours_than_a_palette_can_tell_keeps_them():
    image, colours = pixels(plots.show(noise(), "A square of random colours, ten thousand of them."))
    assert image.mode == "RGB" and (colours == in_true_colours(noise())[1]).all()


def test_a_palette_weighs_less_than_half():
    h = nnlib.History([2.0, 1.0], [0.1, 0.5])
    fig, (left, right) = plots.figure(8, 3, 1, 2)
    left.plot(h.loss, label="training")
    right.imshow(np.eye(28), cmap="gray_r")
    assert 2 * len(base64.b64decode(plots.show(fig, ALT).png)) < in_true_colours(fig)[0].tell()


def test_a_history_without_a_whole_epoch_says_so_in_the_figure():
    picture = nnlib.History(interrupted=True).plot()
    assert picture.alt.startswith("No whole epoch yet")


def test_the_curves_of_a_history_are_told_in_words():
    h = nnlib.History([2.0, 1.0], [0.1, 0.5], [2.1, 1.2], [0.1, 0.4], [1.0, 1.0])
    assert "over 2 epochs" in h.plot().alt and "from 10% to 50%" in h.plot().alt and "ends at 40%" in h.plot().alt


def test_a_figure_that_was_shown_is_as_large_as_before():
    fig = line()
    before = fig.dpi
    plots.show(fig, ALT)
    assert fig.dpi == before != 150
