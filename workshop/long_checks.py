"""The long checks: the tests with many more tries, and with each Python that this machine has.

    python -m uv run python -m workshop.long_checks                     # all of it: about 70 minutes on two cores
    python -m uv run python -m workshop.long_checks 3.12 -- tests/core  # only this Python, only these tests

First, if no Python is named, ``pytest --long``: files are damaged, processes are killed, notebooks are run in every
way, each many times; the comparison with PyTorch, in an environment of its own: PyTorch is too large for the test
command; and every lesson with the kernel in the browser, for some 30 minutes more, which needs npm. Then the matrix:
each Python with the oldest and with the newest dependencies that are allowed, each in an environment of its own in a
temporary folder. When all has passed, the figures go to ``workshop/benchmarks/results/``; ``python -m
workshop.documents`` writes them into ``workshop/benchmarks/README.md``.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from workshop import ROOT
from workshop.results import store

UV = [os.environ.get("UV") or shutil.which("uv") or "uv"]  # `uv run` says where it is
OLDEST = (3, 11)
RESOLUTIONS = ("lowest-direct", "highest")


def pythons():
    """An installed CPython of each minor version that the project allows, as uv and pyenv have them: {"3.11": path}."""
    listed = subprocess.run(
        [*UV, "python", "list", "--only-installed", "--output-format", "json"],
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [python["path"] for python in json.loads(listed.stdout) if python["implementation"] == "cpython"]
    paths += sorted(Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob("versions/*/bin/python"))
    found = {}
    for path in paths:
        asked = subprocess.run([path, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True)
        version = tuple(map(int, asked.stdout.split())) if asked.returncode == 0 else (0, 0)
        if version >= OLDEST:
            found.setdefault(version, path)
    return {".".join(map(str, version)): str(found[version]) for version in sorted(found)}


def check(python, resolution, tests, others=()):
    """Install into a fresh environment and run the tests there; return whether they passed, and pytest's summary.

    Parameters
    ----------
    python : path
    resolution : {"lowest-direct", "highest"}
        Which releases of the dependencies.
    tests : list of str
        What pytest gets.
    others : sequence of str
        What uv gets, to install more than the dependencies.
    """
    with tempfile.TemporaryDirectory() as folder:
        interpreter = Path(folder) / "venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        subprocess.run([*UV, "venv", "--quiet", "--python", python, Path(folder) / "venv"], check=True)
        install = [*UV, "pip", "install", "--quiet", "--python", interpreter]
        # Of each dependency the oldest release that this Python has a wheel of: nobody compiles NumPy for a lesson.
        allowed = ["--resolution", resolution, "--only-binary", ":all:"]
        declared = ["--requirements", "pyproject.toml", "--group", "dev"]
        subprocess.run([*install, *allowed, *declared, *others], check=True, cwd=ROOT)
        subprocess.run([*install, "--no-deps", "--editable", "."], check=True, cwd=ROOT)
        finished = subprocess.run([interpreter, "-m", "pytest", "-q", *tests], cwd=ROOT, capture_output=True, text=True)
    if finished.returncode:
        print(finished.stdout, finished.stderr)
    summaries = re.findall(r"(?m)^\d+ (?:passed|failed|skipped).*", finished.stdout) or ["no summary"]
    return finished.returncode == 0, summaries[-1]


def beside_pytorch():
    """Compare with PyTorch, in an environment that has it; return whether all is equal, and pytest's summary."""
    others = ["--torch-backend", "cpu", "--requirements", "workshop/benchmarks/requirements.txt"]
    passed, summary = check(sys.executable, "highest", ["tests/core/test_against_pytorch.py"], others)
    return passed and "skipped" not in summary, summary


def main():
    """Run what the command line names; the exit status is 1 if anything failed."""
    arguments = sys.argv[1:]
    split = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "versions", nargs="*", help="like 3.12: only the matrix, with this Python. After -- what pytest gets"
    )
    options = parser.parse_args(arguments[:split])
    found = pythons()
    missing = [version for version in options.versions if version not in found]
    if missing:
        sys.exit(f"Python {', '.join(missing)} is not installed here. There are: {', '.join(found)}.")
    if not arguments and subprocess.run([sys.executable, "-m", "pytest", "--long"], cwd=ROOT).returncode:
        sys.exit("The tests failed with --long. Mend that first; the matrix was not run.")
    if not arguments:
        equal, summary = beside_pytorch()
        print(f"PyTorch: {summary}", flush=True)
        if not equal:
            sys.exit("nnlib and PyTorch were not compared, or differ. Mend that first; the matrix was not run.")
        if subprocess.run([sys.executable, "-m", "workshop.benchmarks.browser_kernel"], cwd=ROOT).returncode:
            sys.exit("A lesson failed with the kernel in the browser. Mend that first; the matrix was not run.")
    summaries, failed = {}, False
    versions, tests = options.versions or list(found), arguments[split + 1 :]
    for version in versions:
        for resolution in RESOLUTIONS:
            started = time.perf_counter()
            passed, summary = check(found[version], resolution, tests)
            summaries[f"Python {version}, {resolution}"] = summary
            print(f"Python {version}, {resolution}: {summary} ({time.perf_counter() - started:.0f} s)", flush=True)
            failed |= not passed
    if not failed and not tests and set(versions) == set(found):
        store("matrix", {"summaries": summaries})
    sys.exit(failed)


if __name__ == "__main__":
    main()
