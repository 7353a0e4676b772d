"""MNIST: 70,000 digits that several hundred people wrote, and where the files come from. Lesson 1.

The four files lie in ``data/``. A file that is missing or damaged is fetched again.
"""

import errno
import gzip
import hashlib
import math
import time
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nnlib._support.arguments import as_array, check_labels, check_number

HERE = Path(__file__).resolve().parent
DATA = HERE / "_data" if (HERE / "_data").exists() else HERE.parent / "data"  # in a wheel, or in a checkout

# Each serves the four original files under their original names.
MIRRORS = [
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://raw.githubusercontent.com/fgnt/mnist/master/",
]
TIMEOUT = 15  # seconds that a mirror may stay silent
LIMIT = 300  # seconds for one file from one mirror
MOST_BYTES = 20_000_000  # of a packed file; the largest has half as many
MOST_ENTRIES = 70_000  # of a file: what it unpacks to is bounded, whatever it says of itself
IMAGES, LABELS = (2051, (28, 28)), (2049, ())  # the magic number of such a file, and the sides of an entry
NOT_WRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG}


class DataError(RuntimeError):
    """The data could not be had. The message says what was tried and what to do."""


@dataclass(frozen=True)
class Mnist:
    """MNIST as arrays.

    Attributes
    ----------
    X_train : float32 array, shape (60000, 784)
        An image a row, its 28 rows of pixels one after the other; 0 is paper, 1 is ink.
    y_train : int64 array, shape (60000,)
        Labels, 0 to 9.
    X_test, y_test : arrays, shapes (10000, 784) and (10000,)
        The test set. Lesson 5 says when to look at it.
    """

    X_train: np.ndarray
    y_train: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray

    def __repr__(self):
        return f"Mnist(X_train {self.X_train.shape}, y_train {self.y_train.shape}, X_test {self.X_test.shape}, y_test {self.y_test.shape})"


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
    """The first n training images and their labels, without unpacking the others. Lesson 8.

    Parameters
    ----------
    n : int
        At most 60,000.

    Returns
    -------
    X : float32 array, shape (n, 784)
    y : int64 array, shape (n,)
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
    return np.divide(_read(name, IMAGES, n).reshape(-1, 784), 255, dtype=np.float32)


def _read_labels(name, n=None):
    return _read(name, LABELS, n).astype(np.int64)


def _read(name, kind, n=None):
    """The bytes of an IDX file after its header: those of the first n entries, or of all. DataError if it is no such file."""
    magic, sides = kind  # the header: a number for the kind, the number of entries, and the sides of one
    path, size = fetch(name), math.prod(sides)
    try:
        with gzip.open(path) as file:
            header = np.frombuffer(file.read(8 + 4 * len(sides)), ">u4").tolist()
            if [header[0], *header[2:]] != [magic, *sides] or header[1] > MOST_ENTRIES:
                raise DataError(
                    f"{path} begins with {header}. It should be {[magic, 'at most', MOST_ENTRIES, *sides]}."
                )
            count = header[1] if n is None else min(n, header[1])
            content = file.read(count * size)
            if len(content) != count * size or (n is None and file.read(1)):
                raise DataError(f"{path} says that it has {header[1]:,} entries, but it has fewer or more.")
    except (OSError, EOFError, zlib.error, ValueError, IndexError) as error:
        raise DataError(f"{path} is damaged: {error}") from error
    return np.frombuffer(content, np.uint8)


def fetch(name, folder=None, mirrors=None):
    """The path of a file of the registry, with the right content.

    A file that is there and has the right SHA-256 is used without a network. Otherwise the mirrors are asked, one
    after the other; what comes is checked, and only then put in place, in one step.

    Parameters
    ----------
    name : str
        A file name in ``registry.txt``.
    folder : path, optional
        With the files and their ``registry.txt``; the project's ``data/`` if left out.
    mirrors : list of str, optional
        Addresses, each ending in a slash.

    Raises
    ------
    DataError
        No mirror gave the file. The message has each mirror's reason, and what to do by hand.
    """
    folder = DATA if folder is None else Path(folder)
    registry = dict(line.split() for line in (folder / "registry.txt").read_text().splitlines())
    if name not in registry:
        raise DataError(f"{name!r} is not a file of the registry, which has {', '.join(registry)}.")
    path = folder / name
    if path.exists() and _sha256(path) == registry[name]:
        return path
    import pooch  # only here: with its HTTP client it takes longer to import than all of nnlib

    state = "damaged" if path.exists() else "missing"
    reasons = []
    mirrors = MIRRORS if mirrors is None else mirrors
    for mirror in mirrors:
        try:
            pooch.retrieve(mirror + name, "sha256:" + registry[name], fname=name, path=folder, downloader=_download)
            return path
        except Exception as error:  # whatever a mirror does wrong, the next one may do right
            if isinstance(error, PermissionError) or getattr(error, "errno", None) in NOT_WRITABLE:
                raise DataError(
                    f"{path} is {state}, and {folder} cannot be written: {error}. Make room or get leave to write there, "
                    "or copy the file there by hand."
                ) from error
            reasons.append(f"  {mirror + name}\n    {type(error).__name__}: {error}")
    raise DataError(
        f"{path} is {state}, and no mirror could give it:\n" + "\n".join(reasons) + "\n"
        f"By hand: download {name} from any place that has MNIST, for example one of those above, to {folder}. "
        f"Its SHA-256 must be {registry[name]}."
    )


def _download(url, output_file, pooch):
    """Write what the address gives to a file: pooch calls it. A mirror that is silent, slow or endless is given up."""
    import requests
    from tqdm import tqdm

    deadline = time.monotonic() + LIMIT
    with requests.get(url, stream=True, timeout=TIMEOUT) as response, open(output_file, "wb") as file:
        response.raise_for_status()
        size = int(response.headers.get("Content-Length", 0)) or None
        with tqdm(total=size, unit="B", unit_scale=True, desc=url.rsplit("/", 1)[1]) as bar:
            while part := response.raw.read1(65536):  # what is there now: `read` would wait for all of it
                bar.update(file.write(part))
                if bar.n > MOST_BYTES:
                    raise ValueError(f"more than {MOST_BYTES:,} bytes came, and no file of MNIST has as many")
                if time.monotonic() > deadline:
                    raise TimeoutError(f"only {bar.n:,} bytes came in {LIMIT} seconds")


def _sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
