"""The exercises of lesson 8: what their checks say, and what its text promises of them."""

import numpy as np
import pytest

import nnlib
from nnlib.check import exercises, judge
from nnlib.check.exercises import lesson8


def said(name, function):
    return judge.answer(exercises.find(name), function)


def find_steps(centres):
    return centres.std(axis=0) * np.sqrt(12)


@pytest.mark.parametrize(
    "function, part",
    [
        (lambda centres: 1.0, "got shape ()"),
        (lambda centres: "half a pixel", "two numbers"),
        (lambda centres: centres.std(axis=0), "standard deviations"),
        (lambda centres: centres.var(axis=0), "variances"),
        (lambda centres: 12 * centres.std(axis=0), "12 times the standard deviation"),
        (lambda centres: 12 * centres.var(axis=0), "the root is missing"),
        (lambda centres: centres.std(axis=0) / np.sqrt(12), "upside down"),
        (lambda centres: find_steps(centres)[::-1], "swapped"),
        (lambda centres: np.sqrt(12 * np.mean((centres - 14) ** 2, axis=0)), "their own mean"),
        (lambda centres: (0.123, 0.123), "the steps were"),
    ],
)
def test_a_wrong_step_is_explained(function, part):
    result = said("8.1", function)
    assert result.state == "wrong" and part in result.text, result.text


@pytest.mark.parametrize("function", [find_steps, lambda centres: np.ptp(centres, axis=0)])
def test_the_steps_are_found_by_the_spread_and_by_the_range(function):
    assert said("8.1", function).state == "right"


@pytest.mark.parametrize(
    "name, function, part",
    [
        ("8.2", lesson8._one_factor, "one factor for all"),
        ("8.2", lesson8._rounded_up, "rounded up"),
        ("8.3", lesson8._pressed_without_clipping, "clip it"),
        ("8.3", lesson8._pressed_half_a_pixel_thin, "+ ½"),
        ("8.6", lesson8._from_a_grid, "evenly spaced"),
    ],
)
def test_the_likeliest_wrong_answers_are_explained(name, function, part):
    result = said(name, function)
    assert result.state == "wrong" and part in result.text, result.text


def test_the_gradient_of_a_filter_is_that_of_a_numerical_check():
    rng = np.random.default_rng(0)
    images, dmaps = lesson8._images_and_dmaps(rng)
    filters = rng.normal(size=(dmaps.shape[-1], 3, 3))

    def loss():  # its derivative with respect to each answer is dmaps
        return float(np.sum(np.tensordot(lesson8._patches(images, dmaps), filters, axes=((3, 4), (1, 2))) * dmaps))

    assert np.allclose(nnlib.numerical_gradient(loss, filters), lesson8.filter_gradient(images, dmaps))


def upright(picture):
    return 1 - picture if np.median(picture) > 0.5 else picture


def without_paper(picture):
    picture = upright(picture)
    ink = np.clip((picture - np.median(picture)) / (0.8 - np.median(picture)), 0, 1)
    return np.where(ink < 0.4, 0, ink)


def changes_its_picture(picture):
    picture *= 0.5
    return np.zeros((28, 28))


@pytest.mark.parametrize(
    "function, part",
    [
        (lambda picture: picture, "got shape (112, 112)"),
        (changes_its_picture, "changes the picture"),
        (lambda picture: np.zeros((28, 28)), "are empty"),
        (lambda picture: np.full((28, 28), np.nan), "NaN"),
        (lambda picture: np.full((28, 28), 255.0), "from 0 to 1"),
        (nnlib.picture_to_image, "most of the picture is ink"),
        (lambda picture: nnlib.picture_to_image(upright(picture)), "most of the picture is ink"),
        (lambda picture: nnlib.picture_to_image(without_paper(picture)), "Remove the specks"),
    ],
)
def test_a_scan_that_is_not_ready_is_explained(function, part):
    result = said("8.5", function)
    assert result.state == "wrong" and part in result.text, result.text


def test_a_promise_that_nothing_keeps_has_no_threshold():
    a = np.full((3, 10), 0.05)
    a[:, 2] = 0.55
    assert lesson8.threshold_for_promise(a, np.array([1, 1, 1]), 0.9) == np.inf
    assert lesson8.threshold_for_promise(a, np.array([2, 2, 2]), 0.9) == 0.55


def by_grid(z, y, low=0.1, high=10, count=200):
    T = np.geomspace(low, high, count)
    return T[np.argmin([nnlib.cross_entropy(z / t, nnlib.one_hot(y)) for t in T])]


def changes_its_z(z, y):
    z /= 2
    return 1.0


@pytest.mark.parametrize(
    "function, part",
    [
        (lambda z, y: "warm", "one number"),
        (lambda z, y: (1.0, 2.0), "one number"),
        (changes_its_z, "z /= T"),
        (lambda z, y: -1.0, "above 0"),
        (lambda z, y: 1.0, "larger ones"),
        (lambda z, y: 1 / by_grid(z, y), "*divides*"),
        (lambda z, y: by_grid(z, y, 0.5, 2, 81), "in small steps"),
    ],
)
def test_a_wrong_temperature_is_explained(function, part):
    result = said("8.7", function)
    assert result.state == "wrong" and part in result.text, result.text


def test_the_temperature_is_found_on_a_grid_that_reaches_far_enough():
    assert said("8.7", by_grid).state == "right"
