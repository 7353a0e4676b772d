"""How much a network learns of a writer from three drawings of each digit, and what it forgets. Lesson 9.

    python -m uv run python -m workshop.benchmarks.adapt
    python -m uv run python -m workshop.benchmarks.adapt strokes.jsonl.gz

The strokes are those of workshop/benchmarks/pen_strokes.py: no part of this project. Each writer who has every digit
at least twice teaches three drawings of each (or all but one), drawn at random three times; the writer's other digits
are read before and after. This is done with the network that ``data/`` ships, and with one that learned from MNIST
without distortions or other hands, and so has more to learn from a writer.

Some mistakes cannot be learned away: a wrong label, a digit in pieces, a form that the writer used once. How many these
are shows the row "two thirds": there a writer teaches two thirds of all digits, and the last third is read.

The constants of nnlib/pad/adaptation.py were chosen on these strokes and on 5,000 images held back from MNIST's
training set. MNIST's test set is only measured. The run takes about ten minutes.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from tqdm import tqdm

import nnlib
from nnlib.pad.hands import rubbish
from nnlib.recipes import PLAIN
from workshop.benchmarks.pen_strokes import STROKES, images, read_strokes
from workshop.results import store

SPLITS = 3
TAUGHT = 3  # drawings of each digit


def teaching_splits(y, writers):
    """For each writer who has every digit twice, and each of three splits: what is taught, and what is read."""
    for writer in np.unique(writers):
        mine = np.flatnonzero(writers == writer)
        if np.bincount(y[mine], minlength=10).min() < 2:
            continue
        for seed in range(SPLITS):
            order = np.random.default_rng(seed).permutation(mine)
            of_digit = [order[y[order] == digit] for digit in range(10)]
            taught = np.concatenate([digits[: min(TAUGHT, len(digits) - 1)] for digits in of_digit])
            yield writer, taught, np.setdiff1d(mine, taught)


def thirds(y, writers):
    """For each of the same writers: two thirds of the digits are taught, and the last third is read."""
    for writer in dict.fromkeys(writer for writer, *_ in teaching_splits(y, writers)):
        order = np.random.default_rng(0).permutation(np.flatnonzero(writers == writer))
        for part in range(3):
            yield writer, np.setdiff1d(order, order[part::3]), order[part::3]


def measure(net, X, y, cases, mnist, forgotten_by):
    """Errors of each case before and after, the seconds that each took, and how far MNIST's accuracy falls."""
    before_on_mnist = nnlib.accuracy(net, mnist.X_test, mnist.y_test)
    rows, falls = [], []
    for i, (writer, taught, read) in enumerate(tqdm(cases, unit="case")):
        started = time.perf_counter()
        learned = nnlib.adapt(net, X[taught], y[taught])
        seconds = time.perf_counter() - started
        wrong = [int(np.sum(n.predict(X[read]) != y[read])) for n in (net, learned)]
        rows.append((writer, len(read), *wrong, seconds))
        if i % SPLITS == 0 and forgotten_by:
            falls.append(before_on_mnist - nnlib.accuracy(learned, mnist.X_test, mnist.y_test))
    n, before, after = (np.array([row[i] for row in rows]) for i in (1, 2, 3))
    result = {
        "writers": len({row[0] for row in rows}),
        "digits_read": int(n.sum()),
        "accuracy_before": float(1 - np.mean(before / n)),
        "accuracy_after": float(1 - np.mean(after / n)),
        "errors_before": int(before.sum()),
        "errors_after": int(after.sum()),
        "error_ratio": float(np.mean(after / n) / np.mean(before / n)),
        "seconds_median": float(np.median([row[4] for row in rows])),
        "seconds_longest": max(row[4] for row in rows),
    }
    if falls:
        result |= {"mnist_falls_by_mean": float(np.mean(falls)), "mnist_falls_by_most": float(max(falls))}
    return result


def one_digit(net, X, y, writers, mnist):
    """Ten drawings of one digit by one writer, for each digit: by how much the accuracy on MNIST's other nine falls."""
    falls = []
    for digit in range(10):
        names, counts = np.unique(writers[y == digit], return_counts=True)
        of_one = np.flatnonzero((writers == names[counts >= 10][0]) & (y == digit))[:10]
        learned = nnlib.adapt(net, X[of_one], y[of_one])
        X_others, y_others = mnist.X_test[mnist.y_test != digit], mnist.y_test[mnist.y_test != digit]
        falls.append(nnlib.accuracy(net, X_others, y_others) - nnlib.accuracy(learned, X_others, y_others))
    return falls


def main():
    """Teach the networks each writer, and store what they learned and forgot."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "strokes", nargs="?", type=Path, default=STROKES, help="the file; ../shared/strokes/ if left out"
    )
    path = parser.parse_args().strokes
    if not path.exists():
        sys.exit(f"{path} is not there. The strokes are no part of the project; name a file that has them.")
    y, writers, strokes = read_strokes(path)
    X = images(strokes, "steps")
    shipped = nnlib.load_pretrained()
    started = time.perf_counter()
    nnlib.adapt(shipped, X[:30], y[:30])
    first_call = time.perf_counter() - started
    mnist = nnlib.load_mnist()
    plain, _ = PLAIN.run(mnist.X_train, mnist.y_train, progress=True)
    cases = list(teaching_splits(y, writers))
    fresh = rubbish(500, np.random.default_rng(5))
    learned = [nnlib.adapt(shipped, X[taught], y[taught]) for _, taught, _ in cases[: 10 * SPLITS : SPLITS]]
    turned_away = [float(np.mean(net.forward(fresh).max(axis=1) < net.threshold)) for net in (shipped, *learned)]
    result = {
        "shipped": measure(shipped, X, y, cases, mnist, True),
        "shipped, two thirds": measure(shipped, X, y, list(thirds(y, writers)), mnist, False),
        "plain": measure(plain, X, y, cases, mnist, True),
        "plain, two thirds": measure(plain, X, y, list(thirds(y, writers)), mnist, False),
        "first_call_seconds": first_call,
        "ten_of_one_digit_falls": one_digit(shipped, X, y, writers, mnist),
        "rubbish_turned_away": {"before": turned_away[0], "after": turned_away[1:]},
    }
    for name, row in result.items():
        print(name, row)
    store("adapt", result)


if __name__ == "__main__":
    main()
