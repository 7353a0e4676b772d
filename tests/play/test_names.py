"""`nnlib.play` is there without an import of its own, and its functions hide none of its modules."""

import pkgutil
import subprocess
import sys

from nnlib import play


def test_it_works_in_a_fresh_process_after_import_nnlib_alone():
    code = "import nnlib; print(type(nnlib.play.neuron()).__name__)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout == "Play\n", run.stderr


def test_no_module_has_the_name_of_what_the_package_has():
    modules = {module.name for module in pkgutil.iter_modules(play.__path__)}
    assert len(modules) >= 9 and not modules & set(play.__all__)


def test_the_package_says_which_module_makes_which():
    for name in set(play.__all__) - {"Play", "Live"}:
        module = getattr(play, name).__module__.removeprefix("nnlib.play.")
        lines = [line for line in play.__doc__.splitlines() if f"`{name}`" in line]
        assert len(lines) == 1 and f"``{module}``" in lines[0], name
