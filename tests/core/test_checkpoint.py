"""A training run that was stopped goes on where it was, and ends where the unbroken run ends, bit for bit."""

import json
import signal
import subprocess
import sys
import time
from functools import partial

import numpy as np
import pytest

import nnlib
from tests import ROOT, tries

RNG = np.random.default_rng(0)
X = RNG.random((203, 784), dtype=np.float32)
y = (X[:, 0] > 0.5).astype(int) + (X[:, 1] > 0.5)


class StoppedError(Exception):
    """What stops a run in these tests."""


def run(path=None, stop_after=None, optimizer=None, patience=None, epochs=6, **options):
    """Train; ``stop_after`` batches an exception stops it."""
    net = nnlib.Network([784, 16, 3], "relu", "softmax", dropout=0.2, seed=3)
    state = {"left": stop_after}  # what a function holds on to decides a run, but for what is in a dictionary

    def schedule(done):
        if state["left"] == 0:
            raise StoppedError
        state["left"] = state["left"] and state["left"] - 1
        return nnlib.cosine(done)

    history = nnlib.train(
        net,
        X,
        y,
        epochs=epochs,
        batch_size=20,
        optimizer=optimizer or nnlib.Momentum(0.02),
        schedule=schedule,
        augment=options.pop("augment", nnlib.Augment(shift=1, elastic=1)),
        validation=(X[:50], y[:50]),
        patience=patience,
        checkpoint=path,
        progress=False,
        **options,
    )
    return net, history


def equal(one, other):
    return all(np.array_equal(one.params[name], other.params[name]) for name in one.params)


@pytest.mark.parametrize(
    "optimizer", [nnlib.SGD(0.1), nnlib.Momentum(0.02), nnlib.Adam(0.01)], ids=lambda o: type(o).__name__
)
@pytest.mark.parametrize(
    "stop_after", [1, 11, 30, 65]
)  # in the first epoch, at the end of one, in the middle, in the last
def test_a_run_that_was_stopped_ends_where_the_unbroken_run_ends(tmp_path, optimizer, stop_after):
    unbroken, history = run(optimizer=optimizer)
    with pytest.raises(StoppedError):
        run(tmp_path / "run.npz", stop_after, optimizer)
    resumed, resumed_history = run(tmp_path / "run.npz", optimizer=optimizer)
    assert equal(unbroken, resumed)
    assert resumed_history.loss == history.loss and resumed_history.val_loss == history.val_loss
    assert list(tmp_path.iterdir()) == [tmp_path / "run.npz"]


def test_a_run_that_is_done_is_not_trained_again(tmp_path):
    done, history = run(tmp_path / "run.npz")
    again, history_again = run(tmp_path / "run.npz", stop_after=0)
    assert equal(done, again) and history_again.seconds == history.seconds


def test_early_stopping_keeps_its_best_weights_over_a_stop(tmp_path):
    unbroken, history = run(patience=3, epochs=60)
    assert len(history.loss) < 60
    with pytest.raises(StoppedError):
        run(tmp_path / "run.npz", 11 * (len(history.loss) - 1), patience=3, epochs=60)
    resumed, resumed_history = run(tmp_path / "run.npz", patience=3, epochs=60)
    assert equal(unbroken, resumed) and resumed_history.best_epoch == history.best_epoch
    again, _ = run(tmp_path / "run.npz", stop_after=0, patience=3, epochs=60)
    assert equal(unbroken, again)


@pytest.mark.parametrize("kill", range(tries(1, 30)))
def test_the_run_goes_on_in_another_process_after_it_was_killed(tmp_path, tried, kill):
    """SIGKILL, at some moment of the training: nothing can be tidied up."""
    tried["processes killed while they train"] += 1
    path = tmp_path / "run.npz"
    run_it = f"from tests.core import test_checkpoint; test_checkpoint.run({str(path)!r}, epochs=2000)"
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {run_it}"
    process = subprocess.Popen([sys.executable, "-c", code])
    while not path.exists():
        assert process.poll() is None
        time.sleep(0.01)
    time.sleep(np.random.default_rng().uniform(0, 0.5))
    process.send_signal(signal.SIGKILL)
    process.wait()
    with np.load(path) as file:
        epochs_done = len(history_in(file)["loss"])
    assert 0 < epochs_done < 2000
    with pytest.raises(StoppedError):
        run(path, 25, epochs=2000)  # two epochs of 11 batches, and three batches
    with pytest.raises(StoppedError):
        run(tmp_path / "other.npz", 11 * (epochs_done + 2) + 3, epochs=2000)
    with np.load(path) as one, np.load(tmp_path / "other.npz") as other:
        assert all(np.array_equal(one[name], other[name]) for name in one.files if name != "state")
        assert history_in(one)["loss"] == history_in(other)["loss"]


def history_in(file):
    return json.loads(file["state"].item())["history"]


@pytest.mark.parametrize(
    "change, word",
    [
        ({"epochs": 7}, "epochs"),
        ({"optimizer": nnlib.Momentum(0.03)}, "optimizer"),
        ({"optimizer": nnlib.Adam(0.02)}, "optimizer"),
        ({"augment": nnlib.Augment(shift=2)}, "augment"),
        ({"shuffle": False}, "shuffle"),
        ({"patience": 2}, "patience"),
    ],
    ids=["epochs", "lr", "optimizer", "augment", "shuffle", "patience"],
)
def test_the_checkpoint_of_another_run_is_refused_and_left_alone(tmp_path, change, word):
    run(tmp_path / "run.npz")
    before = (tmp_path / "run.npz").read_bytes()
    with pytest.raises(ValueError, match=word):
        run(tmp_path / "run.npz", **change)
    assert (tmp_path / "run.npz").read_bytes() == before


def times(c):
    """A function with c in its closure."""
    return lambda X, rng: c * X


@pytest.mark.parametrize(
    "one, other",
    [
        (lambda X, rng: X, lambda X, rng: 0.9 * X),
        (lambda X, rng: 0.8 * X, lambda X, rng: 0.9 * X),
        (partial(np.multiply, 0.8), partial(np.multiply, 0.9)),
        ([lambda X, rng, c=c: c * X for c in (0.8, 0.9)]),
        (times(0.8), times(0.9)),
    ],
    ids=["lambda", "constant", "partial", "default", "closure"],
)
def test_another_function_is_another_run(tmp_path, one, other):
    strip = [lambda X, rng, f=f: f(X, rng) if not isinstance(f, partial) else f(X) for f in (one, other)]
    run(tmp_path / "run.npz", augment=strip[0], epochs=1)
    run(tmp_path / "run.npz", augment=strip[0], epochs=1)
    with pytest.raises(ValueError, match="augment"):
        run(tmp_path / "run.npz", augment=strip[1], epochs=1)


def test_other_first_weights_are_another_run(tmp_path):
    def start(std):
        net = nnlib.Network([784, 3], output="softmax", init_std=std)
        nnlib.train(
            net,
            X,
            y,
            epochs=1,
            batch_size=50,
            optimizer=nnlib.SGD(0.1),
            checkpoint=tmp_path / "run.npz",
            progress=False,
        )

    start(0.01)
    start(0.01)
    with pytest.raises(ValueError, match="first weights"):
        start(0.02)


def test_other_validation_images_are_another_run(tmp_path):
    def validated(X_val):
        net = nnlib.Network([784, 3], output="softmax")
        options = {"validation": X_val and (X[X_val], y[X_val]), "checkpoint": tmp_path / "run.npz", "progress": False}
        nnlib.train(net, X, y, epochs=1, batch_size=50, optimizer=nnlib.SGD(0.1), **options)

    validated(slice(50))
    for other in (slice(60), None):
        with pytest.raises(ValueError, match="another run"):
            validated(other)


def test_other_images_are_another_run(tmp_path, monkeypatch):
    run(tmp_path / "run.npz")
    changed = X.copy()
    changed[7, 7] += 0.01
    monkeypatch.setattr(sys.modules[__name__], "X", changed)
    with pytest.raises(ValueError, match="checksum of X"):
        run(tmp_path / "run.npz")


@pytest.mark.parametrize(
    "damage",
    [lambda content: content[:-200], lambda content: b"", lambda content: content[:300] + b"!" + content[301:]],
    ids=["short", "empty", "changed"],
)
def test_a_damaged_checkpoint_is_told_and_left_alone(tmp_path, damage):
    path = tmp_path / "run.npz"
    run(path)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ValueError, match="Delete it"):
        run(path)


def test_preparing_the_next_batch_on_another_thread_changes_nothing():
    order, rng = np.random.default_rng(1).permutation(203), np.random.default_rng(5)
    augment = nnlib.Augment(shift=1, elastic=1)
    ahead = list(nnlib._support.batches.batches(X, order, 20, augment, np.random.default_rng(5)))
    assert [len(batch) for batch, _ in ahead] == [20] * 10 + [3]
    for batch, X_batch in ahead:
        assert np.array_equal(X_batch, augment(X[batch], rng))


def test_an_error_in_the_distortion_reaches_the_caller():
    def broken(X_batch, rng):
        raise ZeroDivisionError("in the other thread")

    with pytest.raises(ZeroDivisionError, match="in the other thread"):
        run(augment=broken)


def test_unshuffled_batches_are_no_copies():
    for _, X_batch in nnlib._support.batches.batches(X, None, 20, None, None):
        assert np.shares_memory(X_batch, X)
