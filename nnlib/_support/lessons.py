"""The command ``lessons``: JupyterLab on the notebooks, for any user, with or without a display.

It has JupyterLab's own token and its own default address, which this computer alone can reach. Every option is
JupyterLab's: ``lessons --port 9999 --no-browser``.
"""

import logging
import os
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

PACKAGE = Path(__file__).parent.parent
INSTALLED = PACKAGE / "_lessons"  # in a wheel; a checkout has the notebooks beside the package
CHECKOUT = PACKAGE.parent / "notebooks"
NOTEBOOKS = ("*.ipynb", "zh/*.ipynb")  # in both languages; their pictures are in images/
COPY = "nnlib-lessons"  # in the reader's home
QUIET = "--LabApp.log_level=ERROR"
PRIVATE = "--KernelManager.transport_encryption=auto"  # without it each kernel warns in the terminal
QUICK = "--ServerApp.jpserver_extensions=nnlib.pad.server=True"  # the pad's answers without a delay


def main(options=None):
    """Start JupyterLab on the lessons, and say where it is and how to stop it.

    Parameters
    ----------
    options : list of str, optional
        For JupyterLab; those of the command line if left out.
    """
    from jupyterlab.labapp import LabApp

    options = [QUIET, PRIVATE, QUICK, *what_this_machine_needs(), *(sys.argv[1:] if options is None else options)]
    with warnings.catch_warnings(record=True):  # Jupyter's, to those who develop it
        server = LabApp.initialize_server(options, root_dir=str(folder()), log_level=logging.ERROR)
    server.io_loop.add_callback(say, server.public_url)  # once the server listens
    server.identity_provider.token_generated = False  # or the server would say it, too, in six lines
    server.start()


def say(address):
    """Where to go, and how to stop."""
    print(f"Your lessons: {address} (open this address in a browser)", flush=True)
    print("To stop: press Ctrl+C here, twice.", flush=True)


def what_this_machine_needs():
    """The options without which JupyterLab would not start for root, or would open a browser in the terminal."""
    options = []
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    if sys.platform == "linux" and not any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))):
        options.append("--no-browser")
    return options


def folder():
    """The folder of the lessons: the checkout's notebooks, or the reader's copy where those cannot be written."""
    if not INSTALLED.exists():
        if not CHECKOUT.exists():
            sys.exit(f"The lessons are not where they should be: {CHECKOUT}. Get the whole project, and start again.")
        if can_be_written(CHECKOUT):
            return CHECKOUT
    lessons = INSTALLED if INSTALLED.exists() else CHECKOUT
    copy = Path.home() / COPY
    try:
        new = copy_what_is_missing(lessons, copy)
    except OSError as error:
        sys.exit(
            f"{lessons} cannot be written, and a copy of it cannot be made in {copy}: {error}. "
            "Set HOME to a folder that you may write in, and start again."
        )
    print(f"You work in {copy}, your copy of the lessons: {new} files are new, the rest is as you left it.", flush=True)
    return copy


def can_be_written(folder):
    """Whether this user can change the notebooks and make new files beside them."""
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return all(os.access(path, os.W_OK) for files in NOTEBOOKS for path in folder.glob(files))


def copy_what_is_missing(lessons, copy):
    """Copy the files that ``copy`` does not have; what is there stays, changed or not. Returns how many were new."""
    new = 0
    for path in [path for files in (*NOTEBOOKS, "images/*") for path in lessons.glob(files)]:
        target = copy / path.relative_to(lessons)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)  # without its mode, which may be that of a file that cannot be written
            new += 1
    return new


if __name__ == "__main__":
    main()
