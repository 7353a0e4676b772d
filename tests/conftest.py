"""Fixtures of all tests: MNIST once, a browser, and a JupyterLab of its own."""

import gzip
import json
import os
import signal
from collections import Counter

import pytest

import nnlib
from tests import ROOT
from workshop import results
from workshop.servers import jupyterlab, launch

# The tests run beside each other, a process for each core: more BLAS threads would wait for one another.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
# Some containers forbid Python to keep what it compiled: each kernel would compile Matplotlib anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

STROKES = ROOT.parent / "shared" / "strokes" / "unipen-digits-dev.jsonl.gz"


def pytest_addoption(parser):
    parser.addoption(
        "--long", action="store_true", help="fuzz and kill with many more tries: half an hour; stores what was tried"
    )


def whole(config):
    """Whether this is the README's test command, without the name of a file or a folder, or a process of it."""
    return config.args_source == pytest.Config.ArgsSource.TESTPATHS


# Of an edition in another language only lesson 1 runs: that the others have the same code is proved without.
EDITIONS = "notebooks/*/0[2-9]_*.ipynb"
PROCESSES = 2  # one for each of two cores: three took longer, as most of the time is computing
# What takes longest begins first, so that no process is left alone with it at the end.
LONGEST = (
    "test_pad_in_browser.py",
    "07_generalising.ipynb",
    "06_learning_better.ipynb",
    "05_evaluation.ipynb",
    "04_training.ipynb",
    "test_runs.py",
    "test_in_jupyterlab.py",
    "test_slides.py",
)


@pytest.hookimpl(tryfirst=True)  # pytest-xdist reads its options in this hook, too
def pytest_cmdline_main(config):
    """The whole test command runs the notebooks, too, in several processes; a single file needs neither."""
    if whole(config):
        config.option.nbval = True
        if not config.getoption("--long"):
            config.option.ignore_glob = [*(config.option.ignore_glob or []), str(ROOT / EDITIONS)]
        config.option.loadscopereorder = False  # the order is that of `pytest_collection_modifyitems`
        if config.option.numprocesses is None and "PYTEST_XDIST_WORKER" not in os.environ:
            config.option.numprocesses, config.option.dist = PROCESSES, "loadfile"


def pytest_collection_modifyitems(items):
    """Whole files change places; the tests of a file stay in order."""
    rank = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(rank)))


def pytest_configure(config):
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # one that is started in the background ignores Ctrl+C, and so do its children
    if config.getoption("--long"):
        os.environ["NNLIB_LONG_TESTS"] = "1"  # for the test modules, which are read later, and for the workers


TRIED = Counter()  # over all tests


@pytest.fixture
def tried(request):
    """What a test counts of its tries: ``tried["processes killed"] += 1``. The summary has the sums."""
    counts = Counter()
    yield counts
    request.node.user_properties.extend(counts.items())  # they reach the process that reports


def pytest_runtest_logreport(report):
    if report.when == "teardown":
        TRIED.update(dict(report.user_properties))


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    if TRIED:
        terminalreporter.write_line("tried: " + "; ".join(f"{count:,} {what}" for what, count in sorted(TRIED.items())))
    if config.getoption("--long") and exitstatus == 0 and whole(config) and "PYTEST_XDIST_WORKER" not in os.environ:
        results.store("long_tests", {"tried": dict(sorted(TRIED.items()))})


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

    with sync_playwright() as playwright:
        try:
            browser = launch(playwright)
        except Error as error:
            how = "the pad was not tested: 'python3 -m uv run playwright install chromium' gets a browser"
            if os.environ.get("CI"):
                pytest.fail(f"{how}\n{error}")
            pytest.skip(how)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """The address of a JupyterLab that was started for these tests, and the folder that it shows."""
    folder = tmp_path_factory.mktemp("lab")
    with jupyterlab(folder) as address:
        yield address, folder
