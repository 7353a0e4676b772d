"""How fast `nnlib.train` is beside its matrix products alone, the original's algorithm, PyTorch and scikit-learn.

    python -m uv run python -m workshop.benchmarks.speed

Each contestant trains one epoch on MNIST's 60,000 images (half of them for the large network), without shuffling, as
the original does. They take turns, so that whatever else the machine does meets them all. A ratio is the median over
the turns; a turn compares neighbours in time. It is done with one BLAS thread allowed, and with two. `nnlib.train`
shows its progress bar. README.md, beside this file, says how to install PyTorch and scikit-learn. The run takes about
four minutes.

matrix products  the five (eight) products of a step, in float32, into arrays that are there already: nothing else
nnlib            `nnlib.train`
original         the algorithm that the series grew from, as it is commonly written: float64, a new array for everything
PyTorch          eager mode: two (three) Linear layers, the same loss and optimiser
scikit-learn     MLPClassifier with the same settings; its loss is cross-entropy

The last part times one step of the network that ``data/`` ships, and the distortion of the batch that feeds it.
"""

import sys
import time
import warnings
from itertools import pairwise

import numpy as np
from threadpoolctl import threadpool_limits
from tqdm import tqdm

import nnlib
from nnlib import recipes
from workshop.results import store

TURNS = 9
SMALL = {"sizes": [784, 100, 10], "batch_size": 50}  # sigmoid, squared error, SGD
LARGE = {"sizes": [784, 1000, 500, 10], "batch_size": 100}  # ReLU, softmax and cross-entropy, momentum


def matrix_products(X, y, sizes, batch_size):
    """An epoch's products, forward a W, backward aᵀ dz and dz Wᵀ, on numbers that mean nothing."""
    rng = np.random.default_rng(0)
    W = [rng.random((n_in, n_out), dtype=np.float32) for n_in, n_out in pairwise(sizes)]
    z = [rng.random((batch_size, n), dtype=np.float32) for n in sizes]
    dz, dW = [array.copy() for array in z], [array.copy() for array in W]
    for first in range(0, len(X), batch_size):
        a = [X[first : first + batch_size], *z[1:]]
        for l in range(len(W)):
            np.matmul(a[l], W[l], out=z[l + 1])
        for l in reversed(range(len(W))):
            np.matmul(a[l].T, dz[l + 1], out=dW[l])
            if l:
                np.matmul(dz[l + 1], W[l].T, out=dz[l])


def ours(X, y, sizes, batch_size):
    """One epoch of `nnlib.train`."""
    large = len(sizes) > 3
    net = nnlib.Network(sizes, *(("relu", "softmax") if large else ("sigmoid", "sigmoid")))
    optimizer = nnlib.Momentum(0.01) if large else nnlib.SGD(0.5)
    nnlib.train(net, X, y, epochs=1, batch_size=batch_size, optimizer=optimizer, shuffle=False, progress=True)


def original(X, y, sizes, batch_size):
    """784-100-10 as the post that started this describes it."""
    rng = np.random.default_rng(0)
    W1, b1 = rng.normal(0, 0.01, sizes[:2]), np.zeros(sizes[1])
    W2, b2 = rng.normal(0, 0.01, sizes[1:]), np.zeros(sizes[2])
    X, Y = X.astype(np.float64), np.eye(10)[y]
    yield
    for first in range(0, len(X), batch_size):
        X_batch, Y_batch = X[first : first + batch_size], Y[first : first + batch_size]
        a1 = 1 / (1 + np.exp(-(X_batch @ W1 + b1)))
        a2 = 1 / (1 + np.exp(-(a1 @ W2 + b2)))
        loss = np.sum(0.5 * (a2 - Y_batch) ** 2)  # noqa: F841 — the post computes it for each batch
        np.sum(a2.argmax(axis=1) == Y_batch.argmax(axis=1))
        dz2 = (a2 - Y_batch) * a2 * (1 - a2)
        dz1 = dz2 @ W2.T * a1 * (1 - a1)
        W2 -= 0.5 * (a1.T @ dz2) / batch_size
        b2 -= 0.5 * dz2.sum(axis=0) / batch_size
        W1 -= 0.5 * (X_batch.T @ dz1) / batch_size
        b1 -= 0.5 * dz1.sum(axis=0) / batch_size


def pytorch(X, y, sizes, batch_size):
    """The same epoch in PyTorch."""
    import torch

    large = len(sizes) > 3
    layers = []
    for n_in, n_out in pairwise(sizes):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU() if large else torch.nn.Sigmoid()]
    net = torch.nn.Sequential(*(layers[:-1] if large else layers))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01 if large else 0.5, momentum=0.9 if large else 0)
    X, y = torch.from_numpy(X), torch.from_numpy(y)
    Y = torch.nn.functional.one_hot(y, 10).float()
    yield
    correct = 0
    for first in range(0, len(X), batch_size):
        batch = slice(first, first + batch_size)
        a = net(X[batch])
        loss = (
            torch.nn.functional.cross_entropy(a, y[batch]) if large else 0.5 * ((a - Y[batch]) ** 2).sum() / batch_size
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        correct += (a.argmax(dim=1) == y[batch]).sum().item()


def scikit_learn(X, y, sizes, batch_size):
    """The same epoch in scikit-learn."""
    from sklearn.neural_network import MLPClassifier

    large = len(sizes) > 3
    net = MLPClassifier(
        sizes[1:-1],
        "relu" if large else "logistic",
        solver="sgd",
        alpha=0,
        batch_size=batch_size,
        max_iter=1,
        shuffle=False,
        learning_rate_init=0.01 if large else 0.5,
        momentum=0.9 if large else 0,
        nesterovs_momentum=False,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one epoch does not converge
        net.fit(X, y)


def seconds(contestant, X, y, settings):
    """The time of one epoch. What a contestant does before its ``yield`` is preparation, and not counted."""
    started = time.perf_counter()
    run = contestant(X, y, **settings)
    if run is not None:
        next(run)
        started = time.perf_counter()
        for _ in run:
            pass
    return time.perf_counter() - started


def compare(contestants, X, y, settings, threads):
    """Seconds of each contestant in each turn."""
    taken = {name: [] for name in contestants}
    with threadpool_limits(threads, user_api="blas"):
        for _ in tqdm(range(TURNS), desc=f"{settings['sizes']}, {threads} threads", unit="turn"):
            for name, contestant in contestants.items():
                taken[name].append(seconds(contestant, X, y, settings))
    return taken


def summary(taken):
    """Medians of the seconds, and of the ratios to the matrix products of the same turn."""
    alone = np.array(taken["matrix products"])
    return {
        name: {
            "seconds": float(np.median(times)),
            "fastest": min(times),
            "times the products": float(np.median(times / alone)),
            "times nnlib": float(np.median(np.array(times) / taken["nnlib"])),
        }
        for name, times in taken.items()
    }


def augmentation(X, y, steps=200):
    """Milliseconds of a training step of the shipped network, and of the distortion of its batch."""
    recipe = recipes.PRETRAINED
    net = nnlib.Network(recipe.sizes, recipe.activation, recipe.output)
    optimizer, rng = nnlib.Momentum(recipe.lr), np.random.default_rng(0)
    optimizer.start(net.params)
    step, distort = [], []
    with threadpool_limits(1, user_api="blas"):
        for i in range(steps):
            batch = slice(i * recipe.batch_size, (i + 1) * recipe.batch_size)
            started = time.perf_counter()
            X_batch = recipe.augment(X[batch], rng)
            between = time.perf_counter()
            optimizer.step(net.params, net.loss_and_gradients(X_batch, y[batch])[1])
            step.append(1000 * (time.perf_counter() - between))
            distort.append(1000 * (between - started))
    return {"step_ms": float(np.median(step)), "distortion_ms": float(np.median(distort))}


def main():
    """Time all contestants in turns, print the table and store it."""
    try:
        import sklearn
        import torch
    except ImportError as error:
        sys.exit(
            f"{error}. This benchmark compares with PyTorch and scikit-learn: "
            "workshop/benchmarks/README.md says how to get them."
        )
    mnist = nnlib.load_mnist()
    X, y = mnist.X_train, mnist.y_train
    contestants = {
        "matrix products": matrix_products,
        "nnlib": ours,
        "original": original,
        "PyTorch": pytorch,
        "scikit-learn": scikit_learn,
    }
    result = {"versions": {"torch": torch.__version__, "scikit-learn": sklearn.__version__}, "turns": TURNS}
    for threads in (1, 2):
        torch.set_num_threads(threads)
        result[f"784-100-10, {threads}"] = summary(compare(contestants, X, y, SMALL, threads))
    few = {name: contestants[name] for name in ("matrix products", "nnlib", "PyTorch")}
    for threads in (1, 2):
        torch.set_num_threads(threads)
        result[f"784-1000-500-10, {threads}"] = summary(compare(few, X[:30_000], y[:30_000], LARGE, threads))
    result["augmentation"] = augmentation(X, y)
    for name, rows in result.items():
        print(name)
        for row, figures in rows.items() if isinstance(rows, dict) else ():
            print(
                f"    {row:16}",
                figures if not isinstance(figures, dict) else {k: round(v, 3) for k, v in figures.items()},
            )
    store("speed", result)


if __name__ == "__main__":
    main()
