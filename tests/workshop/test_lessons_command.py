"""The README's first command: started in a copy of the project, as root and as an ordinary user; its page fetched."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from nnlib._support import lessons
from tests import ROOT, tries

NOBODY = 65534
ROOT_USER = hasattr(os, "geteuid") and os.geteuid() == 0
ORDINARY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] if ROOT_USER else []
LESSONS = [f"{number:02}" for number in range(1, 10)]


@pytest.fixture
def place():
    """A folder that every user can reach (pytest's own are the tester's), with a copy of the project and a home."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        ignored = shutil.ignore_patterns("__pycache__", "my_*", ".ipynb_checkpoints")
        for room in ("nnlib", "notebooks"):
            shutil.copytree(ROOT / room, place / "project" / room, ignore=ignored)
        (place / "home").mkdir()
        yield place
        for path in (place / "project").rglob("*"):  # a folder that cannot be written cannot be emptied
            path.chmod(0o755)


@contextmanager
def started(place, *options, user=()):
    """Run the command; gives its two lines, what it said before them, and its log so far. Ctrl+C must end it."""
    environment = {**os.environ, "HOME": str(place / "home"), "PYTHONPATH": str(place / "project")}
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "JUPYTER_TOKEN"):
        environment.pop(name, None)
    command = [*user, sys.executable, "-B", "-m", "nnlib._support.lessons", *options]
    log = (place / "log").open("w+")
    process = subprocess.Popen(
        command, cwd=place, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True
    )
    try:
        said = []
        while not said or not said[-1].startswith("To stop"):
            line = process.stdout.readline()
            assert line, f"it ended: {said} {(place / 'log').read_text()}"
            said.append(line.rstrip())
        yield said, log
        process.send_signal(signal.SIGINT)
        time.sleep(2)  # a busy machine must have noticed the first one
        process.send_signal(signal.SIGINT)
        process.wait(60)
        assert process.returncode == 0, (place / "log").read_text()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        log.close()


def fetch(address):
    """The status, the address in the end, and the content."""
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return answer.status, answer.url, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.url, ""


def check_the_page(line):
    """What the address serves: JupyterLab on the lessons, to those who have the token, on this computer alone."""
    base, port, token = re.fullmatch(r"Your lessons: (http://[\w.]+:(\d+)/)lab\?token=(\w+) .*", line).groups()
    assert len(token) >= 32
    status, _, page = fetch(f"{base}lab?token={token}")
    assert status == 200 and "JupyterLab" in page
    assert "/login" in fetch(f"{base}lab")[1] and fetch(f"{base}api/contents")[0] == 403
    names = [entry["name"] for entry in json.loads(fetch(f"{base}api/contents?token={token}")[2])["content"]]
    assert [name[:2] for name in sorted(names) if name.endswith(".ipynb")] == LESSONS
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    hosts = {at.split(":")[0] for _, at, _, state, *_ in listening if state == "0A" and int(at[-4:], 16) == int(port)}
    assert hosts == {"0100007F"}, "127.0.0.1"


def start_a_kernel(line):
    """Start a kernel, as opening a notebook does, and give it time to complain."""
    base, token = re.search(r"(http://[\w.:]+/)lab\?token=(\w+)", line).groups()
    kernels = f"{base}api/kernels?token={token}"
    with urllib.request.urlopen(urllib.request.Request(kernels, b"{}", method="POST"), timeout=60):
        pass
    time.sleep(3)  # a warning would come as the kernel opens its ports


CHINESE = len(list((ROOT / "notebooks" / "zh").glob("*.ipynb")))
linux = pytest.mark.skipif(sys.platform != "linux", reason="users and ports are looked at as Linux shows them")


@linux
@pytest.mark.skipif(tries(True, not ROOT_USER), reason="as root, with --long")
def test_root_gets_the_lessons_and_jupyterlab_gets_the_options(place):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with started(place, "--port", str(port), "--log-level=INFO") as (said, log):
        assert len(said) == 2 and f":{port}/" in said[0] and "Ctrl+C" in said[1]
        check_the_page(said[0])
        start_a_kernel(said[0])
        log.seek(0)
        text = log.read()
        assert "nnlib.pad.server | extension was successfully loaded" in text, "the pad's quick answers"
        assert "Kernel started" in text and "IPKernelApp" not in text, "a kernel says nothing"


@linux
def test_an_ordinary_user_whose_checkout_is_read_only_gets_a_copy_and_nothing_else_is_said(place):
    if ORDINARY and subprocess.run([*ORDINARY, sys.executable, "-c", "import jupyterlab"], check=False).returncode:
        pytest.skip("no ordinary user can run this Python")
    os.chown(place / "home", NOBODY if ROOT_USER else -1, -1)
    for path in [*(place / "project").rglob("*"), place / "project"]:
        path.chmod(path.stat().st_mode & ~0o222)
    with started(place, user=ORDINARY) as (said, log):
        copy = place / "home" / "nnlib-lessons"
        assert len(said) == 3 and said[0].startswith(
            f"You work in {copy}, your copy of the lessons: {10 + CHINESE} files are new"
        )
        check_the_page(said[1])
        assert len(list(copy.glob("*.ipynb"))) == 9 and (copy / "images" / "pad.png").exists()
        assert len(list(copy.glob("zh/*.ipynb"))) == CHINESE
        assert all(path.stat().st_mode & 0o200 for path in copy.rglob("*")), "the reader can write"
        log.seek(0)
        assert log.read() == ""


def test_a_copy_keeps_what_the_reader_changed_and_gets_what_is_missing(tmp_path):
    lesson, copy = tmp_path / "lessons", tmp_path / "copy"
    (lesson / "images").mkdir(parents=True)
    (lesson / "zh").mkdir()
    for name in ("01.ipynb", "zh/01.ipynb", "images/pad.png", "my_progress.json"):
        (lesson / name).write_text("as it was")
    assert lessons.copy_what_is_missing(lesson, copy) == 3 and not (copy / "my_progress.json").exists()
    (copy / "01.ipynb").write_text("changed")
    (copy / "zh" / "01.ipynb").unlink()
    assert lessons.copy_what_is_missing(lesson, copy) == 1
    assert (copy / "01.ipynb").read_text() == "changed" and (copy / "zh" / "01.ipynb").read_text() == "as it was"


def test_a_folder_is_written_in_only_if_its_notebooks_can_be(tmp_path, monkeypatch):
    (tmp_path / "zh").mkdir()
    for name in ("01.ipynb", "zh/01.ipynb"):
        (tmp_path / name).write_text("")
    assert lessons.can_be_written(tmp_path)
    for locked in (tmp_path, tmp_path / "zh"):
        monkeypatch.setattr(os, "access", lambda path, mode, locked=locked: path.parent != locked)
        assert not lessons.can_be_written(tmp_path)
    assert not lessons.can_be_written(tmp_path / "missing")


def test_a_home_that_cannot_be_written_is_told_in_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "home").write_text("a file, and no folder")
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    monkeypatch.setattr(lessons, "can_be_written", lambda folder: False)
    with pytest.raises(SystemExit, match="Set HOME to a folder that you may write in"):
        lessons.folder()


def test_without_a_display_no_browser_is_opened_and_with_one_it_is(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    assert lessons.what_this_machine_needs() == ["--no-browser"]
    monkeypatch.setenv("DISPLAY", ":0")
    assert lessons.what_this_machine_needs() == []
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    assert lessons.what_this_machine_needs() == ["--allow-root"]


def test_the_readmes_first_command_is_this_one():
    commands = [line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("python3 -m pip")]
    assert commands[0] == "python3 -m pip install uv && python3 -m uv run lessons"
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert scripts == {"lessons": f"{lessons.__name__}:main"}
