"""How much a network learns of a writer from three drawings of each digit, and what it forgets. Lesson 9.

    python -m uv run python -m workshop.benchmarks.adapt
    python -m uv run python -m workshop.benchmarks.adapt strokes.jsonl.gz

The strokes are those of workshop/benchmarks/pen_strokes.py: no part of this project. Each writer who has every digit
at least twice teaches three drawings of each (or all but one), drawn at random three times; the writer's other digits
are read before and after. This is done with the network that ``data/`` ships, and with those that lessons 4 and 6 end
with (the stand-ins in ``data/``). Errors are stored for each writer, so that an interval over writers can be had: the
bootstrap draws the writers with replacement.

Then single drawings: 100 that a network misreads, drawn at random among all writers' but for ``ibm/ibm0`` (many of
whose entries are parts of digits), are taught one at a time, each to the network as it was. Are they read right
afterwards? And would they be, had the weights gone another share of their way?

The constants of nnlib/pad/adaptation.py were chosen on these strokes and on 5,000 images held back from MNIST's
training set; its ``SHARE`` is the smallest of ``SHARES`` with which 95 of 100 single drawings are learned by each of
the three networks. MNIST's test set is only measured. Seconds are those of the one processor that teaching uses. The
run takes about a quarter of an hour.
"""

import argparse
import time
from pathlib import Path

import numpy as np
from tqdm import tqdm

import nnlib
from nnlib.data import DATA
from nnlib.pad.adaptation import SHARE
from nnlib.pad.hands import rubbish
from workshop.benchmarks import required
from workshop.benchmarks.pen_strokes import STROKES, TORN, images, read_strokes
from workshop.benchmarks.writers import DRAWS
from workshop.results import store

SPLITS = 3
TAUGHT = 3  # drawings of each digit
SINGLES = 100  # misread drawings, taught one at a time
SHARES = (0.5, 0.6, float(SHARE), 0.75, 1.0)  # of the way that the weights may go


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


def measure(net, X, y, cases, mnist):
    """Errors of each writer before and after, over all splits, the seconds, and how far MNIST's accuracy falls."""
    before_on_mnist = nnlib.accuracy(net, mnist.X_test, mnist.y_test)
    of_writer, seconds, falls, right = {}, [], [], []
    for i, (writer, taught, read) in enumerate(tqdm(cases, unit="case")):
        started = time.process_time()
        learned = nnlib.adapt(net, X[taught], y[taught])
        seconds.append(time.process_time() - started)
        wrong = [int(np.sum(n.predict(X[read]) != y[read])) for n in (net, learned)]
        of_writer[writer] = of_writer.get(writer, np.zeros(3, int)) + [len(read), *wrong]
        right.append(float(np.mean(learned.predict(X[taught]) == y[taught])))
        if i % SPLITS == 0:
            falls.append(before_on_mnist - nnlib.accuracy(learned, mnist.X_test, mnist.y_test))
    by_writer = np.array(list(of_writer.values()))  # (writers, 3)
    read, before, after = by_writer.sum(axis=0).tolist()
    drawn = by_writer[np.random.default_rng(0).integers(0, len(by_writer), (DRAWS, len(by_writer)))].sum(axis=1)
    return {
        "writers": len(by_writer),
        "digits_read": read,
        "errors_before": before,
        "errors_after": after,
        "left": after / before,
        "left_interval": np.quantile(drawn[:, 2] / drawn[:, 1], [0.025, 0.975]).tolist(),  # over writers
        "by_writer": by_writer.tolist(),  # digits read, errors before, errors after
        "taught_right": float(np.mean(right)),
        "seconds_median": float(np.median(seconds)),
        "seconds_longest": max(seconds),
        "mnist_falls_by_mean": float(np.mean(falls)),
        "mnist_falls_by_most": float(max(falls)),
    }


def singles(net, X, y, writers):
    """How many of misread drawings are read right once each was taught alone, at each share of the way."""
    misread = np.flatnonzero((net.predict(X) != y) & (writers != TORN))
    some = np.random.default_rng(0).permutation(misread)[:SINGLES]
    right = dict.fromkeys(SHARES, 0)
    for i in tqdm(some, unit="drawing"):
        learned = nnlib.adapt(net, X[i : i + 1], y[i : i + 1])
        for share in SHARES:
            right[share] += int(on_the_way(net, learned, share).predict(X[i : i + 1])[0] == y[i])
    return {
        "misread": len(some),
        "right_afterwards": right[float(SHARE)],
        "by_share": [[share, count] for share, count in right.items()],
    }


def on_the_way(net, learned, share):
    """The network that `adapt` would have returned with another share: on the line from ``net`` through ``learned``."""
    mixed = net.copy()
    for name, theta in mixed.params.items():
        theta += np.float32(share) / SHARE * (learned.params[name] - theta)
    return mixed


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
    path = required(parser.parse_args().strokes, "strokes")
    y, writers, strokes = read_strokes(path)
    X = images(strokes, "steps")
    shipped = nnlib.load_pretrained()
    started = time.process_time()
    nnlib.adapt(shipped, X[:30], y[:30])
    first_call = time.process_time() - started
    mnist = nnlib.load_mnist()
    cases = list(teaching_splits(y, writers))
    fresh = rubbish(500, np.random.default_rng(5))
    learned = [nnlib.adapt(shipped, X[taught], y[taught]) for _, taught, _ in cases[: 10 * SPLITS : SPLITS]]
    turned_away = [float(np.mean(net.forward(fresh).max(axis=1) < net.threshold)) for net in (shipped, *learned)]
    result = {
        "first_call_seconds": first_call,
        "ten_of_one_digit_falls": one_digit(shipped, X, y, writers, mnist),
        "rubbish_turned_away": {"before": turned_away[0], "after": turned_away[1:]},
    }
    networks = {f"lesson {lesson}": nnlib.Network.load(DATA / f"lesson{lesson}.npz") for lesson in (4, 6)}
    for name, net in {"shipped": shipped, **networks}.items():
        result[name] = measure(net, X, y, cases, mnist) | {"singles": singles(net, X, y, writers)}
    for name, row in result.items():
        print(name, {key: of for key, of in row.items() if key != "by_writer"} if isinstance(row, dict) else row)
    store("adapt", result)


if __name__ == "__main__":
    main()
