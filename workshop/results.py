"""Where the results of training runs and benchmarks are stored, each with the machine that it came from.

Those that the lessons quote lie in ``data/results/``, where `nnlib.recipes.load_result` reads them; the others lie in
``workshop/benchmarks/results/``.
"""

import json
import os
import platform

import numpy as np

from nnlib import recipes
from workshop import ROOT

RESULTS = ROOT / "workshop" / "benchmarks" / "results"
QUOTED_BY_LESSONS = {
    "ablation",
    "adapt",
    "augmented",
    "best",
    "filters",
    "growth",
    "images",
    "learning_rates",
    "losses",
    "next_steps",
    "nielsen",
    "pen_strokes",
    "plain",
    "pretrained",
    "weight_decay",
    "writers",
}


def path_of(name):
    """The file of a result."""
    return (recipes.RESULTS if name in QUOTED_BY_LESSONS else RESULTS) / f"{name}.json"


def load(name):
    """A stored result, as a dictionary."""
    return json.loads(path_of(name).read_text(encoding="utf-8"))


def store(name, result):
    """Write a result, and the machine that it came from."""
    machine = f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, NumPy {np.__version__}"
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"machine": machine, **result}, indent=1) + "\n", encoding="utf-8")
