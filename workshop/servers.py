"""How a test or a benchmark starts what it needs: a headless Chromium, a JupyterLab, a Notebook 7, a Voilà."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The first has no window to draw, and takes a third less of a processor.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
START = 120  # seconds that a server may take; a busy machine needs them


def launch(playwright):
    """A headless Chromium: the one that is installed, or else Playwright's."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return playwright.chromium.launch(executable_path=found, args=CHROMIUM_FLAGS)


def jupyterlab(folder):
    """A JupyterLab that shows a folder, quick for the pad."""
    return _serve(folder, "jupyterlab", *_jupyter("LabApp", folder))


def notebook7(folder):
    """A Notebook 7 that shows a folder, quick for the pad."""
    return _serve(folder, "notebook", *_jupyter("JupyterNotebookApp", folder))


def voila(folder, name):
    """A Voilà that shows one notebook of the folder."""
    return _serve(folder, "voila", name, "--Voila.ip=127.0.0.1")


def _jupyter(app, folder):
    return [
        "--allow-root",
        "--ip=127.0.0.1",
        "--IdentityProvider.token=",
        "--ServerApp.password=",
        f"--{app}.expose_app_in_browser=True",
        f"--ServerApp.root_dir={folder}",
        "--ServerApp.jpserver_extensions=nnlib.pad.server=True",
    ]


@contextmanager
def _serve(folder, module, *options):
    """Run ``python -m module`` in a folder until the block ends; gives its address once it answers there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = {
        "JUPYTER_CONFIG_DIR": ".config",
        "JUPYTERLAB_WORKSPACES_DIR": ".workspaces",
        "JUPYTERLAB_SETTINGS_DIR": ".settings",
    }
    log = folder / f"{module}.log"
    with log.open("w") as file:
        server = subprocess.Popen(
            [sys.executable, "-m", module, *options, "--no-browser", f"--port={port}"],
            cwd=folder,
            stdout=file,
            stderr=file,
            env={**os.environ, **{key: str(folder / name) for key, name in config.items()}},
        )
        try:
            address = f"http://127.0.0.1:{port}"
            deadline = time.monotonic() + START
            while not _answers(f"{address}/api"):
                if server.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{module} did not start within {START} seconds:\n{log.read_text()}")
                time.sleep(0.5)
            yield address
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _answers(url):
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True  # Voilà has no such page, but it says so
    except OSError:
        return False
    return True
