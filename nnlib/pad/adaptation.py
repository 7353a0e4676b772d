"""Adaptation: a network learns a writer's own digits from a few examples, and keeps what it knew. Lesson 8.

A network that trains on new examples alone forgets the old ones. So it trains on both: distorted copies of what it is
taught, and digits of MNIST for which it must go on to answer what it answered before.
"""

from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from nnlib._support.arguments import check_images, check_labels
from nnlib._support.files import load_arrays, save_arrays
from nnlib.augmentation import Augment
from nnlib.data import training_digits
from nnlib.network import Network
from nnlib.optimizers import Momentum, cosine

COPIES = 100  # distorted copies of each example
MOST_COPIES = 3000  # of all together
REPLAY = 5000  # digits of MNIST among them
BATCH_SIZE = 100
LEARNING_RATE = 0.05
DISTORT = Augment(shift=1.5, rotation=15, scale=0.15, shear=0.2, elastic=1.2)
MOST_TAUGHT = 500  # drawings that a pupil remembers
REPORTS = 12  # how often ``watch`` is called
SHARE = np.float32(0.75)  # how far the weights go from the old ones to the trained ones


def adapt(net, images, labels, watch=None):
    """A new network that has learned a writer's own digits from a few examples. Lesson 8.

    One pass of momentum over distorted copies of the examples, mixed with digits of MNIST whose targets are ``net``'s
    own outputs: it learns the new without forgetting the old (Li and Hoiem, 2016). At the end each weight goes only
    three quarters of its way, W ← W_old + ¾ (W_trained − W_old), which forgets less and reads new digits as well
    (Wortsman and others, 2022).

    Parameters
    ----------
    net : Network
        With 784 inputs; it is left alone. The numbers here were chosen for the network that ``data/`` ships.
    images : float array, shape (m, 784) or (m, 28, 28)
        The examples, as `strokes_to_image` makes them. Three of each digit are a good start.
    labels : int array, shape (m,)
        What they are.
    watch : callable, optional
        Called a few times, with the share of the training that is done, 0 to 1, and the network as it is then.

    Returns
    -------
    net : Network
        The same call gives the same network.

    Raises
    ------
    ValueError
        No examples came, or their shapes, types or labels do not fit.
    """
    X = check_images(np.asarray(images).reshape(-1, 784), 784, "images").astype(np.float32)
    y = check_labels(labels, len(X), net.sizes[-1], "labels")
    rng = np.random.default_rng(0)
    X_old = training_digits(REPLAY)[0]  # (5000, 784)
    again = np.arange(min(COPIES * len(X), MOST_COPIES)) % len(X)
    parts = np.array_split(again, 1 + len(again) // BATCH_SIZE)  # so few at a time stay in the processor's cache
    X_new, y_new = np.concatenate([DISTORT(X[part], rng) for part in parts]), y[again]
    trained = net.copy()
    with threadpool_limits(1, user_api="blas"):  # the browser needs the other core: on two, each step waits for it
        X, Y = np.concatenate([X_old, X_new]), np.concatenate([net.forward(X_old), net.one_hot(y_new)])
        _one_epoch(trained, X, Y, rng, watch)
    for name, theta in trained.params.items():
        theta += (1 - SHARE) * (net.params[name] - theta)
    if watch is not None:
        watch(1.0, trained)
    return trained


def _one_epoch(net, X, Y, rng, watch):
    """One pass of momentum over X (n, 784) in random order; each row of Y (n, 10) may be any probabilities."""
    optimizer = Momentum(LEARNING_RATE)
    optimizer.start(net.params)
    order, reports = rng.permutation(len(X)), 0
    for first in range(0, len(X), BATCH_SIZE):
        done = first / len(X)
        if watch is not None and done * REPORTS >= reports:
            watch(done, net)
            reports += 1
        batch = order[first : first + BATCH_SIZE]
        optimizer.step(net.params, net.backward(net.propagate(X[batch]), Y[batch]), cosine(done))


class Pupil:
    """A network, and the drawings that a writer taught it. Lesson 8.

    It always learns from all drawings at once, and from the network that it began with: what it knows depends on the
    drawings alone, not on their order, and the last one can be taken back.

    Parameters
    ----------
    net : Network
        With 784 inputs and 10 outputs; it is left alone.

    Attributes
    ----------
    first, net : Network
        As it began, and as it is now.
    images : uint8 array, shape (m, 28, 28)
        The drawings; 0 is paper, 255 is ink.
    labels : int array, shape (m,)
    """

    def __init__(self, net):
        self.first = net
        self.reset()

    def reset(self):
        """Forget everything that was taught."""
        self.net = self.first
        self.images, self.labels = np.zeros((0, 28, 28), np.uint8), np.zeros(0, int)

    def teach(self, image, label, watch=None):
        """Learn that ``image`` (28, 28), 0 to 1, is a ``label``, 0 to 9.

        ``watch`` is called a few times, with the share that is done and the loss on all drawings so far.
        """
        image = np.round(255 * np.asarray(image).reshape(1, 28, 28)).astype(np.uint8)
        check_labels([label], 1, 10, "label")
        if len(self.labels) >= MOST_TAUGHT:
            raise ValueError(f"{MOST_TAUGHT} drawings are the most that can be taught. Take one back, or forget all.")
        self._learn(np.concatenate([self.images, image]), np.append(self.labels, label), watch)

    def undo(self, watch=None):
        """Forget the last drawing."""
        if len(self.labels) < 2:
            return self.reset()
        self._learn(self.images[:-1], self.labels[:-1], watch)

    def _learn(self, images, labels, watch):
        X = as_pixels(images)
        self.net = adapt(self.first, X, labels, watch and (lambda done, net: watch(done, net.loss(X, labels))))
        self.images, self.labels = images, labels  # only now: an interrupted training changes nothing

    def right(self):
        """Which of the drawings the network reads right, as it began and as it is now: two arrays of bool (m,)."""
        if len(self.labels) == 0:
            return np.zeros(0, bool), np.zeros(0, bool)
        X = as_pixels(self.images)
        return self.first.predict(X) == self.labels, self.net.predict(X) == self.labels

    def save(self, folder):
        """Write drawings.npz (``images``, ``labels``) and network.npz to a folder, which is made if it is missing."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        save_arrays(folder / "drawings.npz", images=self.images, labels=self.labels)
        self.net.save(folder / "network.npz")

    def load(self, folder):
        """Read what `save` wrote. Files that do not fit give an error, and the pupil stays as it is.

        Raises
        ------
        FileNotFoundError
            Nothing was saved in this folder.
        ValueError
            A file is damaged, or its network has other layers than this one.
        """
        path, network = Path(folder) / "drawings.npz", Path(folder) / "network.npz"
        if not (path.exists() and network.exists()):
            raise FileNotFoundError(f"{folder} has no drawings.npz and network.npz: nothing was saved there.")
        net = Network.load(network)
        if net.sizes != self.first.sizes:
            raise ValueError(f"{folder} has a network with the layers {net.sizes}; this one has {self.first.sizes}.")
        try:
            arrays = load_arrays(path)
            images, labels = arrays["images"], arrays["labels"]
        except (ValueError, KeyError) as error:
            raise ValueError(f"{path} has no drawings that Pupil.save wrote: {error}") from error
        if images.dtype != np.uint8 or images.shape[1:] != (28, 28) or len(images) > MOST_TAUGHT:
            raise ValueError(
                f"{path}: images must be bytes (m, 28, 28), m at most {MOST_TAUGHT}. {images.shape}, {images.dtype} came."
            )
        check_labels(labels, len(images), 10, "labels")
        self.net, self.images, self.labels = net, images, labels


def as_pixels(images):
    """Bytes (m, 28, 28) as pixels from 0 to 1, shape (m, 784)."""
    return np.divide(images.reshape(-1, 784), 255, dtype=np.float32)
