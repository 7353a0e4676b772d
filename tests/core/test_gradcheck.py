"""The gradient check: what it finds, what it names, what it refuses; and the museum of bugs."""

import numpy as np
import pytest

import nnlib
from nnlib import museum

RNG = np.random.default_rng(0)
X = RNG.random((6, 784), dtype=np.float32)
y = np.array([3, 1, 4, 1, 5, 9])


@pytest.fixture
def net():
    return nnlib.Network([784, 8, 10], seed=1)


def with_gradients(change):
    """A kind of network whose gradients ``change`` alters, a function of the dictionary."""

    class Changed(nnlib.Network):
        def backward(self, cache, Y):
            grads = super().backward(cache, Y)
            change(grads)
            return grads

    return Changed


def scale_b1(grads):
    grads["b1"] = grads["b1"] * 1.001


def test_the_check_finds_an_error_of_a_thousandth_and_says_where():
    wrong = with_gradients(scale_b1)([784, 8, 10])
    report = nnlib.check_gradients(wrong, X[:3], y[:3], sample=50)
    assert 5e-4 < report.worst < 2e-3 and report.worst == report.parameters["b1"].error
    assert report.parameters["W1"].error < 1e-7
    with pytest.raises(nnlib.GradientError, match="b1"):
        nnlib.check_gradients(wrong, X[:3], y[:3], sample=50, tolerance=1e-7)


def test_the_check_leaves_the_network_alone(net):
    before = net.copy().params
    nnlib.check_gradients(net, X[:2], y[:2], sample=20)
    for name, p in net.params.items():
        assert np.array_equal(p, before[name]) and p.dtype == np.float32


def test_without_a_sample_every_weight_and_bias_is_compared():
    net = nnlib.Network([5, 4, 3])
    report = nnlib.check_gradients(net, RNG.random((3, 5)), np.array([0, 1, 2]))
    assert {name: check.compared for name, check in report.parameters.items()} == {"W1": 20, "b1": 4, "W2": 12, "b2": 3}


def test_a_sample_is_measured_by_the_largest_entry_of_the_whole_array():
    """As in the lesson: what was not drawn is not compared, but the ruler is the same as without a sample."""

    def change(grads):
        grads["W2"] = grads["W2"] + 1e-3

    net, all_of_it = with_gradients(change)([5, 4, 3]), (RNG.random((3, 5)), np.array([0, 1, 2]))
    whole = nnlib.check_gradients(net, *all_of_it).parameters["W2"]
    for seed in range(5):
        net.seed = seed
        one = nnlib.check_gradients(net, *all_of_it, sample=1).parameters["W2"]
        assert one.compared == 1 and one.error == pytest.approx(whole.error, rel=1e-4)


@pytest.mark.parametrize("gradient", [np.float64(0.1), np.zeros((8, 1)), None], ids=["a number", "a column", "missing"])
def test_a_gradient_of_another_shape_is_named(gradient):
    net = with_gradients(lambda grads: grads.update(b1=gradient))([784, 8, 10])
    with pytest.raises(nnlib.GradientError, match=r"gradient of b1 must have b1's shape, \(8,\); got"):
        nnlib.check_gradients(net, X[:3], y[:3], sample=5)


# Not finite


@pytest.mark.parametrize("tolerance", [None, 1e-7, 1e9])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("sample", [None, 3])
def test_one_entry_of_backpropagation_that_is_not_finite_is_an_error_even_if_it_was_not_drawn(value, sample, tolerance):
    def change(grads):
        grads["W1"] = grads["W1"] * 7
        grads["W1"][2, 1] = value

    net = with_gradients(change)([5, 4, 3])
    with pytest.raises(nnlib.GradientError) as raised:
        nnlib.check_gradients(net, RNG.random((3, 5)), np.array([0, 1, 2]), sample=sample, tolerance=tolerance)
    said = str(raised.value)
    assert said.startswith(f"W1's gradient from backpropagation must be finite; got {value:g} at W1[2, 1] (1 of 20 ")
    assert "the central difference gives " in said and "on the way back to W1" in said


@pytest.mark.parametrize("tolerance", [None, 1e-7])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_central_difference_that_is_not_finite_is_an_error_that_names_the_loss(value, tolerance):
    class Overflow(nnlib.Network):
        def data_loss(self, cache, Y):
            moved = self.params["W1"][2, 1] > start
            return value if moved else super().data_loss(cache, Y)

    net = Overflow([5, 4, 3])
    start = np.float64(net.params["W1"][2, 1])
    with pytest.raises(nnlib.GradientError) as raised:
        nnlib.check_gradients(net, RNG.random((3, 5)), np.array([0, 1, 2]), tolerance=tolerance)
    said = str(raised.value)
    assert said.startswith(f"W1's central difference must be finite; got {value:g} at W1[2, 1], where backpropagation ")
    assert "in the forward pass or the loss" in said and "way back" not in said


def test_where_both_are_not_finite_the_loss_is_named_first():
    class Broken(with_gradients(lambda grads: grads.update(b2=grads["b2"] * np.nan))):
        def data_loss(self, cache, Y):
            return np.nan

    with pytest.raises(
        nnlib.GradientError, match=r"got nan at b2\[0\].*difference gives nan.*forward pass or the loss"
    ):
        nnlib.check_gradients(Broken([5, 4, 3]), RNG.random((3, 5)), np.array([0, 1, 2]))


def test_of_several_parameters_that_are_not_finite_the_one_nearest_to_the_loss_is_named():
    """What is above it on the way back is in order, so that is where to look."""

    def change(grads):
        grads.update({name: np.full_like(grads[name], np.nan) for name in ("W1", "b1", "W2")})

    net = with_gradients(change)([784, 6, 5, 10])
    with pytest.raises(nnlib.GradientError, match="W2's gradient"):
        nnlib.check_gradients(net, X[:2], y[:2], sample=5)


@pytest.mark.filterwarnings("error")
def test_the_error_comes_alone_without_a_warning_for_each_pass():
    net = museum.DividedByProbability(**museum.DividedByProbability.settings)
    with pytest.raises(nnlib.GradientError):
        nnlib.check_gradients(net, X[:2], y[:2], sample=5)


def test_weights_that_are_not_finite_are_refused_by_name(net):
    net.params["W2"][0, 0] = np.nan
    with pytest.raises(ValueError, match="W2"):
        nnlib.check_gradients(net, X, y)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_the_relative_error_is_infinite_where_either_is_not_finite_and_right_elsewhere(bad):
    """NaN would be below no tolerance and above none: `error > tolerance` would let it pass."""
    right, spoilt = np.array([1.0, 2.0, -4.0]), np.array([bad, 2.0, -3.0])
    for error in (nnlib.relative_error(right, spoilt), nnlib.relative_error(spoilt, right)):
        assert error.tolist() == [np.inf, 0.0, 0.25]
    assert nnlib.relative_error([bad], [bad]).tolist() == [np.inf]


def test_the_relative_error_is_0_where_both_are_0_and_refuses_other_shapes():
    assert nnlib.relative_error(np.zeros(3), np.zeros(3)).tolist() == [0, 0, 0]
    assert nnlib.relative_error(0.5, 0.25) == 0.5
    with pytest.raises(ValueError, match=r"gradient's shape, \(3,\); got \(3, 1\)"):
        nnlib.relative_error(np.ones(3), np.ones((3, 1)))


# ReLU's kink


def blank_first(kind=nnlib.Network, sizes=(784, 8, 10)):
    """A network with ReLU, and images of which the first has no ink: z1 = b1 = 0 there, in every neuron."""
    images = X.astype(np.float64)
    images[0] = 0
    return kind(list(sizes), "relu", "softmax", seed=1), images, y


@pytest.mark.parametrize("h", [1e-4, 1e-5, 1e-7])
def test_z_exactly_at_the_kink_is_named_with_its_image_neuron_and_what_to_do(h):
    report = nnlib.check_gradients(*blank_first(), h=h, sample=50)
    check = report.parameters["b1"]
    assert check.error > 1e-2
    said = f"z1 is exactly 0 for image 0, neuron {check.index[0]}. ReLU has no derivative"
    help = "Another h would not help: move b1 a little, or take other images."
    assert check.kink.startswith(said) and check.kink.endswith(help)
    assert report.beside.worst < 1e-4 and f"b1: {check.kink}" in str(report)
    assert not any(report.parameters[name].kink for name in ("W1", "W2", "b2"))


def test_at_a_kink_the_error_says_so_and_calls_the_gradient_not_wrong():
    with pytest.raises(nnlib.GradientError, match="but only at a kink") as raised:
        nnlib.check_gradients(*blank_first(), sample=50, tolerance=1e-7)
    assert "z1 is exactly 0 for image 0" in str(raised.value)


def test_what_the_error_advises_helps():
    net, images, labels = blank_first()
    net.params["b1"] += 0.01
    assert nnlib.check_gradients(net, images, labels, sample=50, tolerance=1e-7).beside is None


def near_the_kink(z, layer=1):
    net = nnlib.Network([784, 8, 7, 10], "relu", seed=1).copy(np.float64)
    net.params[f"b{layer}"][3] -= net.propagate(X.astype(np.float64))[f"z{layer}"][2, 3] - z
    return net


@pytest.mark.parametrize("layer", [1, 2])
@pytest.mark.parametrize("z", [2e-6, -2e-6])
def test_z_within_reach_of_h_is_named_as_near_and_another_h_helps(layer, z):
    net = near_the_kink(z, layer)
    check = nnlib.check_gradients(net, X, y, sample=50).parameters[f"b{layer}"]
    assert check.index == (3,) and check.kink.startswith(f"z{layer} is {z:.1e}, so near to 0 that h = 1e-05 crosses it")
    assert "for image 2, neuron 3. ReLU has no derivative at 0" in check.kink and "Take a smaller h" in check.kink
    assert nnlib.check_gradients(net, X, y, sample=50, h=1e-7).worst < 1e-5
    assert nnlib.check_gradients(near_the_kink(2e-4, layer), X, y, sample=50, tolerance=1e-7).beside is None


@pytest.mark.parametrize("name", ["W1", "b1", "W2", "b2"])
def test_a_kink_elsewhere_is_no_loophole_for_a_wrong_gradient(name):
    """Not even in b1, where every entry's step crosses the kink of the blank image."""
    kind = with_gradients(lambda grads: grads.update({name: grads[name] * 1.001}))
    report = nnlib.check_gradients(*blank_first(kind), sample=50)
    assert report.parameters["b1"].kink and report.is_wrong(1e-7)
    with pytest.raises(nnlib.GradientError) as raised:
        nnlib.check_gradients(*blank_first(kind), sample=50, tolerance=1e-7)
    assert "only at a kink" not in str(raised.value)


def test_a_wrong_entry_smaller_than_the_false_alarm_of_a_kink_in_the_same_array_is_found():
    def change(grads):
        grads["b1"][5] += 1e-5

    net = near_the_kink(2e-6)
    wrong = with_gradients(change)(net.sizes, "relu")
    wrong.params = net.params
    right, wrong = (nnlib.check_gradients(kind, X, y, sample=50) for kind in (net, wrong))
    assert right.parameters["b1"].index == wrong.parameters["b1"].index == (3,)
    assert not right.is_wrong(1e-7) and wrong.is_wrong(1e-7)


def test_an_activation_without_a_kink_has_no_excuse():
    images = X.astype(np.float64)
    images[0] = 0
    report = nnlib.check_gradients(with_gradients(scale_b1)([784, 8, 10], "tanh"), images, y, sample=50)
    assert report.worst > 1e-4 and not report.parameters["b1"].kink and report.beside is None


# The museum


@pytest.mark.parametrize("exhibit", museum.EXHIBITS, ids=lambda exhibit: exhibit.__name__)
def test_the_check_finds_every_bug_of_the_museum(exhibit):
    images, labels = RNG.random((exhibit.images, 784)), np.arange(exhibit.images) % 10
    right = museum.Right(**exhibit.settings)
    right.params = exhibit(**exhibit.settings).params
    assert nnlib.check_gradients(right, images, labels, sample=100).worst < 1e-7
    with pytest.raises(nnlib.GradientError):
        nnlib.check_gradients(exhibit(**exhibit.settings), images, labels, sample=100, tolerance=1e-4)


def test_each_exhibit_has_its_right_line_beside_the_wrong_one():
    assert len({exhibit.title for exhibit in museum.EXHIBITS}) == len(museum.EXHIBITS) == 11
    for exhibit in museum.EXHIBITS:
        assert museum.wrong_lines(exhibit).count("# right: ") == 1


def test_the_first_room_needs_only_lessons_1_and_2_and_has_one_shape():
    for exhibit in museum.FIRST_ROOM:
        net = exhibit(**exhibit.settings)
        assert (net.activation, net.output, net.l2, net.dropout) == ("sigmoid", "sigmoid", 0, 0)
        assert net.sizes == [784, 10, 10] and exhibit.images == 10


def test_the_exhibit_with_nan_has_a_finite_loss_and_its_line_is_right_for_small_weights():
    exhibit, settings = museum.DividedByProbability, museum.DividedByProbability.settings
    with np.errstate(all="ignore"):
        loss, grads, a = exhibit(**settings).copy(np.float64).loss_and_gradients(X.astype(np.float64), y)
    assert np.isfinite(loss) and (a == 0).any() and all(np.isnan(g).all() for g in grads.values())
    small = exhibit(**{**settings, "init_std": None})
    assert nnlib.check_gradients(small, X, y, sample=50, tolerance=1e-7)
    with pytest.raises(nnlib.GradientError, match="b3's gradient from backpropagation must be finite; got nan"):
        nnlib.check_gradients(exhibit(**settings), X, y, sample=50)


def test_the_textbooks_slope_of_the_sigmoid_is_right_until_it_overflows():
    exhibit, settings = museum.SigmaPrimeOverflows, museum.SigmaPrimeOverflows.settings
    with pytest.raises(nnlib.GradientError, match="b1's gradient from backpropagation must be finite; got nan"):
        nnlib.check_gradients(net := exhibit(**settings), X, y, sample=50)
    net.params["b1"][0] = 0
    assert nnlib.check_gradients(net, X, y, sample=50, tolerance=1e-7)


def after_some_steps(net, steps=30):
    images, labels = RNG.random((10, 784), dtype=np.float32), np.arange(10)
    for _ in range(steps):
        for name, grad in net.loss_and_gradients(images, labels)[1].items():
            net.params[name] -= grad
    return net


WRONG = {"P": {"b2"}, "Q": {"W1", "b1"}, "R": set(), "S": {"W1", "b1"}, "T": {"W1"}, "U": {"W1", "b1", "W2", "b2"}}
WRONG |= {"A": WRONG["U"], "B": WRONG["S"], "C": WRONG["U"], "D": set(), "E": WRONG["S"], "F": WRONG["S"]}
WRONG["G"] = {"b1", "b2"}


def wrong_in(net):
    images, labels = RNG.random((10, 784)), np.arange(10)
    found = nnlib.check_gradients(net, images, labels, sample=50).parameters
    return {name for name, check in found.items() if check.error > 1e-7}


@pytest.mark.parametrize("letter", museum.STRANGERS)
def test_a_stranger_is_wrong_where_its_line_makes_it_wrong_and_one_only_after_some_steps(letter):
    net = museum.stranger(letter, seed=1)
    assert wrong_in(net) == (set() if letter == "Q" else WRONG[letter])
    assert wrong_in(after_some_steps(net)) == WRONG[letter]


def test_strangers_start_alike_and_an_unknown_one_is_told_who_there_is():
    first = museum.stranger("A", seed=2).params
    for letter in museum.STRANGERS:
        assert all(np.array_equal(p, first[name]) for name, p in museum.stranger(letter, seed=2).params.items())
    assert museum.STRANGERS.keys() == WRONG.keys()
    with pytest.raises(ValueError, match="one of A, B, .*, U; got 'Z'"):
        museum.stranger("Z")


# The numerical gradient


def test_the_numerical_gradient_is_that_of_the_lesson_and_puts_theta_back():
    theta = np.array([[2.0, 1.0]])
    assert np.allclose(nnlib.numerical_gradient(lambda: np.sum(theta**3), theta, h=0.1), [[12.01, 3.01]])
    assert theta.tolist() == [[2, 1]]


def test_with_indices_there_is_one_number_for_each_in_their_order():
    theta = np.arange(6.0).reshape(2, 3)
    found = nnlib.numerical_gradient(lambda: np.sum(theta**2), theta, indices=[(1, 2), (0, 1)])
    assert found.shape == (2,) and np.allclose(found, [10, 2])
    assert nnlib.numerical_gradient(lambda: 0.0, theta, indices=[]).shape == (0,)
    with pytest.raises(ValueError, match=r"indices must each take one entry of theta, \(2, 3\); got 1"):
        nnlib.numerical_gradient(lambda: 0.0, theta, indices=[1])
    assert theta.tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
@pytest.mark.parametrize("passes", [0, 1, 3])
def test_theta_is_put_back_where_f_raises_or_is_interrupted(error, passes):
    theta, left = np.array([0.1, 0.2]), [passes]

    def f():
        if not left[0]:
            raise error
        left[0] -= 1
        return theta.sum()

    with pytest.raises(error):
        nnlib.numerical_gradient(f, theta)
    assert theta.tolist() == [0.1, 0.2]


@pytest.mark.parametrize(
    "h, dtype",
    [
        *((h, np.float64) for h in (0, -1e-5, np.nan, np.inf, "1e-5", None, True, 1e-17)),
        (1e-8, np.float32),
    ],
    ids=str,
)
def test_a_step_that_is_no_step_is_refused_and_theta_put_back(h, dtype):
    theta = np.array([1.5], dtype)
    with pytest.raises(ValueError, match="^h must be"):
        nnlib.numerical_gradient(lambda: theta.sum(), theta, h)
    assert theta[0] == 1.5
    with pytest.raises(ValueError, match="^h must be"):
        nnlib.check_gradients(
            nnlib.Network([5, 4, 3]), np.ones((1, 5)), np.array([0]), h=h if dtype == np.float64 else 0
        )


@pytest.mark.parametrize("theta", [[1.0, 2.0], 1.5, np.array([1, 2]), np.array([True]), None], ids=str)
def test_a_theta_that_is_no_array_of_floats_is_refused(theta):
    with pytest.raises(TypeError, match="theta must be the array of floats that f looks at, got"):
        nnlib.numerical_gradient(lambda: 0.0, theta)


@pytest.mark.parametrize("value", [np.ones(1), np.ones(3), [1.0], None, "1", 1j, True], ids=str)
def test_an_f_that_returns_no_number_is_refused_and_theta_put_back(value):
    theta = np.array([1.5])
    with pytest.raises(TypeError, match="f must return one number, got"):
        nnlib.numerical_gradient(lambda: value, theta)
    assert theta[0] == 1.5
    with pytest.raises(TypeError, match="f must be a function"):
        nnlib.numerical_gradient(value, theta)


def test_integers_are_refused_in_a_gradient_check(net):
    with pytest.raises(TypeError, match="int64"):
        nnlib.check_gradients(net, (X > 0.5).astype(np.int64), y)
    net.params["W1"] = net.params["W1"].astype(int)
    with pytest.raises(TypeError, match="W1"):
        nnlib.check_gradients(net, X, y)


@pytest.mark.parametrize(
    "name, value",
    [
        ("sample", 0),
        ("sample", 2.5),
        ("sample", "3"),
        ("tolerance", -1e-7),
        ("tolerance", np.nan),
        ("tolerance", "1e-7"),
    ],
)
def test_a_sample_or_tolerance_that_makes_no_sense_is_refused(net, name, value):
    with pytest.raises(ValueError, match=f"^{name} must be"):
        nnlib.check_gradients(net, X[:1], y[:1], **{name: value})
