"""Put JupyterLite, Pyodide, `nnlib` and the lessons together."""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

from workshop import ROOT
from workshop.folders import check_is_ours
from workshop.lite import pyodide
from workshop.lite.smaller import smaller

UV = [os.environ.get("UV") or shutil.which("uv") or "uv"]  # `uv run` says where it is
SITE = ROOT / "build" / "site" / "lite"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
SETTINGS = Path(__file__).with_name("jupyter-lite.json")
EXTENSIONS = ["@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager", "anywidget"]
# What nnlib depends on and a browser has no use for: a server, and what fetches data that are missing.
NOT_THERE = {"jupyter", "jupyterlab", "jupyter-server", "pooch", "requests"}
# The wheels of requirements.txt that the kernel imports, and what each needs.
WHEELS = {
    "comm": [],
    "typing_extensions": [],
    "tqdm": [],
    "psygnal": ["typing-extensions"],
    "ipywidgets": ["comm", "ipython", "traitlets"],
    "anywidget": ["ipywidgets", "psygnal", "typing-extensions"],
}


def assemble(site, source=pyodide.PUBLIC):
    """Build the site.

    Parameters
    ----------
    site : path
        A new folder, or one that this made before. The old one is there until the new one is built.
    source : path, optional
        A folder with the files of Pyodide's packages, if they are not to be fetched.

    Raises
    ------
    ValueError
        Other files are in the folder.
    """
    check_is_ours(site, SETTINGS.name, "JupyterLite")
    with tempfile.TemporaryDirectory() as folder:
        tools, wheels, lite = (Path(folder) / name for name in ("tools", "wheels", "lite"))
        fetch_tools(tools, wheels)
        build_nnlib(wheels)
        distribution(lite / "static" / "pyodide", wheels, source)
        lessons(lite / "files" / "notebooks")
        shutil.copy(SETTINGS, lite)
        jupyterlite(tools, lite, Path(folder) / "site")
        shutil.rmtree(site, ignore_errors=True)
        site.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(Path(folder) / "site", site)


def fetch_tools(tools, wheels):
    """Install what requirements.txt names into one folder, and keep the wheels themselves in another."""
    hashed = ["--quiet", "--no-deps", "--require-hashes", "--requirement", REQUIREMENTS]
    subprocess.run([*UV, "pip", "install", "--python", sys.executable, "--target", tools, *hashed], check=True)
    download = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", *hashed, "--dest", wheels]
    subprocess.run(download, check=True, env=with_path(tools), capture_output=True)


def with_path(tools):
    """The environment in which Python finds the tools first."""
    return {**os.environ, "PYTHONPATH": str(tools)}


def build_nnlib(wheels):
    """Build nnlib's wheel, without the notebooks in it: here they are files of their own."""
    with tempfile.TemporaryDirectory() as folder:
        build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
        subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as whole, zipfile.ZipFile(wheels / wheel.name, "w", zipfile.ZIP_DEFLATED) as slim:
            for entry in whole.infolist():
                if not entry.filename.startswith("nnlib/_lessons/"):
                    slim.writestr(entry, whole.read(entry))


def needs():
    """What nnlib imports in a browser."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    return [name for name in (re.match(r"[\w-]+", each).group() for each in declared) if name not in NOT_THERE]


def distribution(folder, wheels, source):
    """Put Pyodide into a folder, with the packages that the lessons need, and a lock file that names no others."""
    folder.mkdir(parents=True)
    lock = pyodide.runtime(folder)
    ours = {}
    for name, depends in {**WHEELS, "nnlib": needs()}.items():
        (wheel,) = wheels.glob(f"{name}-*.whl")
        shutil.copy(wheel, folder)
        ours[pyodide.normal(name)] = pyodide.entry(wheel, depends)
    lock["packages"] |= ours
    names = pyodide.with_dependencies(lock, [*pyodide.KERNEL, "nnlib"])
    pyodide.packages(lock, [name for name in names if name not in ours], folder, source)
    lock["packages"] = {name: lock["packages"][name] for name in names}
    (folder / pyodide.LOCK).write_text(json.dumps(lock), encoding="utf-8")


def lessons(folder):
    """Copy the lessons of both editions and their pictures, with smaller runs where NumPy would take too long."""
    notebooks = ROOT / "notebooks"
    shutil.copytree(notebooks / "images", folder / "images")
    (folder / "zh").mkdir()
    for place, language in (("", "en"), ("zh", "zh")):
        for path in sorted((notebooks / place).glob("[0-9][0-9]_*.ipynb")):
            notebook = smaller(json.loads(path.read_text(encoding="utf-8")), path.stem, language)
            text = json.dumps(notebook, ensure_ascii=False, indent=1)
            (folder / place / path.name).write_text(text, encoding="utf-8")


def jupyterlite(tools, lite, site):
    """Let JupyterLite build its site from the folder that holds its settings, files and Pyodide."""
    options = ["--lite-dir", lite, "--output-dir", site, "--apps", "lab", "--no-sourcemaps", "--no-libarchive"]
    found = tools / "share" / "jupyter" / "labextensions"
    extensions = [f"--LiteBuildConfig.federated_extensions={found / name}" for name in EXTENSIONS]
    build = [sys.executable, "-m", "jupyterlite_core", "build", *options, "--ignore-sys-prefix", *extensions]
    finished = subprocess.run(build, cwd=lite, env=with_path(tools), capture_output=True, text=True)
    if finished.returncode:
        raise RuntimeError(f"JupyterLite could not be built:\n{finished.stdout}{finished.stderr}")


def main():
    """Build the site into the folder that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m workshop.lite", description=__doc__)
    parser.add_argument(
        "site", nargs="?", type=Path, default=SITE, help="a new folder, or an older site; build/site/lite if left out"
    )
    parser.add_argument("--packages", default=pyodide.PUBLIC, help="a folder with Pyodide's packages")
    options = parser.parse_args()
    assemble(options.site.resolve(), options.packages)
    size = sum(path.stat().st_size for path in options.site.rglob("*") if path.is_file())
    print(f"{options.site}: {size / 1e6:.0f} MB. Serve it over HTTP: python -m http.server --directory {options.site}")
