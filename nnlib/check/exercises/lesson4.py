"""The exercises of lesson 4: a valley, the loop, twenty images, noise, the ratio, a diagnosis, and a number to beat."""

import time
from functools import partial

import numpy as np

import nnlib
from nnlib._support.language import later, say
from nnlib.check.exercises import Exercise, Project, measure, written
from nnlib.data import training_digits
from nnlib.network import Network
from nnlib.optimizers import SGD
from nnlib.training import train

# 4.1


def theta_after(theta, lr, c, steps):
    return theta * (1 - lr * c) ** steps


def _valley(rng):
    """Near or beyond the limit 2, and never so near to 1 that theta vanishes."""
    c, factor = float(rng.uniform(1.5, 5)), rng.choice([-1, 1]) * float(rng.uniform(0.4, 1.3))
    return float(rng.uniform(1, 5)), float((1 - factor) / c), c, int(rng.integers(2, 9))


# 4.2


def learn(sizes, X, y, lr, batch_size, epochs):
    return _learn(sizes, X, y, lr, batch_size, epochs)


def _learn(sizes, X, y, lr, batch_size, epochs, step=-1, mean=None, names=("W1", "b1", "W2", "b2"), again=1):
    """The loop, and what can go wrong in it: `mean` makes an epoch's loss of the batches' losses and sizes."""
    net, found = Network(sizes), []
    for _ in range(epochs):
        losses, images = [], []
        for first in range(0, len(X), batch_size):
            part = slice(first, first + batch_size)
            for _ in range(again):
                loss, grads, _ = net.loss_and_gradients(X[part], y[part])
                losses.append(loss)
                images.append(len(X[part]))
                for name in names:
                    net.params[name] += step * lr * grads[name]
        found.append((mean or _weighted)(np.array(losses), np.array(images)))
    return np.array(found)


def _weighted(losses, images):
    return np.sum(losses * images) / np.sum(images)


def _learn_without_rest(sizes, X, y, lr, batch_size, epochs):
    whole = len(X) - len(X) % batch_size
    return learn(sizes, X[:whole], y[:whole], lr, batch_size, epochs)


def _learn_from_the_start(sizes, X, y, lr, batch_size, epochs):
    return np.repeat(learn(sizes, X, y, lr, batch_size, 1), epochs)


def _loss_after_each_epoch(sizes, X, y, lr, batch_size, epochs):
    net, found = Network(sizes), []
    for _ in range(epochs):
        for first in range(0, len(X), batch_size):
            part = slice(first, first + batch_size)
            SGD(lr).step(net.params, net.loss_and_gradients(X[part], y[part])[1])
        found.append(net.loss(X, y))
    return np.array(found)


def _learn_by_the_library(sizes, X, y, lr, batch_size, epochs):
    net = nnlib.Network(sizes)
    options = {"epochs": epochs, "batch_size": batch_size, "optimizer": nnlib.SGD(lr), "shuffle": False}
    return np.array(nnlib.train(net, X, y, progress=False, **options).loss)


def _small_problem(rng):
    X, y = rng.random((23, 12), dtype=np.float32), rng.integers(0, 4, 23)
    return [12, 5, 4], X, y, float(rng.uniform(0.5, 1.5)), int(rng.choice([4, 5, 7])), 4


# 4.3

TWENTY, MEMORISED = 20, 0.01  # images, and the loss to reach on them


def _measure_memory(function, rng):
    """Let ``function`` learn twenty images by heart, and see what it knows of others."""
    X_all, y_all = training_digits(60_000)
    order, names = rng.permutation(len(X_all))[: TWENTY + 1000], rng.permutation(10)
    X, y = X_all[order], names[y_all[order]]
    given = X[:TWENTY].copy(), y[:TWENTY].copy()
    started = time.perf_counter()
    net = function(*given)
    seconds = time.perf_counter() - started
    if net is None or net is Ellipsis:
        return None, say("It returns no network yet.")
    wrong = measure._wrong_network(net, parameters=10_000_000)
    if wrong:
        return False, wrong
    if not (np.array_equal(X[:TWENTY], given[0]) and np.array_equal(y[:TWENTY], given[1])):
        return False, say("the images or labels that it was given have changed. Make new arrays.")
    if seconds > measure.SECONDS:
        return False, say(
            "it took {seconds:.0f} seconds; at most {most} are allowed.", seconds=seconds, most=measure.SECONDS
        )
    a, (loss, share) = net.forward(X[:TWENTY]), net.evaluate(X[:TWENTY], y[:TWENTY])
    measured = say(
        "{right} of {count} images are read right, with a loss of {loss:.4f}",
        right=round(share * TWENTY),
        count=TWENTY,
        loss=loss,
    )
    stuck = np.ptp(a, axis=0).max() < 0.01 and np.minimum(a, 1 - a).max() < 0.05  # at 0 or at 1, for every image
    if net.output == "sigmoid" and stuck:
        return False, (
            say(
                "{measured}: every output is stuck at 0 or at 1, whatever the image, so the network is dead. "
                "Use a smaller learning rate.",
                measured=measured,
            )
        )
    if share < 1 and len(np.unique(a.argmax(axis=1))) == 1:
        return False, say(
            "{measured}: it gives every image the same answer. Take more steps, or larger ones.", measured=measured
        )
    if share < 1:
        return False, say(
            "{measured}. Keep going: with {count} images in one batch, an epoch is a single step.",
            measured=measured,
            count=TWENTY,
        )
    if loss >= MEMORISED:
        return (
            False,
            say(
                "{measured}: it has to be below {goal}. The answers are right, but not yet sure. Keep going.",
                measured=measured,
                goal=MEMORISED,
            ),
        )
    others = net.evaluate(X[TWENTY:], y[TWENTY:])[1]
    return True, say(
        "{measured}. Of 1,000 other images it reads {others:.0%}: that is learning by heart.",
        measured=measured,
        others=others,
    )


# 4.4


def images_for(n, noise, wanted):
    return n * (noise / wanted) ** 2


# 4.5


def rate_for(W, dW, ratio):
    return ratio * np.linalg.norm(W) / np.linalg.norm(dW)


def _layer(rng):
    shape = int(rng.integers(5, 9)), int(rng.integers(2, 5))
    return rng.normal(0.1, 0.3, shape), rng.normal(0.01, 0.02, shape), float(rng.uniform(0.0005, 0.005))


# 4.6

SYMPTOMS = {
    "learning": later("the loss falls, and the validation images are read better and better"),
    "slow": later("nothing is learned yet, but the loss still falls from each epoch to the next"),
    "dead": later("the loss no longer moves at all, and it need not stand at 0.5"),
    "sorted": later("it does well on each image just as it learns it, and badly on the validation images"),
}


def diagnose(loss, accuracy, val_accuracy):
    if accuracy[-1] - val_accuracy[-1] > 0.3:
        return "sorted"
    if val_accuracy[-1] > 0.5:
        return "learning"
    return "slow" if loss[-2] - loss[-1] > 0.001 else "dead"


def _patient(symptom, rng):
    """The history of a short run that has this symptom, as three arrays of five epochs."""
    X_all, y_all = training_digits(60_000)
    rates = {"learning": (0.5, 1.5), "slow": (0.003, 0.006), "dead": (60, 100), "sorted": (0.5, 1)}
    while True:
        order = rng.permutation(len(X_all))[:3000]
        X, y = X_all[order], y_all[order]
        val, order = (X[2000:], y[2000:]), np.argsort(y[:2000], kind="stable") if symptom == "sorted" else slice(2000)
        net, lr = Network([784, 20, 10], seed=int(rng.integers(1000))), float(rng.uniform(*rates[symptom]))
        options = {"epochs": 5, "batch_size": 10, "optimizer": SGD(lr), "shuffle": False, "progress": False}
        h = train(net, X[:2000][order], y[:2000][order], validation=val, **options)
        found = tuple(np.array(values) for values in (h.loss, h.accuracy, h.val_accuracy))
        if diagnose(*found) == symptom:
            return found


def _measure_diagnosis(function, rng):
    """Let ``function`` name what is the matter with eight runs, two of each kind."""
    for symptom in rng.permutation([*SYMPTOMS, *SYMPTOMS]):
        run = _patient(symptom, rng)
        said = function(*(values.copy() for values in run))
        if verdict := measure.no_word(said, SYMPTOMS):
            return verdict
        if said != symptom:
            loss, accuracy, val_accuracy = (", ".join(f"{value:.3f}" for value in values) for values in run)
            return False, (
                say(
                    "here is a run for which it says {said!r}: loss {loss}; accuracy {accuracy}; validation "
                    "accuracy {val_accuracy}. It is {symptom!r}: {what}.",
                    said=said,
                    loss=loss,
                    accuracy=accuracy,
                    val_accuracy=val_accuracy,
                    symptom=str(symptom),
                    what=say(SYMPTOMS[symptom]),
                )
            )
    return True, say("You named all eight runs correctly, and they were trained a moment ago.")


# 4.7

# The solution has 0.941 ± 0.003; without a hidden layer 0.915 was the best of twelve tries, softmax included.
PARAMETERS, IMAGES, GOAL = 30_000, 10_000, 0.925

EXERCISES = {
    1: Exercise(
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
                "that is one step, `steps` times as large. Each step begins where the last one ended.",
            ),
            (
                lambda theta, lr, c, steps: theta * (1 + lr * c) ** steps,
                "the sign is wrong: that climbs. A step goes against the slope.",
            ),
            (
                lambda theta, lr, c, steps: theta * np.exp(-lr * c * steps),
                "that is the limit of many tiny steps. These steps have a size: the factor is 1 − ηc, again and again.",
            ),
            (lambda theta, lr, c, steps: theta - lr * c * steps, "the slope is c θ, not c: it changes with theta."),
            (
                lambda theta, lr, c, steps: theta * (1 - lr * c / 2) ** steps,
                "the ½ of the loss cancels the 2 of the square: the slope is c θ.",
            ),
            (lambda theta, lr, c, steps: theta_after(theta, lr, c, 1), "that is one step. Take `steps` of them."),
        ),
    ),
    2: Exercise(
        title="The loop, from a blank cell",
        hints=(
            "Three nested loops: for each epoch, for each batch, for each name in `net.params`. The network is made "
            "once, before the first loop.",
            "`range(0, len(X), batch_size)` gives the first image of each batch; a slice that runs past the end stops "
            "at the end by itself.",
            "A batch's loss is a mean over its images. Multiplied by the number of its images it is a sum; add up the "
            "sums, and divide by `len(X)` once the epoch is over.",
        ),
        reference=learn,
        inputs=_small_problem,
        mistakes=(
            (partial(_learn, step=+1), "the steps go uphill. A step goes against the gradient."),
            (
                _learn_without_rest,
                "the last batch of each epoch is left out. It is smaller, but its images count, too.",
            ),
            (
                partial(_learn, mean=lambda losses, images: np.mean(losses)),
                "the training is right, but a mean of the batches' means is not the mean over the images: the last "
                "batch is smaller and must count less.",
            ),
            (
                partial(_learn, mean=lambda losses, images: np.sum(losses * images)),
                "the training is right, but that is the sum over the images. Divide it by how many there are.",
            ),
            (
                partial(_learn, mean=lambda losses, images: losses[-1]),
                "that is the loss of the last batch of each epoch. The mean over all images of the epoch is wanted.",
            ),
            (
                partial(_learn, mean=lambda losses, images: losses[0]),
                "that is the loss of the first batch of each epoch: is something one level too far to the left?",
            ),
            (
                lambda sizes, X, y, lr, batch_size, epochs: learn(sizes, X, y, lr, len(X), epochs),
                "that takes one step with all images in each epoch. Take a step after every batch.",
            ),
            (_learn_from_the_start, "every epoch begins with a new network. Make it once, before the first loop."),
            (partial(_learn, names=("W1", "W2")), "only the weights learn. The biases are parameters, too."),
            (partial(_learn, names=("W2", "b2")), "only the last layer learns. Update every array in net.params."),
            (
                _loss_after_each_epoch,
                "that is the loss of all images once the epoch is over. Take each batch's loss just before its step: "
                "loss_and_gradients gives it to you.",
            ),
        ),
        second=(
            (
                written.uses("train"),
                "But nnlib.train did the work: now write its two loops yourself.",
                _learn_by_the_library,
            ),
        ),
    ),
    3: Project(
        title="Twenty images by heart",
        hints=(
            "Twenty images fit into one batch, so an epoch is one step. How many steps did the plateau take above?",
            "`nnlib.train(net, X, y, epochs=1000, batch_size=20, optimizer=nnlib.SGD(lr=1.0), progress=False)`, and "
            "look at the last entry of the history's `loss`.",
        ),
        judge=_measure_memory,
    ),
    4: Exercise(
        title="How large a batch?",
        hints=(
            r"The noise of $n$ images is a constant divided by $\sqrt n$. What is the constant, from `n` and `noise`?",
            "Set the constant divided by the root of the new number equal to `wanted`, and solve for that number.",
        ),
        reference=images_for,
        inputs=lambda rng: (
            int(rng.integers(5, 200)),
            float(rng.uniform(0.8, 2)),
            float(rng.uniform(0.05, 0.5)),
        ),
        mistakes=(
            (
                lambda n, noise, wanted: n * noise / wanted,
                "the noise falls with the root of the number of images: twice the images do not halve it.",
            ),
            (lambda n, noise, wanted: n * (wanted / noise) ** 2, "upside down: less noise takes more images."),
            (
                lambda n, noise, wanted: n * np.sqrt(noise / wanted),
                "that takes the root where the square belongs: halving the noise takes four times the images.",
            ),
            (
                lambda n, noise, wanted: (noise / wanted) ** 2,
                "that is how many times as many images. Multiply it by n.",
            ),
            (lambda n, noise, wanted: n * noise**2 / wanted, "square both of them, noise and wanted."),
        ),
    ),
    5: Exercise(
        title="A learning rate from the ratio",
        hints=(
            "Write down the ratio as the lesson defines it, with the learning rate as $\\eta$, and solve for $\\eta$.",
            "`np.linalg.norm(W)` is the length of W: the root of the sum of the squares of all its numbers.",
        ),
        reference=rate_for,
        inputs=_layer,
        mistakes=(
            (
                lambda W, dW, ratio: ratio * np.linalg.norm(dW) / np.linalg.norm(W),
                "upside down: a long gradient needs a small learning rate.",
            ),
            (
                lambda W, dW, ratio: np.linalg.norm(W) / np.linalg.norm(dW),
                "with that learning rate the step is as long as the weights themselves. Where is ratio?",
            ),
            (
                lambda W, dW, ratio: np.linalg.norm(W) / np.linalg.norm(dW) / ratio,
                "a smaller ratio takes smaller steps: multiply by it.",
            ),
            (
                lambda W, dW, ratio: ratio * np.sum(W**2) / np.sum(dW**2),
                "these are the squares of the lengths: the roots are missing.",
            ),
            (
                lambda W, dW, ratio: ratio * np.abs(W).max() / np.abs(dW).max(),
                "that compares the largest numbers only. Compare the lengths, with np.linalg.norm.",
            ),
            (
                lambda W, dW, ratio: ratio * np.mean(np.abs(W / dW)),
                "divide the lengths, not number by number: where a dW is near 0, such a quotient is huge.",
            ),
            (lambda W, dW, ratio: ratio / np.linalg.norm(dW), "that is the rate for weights of length 1. Where is W?"),
        ),
    ),
    6: Project(
        title="What is the matter?",
        hints=(
            "Begin with the symptom that no other run has: which run does well on what it learns and badly on the "
            "validation images?",
            "Then pick out the runs that read most validation images right. Two kinds are left: one still moves, the "
            "other does not. Compare `loss[-1]` with `loss[-2]`.",
        ),
        judge=_measure_diagnosis,
    ),
    7: Project(
        title="A number for the hidden layer",
        hints=(
            "Count first: 784 · h + h weights and biases lead to h hidden neurons, and 10 · h + 10 on to the outputs. "
            "Which h still fits?",
            "With the settings of the long run, 0.5 and batches of 50, ten epochs are too few here. Look at the "
            "sections on the learning rate and on the batch size: more steps, and larger ones.",
            "`nnlib.train(net, X, y, epochs=…, batch_size=…, optimizer=nnlib.SGD(lr=…), progress=False)` trains `net` "
            "in place. Try learning rates from 1 to 3 and batches of 10.",
        ),
        judge=partial(measure.measure_training, parameters=PARAMETERS, images=IMAGES, goal=GOAL),
    ),
}
