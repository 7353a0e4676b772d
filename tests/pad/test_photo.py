"""A photo of a digit on paper: found in uneven light, on light paper and on dark, and read."""

import numpy as np
import pytest

import nnlib
from nnlib.pad import drawing


def sheet(digit, rng, shadow, light_ink):
    """A photo (300, 400) of a digit somewhere on paper: uneven light, noise, and the edge of a shadow."""
    zoom = rng.integers(3, 9)
    ink = np.zeros((300, 400))
    top, left = rng.integers(0, 300 - 28 * zoom + 1), rng.integers(0, 400 - 28 * zoom + 1)
    ink[top : top + 28 * zoom, left : left + 28 * zoom] = drawing.resize(digit.reshape(28, 28), 28 * zoom, 28 * zoom)
    down, across = np.linspace(-1, 1, 300)[:, None], np.linspace(-1, 1, 400)
    light = 200 + rng.uniform(-30, 30) * down + rng.uniform(-40, 40) * across
    if shadow:
        light = light * np.where(across + 0.1 * down > rng.uniform(-0.6, 0.6), 0.7, 1)
    grey = np.clip(light * (1 - 0.65 * ink) + rng.normal(0, 5, ink.shape), 0, 255)
    return (255 - grey if light_ink else grey).astype(np.uint8)


@pytest.mark.parametrize("light_ink", [False, True])
@pytest.mark.parametrize("shadow", [False, True])
def test_digits_on_photos_are_read(mnist, shadow, light_ink):
    rng = np.random.default_rng(0)
    X = np.array([nnlib.photo_to_image(sheet(x, rng, shadow, light_ink)).ravel() for x in mnist.X_test[:100]])
    assert nnlib.accuracy(nnlib.load_pretrained(), X, mnist.y_test[:100]) >= 0.9


@pytest.mark.parametrize(
    "grey",
    [np.full((30, 40), 200.0), np.zeros((1, 1), np.uint8), np.full((500, 3), 9)],
    ids=["paper", "pixel", "strip"],
)
def test_a_photo_without_ink_gives_an_empty_image(grey):
    assert not nnlib.photo_to_image(grey).any()


def test_an_empty_sheet_with_noise_and_a_shadow_gives_an_empty_image():
    rng = np.random.default_rng(0)
    sheets = [sheet(np.zeros(784), rng, shadow=i % 2 == 0, light_ink=False) for i in range(6)]
    assert not any(nnlib.photo_to_image(grey).any() for grey in sheets)


@pytest.mark.parametrize(
    "bad",
    [
        np.zeros(5),
        np.full((4, 4), 256),
        np.full((4, 4), -1.0),
        np.full((4, 4), np.nan),
        np.zeros((0, 4)),
        np.array([["a"]]),
    ],
    ids=["1-D", "above 255", "below 0", "NaN", "no pixel", "text"],
)
def test_what_is_no_photo_is_refused(bad):
    with pytest.raises(ValueError, match="grey"):
        nnlib.photo_to_image(bad)
