"""The notebooks, run in ways that a reader may; nbval runs each once, from top to bottom, in its own folder."""

import os
import shutil
import subprocess
import sys

import pytest

from tests import ROOT, tries

PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))
QUICK = "02"  # in the test command one lesson stands for all; with --long each lesson is run in each way
each_lesson = pytest.mark.parametrize(
    "path", tries([p for p in PATHS if p.name.startswith(QUICK)], PATHS), ids=lambda path: path.stem
)


again = pytest.mark.skipif(tries(True, False), reason="each cell runs twice in the last test, too: with --long")


def run(path, tried, *options, before=(), **environment):
    tried["runs of a notebook in another way"] += 1
    command = [*before, sys.executable, str(ROOT / "workshop/run_cells.py"), str(path), *options]
    finished = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})
    assert finished.returncode == 0, finished.stderr[-3000:]


@again
@each_lesson
def test_it_runs_twice_in_the_same_kernel_and_from_another_folder(path, tried, tmp_path):
    run(path, tried, "--rounds", "2", "--folder", str(tmp_path))


@again
@each_lesson
def test_each_cell_runs_twice(path, tried):
    run(path, tried, "--each", "2", "--folder", str(path.parent))


def sealed():
    """A command that runs another without a network, on a read-only checkout. None where that takes more rights."""
    script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && ip link set lo up && exec "$@"'
    command = ["unshare", "--mount", "--net", "sh", "-c", script, str(ROOT)]
    if shutil.which("unshare") is None or subprocess.run([*command, "true"], capture_output=True).returncode != 0:
        return None
    return command


@each_lesson
def test_each_cell_runs_twice_without_a_network_without_a_display_on_a_checkout_that_cannot_be_written(
    path, tried, tmp_path
):
    before = sealed()
    if before is None:
        pytest.skip("only root on Linux can take the network away and make the checkout read-only")
    assert subprocess.run([*before, "touch", str(ROOT / "x")], capture_output=True).returncode != 0, "it is sealed"
    run(path, tried, "--each", "2", "--folder", str(path.parent), before=before, HOME=str(tmp_path), DISPLAY="")
