"""Many runs at once: in processes, on a cluster, and on a cluster that loses a worker. The results are the same."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from nnlib import recipes
from nnlib.recipes import Recipe, run_many

TINY = Recipe("tiny", sizes=(784, 8, 10), activation="relu", output="softmax", optimizer="momentum", lr=0.05, epochs=2)
JOBS = [(recipe, seed) for recipe in (TINY, replace(TINY, name="a little longer", epochs=5)) for seed in range(4)]


def weights(recipe, seed):
    """Train on 500 images; what the network has learned, bit for bit."""
    from nnlib.data import training_digits

    net, _ = recipe.run(*training_digits(500), seed)
    return {name: p.tobytes() for name, p in net.params.items()}


def logged(recipe, seed):
    """The same, slowly, with a line in a file at its start: this process began this job."""
    with open(os.environ["NNLIB_TEST_LOG"], "a") as file:
        file.write(f"{os.getpid()} {recipe.name} {seed}\n")
    time.sleep(0.8)
    return weights(recipe, seed)


def fails(recipe, seed):
    raise ZeroDivisionError("on purpose") if seed == 2 else TimeoutError("too late to be asked")


@pytest.fixture(scope="module")
def in_this_process():
    return {job: recipes._on_one_thread(weights, *job) for job in JOBS}


def test_processes_give_what_a_single_process_gives(in_this_process):
    assert run_many(weights, JOBS) == in_this_process


def test_any_executor_will_do_and_is_left_open(in_this_process):
    with ThreadPoolExecutor(1) as executor:
        assert run_many(weights, JOBS, executor) == in_this_process
        assert executor.submit(int, "7").result() == 7


def test_an_error_names_the_run_and_cancels_the_others():
    with ThreadPoolExecutor(1) as executor, pytest.raises(ZeroDivisionError) as caught:
        run_many(fails, [(TINY, 2), *JOBS], executor)
    assert "'tiny' with seed 2" in caught.value.__notes__[0]


@pytest.fixture
def scheduler(tmp_path, monkeypatch):
    """The address of a real scheduler with two worker processes, each started as a user starts it, all on the loopback."""
    monkeypatch.setenv("NNLIB_TEST_LOG", str(tmp_path / "log"))
    folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # where "tests" is found
    environment = {**os.environ, "PYTHONPATH": folder, "DASK_DISTRIBUTED__ADMIN__TICK__LIMIT": "1m"}
    file = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    commands = [[*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]]
    worker = [*dask, "worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1"]
    commands += [[*worker, "--no-nanny", "--name", name, "--local-directory", str(tmp_path / name)] for name in ("one", "two")]
    processes = [subprocess.Popen(c, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for c in commands]
    from dask.distributed import Client

    while not file.exists():
        assert all(process.poll() is None for process in processes)
        time.sleep(0.1)
    with Client(scheduler_file=str(file)) as client:
        client.wait_for_workers(2, timeout=60)
        yield client
    for process in processes:
        process.kill()
        process.wait()


def test_a_cluster_that_loses_a_worker_in_the_middle_brings_every_result_once(scheduler, tmp_path, in_this_process):
    log, arrived = tmp_path / "log", []

    def begun():
        return [line.split(" ", 1) for line in log.read_text().splitlines()] if log.exists() else []

    def kill_a_busy_worker():
        """Once three jobs have begun, the process of the third has at most just begun it: it is killed at its work."""
        while len(begun()) < 3:
            time.sleep(0.02)
        victim, job = begun()[2]
        os.kill(int(victim), signal.SIGKILL)
        return victim, job

    with ThreadPoolExecutor(1) as helper:
        killed = helper.submit(kill_a_busy_worker)
        results = run_many(logged, JOBS, Watched(scheduler.get_executor(), arrived))
        victim, job = killed.result()
    assert results == in_this_process
    assert sorted(arrived) == sorted(f"{recipe.name} {seed}" for recipe, seed in JOBS), "every job's result came, and none twice"
    began = begun()
    assert [process for process, name in began if name == job][0] == victim
    assert len([1 for _, name in began if name == job]) == 2, "the job that was lost began again"
    assert len({process for process, _ in began}) == 2, "both workers had worked"


class Watched:
    """An executor that notes which results arrive."""

    def __init__(self, executor, arrived):
        self.executor, self.arrived = executor, arrived

    def submit(self, function, measure, recipe, seed):
        future = self.executor.submit(function, measure, recipe, seed)
        future.add_done_callback(lambda _: self.arrived.append(f"{recipe.name} {seed}"))
        return future


def test_lesson_6s_table_is_made_on_a_cluster_by_one_command(scheduler, tmp_path, monkeypatch):
    """The real command, with a table of two short recipes in place of the real twelve."""
    monkeypatch.setattr(recipes, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(recipes, "ABLATION", [(TINY, None), (replace(TINY, name="other", lr=0.1), TINY)])
    monkeypatch.setattr(recipes, "SEEDS", range(2))
    recipes.main(["ablation", "--scheduler", scheduler.scheduler.address])
    rows = recipes.load_result("ablation")["rows"]
    assert [row["name"] for row in rows] == ["tiny", "other"] and all(len(row["accuracies"]) == 2 for row in rows)
    assert not list(recipes.CHECKPOINTS.glob("tiny-*")), "the checkpoints of a run that is done are gone"


def test_a_command_that_was_stopped_goes_on(monkeypatch, tmp_path):
    monkeypatch.setattr(recipes, "CHECKPOINTS", tmp_path)
    X, y = np.random.default_rng(0).random((200, 784), dtype=np.float32), np.arange(200) % 10
    unbroken, _ = TINY.run(X, y)
    half = replace(TINY, name="half")
    half.run(X, y, checkpoint=half.checkpoint(0))
    before = half.checkpoint(0).stat().st_mtime_ns
    again, history = half.run(X, y, checkpoint=half.checkpoint(0))
    assert half.checkpoint(0).stat().st_mtime_ns == before, "nothing was trained again"
    assert all(np.array_equal(again.params[name], unbroken.params[name]) for name in again.params) and len(history.loss) == 2


def test_recipes_that_differ_have_checkpoints_of_their_own():
    paths = {recipe.checkpoint(seed) for recipe in (TINY, replace(TINY, lr=0.1), replace(TINY, epochs=3)) for seed in (0, 1)}
    assert len(paths) == 6


def test_without_dask_the_command_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "dask.distributed", None)
    with pytest.raises(SystemExit, match=r"nnlib\[cluster\]"):
        recipes.main(["ablation", "--scheduler", "tcp://127.0.0.1:1"])


def test_a_single_run_needs_no_cluster_and_says_so(capsys):
    with pytest.raises(SystemExit):
        recipes.main(["pretrained", "--scheduler", "tcp://127.0.0.1:1"])
    assert "single run" in capsys.readouterr().err
