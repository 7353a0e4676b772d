"""The exercises of lesson 5: a confusion matrix, early stopping, two networks, a leak, and how many images it takes."""

import numpy as np

from nnlib.check.exercises import Exercise


def share_right(M):
    """Of each digit's images, the share that was read right."""
    return np.diag(M) / M.sum(axis=1)


def share_of_answers(M):
    return np.diag(M) / M.sum(axis=0)


def share_of_all(M):
    return np.diag(M) / M.sum()


def random_confusion(rng):
    return (rng.integers(0, 30, (10, 10)) + np.diag(rng.integers(200, 1000, 10)),)


def early_stop(val_accuracy, patience, first=1, ties_count=False):
    """The epoch whose weights are kept, and the number of epochs that ran."""
    best, best_epoch = -1.0, 0
    for epoch, value in enumerate(val_accuracy, start=first):
        if value > best or (ties_count and value == best):
            best, best_epoch = value, epoch
        elif epoch - best_epoch >= patience:
            return best_epoch, epoch
    return best_epoch, first + len(val_accuracy) - 1


def best_of_all(val_accuracy, patience):
    return int(np.argmax(val_accuracy)) + 1, len(val_accuracy)


def one_epoch_late(val_accuracy, patience):
    return early_stop(val_accuracy, patience + 1)


def one_epoch_early(val_accuracy, patience):
    return early_stop(val_accuracy, patience - 1)


def last_epoch_first(val_accuracy, patience):
    return early_stop(val_accuracy, patience)[::-1]


def never_forgives(val_accuracy, patience):
    """Counts all epochs without a rise, and does not begin again after a rise."""
    best, best_epoch, without = -1.0, 0, 0
    for epoch, value in enumerate(val_accuracy, start=1):
        if value > best:
            best, best_epoch = value, epoch
        else:
            without += 1
        if without >= patience:
            break
    return best_epoch, epoch


def against_the_epoch_before(val_accuracy, patience):
    """Takes for a rise what is above the epoch before, not above the best."""
    without = 0
    for epoch in range(2, len(val_accuracy) + 1):
        without = 0 if val_accuracy[epoch - 1] > val_accuracy[epoch - 2] else without + 1
        if without >= patience:
            break
    return int(np.argmax(val_accuracy[:epoch])) + 1, epoch


def random_history(rng):
    """An accuracy that rises, then wanders, rounded so that it often ties."""
    rise = 0.9 - 0.3 * np.exp(-np.arange(40) / 5)
    return [float(v) for v in np.round(rise + rng.normal(0, 0.01, 40), 2)], int(rng.integers(3, 6))


def _still_rising(rng):
    return [float(v) for v in np.round(0.5 + 0.03 * np.arange(12), 2)], int(rng.integers(3, 6))


def paired(right_a, right_b):
    """The mean difference of two networks on the same images, and how many standard errors it is."""
    d = right_a.astype(float) - right_b
    return d.mean(), d.mean() / (d.std(ddof=1) / np.sqrt(len(d)))


def unpaired(right_a, right_b):
    difference = np.mean(right_a) - np.mean(right_b)
    error = np.sqrt((np.var(right_a, ddof=1) + np.var(right_b, ddof=1)) / len(right_a))
    return difference, difference / error


def without_root_n(right_a, right_b):
    d = right_a.astype(float) - right_b
    return d.mean(), d.mean() / d.std(ddof=1)


def divided_by_n(right_a, right_b):
    d = right_a.astype(float) - right_b
    return d.mean(), d.mean() / (d.std() / np.sqrt(len(d)))


def with_absolute_z(right_a, right_b):
    difference, z = paired(right_a, right_b)
    return difference, abs(z)


def random_answers(rng):
    """Right or wrong of two networks that mostly fail on the same images; mostly the second one is better."""
    easy = rng.random(300) < 0.85
    return easy ^ (rng.random(300) < 0.1), easy ^ (rng.random(300) < 0.05)


def honest_report(validation, test):
    """What the network that validation chose has on the test set."""
    return test[np.argmax(validation)]


def report_with_leak(validation, test):
    return test.max()


def images_needed(p, half):
    """The smallest n with 1.96 √(p (1 − p) / n) ≤ half."""
    return int(np.ceil(_images(p, half)))


def _images(p, half, z=1.96):
    return z**2 * p * (1 - p) / half**2


def _wish(rng):
    """Not within a hair of a whole number of images, where the last digit would decide."""
    while True:
        p, half = float(rng.uniform(0.8, 0.99)), float(rng.uniform(0.01, 0.04))
        if 0.1 < _images(p, half) % 1 < 0.9:
            return p, half


EXERCISES = {
    1: Exercise(
        title="Digit by digit",
        hints=(
            "The images of digit $i$ are the whole of row $i$. How many are there?",
            "`np.diag(M)` is the diagonal, shape (10,). `M.sum(axis=1)` adds along each row.",
        ),
        reference=share_right,
        inputs=random_confusion,
        mistakes=(
            (
                share_of_answers,
                "you divide by the sums of the columns: of all answers 3, the share that were 3s. The images of a "
                "digit are a row.",
            ),
            (
                share_of_all,
                "you divide by all images. Divide each entry of the diagonal by the number of images of its own digit.",
            ),
            (lambda M: 1 - share_right(M), "that is the share that was read wrong."),
            (lambda M: np.trace(M) / M.sum(), "that is the accuracy over all digits. Keep one share for each digit."),
            (np.diag, "that is how many were read right. Divide by how many images of the digit there are."),
        ),
    ),
    2: Exercise(
        title="Early stopping",
        hints=(
            "`for epoch, value in enumerate(val_accuracy, start=1):` counts from 1.",
            "Keep two variables, the best value and its epoch. If the value is larger, change both; otherwise "
            "compare `epoch "
            "- best_epoch` with `patience`.",
        ),
        reference=early_stop,
        inputs=random_history,
        mistakes=(
            (lambda v, p: early_stop(v, p, first=0), "count the epochs from 1, not from 0."),
            (
                lambda v, p: early_stop(v, p, ties_count=True),
                "an epoch that only equals the best so far has not risen: compare with >.",
            ),
            (
                best_of_all,
                "this looks at every epoch. Go through them in order, and stop when the patience is used up.",
            ),
            (
                one_epoch_late,
                "it runs one epoch too long: stop as soon as `patience` epochs in a row have brought no rise.",
            ),
            (one_epoch_early, "it stops one epoch too early: stop when the best is `patience` epochs old, not before."),
            (
                last_epoch_first,
                "the two numbers are right, in the other order: the best epoch first, then the last one.",
            ),
            (never_forgives, "it counts all epochs without a rise. After a new best the count begins again."),
            (against_the_epoch_before, "compare each epoch with the best so far, not with the epoch before it."),
        ),
        extreme=((_still_rising, "a training that never stops"),),
        tries=20,
    ),
    3: Exercise(
        title="Two networks on the same images",
        hints=(
            "NumPy does not subtract one boolean array from another. Turn the first into numbers: "
            "`right_a.astype(float)`.",
            "`d.std(ddof=1)` divides by $n - 1$.",
        ),
        reference=paired,
        inputs=random_answers,
        mistakes=(
            (
                unpaired,
                "you divide by the scatter for two networks on different images. Take the differences d, image by "
                "image.",
            ),
            (without_root_n, "the mean of n differences scatters by s/√n; the √n is missing."),
            (with_absolute_z, "keep the sign: z is negative if the second network is better."),
            (divided_by_n, "the standard deviation needs ddof=1: divide by n − 1."),
        ),
    ),
    4: Exercise(
        title="The leak",
        hints=(
            "Which of the two arrays makes the choice, in this function? Which one should?",
            "`np.argmax(validation)` is the number of the network with the best validation accuracy.",
        ),
        reference=honest_report,
        inputs=lambda rng: (lambda k: (rng.uniform(0.9, 0.99, k), rng.uniform(0.9, 0.99, k)))(int(rng.integers(5, 12))),
        mistakes=(
            (
                report_with_leak,
                "the test set still makes the choice, so the figure contains luck. Choose on the validation set.",
            ),
            (
                lambda validation, test: validation.max(),
                "the choice is right, but its validation accuracy contains the luck of being chosen. Report that "
                "network's test accuracy.",
            ),
            (
                lambda validation, test: validation[np.argmax(test)],
                "it is the other way round: the validation set chooses, the test set measures.",
            ),
            (
                lambda validation, test: test.mean(),
                "that is the mean of all networks. One was chosen: report that one.",
            ),
            (
                lambda validation, test: float(np.argmax(validation)),
                "that is the number of the chosen network. Report its test accuracy.",
            ),
        ),
        untouched=report_with_leak,
        tries=20,
    ),
    5: Exercise(
        title="How many images?",
        hints=(
            r"Set the half-width $1.96\sqrt{p(1-p)/n}$ equal to `half`, square both sides, and solve for $n$.",
            "A part of an image is no image, and one too few is too few: `int(np.ceil(…))`.",
            "For p = 0.9 and half = 0.01 it is 3,458.",
        ),
        reference=images_needed,
        inputs=_wish,
        mistakes=(
            (_images, "that is right, but it is no whole number. Round it up."),
            (
                lambda p, half: int(_images(p, half)),
                "one image too few: round up, so that the interval is not too wide.",
            ),
            (lambda p, half: int(np.ceil(_images(p, half, z=1.0))), "the 1.96 is missing."),
            (
                lambda p, half: int(np.ceil(_images(p, half, z=2.0))),
                "2 is close to 1.96, and 1.96 is what is asked for.",
            ),
            (lambda p, half: int(np.ceil(1.96 * p * (1 - p) / half**2)), "square the 1.96, too."),
            (
                lambda p, half: int(np.ceil(_images(p, half / 2))),
                "half is the half-width already. Do not halve it again.",
            ),
            (
                lambda p, half: int(np.ceil(1.96 * p * (1 - p) / half)),
                "the root is lost: square both sides before you solve for n.",
            ),
        ),
    ),
}
