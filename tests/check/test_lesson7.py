"""The exercises of lesson 7: what their checks say, and what its text promises of them."""

from functools import partial

import numpy as np
import pytest

import nnlib
from nnlib.check import exercises, judge
from nnlib.check.exercises import lesson7
from tests.check import once


def said(name, function):
    return judge.answer(exercises.find(name), function)


def test_dropouts_noise_is_what_many_masks_show():
    rng = np.random.default_rng(0)
    a, w, p = rng.uniform(0.1, 2, 8), rng.normal(size=8), 0.3
    z = (a * (rng.random((100_000, 8)) >= p) / (1 - p)) @ w
    assert abs(z.std() / lesson7.dropout_noise(a, w, p) - 1) < 0.01


def test_a_hundred_neurons_that_share_a_sum_have_a_tenth_of_the_noise_of_one():
    one, many = (
        lesson7.dropout_noise(np.ones(1), np.ones(1), 0.5),
        lesson7.dropout_noise(np.ones(100), np.ones(100), 0.5),
    )
    assert np.isclose(many / 100, one / 10)


def test_a_quarter_turn_is_what_numpy_turns_clockwise():
    image = np.random.default_rng(0).random((28, 28))
    assert np.allclose(lesson7.turn(image, 90), np.rot90(image, -1), atol=1e-6)
    assert np.allclose(lesson7.turn(image, 0), image)


def test_the_share_of_noise_that_is_left_is_the_one_that_was_asked_for():
    l2 = lesson7.l2_for(0.01, 0.5, 50_000, 10, 30)
    assert np.isclose((1 - 0.5 * l2) ** 150_000, 0.01)
    assert 29 < lesson7.l2_for(0.01, 0.5, 50_000, 10, 1) / l2 < 31


def test_a_paired_error_is_that_of_many_draws():
    rng, gains = np.random.default_rng(0), []
    for _ in range(2000):
        before = rng.random(400) < 0.9
        after = np.where(rng.random(400) < 0.08, ~before, before)
        gains.append(lesson7.paired_gain(before, after)[0])
    before, after = lesson7._two_networks(np.random.default_rng(1))
    assert abs(lesson7.paired_gain(before, after)[1] / np.std(gains) - 1) < 0.3
    assert lesson7.paired_gain(before, after)[1] < 0.8 * lesson7._apart(before, after)[1]


# A claim of one's own choice

SHARES = np.array([0.9, 0.9015, 0.899, 0.9005, 0.902]), np.array([0.92, 0.9215, 0.919, 0.9205, 0.922])


def claimed(without=SHARES[0], with_it=SHARES[1], times=(1, 1), verdict="better"):
    """What a reader's function may return, whatever it is given."""
    gain = 100 * (np.mean(with_it) - np.mean(without))
    error = 100 * np.sqrt((np.var(with_it, ddof=1) + np.var(without, ddof=1)) / 5)
    return without, with_it, times[0] * gain, times[1] * error, verdict


@pytest.mark.parametrize(
    "got, part",
    [
        (3, "five things"),
        (claimed(without=SHARES[0][:3]), "shape (5,); got shape (3,)"),
        (claimed(without=100 * SHARES[0]), "shares from 0 to 1"),
        (claimed(with_it=SHARES[1] + 0.0001), "not measured on the 2,000 images"),
        (claimed(without=np.full(5, 0.9)), "five times the same seed"),
        (claimed(without=SHARES[0] - 0.8), "guess"),
        (claimed(times=(0.01, 0.01)), "points are a hundred times that"),
        (claimed(times=(-1, 1)), "the sign is turned round"),
        (claimed(times=(1, 0.01)), "points are a hundred times that"),
        (claimed(times=(1, np.sqrt(5))), "not divided by √5"),
        (claimed(times=(1, np.sqrt(0.8))), "use ddof=1"),
        (claimed(times=(1, 7)), "the standard error of the gain is"),
        (claimed(verdict="great"), "got 'great'"),
        (claimed(verdict="not clear"), "By three standard errors that is 'better'"),
    ],
)
def test_a_claim_whose_figures_do_not_fit_is_told_why(got, part):
    result = said("7.3", lambda X, y, X_val, y_val: got)
    assert result.state == "wrong" and part in result.text, result.text


def test_a_claim_that_was_measured_passes_and_nothing_invites():
    assert said("7.3", partial(lesson7.examine, epochs=3)).state == "right"
    assert said("7.3", lambda X, y, X_val, y_val: claimed()).state == "right"
    assert said("7.3", lambda X, y, X_val, y_val: None).state == "unwritten"


# Too good to be true

REFERENCE, MADE_ONCE = lesson7.diagnose, once(lesson7._patient)


@pytest.mark.parametrize(
    "function, part",
    [
        (lambda own, validation, fresh: 3, "got 3"),
        (lambda own, validation, fresh: "ill", "got 'ill'"),
        (lambda *of: REFERENCE(*of).replace("leak", "sound"), "nothing but a leak"),
        (lambda *of: REFERENCE(*of).replace("too small", "by heart"), "not even its own"),
        (lambda *of: REFERENCE(*of).replace("by heart", "leak"), "read far worse"),
        (lambda *of: REFERENCE(*of).replace("sound", "by heart"), "nearly as well"),
    ],
)
def test_a_wrong_diagnosis_is_shown_the_network_and_told_the_symptom(function, part, monkeypatch):
    monkeypatch.setattr(lesson7, "_patient", MADE_ONCE)
    result = said("7.7", function)
    assert result.state == "wrong" and part in result.text, result.text


def test_the_right_diagnosis_passes():
    assert said("7.7", lesson7.diagnose).state == "right"
    assert said("7.7", lambda own, validation, fresh: None).state == "unwritten"


def test_two_thousand_images_are_not_enough_for_what_lesson_6_has():
    def lesson_6(X, y):
        net = nnlib.Network([784, 50, 10], "relu", "softmax")
        options = {"batch_size": 50, "optimizer": nnlib.Momentum(0.05), "schedule": nnlib.cosine}
        nnlib.train(net, X, y, epochs=20, progress=False, **options)
        return net

    result = said("7.2", lesson_6)
    assert result.state == "wrong" and "it remembers them" in result.text
