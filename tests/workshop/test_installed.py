"""The wheel, in an empty environment in another folder, without a network: what the README promises works there."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

import nnlib
from tests import ROOT

OFFLINE = """
import socket
def refuse(*_, **__): raise OSError("no network here")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
"""


def build(project, folder, *kinds):
    """Build the wheel or the sdist of a project into a folder, with the hatchling that is installed here."""
    options = [option for kind in kinds for option in ("-t", kind)]
    command = [sys.executable, "-m", "hatchling", "build", *options, "-d", str(folder)]
    subprocess.run(command, cwd=project, check=True, capture_output=True, text=True)


def contents(wheel):
    """{name: bytes} of a wheel, without the list of its own names and hashes."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("RECORD")}


def run(python, folder, code):
    """What a program prints that runs in an environment, elsewhere, without a network."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [str(python), "-c", OFFLINE + code]
    process = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert process.returncode == 0, process.stderr
    return process.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("built")
    build(ROOT, folder, "wheel", "sdist")
    return next(folder.glob("*.whl")), next(folder.glob("*.tar.gz"))


@pytest.fixture(scope="module")
def python(built, tmp_path_factory):
    """The Python of an environment that has this one's packages but for nnlib, which is the wheel's."""
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        pytest.skip("no uv to install the wheel with: 'python3 -m uv run pytest' has one")
    folder = tmp_path_factory.mktemp("elsewhere") / "environment"
    environment = {**os.environ, "UV_OFFLINE": "1", "UV_NO_CONFIG": "1"}
    for name in ("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT"):
        environment.pop(name, None)
    subprocess.run([uv, "venv", "--python", sys.executable, str(folder)], env=environment, check=True)
    python = next(path for path in (folder / "bin/python", folder / "Scripts/python.exe") if path.exists())
    command = [uv, "pip", "install", "--no-deps", "--python", str(python), str(built[0])]
    subprocess.run(command, env=environment, check=True)
    site = Path(run(python, folder, "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    here = Path(sys.modules["numpy"].__file__).parent.parent
    (site / "here.pth").write_text(f"{here}\n")  # a folder alone: the .pth files in it, such as ours, are not read
    return python


def test_the_installed_package_is_the_wheels_and_has_its_data(python, tmp_path):
    said = run(python, tmp_path, "import nnlib, nnlib.data as d; print(nnlib.__file__); print(d.DATA)").split()
    assert all("elsewhere" in path for path in said), said
    assert Path(said[1]).name == "_data"


def test_every_line_of_the_readmes_own_code_works_offline(python, tmp_path):
    """With one epoch for thirty, and ten digits of MNIST as the reader's."""
    section = (ROOT / "README.md").read_text().split("## Use the parts in your own code")[1]
    code = re.search(r"```python\n(.*?)```", section, flags=re.S)[1]
    assert code.count("epochs=30") == 1 and code.count("nnlib.") >= 8
    code = code.replace("epochs=30", "epochs=1")
    code = code.replace(
        "net = nnlib.adapt", "my_images, my_labels = mnist.X_test[:10], mnist.y_test[:10]\nnet = nnlib.adapt"
    )
    said = run(
        python,
        tmp_path,
        code
        + "\nprint(round(history.accuracy[-1], 1), nnlib.accuracy(net, mnist.X_test[:500], mnist.y_test[:500]) > 0.95)",
    )
    assert said.split()[-1] == "True"


def test_what_the_lessons_read_is_there(python, tmp_path):
    code = """
import nnlib
from nnlib import recipes, museum, check, play, plots
pad = nnlib.DrawingPad(nnlib.load_pretrained())
pad.sample()
print(pad.image.max() > 0.5, sorted(path.stem for path in recipes.RESULTS.glob("*.json")))
for path in recipes.RESULTS.glob("*.json"):
    assert recipes.load_result(path.stem)
"""
    names = sorted(path.stem for path in (ROOT / "data" / "results").glob("*.json"))
    assert run(python, tmp_path, code).strip() == f"True {names}"


def test_the_lessons_command_opens_a_copy_of_the_wheels_lessons(python, tmp_path):
    code = """
import pathlib
from nnlib._support import lessons
pathlib.Path.home = lambda: pathlib.Path.cwd()
print(lessons.folder())
"""
    assert run(python, tmp_path, code).splitlines()[-1] == str(tmp_path / "nnlib-lessons")
    ours = {path.name: path.read_bytes() for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")}
    assert {path.name: path.read_bytes() for path in (tmp_path / "nnlib-lessons").glob("*.ipynb")} == ours
    assert (python.parent / "lessons").exists() or (python.parent / "lessons.exe").exists()


def test_the_wheel_has_the_whole_package_and_nothing_of_the_tests_or_of_a_reader(built):
    names = set(contents(built[0]))
    package = [path for path in (ROOT / "nnlib").rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert {str(path.relative_to(ROOT).as_posix()) for path in package} <= names
    rooms = {name.split("/")[0] for name in names}
    assert rooms == {"nnlib", f"nnlib-{nnlib.__version__}.dist-info"}
    assert not [
        name
        for name in names
        if "my_progress" in name or "my_digits" in name or "checkpoint" in name.lower() and ".ipynb" in name
    ]
    assert built[0].stat().st_size < 30e6  # the lessons in two languages, with their figures


def test_the_sdist_builds_the_same_wheel(built, tmp_path):
    with closing(tarfile.open(built[1])) as archive:
        archive.extractall(tmp_path, filter="data")
    build(next(tmp_path.glob("nnlib-*")), tmp_path / "out", "wheel")
    assert contents(next((tmp_path / "out").glob("*.whl"))) == contents(built[0])
