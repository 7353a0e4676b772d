"""What comes after the last lesson, measured with PyTorch: gradients equal to ours, and a small convolution. Lesson 9.

    python -m workshop.benchmarks.next_steps

PyTorch is no part of the project; workshop/benchmarks/README.md says how to install it. The ten lines that compute the
gradients are those of the notebook's cell ``in-pytorch``, read from it. The convolutional network and the dense one are
trained alike, with five seeds each and a learning rate from a search of its own; both are measured on the last 10,000
images of the training set. The run takes about five minutes.
"""

import runpy
import tempfile
from pathlib import Path

import nbformat
import numpy as np
import torch

import nnlib
from nnlib.data import DATA, training_digits
from workshop import ROOT
from workshop.results import store

SEEDS = range(5)
EPOCHS, BATCH_SIZE, MOMENTUM = 8, 50, 0.9
RATES = (0.01, 0.02, 0.05, 0.1, 0.2)
HELD_BACK = 10_000
IMAGES = 500  # for the gradients


def function_of_the_notebook():
    """The function of the cell ``in-pytorch`` of lesson 9."""
    notebook = nbformat.read(ROOT / "notebooks" / "09_drawing_canvas.ipynb", as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in_pytorch.py"
        path.write_text(next(cell.source for cell in notebook.cells if cell.id == "in-pytorch"), encoding="utf-8")
        return runpy.run_path(str(path), {"np": np, "nnlib": nnlib})["in_pytorch"]


def compare(net, X, y, in_pytorch):
    """The loss on both sides, and for each parameter the largest difference as a share of the largest gradient."""
    loss, grads, _ = net.loss_and_gradients(X, y)
    loss_there, grads_there = in_pytorch(net, X, y)
    differences = {
        name: float(np.abs(dtheta - grads_there[name]).max() / np.abs(dtheta).max()) for name, dtheta in grads.items()
    }
    return {"loss": float(loss), "loss in PyTorch": float(loss_there), "differences": differences}


def convolutional():
    """Two convolutions and one dense layer: 5,994 parameters."""
    nn = torch.nn
    return nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)),
        nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(256, 10),
    )  # fmt: skip


def dense():
    """Lesson 6's network: 784-200-100-10 with ReLU."""
    nn = torch.nn
    return nn.Sequential(nn.Linear(784, 200), nn.ReLU(), nn.Linear(200, 100), nn.ReLU(), nn.Linear(100, 10))


def train(make, X, y, epochs, lr, seed):
    """A trained model: momentum, a falling rate, cross-entropy."""
    torch.manual_seed(seed)
    model = make()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=MOMENTUM)
    steps = epochs * (len(X) // BATCH_SIZE)
    falling = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: nnlib.cosine(min(1.0, step / steps)))
    for _ in range(epochs):
        for batch in torch.randperm(len(X)).reshape(-1, BATCH_SIZE):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(model(X[batch]), y[batch]).backward()
            optimizer.step()
            falling.step()
    return model


def accuracy(model, X, y):
    """The share that is read right."""
    with torch.no_grad():
        return float((model(X).argmax(dim=1) == y).double().mean())


def measure(make):
    """A search for the rate, as in lesson 6, and then five seeds."""
    X, y = (torch.tensor(array) for array in training_digits(60_000))
    y = y.long()
    X_train, y_train, X_val, y_val = X[:-HELD_BACK], y[:-HELD_BACK], X[-HELD_BACK:], y[-HELD_BACK:]
    search = {lr: accuracy(train(make, X_train[:10_000], y_train[:10_000], 3, lr, 5), X_val, y_val) for lr in RATES}
    lr = max(search, key=search.get)
    found = []
    for seed in SEEDS:
        found.append(accuracy(train(make, X_train, y_train, EPOCHS, lr, seed), X_val, y_val))
        print(make.__name__, lr, seed, found[-1], flush=True)
    parameters = sum(p.numel() for p in make().parameters())
    return {"parameters": parameters, "search": search, "lr": lr, "accuracies": found}


def main():
    """Measure, and store what the lesson quotes."""
    torch.set_num_threads(1)
    networks = {"convolutional": measure(convolutional), "dense": measure(dense)}
    X, y = training_digits(IMAGES)
    net = nnlib.Network.load(DATA / "lesson6.npz")
    gradients = compare(net, X, y, function_of_the_notebook())
    store("next_steps", {"PyTorch": torch.__version__, "epochs": EPOCHS, "gradients": gradients, "networks": networks})


if __name__ == "__main__":
    main()
