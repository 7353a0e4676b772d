"""The files of MNIST: where they lie, which mirrors have them, and what is read from them. Lesson 1.

A file is used only if its SHA-256 is that of ``registry.txt``. One that is missing or damaged is fetched again.
"""

import errno
import gzip
import hashlib
import math
import time
import zlib
from pathlib import Path

import numpy as np

from nnlib._support.browser import IN_BROWSER

PACKAGE = Path(__file__).resolve().parent.parent
# An installed package carries its data within; a checkout has them beside it.
DATA = PACKAGE / "_data" if (PACKAGE / "_data").is_dir() else PACKAGE.parent / "data"

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


def read(name, kind, n=None):
    """Read the bytes of an IDX file after its header: those of the first n entries, or of all.

    Parameters
    ----------
    name : str
        A name in ``registry.txt``.
    kind : IMAGES or LABELS
    n : int, optional

    Raises
    ------
    DataError
        There is no such file, or it is not what its header says.
    """
    magic, sides = kind  # the header: a number for the kind, the number of entries, and the sides of one
    path, size = fetch(name), math.prod(sides)
    try:
        with gzip.open(path) if path.suffix == ".gz" else open(path, "rb") as file:
            header = np.frombuffer(file.read(8 + 4 * len(sides)), ">u4").tolist()
            if [header[0], *header[2:]] != [magic, *sides] or header[1] > MOST_ENTRIES:
                should = [magic, "at most", MOST_ENTRIES, *sides]
                raise DataError(f"{path} begins with {header}. It should be {should}.")
            count = header[1] if n is None else min(n, header[1])
            content = file.read(count * size)
            if len(content) != count * size or (n is None and file.read(1)):
                raise DataError(f"{path} says that it has {header[1]:,} entries, but it has fewer or more.")
    except (OSError, EOFError, zlib.error, ValueError, IndexError) as error:
        raise DataError(f"{path} is damaged: {error}") from error
    return np.frombuffer(content, np.uint8)


def fetch(name, folder=None, mirrors=None):
    """Find a file of the registry with the right content, or fetch it; return its path.

    A file that is there and has the right SHA-256 is used without a network, packed or unpacked. Otherwise the mirrors
    are asked, one after the other; what comes is checked, and only then put in place, in one step.

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
    packed = [known for known in registry if known.endswith(".gz")]
    if name not in packed:
        raise DataError(f"{name!r} is not a file of the registry, which has {', '.join(packed)}.")
    path = folder / name
    if path.exists() and _sha256(path) == registry[name]:
        return path
    unpacked = name.removesuffix(".gz")
    beside = [folder / unpacked, folder / unpacked.replace("-idx", ".idx")]  # some programs write a dot
    beside = {other: _sha256(other) for other in beside if other.is_file()}
    for other, digest in beside.items():
        if digest == registry[unpacked]:
            return other
    state = "damaged" if path.exists() else "missing"
    if IN_BROWSER:
        raise DataError(
            f"{path} is {state}, and a kernel in a browser cannot fetch it. Restart the kernel: it unpacks nnlib anew."
        )
    import pooch  # only here: with its HTTP client it takes longer to import than all of nnlib

    reasons = []
    mirrors = MIRRORS if mirrors is None else mirrors
    for mirror in mirrors:
        try:
            pooch.retrieve(mirror + name, "sha256:" + registry[name], fname=name, path=folder, downloader=_download)
            return path
        except Exception as error:  # whatever a mirror does wrong, the next one may do right
            if isinstance(error, PermissionError) or getattr(error, "errno", None) in NOT_WRITABLE:
                raise DataError(
                    f"{path} is {state}, and {folder} cannot be written: {error}. "
                    "Make room or get leave to write there, or copy the file there by hand."
                ) from error
            reasons.append(f"  {mirror + name}\n    {type(error).__name__}: {error}")
    raise DataError(
        f"{path} is {state}, and no mirror could give it:\n" + "\n".join(reasons) + "\n"
        f"By hand: download {name} from any place that has MNIST, for example one of those above, to {folder}. "
        f"Its SHA-256 must be {registry[name]}."
        + "".join(
            f"\n{other} lies there unpacked, but it is not the right file: its SHA-256 is {digest}, "
            f"and it must be {registry[unpacked]}."
            for other, digest in beside.items()
        )
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
                    raise ValueError(f"got more than {MOST_BYTES:,} bytes, and no file of MNIST has as many")
                if time.monotonic() > deadline:
                    raise TimeoutError(f"got only {bar.n:,} bytes in {LIMIT} seconds")


def _sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
