"""Files of networks: written in one step, read with distrust, and readable by every later version."""

import io
import os
import signal
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
        ({"W2": None}, "need W1, b1, W2, b2; W1, b1, b2 came"),
        ({"W3": np.zeros((3, 2))}, "need W1, b1, W2, b2; W1, b1, W2, b2, W3 came"),
        ({"W1": np.zeros((4, 6), np.float32)}, r"W1 must be floats of shape \(6, 4\); float32 \(4, 6\) came"),
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
    for _ in range(tries(10, 100)):
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
