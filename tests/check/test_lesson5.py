"""The exercises of lesson 5: what their checks say, and what its text promises of them."""

import nbformat
import numpy as np
import pytest

import nnlib
from nnlib.check import exercises, judge
from nnlib.check.exercises import lesson5
from tests import ROOT


def said(name, function):
    return judge.answer(exercises.find(name), function)


def solution(name, function):
    """The folded solution of the notebook, as a function."""
    cells = nbformat.read(ROOT / "notebooks" / "05_evaluation.ipynb", as_version=4).cells
    text = next(cell.source for cell in cells if cell.id == f"ex-{name[2:]}-solution")
    space = {"np": np, "nnlib": nnlib}
    exec(text.split("```python\n")[1].split("```")[0], space)
    return space[function]


# 5.3: which is better?


def unpaired(right_a, right_b):
    error = np.sqrt((right_a.var() + right_b.var()) / len(right_a))
    z = (right_a.mean() - right_b.mean()) / error
    return "can't tell" if abs(z) < 1.96 else "a" if z > 0 else "b"


def two_intervals(right_a, right_b):
    (low_a, high_a), (low_b, high_b) = (nnlib.accuracy_interval(int(r.sum()), len(r)) for r in (right_a, right_b))
    return "a" if low_a > high_b else "b" if low_b > high_a else "can't tell"


@pytest.mark.parametrize(
    "function, part",
    [
        (lambda right_a, right_b: 0.3, "got 0.3"),
        (lambda right_a, right_b: "c", "got 'c'"),
        (lambda right_a, right_b: "a" if right_a.mean() > right_b.mean() else "b", "cries wolf"),
        (lambda right_a, right_b: "can't tell", "too careful"),
        (unpaired, "image by image"),
        (two_intervals, "image by image"),
        (lambda right_a, right_b: lesson5.which_is_better(right_b, right_a), "the wrong way round"),
    ],
)
def test_a_judge_who_is_too_blunt_or_cries_wolf_is_told(function, part):
    result = said("5.3", function)
    assert result.state == "wrong" and part in result.text, result.text


def test_the_right_judge_passes_nearly_always():
    """At 5 per cent it cries wolf in 10 of 200 pairs; 23 and more are left to chance once in ten thousand times."""
    for _ in range(5):
        result = said("5.3", lesson5.which_is_better)
        assert result.state == "right" and "of 200 real differences it sees" in result.text


def test_the_pairs_are_as_the_task_says():
    """They differ by 0.8 points or not at all, and agree on all but two images in a hundred."""
    rng, found = np.random.default_rng(0), {}
    for better in lesson5.VERDICTS:
        pairs = [lesson5._answers(rng, better) for _ in range(300)]
        found[better] = np.mean([a.mean() - b.mean() for a, b in pairs])
        assert np.mean([np.mean(a != b) for a, b in pairs]) == pytest.approx(0.02, abs=0.001)
    assert [found[name] for name in ("a", "b", "can't tell")] == pytest.approx([0.008, -0.008, 0], abs=0.0007)


# 5.5 and 5.6


def test_the_hint_about_images_is_right():
    assert (lesson5.images_needed(0.9, 0.01, 1), lesson5.images_needed(0.9, 0.01, 2)) == (3458, 13830)


def test_the_error_over_writers_is_the_scatter_of_accuracies_over_samples_of_people():
    rng, found = np.random.default_rng(0), []
    for _ in range(2000):
        writer = np.repeat(np.arange(60), rng.integers(4, 25, 60))
        right = rng.random(len(writer)) < np.where(rng.random(60) < 0.3, 0.5, 0.95)[writer]
        found.append((right.mean(), lesson5.error_over_writers(right, writer), lesson5._binomial(right, writer)))
    accuracies, errors, binomial = np.array(found).T
    assert np.median(errors) == pytest.approx(accuracies.std(), rel=0.05)
    assert np.median(binomial) < 0.8 * accuracies.std(), "what takes images for independent is too small"


# 5.7: people, not images


def frequent_people_last(writer, fraction, seed):
    """The right share of the people, and those who wrote most are never among them."""
    names, counts = np.unique(writer, return_counts=True)
    order = np.argsort(counts + np.random.default_rng(seed).random(len(names)))
    return np.isin(writer, names[order[: round(fraction * len(names))]])


@pytest.mark.parametrize(
    "function, part",
    [
        (lambda writer, fraction, seed: np.random.default_rng(seed).random(len(writer)) < fraction, "on both sides"),
        (lambda writer, fraction, seed: np.flatnonzero(lesson5.hold_back(writer, fraction, seed)), "a boolean array"),
        (frequent_people_last, "Count images while you draw"),
        (lambda writer, fraction, seed: lesson5.hold_back(writer, 1 - fraction / 2, seed), "then stop"),
        (lambda writer, fraction, seed: lesson5.hold_back(writer, fraction, 7), "another seed draws the same"),
        (lambda writer, fraction, seed: lesson5.hold_back(writer, fraction, None), "the same seed drew other"),
    ],
)
def test_a_split_that_tears_people_apart_or_misses_the_share_is_told(function, part):
    result = said("5.7", function)
    assert result.state == "wrong" and part in result.text, result.text


def test_the_right_split_passes():
    for _ in range(5):
        assert said("5.7", lesson5.hold_back).state == "right"
        assert said("5.7", solution("5.7", "hold_back")).state == "right"


# 5.8: ten pixels


def image_gradient(net, X, y):
    cache, Y = net.propagate(X), net.one_hot(y)
    a1, a2 = cache["a1"], cache["a2"]
    return ((a2 - Y) * a2 * (1 - a2)) @ net.params["W2"].T * a1 * (1 - a1) @ net.params["W1"].T


def at_once(room):
    """Ten pixels at once, by the gradient alone or by the gradient times the room that a pixel has."""

    def ten_pixels(net, X, y):
        changed, rows, dX = X.copy(), np.arange(len(X))[:, None], image_gradient(net, X, y)
        target = (dX > 0).astype(X.dtype)
        ten = np.argsort(-(dX * (target - X) if room else np.abs(dX)), axis=1)[:, :10]
        changed[rows, ten] = target[rows, ten]
        return changed

    return ten_pixels


def the_same_pixel_again(net, X, y):
    changed, rows = X.copy(), np.arange(len(X))
    for _ in range(10):
        dX = image_gradient(net, changed, y)
        largest = np.abs(dX).argmax(axis=1)
        changed[rows, largest] = dX[rows, largest] > 0
    return changed


def by_chance(net, X, y):
    rng, changed = np.random.default_rng(0), X.copy()
    for row in changed:
        row[rng.choice(784, 10, replace=False)] = rng.random(10)
    return changed


def kills_the_network(net, X, y):
    net.params["b2"][:] = np.eye(10)[0] * 100
    return X


def spoils_its_images(net, X, y):
    X[:, :10] = 1
    return X


@pytest.mark.parametrize(
    "function, part",
    [
        (lambda net, X, y: X[0], "got shape (784,)"),
        (lambda net, X, y: np.clip(X + 0.1 * np.sign(image_gradient(net, X, y)), 0, 1), "at most 10 may be"),
        (lambda net, X, y: X - 1, "not between 0 and 1"),
        (kills_the_network, "the network has changed"),
        (spoils_its_images, "Begin with X = X.copy()"),
        (lambda net, X, y: X.copy(), "hardly uses its ten pixels"),
        (the_same_pixel_again, "hardly uses its ten pixels"),
        (by_chance, "Let the gradient"),
        (at_once(room=False), "cannot become blacker"),
    ],
)
def test_what_does_not_fool_the_network_is_told(function, part):
    result = said("5.8", function)
    assert result.state == "wrong" and part in result.text, result.text


def test_the_room_is_enough_and_pixel_by_pixel_is_better():
    for function in (at_once(room=True), solution("5.8", "ten_pixels")):
        assert said("5.8", function).state == "right"
