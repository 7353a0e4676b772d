"""Lesson 1's neurons made by hand, and the neuron that must beat a number: what the checks say to each mistake."""

import numpy as np
import pytest

from nnlib.check import exercises, judge


def answer(name, made):
    return judge.answer(exercises.find(name), lambda *inputs: made)


def test_weights_by_hand_are_right():
    assert answer("1.3", ([10, 10, -10], -15)).state == "right"
    assert answer("1.3", (np.array([20.0, 20, -30]), np.array([-30]))).state == "right"
    two = (10 * np.ones((3, 2)), [-5, -15], [[10], [-20]], [-5])
    assert answer("1.4", two).text.endswith("no below 0.01.")
    three = (10 * np.ones((3, 3)), [-5, -15, -25], [[10], [-20], [0]], -5)
    assert answer("1.4", three).text.endswith("With 3 hidden neurons; two are enough.")


@pytest.mark.parametrize(
    "made, says",
    [
        (([-10, -10, 10], 15), "Change the sign of w and of b"),
        (([10, 10, 0], -15), "ignores x3"),
        (([10, 10, -20], -5), "It must need both"),
        (([1, 1, -1], -1.5), "not sure enough"),
        (([0, 0, 0], 0), "it answers 0.50 whatever comes in"),
        (([10, -10, 10], -15), "to (1, 1, 0) it answers"),
        (([10, 10], -15), "w must have shape (3,); got (2,)"),
        (5, "2 things should come back, like return w, b; got int 5"),
        ((["a", 1, 2], 3), "w must hold numbers"),
        (([np.nan, 1, 2], 3), "NaN or infinity"),
    ],
)
def test_a_question_that_one_neuron_does_not_ask_is_named(made, says):
    result = answer("1.3", made)
    assert result.state == "wrong" and says in result.text, result.text


ONES = 10 * np.ones((3, 2))


@pytest.mark.parametrize(
    "made, says",
    [
        ((ONES, [-5, -15], [[10], [0]], -5), "that is “at least one”"),
        ((10 * np.ones((3, 3)), [-5, -15, -25], [[10], [-10], [10]], -5), "right except for three ones"),
        ((10 * np.ones((3, 2)), [-15, -25], [[10], [-20]], -5), "that is exactly two"),
        ((ONES, [-5, -15], [[-10], [20]], 5), "Change the sign of W2 and of b2"),
        ((ONES / 3, [-5 / 3, -5], [[5], [-6]], -2.5), "not sure enough"),
        ((0 * ONES, [0, 0], [[1], [1]], 0), "whatever comes in"),
        ((ONES, [-5, -15, 1], [[10], [-20]], -5), "b1 must have shape (2,); got (3,)"),
        ((ONES.T, [-5, -15], [[10], [-20]], -5), "W1 must have shape (3, 3); got (2, 3)"),
        ((10 * np.ones(3), [-5], [[10]], -5), "W1 must have shape (3, 1); got (3,)"),
        ((ONES, [-5, -15], [10, -20], -5), "W2 must have shape (2, 1); got (2,)"),
        ((), "4 things should come back"),
    ],
)
def test_a_network_that_does_not_find_exactly_one_is_told_what_it_finds(made, says):
    result = answer("1.4", made)
    assert result.state == "wrong" and says in result.text, result.text


def test_no_single_hidden_neuron_finds_exactly_one():
    """Whatever the two neurons' weights, the answer rises or falls with one line: the check knows no way past that."""
    rng = np.random.default_rng(0)
    for _ in range(200):
        made = (rng.normal(0, 20, (3, 1)), rng.normal(0, 20, 1), rng.normal(0, 20, (1, 1)), rng.normal(0, 20, 1))
        assert answer("1.4", made).state == "wrong"


def halfway(w, fours, nines):
    return w, -(np.mean(fours @ w) + np.mean(nines @ w)) / 2


def averages(fours, nines):
    return halfway(fours.mean(axis=0) - nines.mean(axis=0), fours, nines)


def signs_of_the_lower_half(fours, nines):
    """Right for 65 to 70 %, whichever images are drawn."""
    w = np.sign(averages(fours, nines)[0])
    w[:400] = 0
    return halfway(w, fours, nines)


def nothing_changed(fours, nines):
    fours *= 0
    return np.ones(784), 0


def four_or_nine(function):
    return judge.answer(exercises.find("1.5"), function)


@pytest.mark.parametrize(
    "function, says",
    [
        (averages, "about what averages alone give"),
        (lambda fours, nines: tuple(-part for part in averages(fours, nines)), "Change the sign of w and of b"),
        (lambda fours, nines: (averages(fours, nines)[0], 50), "it says four to nearly everything"),
        (lambda fours, nines: (averages(fours, nines)[0], -50), "it says nine to nearly everything"),
        (signs_of_the_lower_half, "Did you correct the weights"),
        (nothing_changed, "have changed"),
        (lambda fours, nines: averages(fours, nines)[0], "2 things should come back, like return w, b"),
        (lambda fours, nines: (fours.mean(axis=1), 0), "w must have shape (784,); got (1000,)"),
    ],
)
def test_a_neuron_that_does_not_beat_the_number_is_told_why(function, says):
    result = four_or_nine(function)
    assert result.state == "wrong" and says in result.text, result.text


def test_one_look_at_the_mistakes_beats_the_number_each_time():
    def corrected(fours, nines):
        w, b = averages(fours, nines)
        missed = fours[fours @ w + b < 0].mean(axis=0) - nines[nines @ w + b > 0].mean(axis=0)
        return halfway(w + 0.2 * missed, fours, nines)

    for _ in range(5):
        assert four_or_nine(corrected).state == "right"


def test_no_answer_is_an_invitation():
    assert {answer(name, None).state for name in ("1.3", "1.4", "1.5")} == {"unwritten"}
