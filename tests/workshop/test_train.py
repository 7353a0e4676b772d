"""Many runs at once: in processes, on a cluster, and on a cluster that loses a worker. The results are the same."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from nnlib import recipes
from nnlib.recipes import Recipe
from tests import ROOT, tries
from workshop import train
from workshop.results import load as load_result
from workshop.train import run_many

TINY = Recipe("tiny", sizes=(784, 8, 10), activation="relu", output="softmax", optimizer="momentum", lr=0.05, epochs=2)
JOBS = [(recipe, seed) for recipe in (TINY, replace(TINY, name="a little longer", epochs=5)) for seed in range(4)]


def weights(recipe, seed):
    """Train on 500 images; what the network has learned, bit for bit."""
    from nnlib.data import training_digits

    net, _ = recipe.run(*training_digits(500), seed)
    return {name: p.tobytes() for name, p in net.params.items()}


def logged(recipe, seed):
    """The same, with a line in a file: this process began this job. The third to begin waits for the kill."""
    log = Path(os.environ["NNLIB_TEST_LOG"])
    mine = f"{os.getpid()} {recipe.name} {seed}"
    with open(log, "a") as file:
        file.write(mine + "\n")
    while mine not in log.read_text().splitlines()[:2] and not log.with_name("killed").exists():
        time.sleep(0.02)
    return weights(recipe, seed)


def blas_threads():
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


@pytest.fixture(scope="module")
def in_this_process():
    with threadpool_limits(1, user_api="blas"):
        return {(recipe, seed): weights(recipe, seed) for recipe, seed in JOBS}


def test_processes_give_what_a_single_process_gives(in_this_process):
    assert run_many(weights, JOBS) == in_this_process


def test_any_executor_will_do_and_is_left_open(in_this_process):
    with ThreadPoolExecutor(1) as executor:
        assert run_many(weights, JOBS, executor) == in_this_process
        assert executor.submit(int, "7").result() == 7


def test_runs_in_threads_have_one_blas_thread_and_the_caller_gets_its_own_back():
    with threadpool_limits(2, user_api="blas"), ThreadPoolExecutor(1) as executor:
        before = blas_threads()
        assert run_many(lambda recipe, seed: blas_threads(), [(TINY, 0)], executor)[TINY, 0] <= {1}
        assert blas_threads() == before


def test_a_worker_with_two_threads_stays_on_one_blas_thread_when_its_first_run_ends():
    """The limit is the process's, so a run must not take it back. In a process of its own, as it is on a cluster."""
    code = """
        from concurrent.futures import ThreadPoolExecutor
        from threading import Event
        from workshop.train import _on_one_thread
        from tests.workshop.test_train import blas_threads

        begun, joined = Event(), Event()

        def short(recipe, seed):
            begun.set()
            joined.wait(30)

        def long(recipe, seed):
            joined.set()
            first.result(30)
            return blas_threads()

        with ThreadPoolExecutor(2) as executor:
            first = executor.submit(_on_one_thread, short, None, 0)
            begun.wait(30)
            assert executor.submit(_on_one_thread, long, None, 0).result() <= {1}
    """
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"}
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], env=environment, cwd=ROOT, check=True)


def test_an_error_names_the_run_and_cancels_the_others():
    futures, release = [], threading.Event()

    def measure(recipe, seed):
        if seed == 0:
            raise ZeroDivisionError("on purpose")
        release.wait(30)

    def submit(*call):
        futures.append(executor.submit(*call))
        return futures[-1]

    with ThreadPoolExecutor(1) as executor:
        with pytest.raises(ZeroDivisionError) as caught:
            run_many(measure, JOBS[:4], Through(submit))
        release.set()
    assert "'tiny' with seed 0" in caught.value.__notes__[0]
    assert all(future.cancelled() for future in futures[2:]), "the second may have begun already"


class Through:
    """An executor whose ``submit`` is the test's."""

    def __init__(self, submit):
        self.submit = submit


@pytest.fixture
def scheduler(tmp_path, monkeypatch):
    """The client of a real scheduler with two worker processes, each started as a user does, on the loopback."""
    monkeypatch.setenv("NNLIB_TEST_LOG", str(tmp_path / "log"))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__ADMIN__TICK__LIMIT": "1m"}
    file = tmp_path / "scheduler.json"
    common = ["--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0", "--scheduler-file", str(file)]
    commands = [["scheduler", "--port", "0"]]
    commands += [
        ["worker", "--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path / name)]
        for name in ("one", "two")
    ]
    from dask.distributed import Client

    with ExitStack() as at_the_end:
        for command in commands:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *command, *common],
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            at_the_end.callback(process.wait)
            at_the_end.callback(process.kill)
        while not file.exists():
            assert process.poll() is None
            time.sleep(0.1)
        client = at_the_end.enter_context(Client(scheduler_file=str(file)))
        client.wait_for_workers(2, timeout=60)
        yield client


@pytest.mark.skipif(tries(True, False), reason="it waits until the worker is given up: with --long")
def test_a_cluster_that_loses_a_worker_in_the_middle_brings_every_result_once(scheduler, tmp_path, in_this_process):
    log, arrived = tmp_path / "log", []

    def begun():
        return [line.split(" ", 1) for line in log.read_text().splitlines()] if log.exists() else []

    def kill_a_busy_worker():
        """The third job to begin waits until its process is killed, and a result has come by then."""
        while len(begun()) < 3 or not arrived:
            time.sleep(0.02)
        victim, job = begun()[2]
        os.kill(int(victim), signal.SIGKILL)
        (tmp_path / "killed").touch()
        return victim, job

    def submit(function, measure, recipe, seed):
        future = scheduler_executor.submit(function, measure, recipe, seed)
        future.add_done_callback(lambda _: arrived.append(f"{recipe.name} {seed}"))
        return future

    scheduler_executor = scheduler.get_executor()
    with ThreadPoolExecutor(1) as helper:
        killed = helper.submit(kill_a_busy_worker)
        results = run_many(logged, JOBS, Through(submit))
        victim, job = killed.result()
    assert results == in_this_process
    assert sorted(arrived) == sorted(f"{recipe.name} {seed}" for recipe, seed in JOBS), (
        "every job's result came, and none twice"
    )
    lost, again = [process for process, name in begun() if name == job]
    assert lost == victim != again, "the job that was lost began again, on the other worker"


@pytest.mark.skipif(tries(True, False), reason="a cluster is in the test above: with --long")
def test_lesson_7s_table_is_made_on_a_cluster_by_one_command(scheduler, tmp_path, monkeypatch):
    """The real command, with a table of two short recipes in place of the real twelve."""
    monkeypatch.setattr(recipes, "RESULTS", tmp_path)
    monkeypatch.setattr(train, "ABLATION", [(TINY, None), (replace(TINY, name="other", lr=0.1), TINY)])
    monkeypatch.setattr(train, "SEEDS", range(2))
    train.main(["ablation", "--scheduler", scheduler.scheduler.address])
    rows = recipes.load_result("ablation")["rows"]
    assert [row["name"] for row in rows] == ["tiny", "other"] and all(len(row["accuracies"]) == 2 for row in rows)
    assert not list(train.CHECKPOINTS.glob("tiny-*")), "the checkpoints of a run that is done are gone"


def test_a_command_that_was_stopped_goes_on(monkeypatch, tmp_path):
    monkeypatch.setattr(train, "CHECKPOINTS", tmp_path)
    X, y = np.random.default_rng(0).random((200, 784), dtype=np.float32), np.arange(200) % 10
    unbroken, _ = TINY.run(X, y)
    half = replace(TINY, name="half")
    half.run(X, y, checkpoint=train.checkpoint(half, 0))
    before = train.checkpoint(half, 0).stat().st_mtime_ns
    again, history = half.run(X, y, checkpoint=train.checkpoint(half, 0))
    assert train.checkpoint(half, 0).stat().st_mtime_ns == before, "nothing was trained again"
    assert (
        all(np.array_equal(again.params[name], unbroken.params[name]) for name in again.params)
        and len(history.loss) == 2
    )


def test_recipes_that_differ_have_checkpoints_of_their_own():
    paths = {
        train.checkpoint(recipe, seed)
        for recipe in (TINY, replace(TINY, lr=0.1), replace(TINY, epochs=3))
        for seed in (0, 1)
    }
    assert len(paths) == 6


def test_without_dask_the_command_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "dask.distributed", None)
    with pytest.raises(SystemExit, match="--extra cluster"):
        train.main(["ablation", "--scheduler", "tcp://127.0.0.1:1"])


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nowhere://x"])
def test_an_address_where_no_scheduler_answers_is_told(address):
    import dask
    import distributed  # noqa: F401 - first, as `set` would take its own configuration away at the end

    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        pytest.raises(SystemExit, match="No Dask scheduler answers at"),
    ):
        train.main(["ablation", "--scheduler", address])


@pytest.mark.skipif(tries(True, False), reason="five epochs of the largest network: with --long")
def test_the_best_recipe_begins_as_twelve_others_of_its_kind_did():
    """A new seed, from the first step to the last: distortions, upright digits, four layers, momentum, schedule."""
    stored = np.array(load_result("beginning")["accuracies"])  # (seeds, epochs)
    assert len(stored) == len(recipes.BEGINNING_SEEDS) and 0 not in recipes.BEGINNING_SEEDS
    begun = train.accuracy_at_the_beginning(recipes.BEGINNING, 0)
    far = (begun - stored.mean(axis=0)) / stored.std(axis=0, ddof=1)
    assert np.abs(far).max() < 4, begun
    assert begun[-1] > 0.95
