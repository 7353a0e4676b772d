"""The exercises of lesson 2 against what backpropagation cannot get wrong: nudges, the library, and real steps."""

import numpy as np
import pytest

import nnlib
from nnlib.check import exercises, judge
from nnlib.check.exercises import lesson2

EXERCISES = {name: item for name, item in exercises.every().items() if name.startswith("2.")}


@pytest.mark.parametrize("seed", range(5))
def test_the_shared_weight_has_the_slope_that_a_nudge_finds(seed):
    x, w, y = EXERCISES["2.1"].inputs(np.random.default_rng(seed))

    def loss(w):
        return 0.5 * (nnlib.sigmoid(w * nnlib.sigmoid(w * x)) - y) ** 2

    assert lesson2.shared_weight(x, w, y) == pytest.approx((loss(w + 1e-6) - loss(w - 1e-6)) / 2e-6, abs=1e-8)


def test_the_layer_of_tanh_is_that_of_the_librarys_network():
    net = nnlib.Network([6, 5, 3], activation="tanh", seed=1).copy(np.float64)
    rng = np.random.default_rng(0)
    X, Y = rng.random((4, 6)), np.eye(3)[[0, 2, 1, 1]]
    cache = net.propagate(X)
    grads = net.backward(cache, Y)
    da1 = (cache["a2"] - Y) * cache["a2"] * (1 - cache["a2"]) / 4 @ net.params["W2"].T
    dW, db, _ = lesson2.tanh_layer(X, net.params["W1"], cache["a1"], da1)
    assert np.allclose(dW, grads["W1"]) and np.allclose(db, grads["b1"])


def test_the_skip_connection_has_the_gradient_that_nudges_find():
    rng = np.random.default_rng(0)
    W, x, weights = rng.normal(size=(3, 3)), rng.normal(size=(2, 3)), rng.normal(size=(2, 3))

    def loss():
        return np.sum(weights * (x + np.tanh(x @ W)))

    def layer_backward(dy):
        return dy * (1 - np.tanh(x @ W) ** 2) @ W.T

    assert np.allclose(lesson2.skip_backward(weights, layer_backward), nnlib.numerical_gradient(loss, x), atol=1e-6)


def test_the_whole_way_is_the_librarys():
    net = nnlib.Network([6, 5, 3], seed=1).copy(np.float64)
    X, Y = np.random.default_rng(0).random((4, 6)), np.eye(3)[[0, 2, 1, 1]]
    grads = net.backward(net.propagate(X), Y)
    params = [net.params[name] for name in ("W1", "b1", "W2", "b2")]
    for got, name in zip(lesson2.gradients(X, Y, *params), ("W1", "b1", "W2", "b2"), strict=True):
        assert np.allclose(got, grads[name]), name


def test_one_matrix_has_the_gradient_that_nudges_find():
    a, W, Y = EXERCISES["2.5"].inputs(np.random.default_rng(3))

    def loss():
        end = a[0]
        for _ in a[1:]:
            end = nnlib.sigmoid(end @ W)
        return nnlib.squared_error(end, Y)

    assert np.allclose(lesson2.one_matrix(a, W, Y), nnlib.numerical_gradient(loss, W), atol=1e-7)


def test_the_pictures_are_those_of_an_untrained_network_of_tanh(mnist):
    X, y = mnist.X_train[:50].astype(np.float64), mnist.y_train[:50]
    net = nnlib.Network([784, 100, 10], activation="tanh", init_std=0.01, seed=0).copy(np.float64)
    dW1 = net.backward(net.propagate(X), net.one_hot(y))["W1"]
    predicted = lesson2.predicted_pictures(X, y, net.params["W2"])
    assert np.linalg.norm(predicted - dW1) < 0.15 * np.linalg.norm(dW1)


def test_a_small_step_by_signs_does_what_is_predicted():
    net = nnlib.Network([6, 5, 3], seed=1).copy(np.float64)
    X, y = np.random.default_rng(0).random((4, 6)), np.array([0, 2, 1, 1])
    loss, grads, _ = net.loss_and_gradients(X, y)
    stepped = net.copy()
    stepped.params = {name: p - 1e-5 * np.sign(grads[name]) for name, p in net.params.items()}
    assert lesson2.predicted_by_signs(grads, 1e-5) == pytest.approx(stepped.loss(X, y) - loss, rel=1e-3)


@pytest.mark.parametrize("name, item", EXERCISES.items(), ids=EXERCISES)
def test_every_mistake_is_named_whatever_the_draw(name, item):
    for seed in range(3):
        for mistaken, message in item.mistakes:
            assert judge.answer(item, mistaken, np.random.default_rng(seed)).text == f"Not yet: {message}"


def test_a_loop_that_crashes_on_one_layer_is_told_so():
    def needs_two(a, W, Y):
        a[2]
        return lesson2.one_matrix(a, W, Y)

    said = judge.answer(EXERCISES["2.5"], needs_two).text
    assert "right in general, but for a network of one layer: it stopped with IndexError" in said
