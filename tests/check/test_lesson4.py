"""The exercises of lesson 4: what their checks say, and what its text promises of them."""

import re

import numpy as np
import pytest

import nnlib
from nnlib import museum
from nnlib.check import exercises, judge
from nnlib.check.exercises import lesson4
from tests.check import once
from tests.check.test_check import dead, diverged, spoilt, train


def said(name, function):
    return judge.answer(exercises.find(name), function)


def memory(sizes=(784, 30, 10), lr=1.0, epochs=1000):
    def memorise(X, y):
        net = nnlib.Network(sizes)
        nnlib.train(net, X, y, epochs=epochs, batch_size=20, optimizer=nnlib.SGD(lr), progress=False)
        return net

    return memorise


def stops_with(right):
    """Stops as soon as so many of its images are read right: its images are others at each call."""

    def memorise(X, y):
        net = nnlib.Network((784, 30, 10))
        while np.sum(net.predict(X) == y) < right:
            nnlib.train(net, X, y, epochs=5, batch_size=20, optimizer=nnlib.SGD(1.0), progress=False)
        return net

    return memorise


def changes_its_images(X, y):
    X *= 0.5
    return memory()(X, y)


@pytest.mark.parametrize(
    "function, part",
    [
        (lambda X, y: 20, "got int"),
        (changes_its_images, "have changed"),
        (memory(lr=100.0, epochs=20), "the network is dead"),
        (dead, "the same answer"),
        (stops_with(15), "an epoch is a single step"),
        (stops_with(20), "not yet sure"),
        (diverged, "NaN or infinite"),
    ],
)
def test_what_is_not_learned_by_heart_is_told(function, part):
    result = said("4.3", function)
    assert result.state == "wrong" and part in result.text, result.text


def test_what_is_learned_by_heart_is_told_what_it_is_worth():
    result = said("4.3", memory())
    assert result.state == "right" and "20 of 20" in result.text
    others = int(re.search(r"other images it reads (\d+)%", result.text)[1])
    assert others < 70


def test_three_networks_of_the_museum_learn_twenty_images_by_heart_all_the_same(mnist):
    for exhibit in (museum.SigmaPrimeMissing, museum.BiasOverWrongAxis, museum.UpdatedBeforeUse):
        net = exhibit([784, 10, 10])
        options = {"epochs": 1000, "batch_size": 10, "optimizer": nnlib.SGD(1.0), "progress": False}
        history = nnlib.train(net, mnist.X_train[:20], mnist.y_train[:20], **options)
        assert history.accuracy[-1] == 1 and history.loss[-1] < 0.01, exhibit


REFERENCE, MADE_ONCE = lesson4.diagnose, once(lesson4._patient)


@pytest.mark.parametrize(
    "function, part",
    [
        (lambda *run: 3, "got 3"),
        (lambda *run: "asleep", "got 'asleep'"),
        (lambda loss, accuracy, val: REFERENCE(loss, accuracy, np.maximum(accuracy, val)), "just as it learns it"),
        (lambda *run: REFERENCE(*run).replace("slow", "dead"), "still falls"),
        (lambda *run: REFERENCE(*run).replace("dead", "slow"), "no longer moves"),
        (lambda *run: REFERENCE(*run).replace("learning", "sorted"), "better and better"),
    ],
)
def test_a_wrong_diagnosis_is_shown_the_run_and_told_the_symptom(function, part, monkeypatch):
    monkeypatch.setattr(lesson4, "_patient", MADE_ONCE)
    result = said("4.6", function)
    assert result.state == "wrong" and part in result.text, result.text


def test_the_right_diagnosis_passes():
    assert said("4.6", lesson4.diagnose).state == "right"


@pytest.mark.parametrize(
    "function, part",
    [
        (lambda X, y: 0.95, "got float"),
        (lambda X, y: nnlib.Network([784, 100, 10]), "79,510 parameters; at most 30,000"),
        (lambda X, y: nnlib.Network([784, 10, 12]), "10 outputs"),
        (lambda X, y: nnlib.Network([784, 10], init_std=1), "little better than guessing"),
        (spoilt, "have changed"),
        (diverged, "NaN or infinite"),
        (dead, "the same digit for every image"),
        (train([784, 36, 10], epochs=5, lr=0.5), "has not learned enough"),
    ],
)
def test_a_number_that_is_not_beaten_is_explained(function, part):
    result = said("4.7", function)
    assert result.state == "wrong" and part in result.text, result.text


@pytest.mark.parametrize("options", [{"output": "sigmoid"}, {"output": "softmax"}])
def test_no_network_without_a_hidden_layer_beats_the_number(mnist, options):
    """The best of twenty epochs, which nobody could choose without looking, stays below."""
    X, y = mnist.X_train, mnist.y_train
    net, lr = nnlib.Network([784, 10], **options), 1.0 if options["output"] == "sigmoid" else 0.2
    settings = {"epochs": 20, "batch_size": 20, "optimizer": nnlib.SGD(lr), "progress": False}
    history = nnlib.train(net, X[:10_000], y[:10_000], validation=(X[10_000:20_000], y[10_000:20_000]), **settings)
    assert max(history.val_accuracy) < lesson4.GOAL - 0.005
