"""How well photos of digits are read: MNIST's digits on synthetic paper of many kinds. Lesson 9.

    python -m uv run python -m workshop.benchmarks.photos
    python -m uv run python -m workshop.benchmarks.photos --development --digits 100

Each picture is made of one digit and of chance: where the digit stands and how large, how the light falls, how the
rulings lie. `nnlib.pad.photo` was made while looking at digits of the training set (``--development``), with other
random numbers; what is stored comes from the test set. The run takes a few minutes.
"""

import argparse
import time

import numpy as np

import nnlib
from nnlib.data import training_digits
from nnlib.pad.drawing import crop, resize
from workshop.results import store

SEED = {"development": 1, "test": 2}
HEIGHT, WIDTH = 300, 400  # pixels of a photo, as the pad's page sends one
INK = 0.65  # the share of the light that ink swallows
NOISE = 5  # grey levels: the standard deviation


def light(rng, shape=(HEIGHT, WIDTH)):
    """The brightness of white paper: lighter on one side than on the other."""
    down, across = np.linspace(-1, 1, shape[0])[:, None], np.linspace(-1, 1, shape[1])
    return 200 + rng.uniform(-30, 30) * down + rng.uniform(-40, 40) * across


def written(digit, rng, box=(0, 0, HEIGHT, WIDTH)):
    """The ink of a digit, 0 to 1, somewhere in a box (top, left, bottom, right), and its height."""
    top, left, bottom, right = box
    zoom = rng.uniform(3, min(9, (bottom - top) / 28, (right - left) / 28))
    side = int(28 * zoom)
    r, c = rng.integers(top, bottom - side + 1), rng.integers(left, right - side + 1)
    ink = np.zeros((HEIGHT, WIDTH))
    ink[r : r + side, c : c + side] = resize(digit.reshape(28, 28), side, side)
    return ink, 20 * zoom


def lines(pitch, first, thickness, tilt, rng):
    """Parallel rulings, 0 to 1: nearly level, ``pitch`` pixels apart; photos are tilted, and bend lines a little."""
    r, c = np.mgrid[:HEIGHT, :WIDTH]
    bend, fan = rng.uniform(-2, 2), rng.uniform(-0.01, 0.01)
    across = (c - WIDTH / 2) / (WIDTH / 2)
    place = r - np.tan(tilt) * (c - WIDTH / 2) - bend * across**2 - fan * across * (r - HEIGHT / 2) - first
    far = np.abs(place) if pitch is None else np.abs((place + pitch / 2) % pitch - pitch / 2)
    return np.clip(thickness / 2 + 0.5 - far, 0, 1)


def upright(pitch, first, thickness, tilt, rng):
    """The same, nearly upright."""
    r, c = np.mgrid[:HEIGHT, :WIDTH]
    place = (
        c + np.tan(tilt) * (r - HEIGHT / 2) - rng.uniform(-0.01, 0.01) * (r - HEIGHT / 2) * (c / WIDTH - 0.5) - first
    )
    far = np.abs((place + pitch / 2) % pitch - pitch / 2)
    return np.clip(thickness / 2 + 0.5 - far, 0, 1)


def exposed(brightness, rng, noise=NOISE):
    """What a camera makes of it: noise, and whole grey levels."""
    return np.clip(brightness + rng.normal(0, noise, brightness.shape), 0, 255).astype(np.uint8)


def plain(digit, rng):
    """Dark ink on white paper."""
    ink, _ = written(digit, rng)
    return exposed(light(rng) * (1 - INK * ink), rng)


def noisy(digit, rng):
    """The same in poor light: three times the noise."""
    ink, _ = written(digit, rng)
    return exposed(light(rng) * (1 - INK * ink), rng, 3 * NOISE)


def ruled(digit, rng):
    """Ruled paper: lines 60 to 90 grey levels darker than it."""
    ink, height = written(digit, rng)
    pitch = max(20, height / rng.uniform(0.6, 2.5))
    rulings = lines(pitch, rng.uniform(0, pitch), rng.uniform(1, 2.5), rng.uniform(-0.08, 0.08), rng)
    return exposed(light(rng) * (1 - np.maximum(INK * ink, rng.uniform(60, 90) / 200 * rulings)), rng)


def squared(digit, rng):
    """Squared paper: lines about 40 grey levels darker than it."""
    ink, height = written(digit, rng)
    pitch, thickness, tilt = max(15, height / rng.uniform(1, 4)), rng.uniform(1, 2.5), rng.uniform(-0.08, 0.08)
    rulings = np.maximum(
        lines(pitch, rng.uniform(0, pitch), thickness, tilt, rng),
        upright(pitch, rng.uniform(0, pitch), thickness, tilt, rng),
    )
    return exposed(light(rng) * (1 - np.maximum(INK * ink, rng.uniform(30, 50) / 200 * rulings)), rng)


def on_a_line(digit, rng):
    """A digit that stands on the one line of the paper."""
    ink, _ = written(digit, rng)
    rows = np.flatnonzero((ink > 0.3).any(axis=1))
    foot = rows[-1] if len(rows) else rng.uniform(0.3, 0.9) * HEIGHT
    line = lines(None, foot + rng.uniform(-4, 4), rng.uniform(1, 3), rng.uniform(-0.03, 0.03), rng)
    return exposed(light(rng) * (1 - np.maximum(INK * ink, rng.uniform(60, 90) / 200 * line)), rng)


def tight(digit, rng):
    """Cropped to the digit: it touches the rim on all sides."""
    ink = crop(digit.reshape(28, 28))
    if ink.size == 0:
        ink = digit.reshape(28, 28)
    zoom = rng.uniform(4, 15)
    ink = resize(ink, *(max(1, round(side * zoom)) for side in ink.shape))
    return exposed(light(rng, ink.shape) * (1 - INK * ink), rng)


def transparent(brightness):
    """Ink on a transparent ground: the page puts black behind light ink, white behind dark (``greyOf`` in notebook.js)."""

    def picture(digit, rng):
        ink, _ = written(digit, rng)
        ground = 0 if brightness > 127.5 else 255
        return np.round(ink * brightness + (1 - ink) * ground).astype(np.uint8)

    return picture


def white_on_black(digit, rng):
    """A screenshot: white on black, without noise."""
    ink, _ = written(digit, rng)
    return np.round(255 * ink).astype(np.uint8)


def mnist_itself(digit, rng):
    """MNIST's own image as a picture file of 28 × 28 pixels."""
    return np.round(255 * digit.reshape(28, 28)).astype(np.uint8)


def floats(digit, rng):
    """A photo as Matplotlib reads a PNG: floats from 0 to 1."""
    return plain(digit, rng).astype(np.float32) / 255


def shadow(digit, rng, depth=0.6):
    """The edge of a shadow somewhere on the paper."""
    ink, _ = written(digit, rng)
    across, down = np.linspace(-1, 1, WIDTH), np.linspace(-1, 1, HEIGHT)[:, None]
    lit = across + rng.uniform(-0.4, 0.4) * down > rng.uniform(-0.6, 0.6)
    return exposed(light(rng) * np.where(lit, 1, depth) * (1 - INK * ink), rng)


def deep_shadow(digit, rng):
    """A shadow that leaves 0.3 of the light."""
    return shadow(digit, rng, 0.3)


def on_a_desk(digit, rng):
    """A sheet on a dark desk, its edges in view."""
    r, c = np.mgrid[:HEIGHT, :WIDTH]
    tilt, half = rng.uniform(-0.12, 0.12), (HEIGHT * rng.uniform(0.33, 0.43), WIDTH * rng.uniform(0.33, 0.43))
    down, across = r - HEIGHT / 2 + rng.uniform(-15, 15), c - WIDTH / 2 + rng.uniform(-20, 20)
    y, x = down * np.cos(tilt) - across * np.sin(tilt), across * np.cos(tilt) + down * np.sin(tilt)
    sheet = np.clip(np.minimum(half[0] - np.abs(y), half[1] - np.abs(x)) + 0.5, 0, 1)
    inside = np.argwhere((np.abs(y) < 0.75 * half[0]) & (np.abs(x) < 0.75 * half[1]))
    ink, _ = written(digit, rng, (*inside.min(axis=0), *inside.max(axis=0)))
    grain = 6 * np.sin(r / rng.uniform(3, 9) + 2 * np.sin(c / 60))  # wood
    desk = rng.uniform(30, 110) + grain
    return exposed(sheet * light(rng) * (1 - INK * ink) + (1 - sheet) * desk, rng)


def faint_pencil(digit, rng):
    """Ink that is 20 grey levels darker than the paper, under noise."""
    ink, _ = written(digit, rng)
    return exposed(light(rng) - 20 * ink, rng)


AT_A_GLANCE = {  # what a person reads at a glance
    "plain": plain,
    "noise": noisy,
    "shadow": shadow,
    "ruled": ruled,
    "squared": squared,
    "one line": on_a_line,
    "tight crop": tight,
    "desk": on_a_desk,
    "transparent, dark ink": transparent(30),
    "transparent, white ink": transparent(255),
    "white on black": white_on_black,
    "MNIST's image": mnist_itself,
    "floats 0 to 1": floats,
}
LIMITS = {"faint pencil": faint_pencil, "deep shadow": deep_shadow}
EMPTY = {
    "plain": plain,
    "shadow": shadow,
    "deep shadow": deep_shadow,
    "ruled": ruled,
    "squared": squared,
    "one line": on_a_line,
    "desk": on_a_desk,
}


def measure(net, make, X, y, rng):
    """Shares of pictures: right and sure, right but unsure, wrong and unsure, wrong and sure, and without ink.

    With ``y`` None there is no digit, and every sure answer is wrong.
    """
    images = np.array([nnlib.photo_to_image(make(x, rng)).ravel() for x in X])
    a = net.forward(images)
    ink, sure = images.any(axis=1), a.max(axis=1) >= net.threshold
    right = (a.argmax(axis=1) == y) if y is not None else np.zeros(len(X), bool)
    return {
        "right and sure": float(np.mean(ink & sure & right)),
        "right, unsure": float(np.mean(ink & ~sure & right)),
        "wrong, unsure": float(np.mean(ink & ~sure & ~right)),
        "wrong and sure": float(np.mean(ink & sure & ~right)),
        "no ink": float(np.mean(~ink)),
    }


def read(shares):
    """The share of pictures that were read right, sure or unsure; from what `measure` gives."""
    return shares["right and sure"] + shares["right, unsure"]


def digits(n, development=False):
    """The first n digits of the training set, or of the test set."""
    if development:
        return training_digits(n)
    mnist = nnlib.load_mnist()
    return mnist.X_test[:n], mnist.y_test[:n]


def benchmark(net, X, y, seed):
    """`measure` for every kind of picture."""
    blank = np.zeros_like(X)

    def rng(kind):
        return np.random.default_rng([seed, *kind.encode()])

    kinds = {kind: measure(net, make, X, y, rng(kind)) for kind, make in {**AT_A_GLANCE, **LIMITS}.items()}
    empty = {kind: measure(net, make, blank, None, rng("empty " + kind)) for kind, make in EMPTY.items()}
    return {**kinds, **{f"empty, {kind}": shares for kind, shares in empty.items()}}


def show(kinds):
    """Print the table."""
    names = list(next(iter(kinds.values())))
    print(f"{'':24}" + "".join(f"{name:>16}" for name in names))
    for kind, shares in kinds.items():
        print(f"{kind:24}" + "".join(f"{shares[name]:16.1%}" for name in names))


def main():
    """Measure every kind, print the table, and store it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--digits", type=int, default=500, help="of each kind")
    parser.add_argument("--development", action="store_true", help="training digits and other paper; nothing is stored")
    options = parser.parse_args()
    X, y = digits(options.digits, options.development)
    started = time.perf_counter()
    kinds = benchmark(nnlib.load_pretrained(), X, y, SEED["development" if options.development else "test"])
    show(kinds)
    pictures = options.digits * len(kinds)
    milliseconds = 1000 * (time.perf_counter() - started) / pictures
    print(f"{pictures} pictures, {milliseconds:.0f} ms each, making it included")
    if not options.development:
        store("photos", {"digits": options.digits, "kinds": kinds})


if __name__ == "__main__":
    main()
