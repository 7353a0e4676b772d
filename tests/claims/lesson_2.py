"""What lesson 2 says, proved between its cells."""

import importlib

import numpy as np

import nnlib
from tests.claims import after

GIVEN = {}


def close(a, b, off=1e-12):
    return np.allclose(a, b, rtol=0, atol=off)


# One neuron


@after("three-slopes", "0.000999")
def the_slopes_of_three_activations(activations):
    assert close(activations * (1 - activations), [0.25, 0.09, 0.000999])


@after("flat-ends", "at 0.999 the curve is some 250 times flatter", "exactly half of the largest")
def the_curve_is_flat_where_a_neuron_is_sure():
    assert 245 < 0.25 / (0.999 * 0.001) < 255
    half = (1 + np.sqrt(0.5)) / 2  # a (1 − a) = 1/8
    assert close(half * (1 - half), 0.125)


@after("sigmoid-figure", "a hill whose top is one quarter", "below z = −6 and above z = 6 it is nearly 0")
def the_slope_is_a_hill_of_one_quarter(t, rise):
    slope = rise * (1 - rise)
    assert slope.max() == 0.25 and t[slope.argmax()] == 0 and slope[np.abs(t) > 6].max() < 0.0025


@after("one-neuron-backward", "−0.5", "0.25", "−0.125", "−0.25", "−0.0625", "0.5")
def each_derivative_of_the_neuron_as_in_the_table(x, w, a, y):
    da, slope = a - y, a * (1 - a)
    assert close([da, slope, da * slope], [-0.5, 0.25, -0.125]) and (x, w) == (2, 0.5)
    assert close([da * slope * x, da * slope * w], [-0.25, -0.0625])


@after("one-neuron-forward", "0.125")
def the_neuron_forward_by_hand():
    assert 2 * 0.5 - 1 == 0 and 0.5 * (nnlib.sigmoid(0.0) - 1) ** 2 == 0.125


@after("neuron-graph", "da −0.5, dz −0.125, dw −0.25, db −0.125, dx −0.0625")
def the_drawing_of_the_neuron_has_its_numbers(da, dz, dw, db, dx):
    assert close([da, dz, dw, db, dx], [-0.5, -0.125, -0.25, -0.125, -0.0625])


@after("a-first-step", "−0.25", "nudge of 0.001")
def the_nudge_finds_nearly_the_derivative(neuron_loss, w, b, h, dw):
    assert 0 < abs((neuron_loss(w + h, b) - neuron_loss(w, b)) / h + 0.25) < 0.001 and dw == -0.25


@after("that-is-learning", "From 0.125 down to less than half of that", "what happens to all of them with $y = 0.5$")
def one_step_more_than_halves_the_neurons_loss(neuron_loss, w, b, w_new, b_new, a):
    assert neuron_loss(w, b) == 0.125 and neuron_loss(w_new, b_new) < 0.0625
    assert a - 0.5 == 0 and (a - 0) * (a - 1) < 0  # with y = 0.5 all are 0; with y = 0 all change their signs


# The map


@after("try-all-directions", "np.array([-0.6, 1.5])", "0.001")
def the_walk_starts_here_with_steps_of_a_thousandth(here, steps):
    assert here.tolist() == [-0.6, 1.5] and close(np.hypot(*steps.T), 0.001)


@after("steepest", "at right angles")
def against_the_gradient_is_the_steepest_way_and_across_it_the_height_stays(here, height, slopes, steps, heights):
    gradient = slopes(*here)
    assert abs(np.degrees(np.arctan2(*-gradient[::-1])) % 360 - heights.argmin()) <= 1
    nudged = [(height(*(here + e)) - height(*(here - e))) / 2e-6 for e in 1e-6 * np.eye(2)]
    assert close(gradient, nudged, 1e-7)
    across = np.array([-gradient[1], gradient[0]]) / np.hypot(*gradient)
    along = gradient / np.hypot(*gradient)
    change = abs(height(*(here + 1e-3 * across)) - height(*here))
    assert change < 0.01 * abs(height(*(here + 1e-3 * along)) - height(*here))


@after("contours", "a valley near w = 0.35, b = 0")
def the_valley_of_the_map(grid_w, grid_b, land):
    at = land.argmin()
    assert abs(grid_w.flat[at] - 0.35) < 0.05 and abs(grid_b.flat[at]) < 0.05


@after("walk-down", "near the bottom they get shorter")
def the_walk_goes_down_at_every_step_and_its_steps_get_shorter(walk, height):
    heights = [height(*point) for point in walk]
    lengths = np.hypot(*np.diff(walk, axis=0).T)
    assert np.all(np.diff(heights) < 0) and np.all(np.diff(lengths[-20:]) < 0) and len(lengths) == 60


@after("walk-down", "Will 60 steps be enough this time?")
def from_the_flat_land_sixty_steps_are_not_enough(slopes):
    at = np.array([1.5, 1.8])
    for _ in range(60):
        at = at - 2 * slopes(*at)
    assert at[1] > 1.4


# The idea


@after("two-paths", "0.1")
def two_paths_add(dp, dq):
    assert close(dp * 1 + dq * -2, 0.1)


@after("all-paths", "27 paths")
def the_sum_over_paths_is_the_reused_one(S, d_last, total):
    assert close(total, (S[0] @ S[1] @ S[2] @ d_last)[0])


@after("paths-explode", "27 paths", "three ways to get there, three ways to go on")
def nine_paths_run_through_a_neuron_in_the_middle(paths):
    assert len(paths) == 27 and sum(j == 0 for _, j, _ in paths) == 9


@after("same-number", "The same number")
def reuse_finds_the_same_number(d, total):
    assert close(d[0], total) and len(d) == 3


@after("the-trick", "three thousand years", "a hundred thousand multiplications")
def one_by_one_it_would_take_three_thousand_years():
    years = 100**10 / 1e9 / (365.25 * 24 * 3600)
    assert 3000 < years < 3500 and 10 * 100**2 == 100_000


# One layer


@after("layer-weights", "$1 \\cdot 0.1 + 3 \\cdot 0.3 = 1$")
def the_first_weight_by_hand(a_s, dz_s):
    assert close(a_s[:, 0] @ dz_s[:, 0], 1) and a_s[:, 0].tolist() == [1, 3] and dz_s[:, 0].tolist() == [0.1, 0.3]


@after("weights-by-loop", "[ 0.3,  0.4]")
def the_loop_finds_what_the_product_finds(dW_s, a_s, dz_s):
    assert close(dW_s, a_s.T @ dz_s)


@after("inputs-product", "0.3")
def the_inputs_by_a_loop(dz_s, W_s):
    da = [[sum(dz_s[i, k] * W_s[j, k] for k in range(2)) for j in range(3)] for i in range(2)]
    assert close(dz_s @ W_s.T, da) and close(da[0][0], 0.1 * 1 - 0.2 * -1)


@after("three-rules", "change the 2.0 in `a_s` to 0.0")
def a_change_of_an_input_changes_its_weights_alone(a_s, dz_s, dW_s):
    changed = a_s.copy()
    changed[0, 1] = 0
    assert np.array_equal(~np.isclose(changed.T @ dz_s, dW_s), [[False] * 2, [True] * 2, [False] * 2])


# The network


@after("network-forward", "1.2609")
def the_untrained_network_says_nine(a2, loss, X, n):
    assert np.all(a2.argmax(axis=1) == 9) and close(loss, 1.2609, 5e-5) and X.shape == (n, 784) == (50, 784)


@after("read-dz2", "Only entry 5 is negative", "exactly one such negative entry, at its own digit")
def only_the_right_digits_entry_is_negative(dz2, Y, y):
    assert np.array_equal(dz2 < 0, Y == 1) and y[0] == 5


@after("dW2", "(0, 9)")
def an_entry_of_the_second_layers_gradient_is_a_sum_over_the_images(dW2, by_sum, W2):
    assert dW2.shape == W2.shape and close(dW2[0, 9], by_sum)


@after("step-da1", "All ten are positive", "All of them are near ½")
def every_output_should_go_down(db2, b2, a2):
    assert db2.shape == b2.shape and np.all(db2 > 0) and np.abs(a2 - 0.5).max() < 0.05


@after("da1", "(50, 100)")
def an_entry_of_da1_is_a_sum_over_the_outputs(da1, a1, by_sum):
    assert da1.shape == a1.shape and close(da1[0, 0], by_sum, 1e-15)


@after("dz1", "dz1: largest entry")
def each_sigmoid_leaves_at_most_a_quarter_and_weights_can_enlarge(dz1, da1, dz2, W2):
    assert np.all(np.abs(dz1) <= 0.25 * np.abs(da1))
    assert np.abs(da1).max() < np.abs(dz2).max() < np.abs(dz2 @ (100 * W2).T).max()


@after("step-db1", "their derivatives are exactly 0")
def blank_pixels_get_no_blame(dW1, W1, blank):
    assert dW1.shape == W1.shape and np.all(dW1[blank] == 0) and blank.sum() == 311


@after("db1", "(100,)")
def the_last_of_the_seven_has_its_shape(db1, b1):
    assert db1.shape == b1.shape


@after("two-tests", "W1 (784, 100) True", "b1 (100,) True", "W2 (100, 10) True", "b2 (10,) True")
def the_seven_lines_agree_with_the_library_and_a_nudge(grads, net, X, Y, dW2, nudged_loss, loss, h, W1):
    for name, grad in net.backward(net.propagate(X), Y).items():
        assert np.allclose(grads[name], grad, rtol=1e-9, atol=1e-18)
    assert abs((nudged_loss - loss) / h - dW2[0, 9]) < 1e-4


@after("four-layers", "W4 (20, 10) True", "W1 (784, 60) True")
def the_loop_agrees_with_the_library_for_four_layers(deep, deep_grads, cache, Y):
    expected = deep.backward(cache, Y)
    assert deep_grads.keys() == expected.keys()
    assert all(np.allclose(deep_grads[name], expected[name], rtol=1e-9, atol=1e-18) for name in expected)


@after("wasted-work", "make the network deeper")
def gradients_shrink_towards_the_front_of_a_deep_network(deep_grads):
    largest = [np.abs(deep_grads[f"W{l}"]).max() for l in (4, 3, 2, 1)]
    assert largest == sorted(largest, reverse=True)


@after("cost-in-words", "about twice as much", "In ours it costs about the same", "79,510", "`[10, 100, 784]`")
def the_way_back_costs_twice_in_a_deep_network_and_once_in_ours(multiplications, W1, b1, W2, b2):
    ours, deep = multiplications([784, 100, 10]), multiplications([100] * 11 + [10])
    turned = multiplications([10, 100, 784])
    assert 1.98 < turned[1] / turned[0] < 2 and ours[1] / ours[0] < 1.02 and 1.85 < deep[1] / deep[0] <= 2
    assert W1.size > 0.98 * (W1.size + b1.size + W2.size + b2.size) and ours[0] == 784 * 100 + 100 * 10


# The pictures of the gradient


@after("why-these-pictures", "Most of the hundred look like the first two", "The other three are the least blot-like")
def most_gradients_are_blots_because_digits_share_the_middle(alike, order, chosen, X, y):
    assert np.median(alike) > 0.95 and chosen[2:] == list(order[:3]) and 79 in chosen
    means = np.array([X[y == k].mean(axis=0) for k in range(10)])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    assert (means @ means.T)[np.triu_indices(10, 1)].mean() > 0.6


@after("why-these-pictures", "every activation is close to ½", "no pixels in this")
def the_closed_form_is_the_blame(a1, a2, dz1, W2, y, n):
    assert np.abs(a1 - 0.5).max() < 0.11 and np.abs(a2 - 0.5).max() < 0.05
    blame = (0.5 * W2.sum(axis=1)[None] - W2[:, y].T) / (16 * n)
    assert np.corrcoef(blame.ravel(), dz1.ravel())[0, 1] > 0.999


@after("predict-the-pictures", "neuron 79 0.997, median 0.9999, lowest 0.95")
def the_pictures_are_predicted_from_the_second_layers_weights(r, predicted_dW1, dW1):
    assert abs(r[79] - 0.9966) < 1e-3 and np.median(r) > 0.9999 and 0.945 < r.min() < 0.955
    assert np.linalg.norm(predicted_dW1 - dW1) < 0.05 * np.linalg.norm(dW1)


@after("an-accident", "zeros and sevens get blame of one sign, ones and fives of the other", "the largest of its ten")
def the_weights_of_neuron_79_decide_its_picture(W2, half_sum, r, chosen):
    assert r.argmin() == chosen[-1] == 90
    blame = half_sum[79] - W2[79]
    assert set(np.argsort(blame)[-2:]) == {0, 7} and set(np.argsort(blame)[:2]) == {1, 5}
    assert blame[1] < 0 < blame[7] and W2[79].argmax() == 5 == blame.argmin()


@after("an-accident", "Another seed deals different weights", "Does the prediction still hold?")
def the_prediction_holds_for_another_seed_and_not_for_large_weights(X, y, Y, n):
    def lowest_and_median(seed, std):
        net = nnlib.Network([784, 100, 10], init_std=std, seed=seed).copy(np.float64)
        W2, dW1 = net.params["W2"], net.backward(net.propagate(X), Y)["W1"]
        predicted = X.T @ (0.5 * W2.sum(axis=1, keepdims=True) - W2[:, y]).T
        found = [np.corrcoef(predicted[:, j], dW1[:, j])[0, 1] for j in range(100)]
        return np.min(found), np.median(found)

    assert all(lowest_and_median(seed, 0.01)[1] > 0.999 for seed in (1, 2, 3))
    assert lowest_and_median(0, 0.5)[1] < 0.9


# The step


@after("predicted-and-met", "predicted -0.00266  measured -0.00266", "predicted -0.26611  measured -0.24328")
def a_small_step_does_what_the_gradient_predicts(loss_after_step, loss, squares):
    assert abs((loss_after_step(0.001) - loss) / (-0.001 * squares) - 1) < 0.01
    off = [abs((loss_after_step(lr) - loss) / (-lr * squares) - 1) for lr in (0.001, 0.01, 0.1, 1)]
    assert off == sorted(off) and close(loss_after_step(0), loss)


@after("how-far", "it promises a loss below zero")
def a_large_step_cannot_do_what_is_predicted(loss, squares):
    assert loss - 1 * squares < 0


@after("step-figure", "starts at 1.26", "lowest near 0.45 at a rate of about 0.85", "rises slowly after that")
def the_loss_after_a_step_falls_bends_and_rises(rates, losses):
    lowest = losses.argmin()
    assert close(losses[0], 1.26, 0.005) and abs(losses[lowest] - 0.45) < 0.005 and abs(rates[lowest] - 0.85) < 0.06
    assert np.all(np.diff(losses[: lowest + 1]) < 0) and np.all(np.diff(losses[lowest:]) > 0)


@after("constant-answers", "ten equal constants: 0.4500", "a constant for each digit: 0.4464")
def ten_equal_constants_and_the_best_constants(p, n, y):
    constants = np.linspace(0, 1, 1001)
    losses = 0.5 * ((1 - constants) ** 2 + 9 * constants**2)
    assert close(losses.min(), 0.45) and close(constants[losses.argmin()], 0.1)
    for k in range(10):
        each = 0.5 * (p[k] * (1 - constants) ** 2 + (1 - p[k]) * constants**2)
        assert close(each.min(), 0.5 * p[k] * (1 - p[k]), 1e-6) and close(constants[each.argmin()], p[k], 1e-3)


@after("mostly-no", "about as far as constant answers can go")
def the_best_step_is_between_the_two_kinds_of_constants(losses, p):
    assert np.sum(0.5 * p * (1 - p)) < losses.min() < 0.45 and close(np.sum(0.5 * p * (1 - p)), 0.4464)


@after("mostly-no", "Guess first.")
def most_of_the_fall_comes_from_the_second_layers_weights(grads, squares):
    assert np.sum(grads["W2"] ** 2) > 0.9 * squares


# The small machine


@after("value-neuron-code", "dx -0.0625")
def the_machine_finds_the_neurons_derivatives(v_a, v_w, v_b, v_x):
    assert close([v_a.d, v_w.d, v_b.d, v_x.d], [-0.5, -0.25, -0.125, -0.0625])


@after("value-all-slopes", "da1 -0.2978 0.2382")
def the_machine_finds_every_number_of_the_drawing(everything, v_z1, v_a1, v_z2, v_a2, v_loss):
    drawing = importlib.import_module("nnlib.play.operations")
    shown = drawing.both_ways({name: value for name, value, _ in drawing.entries(drawing.START, lambda _: None)})
    compared = 0
    for name, array in everything.items():
        for index in np.ndindex(array.shape):
            assert close(array[index].d, shown[f"{name}[{', '.join(map(str, index))}]"])
            compared += 1
    assert compared == 20 == len([name for name in shown if name.startswith("d")])
    for name, array in {"z1": v_z1, "a1": v_a1, "z2": v_z2, "a2": v_a2}.items():
        assert close([v.data for v in array], [shown[f"{name}[{k}]"] for k in range(2)])
    assert close(v_loss.data, shown["L"])


@after("autograd", "thirty lines")
def the_machine_has_about_thirty_lines():
    import nbformat

    from tests import ROOT

    notebook = nbformat.read(ROOT / "notebooks/02_backpropagation.ipynb", as_version=4)
    names = ("value", "value-sigma", "value-backward", "value-go-back")
    parts = [cell.source for cell in notebook.cells if cell.id in names]
    assert len(parts) == 4 and 25 <= len([line for part in parts for line in part.splitlines() if line.strip()]) <= 30


@after("value-in-the-wild", "More than $10^{15}$ paths")
def fifty_doublings_have_two_to_the_fiftieth_paths(start, v, with_ancestors):
    assert start.d == 2**50 > 1e15 and len(with_ancestors(v, {})) == 51


@after("value-in-the-wild", "Nothing should change.")
def a_square_may_join_the_machine(Value, v_a2, v_Y, v_W1, go_back, values):
    before = [v.d for v in v_W1.flat]
    wrong = [Value(0.5) * Value(e.data**2, (e,), (2 * e.data,)) for e in v_a2 - v_Y]
    go_back(wrong[0] + wrong[1])
    assert close(before, [v.d for v in v_W1.flat])


@after("sum-for-mean", "50.0 times the derivative")
def a_sum_in_place_of_the_mean_is_wrong_by_n(sum_slope, dW2, n):
    assert abs(sum_slope / dW2[0, 9] - n) < 0.1


@after("close", "0.999", "0.001", "0.000999")
def the_answer_to_the_third_question():
    assert close(0.999 * 0.001, 0.000999)


# The exercises


@after("solution-7", "−0.0057", "0.0001", "about twenty times larger", "the gradient wins")
def a_step_by_signs_and_a_step_along_the_gradient(grads, net, X, Y, loss, loss_after_step, squares):
    def met(step):
        moved = net.copy()
        moved.params = {name: net.params[name] + step[name] for name in step}
        return moved.data_loss(moved.propagate(X), Y) - loss

    by_signs = {name: -0.0001 * np.sign(grad) for name, grad in grads.items()}
    predicted = -0.0001 * sum(np.abs(grad).sum() for grad in grads.values())
    assert close(predicted, -0.0057, 5e-5) and close(met(by_signs), -0.0057, 5e-5)
    assert 19 < predicted / -squares / 0.0001 < 23
    length = np.sqrt(sum(np.sum(step**2) for step in by_signs.values()))
    along = {name: -grad * length / np.sqrt(squares) for name, grad in grads.items()}
    assert met(along) < met(by_signs)


@after("next", "79,510", "seven lines of code")
def all_slopes_were_computed(grads):
    assert sum(grad.size for grad in grads.values()) == 79_510
