"""Pyodide: Python as WebAssembly, its packages, and a lock file that knows `nnlib`, too.

One SHA-256 leads to all others: that of the runtime's archive, in which the lock file lies that has those of the
packages.
"""

import hashlib
import json
import re
import subprocess
import tarfile
import urllib.request
from pathlib import Path

VERSION = "0.27.7"  # the newest with which jupyterlite-pyodide-kernel of requirements.txt works
ARCHIVE = "89d5d952675eb08e11286e52c7238f1248ce71726e896db9703e73bef23dc343"  # SHA-256 of npm's pyodide-VERSION.tgz
RUNTIME = ["pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip"]
LOCK = "pyodide-lock.json"
PUBLIC = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/"  # where Pyodide itself looks for its packages
TIMEOUT = 60  # seconds that the address may stay silent
KERNEL = ["micropip", "packaging", "ssl", "sqlite3", "jedi", "ipython"]  # what JupyterLite's kernel starts with


def runtime(folder):
    """Put Pyodide's runtime into a folder; return its lock file as a dictionary."""
    subprocess.run(["npm", "pack", "--silent", f"pyodide@{VERSION}"], cwd=folder, check=True, capture_output=True)
    archive = folder / f"pyodide-{VERSION}.tgz"
    check(archive.read_bytes(), ARCHIVE, archive.name)
    with tarfile.open(archive) as files:
        for name in RUNTIME:
            (folder / name).write_bytes(files.extractfile(f"package/{name}").read())
        lock = json.load(files.extractfile(f"package/{LOCK}"))
    archive.unlink()
    return lock


def check(content, sha256, name):
    """Refuse bytes that are not those of this SHA-256."""
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise ValueError(f"{name} must have the SHA-256 {sha256}, got {found}. It was not used.")


def normal(name):
    """A package's name as the lock file's keys have it: ``prompt_toolkit`` is ``prompt-toolkit``."""
    return re.sub(r"[-_.]+", "-", name).lower()


def with_dependencies(lock, names):
    """The names of packages, and of all that they need."""
    found, left = set(), [normal(name) for name in names]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += map(normal, lock["packages"][name]["depends"])
    return sorted(found)


def packages(lock, names, folder, source=PUBLIC):
    """Put packages into a folder: from an address, or from another folder, which is how a machine without one does."""
    for name in names:
        package = lock["packages"][name]
        file = package["file_name"]
        if source == PUBLIC:
            with urllib.request.urlopen(PUBLIC + file, timeout=TIMEOUT) as answer:
                content = answer.read()
        else:
            content = (Path(source) / file).read_bytes()
        check(content, package["sha256"], file)
        (folder / file).write_bytes(content)


def entry(wheel, depends):
    """What a lock file says of a pure Python wheel, so that importing it fetches it and what it depends on."""
    name, version, *_ = wheel.name.split("-")
    return {
        "name": normal(name),
        "version": version,
        "file_name": wheel.name,
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "imports": [name],
        "depends": depends,
        "install_dir": "site",
        "package_type": "package",
        "unvendored_tests": False,
    }
