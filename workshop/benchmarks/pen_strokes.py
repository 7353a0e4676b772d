"""How well networks read digits as real people drew them, pen point by pen point: raw, and step by step. Lesson 8.

    python -m uv run python -m workshop.benchmarks.pen_strokes
    python -m uv run python -m workshop.benchmarks.pen_strokes strokes.jsonl.gz

The strokes are no part of this project. The file has one JSON object a line with "label", "writer" and "strokes", a
list of strokes, each a list of [x, y] with y downwards; it is looked for beside the checkout, in ../shared/strokes/.
What is measured goes to the screen and to data/results/pen_strokes.json, which lesson 8 quotes.

Every digit is drawn in four ways, all with the same pen, on 28 × 28 pixels:

raw      at a random place and in a random size, its longer side 7 to 28 pixels
filled   as large as the canvas, in the middle by its bounding box
boxed    scaled to 20 pixels, in the middle by its bounding box
steps    scaled to 20 pixels, its centre of mass at (14, 14): nnlib.strokes_to_image

The steps are then measured with other pens (1.5 to 4 pixels), and on digits that were changed before them:

few      each stroke has 12 points, evenly along its length: a fast pen, or a slow computer
many     a point every 1/200 of the digit's longer side: a slow pen
tenth    on a pad of 280 × 280 whole units, at a random place, its longer side a tenth of the pad; half, and whole

Nothing is trained on these digits. Some of their labels are wrong, and some digits are ambiguous. A look at the
mistakes showed one file, ibm/ibm0, with many digits torn into single strokes (a zero's slash labelled 0) and with
exact copies. That was seen after measuring, so the accuracy of all digits stays the one to quote; that of the largest
file and that of all others stand beside it. "interval" takes digits for independent, which those of one writer are
not; "writers_interval" draws files with replacement, each with all of its digits, and each file's errors are stored.

Of the steps it also stores how sure the networks with a softmax were: for each threshold from 0 to 0.99 the digits
that it turns away and the errors that pass, and the reliability before and after the temperature (for data/'s network
the one of pretrained.json; for lesson 6's, data/lesson6.npz, it is found here on the images held back).
The run takes about two minutes.
"""

import argparse
import gzip
import json
import platform
from pathlib import Path

import numpy as np
from tqdm import tqdm

import nnlib
from nnlib import recipes
from nnlib.data import DATA
from nnlib.pad.drawing import BOX, PEN, SIDE, draw, scale, strokes_to_image
from workshop import ROOT, results
from workshop.benchmarks import required
from workshop.benchmarks.writers import bootstrap

STROKES = ROOT.parent / "shared" / "strokes" / "unipen-digits-dev.jsonl.gz"
RESULTS = results.path_of("pen_strokes")
TORN = "ibm/ibm0"  # the largest source, with many digits torn into parts
PENS = [1.5, 1.75, 2.0, 2.2, 2.4, 2.6, 2.8, 3.0, 3.25, 3.5, 3.75, 4.0]
PAD = 280  # units; the pad of lesson 8 is so many pixels wide
SEED = 0
BATCH_SIZE = 50  # of the network of lesson 4
THRESHOLDS = np.arange(100) / 100


def read_strokes(path):
    """Labels, writers and strokes of the file, as three arrays or lists of the same length."""
    with gzip.open(path, "rt") as file:
        digits = [json.loads(line) for line in file]
    strokes = [[np.array(stroke, float) for stroke in digit["strokes"]] for digit in digits]
    return np.array([digit["label"] for digit in digits]), np.array([digit["writer"] for digit in digits]), strokes


def place(strokes, side, at, pen=PEN):
    """Draw a digit so that its ink's longer side is ``side``; ``at`` (2,), 0 to 1, says where in what room is left."""
    scaled = scale(strokes, side - pen)
    size = np.ptp(np.concatenate(scaled), axis=0) + pen  # (2,): width and height of the ink
    corner = at * (SIDE - size) + pen / 2 - 0.5  # the canvas goes from -0.5 to 27.5
    return draw([stroke + corner for stroke in scaled], pen)


def images(strokes, way, pen=PEN):
    """X (n, 784): every digit drawn in one of the four ways."""
    rng = np.random.default_rng(SEED)
    middle = np.array([0.5, 0.5])
    ways = {
        "raw": lambda digit: place(digit, rng.uniform(SIDE / 4, SIDE), rng.random(2), pen),
        "filled": lambda digit: place(digit, SIDE, middle, pen),
        "boxed": lambda digit: place(digit, BOX, middle, pen),
        "steps": lambda digit: strokes_to_image(digit, pen),
    }
    drawn = [ways[way](digit) for digit in tqdm(strokes, desc=f"{way}, pen {pen:g}", unit="digit")]
    return np.stack(drawn).reshape(len(strokes), -1)


def resampled(stroke, count):
    """``count`` points, evenly along the length of a stroke (k, 2); a dot stays as it is."""
    length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))])
    if length[-1] == 0:
        return stroke
    at = np.linspace(0, length[-1], count)
    return np.stack([np.interp(at, length, stroke[:, axis]) for axis in (0, 1)], axis=1)


def few(strokes):
    """12 points a stroke."""
    return [resampled(stroke, 12) for stroke in strokes]


def many(strokes):
    """Points 1/200 of the digit's longer side apart."""
    spacing = max(np.ptp(np.concatenate(strokes), axis=0).max(), 1e-9) / 200
    return [resampled(stroke, 2 + int(np.hypot(*np.diff(stroke, axis=0).T).sum() / spacing)) for stroke in strokes]


def on_pad(strokes, share, rng):
    """At a random place of the pad, the longer side a ``share`` of it: in whole units, as a mouse would send it."""
    points = np.concatenate(strokes)
    size = np.ptp(points, axis=0)
    factor = share * PAD / max(size.max(), 1e-9)
    corner = rng.random(2) * (PAD - size * factor)
    return [np.round((stroke - points.min(axis=0)) * factor + corner) for stroke in strokes]


def changed(strokes):
    """By name: all digits, changed in speed, or in place and size."""
    rng = np.random.default_rng(SEED)
    return {
        "few": [few(digit) for digit in strokes],
        "many": [many(digit) for digit in strokes],
        "tenth": [on_pad(digit, 0.1, rng) for digit in strokes],
        "half": [on_pad(digit, 0.5, rng) for digit in strokes],
        "whole": [on_pad(digit, 1.0, rng) for digit in strokes],
    }


def networks(extra):
    """By name the networks (lessons 4 and 6, data/'s, the command line's), their sources, their accuracies on MNIST."""
    mnist = nnlib.load_mnist()
    sources = {"original": "trained by this benchmark, as in lesson 4"}
    original = nnlib.Network([784, 100, 10], init_std=0.01)
    nnlib.train(
        original,
        mnist.X_train,
        mnist.y_train,
        epochs=30,
        batch_size=BATCH_SIZE,
        optimizer=nnlib.SGD(lr=0.5),
        shuffle=False,
    )
    nets = {"original": original, "lesson 6": nnlib.Network.load(DATA / "lesson6.npz")}
    sources["lesson 6"] = "data/lesson6.npz"
    for pair in extra:
        name, _, path = pair.partition("=")
        nets[name], sources[name] = nnlib.Network.load(path), Path(path).name
    if "pretrained" not in nets:
        nets["pretrained"], sources["pretrained"] = nnlib.load_pretrained(), "data/pretrained.npz"
    return nets, sources, {name: nnlib.accuracy(net, mnist.X_test, mnist.y_test) for name, net in nets.items()}


def measure(net, X, y, writers):
    """Accuracy with its interval, by digit and by writer, the confusion matrix, and the share that is "not sure"."""
    a = net.forward(X)
    predicted = a.argmax(axis=1)
    right = predicted == y
    names, which = np.unique(writers, return_inverse=True)
    count, errors = np.bincount(which), np.bincount(which, ~right).astype(int)
    by_writer = np.bincount(which, right) / count
    worst, largest = int(by_writer.argmin()), int(count.argmax())
    return {
        "accuracy": float(right.mean()),
        "errors": int(np.sum(~right)),
        "interval": list(nnlib.accuracy_interval(int(right.sum()), len(y))),
        "writers_interval": np.quantile(bootstrap(right, which, np.random.default_rng(SEED)), [0.025, 0.975]).tolist(),
        "turned_away": float(np.mean(a.max(axis=1) < net.threshold)),
        "by_digit": [float(right[y == digit].mean()) for digit in range(10)],
        "writers": {
            "count": len(names),
            "all": {
                str(name): {"digits": int(n), "errors": int(wrong), "accuracy": float(share)}
                for name, n, wrong, share in zip(names, count, errors, by_writer, strict=True)
            },
            "median": float(np.median(by_writer)),
            "worst": float(by_writer[worst]),
            "digits_of_the_worst": int(count[worst]),
            "largest": str(names[largest]),
            "digits_of_the_largest": int(count[largest]),
            "of_the_largest": float(by_writer[largest]),
            "of_all_others": float(right[which != largest].mean()),
        },
        "confusion": nnlib.confusion_matrix(y, predicted).tolist(),
    }


def temperature_of(name, net):
    """T of data/'s network, which is divided by it already, or of lesson 6's, found on the images held back."""
    if name == "pretrained":
        return recipes.load_result("pretrained")["temperature"]
    mnist = nnlib.load_mnist()
    return nnlib.calibrate(net, *nnlib.split(mnist.X_train, mnist.y_train, 1 / 6)[1])[1]


def sureness(name, net, X, y):
    """What each threshold turns away and lets pass, and how reliable the outputs are before and after T."""
    z = net.propagate(X)[f"z{net.n_layers}"]
    T = temperature_of(name, net)
    factors = {"before": T, "after": 1.0} if name == "pretrained" else {"before": 1.0, "after": 1 / T}
    a = nnlib.softmax(z)
    confidence, wrong = a.max(axis=1), a.argmax(axis=1) != y
    reliability, names = {}, ("confidence", "accuracy", "count")
    for when, factor in factors.items():
        scaled = nnlib.softmax(z * np.float32(factor))
        curve = nnlib.calibration_curve(scaled, y)
        reliability[when] = {
            of: np.nan_to_num(values, nan=-1).tolist() for of, values in zip(names, curve, strict=True)
        }
        reliability[when]["error"] = nnlib.calibration_error(scaled, y)
    return {
        "turned_away": [int(np.sum(confidence < t)) for t in THRESHOLDS],
        "wrong_and_kept": [int(np.sum(wrong & (confidence >= t))) for t in THRESHOLDS],
        "temperature": T,
        **reliability,
    }


def show(name, result):
    """Print what was measured of one network."""
    print(f"\n{name}: {result['mnist_test']:.2%} of MNIST's test images")
    for way, m in result["ways"].items():
        low, high = m["interval"]
        w = m["writers"]
        print(
            f"  {way:7} {m['accuracy']:6.1%} ({low:.1%} to {high:.1%}), {m['errors']} errors   "
            f"writers: median {w['median']:.1%}, worst {w['worst']:.1%} of {w['digits_of_the_worst']} digits"
        )
    m = result["ways"]["steps"]
    w = m["writers"]
    print(
        f"  steps, {w['largest']} alone: {w['of_the_largest']:.1%} of {w['digits_of_the_largest']}; "
        f"all others: {w['of_all_others']:.1%}"
    )
    print(f"  steps, not sure: {m['turned_away']:.1%}")
    print("  by digit ", "  ".join(f"{digit}: {share:.1%}" for digit, share in enumerate(m["by_digit"])))
    mistakes = np.array(m["confusion"]) * (1 - np.eye(10, dtype=int))
    most = np.argsort(-mistakes, axis=None, kind="stable")[:8]
    print("  mistakes ", ", ".join(f"{i // 10} as {i % 10}: {mistakes.flat[i]}" for i in most))
    print(
        "  by writer", ", ".join(f"{writer} {of['accuracy']:.1%} of {of['digits']}" for writer, of in w["all"].items())
    )
    print("  changed  ", "  ".join(f"{change}: {share:.2%}" for change, share in result["changed"].items()))
    print("  by pen   ", "  ".join(f"{pen}: {share:.2%}" for pen, share in result["pens"].items()))


def main():
    """Read the strokes with each network in every way, and store how many were right."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "strokes", nargs="?", type=Path, default=STROKES, help="the file; ../shared/strokes/ if left out"
    )
    parser.add_argument(
        "--network",
        action="append",
        default=[],
        metavar="NAME=PATH",
        help="measure this network, too; pretrained=PATH takes the place of the one of data/",
    )
    parser.add_argument("--output", type=Path, default=RESULTS, help="where the JSON goes")
    options = parser.parse_args()
    y, writers, strokes = read_strokes(required(options.strokes, "strokes"))
    nets, sources, mnist_test = networks(options.network)
    results = {
        name: {"source": sources[name], "mnist_test": mnist_test[name], "ways": {}, "pens": {}, "changed": {}}
        for name in nets
    }
    for way in ("raw", "filled", "boxed", "steps"):
        X = images(strokes, way)
        for name, net in nets.items():
            results[name]["ways"][way] = measure(net, X, y, writers)
            if way == "steps" and net.output == "softmax" and name in ("pretrained", "lesson 6"):
                results[name]["sure"] = sureness(name, net, X, y)
    for pen in PENS:
        X = images(strokes, "steps", pen)
        for name, net in nets.items():
            results[name]["pens"][f"{pen:g}"] = nnlib.accuracy(net, X, y)
    for change, digits in changed(strokes).items():
        X = images(digits, "steps")
        for name, net in nets.items():
            results[name]["changed"][change] = nnlib.accuracy(net, X, y)
    distinct = {json.dumps([stroke.tolist() for stroke in digit]) for digit in strokes}
    report = {
        "strokes": {
            "file": options.strokes.name,
            "digits": len(y),
            "exact_copies": len(y) - len(distinct),
            "writers": len(set(writers)),
            "seed": SEED,
            "pen": PEN,
        },
        "machine": (
            f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, NumPy {np.__version__}"
        ),
        "networks": results,
    }
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(report, indent=1) + "\n")
    for name, result in results.items():
        show(name, result)


if __name__ == "__main__":
    main()
