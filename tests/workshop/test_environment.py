"""pyproject.toml, environment.yml, the README, CI and what the code imports say the same."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import yaml

from tests import ROOT

CONDA_NAMES = {  # PyPI's name: conda-forge's
    "matplotlib": "matplotlib-base",
    "playwright": "playwright-python",
    "jupyter-client": "jupyter_client",
    "jupyter-server": "jupyter_server",
    "jupyter-server-mathjax": "jupyter_server_mathjax",
}

# Not on conda-forge, or not known to be: environment.yml has them from PyPI, in its pip section.
PIP_ONLY = {"axe-playwright-python", "math-core", "ziamath", "sphinx-revealjs"}


def entries():
    """The entries of environment.yml: those of conda, and those of its pip section but for the project itself."""
    entries = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    from_pip = next(entry["pip"] for entry in entries if isinstance(entry, dict))
    return [entry for entry in entries if isinstance(entry, str)], [
        entry for entry in from_pip if entry != "--editable ."
    ]


def binder():
    """What .binder/environment.yml names: bounds by name."""
    return dict(
        map(name_and_bounds, yaml.safe_load((ROOT / ".binder" / "environment.yml").read_text())["dependencies"])
    )


def conda():
    """All of environment.yml, those of the pip section among them: their bounds by name."""
    from_conda, from_pip = entries()
    return dict(name_and_bounds(entry) for entry in from_conda + from_pip)


def name_and_bounds(requirement):
    """``"numpy >=2.0,<3"`` as ("numpy", ["<3", ">=2.0"])."""
    name, bounds = re.fullmatch(r"([\w-]+) *((?:[<>=!]+[\w.]+,?)*)", requirement).groups()
    return name, sorted(filter(None, bounds.split(",")))


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
NEEDED = PROJECT["project"]["dependencies"]  # to use nnlib
DEV = PROJECT["dependency-groups"]["dev"]  # to test it and to make the project


def pyproject():
    """The bounds of all that is declared, by conda's names."""
    requirements = [*NEEDED, *DEV, "python" + PROJECT["project"]["requires-python"]]
    return {CONDA_NAMES.get(name, name): bounds for name, bounds in map(name_and_bounds, requirements)}


def test_conda_and_pip_name_the_same_packages():
    assert set(conda()) - {"pip"} == set(pyproject())


def test_conda_and_pip_have_the_same_bounds():
    assert {name: bounds for name, bounds in conda().items() if name != "pip"} == pyproject()


def test_binder_gets_what_the_lessons_need_with_the_same_bounds_and_no_test_package():
    needed = {name_and_bounds(requirement)[0] for requirement in NEEDED}
    needed = {CONDA_NAMES.get(name, name) for name in needed} | {"python"}
    assert set(binder()) - {"pip"} == needed
    assert {name: bounds for name, bounds in binder().items() if name != "pip"} == {
        name: bounds for name, bounds in pyproject().items() if name in needed
    }


def test_binder_installs_the_project_itself():
    script = ROOT / ".binder" / "postBuild"
    assert script.read_text().splitlines()[-1] == "python -m pip install --no-deps --editable ."
    assert sys.platform == "win32" or script.stat().st_mode & 0o111


def imported(*folders):
    """The packages that the Python files of folders import, at their top or in a function: {name on PyPI: a file}."""
    found = {}
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            else:
                modules = [node.module] if isinstance(node, ast.ImportFrom) and node.level == 0 else []
            found |= {module.split(".")[0]: str(path.relative_to(ROOT)) for module in modules}
    names = packages_distributions()
    outside = found.keys() - sys.stdlib_module_names - {"nnlib", "workshop", "tests"}
    return {names.get(module, [module])[0].lower().replace("_", "-"): found[module] for module in outside}


def names(requirements):
    return {name_and_bounds(requirement)[0] for requirement in requirements}


COMPARED = {"torch", "jax", "scikit-learn", "sklearn"}  # a benchmark compares with them, where they are
WITH_ANOTHER = {"dask", "docutils"}  # distributed and Sphinx are made of them
COMMANDS = {  # declared for their commands, plugins and files
    "jupyter",
    "nbval",
    "notebook",
    "pytest-xdist",
    "voila",
    "jupyter-server-mathjax",
    "ruff",
    "hatchling",
    "distributed",
    "pre-commit",
    "furo",
    "myst-parser",
    "ziamath",
    "sphinx-revealjs",
}


def test_what_nnlib_imports_is_declared():
    missing = {name: path for name, path in imported("nnlib").items() if name not in names(NEEDED)}
    assert missing == {}


def test_what_the_workshop_and_the_tests_import_is_declared():
    known = names(NEEDED) | names(DEV) | COMPARED | WITH_ANOTHER
    assert {name: path for name, path in imported("workshop", "tests").items() if name not in known} == {}


def test_what_is_declared_is_imported_or_run():
    assert names(NEEDED) - imported("nnlib").keys() - COMMANDS == set()
    assert names(DEV) - imported("workshop", "tests").keys() - COMMANDS == set()


def test_pip_installs_only_what_conda_forge_does_not_have():
    assert {re.match(r"[a-z-]+", entry).group() for entry in entries()[1]} == PIP_ONLY


def test_every_dependency_has_a_lower_bound():
    for name, bounds in pyproject().items():
        assert any(bound.startswith(">=") for bound in bounds), name


def test_a_constraint_names_one_version_as_installing_with_hashes_takes_no_other():
    """`uv pip install` reads them, too; the kernel in the browser and the Chinese README have it check hashes."""
    constraints = PROJECT["tool"]["uv"]["constraint-dependencies"]
    assert [c for c in constraints if not re.fullmatch(r"[\w-]+==[\d.]+", c)] == []


def test_the_lock_file_names_the_public_index_only():
    hosts = set(re.findall(r"https?://[^/\"]+", (ROOT / "uv.lock").read_text()))
    assert hosts == {"https://pypi.org", "https://files.pythonhosted.org"}


def test_ci_runs_the_readmes_test_command_to_the_letter():
    command = "python3 -m pip install uv && python3 -m uv run pytest"
    readme = (ROOT / "README.md").read_text().splitlines()
    assert command in readme
    assert command == (ROOT / ".ci" / "run").read_text().splitlines()[-1]
