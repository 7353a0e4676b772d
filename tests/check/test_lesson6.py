"""The exercises of lesson 6: what their checks say, and what its text promises of them."""

import numpy as np
import pytest

import nnlib
from nnlib.check import exercises, judge
from nnlib.check.exercises import lesson6
from tests.check import once


def said(name, function):
    return judge.answer(exercises.find(name), function)


def test_temperature_1_is_the_formula_of_the_lesson():
    rng = np.random.default_rng(0)
    z, Y = rng.normal(size=(5, 10)), np.eye(10)[rng.integers(0, 10, 5)]
    a = nnlib.softmax(z)
    assert np.allclose(lesson6.output_gradient(z, Y, 1), nnlib.losses.cross_entropy_dz(z, a, Y))
    numerical = nnlib.numerical_gradient(lambda: nnlib.cross_entropy(z / 1.7, Y), z)
    assert np.allclose(lesson6.output_gradient(z, Y, 1.7), numerical, atol=1e-8)


def test_a_look_ahead_without_memory_is_a_plain_step():
    theta, v = np.array([1.0, -2.0]), np.array([5.0, 5.0])
    theta_new, _ = lesson6.momentum_step(theta, v, lambda theta: 2 * theta, 0.1, 0.0)
    assert np.allclose(theta_new, theta - 0.1 * 2 * theta)


def test_the_logistic_loss_of_a_target_between_has_its_lowest_point_there():
    z, y = np.linspace(-5, 5, 1001), np.full(1001, 0.7)
    L, dz = lesson6.logistic_loss(z, y)
    assert abs(nnlib.sigmoid(z[L.argmin()]) - 0.7) < 0.01 and L.min() > 0.5
    assert np.allclose(np.gradient(L, z)[1:-1], dz[1:-1], atol=1e-3)


@pytest.mark.parametrize("alpha", [0, 0.1, 0.3, 1])
def test_leaky_weights_keep_the_mean_square(alpha):
    rng = np.random.default_rng(0)
    a = rng.standard_normal((2000, 300))
    z = a @ rng.normal(0, lesson6.leaky_std(300, alpha), (300, 300))
    assert abs(np.mean(np.where(z > 0, z, alpha * z) ** 2) - 1) < 0.05


def test_right_where_z_is_moderate_is_not_enough_for_the_loss():
    def plain(z, y):
        a = 1 / (1 + np.exp(-z))
        return -(y * np.log(a) + (1 - y) * np.log(1 - a)), a - y

    result = said("6.4", plain)
    assert result.state == "wrong" and "right in general, but for a z of" in result.text


# A rate in ten trainings


def too_many(try_rate):
    return max(np.geomspace(1e-4, 1e3, 30), key=try_rate)


@pytest.mark.parametrize(
    "function, part",
    [
        (too_many, "more than 10 rates"),
        (lambda try_rate: "0.1", "got '0.1'"),
        (lambda try_rate: -1.0, "got -1.0"),
        (lambda try_rate: try_rate(0.0), "must be a number above 0"),
        (lambda try_rate: 1e-9, "Look further away"),
        (lambda try_rate: 1e9, "Look further away"),
    ],
)
def test_a_search_that_fails_is_told_why(function, part):
    result = said("6.6", function)
    assert result.state == "wrong" and part in result.text, result.text


def test_a_rate_somewhat_too_small_is_told_where_it_is_better():
    def timid(try_rate):
        return lesson6.find_rate(try_rate) / 20

    result = said("6.6", timid)
    assert result.state == "wrong" and "four times as large" in result.text


def test_a_fixed_rate_does_not_pass_and_the_search_does():
    assert said("6.6", lambda try_rate: 0.5).state == "wrong"
    assert said("6.6", lesson6.find_rate).state == "right"
    assert said("6.6", lambda try_rate: None).state == "unwritten"


# Four curves

REFERENCE, MADE_ONCE = lesson6.diagnose, once(lesson6._run)


@pytest.mark.parametrize(
    "function, part",
    [
        (lambda losses: 3, "got 3"),
        (lambda losses: "slow", "got 'slow'"),
        (lambda losses: REFERENCE(losses).replace("vanished", "learning"), "never gets away"),
        (lambda losses: REFERENCE(losses).replace("large weights", "too fast"), "before any step"),
        (lambda losses: REFERENCE(losses).replace("too fast", "large weights"), "throw it up"),
        (lambda losses: REFERENCE(losses).replace("learning", "vanished"), "stay down"),
    ],
)
def test_a_wrong_diagnosis_is_shown_the_run_and_told_the_symptom(function, part, monkeypatch):
    monkeypatch.setattr(lesson6, "_run", MADE_ONCE)
    result = said("6.7", function)
    assert result.state == "wrong" and part in result.text, result.text


def test_the_right_diagnosis_passes_and_nothing_invites():
    assert said("6.7", lesson6.diagnose).state == "right"
    assert said("6.7", lambda losses: None).state == "unwritten"


def test_the_warm_up_can_be_a_schedule():
    def schedule(p):
        return float(lesson6.warm_up(p, 0.1))

    assert [round(schedule(p), 3) for p in (0, 0.05, 0.1, 0.55, 1)] == [0, 0.5, 1, 0.5, 0]
    X, y = nnlib.data.training_digits(2000)
    net, options = nnlib.Network([784, 10, 10], "relu", "softmax"), {"epochs": 2, "batch_size": 50, "progress": False}
    history = nnlib.train(net, X, y, optimizer=nnlib.Momentum(0.05), schedule=schedule, **options)
    assert history.loss[-1] < history.loss[0]
