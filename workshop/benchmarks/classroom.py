"""What a class needs: memory, processor time and disk for each person, and for thirty at once.

`teaching/thirty_people.md` quotes it.

    python -m uv run python -m workshop.benchmarks.classroom

What is measured goes to the screen and to workshop/benchmarks/results/classroom.json. It reads /proc, so it needs
Linux, and it fetches the wheels for the stick, so it needs internet. The run takes about ten minutes on two cores.
Kernels have one BLAS thread each, which suits a server that has more people than cores.

RSS      memory of a process that is in RAM, in MB of a million bytes
PSS      the same, but a page that n processes share counts as 1/n of a page: the sum over processes is what they take
peak     the largest RSS since the process began (VmHWM)
CPU      seconds that a processor worked for the process

kernel   right after its start, and for each lesson after all of its cells; its peak also with the exercises written
people   n JupyterLab servers, each of which has handed out its page and a lesson, and n kernels that have run lesson
         1's ``import nnlib`` and ``load_mnist()``, all at the same moment; the seconds until the last had its digits
disk     the project's files; the stick's folder of wheels, and the .venv that is made of it without a network, both
         by the page's commands; and the .venv that the README's two commands make, with all that the tests need
"""

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import mean

import nbformat
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from tqdm import tqdm

from workshop import ROOT

NOTEBOOKS = ROOT / "notebooks"
PEOPLE = (1, 4, 30)
ONE_PERSON = 550  # MB that must be free for each of them, or the run stops
FIRST_CELLS = "import nnlib\nmnist = nnlib.load_mnist()"
PATIENCE = 300  # seconds that a kernel or a server may take


def memory(pid):
    """RSS, PSS and peak of a process in MB."""
    found = {}
    for name in ("smaps_rollup", "status"):
        for line in Path(f"/proc/{pid}/{name}").read_text().splitlines():
            key, _, value = line.partition(":")
            if key in ("Rss", "Pss", "VmHWM"):
                found[key] = int(value.split()[0]) * 1024 / 1e6  # the kernel's kB are 1,024 bytes
    return {"rss": found["Rss"], "pss": found["Pss"], "peak": found["VmHWM"]}


def cpu_seconds(pid):
    """Seconds that a process has used, all of its threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # utime and stime


def free_mb():
    """MB that processes can still have."""
    line = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemAvailable"))
    return int(line.split()[1]) * 1024 / 1e6


def lesson(path, written=False):
    """A kernel's memory before and after all cells of a lesson, with its exercises written or not, and its cost."""
    notebook = nbformat.read(path, as_version=4)
    if written:
        write_solutions(notebook.cells)
    client = NotebookClient(
        notebook, timeout=PATIENCE, kernel_name="python3", resources={"metadata": {"path": str(NOTEBOOKS)}}
    )
    with client.setup_kernel():
        pid = client.km.provisioner.pid
        start, started, used = memory(pid), time.perf_counter(), cpu_seconds(pid)
        for i, cell in enumerate(notebook.cells):
            client.execute_cell(cell, i)
        seconds = time.perf_counter() - started
        return start, {**memory(pid), "cpu_seconds": cpu_seconds(pid) - used, "seconds": seconds}


def write_solutions(cells):
    """Put each folded solution where the reader writes it: before the check, the hint and the fold."""
    for function, fold in zip(cells, cells[3:], strict=False):
        if fold.source.startswith("<details><summary>Solution</summary>"):
            function.source = re.search(r"```python\n(.*?)```", fold.source, flags=re.S)[1]


@contextmanager
def kernel():
    """A kernel and its client."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(NOTEBOOKS), stderr=subprocess.DEVNULL)
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=PATIENCE)
        yield manager.provisioner.pid, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@contextmanager
def server(folder):
    """A JupyterLab, on this machine alone and with a token, that has handed out a lesson. Gives its process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    private = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_WORKSPACES_DIR": "work",
        "JUPYTERLAB_SETTINGS_DIR": "set",
    }
    environment = {
        **os.environ,
        **{name: str(Path(folder) / value) for name, value in private.items()},
        "JUPYTER_TOKEN": token,
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"]
    process = subprocess.Popen(
        command, cwd=NOTEBOOKS, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )

    def ask(path):
        request = urllib.request.Request(f"http://127.0.0.1:{port}/{path}", headers={"Authorization": f"token {token}"})
        return urllib.request.urlopen(request, timeout=PATIENCE).read()

    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                ask("api")
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.5)
        for path in ("lab", "lab/api/settings", "lab/api/translations/default", "api/contents/01_forward_pass.ipynb"):
            ask(path)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def together(n):
    """N people who begin lesson 1 at once: memory of servers and kernels, and the seconds until all have digits."""
    with ExitStack() as stack:
        servers = [stack.enter_context(server(stack.enter_context(tempfile.TemporaryDirectory()))) for _ in range(n)]
        kernels = [stack.enter_context(kernel()) for _ in range(n)]
        started = time.perf_counter()
        asked = [client.execute(FIRST_CELLS) for _, client in kernels]
        for (_, client), message in zip(kernels, asked, strict=True):
            while (reply := client.get_shell_msg(timeout=PATIENCE))["parent_header"].get("msg_id") != message:
                pass
            assert reply["content"]["status"] == "ok", reply["content"]
        seconds = time.perf_counter() - started
        of_servers, of_kernels = ([memory(pid) for pid in pids] for pids in (servers, [pid for pid, _ in kernels]))
        return {
            "seconds": seconds,
            "server": {key: mean(found[key] for found in of_servers) for key in ("rss", "pss")},
            "kernel": {key: mean(found[key] for found in of_kernels) for key in ("rss", "pss")},
            "pss_of_all": sum(found["pss"] for found in of_servers + of_kernels),
        }


def megabytes(paths):
    """Of files, links not followed."""
    return sum(path.lstat().st_size for path in paths if not path.is_dir()) / 1e6


def stick(folder):
    """The wheels for a room without internet, and a .venv of them, by the commands of teaching/thirty_people.md."""
    python, wheels, venv = sys._base_executable, f"{folder}/wheels", f"{folder}/.venv"  # the base Python has pip
    download = [python, "-m", "pip", "download", "--only-binary", ":all:", "-d", wheels]
    install = [f"{venv}/bin/python", "-m", "pip", "install", "--no-index", "--find-links", wheels]
    for command in (
        [python, "-m", "uv", "export", "--locked", "--no-dev", "--no-emit-project", "-o", f"{folder}/requirements.txt"],
        [*download, "-r", f"{folder}/requirements.txt"],
        [*download, "hatchling", "editables"],
        [python, "-m", "venv", venv],
        [*install, "-r", f"{folder}/requirements.txt"],
        [*install, "--no-deps", "--editable", "."],
    ):
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return Path(wheels), Path(venv)


def disk():
    """Megabytes of what lies on the disk."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        wheels, venv = stick(folder)
        return {
            "project": megabytes(ROOT / name for name in tracked.split("\0")[:-1]),
            "wheels": megabytes(wheels.iterdir()),
            "number_of_wheels": len(list(wheels.iterdir())),
            "venv_of_the_wheels": megabytes(venv.rglob("*")),
            "venv_with_the_tests": megabytes((ROOT / ".venv").rglob("*")),
        }


def main():
    """Measure everything and store it."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # of the processes that start from here
    result = {"python": sys.version.split()[0], "ram": os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e6}
    result["disk"] = disk()
    result["kernel"], result["lessons"] = [], {}
    for path in tqdm(sorted(NOTEBOOKS.glob("*.ipynb")), unit="lesson"):
        start, result["lessons"][path.stem] = lesson(path)
        result["kernel"].append(start)
        result["lessons"][path.stem]["peak_written"] = lesson(path, written=True)[1]["peak"]
    result["kernel"] = {key: mean(start[key] for start in result["kernel"]) for key in ("rss", "pss")}
    result["people"] = {}
    for n in PEOPLE:
        if free_mb() < n * ONE_PERSON:
            sys.exit(
                f"{n} people need {n * ONE_PERSON:,} MB of free memory here; {free_mb():,.0f} are free. "
                "Close what you can, and run it again."
            )
        result["people"][n] = together(n)
    print(json.dumps(result, indent=1))
    from workshop.results import store  # only here: it brings NumPy in

    store("classroom", result)


if __name__ == "__main__":
    main()
