"""How sure an accuracy on MNIST's test set is, once its 10,000 digits are known to have 297 writers. Lesson 5.

    python -m uv run python -m workshop.benchmarks.writers
    python -m uv run python -m workshop.benchmarks.writers test_writers.tsv.gz

Who wrote which digit is no part of this project. The file has a head and then a line for each test digit, with its
label, the series of forms that it comes from and its writer's number in that series (QMNIST: Yadav and Bottou, 2019);
it is looked for beside the checkout, in ../shared/qmnist/. Series 4 was written by high-school students, series 0 and 1
by employees of the Census Bureau. Only counts and figures are stored, in data/results/writers.json, which lesson 5
quotes.

The binomial standard error, √(p (1 − p) / n), takes each digit for a toss of its own. But who writes one odd 4 writes
many, so the clustered one adds up the deviations of each writer before it squares them. The bootstrap draws 297 writers
with replacement, again and again, each with all of their digits, and takes the middle 95 % of the accuracies. Both are
computed for all test digits and for each of the two groups.

Five networks are trained as in lesson 5, whose own has seed 0. Nothing is chosen by what comes out. The run takes about
a minute.
"""

import argparse
import gzip
import sys
from pathlib import Path

import numpy as np
from tqdm import tqdm

import nnlib
from nnlib.recipes import SEEDS
from workshop import ROOT
from workshop.benchmarks import required
from workshop.results import store

WRITERS = ROOT.parent / "shared" / "qmnist" / "test_writers.tsv.gz"
STUDENTS = 4  # the series of the high-school students
DRAWS = 10_000


def read_writers(path):
    """Of each test digit: the label, whether a student wrote it, and a number for its writer, from 0; three arrays."""
    with gzip.open(path, "rt") as file:
        label, series, writer = np.array([line.split("\t") for line in file.readlines()[1:]], int).T
    student = series == STUDENTS
    _, writer = np.unique(np.stack([student, writer]), axis=1, return_inverse=True)
    return label, student, writer.ravel()


def lesson_5(mnist, seed=0):
    """Lesson 5's network: lesson 4's recipe on 50,000 of the training images. And the validation images it leaves."""
    (X, y), held_back = nnlib.split(mnist.X_train, mnist.y_train, 1 / 6)
    net = nnlib.Network([784, 100, 10], init_std=0.01, seed=seed)
    nnlib.train(net, X, y, epochs=30, batch_size=50, optimizer=nnlib.SGD(lr=0.5), shuffle=False, progress=False)
    return net, held_back


def binomial_error(right):
    """√(p (1 − p) / n): the standard error of the accuracy if every digit were a toss of its own; right is (n,)."""
    return float(np.sqrt(right.mean() * (1 - right.mean()) / len(right)))


def clustered_error(right, writer):
    """√Σ(Σ (right − p))² / n, the inner sum over a writer's digits; right and writer are (n,)."""
    of_writer = np.bincount(writer, right - right.mean())
    return float(np.sqrt(np.sum(of_writer**2)) / len(right))


def bootstrap(right, writer, rng):
    """The accuracies of DRAWS samples of as many writers, drawn with replacement; shape (DRAWS,)."""
    names, writer = np.unique(writer, return_inverse=True)
    digits, correct = np.bincount(writer), np.bincount(writer, right)
    drawn = rng.integers(0, len(names), (DRAWS, len(names)))
    return correct[drawn].sum(axis=1) / digits[drawn].sum(axis=1)


def measure(right, writer):
    """The accuracy of one network on some digits, and how sure it is."""
    mistakes = np.sort(np.bincount(np.unique(writer, return_inverse=True)[1], ~right).astype(int))[::-1]
    low, high = np.quantile(bootstrap(right, writer, np.random.default_rng(0)), [0.025, 0.975])
    binomial, clustered = binomial_error(right), clustered_error(right, writer)
    return {
        "digits": len(right),
        "writers": len(mistakes),
        "accuracy": float(right.mean()),
        "binomial_error": binomial,
        "clustered_error": clustered,
        "ratio": clustered / binomial,
        "binomial_interval": list(nnlib.accuracy_interval(int(right.sum()), len(right))),
        "writers_interval": [float(low), float(high)],
        "writers_by_mistakes": np.bincount(mistakes).tolist(),
        "half_of_the_mistakes_from": int(np.searchsorted(mistakes.cumsum(), mistakes.sum() / 2) + 1),
    }


def measure_groups(net, mnist, student, writer):
    """`measure` for all test digits, and for those of the students and of the employees."""
    right = net.predict(mnist.X_test) == mnist.y_test
    groups = {"all": np.ones(len(right), bool), "students": student, "employees": ~student}
    return {name: measure(right[group], writer[group]) for name, group in groups.items()}


def main():
    """Train and measure the networks, and store what came out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "writers", nargs="?", type=Path, default=WRITERS, help="the file; ../shared/qmnist/ if left out"
    )
    path = required(parser.parse_args().writers, "writers")
    mnist = nnlib.load_mnist()
    label, student, writer = read_writers(path)
    if not np.array_equal(label, mnist.y_test):
        sys.exit(f"{path} is not about MNIST's test set: its labels are others.")
    first = int(np.sum(student))
    if not student[:first].all():
        sys.exit(f"{path} does not begin with the students' digits, as lesson 5 says.")
    validation, runs = [], []
    for seed in tqdm(SEEDS, unit="network"):
        net, held_back = lesson_5(mnist, seed)
        validation.append(nnlib.accuracy(net, *held_back))
        runs.append(measure_groups(net, mnist, student, writer))
    shipped = measure_groups(nnlib.load_pretrained(), mnist, student, writer)
    result = {
        "first_digits_by_students": first,
        "draws": DRAWS,
        "networks": {"lesson 5": runs[0], "shipped": shipped},
        "validation_accuracies": validation,
        "accuracies": {group: [run[group]["accuracy"] for run in runs] for group in runs[0]},
        "ratios": {group: [run[group]["ratio"] for run in runs] for group in runs[0]},
    }
    for name, groups in result["networks"].items():
        for group, found in groups.items():
            low, high = found["writers_interval"]
            print(
                f"{name}, {group}: {found['accuracy']:.2%} of {found['digits']:,} digits, {found['writers']} writers; "
                f"standard error {found['binomial_error']:.2%} by digit, {found['clustered_error']:.2%} by writer "
                f"({found['ratio']:.2f} times); over writers {low:.2%} to {high:.2%}"
            )
    store("writers", result)


if __name__ == "__main__":
    main()
