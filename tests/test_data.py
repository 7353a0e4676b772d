"""MNIST: used without a network when it is whole, fetched from the next mirror when it is not."""

import gzip
import hashlib
import http.server
import shutil
import threading
from functools import partial

import numpy as np
import pytest

import nnlib
from nnlib import data

NAME = "t10k-labels-idx1-ubyte.gz"
CONTENT = (data.DATA / NAME).read_bytes()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def mirror(tmp_path):
    """A real HTTP server with a folder behind it: (its address, the folder)."""
    folder = tmp_path / "mirror"
    folder.mkdir()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", folder
        server.shutdown()


@pytest.fixture
def folder(tmp_path):
    """An empty data folder with a registry."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(data.DATA / "registry.txt", folder)
    return folder


DEAD = "http://127.0.0.1:9/"  # nothing listens on the discard port


def test_mnist_has_the_promised_shapes_types_and_ranges(mnist):
    assert mnist.X_train.shape == (60000, 784) and mnist.X_test.shape == (10000, 784)
    assert mnist.y_train.shape == (60000,) and mnist.y_test.shape == (10000,)
    assert mnist.X_train.dtype == np.float32 and np.issubdtype(mnist.y_train.dtype, np.integer)
    assert mnist.X_train.min() == 0 and mnist.X_train.max() == 1
    assert np.bincount(mnist.y_test).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


def test_the_registry_names_the_four_files_and_their_hashes():
    lines = dict(line.split() for line in (data.DATA / "registry.txt").read_text().splitlines())
    assert len(lines) == 4
    for name, sha in lines.items():
        assert hashlib.sha256((data.DATA / name).read_bytes()).hexdigest() == sha


def test_a_whole_file_needs_no_network(folder):
    (folder / NAME).write_bytes(CONTENT)
    assert data.fetch(NAME, folder, [DEAD]) == folder / NAME


@pytest.mark.parametrize("before", [None, b"damaged", CONTENT[:-1]], ids=["missing", "damaged", "cut short"])
def test_a_missing_or_damaged_file_is_fetched_again(folder, mirror, before):
    address, served = mirror
    (served / NAME).write_bytes(CONTENT)
    if before is not None:
        (folder / NAME).write_bytes(before)
    data.fetch(NAME, folder, [address])
    assert (folder / NAME).read_bytes() == CONTENT


def test_a_dead_and_a_lying_mirror_are_passed_over(folder, mirror):
    address, served = mirror
    (served / NAME).write_bytes(b"<html>moved</html>")
    (served / "good").mkdir()
    (served / "good" / NAME).write_bytes(CONTENT)
    data.fetch(NAME, folder, [DEAD, address, address + "missing/", address + "good/"])
    assert (folder / NAME).read_bytes() == CONTENT


def test_when_every_mirror_fails_the_error_names_each_with_its_reason_and_what_to_do(folder, mirror):
    address, served = mirror
    (served / NAME).write_bytes(b"something else")
    (folder / NAME).write_bytes(b"damaged")
    with pytest.raises(nnlib.DataError) as error:
        data.fetch(NAME, folder, [DEAD, address, address + "missing/"])
    text = str(error.value)
    for part in (DEAD + NAME, address + NAME, address + "missing/" + NAME, "damaged", "404", "By hand", str(folder)):
        assert part in text, part
    assert (folder / NAME).read_bytes() == b"damaged", "nothing half-written is put in place"
    assert sorted(path.name for path in folder.iterdir()) == sorted([NAME, "registry.txt"]), "no temporary file stays"


def test_an_unknown_name_is_refused_with_the_names_there_are(folder):
    with pytest.raises(nnlib.DataError, match=NAME):
        data.fetch("other.gz", folder, [DEAD])


def test_split_holds_back_a_share_and_loses_no_image():
    X, y = np.arange(60, dtype=np.float32).reshape(30, 2), np.arange(30)
    (X_rest, y_rest), (X_held, y_held) = nnlib.split(X, y, 1 / 6, seed=3)
    assert len(y_held) == 5 and sorted([*y_rest, *y_held]) == list(range(30))
    assert np.array_equal(X_held[:, 0], 2 * y_held) and np.array_equal(X_rest[:, 0], 2 * y_rest)
    with pytest.raises(ValueError, match="fraction"):
        nnlib.split(X, y, 5)


def test_the_shipped_files_are_the_original_gzip_files():
    with gzip.open(data.DATA / NAME) as file:
        assert file.read(8) == bytes([0, 0, 8, 1, 0, 0, 39, 16])
