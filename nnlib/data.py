"""MNIST: 70,000 digits that several hundred people wrote, and where the files come from. Lesson 1.

The four files lie in ``data/``. A file that is missing or damaged is fetched again.
"""

from dataclasses import dataclass

import numpy as np

from nnlib._support.arguments import as_array, check_labels, check_number
from nnlib._support.download import DATA, IMAGES, LABELS, DataError, read

__all__ = ["DATA", "DataError", "Mnist", "load_mnist", "one_hot", "split", "training_digits"]


@dataclass(frozen=True)
class Mnist:
    """MNIST as arrays.

    Attributes
    ----------
    X_train : float32 array, shape (60000, 784)
        An image a row, its 28 rows of pixels one after the other; 0 is paper, 1 is ink.
    y_train : int array, shape (60000,)
        Labels, 0 to 9.
    X_test, y_test : arrays, shapes (10000, 784) and (10000,)
        The test set. Lesson 5 says when to look at it.
    """

    X_train: np.ndarray
    y_train: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray

    def __repr__(self):
        return f"Mnist({', '.join(f'{name} {array.shape}' for name, array in vars(self).items())})"


def load_mnist():
    """Load MNIST from ``data/``; fetch what is missing or damaged there. Lesson 1.

    Returns
    -------
    mnist : Mnist
        220 MB of memory.

    Raises
    ------
    DataError
        A file is missing or damaged, and no mirror could give it.
    """
    return Mnist(
        X_train=_read_images("train-images-idx3-ubyte.gz"),
        y_train=_read_labels("train-labels-idx1-ubyte.gz"),
        X_test=_read_images("t10k-images-idx3-ubyte.gz"),
        y_test=_read_labels("t10k-labels-idx1-ubyte.gz"),
    )


def training_digits(n):
    """The first n training images and their labels, without unpacking the others. Lesson 9.

    Parameters
    ----------
    n : int
        At most 60,000.

    Returns
    -------
    X : float32 array, shape (n, 784)
    y : int array, shape (n,)
    """
    return _read_images("train-images-idx3-ubyte.gz", n), _read_labels("train-labels-idx1-ubyte.gz", n)


def one_hot(y, classes=10):
    """Y (n, classes) from labels y (n,): row i is 0 except for a 1 at y[i]. Lesson 1."""
    check_number(classes, "classes", low=1, integer=True)
    return np.eye(classes, dtype=np.float32)[check_labels(y, None, classes)]


def split(X, y, fraction, seed=0):
    """Hold a random part of X and y back for validation. Lesson 5.

    Parameters
    ----------
    X, y : arrays of the same length n
    fraction : float in (0, 1)
        The share to hold back.
    seed : int

    Returns
    -------
    (X_rest, y_rest), (X_held, y_held)
    """
    X, y = as_array(X, "X"), as_array(y, "y")
    if check_number(fraction, "fraction", low=0) >= 1 or fraction == 0:
        raise ValueError(f"fraction must be between 0 and 1, like 1/6; got {fraction!r}.")
    if X.ndim == 0 or X.shape[:1] != y.shape[:1]:
        raise ValueError(f"X and y must have the same length, got shapes {X.shape} and {y.shape}.")
    order = np.random.default_rng(check_number(seed, "seed", low=0, integer=True)).permutation(len(X))
    held = round(len(X) * fraction)
    if not 0 < held < len(X):
        raise ValueError(f"fraction must leave an image on either side, got {fraction!r} of {len(X)} images.")
    return (X[order[held:]], y[order[held:]]), (X[order[:held]], y[order[:held]])


def _read_images(name, n=None):
    return np.divide(read(name, IMAGES, n).reshape(-1, 784), 255, dtype=np.float32)


def _read_labels(name, n=None):
    return read(name, LABELS, n).astype(np.intp)  # what NumPy counts and indexes with: int64, but in a browser
