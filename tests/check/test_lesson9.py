"""The exercises of lesson 9: what their checks say, and what its text promises of them."""

import numpy as np
import pytest

import nnlib
from nnlib.check import exercises, judge
from nnlib.check.exercises import lesson9


def said(name, function):
    return judge.answer(exercises.find(name), function)


# Five broken pads


@pytest.mark.parametrize(
    "function, part",
    [
        (lambda X, net: "broken", "got 'broken'"),
        (lambda X, net: 3, "got 3"),
        (lambda X, net: lesson9.diagnose(X, net).replace("transposed", "fine"), "rows and columns"),
        (lambda X, net: lesson9.diagnose(X, net).replace("off centre", "fine"), "not in the middle"),
        (lambda X, net: lesson9.diagnose(X, net).replace("inverted", "0 to 255"), "its paper is 1"),
    ],
)
def test_a_wrong_diagnosis_is_told_what_the_pad_shows(function, part):
    result = said("9.1", function)
    assert result.state == "wrong" and part in result.text, result.text


def test_the_right_diagnosis_passes_and_nothing_invites():
    assert said("9.1", lesson9.diagnose).state == "right"
    assert said("9.1", lambda X, net: None).state == "unwritten"


def test_no_pad_is_named_by_its_pixels_alone_if_it_is_transposed():
    rng = np.random.default_rng(0)
    X = nnlib.data.training_digits(50)[0]
    turned = lesson9._pad("transposed", X, rng)
    assert np.isclose(turned.mean(), X.mean()) and np.isclose(
        lesson9._off_centre(turned).mean(), lesson9._off_centre(X).mean()
    )


# Resist forgetting


def only_the_new(net, X_new, y_new, X_old):
    learned = net.copy()
    options = {"epochs": 30, "batch_size": 10, "optimizer": nnlib.Momentum(0.05), "progress": False}
    nnlib.train(learned, X_new, y_new, **options)
    return learned


def in_place(net, X_new, y_new, X_old):
    net.params["b3"] += 1
    return net


@pytest.mark.parametrize(
    "function, part",
    [
        (lambda net, X_new, y_new, X_old: net.copy(), "let them come more often"),
        (lambda net, X_new, y_new, X_old: 7, "should come back"),
        (lambda net, X_new, y_new, X_old: nnlib.Network([784, 10, 9]), "784 inputs and 10 outputs"),
        (only_the_new, "do the old images take part"),
        (in_place, "has changed"),
    ],
)
def test_what_a_teacher_lacks_is_told(function, part):
    result = said("9.3", function)
    assert result.state == "wrong" and part in result.text, result.text


def test_nothing_is_unwritten():
    assert said("9.3", lambda net, X_new, y_new, X_old: None).state == "unwritten"


# Numbers that can be known


def test_no_errors_at_all_is_the_rule_of_three():
    for n in (20, 50, 200):
        assert np.isclose(lesson9.largest_rate(0, n), 1 - 0.05 ** (1 / n))
        assert abs(lesson9.largest_rate(0, n) * n - 3) < 0.25


def test_so_few_errors_happen_in_five_per_cent():
    rng = np.random.default_rng(0)
    for errors, n in ((2, 50), (5, 30)):
        assert abs(np.mean(rng.binomial(n, lesson9.largest_rate(errors, n), 200_000) <= errors) - 0.05) < 0.003


def test_luck_is_what_coins_do():
    rng = np.random.default_rng(0)
    for mended, broken in ((6, 0), (7, 2), (3, 5), (4, 4), (1, 0)):
        n = mended + broken
        heads = rng.binomial(n, 0.5, 200_000)
        assert abs(np.mean(np.abs(heads - n / 2) >= abs(mended - n / 2)) - lesson9.luck(mended, broken)) < 0.005


def test_right_for_some_changes_is_not_enough_for_luck():
    result = said("9.6", lambda mended, broken: lesson9.luck(mended, broken) if mended != broken else 1.2)
    assert result.state == "wrong"


# What comes next


def test_the_window_has_the_gradient_that_it_should_have():
    rng = np.random.default_rng(0)
    x, w, dy = rng.normal(size=9), rng.normal(size=3), rng.normal(size=7)

    def loss():
        return float(dy @ [w @ x[i : i + 3] for i in range(7)])

    dx, dw = lesson9.window_backward(x, w, dy)
    assert np.allclose(nnlib.numerical_gradient(loss, x), dx, atol=1e-7)
    assert np.allclose(nnlib.numerical_gradient(loss, w), dw, atol=1e-7)


def test_attention_mixes_and_the_first_row_sees_only_itself():
    rng = np.random.default_rng(0)
    Q, K, V = rng.normal(size=(5, 3)), rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    A = lesson9.attention(Q, K, V, True)
    assert np.allclose(A[0], V[0]) and np.allclose(lesson9.attention(0 * Q, K, V, False), V.mean(axis=0))
    later = V.copy()
    later[3:] += 10
    assert np.allclose(lesson9.attention(Q, K, later, True)[:3], A[:3])
