"""What lesson 5 says, and what shows it: evaluation."""

import numpy as np

import nnlib
from nnlib.check.exercises import lesson5
from tests.claims import after

GIVEN = {
    "10,000": "the size of MNIST's test set, and of what is held back",
    "60,000": "the size of MNIST's training set",
    "5,001": "QMNIST, ../shared/qmnist/README.md: the first test digits, by students; workshop/benchmarks/writers.py",
    "4,999": "QMNIST, ../shared/qmnist/README.md: the other test digits, by employees; workshop/benchmarks/writers.py",
    "50,000": "Yadav and Bottou, Cold Case: The Lost MNIST Digits, 2019: the test digits that they rebuilt",
    "3,000": "exercise 5.3: `lesson5.COMMON` images that both networks read",
    "50 %": "exercise 5.8: what it asks for, `lesson5.FOOLED_GOAL`",
    "95 %": "the promise of an interval with z = 1.96",
    "20,000": "question 3: a made-up example",
    "4,000": "question 3: a fifth of 20,000",
    "92 %": "question 3: a made-up example",
    "± 0.2": "exercise 5.5: a wish",
}


def softly(a, b, within):
    """Whether two numbers agree within so much."""
    return bool(np.all(np.abs(np.asarray(a) - np.asarray(b)) <= within))


def contains(low, high, truth):
    """The share of intervals in which the truth lies."""
    return np.mean((low <= truth) & (truth <= high))


# The quiz


@after("quiz-answers-intro", "what your network read")
def the_quiz_is_sure_and_wrong(a, quiz, mnist):
    assert len(quiz) == 12 and np.all(a[quiz].argmax(axis=1) != mnist.y_train[quiz])
    assert softly(a[quiz].max(axis=1), 0.99, 0.015)


@after("quiz-read", "the label 4 and was read as 7", "a 7 with a bar through it is a 7")
def a_seven_is_labelled_four(a, mnist):
    surest = nnlib.surest_mistakes(a, mnist.y_train, 24)
    assert 59915 in surest and mnist.y_train[59915] == 4 and a[59915].argmax() == 7
    assert np.sum((mnist.y_train[surest] == 7) & (a[surest].argmax(axis=1) == 2)) >= 2


@after("quiz-read", "60,000", "about 1,700 wrong")
def so_many_training_images_are_wrong(a, mnist):
    assert softly(np.sum(a.argmax(axis=1) != mnist.y_train), 1700, 200)


# Three sets


@after("three-sets", "Full marks", "what guessing gives")
def looking_up_knows_nothing_new(look_up, mnist):
    assert np.mean(look_up(mnist.X_train[:1000]) == mnist.y_train[:1000]) == 1
    assert softly(np.mean(look_up(mnist.X_train[1000:11_000]) == mnist.y_train[1000:11_000]), 0.1, 0.01)


@after("remembering-read", "It has 79,510 numbers to store things in")
def what_it_can_store_things_in(net):
    assert sum(theta.size for theta in net.params.values()) == 79_510


@after("remembering-read", "about one point between them", "a\nfifth more images", "about 96 %")
def yours_remembers(yours, net, X_val, y_val, X_train):
    mine, twin = nnlib.accuracy(yours, X_val, y_val), nnlib.accuracy(net, X_val, y_val)
    assert softly(mine - twin, 0.011, 0.006) and softly(twin, 0.959, 0.005)
    assert 60_000 / len(X_train) == 1.2


@after("overfitting", "about 96 % of its own", "about 88 % of the others", "100 images in place of 1,000")
def few_images_are_remembered(small, history, X_train, y_train, X_val, y_val):
    assert softly(history.accuracy[-1], 0.96, 0.015) and softly(history.val_accuracy[-1], 0.88, 0.015)
    assert history.val_accuracy[-1] > max(history.val_accuracy) - 0.01
    assert sum(p.size for p in small.params.values()) == 79_510
    options = {"epochs": 100, "batch_size": 50, "optimizer": nnlib.SGD(0.5), "progress": False}
    smaller = nnlib.Network([784, 100, 10])
    h = nnlib.train(smaller, X_train[:100], y_train[:100], validation=(X_val[:2000], y_val[:2000]), **options)
    falls = history.accuracy[-1] - h.accuracy[-1], history.val_accuracy[-1] - h.val_accuracy[-1]
    assert falls[1] > falls[0] + 0.05


@after("overfitting", "At first both rise together")
def the_first_epochs_rise_together(history):
    gap = np.array(history.accuracy) - np.array(history.val_accuracy)
    assert gap[:10].max() < 0.05 < gap[-1]


# Confusion


@after("matrix-hand", "About 400 mistakes")
def about_400_mistakes(right):
    assert softly(np.sum(~right), 410, 50)


@after("matrix", "are on the diagonal, read right")
def the_matrix_counts_every_image(M, right, y_val):
    assert np.trace(M) == right.sum() and np.array_equal(M.sum(axis=1), np.bincount(y_val)) and M.sum() == 10_000


@after("mistakes-intro", "In more than half of all mistakes", "far\n   ahead of the others")
def the_right_digit_comes_second(a2, y_val, right):
    ranked = np.sort(a2, axis=1)
    lead, second = ranked[:, -1] - ranked[:, -2], np.argsort(a2, axis=1)[:, -2]
    assert 0.5 < np.mean(second[~right] == y_val[~right]) < 0.7
    assert np.median(lead[right]) > 0.8 and np.median(lead[~right]) < 0.4


@after("surest-intro", "Are the pairs the same?", "It makes fewer mistakes here")
def four_and_nine_three_and_five(both, yours, right, X_val, y_val):
    worst = {tuple(map(int, divmod(k, 10))) for k in np.argsort(-both, axis=None)[:3]}
    assert (4, 9) in worst and (3, 5) in worst
    mine = nnlib.confusion_matrix(y_val, yours.predict(X_val))
    of_mine = np.triu(mine + mine.T, 1)
    assert of_mine[4, 9] == of_mine.max() and mine.sum() - np.trace(mine) < np.sum(~right)


@after("surest-read", "More than one has a bar through it and is read as 2")
def crossed_sevens_are_read_as_two(a2, y_val, predicted, worst):
    surest = nnlib.surest_mistakes(a2, y_val, 24)
    assert np.sum((y_val[surest] == 7) & (predicted[surest] == 2)) >= 2
    assert a2[worst].max(axis=1).min() > 0.9


@after("surest-read", "old acquaintances from the quiz")
def some_are_in_the_quiz(X_val, worst, quiz, mnist):
    known = {mnist.X_train[i].tobytes() for i in quiz}
    assert sum(X_val[i].tobytes() in known for i in worst) >= 2


# Hidden neurons


@after("blank", "their weights are those of the beginning: True")
def blank_pixels_keep_their_weights(blank, start, W1):
    assert blank.sum() == 69 and np.array_equal(W1[blank], start[blank])
    assert (W1[~blank] != start[~blank]).any(axis=1).all() and np.abs(W1[blank]).max() < 0.05 < W1.std()


@after("ablation-read", "several times as much as five others", "reads most of the digit's images", "± 0.5")
def the_five_strongest_matter(every, without_random, without_top, W2):
    lost_random, lost_top = np.mean(every - without_random), np.mean(every - without_top)
    assert lost_top > 3 * lost_random and lost_top > 0.012 and np.sum(without_top < without_random) >= 7
    assert without_top.min() > 0.75 and np.median(np.sum(np.abs(W2) > 0.5, axis=1)) >= 3


@after("ablation-read", "take away the top 20")
def without_twenty_some_digits_are_lost(right_without, without_top, W2):
    without_twenty = np.array([right_without(np.argsort(-W2[:, d])[:20], d) for d in range(10)])
    assert without_twenty.mean() < without_top.mean() - 0.03 and without_twenty.min() < without_twenty.max() - 0.08


# The gradient of the image


@after("image-gradient-check", "below 1e-7: True")
def the_gradient_is_right_and_could_be_wrong(dX, numerical, image_gradient, net64, x64, y_val):
    assert nnlib.relative_error(dX, numerical).max() < 1e-7
    assert nnlib.relative_error(2 * dX, numerical).max() > 0.4
    assert dX.shape == (2, 784) and np.abs(numerical).max() > 1e-6


@after("pixels-read", "In the 4 there is an orange patch", "In the 9", "purple")
def ink_in_the_gap_harms_a_four_and_helps_a_nine(net, image_gradient, a2, y_val, right, X_val):
    """Over all hesitant 4s that might be 9s: the gap at the top, rows 5 to 8 and columns 12 to 17."""
    ranked, second = np.sort(a2, axis=1), np.argsort(a2, axis=1)[:, -2]
    lead, means = ranked[:, -1] - ranked[:, -2], []
    for digit, rival in ((4, 9), (9, 4)):
        found = np.flatnonzero(right & (y_val == digit) & (second == rival))
        close = found[np.argsort(lead[found])[:30]]
        means.append(image_gradient(net, X_val[close], y_val[close]).reshape(-1, 28, 28)[:, 5:9, 12:18].mean())
    assert means[0] > 0 > means[1]


@after("one-step-up-read", "less than half", "next to nothing is left", "about two points", "At 0.25")
def one_step_fools_and_chance_does_not(fooled, by_chance, uphill):
    assert softly(fooled[0][1], 0.965, 0.012) and fooled[0][0] == fooled[0][1]
    assert fooled[0.1][1] < 0.5 and fooled[0.25][1] < 0.15 and softly(fooled[0][0] - fooled[0.1][0], 0.02, 0.015)
    falling = [fooled[eps][1] for eps in sorted(fooled)]
    assert falling == sorted(falling, reverse=True) and set(np.unique(np.abs(uphill))) <= {0, 1}


@after("one-step-up", "X + eps * signs")
def the_fooled_images_stay_within_epsilon(X, uphill):
    assert np.abs(np.clip(X + 0.1 * uphill, 0, 1) - X).max() < 0.1001


@after("transfer-intro", "by more than its usual size", "784")
def many_small_changes_add_up(cache, by_root, by_sum):
    assert 0.1 * by_sum.mean() > cache["z1"].std() > 10 * 0.1 * by_root.mean()


@after("one-step-up-read", "Change every pixel by 0.1 at random")
def random_changes_grow_with_the_root(W1):
    rng = np.random.default_rng(1)
    moved = 0.1 * rng.choice([-1, 1], (2000, 784)) @ W1
    assert softly(moved.std(axis=0) / (0.1 * np.sqrt(np.sum(W1**2, axis=0))), 1, 0.1)


@after("transfer-intro", "by about 0.9")
def the_step_moves_all_neurons_a_little(net, X, uphill):
    moved = net.propagate(np.clip(X + 0.1 * uphill, 0, 1))["z1"] - net.propagate(X)["z1"]
    assert softly(np.sqrt(np.mean(moved**2)), 0.93, 0.12)


@after("transfer-read", "Yours falls into a trap", "takes it down to about half")
def the_trap_fits_the_sibling_and_not_the_shipped_network(yours, shipped, X, y, X_fooling):
    assert nnlib.accuracy(yours, X_fooling, y) < 0.65 and nnlib.accuracy(shipped, X_fooling, y) > 0.85
    cache, W2, W3 = shipped.propagate(X), shipped.params["W2"], shipped.params["W3"]
    dz2 = ((cache["a3"] - shipped.one_hot(y)) @ W3.T) * (cache["z2"] > 0)
    dX = ((dz2 @ W2.T) * (cache["z1"] > 0)) @ shipped.params["W1"].T
    assert softly(nnlib.accuracy(shipped, np.clip(X + 0.1 * np.sign(dX), 0, 1), y), 0.53, 0.12)


@after("dream-read", "more than 95 % sure of all ten")
def the_dreams_are_sure(dreams, digits, net):
    assert net.forward(dreams)[digits, digits].min() > 0.95 and np.abs(dreams).max() <= 1
    assert dreams[5].mean() < 0.03 < dreams[0].mean(), "the 5 is almost an empty sheet"


@after("empty-read", "dream without fading", "Nearly all the sheets keep their grey")
def without_fading_the_grey_stays(dream, grey, digits, net, blank):
    found = dream(grey, digits, fade=1)
    sure = net.forward(found)[digits, digits] > 0.95
    assert sure.sum() >= 8 and np.median(found[:, blank]) > 0.05


@after("empty-read", "the\nnetwork is just as sure")
def an_empty_sheet_is_a_digit(output):
    assert output.max() > 0.4


# The interval


@after("wilson", "95 % lie within", "1.96")
def the_formula_holds(shares, formula, p):
    assert softly(shares.std() / formula, 1, 0.01) and softly(
        np.mean(np.abs(shares - p) <= 1.96 * formula), 0.95, 0.005
    )


@after("empty-read", "9,592 of 10,000", "95.92 %", '"96 %"')
def the_twin_reads_so_many(right):
    assert softly(right.sum(), 9592, 40)


@after("wilson-hand", "0.294 to 0.956")
def three_of_four(low, high, roots):
    assert np.allclose([low, high], roots) and np.allclose(roots, [0.294, 0.956], atol=0.001)


@after("promise", "three times as narrow", "± 0.4 points", "96.0 %", "96.3 %", "95 in 100")
def widths_fall_with_the_root():
    widths = [np.ptp(nnlib.accuracy_interval(96 * k, 100 * k)) for k in (1, 10, 100)]
    assert all(3 < wide / narrow < 3.6 for wide, narrow in zip(widths, widths[1:], strict=False))
    assert softly(widths[2] / 2, 0.004, 0.0005)
    assert nnlib.accuracy_interval(9600, 10_000)[1] > nnlib.accuracy_interval(9630, 10_000)[0]


@after("coverage-read", "down to 20 images", "more than four samples of ten", "0.44", "99 %")
def wilson_keeps_its_promise_and_the_textbook_does_not(coverage, p, n):
    assert all(0.93 < wilson < 0.98 for wilson, _ in coverage.values())
    assert (
        coverage[20, 0.96][1] < 0.65
        and coverage[200, 0.96][1] < 0.92
        and softly(0.96**20, 0.44, 0.005)
        and 0.96**20 > 0.4
    )
    counts = np.random.default_rng(3).binomial(n, p, 5000)
    low, high = np.array([nnlib.accuracy_interval(correct, n, z=2.576) for correct in counts]).T
    assert softly(contains(low, high, p), 0.99, 0.005)


# Seeds


@after("two-doubts", "does not see it", "1,000")
def seeds_scatter_less_than_the_interval_is_wide(accuracies):
    assert 0.91 < accuracies.min() <= accuracies.max() < 0.935 and 0.0002 < accuracies.std(ddof=1) < 0.004
    assert np.ptp(nnlib.accuracy_interval(int(10_000 * accuracies[0]), 10_000)) > 2 * accuracies.std(ddof=1)


@after("std-hand", r"\sqrt{13}", "26", "3.61")
def by_hand():
    assert np.isclose(np.std([2, 4, 9], ddof=1), np.sqrt(13)) and round(13**0.5, 2) == 3.61


@after("pieces-read", "mostly so for all five", "50 pieces of 200")
def pieces_differ_more_than_seeds(pieces, right_by_seed):
    small = right_by_seed.reshape(5, 50, 200).mean(axis=2)
    between = [[of.std(axis=axis, ddof=1).mean() for axis in (1, 0)] for of in (pieces, small)]
    assert between[0][0] > 1.3 * between[0][1]
    assert between[1][0] - between[0][0] > between[1][1] - between[0][1]


@after("pieces-read", "into the trap as well?")
def another_seed_is_fooled_too(short, X, y, X_fooling):
    assert nnlib.accuracy(short, X, y) - nnlib.accuracy(short, X_fooling, y) > 0.15


# The best of many


@after("variants-intro", "the luck is gone")
def the_best_guesser_was_lucky(looked_at, fresh, best):
    assert 0.145 < looked_at[best] < 0.19 and softly(fresh[best], 0.1, 0.01)


@after("best-of-read", "About one point too much", "about 4 % mistakes", "a quarter of them")
def the_best_of_40_flatters_itself(each, claimed, true):
    assert np.ptp(each) < 0.012 and softly(1 - true, 0.042, 0.01)
    assert 0.005 < claimed - true < 0.02 and 0.13 < (claimed - true) / (1 - true) < 0.37


@after("three-sets-why", "choose among 5 variants")
def the_best_of_5_flatters_itself_less(best_of, right_variant, claims, truths):
    few, many = best_of(right_variant[:5], 200), best_of(right_variant, 200)
    assert 0 < few[0] - few[1] < many[0] - many[1]
    assert np.all(claims - truths > -1e-9) and claims[0] - truths[0] > 3 * (claims[-1] - truths[-1])


# Calibration


@after("calibration", "not for all", "two say yes\nat once", "0.95", "0.65", "0.6 to 0.7")
def the_outputs_do_not_add_up_to_one(total, a2):
    assert total.min() < 0.4 and softly(np.median(total), 1, 0.1) and total.max() > 1.4
    assert a2[total.argmin()].max() < 0.35 and np.sort(a2[total.argmax()])[-2] > 0.4


@after("three-sets-why", "always above 0.9")
def the_surest_mistakes_are_above_09(a2, y_val):
    assert a2[nnlib.surest_mistakes(a2, y_val, 16)].max(axis=1).min() > 0.9


@after("calibration-error", r"\cdot 0.15", "0.10", "it says 0.9")
def four_answers_by_hand(a_hand, y_hand):
    assert np.isclose(nnlib.calibration_error(a_hand, y_hand), (2 * abs(0.65 - 0.5) + 2 * abs(0.95 - 1)) / 4)


@after(
    "calibration-read",
    "It is underconfident",
    "between 0.1 and 0.4",
    "more than four cases of\nfive",
    "99 times in 100",
    "0.9",
)
def it_is_underconfident(confidence, share, count):
    filled = count > 0
    assert np.sum(share[filled] > confidence[filled]) >= 7
    assert count[9] / 10_000 > 0.78 and share[9] > 0.99
    gaps = share - confidence
    assert filled[1:4].all() and gaps[1:4].min() > np.delete(gaps, [1, 2, 3])[np.delete(filled, [1, 2, 3])].max()


@after("calibration-read", "draw the diagram for `yours`")
def on_its_own_images_it_is_less_honest(yours, a2, X_val, y_val):
    assert nnlib.calibration_error(yours.forward(X_val), y_val) > nnlib.calibration_error(a2, y_val)


# The test set


@after("test-intro", "its 95.9 %")
def the_validation_set_promised_so_much(right):
    assert softly(right.mean(), 0.959, 0.004)


@after(
    "test-read", "a little *better*", "± 0.4 points", "0.3", "96.2 %", "95.8 % to 96.6 %", "its lead is much smaller"
)
def the_test_set_gives_a_little_more(right, right_test, low, high, yours, net, mnist, X_val, y_val):
    assert softly(right_test.mean(), 0.962, 0.003) and right_test.mean() > right.mean()
    assert softly(right_test.mean() - right.mean(), 0.003, 0.003) and softly([low, high], [0.958, 0.966], 0.0035)
    lead = nnlib.accuracy(yours, X_val, y_val) - nnlib.accuracy(net, X_val, y_val)
    fair = nnlib.accuracy(yours, mnist.X_test, mnist.y_test) - right_test.mean()
    assert fair < lead - 0.003


@after("halves-read", "5.3 %", "2.3 %", "less than half as\nmany", "3.0 points", "the same with every network")
def the_first_half_is_harder(right_test, yours, shipped, mnist):
    wrong = 1 - right_test[:5001].mean(), 1 - right_test[5001:].mean()
    assert softly(wrong, [0.053, 0.023], 0.005) and wrong[1] < 0.55 * wrong[0]
    assert softly(wrong[0] - wrong[1], 0.030, 0.005)
    for reader in (yours, shipped):
        r = reader.predict(mnist.X_test) == mnist.y_test
        assert r[5001:].mean() > r[:5001].mean() + 0.002


@after("people", "Chance does not do that", "The 96.2 % lies between them")
def eight_standard_errors(gap, error, first, other, right_test):
    assert softly(gap / error, 8, 1.7) and first.mean() < right_test.mean() < other.mean()
    assert softly(right_test.mean(), 0.962, 0.003)


@after("sevens-intro", "a strange coincidence")
def the_crossed_sevens_are_neighbours(a, mnist):
    surest = nnlib.surest_mistakes(a, mnist.y_train, 24)
    crossed = surest[(mnist.y_train[surest] == 7) & (a[surest].argmax(axis=1) == 2)]
    assert np.sum((27_100 <= crossed) & (crossed < 27_300)) >= 2


@after("people", "about 20 for each student, about 100 for each employee")
def so_many_digits_each():
    assert round(5001 / 249) == 20 and round(4999 / 48, -1) == 100


@after("by-hand", "Mixed, both halves do what the formula says", "scatters far more", "next to nothing")
def the_order_gives_the_writers_away(first, other, scatter):
    rng = np.random.default_rng(1)
    for half, low, high in ((first, 0.95, 1.3), (other, 1.45, 2.3)):
        formula = np.sqrt(half.mean() * (1 - half.mean()) / 100)
        assert softly(np.mean([scatter(rng.permutation(half)) for _ in range(50)]) / formula, 1, 0.07)
        assert low < scatter(half) / formula < high


@after("by-hand", r"= 0.068", r"= 0.217", r"$\sqrt{10}$ times")
def four_people_are_four_tosses():
    errors = np.sqrt(0.75 * 0.25 / np.array([40, 4]))
    assert np.allclose(errors, [0.068, 0.217], atol=0.0005) and np.isclose(errors[1] / errors[0], np.sqrt(10))
    right, writer = np.repeat([True, True, True, False], 10), np.repeat(np.arange(4), 10)
    assert np.isclose(lesson5.error_over_writers(right, writer), errors[1])


@after("bootstrap-intro", "twice what the formula says", "two times in three", "95 % interval")
def a_bad_habit_breaks_the_promise(samples, shares, truth):
    formula = np.sqrt(truth * (1 - truth) / 10_000)
    low, high = np.array([nnlib.accuracy_interval(correct, 10_000) for correct in samples.sum(axis=(1, 2))]).T
    assert softly(shares.std() / formula, 2.05, 0.15) and softly(contains(low, high, truth), 0.66, 0.04)
    assert samples.size == 20_000_000 and shares.std() > 0


@after("people-promise-intro", "10,000 digits each")
def each_set_has_so_many(samples):
    assert samples.shape == (2000, 100, 100)


@after("writers-intro", "near what it promises", "set `odd` to 0")
def people_keep_the_promise(samples, truth, over_people, sample_people):
    rng = np.random.default_rng(5)
    low, high = np.array([over_people(right_of, rng) for right_of in samples[:1000]]).T
    assert softly(contains(low, high, truth), 0.93, 0.03)
    alike = [sample_people(rng, odd=0) for _ in range(500)]
    people = np.array([over_people(right_of, rng) for right_of in alike])
    tosses = np.array([nnlib.accuracy_interval(int(right_of.sum()), 10_000) for right_of in alike])
    assert softly(np.mean(np.ptp(people, axis=1) / np.ptp(tosses, axis=1)), 1, 0.06)
    assert contains(*tosses.T, 0.985) > 0.92 < contains(*people.T, 0.985) + 0.01


@after(
    "writers-read",
    "130 are read without a single mistake",
    "41 account for half of all mistakes",
    "The two groups stay apart",
    "1.67 times",
    "1.9 times",
    "96.2 % on MNIST's test set;\n95.5 % to 96.8 %",
    "1.1 % of the students' digits and 0.3 % of the employees'",
)
def the_stored_result_says_so(writers):
    own, shipped = writers["networks"]["lesson 5"], writers["networks"]["shipped"]
    assert own["all"]["writers_by_mistakes"][0] == 130 and own["all"]["half_of_the_mistakes_from"] == 41
    assert round(own["all"]["ratio"], 2) == 1.67 and round(own["employees"]["ratio"], 1) == 1.9
    assert [round(100 * end, 1) for end in own["all"]["writers_interval"]] == [95.5, 96.8]
    assert round(100 * own["all"]["accuracy"], 1) == 96.2 and shipped["all"]["ratio"] < own["all"]["ratio"]
    assert round(100 * (1 - shipped["students"]["accuracy"]), 1) == 1.1
    assert round(100 * (1 - shipped["employees"]["accuracy"]), 1) == 0.3
    assert own["students"]["writers_interval"][1] < own["employees"]["writers_interval"][0]


@after("writers-read", "MNIST's test set")
def the_stored_networks_are_the_notebooks(writers, right_test, shipped, mnist, right):
    own, stored = writers["networks"]["lesson 5"], writers["networks"]["shipped"]
    assert softly(own["all"]["accuracy"], right_test.mean(), 0.003)
    assert softly(own["students"]["accuracy"], right_test[:5001].mean(), 0.005)
    assert softly(writers["validation_accuracies"][0], right.mean(), 0.004)
    assert softly(nnlib.accuracy(shipped, mnist.X_test, mnist.y_test), stored["all"]["accuracy"], 0.0005)
    assert writers["first_digits_by_students"] == own["students"]["digits"] == 5001
    assert (own["students"]["writers"], own["employees"]["writers"], own["all"]["writers"]) == (249, 48, 297)


@after("writers-read", "95.9 %", "96.2 %")
def two_promises(writers):
    assert round(100 * writers["validation_accuracies"][0], 1) == 95.9


@after(
    "promise-kept-read",
    "All five do better",
    "the scatter between seeds is small",
    "95.9 % is well inside",
    "91 %",
    "from 95.5 % to 96.8 %",
)
def five_seeds_are_one_toss_of_people(writers, validation, test):
    from nnlib import recipes

    assert np.all(test > validation) and test.std(ddof=1) < 0.1 and validation.std(ddof=1) < 0.2
    low, high = writers["networks"]["lesson 5"]["all"]["writers_interval"]
    assert low + 0.003 < writers["validation_accuracies"][0] < high - 0.003
    assert [round(100 * end, 1) for end in (low, high)] == [95.5, 96.8]
    pen = recipes.load_result("pen_strokes")["networks"]["original"]["ways"]["steps"]["accuracy"]
    assert round(100 * pen) == 91


# The detour


@after("careless-intro", "these labels", "2,000")
def three_hundred_labels_are_wrong(y_careless, y_train):
    assert np.sum(y_careless != y_train[:1000]) == 300


@after(
    "careless-read",
    "about 84 %",
    "by several points",
    "700 of the\n1,000",
    "about 76 %",
    "The 2,000",
    "The other 8,000",
)
def the_validation_accuracy_turns_down(history, X_val):
    best, last = max(history.val_accuracy), history.val_accuracy[-1]
    assert softly(best, 0.84, 0.02) and last < best - 0.025 and softly(history.accuracy[-1], 0.76, 0.03)
    assert history.val_accuracy[-1] > history.accuracy[-1] > 0.7 and len(X_val) == 2_000 + 8_000


@after("careless-intro", "validation labels are right")
def the_validation_labels_are_untouched(y_val, mnist):
    assert np.array_equal(np.bincount(y_val), np.bincount(nnlib.split(mnist.y_train, mnist.y_train, 1 / 6)[1][1]))


@after("stopped", "stopped early")
def early_stopping_helps(h, careless, stopped, X_val, y_val):
    to_the_end, early = (nnlib.accuracy(net, X_val[2000:], y_val[2000:]) for net in (careless, stopped))
    assert early > to_the_end + 0.02 and len(h.loss) == h.best_epoch + 20 < 200


@after("remember", "set `patience` to 1")
def too_little_patience_stops_at_once(X_train, y_careless, stopped, X_val, y_val):
    net = nnlib.Network([784, 100, 10])
    options = {"epochs": 200, "batch_size": 50, "optimizer": nnlib.SGD(0.5), "progress": False}
    h = nnlib.train(net, X_train[:1000], y_careless, patience=1, validation=(X_val[:2000], y_val[:2000]), **options)
    assert len(h.loss) < 40
    assert nnlib.accuracy(net, X_val[2000:], y_val[2000:]) < nnlib.accuracy(stopped, X_val[2000:], y_val[2000:]) - 0.05


# Remember, questions, exercises


@after("remember", "± 0.4 points", "1.67 times", '94.7 % and 97.7 % together make "96.2 %"')
def what_to_remember(writers):
    own = writers["networks"]["lesson 5"]
    assert [round(100 * own[group]["accuracy"], 1) for group in ("students", "employees", "all")] == [94.7, 97.7, 96.2]


@after("remember", "97.0 % and 97.4 %", "about ± 1 point", "0.4 points")
def on_1000_images_nobody_can_tell():
    low, high = nnlib.accuracy_interval(970, 1000)
    assert softly((high - low) / 2, 0.01, 0.002) and high > 0.974


@after("ex-2", "`(2, 4)`", "0.5, 0.7, 0.7, 0.6, 0.9")
def the_example_of_patience():
    assert lesson5.early_stop([0.5, 0.7, 0.7, 0.6, 0.9], 2) == (2, 4)


@after("ex-1", "Benford's law")
def ones_are_easy(M):
    shares = np.append(0, np.log10(1 + 1 / np.arange(1, 10)))
    assert np.isclose(shares.sum(), 1) and lesson5.accuracy_elsewhere(M, shares) > 0.94


@after("ex-5", "96 % to ± 0.2 points", "how many times as many")
def half_the_width_costs_four_times_the_images():
    n, more = (lesson5.images_needed(0.96, half, 1.67) for half in (0.004, 0.002))
    assert 3.99 < more / n < 4.01 and 100_000 < more < 105_000


@after("ex-5-solution", "about 103,000\ndigits", "ten times MNIST's test set")
def the_wish_costs_so_many():
    n = lesson5.images_needed(0.96, 0.002, 1.67)
    assert round(n, -3) == 103_000 and softly(n / 10_000, 10, 0.5)


@after("ex-6", "it is 0.217")
def the_exercise_knows_the_four_people():
    right, writer = np.repeat([True, True, True, False], 10), np.repeat(np.arange(4), 10)
    assert round(float(lesson5.error_over_writers(right, writer)), 3) == 0.217


@after("ex-8", "500 new images that it reads about 92 % of", "down to 50 %")
def the_exercises_network_reads_so_much():
    X_all, y_all = nnlib.data.training_digits(10_500)
    net = nnlib.Network([784, 30, 10])
    options = {"epochs": 5, "batch_size": 10, "optimizer": nnlib.SGD(2.0), "progress": False}
    nnlib.train(net, X_all[:10_000], y_all[:10_000], **options)
    assert softly(nnlib.accuracy(net, X_all[10_000:], y_all[10_000:]), 0.92, 0.035)


@after("ex-8-solution", "The ten largest gradients leave more than half", "about 30 %")
def ten_pixels_are_enough(net, X, y, image_gradient):
    rows, dX = np.arange(len(X))[:, None], image_gradient(net, X, y)
    target = (dX > 0).astype(X.dtype)
    left = []
    for what in (np.abs(dX), dX * (target - X)):  # without and with the room that a pixel has
        changed, ten = X.copy(), np.argsort(-what, axis=1)[:, :10]
        changed[rows, ten] = target[rows, ten]
        left.append(nnlib.accuracy(net, changed, y))
    assert left[0] > 0.55 and left[1] < 0.5
