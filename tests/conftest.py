"""Fixtures of all tests: MNIST once, a browser, and a JupyterLab of its own."""

import gzip
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

import nnlib

# The tests run beside each other, a process for each core: more BLAS threads would wait for one another.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

ROOT = Path(__file__).resolve().parent.parent
STROKES = ROOT.parent / "shared" / "strokes" / "unipen-digits-dev.jsonl.gz"
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def mnist():
    return nnlib.load_mnist()


@pytest.fixture(scope="session")
def real_strokes():
    """Digits that people drew with a pen: a list of {"label", "writer", "strokes"}."""
    if not STROKES.exists():
        pytest.skip("no pen strokes beside the checkout (shared/strokes): they are not part of the project")
    with gzip.open(STROKES, "rt") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium. Without one the test is skipped; on CI that is a failure."""
    from playwright.sync_api import Error, sync_playwright

    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM_FLAGS)
        except Error as error:
            how = "the pad was not tested: get a browser by 'python3 -m uv run playwright install chromium', or install Chromium"
            if os.environ.get("CI"):
                pytest.fail(f"{how}\n{error}")
            pytest.skip(how)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """The address of a JupyterLab that was started for these tests, and the folder that it shows."""
    folder = tmp_path_factory.mktemp("lab")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = open(folder / "lab.log", "w")
    server = subprocess.Popen(
        [
            sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
            "--IdentityProvider.token=", "--ServerApp.password=", "--LabApp.expose_app_in_browser=True",
            f"--ServerApp.root_dir={folder}",
        ],
        cwd=folder, stdout=log, stderr=log,
        env={**os.environ, "JUPYTER_CONFIG_DIR": str(folder / ".config"), "JUPYTERLAB_WORKSPACES_DIR": str(folder / ".workspaces"),
             "JUPYTERLAB_SETTINGS_DIR": str(folder / ".settings")},
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=5)
                break
            except OSError:
                assert server.poll() is None, (folder / "lab.log").read_text()
                time.sleep(0.5)
        else:
            pytest.fail("JupyterLab did not start in two minutes:\n" + (folder / "lab.log").read_text())
        yield address, folder
    finally:
        server.terminate()
        server.wait(20)
        log.close()
