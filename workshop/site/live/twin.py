"""Lesson 5's network, the reader's twin: it has never seen the 10,000 images that were held back.

    python -m workshop.site.live.twin    trains it as the lesson does, half a minute, and stores its weights as float16

A page shows what the stored one answers. The notebook trains its own; rounded, the weights differ in the fourth digit.
"""

from functools import cache
from pathlib import Path

import numpy as np

import nnlib

STORED = Path(__file__).with_name("twin.npz")


@cache
def held_back():
    """The lesson's (X_train, y_train), (X_val, y_val)."""
    mnist = nnlib.load_mnist()
    return nnlib.split(mnist.X_train, mnist.y_train, 1 / 6)


def twin():
    """The stored network, as float32, and the images that were held back with their labels: net, X_val, y_val."""
    return nnlib.Network.load(STORED), *held_back()[1]


def main():
    """Train it and store it."""
    net = nnlib.Network([784, 100, 10], init_std=0.01)
    nnlib.train(net, *held_back()[0], epochs=30, batch_size=50, optimizer=nnlib.SGD(lr=0.5), shuffle=False)
    rounded = net.copy(np.float16)
    rounded.params.update(
        {name: b for name, b in net.params.items() if name.startswith("b")}
    )  # few, and they are shown
    rounded.save(STORED)


if __name__ == "__main__":
    main()
