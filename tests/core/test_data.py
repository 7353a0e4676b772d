"""MNIST: used without a network when it is whole, fetched from the next mirror when it is not."""

import gzip
import hashlib
import http.server
import shutil
import signal
import struct
import subprocess
import sys
import threading
import time
import zlib
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import nnlib
from nnlib import data
from nnlib._support import download
from tests import tries

NAME = "t10k-labels-idx1-ubyte.gz"
CONTENT = (data.DATA / NAME).read_bytes()
MANY = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}  # `tried` only counts


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


def test_the_registry_has_the_hashes_of_the_four_files_packed_and_unpacked():
    lines = dict(line.split() for line in (data.DATA / "registry.txt").read_text().splitlines())
    assert len(lines) == 8
    for name in [name for name in lines if name.endswith(".gz")]:
        packed = (data.DATA / name).read_bytes()
        assert hashlib.sha256(packed).hexdigest() == lines[name]
        assert hashlib.sha256(gzip.decompress(packed)).hexdigest() == lines[name.removesuffix(".gz")]


def test_a_whole_file_needs_no_network(folder):
    (folder / NAME).write_bytes(CONTENT)
    assert download.fetch(NAME, folder, [DEAD]) == folder / NAME


@pytest.mark.parametrize("unpacked", ["t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte"])
@pytest.mark.parametrize("packed", [None, b"damaged"], ids=["missing", "damaged"])
def test_a_file_that_lies_there_unpacked_is_used_if_its_content_is_right(folder, monkeypatch, packed, unpacked):
    (folder / unpacked).write_bytes(gzip.decompress(CONTENT))
    if packed is not None:
        (folder / NAME).write_bytes(packed)
    assert download.fetch(NAME, folder, [DEAD]) == folder / unpacked
    monkeypatch.setattr(download, "DATA", folder)
    expected = np.frombuffer(gzip.decompress(CONTENT)[8:], np.uint8)
    assert np.array_equal(download.read(NAME, download.LABELS), expected)
    assert np.array_equal(download.read(NAME, download.LABELS, 5), expected[:5])


def test_a_file_that_lies_there_unpacked_with_a_wrong_content_is_named(folder):
    wrong = gzip.decompress(CONTENT)[:-1]
    (folder / "t10k-labels.idx1-ubyte").write_bytes(wrong)
    with pytest.raises(nnlib.DataError, match="lies there unpacked, but it is not the right file") as error:
        download.fetch(NAME, folder, [DEAD])
    assert str(folder / "t10k-labels.idx1-ubyte") in str(error.value)
    assert hashlib.sha256(wrong).hexdigest() in str(error.value)


WHERE = "from nnlib.data import DATA, DataError; import nnlib; print(DATA); print(DataError is nnlib.DataError)"


@pytest.mark.parametrize("place", ["nnlib/_data", "data"], ids=["installed", "checkout"])
def test_the_data_lie_within_an_installed_package_and_beside_a_checkout(tmp_path, place):
    shutil.copytree(
        Path(nnlib.__file__).parent, tmp_path / "nnlib", ignore=shutil.ignore_patterns("__pycache__", "_data")
    )
    (tmp_path / "data").mkdir()
    (tmp_path / place).mkdir(exist_ok=True)
    command = [sys.executable, "-c", WHERE]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert said.split() == [str(tmp_path / place), "True"]


@pytest.mark.parametrize("before", [None, b"damaged", CONTENT[:-1]], ids=["missing", "damaged", "cut short"])
def test_a_missing_or_damaged_file_is_fetched_again(folder, mirror, before):
    address, served = mirror
    (served / NAME).write_bytes(CONTENT)
    if before is not None:
        (folder / NAME).write_bytes(before)
    download.fetch(NAME, folder, [address])
    assert (folder / NAME).read_bytes() == CONTENT


def test_a_dead_and_a_lying_mirror_are_passed_over(folder, mirror):
    address, served = mirror
    (served / NAME).write_bytes(b"<html>moved</html>")
    (served / "good").mkdir()
    (served / "good" / NAME).write_bytes(CONTENT)
    download.fetch(NAME, folder, [DEAD, address, address + "missing/", address + "good/"])
    assert (folder / NAME).read_bytes() == CONTENT


def test_when_every_mirror_fails_the_error_names_each_with_its_reason_and_what_to_do(folder, mirror):
    address, served = mirror
    (served / NAME).write_bytes(b"something else")
    (folder / NAME).write_bytes(b"damaged")
    with pytest.raises(nnlib.DataError) as error:
        download.fetch(NAME, folder, [DEAD, address, address + "missing/"])
    text = str(error.value)
    for part in (DEAD + NAME, address + NAME, address + "missing/" + NAME, "damaged", "404", "By hand", str(folder)):
        assert part in text, part
    assert (folder / NAME).read_bytes() == b"damaged", "nothing half-written is put in place"
    assert sorted(path.name for path in folder.iterdir()) == sorted([NAME, "registry.txt"]), "no temporary file stays"


def test_an_unknown_name_is_refused_with_the_names_there_are(folder):
    with pytest.raises(nnlib.DataError, match=NAME):
        download.fetch("other.gz", folder, [DEAD])


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


# Files that are damaged, or that lie

SMALL = {  # a file of each kind with few entries: its header, and an array of what follows
    "images": (struct.pack(">4I", 2051, 3, 28, 28), np.arange(3 * 784, dtype=np.uint8)),
    "labels": (struct.pack(">2I", 2049, 5), np.array([3, 1, 4, 1, 5], np.uint8)),
}
KINDS = {"images": download.IMAGES, "labels": download.LABELS}


def read_packed(path, kind, packed, n=None):
    """What the reader makes of these bytes, if the check of the SHA-256 had let them pass."""
    path.write_bytes(packed)
    whole = download.fetch
    download.fetch = lambda name: path
    try:
        return download.read("any name", KINDS[kind], n)
    finally:
        download.fetch = whole


@pytest.mark.parametrize("kind", SMALL)
def test_a_small_whole_file_is_read(tmp_path, kind):
    header, content = SMALL[kind]
    assert np.array_equal(read_packed(tmp_path / "f.gz", kind, gzip.compress(header + content.tobytes())), content)


@pytest.mark.parametrize(
    "kind, unpacked, part",
    [
        ("images", struct.pack(">4I", 2049, 3, 28, 28), "begins with"),
        ("images", struct.pack(">4I", 2051, 3, 28, 29), "begins with"),
        ("images", struct.pack(">4I", 2051, 2**32 - 1, 28, 28), "begins with"),
        ("images", struct.pack(">4I", 2051, 3, 28, 28) + b"0" * (3 * 784 - 1), "fewer or more"),
        ("images", struct.pack(">4I", 2051, 3, 28, 28) + b"0" * (3 * 784 + 1), "fewer or more"),
        ("labels", struct.pack(">2I", 2051, 5) + b"01234", "begins with"),
        ("labels", struct.pack(">2I", 2049, 6) + b"01234", "fewer or more"),
        ("labels", b"", "damaged"),
        ("labels", b"abc", "damaged"),
    ],
    ids=["magic", "sides", "absurd count", "short", "trailing", "other kind", "count", "empty", "three bytes"],
)
def test_a_file_that_is_not_what_it_says_is_refused_by_the_reader_too(tmp_path, kind, unpacked, part):
    with pytest.raises(nnlib.DataError, match=part):
        read_packed(tmp_path / "f.gz", kind, gzip.compress(unpacked))


def test_what_is_no_gzip_is_refused_by_the_reader_too(tmp_path):
    with pytest.raises(nnlib.DataError, match="damaged"):
        read_packed(tmp_path / "f.gz", "labels", b"no gzip at all")


@settings(max_examples=tries(300, 100_000), **MANY)
@given(st.data())
def test_no_damaged_file_becomes_a_wrong_array(tmp_path_factory, tried, data):
    """Bytes cut, changed or added, packed or unpacked. Gzip's checksum and the header's count find them all."""
    tried["damaged data files, the reader alone"] += 1
    kind = data.draw(st.sampled_from(sorted(SMALL)))
    header, content = SMALL[kind]
    inside = data.draw(st.booleans())
    whole = header if inside else gzip.compress(header + content.tobytes(), mtime=0)
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = data.draw(
        st.sampled_from(
            [
                whole[:at],
                whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :],
                whole + b"\0x",
            ]
        )
    )
    packed = gzip.compress(damaged + content.tobytes(), mtime=0) if inside else damaged
    try:
        found = read_packed(tmp_path_factory.getbasetemp() / "fuzz.gz", kind, packed)
    except nnlib.DataError:
        pass
    else:  # a byte of gzip's own notes (a time, an operating system) changes nothing
        assert np.array_equal(found, content)


@pytest.fixture(scope="module")
def shipped():
    """The bytes of the four files, by name."""
    return {path.name: path.read_bytes() for path in sorted(data.DATA.glob("*.gz"))}


@settings(max_examples=tries(60, 10_000), **MANY)
@given(st.data())
def test_each_of_the_four_files_cut_or_changed_at_any_byte_is_refused(tmp_path_factory, tried, shipped, draw):
    tried["damaged data files, each of the four"] += 1
    folder = tmp_path_factory.getbasetemp() / "any byte"
    folder.mkdir(exist_ok=True)
    shutil.copy(data.DATA / "registry.txt", folder)
    name = draw.draw(st.sampled_from(sorted(shipped)))
    content = shipped[name]
    at, flip = draw.draw(st.integers(0, len(content) - 1)), draw.draw(st.integers(0, 255))
    damaged = content[:at] + (bytes([content[at] ^ flip]) + content[at + 1 :] if flip else b"")
    (folder / name).write_bytes(damaged)
    with pytest.raises(nnlib.DataError, match="damaged"):
        download.fetch(name, folder, [])
    assert (folder / name).read_bytes() == damaged


BOMB = """
import resource, sys
from pathlib import Path
import nnlib
from nnlib._support import download
download.fetch = lambda name: Path(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    download.read("bomb", download.IMAGES)
except nnlib.DataError as error:
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, error)
"""


def test_a_file_that_unpacks_to_a_gigabyte_takes_no_more_memory_than_mnist(tmp_path, tried):
    tried["other faults"] += 1
    packer = zlib.compressobj(level=1, wbits=31)
    with open(tmp_path / "bomb.gz", "wb") as file:
        file.write(packer.compress(struct.pack(">4I", 2051, 60_000, 28, 28)))
        for _ in range(1000):
            file.write(packer.compress(bytes(1_000_000)))
        file.write(packer.flush())
    output = subprocess.run(
        [sys.executable, "-c", BOMB, tmp_path / "bomb.gz"], capture_output=True, text=True, check=True
    ).stdout
    megabytes, error = output.split(maxsplit=1)
    assert "fewer or more" in error and float(megabytes) < 47 + 200  # 60,000 images are 47 MB


# Mirrors that misbehave


class Misbehaving(http.server.BaseHTTPRequestHandler):
    """What a mirror does is the first part of its address."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        how = self.path.split("/")[1]
        if how == "hang":
            return time.sleep(5)
        if how == "circle":
            self.send_response(302)
            self.send_header("Location", self.path)
            return self.end_headers()
        self.send_response(500 if how == "broken" else 200)
        if how not in ("slow", "endless"):
            self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        try:
            if how == "slow":
                for byte in CONTENT:
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.05)
            elif how == "endless":
                while True:
                    self.wfile.write(bytes(100_000))
            else:
                self.wfile.write({"half": CONTENT[:2000], "wrong": CONTENT[::-1], "good": CONTENT, "broken": b""}[how])
        except OSError:
            pass  # the reader has had enough


@pytest.fixture(scope="module")
def misbehaving():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Misbehaving) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize("how", ["hang", "circle", "half", "wrong", "slow", "endless", "broken"])
def test_after_a_mirror_that_misbehaves_the_next_one_is_asked(folder, misbehaving, monkeypatch, tried, how):
    tried["mirrors that misbehave"] += 1
    monkeypatch.setattr(download, "TIMEOUT", 0.5)
    monkeypatch.setattr(download, "LIMIT", 1)
    download.fetch(NAME, folder, [misbehaving + how + "/", misbehaving + "good/"])
    assert (folder / NAME).read_bytes() == CONTENT
    assert sorted(path.name for path in folder.iterdir()) == sorted([NAME, "registry.txt"]), "no temporary file stays"


FETCH = (
    "import sys; from nnlib._support import download; print(download.fetch(*sys.argv[1:3], sys.argv[3:]), flush=True)"
)


def fetching(folder, *mirrors, **options):
    """A process of its own that fetches."""
    command = [sys.executable, "-c", FETCH, NAME, str(folder), *mirrors]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def test_an_interrupted_download_leaves_the_folder_clean(folder, misbehaving, tried):
    tried["other faults"] += 1
    process = fetching(folder, misbehaving + "slow/")
    deadline = time.monotonic() + 30
    while len(list(folder.iterdir())) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(list(folder.iterdir())) == 2, "it has begun to write"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode != 0 and "KeyboardInterrupt" in errors
    assert [path.name for path in folder.iterdir()] == ["registry.txt"]


def test_processes_that_start_at_once_all_get_the_whole_file(folder, misbehaving, tried):
    processes = [fetching(folder, misbehaving + "good/") for _ in range(tries(6, 30))]
    tried["processes that fetch at once"] += len(processes)
    for process in processes:
        output, errors = process.communicate(timeout=120)
        assert process.returncode == 0 and output.strip() == str(folder / NAME), errors
    assert (folder / NAME).read_bytes() == CONTENT
    assert sorted(path.name for path in folder.iterdir()) == sorted([NAME, "registry.txt"])


def no_larger_files():
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))


def test_a_disk_that_takes_no_more_is_told(folder, misbehaving, tried):
    tried["other faults"] += 1
    _, errors = fetching(folder, misbehaving + "good/", misbehaving + "good/", preexec_fn=no_larger_files).communicate(
        timeout=60
    )
    assert "DataError" in errors and f"{folder} cannot be written" in errors and "room" in errors
    assert [path.name for path in folder.iterdir()] == ["registry.txt"]


BECOME_NOBODY = """
import os, sys, pooch, requests, tqdm
from nnlib._support import download
if os.geteuid() == 0:  # root may write everywhere
    os.setuid(65534)
download.fetch(*sys.argv[1:3], sys.argv[3:])
"""


def test_a_folder_that_cannot_be_written_is_told(folder, misbehaving, tried):
    tried["other faults"] += 1
    for path in [path for path in folder.parents if "pytest" in str(path)]:
        path.chmod(0o755)  # so that another user can look into it
    folder.chmod(0o555)
    command = [sys.executable, "-c", BECOME_NOBODY, NAME, str(folder), misbehaving + "good/"]
    errors = subprocess.run(command, capture_output=True, text=True).stderr
    folder.chmod(0o755)
    assert "DataError" in errors and f"{folder} cannot be written" in errors, errors
    assert [path.name for path in folder.iterdir()] == ["registry.txt"]
