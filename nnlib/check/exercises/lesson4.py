"""The exercises of lesson 4: batches, an epoch's loss, a neuron's training, down a parabola, and a small network."""

from functools import partial

import numpy as np

from nnlib.check.exercises import Exercise, Project
from nnlib.check.exercises.measure import measure_training

PARAMETERS, IMAGES, GOAL = 8_000, 10_000, 0.87  # of exercise 4.5; `SGD(2.0)`, batches of 20, 10 epochs: 0.902 ± 0.004


def batch_bounds(n, batch_size):
    first = np.arange(0, n, batch_size)
    return np.stack([first, np.minimum(first + batch_size, n)], axis=1)


def _bounds_without_rest(n, batch_size):
    return batch_bounds(n - n % batch_size, batch_size)


def _bounds_beyond_the_end(n, batch_size):
    first = np.arange(0, n, batch_size)
    return np.stack([first, first + batch_size], axis=1)


def _bounds_with_last_image(n, batch_size):
    return batch_bounds(n, batch_size) - [0, 1]


def _whole_batches(rng):
    batch_size = int(rng.integers(3, 9))
    return batch_size * int(rng.integers(3, 7)), batch_size


def _bounds_inputs(rng):
    n, batch_size = _whole_batches(rng)
    return n + int(rng.integers(1, batch_size)), batch_size


def epoch_loss(losses, sizes):
    return np.sum(losses * sizes) / np.sum(sizes)


def _loss_inputs(rng):
    size, last = int(rng.integers(20, 60)), int(rng.integers(1, 15))
    return rng.uniform(0.1, 1.5, 6), np.array([size] * 5 + [last])


def fit(w, X, y, lr, batch_size, epochs):
    return _fit(w, X, y, lr, batch_size, epochs, gradient=lambda X, a, y: X.T @ (a - y) / len(X))


def _fit(w, X, y, lr, batch_size, epochs, gradient, step=-1):
    for _ in range(epochs):
        for first in range(0, len(X), batch_size):
            X_batch, y_batch = X[first : first + batch_size], y[first : first + batch_size]
            w = w + step * lr * gradient(X_batch, X_batch @ w, y_batch)
    return w


def _fit_uphill(w, X, y, lr, batch_size, epochs):
    return _fit(w, X, y, lr, batch_size, epochs, lambda X, a, y: X.T @ (a - y) / len(X), step=+1)


def _fit_with_sums(w, X, y, lr, batch_size, epochs):
    return _fit(w, X, y, lr, batch_size, epochs, lambda X, a, y: X.T @ (a - y))


def _fit_with_batch_size(w, X, y, lr, batch_size, epochs):
    return _fit(w, X, y, lr, batch_size, epochs, lambda X, a, y: X.T @ (a - y) / batch_size)


def _fit_with_factor_2(w, X, y, lr, batch_size, epochs):
    return _fit(w, X, y, lr, batch_size, epochs, lambda X, a, y: 2 * X.T @ (a - y) / len(X))


def _fit_without_rest(w, X, y, lr, batch_size, epochs):
    whole = len(X) - len(X) % batch_size
    return fit(w, X[:whole], y[:whole], lr, batch_size, epochs)


def _fit_in_full_batches(w, X, y, lr, batch_size, epochs):
    return fit(w, X, y, lr, len(X), epochs)


def _fit_one_epoch(w, X, y, lr, batch_size, epochs):
    return fit(w, X, y, lr, batch_size, 1)


def _fit_one_batch(w, X, y, lr, batch_size, epochs):
    return fit(w, X[:batch_size], y[:batch_size], lr, batch_size, 1)


def _fit_batch_by_batch(w, X, y, lr, batch_size, epochs):
    for first in range(0, len(X), batch_size):
        w = fit(w, X[first : first + batch_size], y[first : first + batch_size], lr, batch_size, epochs)
    return w


def _fit_inputs(rng):
    X = rng.normal(size=(23, 4))
    y = X @ rng.normal(size=4) + 0.1 * rng.normal(size=23)
    return rng.normal(size=4), X, y, float(rng.uniform(0.05, 0.2)), int(rng.integers(4, 7)), 3


def theta_after(theta, lr, c, steps):
    return theta * (1 - lr * c) ** steps


def _valley(rng):
    """Near or beyond the limit 2, and never so near to 1 that theta vanishes."""
    c, factor = float(rng.uniform(1.5, 5)), rng.choice([-1, 1]) * float(rng.uniform(0.4, 1.3))
    return float(rng.uniform(1, 5)), float((1 - factor) / c), c, int(rng.integers(2, 9))


EXERCISES = {
    1: Exercise(
        title="Cut n images into batches",
        hints=(
            "The firsts are 0, `batch_size`, 2 · `batch_size`, … below `n`. `np.arange` takes a step as its third "
            "argument.",
            "Each end is first + `batch_size`, but never above `n`: `np.minimum`.",
            "`np.stack([first, end], axis=1)` makes two columns of two arrays.",
        ),
        reference=batch_bounds,
        inputs=_bounds_inputs,
        mistakes=(
            (
                _bounds_without_rest,
                "the last batch is missing. It is smaller than the others, but its images count, too.",
            ),
            (_bounds_beyond_the_end, "the last end lies beyond n. There are no more images than n."),
            (_bounds_with_last_image, "every end is one too small: X[first:end] stops before end."),
        ),
        extreme=(
            (_whole_batches, "a number of images that batch_size divides"),
            (lambda rng: (4, 10), "a batch_size above n"),
        ),
    ),
    2: Exercise(
        title="The loss of an epoch",
        hints=(
            "A batch's mean times its number of images is the batch's sum.",
            "The sum over all images, divided by how many images there are.",
        ),
        reference=epoch_loss,
        inputs=_loss_inputs,
        mistakes=(
            (
                lambda losses, sizes: np.mean(losses),
                "that is the mean over the batches. The last batch is smaller, so it must count less.",
            ),
            (
                lambda losses, sizes: np.sum(losses),
                "that is the sum of the batches' means. Look for the mean over all images.",
            ),
            (
                lambda losses, sizes: np.mean(losses * sizes),
                "divide by the number of images, not by the number of batches.",
            ),
            (
                lambda losses, sizes: np.sum(losses * sizes),
                "that is the sum over all images. Divide it by how many there are.",
            ),
            (
                lambda losses, sizes: np.sum(losses) / np.sum(sizes),
                "a batch's loss is a mean already: weigh it with the batch's size first.",
            ),
        ),
    ),
    3: Exercise(
        title="Train a neuron",
        hints=(
            "`train_by_hand` above has the two loops. Only the gradient is new.",
            r"With $da = (a - y)/n$, shape (n,), the gradient is $dw = X^\top da$, shape (d,). The $n$ is the number "
            r"of rows "
            "of *this* batch.",
            "`w -= …` changes the array that came in. `w = w - …` makes a new one.",
        ),
        reference=fit,
        inputs=_fit_inputs,
        mistakes=(
            (_fit_uphill, "the steps go uphill. A step goes against the gradient."),
            (
                _fit_with_sums,
                "the gradient is the sum over the batch. The loss is a mean, so divide by the number of rows.",
            ),
            (
                _fit_with_batch_size,
                "the last batch is smaller: divide its gradient by its own number of rows, not by batch_size.",
            ),
            (_fit_with_factor_2, "the gradient is twice too large. The derivative of ½(a − y)² is a − y."),
            (_fit_without_rest, "the last, smaller batch is left out."),
            (_fit_in_full_batches, "that is one step with all rows in each epoch. Take a step after every batch."),
            (_fit_one_batch, "it returns after the first batch: is the return too far to the right?"),
            (
                _fit_batch_by_batch,
                "each batch is used epochs times before the next one comes. The epochs are the outer loop.",
            ),
            (_fit_one_epoch, "that is one epoch. Go through the rows epochs times."),
        ),
    ),
    4: Exercise(
        title="Where will it be?",
        hints=(
            r"What is $dL/d\theta$ for $L = \tfrac12 c\,\theta^2$? Put it into one step.",
            "One step multiplies theta by the same factor each time. What do `steps` of them do?",
        ),
        reference=theta_after,
        inputs=_valley,
        mistakes=(
            (lambda theta, lr, c, steps: theta * (1 - lr) ** steps, "c is missing: the slope of ½ c θ² is c θ."),
            (
                lambda theta, lr, c, steps: theta * (1 - steps * lr * c),
                "that is one step, steps times as large. Each step begins where the last one ended.",
            ),
            (
                lambda theta, lr, c, steps: theta * (1 + lr * c) ** steps,
                "the sign is wrong: that climbs. A step goes against the slope.",
            ),
            (
                lambda theta, lr, c, steps: theta * np.exp(-lr * c * steps),
                "that is the limit of many tiny steps. These are steps of a size: 1 − ηc, again and again.",
            ),
            (lambda theta, lr, c, steps: theta - lr * c * steps, "the slope is c θ, not c: it changes with theta."),
            (
                lambda theta, lr, c, steps: theta * (1 - lr * c / 2) ** steps,
                "the ½ of the loss cancels the 2 of the square: the slope is c θ.",
            ),
            (lambda theta, lr, c, steps: theta_after(theta, lr, c, 1), "that is one step. Take steps of them."),
        ),
    ),
    5: Project(
        title="Ten hidden units",
        hints=(
            "Count first: 784 · h + h weights and biases lead to h hidden units, and 10 · h + 10 on to the outputs. "
            "Which h "
            "still fits?",
            "Lesson 4's settings bring it to about 80 %. Look at the sections on the learning rate and on the batch "
            "size: "
            "with so few images, more and larger steps pay.",
            "`nnlib.train(net, X, y, epochs=…, batch_size=…, optimizer=nnlib.SGD(lr=…), progress=False)` trains "
            "`net` in "
            "place. Try learning rates from 1 to 3 and batches of 20.",
        ),
        judge=partial(measure_training, parameters=PARAMETERS, images=IMAGES, goal=GOAL),
    ),
}
