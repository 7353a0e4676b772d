"""Evaluation: counts that can be checked by hand, and an interval that covers what it promises."""

import numpy as np
import pytest

import nnlib

y = np.array([0, 0, 1, 2, 2, 2])
a = np.array([[0.9, 0.1, 0.0], [0.2, 0.7, 0.1], [0.1, 0.8, 0.1], [0.0, 0.95, 0.05], [0.3, 0.3, 0.4], [0.0, 0.0, 1.0]])


def test_the_confusion_matrix_counts_digits_by_what_they_were_read_as():
    matrix = nnlib.confusion_matrix(y, a.argmax(axis=1), classes=3)
    assert matrix.tolist() == [[1, 1, 0], [0, 1, 0], [0, 1, 2]]


def test_the_surest_mistakes_come_surest_first():
    assert nnlib.surest_mistakes(a, y).tolist() == [3, 1]
    assert nnlib.surest_mistakes(a, y, count=1).tolist() == [3]


def test_the_interval_covers_the_true_accuracy_as_often_as_it_says():
    rng = np.random.default_rng(0)
    for p in (0.5, 0.966, 0.994):
        bounds = np.array([nnlib.accuracy_interval(int(k), 500) for k in rng.binomial(500, p, 4000)])
        covered = np.mean((bounds[:, 0] <= p) & (p <= bounds[:, 1]))
        assert covered == pytest.approx(0.95, abs=0.02), p


def test_the_interval_stays_between_0_and_1_and_refuses_the_impossible():
    assert nnlib.accuracy_interval(0, 10)[0] == pytest.approx(0, abs=1e-12)
    assert nnlib.accuracy_interval(10, 10)[1] == pytest.approx(1)
    for correct, n, name in ((11, 10, "correct"), (-1, 10, "correct"), (0, 0, "n must"), (9.5, 10, "correct")):
        with pytest.raises(ValueError, match=name):
            nnlib.accuracy_interval(correct, n)


def test_the_calibration_curve_by_hand():
    confidence, right, count = nnlib.calibration_curve(a, y, bins=2)
    assert count.tolist() == [1, 5]
    assert np.allclose(confidence, [0.4, np.mean([0.9, 0.7, 0.8, 0.95, 1.0])]) and np.allclose(right, [1, 0.6])
    assert nnlib.calibration_error(a, y, bins=2) == pytest.approx((0.6 + 5 * 0.27) / 6)


def test_honest_probabilities_have_a_small_calibration_error():
    rng = np.random.default_rng(0)
    p = nnlib.softmax(rng.normal(0, 2, (20000, 10)))
    labels = np.array([rng.choice(10, p=row) for row in p])
    assert nnlib.calibration_error(p, labels) < 0.015
    assert nnlib.calibration_error(nnlib.softmax(3 * np.log(p)), labels) > 0.1


def test_calibration_finds_the_temperature_that_a_network_was_spoilt_with(mnist):
    net = nnlib.load_pretrained()
    X, labels = mnist.X_test[:3000], mnist.y_test[:3000]
    _, before = nnlib.calibrate(net, X, labels)
    spoilt = net.copy()
    spoilt.params["W3"] *= 1.5
    spoilt.params["b3"] *= 1.5
    mended, T = nnlib.calibrate(spoilt, X, labels)
    assert T == pytest.approx(1.5 * before, rel=0.03)
    assert mended.loss(X, labels) < spoilt.loss(X, labels), "T is the one with the lowest loss"
    assert np.array_equal(mended.predict(X), spoilt.predict(X)), "which digit is read does not change"
    with pytest.raises(ValueError, match="softmax"):
        nnlib.calibrate(nnlib.Network([784, 10]), X, labels)


def test_the_threshold_turns_away_the_share_that_was_asked(mnist):
    net = nnlib.load_pretrained()
    X = mnist.X_test[:2000]
    threshold = nnlib.threshold_for(net, X, 0.05)
    assert np.mean(net.forward(X).max(axis=1) < threshold) == pytest.approx(0.05, abs=0.002)


def test_the_mean_over_shifts_is_that_of_nine_images_a_pixel_apart():
    net = nnlib.Network([784, 5, 10], "relu", "softmax", seed=2)
    X = np.zeros((3, 28, 28), np.float32)
    X[:, 4:24, 4:24] = np.random.default_rng(0).random((3, 20, 20))
    outputs = [
        net.forward(np.roll(X, (down, right), (1, 2)).reshape(3, 784)) for down in (-1, 0, 1) for right in (-1, 0, 1)
    ]
    assert np.allclose(nnlib.mean_over_shifts(net, X.reshape(3, 784)), np.mean(outputs, axis=0), atol=1e-6)


def test_ink_that_is_shifted_over_the_edge_does_not_come_in_on_the_other_side():
    net = nnlib.Network([784, 10])
    net.params["W1"][:] = 0
    net.params["W1"][0] = 1  # looks at the pixel in the upper left corner, and at nothing else
    X = np.zeros((1, 28, 28), np.float32)
    X[0, :, 27] = 1
    assert np.allclose(nnlib.mean_over_shifts(net, X.reshape(1, 784)), 0.5)
