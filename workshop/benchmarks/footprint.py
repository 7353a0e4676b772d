"""What a reader's machine has to give: the time to import nnlib and load MNIST, memory, the time of an answer.

    python -m uv run python -m workshop.benchmarks.footprint

Everything is measured in processes of its own, fresh ones, with the files in the machine's file cache. What is
measured goes to the screen, each figure with its aim, and to workshop/benchmarks/results/footprint.json. The run
takes less than a minute, on Linux or macOS.

import     seconds of ``import nnlib`` beyond those of ``import numpy``: processes of each take turns, medians
load       seconds of load_mnist(), median
peak       the most memory that a process had at any time, Python and all libraries included
forward    milliseconds of net.forward for one image: median and 95th percentile of many; on one BLAS thread, as the
           pad calls it, and on all, where a small product waits for a core that another process may have
file       bytes of data/pretrained.npz
"""

import itertools
import json
import subprocess
import sys
from statistics import median

from workshop import ROOT

# No NumPy here: on Linux, a process's peak starts at that of the process which started it.

IMPORTS, LOADS, CALLS = 15, 9, 1000

TIMED = "import time; started = time.perf_counter(); {}; result = time.perf_counter() - started"
LOAD = "import nnlib; mnist = nnlib.load_mnist()"
EPOCH = (
    LOAD
    + """
from dataclasses import replace
from nnlib import recipes
replace(recipes.{}, epochs=1).run(mnist.X_train, mnist.y_train)
"""
)
PEAKS = {
    "import nnlib": "import nnlib",
    "load_mnist": LOAD,
    "an epoch of 784-100-10, batches of 50": EPOCH.format("START"),
    "an epoch of 784-800-300-10 with Augment, batches of 100": EPOCH.format("PRETRAINED"),
}
FORWARD = """
import time, numpy, threadpoolctl, nnlib
X, y = nnlib.data.training_digits({calls})
net = {net}
milliseconds = []
with threadpoolctl.threadpool_limits({threads}, user_api="blas"):
    for i in range(len(X)):
        started = time.perf_counter()
        net.forward(X[i : i + 1])
        milliseconds.append((time.perf_counter() - started) * 1000)
result = [numpy.median(milliseconds), numpy.percentile(milliseconds, 95)]
"""
NETWORKS = {"shipped network": "nnlib.load_pretrained()", "784-100-10": "nnlib.Network([784, 100, 10])"}
THREADS = {"one BLAS thread": 1, "all BLAS threads": None}

# ru_maxrss is in bytes on macOS, in kilobytes elsewhere.
REPORT = """
import json, resource, sys
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps({"result": result, "peak_mb": peak / 1e6}))
"""


def fresh(code):
    """Run code in a fresh process: what it left in ``result``, and the megabytes of its peak."""
    command = [sys.executable, "-c", f"result = None\n{code}\n{REPORT}"]
    return json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


def import_seconds():
    """Medians of ``import numpy`` and ``import nnlib``, which brings NumPy in."""
    turns = [[fresh(TIMED.format(f"import {name}"))["result"] for name in ("numpy", "nnlib")] for _ in range(IMPORTS)]
    return [median(seconds) for seconds in zip(*turns, strict=True)]


def load_seconds():
    """The median of load_mnist(), without the import."""
    code = "import nnlib; " + TIMED.format("nnlib.load_mnist()")
    return median(fresh(code)["result"] for _ in range(LOADS))


def rows():
    """(name, figure, unit, aim) of everything that is measured; aims are upper bounds."""
    of_numpy, of_nnlib = import_seconds()
    yield "import nnlib, beyond NumPy", of_nnlib - of_numpy, "s", 0.25
    yield "load_mnist", load_seconds(), "s", 1.0
    for name, code in PEAKS.items():
        yield f"peak: {name}", fresh(code)["peak_mb"], "MB", 600
    for (name, net), (on, threads) in itertools.product(NETWORKS.items(), THREADS.items()):
        middle, late = fresh(FORWARD.format(net=net, threads=threads, calls=CALLS))["result"]
        yield f"forward: {name}, {on}, median", middle, "ms", 1.0
        yield f"forward: {name}, {on}, 95th percentile", late, "ms", 1.0
    yield "data/pretrained.npz", (ROOT / "data" / "pretrained.npz").stat().st_size / 1e6, "MB", 2.0


def main():
    """Measure everything, print it beside its aim, and store it."""
    result = {}
    for name, figure, unit, aim in rows():
        result[name] = {"figure": figure, "unit": unit, "aim": aim, "met": figure <= aim}
        print(
            f"{name:60} {figure:8.3f} {unit:2}  aim: at most {aim:g} {unit}, {'met' if figure <= aim else 'NOT met'}",
            flush=True,
        )
    from workshop.results import store  # only here: it brings NumPy in

    store("footprint", {"figures": result})


if __name__ == "__main__":
    main()
