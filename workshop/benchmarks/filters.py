"""The last layer of lesson 8's network that looks everywhere with the same weights: one small training run.

    python -m uv run python -m workshop.benchmarks.filters

The filters are not trained: they are patches of 11 × 11 pixels of training images, cut out around a pixel with ink.
Each looks at every place of an image, and its largest answer is kept: 100 numbers for an image, wherever its digit
lies. On these a softmax layer is trained, 1,010 parameters, with 20,000 training images. Its weights, and its accuracy
on 10,000 training images that it has not seen, are stored in data/results/filters.json; lesson 8 cuts the same filters
and reads moved digits. Nothing was chosen on the test set. The run takes about three minutes.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from tqdm import trange

import nnlib
from workshop.results import store

COUNT, SIDE = 100, 11
TRAINED, HELD_BACK = slice(0, 20_000), slice(50_000, 60_000)


def cut_filters(images, rng):
    """COUNT patches around pixels with ink, each with mean 0 and length 1, shape (COUNT, SIDE, SIDE)."""
    filters = []
    for i in rng.integers(0, 50_000, COUNT):
        r, c = rng.choice(np.argwhere(images[i, 5:23, 5:23] > 0.5))
        patch = images[i, r : r + SIDE, c : c + SIDE]
        patch = patch - patch.mean()
        filters.append(patch / np.linalg.norm(patch))
    return np.array(filters)


def look_everywhere(images, filters):
    """How well each filter fits at every place: images (n, 28, 28), answers (n, 38, 38, COUNT)."""
    padded = np.pad(images, ((0, 0), (SIDE - 1, SIDE - 1), (SIDE - 1, SIDE - 1)))
    patches = sliding_window_view(padded, (SIDE, SIDE), axis=(1, 2))
    return np.tensordot(patches, filters, axes=((3, 4), (1, 2)))


def strongest(images, filters):
    """The largest answer of each filter, shape (n, COUNT)."""
    parts = trange(0, len(images), 50, desc="images / 50")
    return np.concatenate([look_everywhere(images[i : i + 50], filters).max(axis=(1, 2)) for i in parts])


def main():
    """Cut the filters, train the last layer, and store its weights."""
    mnist = nnlib.load_mnist()
    images = mnist.X_train.reshape(-1, 28, 28)
    filters = cut_filters(images, np.random.default_rng(0))
    A, A_val = strongest(images[TRAINED], filters), strongest(images[HELD_BACK], filters)
    mean, std = A.mean(axis=0), A.std(axis=0)
    net = nnlib.Network([COUNT, 10], output="softmax")
    optimizer = nnlib.Momentum(0.02)
    nnlib.train(
        net, (A - mean) / std, mnist.y_train[TRAINED], epochs=20, batch_size=50, optimizer=optimizer,
        schedule=nnlib.cosine, progress=False,
    )  # fmt: skip
    W = net.params["W1"] / std[:, None]  # so that the answers come in as they are
    b = net.params["b1"] - mean @ W
    W, b = np.round(W, 4), np.round(b, 4)
    right = int(np.sum((A_val @ W + b).argmax(axis=1) == mnist.y_train[HELD_BACK]))
    print(f"{right:,} of {len(A_val):,} held-back images are read right")
    store(
        "filters",
        {
            "first filter": np.round(filters[0].ravel()[:5].astype(float), 4).tolist(),
            "held back": len(A_val),
            "right": right,
            "W": [[round(float(w), 4) for w in row] for row in W],
            "b": [round(float(w), 4) for w in b],
        },
    )


if __name__ == "__main__":
    main()
