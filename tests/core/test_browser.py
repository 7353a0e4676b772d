"""nnlib where Python runs in a browser: no other thread, no other process, no socket, and integers of 32 bits."""

import subprocess
import sys

import numpy as np
import pytest

import nnlib
from nnlib._support import batches, download
from tests import ROOT

# Everything that a kernel in a browser does not have is taken away. What is imported first stands for its packages,
# which know that they run there.
THERE = """
import importlib, pkgutil, sys, threading, warnings
import numpy, matplotlib.figure, IPython, anywidget, tqdm.auto

def no_thread(self): raise RuntimeError("can't start new thread")
threading.Thread.start = no_thread
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"lzma", "multiprocessing", "_posixsubprocess", "pooch", "requests", "ssl"}:
            raise ModuleNotFoundError(name)
for name in [name for name in sys.modules if name.split(".")[0] in {"lzma", "multiprocessing", "pooch", "requests"}]:
    del sys.modules[name]
sys.meta_path.insert(0, Missing())
sys.platform = "emscripten"
warnings.simplefilter("error")
# As in pyproject.toml: of what is deprecated, only our own use is a mistake. The oldest Matplotlib and ipywidgets that
# are allowed use what newer packages beside them deprecate.
warnings.simplefilter("ignore", DeprecationWarning)
warnings.filterwarnings("error", module=r"nnlib(\\..*)?$")

import nnlib

server = {"nnlib._support.lessons", "nnlib.pad.server"}  # these start a Jupyter server
names = [module.name for module in pkgutil.walk_packages(nnlib.__path__, "nnlib.") if module.name not in server]
print(sum(importlib.import_module(name) is not None for name in names))

rng = numpy.random.default_rng(0)
X, y = rng.random((60, 784), dtype=numpy.float32), numpy.arange(60) % 10
net = nnlib.Network([784, 10, 10], "relu", "softmax")
nnlib.train(net, X, y, epochs=2, batch_size=10, optimizer=nnlib.SGD(0.1), augment=nnlib.Augment(shift=1))
nnlib.DrawingPad(nnlib.adapt(net, X[:5], y[:5]))
"""


def test_every_module_can_be_imported_there_and_a_network_trains_with_a_bar_and_changed_images():
    options = {"cwd": ROOT, "capture_output": True, "text": True}
    finished = subprocess.run([sys.executable, "-c", THERE], **options)
    assert finished.returncode == 0, finished.stderr
    assert int(finished.stdout) > 50 and "epoch 2 of 2" in finished.stderr


def test_without_a_thread_the_batches_are_the_same(monkeypatch):
    def all_batches():
        X, rng = np.arange(35.0).reshape(7, 5), np.random.default_rng(1)
        changed = batches.batches(X, np.arange(7)[::-1], 3, lambda X, rng: X + rng.random(X.shape), rng)
        return [(batch.tolist(), X_batch.tolist()) for batch, X_batch in changed]

    with_a_thread = all_batches()
    monkeypatch.setattr(batches, "IN_BROWSER", True)
    monkeypatch.delattr(batches, "ThreadPoolExecutor")
    assert all_batches() == with_a_thread and len(with_a_thread) == 3


def test_data_that_are_missing_in_a_browser_are_not_fetched_and_the_error_says_what_to_do(monkeypatch, tmp_path):
    (tmp_path / "registry.txt").write_text((download.DATA / "registry.txt").read_text())
    monkeypatch.setattr(download, "IN_BROWSER", True)
    with pytest.raises(nnlib.DataError, match=r"idx1-ubyte\.gz is missing.*browser.*Restart the kernel"):
        download.fetch("t10k-labels-idx1-ubyte.gz", tmp_path, ["http://127.0.0.1:9/"])


def test_labels_are_what_this_numpy_counts_and_indexes_with():
    """NumPy as WebAssembly has 32 bits, and there bincount refuses int64."""
    assert nnlib.data.training_digits(5)[1].dtype == np.intp
