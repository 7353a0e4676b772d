"""The exercises of lesson 2: paths that add, layers backwards, pictures without a backward pass, and a forecast."""

import numpy as np

from nnlib.activations import sigmoid
from nnlib.check.exercises import Exercise
from nnlib.check.exercises.written import loops

# 2.1


def shared_weight(x, w, y):
    return _late(x, w, y) + _early(x, w, y)


def _late(x, w, y):
    """The path that enters at the second neuron."""
    h, dz2 = _two_neurons(x, w, y)
    return dz2 * h


def _early(x, w, y):
    """The path that enters at the first neuron."""
    h, dz2 = _two_neurons(x, w, y)
    return dz2 * w * h * (1 - h) * x


def _two_neurons(x, w, y):
    h = sigmoid(w * x)
    a = sigmoid(w * h)
    return h, (a - y) * a * (1 - a)


def _without_the_weight_between(x, w, y):
    h, dz2 = _two_neurons(x, w, y)
    return dz2 * h + dz2 * h * (1 - h) * x


def _without_the_first_slope(x, w, y):
    h, dz2 = _two_neurons(x, w, y)
    return dz2 * h + dz2 * w * x


def _without_the_last_slope(x, w, y):
    h = sigmoid(w * x)
    da = sigmoid(w * h) - y
    return da * h + da * w * h * (1 - h) * x


# 2.2


def tanh_layer(x, W, a, da):
    return _layer(x, W, da * (1 - a**2))


def _layer(x, W, dz):
    return x.T @ dz, dz.sum(axis=0), dz @ W.T


def _tanh_inputs(rng):
    n, m, k = rng.choice(np.arange(2, 9), 3, replace=False)
    x, W = rng.normal(size=(n, m)), rng.normal(size=(m, k))
    return x, W, np.tanh(x @ W + rng.normal(size=k)), rng.normal(size=(n, k))


def _tanh_mean(x, W, a, da):
    dW, db, dx = tanh_layer(x, W, a, da)
    return dW, db / len(x), dx


def _tanh_inputs_too_early(x, W, a, da):
    dW, db, _ = tanh_layer(x, W, a, da)
    return dW, db, da @ W.T


# 2.3


def skip_backward(dy, layer_backward):
    return dy + layer_backward(dy)


def _skip_inputs(rng):
    n, m = rng.choice(np.arange(2, 9), 2, replace=False)
    W = rng.normal(size=(m, m))
    return rng.normal(size=(n, m)), lambda dy: dy @ W.T


# 2.4


def gradients(X, Y, W1, b1, W2, b2):
    return _two_layers(X, Y, W1, b1, W2, b2, lambda a: a * (1 - a), lambda a: a * (1 - a))


def _two_layers(X, Y, W1, b1, W2, b2, hidden_slope, output_slope):
    a1 = sigmoid(X @ W1 + b1)
    a2 = sigmoid(a1 @ W2 + b2)
    dz2 = (a2 - Y) * output_slope(a2) / len(X)
    dz1 = dz2 @ W2.T * hidden_slope(a1)
    return X.T @ dz1, dz1.sum(axis=0), a1.T @ dz2, dz2.sum(axis=0)


def _two_layer_inputs(rng):
    n, m, h, k = rng.choice(np.arange(2, 9), 4, replace=False)
    Y = np.eye(k)[rng.integers(0, k, n)]
    return (
        rng.random((n, m)),
        Y,
        rng.normal(size=(m, h)),
        rng.normal(size=h),
        rng.normal(size=(h, k)),
        rng.normal(size=k),
    )


def _times(factor):
    """All four gradients, times a factor that may depend on n."""
    return lambda *given: tuple(factor(len(given[0])) * d for d in gradients(*given))


def _mean_biases(*given):
    dW1, db1, dW2, db2 = gradients(*given)
    return dW1, db1 / len(given[0]), dW2, db2 / len(given[0])


def _library_order(*given):
    dW1, db1, dW2, db2 = gradients(*given)
    return dW2, db2, dW1, db1


# 2.5


def one_matrix(a, W, Y):
    return sum(_one_matrix_layers(a, W, Y))


def _one_matrix_layers(a, W, Y, slope=lambda a: a * (1 - a), n=None):
    """What each layer adds to dW, from the last layer to the first."""
    dz, added = (a[-1] - Y) * a[-1] * (1 - a[-1]) / (n or len(Y)), []
    for before in a[-2::-1]:
        added.append(before.T @ dz)
        dz = dz @ W.T * slope(before)
    return added


def _deep(layers):
    """Inputs with so many layers."""

    def inputs(rng):
        n, h = rng.choice(np.arange(2, 9), 2, replace=False)
        W, a = rng.normal(size=(h, h)), [rng.random((n, h))]
        for _ in range(layers(rng)):
            a.append(sigmoid(a[-1] @ W))
        return a, W, rng.random((n, h))

    return inputs


# 2.6


def predicted_pictures(X, y, W2):
    return X.T @ _blame(y, W2) / (4 * len(X))


def _blame(y, W2, half=0.5, sign=1):
    return sign * (half * W2.sum(axis=1, keepdims=True) - W2[:, y]).T


def one_image_at_a_time(X, y, W2):
    """Right, with a loop."""
    total = np.zeros((X.shape[1], len(W2)))
    for image, digit in zip(X, y, strict=True):
        total += np.outer(image, 0.5 * W2.sum(axis=1) - W2[:, digit])
    return total / (4 * len(X))


def _picture_inputs(rng):
    n, m, h = rng.choice(np.arange(2, 9), 3, replace=False)
    return rng.random((n, m)), rng.integers(0, 10, n), rng.normal(size=(h, 10))


# 2.7


def predicted_by_signs(grads, lr):
    return _of_all(lambda d: np.sum(np.abs(d)))(grads, lr)


def _of_all(f):
    return lambda grads, lr: -lr * f(np.concatenate([grad.ravel() for grad in grads.values()]))


def _grads_inputs(rng):
    m, h, k = rng.choice(np.arange(2, 9), 3, replace=False)
    shapes = {"W1": (m, h), "b1": h, "W2": (h, k), "b2": k}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}, float(rng.uniform(0.01, 0.5))


EXERCISES = {
    1: Exercise(
        title="One weight, used twice",
        hints=(
            "Go forward first: `h`, then `a`. Then back: `dz2` of the second neuron, `dh`, `dz1` of the first.",
            "Where $w$ acts in the second neuron, it has the slope $h$. In the first, it has the slope $x$. "
            "Over several paths, slopes add.",
            "On the way from `dz2` to `dh` you cross the second neuron's weight: `dh = dz2 * w`.",
        ),
        reference=shared_weight,
        inputs=lambda rng: (*(float(v) for v in rng.normal(0, 1.5, 2)), float(rng.random())),
        mistakes=(
            (
                _late,
                "that is one of the two paths. w acts in the first neuron too: go through both, σ within σ.",
            ),
            (_early, "that is the long path alone. w acts directly in the second neuron as well: add that path."),
            (
                lambda *given: _late(*given) * _early(*given),
                "the two paths are right, but you multiplied them. Over several paths slopes add.",
            ),
            (
                _without_the_weight_between,
                "the long path crosses the second neuron's weight on its way back: a factor w is missing.",
            ),
            (_without_the_first_slope, "the slope of the first sigmoid, h (1 − h), is missing on the long path."),
            (_without_the_last_slope, "the slope of the last sigmoid, a (1 − a), is missing."),
            (lambda *given: -shared_weight(*given), "the sign is wrong: da is a − y."),
        ),
    ),
    2: Exercise(
        title="A layer of tanh",
        hints=(
            "The three rules of a layer start from `dz`. Only the step from `da` to `dz` is new.",
            r"$\tanh u = \dfrac{e^u - e^{-u}}{e^u + e^{-u}}$. The quotient rule gives "
            r"$\dfrac{(e^u + e^{-u})^2 - (e^u - e^{-u})^2}{(e^u + e^{-u})^2}$. Divide both terms by the denominator.",
        ),
        reference=tanh_layer,
        single=lambda x, W, a, da: (x[:1], W, a[:1], da[:1]),
        inputs=_tanh_inputs,
        mistakes=(
            (lambda x, W, a, da: _layer(x, W, da), "the slope of tanh is missing between da and dz."),
            (
                lambda x, W, a, da: _layer(x, W, da * a * (1 - a)),
                "a (1 − a) is the slope of the sigmoid. This layer has tanh.",
            ),
            (
                lambda x, W, a, da: _layer(x, W, da * (1 - np.tanh(a) ** 2)),
                "a is tanh(z) already: no second tanh.",
            ),
            (lambda x, W, a, da: _layer(x, W, da * (1 - a)), "the slope of tanh has a square: 1 − tanh²."),
            (
                lambda x, W, a, da: _layer(x, W, da * (1 + a**2)),
                "a sign is wrong in the slope of tanh: can it ever be larger than 1?",
            ),
            (_tanh_mean, "db is a mean over the images. Over several paths slopes add: take the sum."),
            (
                _tanh_inputs_too_early,
                "dW and db are right, but dx comes from da. It has to go through the tanh first: use dz.",
            ),
            (
                lambda x, W, a, da: (lambda dW, db, dx: (dW, dx, db))(*tanh_layer(x, W, a, da)),
                "all three are right, in the wrong order. Return dW, db, dx.",
            ),
        ),
    ),
    3: Exercise(
        title="A shortcut for the gradient",
        hints=(
            "Draw the graph. Along how many paths does $x$ reach $y$?",
            "One path goes through the layer, and `layer_backward` knows how to come back along it. What is the slope "
            "of the other?",
        ),
        reference=skip_backward,
        inputs=_skip_inputs,
        mistakes=(
            (
                lambda dy, layer_backward: layer_backward(dy),
                "that is the path through the layer. x reaches y along the shortcut as well.",
            ),
            (lambda dy, layer_backward: dy, "that is the shortcut alone. x reaches y through the layer as well."),
            (
                lambda dy, layer_backward: dy * layer_backward(dy),
                "you multiplied the two paths. Along one path slopes multiply; over several they add.",
            ),
            (
                lambda dy, layer_backward: skip_backward(dy, layer_backward) / 2,
                "that is the mean of the two paths. Over several paths slopes add.",
            ),
            (
                lambda dy, layer_backward: 1 + layer_backward(dy),
                "the slope of the shortcut is 1, but it still has to be multiplied by what comes in from behind, dy.",
            ),
        ),
    ),
    4: Exercise(
        title="The whole way, forward and back",
        hints=(
            "Two lines forward, `a1` and `a2`. Then `dz2`, and from it `dW2` and `db2`; then `dz1`, and from it the "
            "other two.",
            "`dz2` is (n, k): the error, times the slope of the sigmoid, over n. That is the only place for n.",
            "`dz1` is (n, h): `dz2` comes back through `W2.T`, and then through the sigmoid's slope at `a1`.",
        ),
        reference=gradients,
        single=lambda X, Y, *params: (X[:1], Y[:1], *params),
        inputs=_two_layer_inputs,
        mistakes=(
            (_times(lambda n: n), "the 1/n of the mean is missing: the loss is the mean over the batch."),
            (
                _times(lambda n: 1 / n),
                "the 1/n of the mean comes in twice. It belongs in dz2; all others inherit it.",
            ),
            (_times(lambda n: 2), "twice too large: the ½ of the loss cancels the 2 of the square."),
            (_times(lambda n: -1), "the sign is wrong: the derivative of the loss for a2 is a2 − Y, over n."),
            (
                lambda *given: _two_layers(*given, lambda a: 1, lambda a: a * (1 - a)),
                "layer 2 is right. On the way back into layer 1 the slope of the sigmoid, a1 (1 − a1), is missing.",
            ),
            (
                lambda *given: _two_layers(*given, lambda a: a * (1 - a), lambda a: 1),
                "dz2 lacks the slope of the output's sigmoid, a2 (1 − a2).",
            ),
            (
                lambda *given: _two_layers(*given, lambda a: 1, lambda a: 1),
                "the slope of the sigmoid, a (1 − a), is missing in both layers.",
            ),
            (_mean_biases, "dW1 and dW2 are right. For db1 and db2 take the sum over the images, not the mean."),
            (_library_order, "all four are right, in another order. Return dW1, db1, dW2, db2."),
        ),
    ),
    5: Exercise(
        title="One matrix for every layer",
        hints=(
            "Take the loop of the lesson. In every round it finds what `dW` would be if only that layer used $W$.",
            "$W$ acts in every layer. Over several paths slopes add: begin with zeros, and let every layer add its "
            "`a[l - 1].T @ dz`.",
        ),
        reference=one_matrix,
        inputs=_deep(lambda rng: int(rng.integers(3, 6))),
        mistakes=(
            (
                lambda a, W, Y: _one_matrix_layers(a, W, Y)[0],
                "that is the last layer's part. W acts in all the layers in front of it as well: go on, and add.",
            ),
            (
                lambda a, W, Y: _one_matrix_layers(a, W, Y)[-1],
                "that is the first layer's part alone: each round replaces dW. Use +=, and every part stays.",
            ),
            (
                lambda a, W, Y: one_matrix(a, W, Y) / (len(a) - 1),
                "that is the mean over the layers. Over several paths slopes add: take the sum.",
            ),
            (
                lambda a, W, Y: sum(_one_matrix_layers(a, W, Y, slope=lambda a: 1)),
                "the slope of the sigmoid, a (1 − a), is missing when dz goes from one layer to the one before.",
            ),
            (
                lambda a, W, Y: sum(_one_matrix_layers(a, W, Y, n=1)),
                "the 1/n of the mean is missing: the loss is the mean over the batch.",
            ),
            (
                lambda a, W, Y: sum(_one_matrix_layers(a, W.T, Y)),
                "on the way back dz goes through W transposed: dz @ W.T.",
            ),
            (
                lambda a, W, Y: sum(_one_matrix_layers(a, W, Y)[:-1]),
                "the first layer's part is missing: the loop stops one layer too early.",
            ),
        ),
        extreme=((_deep(lambda rng: 1), "a network of one layer"),),
    ),
    6: Exercise(
        title="Pictures without backpropagation",
        hints=(
            "Go through ①, ④ and ⑤ as the lesson did, and ask each time: what changes if the hidden layer is tanh?",
            "$z_1$ is close to 0, so $a_1$ and $z_2$ are close to 0 too, and $a_2$ is close to ½: ① and ④ stay. "
            "The slope of tanh at 0 is 1, not ¼.",
            "`W2[:, y]` is (h, n): in column i the weights that lead to the digit of image i.",
        ),
        reference=predicted_pictures,
        single=lambda X, y, W2: (X[:1], y[:1], W2),
        inputs=_picture_inputs,
        mistakes=(
            (
                lambda X, y, W2: predicted_pictures(X, y, W2) / 4,
                "a quarter of the right answer: that is the formula for sigmoids. What is the slope of tanh at 0?",
            ),
            (
                lambda X, y, W2: predicted_pictures(X, y, W2) * len(X),
                "the 1/n of the mean is missing.",
            ),
            (
                lambda X, y, W2: X.T @ _blame(y, W2, half=0) / (4 * len(X)),
                "that is the blame from the right digit's output alone. The other nine count too: add half the sum of "
                "the neuron's weights.",
            ),
            (
                lambda X, y, W2: X.T @ _blame(y, W2, half=1) / (4 * len(X)),
                "the sum over the ten outputs needs a factor ½: at each of them the error is ½ or −½.",
            ),
            (
                lambda X, y, W2: X.T @ _blame(y, W2, sign=-1) / (4 * len(X)),
                "that is the way down. The gradient points up: the other sign.",
            ),
            (lambda X, y, W2: _blame(y, W2) / (4 * len(X)), "that is dz1, the blame. dW1 is X transposed times dz1."),
        ),
        second=(
            (
                loops,
                "It can do without a loop: W2[:, y] has a column for each image, and X.T @ dz1 adds over them.",
                one_image_at_a_time,
            ),
        ),
    ),
    7: Exercise(
        title="A step that looks only at the signs",
        hints=(
            "`grads.values()` runs through the arrays. Every entry of each of them counts, the biases too.",
            "A move changes the loss by about the derivative times the move. Here the move is `-lr` times the sign of "
            "the derivative.",
            "A number times its own sign is its absolute value.",
        ),
        reference=predicted_by_signs,
        inputs=_grads_inputs,
        mistakes=(
            (
                _of_all(lambda d: np.sum(d**2)),
                "that is the prediction for the lesson's step, where each move is as large as its derivative. Here all "
                "moves have the same size.",
            ),
            (
                lambda grads, lr: -predicted_by_signs(grads, lr),
                "the sign is wrong: each move goes downhill, so the change is below 0.",
            ),
            (
                _of_all(np.sum),
                "some derivatives are negative, and there the move is upwards: both signs turn, and the loss falls. "
                "Take absolute values.",
            ),
            (_of_all(np.size), "that is how far all the numbers move. What each move does depends on its derivative."),
            (
                _of_all(lambda d: np.mean(np.abs(d))),
                "that is the mean. Every weight adds its own change: take the sum.",
            ),
            (
                lambda grads, lr: predicted_by_signs({k: d for k, d in grads.items() if k[0] == "W"}, lr),
                "the biases are missing. They move, too.",
            ),
        ),
    ),
}
