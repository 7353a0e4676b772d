"""What lesson 9 says of PyTorch: its notebook's ten lines give our gradients, and what is stored came from them."""

import numpy as np
import pytest

import nnlib
from nnlib.data import DATA, training_digits
from nnlib.recipes import load_result

STORED = load_result("next_steps")


def test_the_stored_gradients_agree_and_are_those_of_lesson_6s_stand_in():
    net = nnlib.Network.load(DATA / "lesson6.npz")
    loss, grads, _ = net.loss_and_gradients(*training_digits(500))
    stored = STORED["gradients"]
    assert np.isclose(stored["loss"], loss, rtol=1e-4) and np.isclose(stored["loss in PyTorch"], loss, rtol=1e-4)
    assert stored["differences"].keys() == grads.keys() and max(stored["differences"].values()) < 5e-6


def test_the_stored_networks_were_searched_alike_and_have_five_seeds():
    for found in STORED["networks"].values():
        assert found["search"][str(found["lr"])] == max(found["search"].values())
        assert len(set(found["accuracies"])) > 1 and len(found["accuracies"]) == 5


def test_the_ten_lines_of_the_notebook_give_our_gradients():
    pytest.importorskip("torch", reason="PyTorch is not installed; workshop/benchmarks/README.md says how")
    from workshop.benchmarks import next_steps

    net = nnlib.Network.load(DATA / "lesson6.npz").copy(np.float64)
    X, y = training_digits(200)
    found = next_steps.compare(net, X.astype(float), y, next_steps.function_of_the_notebook())
    assert np.isclose(found["loss"], found["loss in PyTorch"], rtol=1e-12)
    assert max(found["differences"].values()) < 1e-10
    wrong = net.copy()
    wrong.params["W1"] *= 1.001
    _, there = next_steps.function_of_the_notebook()(wrong, X.astype(float), y)
    _, grads, _ = net.loss_and_gradients(X.astype(float), y)
    assert np.abs(grads["W1"] - there["W1"]).max() > 1e-6 * np.abs(grads["W1"]).max(), "it can fail"


def test_the_parameters_are_counted_right():
    pytest.importorskip("torch", reason="PyTorch is not installed; workshop/benchmarks/README.md says how")
    from workshop.benchmarks import next_steps

    for make in (next_steps.convolutional, next_steps.dense):
        assert STORED["networks"][make.__name__]["parameters"] == sum(p.numel() for p in make().parameters())
