"""Training: the original recipe lands where it was published, and every option does what it says."""

import re

import numpy as np
import pytest

import nnlib
from tests import tries

RNG = np.random.default_rng(0)
X = RNG.random((203, 20), dtype=np.float32)
y = (X[:, 0] > 0.5).astype(int) + (X[:, 1] > 0.5)


def small(**options):
    return nnlib.Network([20, 16, 3], "relu", "softmax", seed=3, **options)


def fit(net, **options):
    settings = {"epochs": 3, "batch_size": 10, "optimizer": nnlib.SGD(0.1), "progress": False}
    return nnlib.train(net, X, y, **{**settings, **options})


def same(one, other):
    return all(np.array_equal(one.params[name], other.params[name]) for name in one.params)


@pytest.mark.skipif(tries(True, False), reason="lesson 4 trains it, and its claims say the same: with --long")
def test_the_original_recipe_lands_within_96_2_and_97_0_percent(mnist):
    net = nnlib.Network(
        [784, 100, 10], activation="sigmoid", output="sigmoid", loss="squared_error", init_std=0.01, seed=0
    )
    history = nnlib.train(
        net,
        mnist.X_train,
        mnist.y_train,
        epochs=30,
        batch_size=50,
        optimizer=nnlib.SGD(lr=0.5),
        shuffle=False,
        progress=False,
    )
    assert 0.962 <= nnlib.accuracy(net, mnist.X_test, mnist.y_test) <= 0.970
    published = [16.001, 6.050, 4.432, 3.831, 3.466, 3.201]
    assert np.allclose(np.array(history.loss[:6]) * 50, published, rtol=0.02)
    assert np.allclose(history.accuracy[:6], [0.501, 0.880, 0.905, 0.915, 0.922, 0.928], atol=0.01)


def test_the_shipped_network_is_as_good_as_its_stored_figure_says(mnist):
    from nnlib import recipes

    stored = recipes.load_result("pretrained")["test_accuracy"]
    assert nnlib.accuracy(nnlib.load_pretrained(), mnist.X_test, mnist.y_test) == pytest.approx(stored, abs=2e-4)
    assert stored >= 0.992


def test_the_best_recipe_without_augmentation_reaches_its_aim():
    from nnlib import recipes

    assert recipes.PLAIN.augment is None
    assert np.mean(recipes.load_result("plain")["test_accuracies"]) >= 0.983


def test_training_is_the_loop_that_lesson_4_writes():
    net, by_hand = small(), small()
    fit(net, shuffle=False, epochs=2)
    for _ in range(2):
        for i in range(0, len(X), 10):
            _, grads, _ = by_hand.loss_and_gradients(X[i : i + 10], y[i : i + 10])
            for name, theta in by_hand.params.items():
                theta -= 0.1 * grads[name]
    assert all(np.allclose(net.params[name], by_hand.params[name], atol=1e-6) for name in net.params)


@pytest.mark.parametrize(
    "optimizer", [nnlib.SGD(0.1), nnlib.Momentum(0.02), nnlib.Adam(0.01)], ids=lambda o: type(o).__name__
)
def test_every_optimizer_learns(optimizer):
    net = small()
    history = fit(net, optimizer=optimizer, epochs=15)
    assert history.loss[-1] < 0.6 * history.loss[0]
    assert history.accuracy[-1] > history.accuracy[0] + 0.2


def test_one_step_of_each_optimizer_is_its_formula():
    theta, d = np.array([1.0, 2.0]), np.array([0.5, -4.0])
    for optimizer, expected in (
        (nnlib.SGD(0.1), [0.95, 2.4]),
        (nnlib.Momentum(0.1, 0.9), [0.95, 2.4]),
        (nnlib.Adam(0.1), [0.9, 2.1]),
    ):
        params = {"theta": theta.copy()}
        optimizer.start(params)
        optimizer.step(params, {"theta": d.copy()})
        assert np.allclose(params["theta"], expected), type(optimizer).__name__
    params = {"theta": theta.copy()}
    momentum = nnlib.Momentum(0.1, 0.9)
    momentum.start(params)
    for _ in range(2):
        momentum.step(params, {"theta": d.copy()})
    assert np.allclose(params["theta"], [1 - 0.05 - 0.095, 2 + 0.4 + 0.76])


def test_one_seed_decides_everything():
    options = {"augment": lambda X, rng: X + rng.normal(0, 0.01, X.shape).astype(np.float32), "epochs": 2}
    one, two, other = (
        small(dropout=0.3),
        small(dropout=0.3),
        nnlib.Network([20, 16, 3], "relu", "softmax", dropout=0.3, seed=4),
    )
    assert fit(one, **options).loss == fit(two, **options).loss and same(one, two)
    fit(other, **options)
    assert not same(one, other)


def test_shuffling_takes_every_image_once_in_each_epoch():
    seen = []
    fit(small(), augment=lambda X, rng: seen.append(X) or X, epochs=2)
    epochs = np.concatenate(seen).reshape(2, len(X), 20)
    for epoch in epochs:
        assert np.array_equal(np.sort(epoch[:, 0]), np.sort(X[:, 0]))
    assert not np.array_equal(epochs[0], epochs[1])


def test_an_optimizer_used_twice_starts_afresh():
    optimizer = nnlib.Momentum(0.02)
    first, second = small(), small()
    fit(first, optimizer=optimizer)
    fit(second, optimizer=optimizer)
    assert same(first, second)


def test_l2_makes_the_weights_smaller():
    free, held = small(), small(l2=0.05)
    fit(free, epochs=10), fit(held, epochs=10)
    assert np.linalg.norm(held.params["W1"]) < 0.8 * np.linalg.norm(free.params["W1"])


def test_dropout_keeps_the_expected_activation_and_is_off_outside_training():
    net = small(dropout=0.4)
    batch = X[:1]
    cache = [net.propagate(batch, np.random.default_rng(i)) for i in range(4000)]
    share = np.mean([c["mask1"] == 0 for c in cache])
    assert share == pytest.approx(0.4, abs=0.02)
    mean = np.mean([c["a1"] for c in cache], axis=0)
    assert np.allclose(mean, net.propagate(batch)["a1"], atol=0.05 * mean.max())
    assert np.array_equal(net.forward(batch), net.forward(batch))


def test_the_schedule_runs_from_the_start_to_the_end_with_or_without_a_bar():
    for progress in (False, True):
        seen = []
        fit(
            small(),
            schedule=lambda done, seen=seen: seen.append(done) or 1.0,
            epochs=2,
            batch_size=100,
            progress=progress,
        )
        assert np.allclose(seen, np.arange(6) / 6)
    assert nnlib.cosine(0) == 1 and nnlib.cosine(0.5) == pytest.approx(0.5) and nnlib.cosine(1) == pytest.approx(0)


def test_early_stopping_goes_back_to_the_best_weights():
    net = small()
    X_val, y_val = RNG.random((60, 20), dtype=np.float32), RNG.integers(0, 3, 60)  # labels that nothing can predict
    history = fit(net, epochs=60, patience=4, validation=(X_val, y_val))
    assert len(history.loss) < 60
    assert len(history.loss) == history.best_epoch + 4
    assert max(history.val_accuracy) == history.val_accuracy[history.best_epoch - 1]
    assert nnlib.accuracy(net, X_val, y_val) == max(history.val_accuracy)


def test_validation_images_train_nothing():
    with_, without = small(), small()
    fit(with_, validation=(X[:50], y[:50]))
    fit(without)
    assert same(with_, without)


def test_the_history_has_one_entry_an_epoch_and_says_so():
    history = fit(small(), validation=(X[:50], y[:50]))
    for series in (history.loss, history.accuracy, history.val_loss, history.val_accuracy, history.seconds):
        assert len(series) == 3 and all(isinstance(value, float) for value in series)
    assert "3 epochs" in repr(history) and "validation" in repr(history)


def test_the_history_plots_itself_with_alt_text():
    html = fit(small(), validation=(X[:50], y[:50])).plot().data
    assert "<img alt=" in html and "validation accuracy" in html


def test_the_progress_bar_shows_loss_and_accuracy(capsys):
    fit(small(), progress=True)
    shown = capsys.readouterr().err
    assert "epoch 3 of 3" in shown and "loss=" in shown and "accuracy=" in shown
    fit(small(), progress=False)
    assert capsys.readouterr().err == ""


def test_a_terminal_of_80_columns_cuts_nothing_off_the_progress_bar(capsys, monkeypatch):
    monkeypatch.setattr(
        "tqdm.std._screen_shape_wrapper", lambda: lambda file: (79, 23)
    )  # tqdm leaves the last column free
    fit(small(), progress=True, epochs=30, validation=(X[:50], y[:50]))
    last = capsys.readouterr().err.split("\r")[-1].rstrip()
    assert (
        len(last) <= 79
        and last.startswith("epoch 30 of 30: |")
        and re.search(r"accuracy=[\d.]+%, validation=[\d.]+%$", last)
    ), last


def test_a_loss_that_is_no_number_stops_the_training_and_says_what_to_try():
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError, match="new network.*learning rate below 1e\\+30"):
        fit(small(), optimizer=nnlib.SGD(1e30), epochs=5)


def test_a_last_step_that_spoils_the_weights_is_told_though_every_loss_was_a_number():
    class Spoils(nnlib.SGD):
        def step(self, params, grads, factor=1.0):
            params["W1"][:] = np.nan

    with pytest.raises(FloatingPointError, match="weights are spoilt"):
        fit(small(), optimizer=Spoils(0.1), epochs=1, batch_size=len(X))


def test_a_network_that_diverged_says_so_and_what_to_do(tmp_path):
    net = small()
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError):
        fit(net, optimizer=nnlib.SGD(1e30))
    refused = pytest.raises(ValueError, match="W.: its training diverged. Make a new network")
    with refused:
        fit(net, optimizer=nnlib.SGD(1e-6))
    with refused:
        net.save(tmp_path / "net.npz")
    assert list(tmp_path.iterdir()) == []
    with refused:
        nnlib.accuracy(net, X, y)
    with refused, np.errstate(all="ignore"):
        net.predict(X)


def test_the_loss_of_an_epoch_is_the_mean_over_its_images_though_the_last_batch_is_smaller():
    """With a learning rate of 0 the network stays, so the epoch's loss is the network's own."""
    net = small()
    history = fit(net, optimizer=nnlib.SGD(0), epochs=1, batch_size=150)  # 150 images, and 53
    assert history.loss[0] == pytest.approx(net.loss(X, y), rel=1e-5)
    assert history.accuracy[0] == pytest.approx(nnlib.accuracy(net, X, y))
    halves = [net.loss(X[:150], y[:150]), net.loss(X[150:], y[150:])]
    assert abs(np.mean(halves) - net.loss(X, y)) > 1e-3, "otherwise this test could not tell"


def test_each_optimizer_takes_several_steps_by_its_formula():
    """Beside a loop with scalars, and gradients that change their size: what is remembered must fade."""
    gradients = [4.0, -0.5, 0.25, 0.125, 3.0]
    theta = v = m = s = 0.0
    momentum, adam = [], []
    for g in gradients:
        v = 0.9 * v - 0.1 * g
        momentum.append(v)
    for t, g in enumerate(gradients, start=1):
        m, s = 0.9 * m + 0.1 * g, 0.99 * s + 0.01 * g**2
        theta -= 0.1 * (m / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.99**t)) + 1e-8)
        adam.append(theta)
    for optimizer, expected in ((nnlib.Momentum(0.1), np.cumsum(momentum)), (nnlib.Adam(0.1, beta2=0.99), adam)):
        params, seen = {"theta": np.zeros(1)}, []
        optimizer.start(params)
        for g in gradients:
            optimizer.step(params, {"theta": np.array([g])})
            seen.append(params["theta"][0])
        assert np.allclose(seen, expected), type(optimizer).__name__


@pytest.mark.parametrize(
    "options, word",
    [
        ({"epochs": 0}, "epochs"),
        ({"epochs": 2.5}, "epochs"),
        ({"batch_size": 0}, "batch_size"),
        ({"patience": 2}, "validation"),
        ({"validation": (X[:, :5], y)}, "validation"),
        ({"validation": (X, y + 7)}, "validation"),
        ({"validation": 0.1}, "validation.*got 0.1.*nnlib.split"),
        ({"validation": (X, y), "patience": 0}, "patience.*got 0"),
        ({"validation": (X, y), "patience": -3}, "patience.*got -3"),
        ({"validation": (X, y), "patience": 2.5}, "patience.*got 2.5"),
        ({"validation": (X, y), "patience": "3"}, "patience.*got '3'"),
        ({"optimizer": "sgd"}, "optimizer.*nnlib.SGD.*got 'sgd'"),
        ({"optimizer": nnlib.SGD}, "optimizer.*the class SGD"),
        ({"augment": True}, "augment.*nnlib.Augment.*got True"),
        ({"augment": nnlib.Augment}, "augment.*the class Augment"),
        ({"augment": lambda X, rng: X[:, :5]}, "augment.*got"),
        ({"schedule": 0.5}, "schedule.*nnlib.cosine.*got 0.5"),
        ({"checkpoint": "no/such/folder/first.npz"}, "checkpoint.*Make 'no/such/folder' first"),
        ({"checkpoint": "."}, "checkpoint.*folder"),
        ({"checkpoint": 5}, "checkpoint.*got 5"),
        ({"history": []}, r"history.*got \[\]"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,  # a function's text differs between processes,
)
def test_wrong_options_are_refused_by_name_before_the_first_step(options, word):
    net = small()
    with pytest.raises((ValueError, TypeError), match=word):
        fit(net, **options)
    assert same(net, small())


@pytest.mark.parametrize("at", [0, 25, 50], ids=["at once", "in the second epoch", "in the third epoch"])
def test_an_interrupted_run_gives_its_whole_epochs_and_a_network_that_can_be_used(mnist, capsys, at):
    """The interrupt comes where Ctrl+C would: in the middle of a step."""

    class Interrupted(nnlib.SGD):
        steps = 0

        def step(self, *args):
            if self.steps == at:
                raise KeyboardInterrupt
            self.steps += 1
            super().step(*args)

    net = nnlib.Network([784, 10, 10])
    X, y = mnist.X_train[:1000], mnist.y_train[:1000]  # 20 steps an epoch
    history = nnlib.train(
        net,
        X,
        y,
        epochs=5,
        batch_size=50,
        optimizer=Interrupted(0.5),
        validation=(X, y),
        progress=False,
        history=nnlib.History(),
    )
    assert history.interrupted and str(history)
    for values in (history.loss, history.accuracy, history.val_loss, history.val_accuracy, history.seconds):
        assert len(values) == at // 20
    assert f"Interrupted in epoch {at // 20 + 1}" in capsys.readouterr().out
    assert np.isfinite(net.forward(X)).all()
    again = nnlib.train(net, X, y, epochs=1, batch_size=50, optimizer=nnlib.SGD(0.5), progress=False)
    assert len(again.loss) == 1 and not again.interrupted


def test_an_interrupt_stops_the_loops_around_the_training_too(capsys):
    class Interrupted(nnlib.SGD):
        def step(self, *args):
            raise KeyboardInterrupt

    runs = []
    with pytest.raises(KeyboardInterrupt):
        for seed in range(5):
            runs.append(seed)
            fit(small(), optimizer=Interrupted(0.1))
    assert runs == [0]
    assert "keeps what it has learned" in capsys.readouterr().out


def test_a_history_that_was_used_before_is_refused():
    history = fit(small())
    with pytest.raises(TypeError, match="history must be a new"):
        fit(small(), history=history)


def test_a_recipe_that_is_interrupted_has_no_result(mnist, monkeypatch):
    from nnlib import recipes

    monkeypatch.setattr(nnlib.SGD, "step", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        recipes.START.run(mnist.X_train[:100], mnist.y_train[:100])
