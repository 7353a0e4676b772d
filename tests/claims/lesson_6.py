"""What lesson 6 says, and what shows it: learning better."""

from functools import partial

import numpy as np

import nnlib
from tests.claims import after

GIVEN = {
    "60,000": "the size of MNIST's training set",
    "50,000": "60,000 less a sixth",
    "10,000": "a sixth of 60,000; and the images of a short run",
    "0.0001": "exercise 6.6: where the best rate lies, `lesson6._Problem`; tests/check/test_lesson6.py",
    "0.7": "exercise 6.4: seven in ten",
    "0.1": "exercise 6.5: an example of a small alpha",
}


def softly(a, b, within):
    """Whether two numbers agree within so much."""
    return bool(np.all(np.abs(np.asarray(a) - np.asarray(b)) <= within))


def mean(shares):
    """The mean of some results, as a number."""
    return float(np.mean(shares))


# The hook


@after("yours", "784-100-10")
def there_is_a_network_to_begin_with(yours, mnist):
    assert yours.sizes == [784, 100, 10] and yours.output == "sigmoid"
    assert 0.94 < nnlib.accuracy(yours, mnist.X_train, mnist.y_train) < 0.99


@after("pull-read", "About one misread image in five", "0.01", "at\nleast fifteen times less", "about a third")
def the_surest_mistakes_pull_least(pull, own, wrong, surest):
    a = np.linspace(0, 1, 10_001)
    assert softly(a[pull(a).argmax()], 1 / 3, 1e-3) and pull(1 / 3) / pull(0.01) > 15
    assert np.all(np.diff(pull(a[a < 0.33])) > 0)
    assert 0.1 < np.mean(own[wrong] < 0.01) < 0.3 and own[surest].max() < 0.001


@after("pull-drawn", "rises to about 0.15 at one", "by far the highest bar is at 0")
def what_the_figure_of_the_pull_shows(pull, own, wrong):
    assert softly(pull(1 / 3), 0.148, 0.001)
    bars = np.histogram(own[wrong], np.linspace(0, 1, 51))[0]
    assert bars[0] > 2 * bars[1:].max()


@after("short-run", "10,000 images for 3 epochs", "600 steps")
def a_short_run_is_so_short(X_short):
    assert 3 * len(X_short) / 50 == 600


# One neuron


@after("race-squared", "426")
def sure_and_wrong(steps_to_half):
    a = nnlib.sigmoid(-6.0)
    assert softly([a, a * (1 - a)], 0.0025, 5e-5)
    assert steps_to_half(-6.0, lambda a: (a - 1) * a * (1 - a)) == 426


@after("better-loss", "let it start at −8", "Try −10 as well", "nearly threefold, by the factor $e$")
def each_unit_further_out_takes_e_times_as_long(steps_to_half):
    found = [steps_to_half(z, lambda a: (a - 1) * a * (1 - a)) for z in (-6.0, -8.0, -10.0)]
    assert softly(np.sqrt(np.divide(found[1:], found[:-1])), np.e, 0.1) and found[1] > 6 * found[0]
    a = nnlib.sigmoid(-8.0)
    assert softly(a * (1 - a) / np.exp(-8), 1, 1e-3)


@after("logistic", "target", "a − y")
def the_logistic_loss_has_the_gradient_that_was_asked_for(z, y, numerical):
    assert np.allclose(numerical, nnlib.sigmoid(z) - y, atol=1e-8) and set(y) == {0, 1}


@after("museum-friend", "Seven steps in place of 426")
def seven_steps_in_place_of_426(steps, times):
    assert steps == 7 and round(times) == 405


@after("two-losses-drawn", "levels off at one half", "near minus 1")
def the_figure_of_two_losses(a_line):
    assert softly(0.5 * (a_line[0] - 1) ** 2, 0.5, 1e-3) and softly(a_line[0] - 1, -1, 1e-3)


@after("museum-friend-checked", "equal: True")
def the_bug_of_lesson_3_is_the_gradient_of_the_logistic_loss(dW2, numerical):
    assert np.allclose(dW2, numerical, atol=1e-8) and np.abs(dW2).max() > 0.1 and dW2.shape == (20, 10)


# The search


@after("search-intro", "0.1, 0.2, 0.5")
def the_grid_has_factors_of_about_two():
    rates = np.array([0.1, 0.2, 0.5, 1, 2, 5, 10])
    assert softly(rates[1:] / rates[:-1], 2.2, 0.35)


@after(
    "search-read", "by two points or three", "From 0.1 to\n5", "85 %", "only three rates of the seven", "at 5 nearly"
)
def the_logistic_loss_is_wider_and_higher(searches, best):
    squared, logistic = searches["squared error"], searches["logistic loss"]
    assert best(squared) == 2 and best(logistic) in (1, 2)
    assert min(logistic[lr] for lr in logistic if lr <= 5) > 0.845
    assert sum(share > 0.835 for share in squared.values()) == 3 and squared[5] < 0.45
    assert 0.015 < max(logistic.values()) - max(squared.values()) < 0.04


@after("search-two-drawn", "from 55 per cent to 89", "falls to about 60 at 10")
def what_the_figure_of_the_search_shows(searches):
    squared, logistic = searches["squared error"], searches["logistic loss"]
    assert softly([squared[0.1], squared[2]], [0.55, 0.89], 0.05) and squared[10] < 0.2
    assert 0.4 < logistic[10] < 0.8 and softly(max(logistic.values()), 0.92, 0.01)


@after("search-read", "`search(squared_net, rates=[1.5, 2, 3, 4])`", "How close to the\ncliff")
def the_cliff_is_near(search, squared_net):
    found = search(squared_net, rates=[1.5, 2, 3, 4])
    assert found[2] > 0.88 and found[4] < found[2] - 0.1


@after("ten-answers", "Both hints are within a factor of three")
def the_hints_are_near(rate_hint, searches, best, squared_net, logistic_net):
    for name, make in (("squared error", squared_net), ("logistic loss", logistic_net)):
        assert 1 / 3 < rate_hint(make(seed=5)) / best(searches[name]) < 3


@after("ten-answers", "the first one is already over the cliff")
def a_hint_is_no_rate_to_train_at(rate_hint, squared_net, short_run, searches):
    at_the_hint = short_run(squared_net(seed=5), nnlib.SGD(rate_hint(squared_net(seed=5))))
    assert at_the_hint < searches["squared error"][2] - 0.1


@after("three-losses-read", "hint came out too low, by a factor of about three", "A\ngrid around it")
def softmaxs_hint_is_too_low(rate_hint, softmax_net, searches, best):
    found = best(searches["softmax"])
    assert found in (1, 2) and 1.5 < found / rate_hint(softmax_net(seed=5)) < 4.5


@after("search-intro", "In lesson 4's short runs squared error did best\nwith 2")
def two_did_best_in_lesson_4():
    import nbformat

    from tests import ROOT

    cells = nbformat.read(ROOT / "notebooks" / "04_training.ipynb", as_version=4).cells
    (dead,) = (cell.source for cell in cells if cell.id == "dead")
    assert "**0.5 and 2 work.** In this short run the larger one is ahead." in dead


@after("search-read", "The fiftieth is the middle of what our winners have, early in a run")
def the_fiftieth_is_what_winners_have(X_short, y_short, squared_net, logistic_net, searches, best):
    for name, make in (("squared error", squared_net), ("logistic loss", logistic_net)):
        net, lr = make(seed=5), best(searches[name])
        nnlib.train(net, X_short, y_short, epochs=1, batch_size=50, optimizer=nnlib.SGD(lr), progress=False)
        ratios = []
        for first in range(0, 1000, 50):
            _, grads, _ = net.loss_and_gradients(X_short[first : first + 50], y_short[first : first + 50])
            ratios.append(lr * np.linalg.norm(grads["W1"]) / np.linalg.norm(net.params["W1"]))
        assert 0.008 < np.median(ratios) < 0.06


# Softmax


@after("softmax", "Hundreds of times")
def sigmoids_contradict_themselves(said_yes, total):
    assert sum(said_yes == 0) > 150 and sum(said_yes > 1) > 30 and total.min() < 0.5 and total.max() > 1.5


@after("softmax-by-hand", "[[0.125, 0.25, 0.625]]")
def softmax_by_hand(z, a):
    assert np.allclose(np.exp(z), [[1, 2, 5]]) and np.allclose(a, [[1 / 8, 2 / 8, 5 / 8]])


@after("softmax-small-step", "add 7 to all three numbers")
def only_differences_count(z, a):
    assert np.allclose(nnlib.softmax(z + 7), a) and np.allclose(nnlib.softmax(z), a)


@after("softmax-small-step", "So a sigmoid *is* a softmax")
def a_sigmoid_is_a_softmax_of_two():
    z = np.random.default_rng(0).normal(0, 3, (20, 2))
    assert np.allclose(nnlib.softmax(z)[:, 0], nnlib.sigmoid(z[:, 0] - z[:, 1]))


@after("surprise", "our example: 1.386")
def the_loss_of_the_example(loss, Y, z):
    assert np.isclose(loss, np.log(4)) and np.isclose(nnlib.cross_entropy(z, Y), loss)


@after("jacobian", "90 %", "1 % is, and pays for it")
def surprise_grows():
    assert -np.log(0.9) < 0.11 and -np.log(0.01) > 4.6


@after("jacobian-checked", "Jacobian equal", "dz")
def the_jacobian_and_dz_are_right(jacobian, numerical, dz, numerical_dz):
    assert np.allclose(jacobian, numerical, atol=1e-8) and np.allclose(dz, numerical_dz, atol=1e-8)
    assert np.allclose(dz, [[1 / 8, 2 / 8 - 1, 5 / 8]]) and abs(dz.sum()) < 1e-12


@after("three-losses-intro", r"\approx 2.303", "starts a little higher")
def untrained_softmax_networks_start_at_log_10(start_loss, X_short, y_short):
    assert softly(start_loss, np.log(10), 0.001) and round(float(np.log(10)), 3) == 2.303
    usual = nnlib.Network([784, 100, 10], "sigmoid", "softmax").loss(X_short, y_short)
    assert 2.31 < usual < 2.7


@after("three-losses-read", "The large step is from squared error", "it is small", "600 steps")
def three_losses_in_a_short_run(results):
    squared, logistic, softmax = (mean(results[name]) for name in ("squared error", "logistic loss", "softmax"))
    assert softly([squared, logistic, softmax], [89.4, 92.1, 92.8], 0.8)
    assert 2 < logistic - squared < 4 and softmax - logistic < 0.5 * (logistic - squared)


@after("three-losses-drawn", "Squared error is near 89", "near 92, softmax near 93")
def what_the_figure_of_three_losses_shows(searches):
    for lr in (0.1, 0.2, 0.5, 1, 2):
        assert softly(searches["softmax"][lr], searches["logistic loss"][lr], 0.03)
    assert searches["softmax"][10] > 0.6 > 0.3 > searches["squared error"][10]


@after("three-losses-read", "50,000 images and 20 epochs", "the same kind of search and five seeds")
def the_long_runs_are_these(X_train):
    from nnlib import recipes
    from workshop import train

    assert recipes.START.epochs == 20 == recipes.load_result("losses")["epochs"] and len(X_train) == 50_000
    assert list(train.LOSSES) == list(recipes.load_result("losses")["losses"]) and len(recipes.SEEDS) == 5
    for recipe in train.LOSSES.values():
        assert recipe.sizes == (784, 100, 10) and recipe.batch_size == 50 and recipe.optimizer == "SGD"
    net, friend = train.LOSSES["logistic"].start(3), nnlib.museum.SigmaPrimeMissing([784, 100, 10], seed=3)
    assert net.output == "logistic" and np.array_equal(net.params["W1"], friend.params["W1"])


@after("losses-read", "97.35 %", "97.49 %", "0.14 ± 0.07", "a little less than twice", "*not clear*")
def the_tuned_squared_error_has_caught_up(stored, long_runs, difference, error):
    assert [f"{long_runs[name].mean():.2f}" for name in ("squared error", "softmax")] == ["97.35", "97.49"]
    assert f"{difference:.2f} ± {error:.2f}" == "0.14 ± 0.07" and 1.8 * error < difference < 2 * error
    for of in stored.values():
        found = {float(lr): share for lr, share in of["search"].items()}
        assert max(found, key=found.get) == of["lr"] and 0.25 < of["lr"] < 8, "inside the grid"


@after(
    "losses-read",
    "at 0.5",
    "93.6 % against 97.2 % after ten epochs",
    "above 95 % from 0.25 to 4",
    "only guesses at 8",
)
def softmax_is_easy_to_tune(stored):
    squared, softmax = stored["squared error"]["search"], stored["softmax"]["search"]
    assert (
        f"{squared['0.5']:.1%}" == "93.6%"
        and f"{max(softmax.values()):.1%}" == "97.2%"
        and squared["8.0"] < 0.2
        and stored["squared error"]["lr"] == 4
    )
    assert min(softmax[lr] for lr in ("0.25", "0.5", "1.0", "2.0", "4.0")) > 0.95


# ReLU


@after("relu", "Fifteen millionths", "twice its height and squeezed to half its width")
def a_quarter_to_the_eighth():
    z = np.linspace(-5, 5, 101)
    assert round(0.25**8 * 1e6) == 15 and np.allclose(nnlib.tanh(z), 2 * nnlib.sigmoid(2 * z) - 1)


@after("activations-drawn", "at most a quarter", "a bump up to 1", "from 0 to 1")
def the_slopes_of_three_activations():
    from nnlib.activations import ACTIVATIONS

    z = np.linspace(-5, 5, 501)
    slopes = {name: of.derivative(z, of.f(z)) for name, of in ACTIVATIONS.items()}
    assert {name: round(float(slope.max()), 3) for name, slope in slopes.items()} == {
        "sigmoid": 0.25,
        "tanh": 1,
        "relu": 1,
    }


@after("he", "About one point more than with sigmoids")
def relu_gains_a_point(results, searches, best):
    assert 0.4 < mean(results["ReLU"]) - mean(results["softmax"]) < 2 and best(searches["ReLU"]) in (0.2, 0.5)


@after("relu-search", "hint: ", "search: ")
def the_hint_for_relu_is_lower(rate_hint, relu_net, softmax_net, searches, best):
    hint = rate_hint(relu_net(seed=5))
    assert hint < 0.7 * rate_hint(softmax_net(seed=5)) and 1 / 3 < hint / best(searches["ReLU"]) < 3


@after("he", '`"tanh"`')
def tanh_can_be_searched_too(search, best):
    found = search(partial(nnlib.Network, [784, 100, 10], "tanh", "softmax"), rates=[0.1, 0.2, 0.5, 1])
    assert 0.9 < max(found.values()) < 0.95


@after("he-one-layer", "mean squares")
def relu_halves_the_mean_square(a0, z1, a1):
    assert softly(np.mean(a1**2) / np.mean(z1**2), 0.5, 0.02) and softly(np.mean(a1**2) / np.mean(a0**2), 1, 0.1)


@after("sizes-read", "about a ninth", r"\sqrt2^{\,8} = 16", "both stay near 1", "every $a$ is about a half")
def sizes_through_eight_layers(sizes):
    forward = {name: a[-1] / a[0] for name, (a, da) in sizes.items()}
    backward = {name: da[0] / da[-1] for name, (a, da) in sizes.items()}
    for ratio in (forward, backward):
        assert 0.7 < ratio["ReLU, √(2/m)"] < 1.4 and 0.7 < 16 * ratio["ReLU, √(1/m)"] < 1.4
        assert softly(ratio["ReLU, 0.01"] ** (1 / 8), 1 / 9, 0.02) and ratio["ReLU, 0.01"] < 1e-6
    assert softly(sizes["sigmoid, √(1/m)"][0][-1], 0.5, 0.1) and 5e-6 < backward["sigmoid, √(1/m)"] < 2e-5
    assert np.isclose(np.sqrt(2) ** 8, 16)


@after("deep", "784-64-…-64-10")
def eight_layers_of_weights(deep_starts):
    for make in deep_starts.values():
        assert make(seed=1).sizes == [784, *[64] * 7, 10] and make(seed=1).n_layers == 8
    ratio = deep_starts["ReLU, √(1/m)"]().params["W2"].std() / deep_starts["ReLU, √(2/m)"]().params["W2"].std()
    assert softly(ratio, np.sqrt(0.5), 1e-3)


@after(
    "deep-read",
    "The sigmoids guess, at every rate",
    "He's start learns at every rate of the grid",
    "at 0.01 it has learned far less",
    "from 0.1 on it is about as good",
)
def depth_decides(deep):
    assert max(deep["sigmoid, √(1/m)"].values()) < 0.2 and max(deep["ReLU, 0.01"].values()) < 0.2
    assert min(deep["ReLU, √(2/m)"].values()) > 0.75 and deep["ReLU, √(1/m)"][0.01] < 0.65
    assert max(deep["ReLU, √(1/m)"].values()) > max(deep["ReLU, √(2/m)"].values()) - 0.03
    assert min(deep["ReLU, √(1/m)"][lr] - deep["ReLU, √(2/m)"][lr] for lr in (0.1, 0.3)) > -0.05


@after("deep-read", "takes He's rule by itself")
def the_library_takes_hes_rule():
    W1 = nnlib.Network([784, 200, 10], "relu", "softmax").params["W1"]
    assert softly(W1.std() / np.sqrt(2 / 784), 1, 0.03)


@after("deep-read", "20 layers deep", "`[64] * 19`", "Does `√(1/m)` still get by?")
def with_twenty_layers_the_two_under_the_root_decides(short_run):
    def twenty(times, lr):
        net = nnlib.Network([784, *[64] * 19, 10], "relu", "softmax", seed=5)
        for name in net.params:
            net.params[name] *= np.float32(times)
        return short_run(net, nnlib.SGD(lr))

    assert twenty(1, 0.03) > 0.6 and max(twenty(np.sqrt(0.5), lr) for lr in (0.01, 0.03, 0.3)) < 0.4


@after("deep-read", "with 2 the boundary stays open, and with\n  3 it closes", "with 4 it closes")
def the_boundary_closes_with_three_and_with_four():
    from nnlib.play import moving_boundary

    def closed(data, hidden, activation):
        run = moving_boundary.Run(data, hidden, activation)
        for _ in range(40 * moving_boundary.EPOCH):
            run.step(1.0)
        side = len(moving_boundary.SPAN)
        answers = run.learner.outputs(moving_boundary.GRID).argmax(axis=1).reshape(side, side)
        border = np.concatenate([answers[0], answers[-1], answers[:, 0], answers[:, -1]])
        return border.min() == border.max() and answers.min() != answers.max()

    assert not closed("disc in a ring", 2, "tanh") and closed("disc in a ring", 3, "tanh")
    assert not closed("disc in a ring", 3, "relu") and closed("disc in a ring", 4, "relu")


# Steps with a memory


@after("valley-intro", "must\nstay below 0.1", "less than a tenth of the way", "The first $v$ is −0.1", "= -0.19")
def momentum_grows_tenfold():
    assert 2 / 20 == 0.1 and np.isclose(0.9 * -0.1 - 0.1, -0.19)


@after("adam-intro", "the steps grow tenfold")
def the_steps_of_momentum_grow_to_one(steps):
    assert np.allclose(steps[:3], [-0.1, -0.19, -0.271]) and softly(steps[-1], -1, 1e-4)


@after("adam-first-step", "[-0.1, 0.1, -0.1]")
def adams_first_step_has_one_length(params):
    assert np.allclose(params["theta"], [-0.1, 0.1, -0.1], atol=1e-4)


@after(
    "valley-read",
    "at their best rate still bounce",
    r"$\mu = 0.5$",
    "by nine powers of ten",
    "sets out on the diagonal",
    "ends near\nwhere the plain steps do",
)
def the_valley(paths, valley, chosen, after_40):
    end = {name: valley(path[40]) for name, path in paths.items()}
    assert 8.5 < np.log10(end["plain"] / end["momentum"]) < 9.5 and 0.1 < end["Adam"] / end["plain"] < 10
    assert np.all(paths["plain"][:20, 1] * paths["plain"][1:21, 1] < 0), "from wall to wall"
    first = paths["Adam"][1] - paths["Adam"][0]
    assert np.isclose(first[0], -first[1]) and paths["Adam"][:, 0].max() > 1
    assert all(0 < losses.argmin() < 99 for losses in after_40.values()) and chosen["plain"] < 0.1


@after("valley-read", "the usual 0.9", "what too much memory does")
def too_much_memory_swings(walk, valley, paths):
    best = min(valley(walk(nnlib.Momentum(lr, 0.9))[40]) for lr in np.geomspace(0.001, 0.2, 100))
    assert best > 1e4 * valley(paths["momentum"][40])


@after("methods-intro", "0.9")
def the_library_has_the_usual_memory():
    assert nnlib.Momentum(0.1).momentum == 0.9


@after("methods-read", "None at all", "do at least as well as the other two")
def none_is_ahead_at_a_steady_rate(results):
    plain, momentum, adam = (mean(results[f"ReLU, {name}"]) for name in ("plain", "momentum", "Adam"))
    assert plain > max(momentum, adam) - 0.2 and abs(momentum - adam) < 0.8


@after("methods-read", "at the rates that libraries give as defaults")
def at_default_rates_adam_would_have_won(short_run, relu_net):
    """Keras has 0.01 for SGD and 0.001 for Adam; PyTorch has 0.001 for both."""
    assert short_run(relu_net(seed=0), nnlib.Adam(0.001)) > short_run(relu_net(seed=0), nnlib.SGD(0.01)) + 0.04


@after("noisy", "walks=1000, steps=200")
def so_many_walks(noisy_walks):
    import inspect

    defaults = inspect.signature(noisy_walks).parameters
    assert (defaults["walks"].default, defaults["steps"].default) == (1000, 200)


@after("falling-intro", "At first they fall together", "less than\na tenth of it")
def the_noise_dies_down(constant, falling):
    assert falling[-1] < constant[-1] / 10 and softly(falling[9] / constant[9], 1, 0.05)
    assert softly(constant[100:] / constant[100:].mean(), 1, 0.2)


@after(
    "falling-read",
    "the top of the curve is higher by about a point",
    "*larger* rate",
    "Plain steps gain nothing here",
    "At small rates the falling schedule only loses time",
    "At 1 the falling rate does better than the steady one",
    "missed nearly all of the gain",
)
def a_falling_rate_pays_off_at_a_larger_rate(steady, falls, results, best):
    for name in ("momentum", "Adam"):
        assert best(falls[name]) > best(steady[name])
        gain = mean(results[f"ReLU, {name}, falling"]) - mean(results[f"ReLU, {name}"])
        assert 0.5 < gain < 2
        smallest = min(steady[name])
        assert falls[name][smallest] < steady[name][smallest]
    assert abs(mean(results["ReLU, plain, falling"]) - mean(results["ReLU, plain"])) < 0.6
    assert steady["plain"][1] < falls["plain"][1] < max(falls["plain"][0.5], steady["plain"][0.5])
    for name in ("momentum", "Adam"):
        kept, moved = falls[name][best(steady[name])], max(falls[name].values())
        assert kept - max(steady[name].values()) < 0.3 * (moved - max(steady[name].values()))


@after("falling-read", "0.9 remembers about ten steps", "`partial(nnlib.Momentum, momentum=0.5)`")
def a_shorter_memory_needs_a_larger_rate(search, relu_net):
    mild = search(relu_net, partial(nnlib.Momentum, momentum=0.5), [0.05, 0.2], nnlib.cosine)
    assert mild[0.2] > mild[0.05] and round(1 / (1 - 0.9)) == 10


@after("ladder-read", "From about 89 % to about 95 %", "About half of the mistakes", "0.14 ± 0.07")
def the_ladder(rows, long_runs):
    means = {name: mean(shares) for name, shares in rows.items()}
    assert softly(means["squared error"], 89.4, 0.8) and softly(means["ReLU, Adam, falling"], 94.9, 0.5)
    lost = [100 - means[name] for name in ("squared error", "ReLU, Adam, falling")]
    assert 0.4 < 1 - lost[1] / lost[0] < 0.6
    assert len(rows) == 9 and softly(long_runs["softmax"].mean() - long_runs["squared error"].mean(), 0.14, 0.005)


@after("ladder-read", "and there the clear gains come from elsewhere")
def in_lesson_7_more_neurons_and_more_images_gain_most():
    from nnlib import recipes

    accuracies = {row["name"]: np.mean(row["accuracies"]) for row in recipes.load_result("ablation")["rows"]}
    relu_to_schedule = accuracies[recipes.SCHEDULE.name] - accuracies[recipes.SOFTMAX.name]
    elsewhere = accuracies[recipes.ROTATION.name] - accuracies[recipes.SCHEDULE.name]
    assert abs(relu_to_schedule) < 0.003 < 0.01 < elsewhere


# The reader's better network


@after("own-intro", "50,000", "8,000 steps in place\nof 600")
def eight_epochs_are_so_many_steps(X_train, own_search, best):
    assert 8 * len(X_train) / 50 == 8000 and best(own_search) in (0.05, 0.1)


@after("unfair", "all 60,000 images")
def the_better_network_is_better(better, history):
    assert history.accuracy[-1] > 0.995 and 0.972 < history.val_accuracy[-1] < 0.985
    assert better.sizes == [784, 200, 100, 10] and better.output == "softmax"


@after("surest-again", "It wins even so")
def it_wins_even_so(yours, better, missed, mended, X_val, y_val):
    assert nnlib.accuracy(better, X_val, y_val) > np.mean(~missed) and 0.4 < mended < 0.75


@after("keep-mended", "0.01", "Will that matter?")
def what_is_blue_is_read_right(new, mnist, surest, colours):
    from nnlib import plots

    right = new.argmax(axis=1) == mnist.y_train[surest]
    assert np.array_equal(np.array(colours) == plots.BLUE, right) and right.sum() >= 2


@after("surest-all-read", "nearly all", "fewer than half")
def trained_on_and_never_seen(mended_of):
    assert mended_of["it was trained on"] > 0.87 and 0.1 < mended_of["it has never seen"] < 0.5


@after("save-it", "the same numbers, back from the file")
def what_was_saved_is_what_was_trained(better, history, X_val, y_val):
    assert softly(nnlib.accuracy(better, X_val, y_val), history.val_accuracy[-1], 1e-3)


@after("pad-read", "almost by heart")
def the_pad_has_both(yours, better):
    pad = nnlib.DrawingPad({"lesson 4": yours, "lesson 6": better})
    assert list(pad.readers) == ["lesson 4", "lesson 6"]


# The detours


@after("overflow-read", "the same as for\n$(0, 1, 2)$")
def only_differences_count_far_out_as_well(overflown, z_large):
    assert np.isnan(overflown).all()
    assert np.allclose(nnlib.softmax(z_large), nnlib.softmax(np.array([[0, 1, 2.0]])))


@after("loss-from-z", "inf, from z: 120")
def the_loss_comes_from_z(from_a):
    assert np.isinf(from_a)


@after("kink", "All nine are below $10^{-7}$")
def the_right_network_is_right_with_each_activation(right_errors):
    assert len(right_errors) == 9 and max(right_errors) < 1e-7


@after("kink-read", "Near the kink, a smaller $h$ helps", "*At* the kink no\n$h$ helps", "compares once more\nbeside")
def the_kink_is_found(near, X_tiny, y_tiny, X_blank):
    found = {h: nnlib.check_gradients(near, X_tiny, y_tiny, h=h) for h in (1e-5, 1e-7)}
    assert found[1e-5].worst > 0.01 > 1e-6 > found[1e-7].worst
    for h in (1e-5, 1e-7):
        at = nnlib.check_gradients(nnlib.Network([49, 20, 10], "relu"), X_blank, y_tiny, h=h)
        assert at.worst > 0.01 and at.beside.worst < 1e-6


@after("tutorial", "It costs\naccuracy", "doesn't stop the network from learning")
def relus_bug_costs_accuracy(with_bug, without):
    assert mean(with_bug) < mean(without) - 0.3 and mean(with_bug) > 80


@after("divided", "GradientError: b3's gradient")
def divided_by_nothing(exhibit, X_train, y_train):
    usual = exhibit(**{**exhibit.settings, "init_std": None})
    assert nnlib.check_gradients(usual, X_train[:10], y_train[:10], sample=300).worst < 1e-7


# The questions and the exercises


@after("remember", r"\approx 2.303", "≈ 1.61", "−0.8", "−0.1 ·", "−0.2", "0.01", "−log 0.2", "0.2", "0.1", "0.9")
def the_answers_to_the_questions():
    assert round(-np.log(0.2), 2) == round(np.log(5), 2) == 1.61 and np.isclose(0.2 - 1, -0.8)
    assert np.isclose(-0.1 * 2 / (1 - 0.9), -2)


def ends_of_looking_ahead():
    """The loss after 40 steps in the valley, for twenty µ from 0 to 0.95."""
    from nnlib.check.exercises import lesson6

    def end(mu):
        theta, v = np.array([-9.0, 1.0]), np.zeros(2)
        for _ in range(40):
            theta, v = lesson6.momentum_step(theta, v, lambda theta: np.array([1, 20]) * theta, 0.05, mu)
        return 0.5 * theta**2 @ np.array([1, 20])

    return [end(mu) for mu in np.linspace(0, 0.95, 20)]


@after("ex-3", "at a rate of 0.05")
def a_look_ahead_likes_some_memory():
    ends = ends_of_looking_ahead()
    assert 5 < np.argmin(ends) < 19 and min(ends) < ends[0] / 100


@after("ex-3-solution", "a µ near 0.7 is best")
def a_look_ahead_likes_a_mu_of_seven_tenths():
    assert 0.6 < np.linspace(0, 0.95, 20)[np.argmin(ends_of_looking_ahead())] < 0.75


@after("ex-6", "0.0001 to 1000", "five points")
def the_search_is_posed_as_it_says():
    from nnlib.check.exercises import lesson6
    from tests import tries

    assert (lesson6.TRAININGS, lesson6.SHORT_OF, lesson6.PROBLEMS) == (10, 0.05, 3)
    for seed in range(tries(6, 20)):
        problem = lesson6._Problem(np.random.default_rng(seed), seed % 3)
        assert 1e-4 < problem.usual / problem.times < 1000


@after("ex-8-solution", "hardly any difference at a rate of 0.2", "doesn't make 0.5 a good rate")
def a_warm_up_changes_little_here(short_run, relu_net):
    from nnlib.check.exercises import lesson6

    def warm(p):
        return float(lesson6.warm_up(p, 0.1))

    without = short_run(relu_net(seed=0), nnlib.Momentum(0.2), nnlib.cosine)
    assert softly(short_run(relu_net(seed=0), nnlib.Momentum(0.2), warm), without, 0.01)
    assert short_run(relu_net(seed=0), nnlib.Momentum(0.5), warm) < without - 0.02
