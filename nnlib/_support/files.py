"""Files of arrays: written in one step, and read with distrust. Lesson 4.

An .npz file is a zip archive with an array in each entry. Whoever made the file decides what it says of itself, so the
type and the size of each array are looked at before memory is taken for it, and nothing in it is ever run.
"""

import errno
import os
import secrets
import stat
import zipfile
import zlib
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path

import numpy as np

from nnlib._support.arguments import check_folder

FORMAT = 2  # of a network's file; the first version did not say its number
SETTINGS = {
    "sizes": "sizes",
    "activation": "text",
    "output": "text",
    "loss_name": "text",
    "l2": "number",
    "dropout": "number",
    "seed": "count",
    "threshold": "number",
}
KINDS = {  # of a setting: the kinds of dtype that will do, the number of dimensions, and how an error says it
    "sizes": ("iu", 1, "a row of whole numbers"),
    "text": ("U", 0, "a text"),
    "number": ("iuf", 0, "a number"),
    "count": ("iu", 0, "a whole number"),
}
LARGEST = 500_000_000  # bytes that a file may unpack to: twenty times the largest network of the lessons


@contextmanager
def replacing(path):
    """A binary file to write, which takes the place of ``path`` in one step at the end of the block.

    It is written beside the old file and reaches the disk before it takes its place. So a process that is killed at any
    moment leaves the old file or the new one, whole; and after an error in the block the old one is there, and nothing
    else. A link stays, and what it leads to is replaced. The mode is that of the old file, or what the umask gives.

    Raises
    ------
    OSError
        The folder holds no new file, the disk is full, ``path`` is a folder or a device. The old file stays as it was.
    """
    target = Path(os.path.realpath(path))
    mode = _mode(target)
    beginning = target.name[:40]  # a name may have 255 bytes, and the temporary one is longer
    temporary = target.with_name(f".{beginning}.{secrets.token_hex(8)}.part")
    try:
        file = open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, 0o666 if mode is None else mode))
    except OSError as error:
        problem = (
            f"{error.strerror}; no new file can be made in this folder, and {target.name} stays as it was. "
            "Name a file in another one"
        )
        raise OSError(error.errno, problem, str(target.parent)) from error
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            with suppress(OSError):  # vfat and some network shares know no modes: better saved than not
                os.chmod(temporary, mode)
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _mode(path):
    """The permissions of a file; None if there is none yet."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(mode):  # a folder; or /dev/null, which root could replace
        raise OSError(errno.EINVAL, "This is no file that could be replaced", str(path))
    return stat.S_IMODE(mode)


def save_arrays(path, **arrays):
    """Write named arrays to ``path`` as .npz in one step: whatever goes wrong, no half file stands there.

    Parameters
    ----------
    path : path
        Its folder must be there.
    **arrays : arrays

    Returns
    -------
    path : Path

    Raises
    ------
    TypeError, ValueError
        ``path`` is no path, is a folder, or its folder is not there.
    OSError
        See `replacing`.
    """
    path = check_folder(path, "path")
    with replacing(path) as file:
        np.savez(file, **arrays)  # weights hardly compress
    return path


def load_arrays(path):
    """Read a file that `save_arrays` wrote.

    Returns
    -------
    arrays : dict of str to array

    Raises
    ------
    ValueError
        The file is no such file, is damaged, holds Python objects, or would take more than `LARGEST` bytes.
    """
    with open(path, "rb") as file:  # that there is no such file is not damage
        try:
            with zipfile.ZipFile(file) as archive:
                entries = archive.infolist()
                total = sum(entry.file_size for entry in entries)
                if total > LARGEST:
                    raise ValueError(f"{path} would unpack to {total:,} bytes. At most {LARGEST:,} are allowed.")
                return {entry.filename.removesuffix(".npy"): _read(archive, entry, path) for entry in entries}
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            EOFError,
            NotImplementedError,
            RuntimeError,
            UnicodeDecodeError,
        ) as error:
            raise ValueError(f"{path} is damaged, or not an .npz file: {error}") from error


def _read(archive, entry, path):
    """The array of one entry of the archive, after a look at what it says of itself."""
    with archive.open(entry) as file:
        try:
            version = np.lib.format.read_magic(file)
            if version != (1, 0):
                raise ValueError(f"version {version} of the .npy format, where 1.0 is used here")
            shape, in_columns, dtype = np.lib.format.read_array_header_1_0(file)
        except (ValueError, SyntaxError, TypeError) as error:
            raise ValueError(f"{path}: {entry.filename} is not an array: {error}") from error
        if dtype.hasobject:
            raise ValueError(
                f"{path}: {entry.filename} holds Python objects (a pickle), which can run any program. "
                "It was not opened."
            )
        count = 1
        for length in shape:  # in Python's whole numbers, which do not overflow
            count *= length
        content = file.read()
    if count * dtype.itemsize != len(content) or min(shape, default=0) < 0:
        raise ValueError(
            f"{path}: {entry.filename} says it is {dtype} {shape}, but has {len(content):,} bytes. It is damaged."
        )
    return np.frombuffer(bytearray(content), dtype).reshape(shape, order="F" if in_columns else "C")


def read_network(path):
    """What a file of a network holds, if all of it fits together.

    Returns
    -------
    settings : dict
        As Python's own numbers and texts, by the names in `SETTINGS`.
    params : dict of str to float32 array
        W1, b1, W2, …, with the shapes that the sizes ask for.

    Raises
    ------
    ValueError
        The file is damaged, is no network, or comes from a later version. The message says which.
    """
    arrays = load_arrays(path)
    version = arrays.pop("format", np.array(1))
    if version.shape or version.dtype.kind not in "iu" or not 1 <= version <= FORMAT:
        raise ValueError(
            f"{path} has the format {version}; this version of nnlib reads 1 to {FORMAT}. A later one may read it."
        )
    missing = [name for name in SETTINGS if name not in arrays]
    if missing:
        raise ValueError(f"{path} is not a network that Network.save wrote: it has no {', '.join(missing)}.")
    settings = {name: _setting(arrays.pop(name), kind, f"{path}: {name}") for name, kind in SETTINGS.items()}
    return settings, _params(arrays, settings["sizes"], path)


def _setting(array, kind, name):
    """One setting as Python's own number, text, or list of numbers."""
    kinds, dimensions, what = KINDS[kind]
    if array.dtype.kind not in kinds or array.ndim != dimensions:
        raise ValueError(f"{name} must be {what}; got {array.dtype} {array.shape}. The file is damaged.")
    return array.tolist()


def _params(arrays, sizes, path):
    """The weights and biases as float32, if they are those that the layers need."""
    expected = {}
    for l, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
        expected |= {f"W{l}": (n_in, n_out), f"b{l}": (n_out,)}
    if arrays.keys() != expected.keys():
        raise ValueError(
            f"{path}: the layers {sizes} need {', '.join(expected)}; got {', '.join(arrays) or 'nothing'}."
        )
    for name, shape in expected.items():
        p = arrays[name]
        if p.dtype.kind != "f" or p.shape != shape:
            raise ValueError(
                f"{path}: {name} must be floats of shape {shape}; got {p.dtype} {p.shape}. The file is damaged."
            )
        if not np.isfinite(p).all():
            raise ValueError(f"{path}: {name} holds NaN or infinity. The file is damaged.")
    return {name: arrays[name].astype(np.float32) for name in expected}
