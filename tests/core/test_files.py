"""Files of networks: written in one step, read with distrust, and readable by every later version."""

import errno
import io
import os
import signal
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import nnlib
from nnlib._support import files
from tests import tries

EXAMPLES = Path(__file__).with_name("files")


def arrays_of(net, **changes):
    """What `Network.save` writes, with some entries changed; None leaves one out."""
    arrays = {
        "format": np.array(files.FORMAT),
        **{name: np.array(getattr(net, name)) for name in files.SETTINGS},
        **net.params,
        **changes,
    }
    return {name: array for name, array in arrays.items() if array is not None}


@pytest.fixture
def net():
    return nnlib.Network([6, 4, 3], "relu", "softmax", seed=1)


@pytest.mark.parametrize("version", range(1, files.FORMAT + 1))
def test_a_network_of_each_format_version_still_loads(version):
    """One example of each version lies in tests/files, made when the version was new."""
    loaded = nnlib.Network.load(EXAMPLES / f"network_v{version}.npz")
    expected = nnlib.Network([6, 4, 3], "relu", "softmax", l2=0.25, dropout=0.5, seed=version)
    assert vars(loaded).keys() == vars(expected).keys() and loaded.threshold == 0.5
    for name in ("sizes", "activation", "output", "loss_name", "l2", "dropout", "seed"):
        assert getattr(loaded, name) == getattr(expected, name)
    for name, p in expected.params.items():
        assert np.array_equal(loaded.params[name], p)


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"format": np.array(99)}, "has the format 99; this version of nnlib reads 1 to"),
        ({"format": np.array("new")}, "has the format new"),
        ({"l2": None}, "is not a network that Network.save wrote: it has no l2"),
        ({"sizes": np.array([6.0, 4.0, 3.0])}, "sizes must be a row of whole numbers"),
        ({"activation": np.array(5)}, "activation must be a text"),
        ({"activation": np.array("swish")}, "activation must be one of"),
        ({"seed": np.array(1.5)}, "seed must be a whole number"),
        ({"dropout": np.array(np.nan)}, "dropout must be a number"),
        ({"W2": None}, "need W1, b1, W2, b2; got W1, b1, b2"),
        ({"W3": np.zeros((3, 2))}, "need W1, b1, W2, b2; got W1, b1, W2, b2, W3"),
        ({"W1": np.zeros((4, 6), np.float32)}, r"W1 must be floats of shape \(6, 4\); got float32 \(4, 6\)"),
        ({"W1": np.zeros((6, 4), np.int64)}, "W1 must be floats"),
        ({"W1": np.zeros((6, 4), complex)}, "W1 must be floats"),
        ({"b1": np.full(4, np.nan, np.float32)}, "b1 holds NaN or infinity"),
        ({"b1": np.full(4, np.inf, np.float32)}, "b1 holds NaN or infinity"),
        ({"sizes": np.array([10**9, 10**9, 3])}, "W1 must be floats of shape"),
        ({"sizes": np.array([6])}, "layers"),
        ({"sizes": np.array([{"a": 1}], dtype=object)}, "holds Python objects"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_what_does_not_fit_is_refused_with_a_message_of_its_own(tmp_path, net, tried, changes, message):
    tried["files of networks that lie"] += 1
    path = tmp_path / "net.npz"
    np.savez(path, **arrays_of(net, **changes))
    with pytest.raises(ValueError, match=message) as error:
        nnlib.Network.load(path)
    assert "net.npz" in str(error.value)


def test_an_archive_whose_entries_lie_before_its_beginning_is_damaged(tmp_path):
    """Found with ``--long``."""
    whole = bytearray((EXAMPLES / "network_v2.npz").read_bytes())
    whole[-6] ^= 1  # where zip's directory begins
    (tmp_path / "net.npz").write_bytes(whole)
    with pytest.raises(ValueError, match="net.npz is damaged"):
        files.load_arrays(tmp_path / "net.npz")


def npz(**entries):
    """A zip archive with these bytes as its entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(f"{name}.npy", content)
    return buffer.getvalue()


def header(shape, descr="<f4"):
    """The beginning of an .npy file that claims a shape."""
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": descr, "fortran_order": False, "shape": shape})
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content, message",
    [
        (npz(W1=header((10**6, 10**6)) + b"0000"), "but has 4 bytes"),
        (npz(W1=header((2**63, 2**63)) + b""), "but has 0 bytes"),
        (npz(W1=header((-1,)) + b"0000"), "W1"),
        (npz(W1=b"\0" * (files.LARGEST + 1)), "would unpack to"),
        (npz(W1=b"no array"), "W1.npy is not an array"),
        (npz(W1=b""), "W1.npy is not an array"),
        (npz(W1=header((1,), "|O") + b"cos\nsystem\n(S'true'\ntR."), "Python objects"),
        (b"", "not an .npz file"),
        (b"PK\x03\x04 half an archive", "not an .npz file"),
    ],
    ids=[
        "a terabyte",
        "an overflow",
        "a negative length",
        "a bomb",
        "no array",
        "nothing",
        "a pickle",
        "empty",
        "half",
    ],
)
def test_a_file_that_lies_is_refused_before_memory_is_taken_for_it(tmp_path, tried, content, message):
    tried["files of networks that lie"] += 1
    path = tmp_path / "net.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        files.load_arrays(path)


@settings(max_examples=tries(200, 50_000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_network_with_a_byte_changed_or_cut_is_refused_or_is_a_whole_network(tmp_path_factory, tried, data):
    """Zip has a checksum for what an entry holds, but not for its own notes. What loads has every weight as it was."""
    tried["damaged files of networks"] += 1
    whole = (EXAMPLES / "network_v2.npz").read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = (
        whole[:at]
        if data.draw(st.booleans())
        else whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    )
    path = tmp_path_factory.getbasetemp() / "damaged.npz"
    path.write_bytes(damaged)
    try:
        loaded = nnlib.Network.load(path)
    except ValueError as error:
        assert "damaged.npz" in str(error)
    else:
        expected = nnlib.Network.load(EXAMPLES / "network_v2.npz")
        assert all(np.array_equal(loaded.params[name], p) for name, p in expected.params.items()), (
            "no weight has changed unnoticed"
        )


SAVING = """
import sys, nnlib
nets = [nnlib.Network([784, 30, 10], seed=seed) for seed in (1, 2)]
nets[0].save(sys.argv[1])
print("saved", flush=True)
while True:
    for net in nets[::-1]:
        net.save(sys.argv[1])
"""


def test_a_process_killed_while_it_saves_leaves_the_old_or_the_new_network_whole(tmp_path, tried):
    """SIGKILL at random moments, a hundred with ``--long``."""
    path = tmp_path / "net.npz"
    nets = [nnlib.Network([784, 30, 10], seed=seed) for seed in (1, 2)]
    rng = np.random.default_rng()
    for _ in range(tries(5, 100)):
        tried["processes killed while they save"] += 1
        with subprocess.Popen([sys.executable, "-c", SAVING, str(path)], stdout=subprocess.PIPE, text=True) as process:
            process.stdout.readline()
            time.sleep(rng.uniform(0, 0.05))
            os.kill(process.pid, signal.SIGKILL)
        loaded = nnlib.Network.load(path)
        assert any(all(np.array_equal(loaded.params[name], net.params[name]) for name in net.params) for net in nets)


def test_the_new_file_reaches_the_disk_before_it_takes_the_old_ones_place(tmp_path, monkeypatch):
    steps = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *args, name=name, real=real: (steps.append(name), real(*args)))
    files.save_arrays(tmp_path / "a.npz", a=np.ones(3))
    assert steps == ["fsync", "replace"]


# Modes, links, and folders that refuse


posix = pytest.mark.skipif(os.name == "nt", reason="modes, links and pipes as POSIX has them")


def write(path, content=b"new"):
    with files.replacing(path) as file:
        file.write(content)


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def umask():
    """Sets the umask, and puts the old one back."""
    old = os.umask(0o022)
    yield os.umask
    os.umask(old)


@posix
@pytest.mark.parametrize("mask, mode", [(0o077, 0o600), (0o022, 0o644), (0o002, 0o664)], ids=oct)
def test_a_new_file_has_the_mode_that_the_umask_gives(tmp_path, umask, mask, mode):
    umask(mask)
    write(tmp_path / "new")
    assert mode_of(tmp_path / "new") == mode


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o444], ids=oct)
def test_a_file_keeps_its_mode_whatever_the_umask(tmp_path, umask, mode):
    path = tmp_path / "old"
    path.write_bytes(b"old")
    path.chmod(mode)
    umask(0o027)
    write(path)
    assert path.read_bytes() == b"new" and mode_of(path) == mode


@posix
def test_what_is_written_for_a_private_file_is_private_while_it_is_written(tmp_path):
    path = tmp_path / "old"
    path.touch(0o600)
    with files.replacing(path):
        assert [mode_of(other) for other in tmp_path.iterdir()] == [0o600, 0o600]


@posix
@pytest.mark.parametrize("exists", [True, False], ids=["to a file", "dangling"])
def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path, exists):
    """To another folder, over a second link."""
    (tmp_path / "far").mkdir()
    (tmp_path / "near").mkdir()
    if exists:
        (tmp_path / "far" / "file").write_bytes(b"old")
    (tmp_path / "far" / "second").symlink_to("file")
    link = tmp_path / "near" / "link"
    link.symlink_to("../far/second")
    write(link)
    assert os.readlink(link) == "../far/second" and (tmp_path / "far" / "second").is_symlink()
    assert (tmp_path / "far" / "file").read_bytes() == b"new"
    assert [path.name for path in (tmp_path / "near").iterdir()] == ["link"]
    assert len(list((tmp_path / "far").iterdir())) == 2, "nothing temporary stays"


@posix
@pytest.mark.skipif(not os.path.isdir("/dev/shm"), reason="needs a second file system")
def test_a_link_to_another_file_system_stays(tmp_path):
    elsewhere = Path("/dev/shm") / f"nnlib test {os.getpid()}"
    (tmp_path / "link").symlink_to(elsewhere)
    try:
        write(tmp_path / "link", b"1")
        write(tmp_path / "link", b"2")
        assert (tmp_path / "link").is_symlink() and elsewhere.read_bytes() == b"2"
    finally:
        elsewhere.unlink()


@posix
def test_a_link_that_leads_to_itself_is_told(tmp_path):
    (tmp_path / "link").symlink_to("link")
    with pytest.raises(OSError):
        write(tmp_path / "link")
    assert os.readlink(tmp_path / "link") == "link"


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOTSUP])
def test_a_file_system_that_refuses_chmod_loses_no_save(tmp_path, monkeypatch, number):
    (tmp_path / "old").write_bytes(b"old")
    (tmp_path / "old").chmod(0o660)  # not what the umask gives

    def refuse(*arguments):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "chmod", refuse)
    for name in ("old", "new"):
        write(tmp_path / name)
        assert (tmp_path / name).read_bytes() == b"new"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_holds_no_new_file_is_named_and_the_old_file_stays(tmp_path, monkeypatch):
    (tmp_path / "old").write_bytes(b"old")

    def refuse(*arguments):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(PermissionError, match="and old stays as it was. Name a file in another one") as error:
        write(tmp_path / "old")
    assert str(tmp_path) in str(error.value) and (tmp_path / "old").read_bytes() == b"old"


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        write(tmp_path / "nowhere" / "net.npz")


@pytest.mark.parametrize("path, message", [("~/net.npz", "expanduser"), ("a\0.npz", "NUL"), ("not/there.npz", "Make")])
def test_a_network_is_saved_to_a_path_that_holds_a_file_or_the_error_says_what_to_do(
    tmp_path, monkeypatch, path, message
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=f"path must be.*{message}"):
        nnlib.Network([2, 2]).save(path)
    assert list(tmp_path.iterdir()) == []


@posix
def test_a_folder_or_a_device_is_not_replaced(tmp_path):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("folder", "pipe"):
        with pytest.raises(OSError, match="no file that could be replaced"):
            write(tmp_path / name)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_name_as_long_as_a_file_system_allows_can_be_saved(tmp_path):
    write(tmp_path / ("n" * 255))
    assert [path.name for path in tmp_path.iterdir()] == ["n" * 255]


def test_after_an_error_in_the_block_the_old_file_is_there_and_nothing_else(tmp_path):
    (tmp_path / "old").write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt), files.replacing(tmp_path / "old") as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("old", b"old")]
