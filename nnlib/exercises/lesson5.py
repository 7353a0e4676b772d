"""Lesson 5's exercises: shares from a confusion matrix, early stopping, and two networks on the same images."""

import numpy as np

from nnlib.exercises import Exercise


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


def random_history(rng):
    """An accuracy that rises, then wanders, rounded so that it often ties."""
    rise = 0.9 - 0.3 * np.exp(-np.arange(40) / 5)
    return [float(v) for v in np.round(rise + rng.normal(0, 0.01, 40), 2)], int(rng.integers(3, 6))


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


def random_answers(rng):
    """Right or wrong of two networks that mostly fail on the same images."""
    easy = rng.random(300) < 0.85
    return easy ^ (rng.random(300) < 0.05), easy ^ (rng.random(300) < 0.1)


EXERCISES = {
    1: Exercise(
        reference=share_right,
        inputs=random_confusion,
        mistakes=(
            (share_of_answers, "you divide by the sums of the columns: of all answers 3, the share that were 3s. The images of a digit are a row."),
            (share_of_all, "you divide by all images. Divide each entry of the diagonal by the number of images of its own digit."),
        ),
    ),
    2: Exercise(
        reference=early_stop,
        inputs=random_history,
        mistakes=(
            (lambda v, p: early_stop(v, p, first=0), "count the epochs from 1, not from 0."),
            (lambda v, p: early_stop(v, p, ties_count=True), "an epoch that only equals the best so far has not risen: compare with >."),
            (best_of_all, "this looks at every epoch. Go through them in order, and stop when the patience is used up."),
            (one_epoch_late, "it runs one epoch too long: stop as soon as `patience` epochs in a row have brought no rise."),
        ),
        tries=20,
    ),
    3: Exercise(
        reference=paired,
        inputs=random_answers,
        mistakes=(
            (unpaired, "the standard error is the one for two networks on different images. Take the differences d, image by image."),
            (without_root_n, "the standard error of a mean is the standard deviation divided by √n; the √n is missing."),
            (divided_by_n, "the standard deviation needs ddof=1: divide by n − 1."),
        ),
    ),
}
