"""Lesson 3's exercise 3.6, whose answers are names of lines: what is said to right, wrong and odd ones."""

import numpy as np
import pytest

from nnlib.check import exercises, judge
from nnlib.check.exercises import lesson3

STRANGERS = exercises.find("3.6")


def said(**changes):
    """The answer to the right dictionary with some entries changed."""
    return judge.answer(STRANGERS, lambda: lesson3.VERDICTS | changes)


def test_the_six_right_verdicts_are_right():
    assert said() == judge.Answer("right", "Right. You named all six: five wrong lines, and one network that has none.")


@pytest.mark.parametrize(
    "letter, line, part",
    [
        ("P", 1, "a wrong line 1 would spoil W1, b1, W2, b2"),
        ("P", 0, "the biases too"),
        ("Q", 0, "Take a few hundred steps"),
        ("Q", 5, "a number that training changes"),
        ("R", 1, "every array has an error"),
        ("R", 7, "a wrong line 7 would spoil b1"),
        ("S", 4, "how many times too large"),
        ("T", 4, "a wrong line 4 would spoil W1, b1"),
        ("U", 0, "0.5 is large"),
        ("U", 2, "a wrong line 2 would spoil W2"),
    ],
)
def test_a_wrong_verdict_is_told_what_speaks_against_it_and_how_many_are_right(letter, line, part):
    result = said(**{letter: line})
    assert result.state == "wrong" and f"5 of 6 are right. {letter}: " in result.text and part in result.text


def test_every_wrong_verdict_gets_a_sentence():
    for letter, right in lesson3.VERDICTS.items():
        texts = {said(**{letter: line}).text for line in range(8) if line != right}
        assert len(texts) >= 4 and all(text.startswith("Not yet: 5 of 6") for text in texts)


@pytest.mark.parametrize(
    "verdicts, part",
    [
        (3, "return a dictionary"),
        ({"P": 3}, "no answer for Q, R, S, T, U"),
        (lesson3.VERDICTS | {"T": "W1"}, "T has str 'W1'"),
        (lesson3.VERDICTS | {"T": 8}, "a line from 1 to 7"),
    ],
)
def test_what_is_no_verdict_is_told_so(verdicts, part):
    result = judge.answer(STRANGERS, lambda: verdicts)
    assert result.state == "wrong" and part in result.text


@pytest.mark.parametrize("nothing", [None, ...])
def test_an_empty_answer_is_an_invitation(nothing):
    assert judge.answer(STRANGERS, lambda: nothing).state == "unwritten"


def test_the_verdicts_are_the_museums():
    from nnlib import museum

    lines = {museum._MeanOfBias: 3, museum._OldWeights: 4, museum.Right: 0, museum._NoHiddenSlope: 5}
    lines |= {museum._OtherOrder: 6, museum._NoHalf: 1}
    assert {letter: lines[museum.STRANGERS[letter]] for letter in lesson3.VERDICTS} == lesson3.VERDICTS


def test_the_better_difference_is_better_and_the_step_along_a_line_is_the_chain_rule():
    slope, h = np.cos(1), 0.1
    assert abs(lesson3.better_difference(np.sin, 1, h) - slope) < abs(lesson3._central(np.sin, 1, h) - slope) / 100
    theta, direction = np.array([1.0, 2.0]), np.array([0.5, -1.0])
    along = lesson3.slope_along(lambda t: np.sum(t**2), theta, direction, 1e-4)
    assert np.isclose(along, np.sum(2 * theta * direction))
