"""What lesson 1 says: about the neurons made by hand, and about a network that has learned nothing."""

import numpy as np

import nnlib
from nnlib.check.exercises import lesson1
from nnlib.play import moving_boundary
from tests.claims import after

GIVEN = {
    "70,000": "LeCun, Cortes and Burges, the MNIST database of handwritten digits: 60,000 and 10,000",
}


@after("who-reads", "871,310 numbers")
def the_network_behind_the_first_pad_has_so_many_numbers(pad):
    assert sum(p.size for p in pad.net.params.values()) == 871_310


@after("mnist", "mnist.X_train[:30]")
def the_digits_are_as_many_as_the_text_says(mnist):
    assert len(mnist.X_train) == 60_000 and len(mnist.X_test) == 10_000


@after("who-reads", "60,000", "10,000")
def the_text_gives_the_numbers_of_training_and_test_images(pad):
    mnist = nnlib.load_mnist()
    assert (len(mnist.X_train), len(mnist.X_test)) == (60_000, 10_000)


@after("rows-of-an-image", "good for about seven digits")
def a_float32_has_seven_digits(x):
    assert x.dtype == np.float32 and x.itemsize == 4 and 1e-7 < np.finfo(np.float32).eps < 2e-7
    assert x.shape == (784,) and x.min() == 0 and x.max() == 1


@after("one-pixel", "28 * r + c")
def a_pixel_is_where_the_formula_says(x, r, c):
    image = x.reshape(28, 28)
    assert all(image[i, j] == x[28 * i + j] for i, j in np.ndindex(28, 28)) and image[r, c] > 0


@after("weights-are-opinions", "(0.6)", "(−0.4)", "The third has the largest weight")
def the_weights_are_those_of_the_text_and_z_is_a_half(x_small, w_small, b_small, z):
    assert w_small.tolist() == [0.6, -0.4, 0.8] and np.isclose(z, 0.5) and np.isclose(x_small @ w_small + b_small, z)
    assert w_small.argmax() == 2 and x_small[2] == 0


@after("choose-the-bias", "12,665 zeros and ones")
def so_many_zeros_and_ones_there_are(zeros, ones):
    assert len(zeros) + len(ones) == 12_665 and (len(zeros), len(ones)) == (5923, 6742)


@after("look-at-the-weights", "784 weights")
def the_weights_are_positive_where_zeros_have_more_ink(w, zeros, ones):
    assert np.array_equal(w > 0, zeros.mean(axis=0) > ones.mean(axis=0))
    assert w[28 * 14 + 14] < -0.5 and w[28 * 11 + 20] > 0.3 and w[28 * 16 + 7] > 0.3


@after("ninety-nine", "99 times out of 100")
def one_neuron_tells_zeros_from_ones(correct, zeros, ones):
    assert 0.99 < correct / (len(zeros) + len(ones)) < 0.995


@after("choose-the-bias", "halfway between the average zero and the average one")
def z_is_halfway_and_its_range_is_as_the_text_says(zeros, ones, w):
    b = -(np.mean(zeros @ w) + np.mean(ones @ w)) / 2
    assert np.isclose(zeros.mean(axis=0) @ w + b, -(ones.mean(axis=0) @ w + b), rtol=1e-3)


@after("hardest-pair", "87 %", "one in eight", "about −36 to 66", "harder still")
def three_and_five_is_the_hardest_pair(digits, averages_apart, z_zeros, z_ones):
    assert 0.868 < averages_apart(digits[4], digits[9]) < 0.876
    assert averages_apart(digits[3], digits[5]) < averages_apart(digits[4], digits[9]) - 0.003
    few = [images[:1500] for images in digits]
    pairs = {(i, j): averages_apart(few[i], few[j]) for j in range(10) for i in range(j)}
    assert set(sorted(pairs, key=pairs.get)[:3]) == {(3, 5), (4, 9), (3, 8)}
    assert averages_apart(digits[3], digits[5]) < averages_apart(digits[3], digits[8])
    assert round(float(z_ones.min())) == -36 and round(float(z_zeros.max())) == 66


@after("why-a-line", "$x_2 = 2 x_1 + 1$, $x_2 = -2 x_1 + 1$ and $x_2 = -1$")
def the_borders_are_those_lines():
    for x1 in (-1.0, 0, 2):
        assert 20 * x1 - 10 * (2 * x1 + 1) + 10 == 0 == -20 * x1 - 10 * (-2 * x1 + 1) + 10
    assert 10 * (-1) + 10 == 0


@after("sigmoid-curve", "add up to 1")
def the_sigmoids_of_opposite_numbers_add_up_to_1(sigmoid):
    z = np.array([0.0, 1, 4])
    assert sigmoid(z)[0] == 0.5 and np.allclose(sigmoid(z) + sigmoid(-z), 1)


@after("one-line", "0.5", "The circle lies on the black line")
def the_first_task_ends_on_the_line(x_small):
    assert 0.5 * 1 + 0.5 * (-2) + 0.5 == 0


@after("island-by-hand", "0.99: yes", "0.01: no", "(1.5, 0)")
def a_point_inside_and_a_point_outside(sigmoid):
    def answer(x1, x2):
        votes = [sigmoid(20 * x1 - 10 * x2 + 10), sigmoid(-20 * x1 - 10 * x2 + 10), sigmoid(10 * x2 + 10)]
        return np.round(votes, 2).tolist(), round(float(sigmoid(10 * sum(votes) - 25)), 2)

    assert answer(0, 0) == ([1, 1, 1], 0.99) and answer(1.5, 0) == ([1, 0, 1], 0.01)


@after("island-by-hand", "−25 to −15? And to −5?")
def another_bias_asks_for_two_votes_or_for_one(left, right, floor, island, sigmoid):
    votes = (left > 0.5).astype(int) + (right > 0.5) + (floor > 0.5)
    answers = {c: sigmoid(10 * (left + right + floor) + c) > 0.5 for c in (-25, -15, -5)}
    assert np.array_equal(answers[-25], island > 0.5)
    for c, needed in ((-25, 3), (-15, 2), (-5, 1)):
        assert np.mean(answers[c] == (votes >= needed)) > 0.97  # but for the lines' soft edges
    assert votes.min() == 1 and answers[-5].all() and 0.08 < answers[-25].mean() < 0.15
    border = np.concatenate([island[0], island[-1], island[:, 0], island[:, -1]])
    assert border.max() < 0.5, "an island: purple all around"


@after("xor", "10 * at_least_one - 10 * both - 5")
def two_hidden_neurons_do_exclusive_or(xor):
    for p, q in ((0, 0), (0, 1), (1, 0), (1, 1)):
        assert abs(xor(p, q) - (p != q)) < 0.02


@after("let-it-learn", "`- 0 * both`. Which of the four answers changes")
def without_the_second_vote_only_1_1_changes(sigmoid):
    answers = [sigmoid(10 * sigmoid(10 * p + 10 * q - 5) - 5) > 0.5 for p, q in ((0, 0), (0, 1), (1, 0), (1, 1))]
    assert answers == [False, True, True, True]


@after("layer", "With one hidden neuron there is one line", "about one point in seven wrong", "Three close it")
def one_line_fences_nothing_in_and_three_do(play):
    def share(hidden):
        run = moving_boundary.Run("disc in a ring", hidden, "sigmoid")
        for _ in range(100 * moving_boundary.EPOCH):
            run.step(1.0)
        return np.mean(run.learner.net.predict(run.learner.X) == run.learner.y)

    assert share(1) < 0.6 and 0.8 < share(2) < 0.9 and share(3) > 0.98


@after("let-it-learn", "all 200 points 100 times")
def the_points_are_200(play):
    assert moving_boundary.POINTS == 200


@after("two-images", "X_small @ W_pair + b_pair")
def row_and_column_give_an_entry(x_small, X_small, W_pair, b_pair):
    z = X_small @ W_pair + b_pair
    assert np.allclose(z, [[0.5, -1], [0.9, -4]]) and np.allclose(x_small @ W_pair + b_pair, z[0])
    assert np.isclose(z[1, 0], X_small[1] @ W_pair[:, 0] + b_pair[0])


@after("island-as-matrices", "W_lines", "W_all")
def the_matrices_are_the_island(x1, x2, island, sigmoid, W_lines, b_lines, W_all, b_all):
    points = np.stack([x1.ravel(), x2.ravel()], axis=1)
    answers = sigmoid(sigmoid(points @ W_lines + b_lines) @ W_all + b_all)
    assert np.allclose(answers.reshape(island.shape), island)


@after("two-layers-are-one", "X_any @ (A @ B)")
def without_the_sigmoid_two_layers_with_biases_are_one(X_any, A, B):
    b, c = np.arange(100), np.arange(10)
    assert np.allclose((X_any @ A + b) @ B + c, X_any @ (A @ B) + (b @ B + c))


@after("count-parameters", "784 * 100 + 100 + 100 * 10 + 10")
def the_count_is_that_of_the_network(parameters):
    assert parameters == 79_510


@after("random-weights", "0.01")
def two_thirds_of_the_weights_are_within_one_standard_deviation(W1):
    assert 0.67 < np.mean(np.abs(W1) < 0.01) < 0.70


@after("untrained", "0.01", "−0.01")
def the_text_says_the_same(forward):
    rng = np.random.default_rng(0)
    assert 0.67 < np.mean(np.abs(rng.normal(0, 0.01, 100_000)) < 0.01) < 0.70


@after("cannot-tell", "600,000 outputs", "between 0.45 and 0.55")
def every_output_is_near_a_half(a2, y):
    assert a2.size == 600_000 and np.all(np.abs(a2 - 0.5) < 0.05) and y[0] == 5


@after("first-answer", "60,000 images", "the five")
def the_first_image_is_a_five(mnist):
    assert mnist.y_train[0] == 5 and len(mnist.X_train) == 60_000


@after("one-hot", "np.eye(10")
def each_row_has_its_one_in_the_right_place(Y, y):
    assert np.all(Y.sum(axis=1) == 1) and np.all(Y.argmax(axis=1) == y)


@after("why-squares", "one mistake of 0.4", "sixteen mistakes of 0.1")
def a_mistake_of_four_tenths_weighs_as_much_as_sixteen_of_one(a, right_answer):
    assert np.isclose(0.4**2, 16 * 0.1**2) and np.isclose(0.5 * np.sum((a - right_answer) ** 2), 0.15)


@after("squared-error", "0.5 * np.sum((a - Y) ** 2) / n")
def a_right_answer_has_no_loss(squared_error, Y):
    assert squared_error(Y, Y) == 0


@after("was-it-luck", "give or take a hundredth or so")
def the_loss_is_as_predicted_and_the_accuracy_too(loss, accuracy):
    assert abs(loss - 1.25) < 0.02 and abs(accuracy - 0.10) < 0.02


@after("nine", "within 0.05 of 1.25", "0.1 instead of 0.01", "10 %", "by 0.2 or more")
def ten_networks_have_that_loss_and_larger_weights_have_not(untrained_loss, forward, squared_error, X, Y):
    assert max(abs(untrained_loss(seed, X[:2000], Y[:2000]) - 1.25) for seed in range(10)) < 0.05

    def with_large_weights(seed):
        rng = np.random.default_rng(seed)
        W1, W2 = rng.normal(0, 0.1, (784, 100)), rng.normal(0, 0.1, (100, 10))
        return squared_error(forward(X[:2000], W1, 0, W2, 0), Y[:2000])

    assert sum(abs(with_large_weights(seed) - 1.25) > 0.2 for seed in range(10)) >= 4


@after("it-does-not-guess", "60,000 images", "exactly as often as there are nines")
def it_says_nine_to_everything(a2, accuracy, y):
    assert np.all(a2.argmax(axis=1) == 9) and accuracy == np.mean(y == 9)


@after("five-images", "no output moves by more than 0.003")
def the_outputs_hardly_change_with_the_image(a2):
    assert np.ptp(a2[:5], axis=0).max() < 0.003


@after("another-seed", "Column 9", "With one of the three it wavers between two digits")
def the_largest_sum_wins_and_other_seeds_say_other_digits(W2, X):
    assert W2.sum(axis=0).argmax() == 9
    said = {}
    for seed in (1, 2, 3):
        outputs = nnlib.Network([784, 100, 10], init_std=0.01, seed=seed).forward(X[:5000])
        said[seed] = np.flatnonzero(np.bincount(outputs.argmax(axis=1), minlength=10)).tolist()
    assert said[1] == [1] and said[2] == [6] and len(said[3]) == 2


@after("from-the-library", "nnlib.Network([784, 100, 10], init_std=0.01, seed=0)")
def the_librarys_pieces_give_what_ours_give(net, W1, W2, X, y, Y, a2, loss, squared_error, sigmoid):
    assert np.array_equal(net.params["W1"], W1) and np.array_equal(net.params["W2"], W2)
    assert np.allclose(net.forward(X[:5000]), a2[:5000]) and abs(net.loss(X, y) - loss) < 1e-4
    z = np.linspace(-8, 8, 1001)
    assert np.allclose(nnlib.sigmoid(z), sigmoid(z), rtol=1e-12) and np.array_equal(nnlib.one_hot(y), Y)
    assert np.isclose(nnlib.squared_error(a2, Y), squared_error(a2, Y))


@after("untrained-pad", "untrained_pad.draw(pad.strokes or seven)")
def the_untrained_network_reads_a_seven_as_a_nine_and_the_first_pad_reads_it(pad, untrained_pad, seven):
    assert untrained_pad.digit == 9 and np.all(np.abs(untrained_pad.outputs - 0.5) < 0.05)
    trained = nnlib.DrawingPad(pad.net)
    trained.draw(seven)
    assert trained.digit == 7
    mnist = nnlib.load_mnist()
    assert np.all(untrained_pad.net.predict(mnist.X_test) == 9), "nine it is, whatever one draws"


@after("road-ahead", "79,510 numbers", "one more layer", "lesson 6 will change two of its functions")
def the_network_behind_the_first_pad_has_other_functions(pad, net):
    assert sum(p.size for p in net.params.values()) == 79_510
    assert (pad.net.activation, pad.net.output, pad.net.n_layers - net.n_layers) == ("relu", "softmax", 1)
    assert (net.activation, net.output) == ("sigmoid", "sigmoid")


@after("right-by-luck", "1 divided by infinity is 0", "right to 43 decimal places")
def the_first_form_is_right_by_luck(sigmoid):
    assert 1e-44 < sigmoid(-100.0) < 5e-44
    with np.errstate(over="ignore"):
        assert sigmoid(np.float32([-100])) == 0 and np.isinf(np.exp(np.float32(100)))


@after("tanh-form", "never produces an infinity")
def the_form_with_tanh_never_overflows():
    with np.errstate(all="raise", under="ignore"):
        assert nnlib.sigmoid(np.array([-1e30, -1000, 1000, 1e30], np.float32)).tolist() == [0, 0, 1, 1]


@after("two-kinds-of-error", "never exceeds 10⁻⁷", "a few per cent at −15", "at −18 nothing", "At −20 the answer is 0")
def the_absolute_error_is_small_and_the_relative_error_is_not(sigmoid):
    z = np.linspace(-30, 30, 100_001).astype(np.float32)
    true = sigmoid(z.astype(np.float64))
    assert np.abs(nnlib.sigmoid(z) - true).max() < 1e-7

    def relative(z):
        true = sigmoid(np.float64(z))
        return abs(float(nnlib.sigmoid(np.float32(z))) - true) / true

    assert relative(-5) < 1e-4 and 0.01 < relative(-15) < 0.2 and relative(-18) > 0.9
    assert nnlib.sigmoid(np.float32(-20)) == 0 and 2.0e-9 < sigmoid(np.float64(-20)) < 2.1e-9


@after("remember", "about 1.25")
def ten_outputs_of_a_half_have_that_loss():
    assert lesson1.constant_loss(0.5, 10) == 1.25


@after("remember", "9.9 %", "three and five")
def the_closing_numbers_are_those_of_the_lesson(loss, accuracy):
    assert round(float(lesson1.constant_loss(0.5, 10)), 2) == 1.25 and round(accuracy, 3) == 0.099
    assert lesson1.constant_loss(0.5, 26) == 3.25


@after("ex-3", "above 0.9", "below 0.1")
def yes_and_no_are_as_the_exercise_says():
    assert lesson1.SURE == 0.9


@after("ex-4", "above 0.9", "below 0.1")
def and_so_they_are_in_the_next():
    assert lesson1.SURE == 0.9


@after("ex-5", "87 %", "reach 90 %", "1,000 fours and 1,000 nines")
def the_number_to_beat_is_above_what_averages_give(digits, averages_apart):
    assert lesson1.BEAT == 0.90 and lesson1.IMAGES == 1000
    assert round(averages_apart(digits[4], digits[9]), 2) == 0.87


@after("ex-5-solution", "about 93 %", "Try 0.5 in place of 0.2", "worse than none")
def one_small_correction_helps_and_a_large_one_harms(digits):
    fours, nines = digits[4], digits[9]

    def share(step):
        def halfway(w):
            return -(np.mean(fours[:1000] @ w) + np.mean(nines[:1000] @ w)) / 2

        w = fours[:1000].mean(axis=0) - nines[:1000].mean(axis=0)
        missed = fours[:1000][fours[:1000] @ w + halfway(w) < 0].mean(axis=0)
        missed = missed - nines[:1000][nines[:1000] @ w + halfway(w) > 0].mean(axis=0)
        w = w + step * missed
        b = halfway(w)
        says = np.concatenate([fours[1000:] @ w + b > 0, nines[1000:] @ w + b < 0])
        return says.mean()

    assert 0.925 < share(0.2) < 0.94 and share(0.5) < share(0) < 0.89


@after("ex-7", "1.25")
def a_half_everywhere_costs_one_and_a_quarter():
    assert lesson1.constant_loss(0.5, 10) == 1.25


@after("ex-7-solution", "from 1.25 down to 0.45", "no other $c$ gives less")
def a_tenth_is_the_best_constant():
    c = np.linspace(0, 1, 1001)
    assert np.isclose(lesson1.constant_loss(0.1, 10), 0.45) and c[lesson1.constant_loss(c, 10).argmin()] == 0.1


@after("ex-8-solution", "0.9", "90 times out of 100")
def the_loss_rewards_honesty():
    c = np.linspace(0, 1, 1001)
    assert np.isclose(c[lesson1.sure_loss(c, 0.9).argmin()], 0.9)
    assert np.allclose(lesson1.sure_loss(c, 0.7), 0.5 * (c - 0.7) ** 2 + 0.5 * (1 - 0.7**2))


@after("ex-2-solution", "misreads more than nine in ten")
def negatives_are_misread(pad, X, y):
    assert nnlib.accuracy(pad.net, X[:2000], y[:2000]) > 0.99
    assert nnlib.accuracy(pad.net, 1 - X[:2000], y[:2000]) < 0.09
