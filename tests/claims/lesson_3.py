"""What lesson 3 says, and what shows it. Its tables of errors and accuracies vary a little between processors."""

import numpy as np

import nnlib
from nnlib import museum
from tests.claims import after

GIVEN = {}


# Seven networks


@after("learn", "lr * grads[name]")
def one_step_is_the_step_of_lesson_2(learn, X, y):
    net = nnlib.Network([784, 10, 10], seed=3)
    grads = net.loss_and_gradients(X[:10], y[:10])[1]
    expected = {name: p - np.float32(0.5) * grads[name] for name, p in net.params.items()}
    assert all(np.allclose(p, expected[name], atol=1e-7) for name, p in learn(net, 1, lr=0.5).params.items())


@after("seven", "10,000 images")
def there_are_10_000_images(X, y):
    assert X.shape == (10_000, 784) and y.shape == (10_000,)


@after("strangers", "ten hidden neurons and ten outputs", "5,000", "2,000")
def the_seven_are_784_10_10(learn, X_new):
    assert all(museum.stranger(letter).sizes == [784, 10, 10] for letter in "ABCDEFG")
    assert X_new.shape == (2000, 784)


@after("guess", "chose the winner, E", "four of the six still come out above 85 %", "Its lead is luck")
def a_wrong_gradient_wins_and_four_wrong_ones_are_above_85_per_cent(first_run):
    assert max(first_run, key=first_run.get) == "E"
    wrong = [share for letter, share in first_run.items() if letter != "D"]
    assert sum(share > 0.85 for share in wrong) == 4
    assert 0.85 < first_run["C"] < 0.885 and all(first_run[letter] > 0.88 for letter in "BDG")
    assert all(0.7 < first_run[letter] < 0.8 for letter in "AF")


@after("guess", "with another seed it loses to others")
def with_seed_1_the_winner_is_another(learn, share_right):
    E, D, B = (share_right(learn(museum.stranger(letter, seed=1), 5000)) for letter in "EDB")
    assert min(D, B) > E


@after("guess", "only 500 steps. The network that is ahead then has a wrong gradient, too")
def after_500_steps_a_wrong_one_leads(learn, share_right):
    shares = {letter: share_right(learn(museum.stranger(letter), 500)) for letter in "ABCDEFG"}
    assert max(shares, key=shares.get) == "C" and shares["C"] > shares["D"] + 0.03


# Differences


@after("two-values", "27 - 8", "= 19", "27 - 1", "= 13")
def both_quotients_of_the_cube():
    assert ((3**3 - 2**3) / 1, (3**3 - 1**3) / 2) == (19, 13)


@after("taylor", "7 to 0.61", "1 to 0.01", "$6h + h^2$ and $h^2$")
def the_errors_fall_like_h_and_h_squared(cube, forward, central):
    assert np.isclose(forward(cube, 2, 0.1) - 12, 0.61) and np.isclose(central(cube, 2, 0.1) - 12, 0.01)
    for h in (0.1, 0.01):  # 6h + h² and h²
        assert np.isclose(forward(cube, 2, h) - 12, 6 * h + h**2) and np.isclose(central(cube, 2, h) - 12, h**2)


def errors_of_exp(difference, powers):
    return np.array([abs(difference(np.exp, 1.0, 2.0**-k) - np.e) for k in powers])


@after("exp-turn", "at its best near $h = 10^{-5}$", "right to about ten digits", "hardly two digits are left")
def the_errors_of_exp_fall_and_rise(forward, central):
    powers = np.arange(5, 51, 3)
    for difference in (forward, central):
        errors = errors_of_exp(difference, powers)
        best = errors.argmin()
        assert errors[0] > 100 * errors[best] and errors[-1] > 100 * errors[best] and errors[-1] > 1e-3
    assert 5e-7 < 2.0 ** -powers[errors.argmin()] < 5e-5 and errors.min() < 5e-10


@after("rounding", "*agree* in their first ten digits after the point")
def ten_digits_agree():
    a, b = f"{np.exp(1.0):.16f}", f"{np.exp(1 + 2.0**-40):.16f}"
    assert a[:12] == b[:12] and a[12] != b[12]


@after("rounding", r"\varepsilon \approx 2.2 \cdot 10^{-16}")
def the_best_steps_are_near_the_roots_of_eps(forward, central):
    eps = np.finfo(float).eps
    assert round(eps * 1e16, 1) == 2.2 and np.nextafter(1, 2) - 1 == eps
    powers = np.arange(5, 51)
    for difference, root in ((forward, 1 / 2), (central, 1 / 3)):
        best = 2.0 ** -powers[errors_of_exp(difference, powers).argmin()]
        assert 1 / 20 < best / eps**root < 20


@after("argument-why", "11 % too large", r"1 + 5\varepsilon \approx 1 + 1.11 \cdot 10^{-15}", r"1.00 \cdot 10^{-15}")
def the_argument_is_rounded_and_powers_of_two_are_not():
    assert 1 + 1e-15 == 1 + 5 * np.finfo(float).eps and round(((1 + 1e-15) - 1) * 1e15, 2) == 1.11
    assert all((1 + 2.0**-k) - 1 == 2.0**-k and 1 - (1 - 2.0**-k) == 2.0**-k for k in range(1, 53))


@after("argument-why", "The rounding of the argument has a cure: divide by the step that was really taken")
def with_the_step_taken_the_cube_has_no_rounding_left(cube):
    for k in range(9, 16):
        taken = (2 + 10.0**-k) - 2
        assert abs((cube(2 + 10.0**-k) - 8) / taken - 12) < 1e-7
    assert abs((cube(2 + 1e-15) - 8) / 1e-15 - 12) > 1


@after("play-step", "Both differences are off by 12, the whole slope")
def in_float32_both_differences_of_the_widget_vanish():
    from nnlib.play import small_step

    found = small_step.errors(1e-8, "float32")
    assert np.float32(2) + np.float32(1e-8) == 2 and all(off == 12 for off, _, _ in found.values())


@after("play-step", "How many powers of ten does each error lose", "Look for the $h$ at which the central difference")
def where_the_central_difference_is_best_both_parts_count():
    from nnlib.play import small_step

    found = [small_step.errors(h, "float64")["central"] for h in small_step.STEPS]
    best = min(found)
    assert max(best[1:]) < 3 * min(best[1:])


# The slope of a network


@after("try-loop", "too large by $h^2 = 0.01$")
def the_loop_is_off_by_h_squared(numerical_gradient):
    theta = np.array([[2.0, 1.0]])
    found = numerical_gradient(lambda: np.sum(theta**3), theta, h=0.1)
    assert np.allclose(found - [[12, 3]], 0.01) and theta.tolist() == [[2, 1]]


@after("compare-W2-run", "h=1e-5")
def backpropagation_and_the_loop_agree_on_all_200(dW2, measured):
    assert dW2.size == 200 and np.abs(dW2 - measured).max() < 1e-9 * np.abs(dW2).max()


@after("two-ways", "400 times")
def the_loop_takes_two_passes_an_entry(dW2):
    assert 2 * dW2.size == 400


@after("read-V", "1 for forward, 2 for central", "slope −1")
def the_slopes_of_the_four_curves(curves, steps):
    def slope(name, low, high):
        chosen = [i for i, h in enumerate(steps) if low <= h * 1.01 and h <= high * 1.01]
        return np.polyfit(np.log10(steps)[chosen], np.log10(curves[name, "float64"])[chosen], 1)[0]

    measured = [slope("forward", 1e-5, 1e-2), slope("central", 1e-3, 1e-1)]
    measured += [slope("forward", 1e-12, 1e-9), slope("central", 1e-12, 1e-7)]
    assert np.allclose(measured, [1, 2, -1, -1], atol=0.15)


@after("settings", "more than nine digits", "lies above", "off by several per cent or more")
def what_the_curves_teach(curves, steps):
    assert curves["central", "float64"].min() < 1e-9 < 10 * 1e-9 < curves["forward", "float64"].min()
    for (name, dtype), error in curves.items():
        root = float(np.finfo(dtype).eps) ** {"forward": 1 / 2, "central": 1 / 3}[name]
        assert 1 < steps[error.argmin()] / root < 40
    assert 0.03 < curves["central", "float32"][10] < 0.5 and np.isclose(steps[10], 1e-5)


@after("settings", "in the cell with `dW2`", "seed=1", "run it and the four cells after it")
def another_network_has_its_best_step_too(numerical_gradient, X_small, Y):
    net = nnlib.Network([49, 20, 10], seed=1).copy(np.float64)
    dW2 = net.backward(net.propagate(X_small), Y)["W2"]
    errors = []
    for h in (1e-2, 3e-5, 1e-10):
        found = numerical_gradient(lambda: net.data_loss(net.propagate(X_small), Y), net.params["W2"], h)
        errors.append(np.abs(found - dW2).max())
    assert errors[1] < errors[0] / 100 and errors[1] < errors[2] / 100


@after("play-step", "the loss is about 1", "so it is the loss that runs out of digits")
def for_a_weight_the_values_rounding_is_the_larger():
    data = nnlib.data.load_mnist()
    net = nnlib.Network([784, 10, 10]).copy(np.float64)
    X, y = data.X_train[:10].astype(np.float64), data.y_train[:10]
    loss, grads, _ = net.loss_and_gradients(X, y)
    assert 0.5 < loss < 2
    for name in ("W1", "W2"):  # ε |L| / h against ε |θ| |slope| / h
        assert loss > 10 * np.abs(net.params[name] * grads[name]).max()


# How large is too large?


@after("how-large", "7,840")
def as_many_entries_as_pixels_times_neurons():
    assert nnlib.Network([784, 10, 10]).params["W1"].size == 7840


@after("divide-by-largest", "a number of entries raise an alarm. All of them are tiny", "up to some $10^{-11}$")
def small_entries_raise_the_alarm(g, m, no_ink, by_entry, by_largest):
    alarms = np.abs(g)[~no_ink][by_entry > 1e-7]
    assert len(alarms) >= 5 and alarms.max() < 0.01 * np.abs(g).max() and by_largest.max() < 1e-8
    assert 3e-12 < np.abs(g - m).max() < 2e-10 and np.all(g[no_ink] == 0)


@after("symmetric-why", "give the *same* 0.5", "0.8 can mean five times the true value or a fifth of it")
def the_measure_is_symmetric():
    true = np.array([0.3, -0.2, 0.1])
    for factor, error in ((2, 0.5), (1 / 2, 0.5), (5, 0.8), (1 / 5, 0.8), (-1, 2)):
        assert np.isclose(nnlib.relative_error(factor * true, true).max(), error)


@after("check-sample", "7,960", "79,510")
def numbers_in_the_two_networks():
    for hidden, count in ((10, 7960), (100, 79510)):
        assert sum(p.size for p in nnlib.Network([784, hidden, 10]).params.values()) == count


@after("check-sampled", "sample=1000")
def the_sampled_check_passes_too(X, y):
    report = nnlib.check_gradients(nnlib.Network([784, 100, 10]), X[:10], y[:10], sample=1000)
    assert report.worst < 1e-7 and [c.compared for c in report.parameters.values()] == [1000, 100, 1000, 10]


@after("seven-lines", "da1 = dz2 @ W2.T", "db1 = dz1.sum(axis=0)", "| 4 or 5 | W1 and b1 |")
def the_seven_lines_are_right_and_each_leaves_its_trace(X, y):
    net = nnlib.Network([784, 10, 10], seed=5)
    n, X, Y, W2 = 10, X[:10], net.one_hot(y[:10]), net.params["W2"]
    cache = net.propagate(X)
    a1, a2 = cache["a1"], cache["a2"]
    lines = [
        "dz2 = (a2 - Y) * a2 * (1 - a2) / n",
        "dW2 = a1.T @ dz2",
        "db2 = dz2.sum(axis=0)",
        "da1 = dz2 @ W2.T",
        "dz1 = da1 * a1 * (1 - a1)",
        "dW1 = X.T @ dz1",
        "db1 = dz1.sum(axis=0)",
    ]

    def way_back(spoilt=None):
        space = {"n": n, "X": X, "Y": Y, "W2": W2, "a1": a1, "a2": a2}
        for number, line in enumerate(lines, start=1):
            exec(line + (" + 0.1" if number == spoilt else ""), space)
        return {name: space["d" + name] for name in ("W1", "b1", "W2", "b2")}

    right = way_back()
    assert all(np.allclose(grad, right[name], atol=1e-7) for name, grad in net.backward(cache, Y).items())
    traces = ["W1 b1 W2 b2", "W2", "b2", "W1 b1", "W1 b1", "W1", "b1"]
    for number, trace in enumerate(traces, start=1):
        wrong = [name for name, grad in way_back(number).items() if not np.allclose(grad, right[name], atol=1e-4)]
        assert wrong == trace.split()


# The museum


def wrong_in(report):
    return "".join(f"{name} " for name, check in report.parameters.items() if check.error > 1e-7).split()


def report_of(exhibit, number, X, y, seed=0):
    return nnlib.check_gradients(exhibit(number, seed), X[:10], y[:10], sample=1000)


def quotients(report):
    return np.array([check.backprop / check.numerical for check in report.parameters.values()])


@after("answer-1", "return dz.sum(axis=1)", "instead of `axis=0`")
def exhibit_1_has_wrong_biases(exhibit, X, y):
    for seed in (0, 1):
        assert wrong_in(report_of(exhibit, 1, X, y, seed)) == ["b1", "b2"]
    assert "return dz.sum(axis=1)" in museum.wrong_lines(museum.FIRST_ROOM[0])


@after("answer-2", "more than four times the measured ones in every row", "return (a - Y) / len(Y)")
def exhibit_2_is_more_than_four_times_too_large(exhibit, X, y):
    report = report_of(exhibit, 2, X, y)
    assert wrong_in(report) == ["W1", "b1", "W2", "b2"] and quotients(report).min() > 4
    assert "return (a - Y) / len(Y)" in museum.wrong_lines(museum.FIRST_ROOM[1])


@after("answer-3", "about 5 % too small", 'z = cache[f"a{l}"]', "0.2350 instead of 0.25")
def exhibit_3_is_off_by_five_per_cent(exhibit, X, y):
    report = report_of(exhibit, 3, X, y)
    assert wrong_in(report) == ["W1", "b1"] and np.allclose(quotients(report)[:2], 0.95, atol=0.02)
    a = nnlib.sigmoid(nnlib.sigmoid(np.zeros(1)))[0]
    assert round(a * (1 - a), 4) == 0.235 and 'z = cache[f"a{l}"]' in museum.wrong_lines(museum.FIRST_ROOM[2])


@after("answer-4", "here the values have the wrong sign", 'return dz @ self.params[f"W{l}"]')
def exhibit_4_has_wrong_signs(exhibit, X, y):
    report = report_of(exhibit, 4, X, y)
    assert wrong_in(report) == ["W1", "b1"] and quotients(report)[:2].max() < 0
    assert 'return dz @ self.params[f"W{l}"]' in museum.wrong_lines(museum.FIRST_ROOM[3])


@after("answer-5", "a tenth of the measured ones", "return super().output_dz(cache, Y) / len(Y)")
def exhibit_5_is_a_tenth_everywhere(exhibit, X, y):
    report = report_of(exhibit, 5, X, y)
    assert np.allclose(quotients(report), 0.1) and np.isclose(report.worst, 0.9)
    assert "return super().output_dz(cache, Y) / len(Y)" in museum.wrong_lines(museum.FIRST_ROOM[4])


@after("answer-6b", "The error is a thousand times smaller", "self.lr * grads")
def exhibit_6_depends_on_the_learning_rate(exhibit, slow, X, y):
    large = report_of(exhibit, 6, X, y)
    small = nnlib.check_gradients(slow, X[:10], y[:10], sample=1000)
    assert wrong_in(large) == wrong_in(small) == ["W1", "b1"] and 500 < large.worst / small.worst < 2000
    assert 'W = self.params[f"W{l}"] - self.lr * grads[f"W{l}"]' in museum.wrong_lines(museum.FIRST_ROOM[5])


@after("answer-7", "a bias of −1000", "return da * e / (1 + e) ** 2")
def exhibit_7_overflows(exhibit):
    assert exhibit(7).params["b1"][0] == -1000
    assert "return da * e / (1 + e) ** 2" in museum.wrong_lines(museum.FIRST_ROOM[6])


@after("nan-trap", "wherever $z$ is below −88.8")
def in_float32_the_exponential_overflows_early():
    with np.errstate(all="ignore"):
        assert np.isfinite(np.exp(np.float32(88.7))) and np.isinf(np.exp(np.float32(88.8)))


@after("nan-comparisons-why", "which pattern of arrays changes?")
def with_another_start_no_pattern_changes(exhibit, X, y):
    for number in range(1, 7):
        first, second = (report_of(exhibit, number, X, y, seed) for seed in (0, 1))
        assert wrong_in(first) == wrong_in(second)
    assert np.isclose(report_of(exhibit, 5, X, y, 1).worst, 0.9)


@after("two-places", "was off by 5 % when fresh", "close to 1", "from 0.3 the error falls below 0.01")
def two_bugs_change_while_the_network_learns(tracks):
    assert 0.04 < tracks[3][0] < 0.06 and max(tracks[3]) > 0.8 and min(tracks[3][1:]) > 0.2
    assert 0.25 < tracks[6][0] < 0.35 and tracks[6][-1] < 0.01
    assert max(tracks["none"]) < 5e-8 and min(tracks[4]) > 0.05


@after("two-places", "One of the bugs in exercise 3.6 is invisible in one of them")
def one_stranger_is_right_when_fresh(learn, X, y):
    for steps, wrong in ((0, []), (300, ["W1", "b1"])):
        net = learn(museum.stranger("Q"), steps)
        assert wrong_in(nnlib.check_gradients(net, X[:10], y[:10], sample=300)) == wrong


@after("named", "**D** is clean in both places", "**A** is off by 0.9 in every array", "**B** starts at about 0.3")
def the_seven_are_what_the_detective_says(learn, X, y):
    patterns = {"A": "W1 b1 W2 b2", "B": "W1 b1", "C": "W1 b1 W2 b2", "D": "", "E": "W1 b1", "F": "W1 b1", "G": "b1 b2"}
    worst = {}
    for letter, pattern in patterns.items():
        for steps in (0, 300):
            report = nnlib.check_gradients(learn(museum.stranger(letter), steps), X[:10], y[:10], sample=300)
            assert wrong_in(report) == pattern.split()
            worst[letter, steps] = report.worst
    assert np.allclose([worst["A", 0], worst["A", 300]], 0.9)
    assert 0.25 < worst["B", 0] < 0.35 and worst["B", 300] < 0.1
    assert worst["F", 0] < 0.1 < 0.3 < worst["F", 300] and worst["E", 0] > 0.8
    numbers = {"A": 5, "B": 6, "C": 2, "E": 4, "F": 3, "G": 1}
    assert all(museum.STRANGERS[letter] is museum.FIRST_ROOM[n - 1] for letter, n in numbers.items())


@after("forgiving", "Three of the six bugs lie in it or touch it", "ends two or three points behind", "two worst")
def what_three_starts_show(shares):
    low, high = min(shares["D"]), max(shares["D"])
    for letter in "BEG":
        assert min(shares[letter]) < high and max(shares[letter]) > low and abs(np.mean(shares[letter]) - 0.9) < 0.015
    means = {letter: np.mean(three) for letter, three in shares.items()}
    assert 0.015 < means["D"] - means["C"] < 0.04 and max(shares["C"]) < low + 0.005
    assert set(sorted(means, key=means.get)[:2]) == {"A", "F"}
    assert max(np.ptp(three) for three in shares.values()) > 0.01, "a point means nothing with one start"


@after("forgiving", "after 500 steps it was *ahead* of the right network")
def after_500_steps_the_missing_slope_is_ahead_from_each_start(learn, share_right):
    for seed in range(3):
        C, D = (share_right(learn(museum.stranger(letter, seed), 500)) for letter in "CD")
        assert C > D + 0.03


@after("forgiving", "Give it `lr=10`, and it does exactly what D does")
def ten_times_the_rate_mends_the_mean_taken_twice(learn):
    A, D = learn(museum.stranger("A"), 500, lr=10), learn(museum.stranger("D"), 500)
    assert all(np.allclose(A.params[name], D.params[name], atol=1e-3) for name in A.params)


# What the check cannot see


@after("one-image", "Then 1/n is 1")
def one_image_hides_the_mean_taken_twice(X, y):
    one, two = (nnlib.check_gradients(museum.stranger("A"), X[:n], y[:n], sample=300).worst for n in (1, 2))
    assert one < 1e-7 and np.isclose(two, 0.5)


@after("exercise-everything", "even the right network fails the check")
def far_out_even_the_right_gradient_cannot_be_compared(X, y):
    far = museum.Right([784, 10, 10], init_std=100.0)
    assert nnlib.check_gradients(far, X[:10], y[:10], sample=300).worst > 1e-4


@after("integer-why", "350,000")
def integers_drop_what_is_after_the_point(above, below, here, h):
    assert above == here == 8 and below == 1 and np.isclose((above - below) / (2 * h), 350_000)


@after("remember", "93 %", "of the museum's six that were trained here, three do about as well as the right one")
def three_of_six_do_as_well(shares):
    close = [letter for letter in "ABCEFG" if np.mean(shares[letter]) > np.mean(shares["D"]) - 0.01]
    assert close == ["B", "E", "G"]


@after("remember", "wrong by exactly 0.5")
def half_or_double_is_an_error_of_a_half():
    assert nnlib.relative_error(0.5, 1.0) == nnlib.relative_error(2.0, 1.0) == 0.5


@after("ex-5", "A relative error of 0.5 says")
def exercise_5_starts_from_the_same_half():
    half_or_double_is_an_error_of_a_half()


@after("ex-2-solution", "What is left falls like $h^4$")
def the_better_difference_falls_like_h_to_the_fourth():
    from nnlib.check.exercises.lesson3 import better_difference

    errors = [abs(better_difference(np.exp, 1.0, h) - np.e) for h in (0.1, 0.05)]
    assert 14 < errors[0] / errors[1] < 18
