"""The exercises of lesson 1: a picture's rows, a layer, the loss, a safe sigmoid, and a prediction."""

from itertools import pairwise

import numpy as np

from nnlib.activations import sigmoid
from nnlib.check.exercises import Exercise
from nnlib.network import Network

# 1.1


def ink_per_row(X):
    return X.reshape(-1, 28, 28).sum(axis=2)


# 1.2


def layer(X, W, b):
    return sigmoid(X @ W + b)


def _layer_inputs(rng):
    n, m, k = rng.choice(np.arange(2, 9), 3, replace=False)
    return rng.random((n, m)), rng.normal(size=(m, k)), rng.normal(size=k)


# 1.3


def constant_loss(c, k):
    return 0.5 * ((1 - c) ** 2 + (k - 1) * c**2)


# 1.4


def loss_from_labels(a, y):
    return 0.5 * np.sum((a - np.eye(a.shape[1])[y]) ** 2) / len(y)


def _labels_inputs(rng):
    n, k = rng.integers(4, 9), rng.integers(3, 12)
    return rng.random((n, k)), rng.integers(0, k, n)


# 1.5


def sigmoid_that_breaks(z):
    e = np.exp(z)
    return e / (1 + e)


def _far(sign):
    return lambda rng: (sign * rng.uniform(999, 1001, 4),)


# 1.6


def predict_start(sizes):
    """Measured, not computed: all weights are 0, so that every output is σ(0)."""
    net = Network(sizes, init_std=0.0)
    loss = net.loss(np.ones((3, sizes[0])), np.arange(3) % sizes[-1])
    return sum(p.size for p in net.params.values()), loss


def _count_of(sizes, biases):
    return sum(n_in * n_out for n_in, n_out in pairwise(sizes)) + sum(biases)


def _loss_of(loss):
    return lambda sizes: (predict_start(sizes)[0], loss(sizes[-1]))


EXERCISES = {
    1: Exercise(
        title="The ink of each row",
        hints=(
            "28 rows of 28 pixels make one picture. With `reshape`, `X` gets three axes: pictures, rows, columns.",
            'In `X.reshape(-1, 28, 28)` the −1 stands for "as many as there are". Over which axis must the sum go, '
            "so that "
            "pictures and rows are left?",
        ),
        reference=ink_per_row,
        inputs=lambda rng: (rng.random((int(rng.integers(3, 9)), 784)),),
        mistakes=(
            (
                lambda X: X.reshape(-1, 28, 28).sum(axis=1),
                "that is the ink of each column. The axes are pictures, rows, columns: sum over the last.",
            ),
            (lambda X: X.sum(axis=1), "that is the ink of each whole picture. Cut every picture into 28 rows first."),
            (lambda X: X.reshape(-1, 28, 28).mean(axis=2), "that is the mean of each row. Its ink is the sum."),
            (
                lambda X: X.reshape(-1, 28, 28).sum(axis=(0, 2)),
                "the pictures are added up, too. Keep one row of 28 numbers for each.",
            ),
        ),
        single=lambda X: (X[:1],),
    ),
    2: Exercise(
        title="One layer",
        hints=(
            "First the weighted input `z` of shape (n, k), then its sigmoid. `nnlib.sigmoid` is allowed.",
            "Write the shapes side by side: (n, m) @ (m, k) is (n, k). NumPy adds `b` to each row.",
        ),
        reference=layer,
        inputs=_layer_inputs,
        mistakes=(
            (lambda X, W, b: X @ W + b, "that is z. The sigmoid of it is missing."),
            (lambda X, W, b: sigmoid(X @ W), "the bias is missing."),
            (lambda X, W, b: sigmoid(X @ W) + b, "the bias belongs inside the sigmoid: σ(XW + b)."),
            (lambda X, W, b: sigmoid(X @ W - b), "the bias is added, not subtracted."),
        ),
        single=lambda X, W, b: (X[:1], W, b),
    ),
    3: Exercise(
        title="A network that ignores the picture",
        hints=(
            r"One output should be 1, and is wrong by $1 - c$. How many should be 0, and how wrong are they?",
            r"Check your formula: for $c = \tfrac12$ and $k = 10$ it must give 1.25.",
        ),
        reference=constant_loss,
        inputs=lambda rng: (float(rng.uniform(0.05, 0.95)), int(rng.integers(3, 30))),
        mistakes=(
            (lambda c, k: 2 * constant_loss(c, k), "the factor ½ is missing."),
            (lambda c, k: 0.5 * k * c**2, "one of the k outputs should be 1: it is wrong by 1 − c, not by c."),
            (
                lambda c, k: 0.5 * ((1 - c) ** 2 + k * c**2),
                "k − 1 outputs should be 0, and one should be 1. That is one too many.",
            ),
            (lambda c, k: 0.5 * ((1 - c) ** 2 + c**2), "k − 1 outputs should be 0; each of them counts."),
            (lambda c, k: constant_loss(c, k) / k, "the loss is the sum over the k outputs, not their mean."),
        ),
    ),
    4: Exercise(
        title="The loss from labels",
        hints=(
            "`np.eye(k)[y]` has the shape of `a`. Where do you get k from?",
            "`np.mean` of all the squares divides by n · k. The loss divides by n.",
        ),
        reference=loss_from_labels,
        inputs=_labels_inputs,
        mistakes=(
            (
                lambda a, y: 0.5 * np.mean((a - np.eye(a.shape[1])[y]) ** 2),
                "that is divided by n · k, the number of entries. Divide by n, the number of pictures.",
            ),
            (
                lambda a, y: np.mean((a - np.eye(a.shape[1])[y]) ** 2),
                "the factor ½ is missing, and that is divided by n · k. Divide by n, the number of pictures.",
            ),
            (lambda a, y: 2 * loss_from_labels(a, y), "the factor ½ is missing."),
            (
                lambda a, y: loss_from_labels(a, y) * len(y),
                "that is the sum over the pictures. Divide by n for the mean.",
            ),
            (lambda a, y: 2 * loss_from_labels(a, y) * len(y), "the factor ½ is missing, and so is the division by n."),
            (
                lambda a, y: 0.5 * np.sum((a - np.eye(a.shape[1])[y]) ** 2, axis=1),
                "that is one loss for each picture. Take their mean.",
            ),
        ),
        single=lambda a, y: (a[:1], y[:1]),
    ),
    5: Exercise(
        title="The sigmoid that breaks",
        hints=(
            r"Where does it break? Try `sigmoid_that_breaks(np.array([-1000.0, 0.0, 1000.0]))`. $e^{1000}$ is more "
            r"than a float can hold.",
            r"The lesson has a form with $\tanh$, which stays between −1 and 1 whatever comes.",
            r"Another way: $e^{-|z|}$ is never above 1. With it, $\sigma(z)$ is $\dfrac{1}{1 + e^{-|z|}}$ for $z \ge "
            r"0$, and the rest "
            r"from $\sigma(-z) = 1 - \sigma(z)$. `np.where(condition, a, b)` chooses.",
        ),
        reference=sigmoid,
        inputs=lambda rng: (rng.normal(0, 3, 8),),
        mistakes=(
            (lambda z: sigmoid(-z), "the sign of z is wrong: where z is large, σ must be near 1."),
            (lambda z: np.tanh(z / 2), "tanh runs from −1 to 1. Add 1, and take the half."),
            (lambda z: 0.5 * (1 + np.tanh(z)), "that rises twice as fast: it is σ(2z). The half of z belongs in tanh."),
            (lambda z: 1 / (1 + np.exp(-np.abs(z))), "that is right for z above 0. Below 0 take σ(−z) = 1 − σ(z)."),
        ),
        untouched=sigmoid_that_breaks,
        extreme=((_far(1), "z near 1000"), (_far(-1), "z near −1000")),
    ),
    6: Exercise(
        title="How many numbers, and what loss?",
        hints=(
            "From a layer of n_in units to one of n_out go n_in · n_out weights, and each of the n_out units has one "
            "bias. "
            "`zip(sizes, sizes[1:])` runs through the pairs.",
            r"With tiny weights every output is $\sigma(0) = \tfrac12$, whatever the picture. There are `sizes[-1]` "
            r"of them, each wrong by ½.",
            "For `[784, 100, 10]` it must be 79,510 and 1.25.",
        ),
        reference=predict_start,
        inputs=lambda rng: ([int(n) for n in rng.choice(np.r_[2:10, 11:40], rng.integers(3, 6), replace=False)],),
        mistakes=(
            (lambda s: (_count_of(s, []), predict_start(s)[1]), "the biases are missing from the count."),
            (
                lambda s: (_count_of(s, s), predict_start(s)[1]),
                "the inputs have no biases: only the layers after them do.",
            ),
            (_loss_of(lambda k: k / 4), "the count is right; in the loss the factor ½ is missing."),
            (_loss_of(lambda k: 1 / 8), "the count is right; the loss is the sum over the outputs, not their mean."),
            (_loss_of(lambda k: 1.25), "the count is right; a loss of 1.25 belongs to ten outputs."),
            (lambda s: predict_start(s)[::-1], "both are right, in the wrong order. Return the count, then the loss."),
        ),
    ),
}
