"""Augmentation: each change does what its name says, and zero changes nothing."""

import numpy as np
import pytest

import nnlib
from nnlib.augmentation import sample, smooth_noise
from nnlib.pad.drawing import centre_of_mass


@pytest.fixture(scope="module", name="X")
def images(mnist):
    return mnist.X_train[:200]


def rng():
    return np.random.default_rng(0)


def test_nothing_asked_nothing_changed(X):
    assert np.allclose(nnlib.Augment()(X, rng()), X, atol=1e-5)


def test_a_new_array_of_the_same_shape_and_range_comes_back(X):
    before = X.copy()
    changed = nnlib.Augment(shift=2, rotation=15, scale=0.2, shear=0.2, elastic=1.5)(X, rng())
    assert changed.shape == X.shape and changed.dtype == np.float32
    assert changed.min() >= 0 and changed.max() <= 1 + 1e-6
    assert np.array_equal(X, before)
    assert np.mean(np.abs(changed - X).sum(axis=1) > 1) > 0.99, "every image gets its own change"


def test_the_same_generator_state_gives_the_same_images(X):
    augment = nnlib.Augment(shift=2, elastic=1)
    assert np.array_equal(augment(X, rng()), augment(X, rng()))


def test_a_shift_moves_the_centre_of_mass_by_at_most_what_was_asked(X):
    before = np.array([centre_of_mass(image) for image in X.reshape(-1, 28, 28)])
    after = np.array([centre_of_mass(image) for image in nnlib.Augment(shift=2)(X, rng()).reshape(-1, 28, 28)])
    moved = after - before
    assert np.abs(moved).max() < 2.05 and np.abs(moved).max() > 1.8
    assert np.abs(moved.mean(axis=0)).max() < 0.3
    assert np.allclose(moved.std(axis=0), 2 / np.sqrt(3), rtol=0.15)


def test_a_rotation_turns_a_bar_by_up_to_the_angle():
    bar = np.zeros((28, 28), np.float32)
    bar[4:24, 13:15] = 1
    turned = nnlib.Augment(rotation=30)(np.tile(bar.ravel(), (300, 1)), rng()).reshape(-1, 28, 28)
    v, u = np.meshgrid(np.arange(28) - 13.5, np.arange(28) - 13.5)
    angles = [0.5 * np.degrees(np.arctan2(2 * (i * u * v).sum(), (i * (u * u - v * v)).sum())) for i in turned]
    assert 28 < np.max(angles) < 31 and -31 < np.min(angles) < -28


def test_a_larger_scale_spreads_the_ink_and_a_smaller_one_gathers_it():
    square = np.zeros((28, 28), np.float32)
    square[9:19, 9:19] = 1
    ink = nnlib.Augment(scale=0.2)(np.tile(square.ravel(), (300, 1)), rng()).sum(axis=1) / 100
    assert 0.6 < ink.min() < 0.8 and 1.3 < ink.max() < 1.6


def test_smooth_noise_has_deviation_one_and_neighbours_alike():
    noise = smooth_noise(2000, 4.0, rng())
    assert noise.shape == (2000, 28, 28) and noise.std() == pytest.approx(1, abs=0.02)
    assert np.allclose(noise.std(axis=0), 1, atol=0.1), "at the edge as in the middle"
    neighbours = np.mean(noise[:, :, 1:] * noise[:, :, :-1])
    assert neighbours == pytest.approx(np.exp(-1 / (4 * 4.0**2)), abs=0.02)


def test_sampling_interpolates_between_four_pixels_and_finds_paper_outside():
    image = np.zeros((1, 28, 28), np.float32)
    image[0, 5, 5], image[0, 5, 6], image[0, 6, 5], image[0, 6, 6] = 0.1, 0.2, 0.3, 0.4

    def at(r, c):
        return float(sample(image, np.full((1, 1, 1), r, np.float32), np.full((1, 1, 1), c, np.float32))[0, 0, 0])

    assert at(5, 5) == pytest.approx(0.1) and at(6, 6) == pytest.approx(0.4)
    assert at(5.25, 5.5) == pytest.approx(0.75 * 0.15 + 0.25 * 0.35)
    assert at(-5, 5) == 0 and at(40, 40) == 0 and at(5, -100) == 0


@pytest.mark.parametrize(
    "options", [{"shift": -1}, {"elastic": float("nan")}, {"smoothness": 0}, {"rotation": "5"}], ids=str
)
def test_wrong_options_are_refused_by_name(options):
    with pytest.raises(ValueError, match=list(options)[0]):
        nnlib.Augment(**options)


def test_a_slant_leans_a_bar_by_up_to_what_was_asked():
    """``shear`` is how many pixels to the side a line goes for each pixel of height."""
    bar = np.zeros((28, 28), np.float32)
    bar[4:24, 13:15] = 1
    leaning = nnlib.Augment(shear=0.3)(np.tile(bar.ravel(), (300, 1)), rng()).reshape(-1, 28, 28)[:, 6:22]
    columns = leaning @ np.arange(28) / leaning.sum(axis=2)  # (300, 16): the middle of the ink in each row
    slants = np.polyfit(np.arange(16), columns.T, 1)[0]
    assert 0.27 < slants.max() < 0.31 and -0.31 < slants.min() < -0.27
    assert abs(slants.mean()) < 0.05


def test_without_a_random_generator_it_says_what_to_pass():
    with pytest.raises(TypeError, match=r"rng must be a random generator, got 3. Pass np.random.default_rng"):
        nnlib.Augment(shift=1)(np.zeros((1, 784), np.float32), 3)


def slant(X):
    """Columns to the right per row further down, for each image."""
    ink = X.reshape(-1, 28, 28)
    rows, columns = np.mgrid[:28, :28]
    centres = np.array([centre_of_mass(image) for image in ink])
    u, v = rows - centres[:, 0, None, None], columns - centres[:, 1, None, None]
    return (ink * u * v).sum(axis=(1, 2)) / (ink * u * u).sum(axis=(1, 2))


def test_deslanting_sets_every_digit_upright_about_its_centre_of_mass(X):
    upright = nnlib.deslant(X)
    assert upright.shape == X.shape and upright.dtype == np.float32
    assert np.abs(slant(X)).mean() > 0.2 and np.abs(slant(upright)).max() < 0.03
    before, after = ([centre_of_mass(image) for image in images.reshape(-1, 28, 28)] for images in (X, upright))
    assert np.abs(np.array(before) - after).max() < 0.2


def test_deslanting_takes_back_a_slant_that_was_put_in():
    upright = np.zeros((28, 28), np.float32)
    upright[5:23, 12:16] = 1
    rows, columns = np.mgrid[:28, :28].astype(np.float32)
    leaning = sample(upright[None], rows[None], (columns - 0.4 * (rows - 13.5))[None]).reshape(1, 784)
    assert slant(leaning)[0] == pytest.approx(0.4, abs=0.02)
    assert np.abs(nnlib.deslant(leaning)[0] - upright.ravel()).mean() < 0.03


@pytest.mark.filterwarnings("error")
def test_an_image_without_ink_or_with_ink_in_one_row_stays_as_it_is():
    X = np.zeros((2, 784), np.float32)
    X[1, 300:304] = 1
    assert np.allclose(nnlib.deslant(X), X)
