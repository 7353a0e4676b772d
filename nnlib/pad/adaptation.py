"""Adaptation: a network learns a writer's own digits from a few examples, and keeps what it knew. Lesson 9.

A network that trains on new examples alone forgets the old ones. So it trains on both: distorted copies of what it is
taught, and digits of MNIST for which it must go on to answer what it answered before.
"""

from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from nnlib._support.arguments import (
    as_array,
    check_callable,
    check_images,
    check_labels,
    check_number,
    check_path,
    check_weights,
    describe,
)
from nnlib._support.files import load_arrays, save_arrays
from nnlib._support.language import say
from nnlib.augmentation import Augment
from nnlib.data import training_digits
from nnlib.network import Network
from nnlib.optimizers import Momentum, cosine

COPIES = 50  # distorted copies of each example
FEWEST_COPIES, MOST_COPIES = 900, 1500  # of all together
REPLAY = 15_000  # digits of MNIST among them
BATCH_SIZE = 100
LEARNING_RATE = 0.05
DISTORT = Augment(shift=1.5, rotation=15, scale=0.15, shear=0.2, elastic=1.2)
MOST_TAUGHT = 500  # drawings that a pupil remembers
REPORTS = 12  # how often ``watch`` is called
SHARE = np.float32(2 / 3)  # how far the weights go from the old ones to the trained ones
ROUNDING = 1e-6  # so far outside 0 to 1 a pixel may be


def adapt(net, images, labels, watch=None):
    """A new network that has learned a writer's own digits from a few examples. Lesson 9.

    One pass of momentum over distorted copies of the examples, mixed with digits of MNIST whose targets are ``net``'s
    own outputs: it learns the new without forgetting the old (Li and Hoiem, 2016). A network with squared error learns
    by the logistic loss here: squared error hardly moves an output that is surely wrong (lesson 6). At the end each
    weight goes only two thirds of its way, W ← W_old + ⅔ (W_trained − W_old), which forgets less and reads new
    digits nearly as well (Wortsman and others, 2022).

    Parameters
    ----------
    net : Network
        With 784 inputs; it is left alone. The constants above suit lesson 4's, lesson 6's and the shipped one.
    images : float array, shape (m, 784) or (m, 28, 28)
        The examples, pixels in 0 to 1, as `strokes_to_image` makes them. Three of each digit are a good start. A list
        of images becomes such an array by ``np.stack``; ``np.dstack`` puts the images last, and is refused.
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
    TypeError
        ``net`` is no network, ``images`` does not hold floats, or ``labels`` no integers.
    ValueError
        There are no examples, their shapes or values do not fit, or ``net`` has not 784 inputs or is NaN.
    """
    _check_reader(net)
    X = _check_drawings(images, "images")
    y = check_labels(labels, len(X), net.sizes[-1], "labels")
    check_callable(watch, "of the share that is done and the network", "watch")
    rng = np.random.default_rng(0)
    X_old = training_digits(REPLAY)[0]  # (5000, 784)
    again = np.arange(np.clip(COPIES * len(X), FEWEST_COPIES, MOST_COPIES)) % len(X)
    parts = np.array_split(again, 1 + len(again) // BATCH_SIZE)  # so few at a time stay in the processor's cache
    X_new, y_new = np.concatenate([DISTORT(X[part], rng) for part in parts]), y[again]
    trained = net.copy()
    trained.output = "logistic" if net.output == "sigmoid" else net.output
    with threadpool_limits(1, user_api="blas"):  # the browser needs the other core: on two, each step waits for it
        X, Y = np.concatenate([X_old, X_new]), np.concatenate([net.forward(X_old), net.one_hot(y_new)])
        _one_epoch(trained, X, Y, rng, watch)
    for name, theta in trained.params.items():
        theta += (1 - SHARE) * (net.params[name] - theta)
    trained.output = net.output
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
    """A network, and the drawings that a writer taught it. Lesson 9.

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
        _check_reader(net)
        if net.sizes[-1] != 10:
            raise ValueError(f"net must have 10 outputs, one per digit; got {net!r}.")
        self.first = net
        self.reset()

    def reset(self):
        """Forget everything that was taught."""
        self.net = self.first
        self.images, self.labels = np.zeros((0, 28, 28), np.uint8), np.zeros(0, int)

    def teach(self, image, label, watch=None):
        """Learn that an image is a digit.

        Parameters
        ----------
        image : float array, shape (28, 28) or (784,)
            Pixels in 0 to 1: 0 is paper, 1 is ink.
        label : int
            0 to 9.
        watch : callable, optional
            Called a few times, with the share that is done and the loss on all drawings so far.
        """
        image = as_array(image, "image")
        if image.shape not in ((28, 28), (784,)):
            raise ValueError(f"image must be a single image, shape (28, 28); got {image.shape}.")
        image = _as_bytes(_check_drawings(image[None], "image"))
        check_number(label, "label", low=0, high=10, integer=True)
        check_callable(watch, "of the share that is done and the loss", "watch")
        if len(self.labels) >= MOST_TAUGHT:
            raise ValueError(
                say("{most} drawings are the most that can be taught. Take one back, or forget all.", most=MOST_TAUGHT)
            )
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
        folder = check_path(folder, "folder")
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
            raise FileNotFoundError(
                say("{folder} has no drawings.npz and network.npz: nothing was saved there.", folder=folder)
            )
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
                f"{path}: images must be bytes of shape (m, 28, 28), m at most {MOST_TAUGHT}; got {describe(images)}."
            )
        check_labels(labels, len(images), 10, "labels")
        self.net, self.images, self.labels = net, images, labels


def as_pixels(images):
    """Bytes (m, 28, 28) as pixels from 0 to 1, shape (m, 784)."""
    return np.divide(images.reshape(-1, 784), 255, dtype=np.float32)


def _as_bytes(X):
    """Pixels (m, 784) from 0 to 1 as bytes, shape (m, 28, 28)."""
    return np.round(255 * X).astype(np.uint8).reshape(-1, 28, 28)


def _check_reader(net):
    """Raise an error unless ``net`` is a network that reads images of 784 pixels."""
    check_weights(net)
    if net.sizes[0] != 784:
        raise ValueError(f"net must have 784 inputs, one per pixel; got {net!r}.")


def _check_drawings(images, name):
    """Return images (m, 784) or (m, 28, 28), floats in 0 to 1, as X (m, 784), float32.

    Only what has one image per row is taken: to reshape anything else would scramble the pixels without a word.
    """
    images = as_array(images, name)
    if images.shape[1:] not in ((784,), (28, 28)):
        raise ValueError(
            f"{name} must have shape (m, 784) or (m, 28, 28), one image per row; got {images.shape}."
            + _how_to_turn(images.shape, name)
        )
    X = check_images(images.reshape(len(images), 784), 784, name)
    if X.min() < -ROUNDING or X.max() > 1 + ROUNDING:
        raise ValueError(
            f"{name} must hold pixels in 0 to 1, got {X.min():g} to {X.max():g}. "
            f"Scale them, or cut off what is a little outside: np.clip({name}, 0, 1)."
        )
    return np.clip(X, 0, 1, dtype=np.float32)


def _how_to_turn(shape, name):
    """What makes (m, 784) or (m, 28, 28) of images that lie otherwise; nothing if nobody can tell."""
    match shape:
        case (28, 28) | (784,):
            return f" For a single image, pass {name}[None]."
        case (28, 28, _):  # np.dstack
            return (
                f" Images that lie behind one another: pass np.moveaxis({name}, -1, 0), or np.stack a list of images."
            )
        case (784, _):
            return f" Images in columns: pass {name}.T."
        case (_, 28, 28, 1):
            return f" Pass {name}[..., 0]."
        case (_, 1, 28, 28) | (_, 1, 784):
            return f" Pass {name}[:, 0]."
        case _:
            return " For a list of images, pass np.stack(list)."
