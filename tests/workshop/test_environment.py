"""pyproject.toml, environment.yml, the README and CI say the same."""

import re
import tomllib

import yaml
from rattler import MatchSpec

from tests import ROOT

CONDA_NAMES = {  # PyPI's name: conda-forge's
    "matplotlib": "matplotlib-base",
    "playwright": "playwright-python",
    "jupyter-server-mathjax": "jupyter_server_mathjax",
}

PIP_ONLY = {"axe-playwright-python"}  # not on conda-forge: environment.yml has them from PyPI, in its pip section


def entries():
    """The entries of environment.yml: those of conda, and those of its pip section but for the project itself."""
    entries = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    from_pip = next(entry["pip"] for entry in entries if isinstance(entry, dict))
    return [entry for entry in entries if isinstance(entry, str)], [
        entry for entry in from_pip if entry != "--editable ."
    ]


def conda():
    """All of environment.yml, those of the pip section among them, as specs by name."""
    from_conda, from_pip = entries()
    specs = [MatchSpec(entry) for entry in from_conda + from_pip]
    return {str(spec.name.normalized if hasattr(spec.name, "normalized") else spec.name): spec for spec in specs}


def pyproject():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    requirements = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    requirements.append("python" + project["project"]["requires-python"])
    pairs = (re.match(r"([a-z-]+)(.*)", requirement).groups() for requirement in requirements)
    return {CONDA_NAMES.get(name, name): bounds for name, bounds in pairs}


def bounds(version):
    return sorted(str(version or "").replace(" ", "").split(","))


def test_conda_and_pip_name_the_same_packages():
    assert set(conda()) - {"pip"} == set(pyproject())


def test_conda_and_pip_have_the_same_bounds():
    ours = {name: bounds(spec.version) for name, spec in conda().items() if name != "pip"}
    assert ours == {name: bounds(version) for name, version in pyproject().items()}


def test_pip_installs_only_what_conda_forge_does_not_have():
    assert {re.match(r"[a-z-]+", entry).group() for entry in entries()[1]} == PIP_ONLY


def test_every_dependency_has_a_lower_bound():
    for name, version in pyproject().items():
        assert ">=" in version, name


def test_the_lock_file_names_the_public_index_only():
    hosts = set(re.findall(r"https?://[^/\"]+", (ROOT / "uv.lock").read_text()))
    assert hosts == {"https://pypi.org", "https://files.pythonhosted.org"}


def test_ci_runs_the_readmes_test_command_to_the_letter():
    command = "python3 -m pip install uv && python3 -m uv run pytest"
    readme = (ROOT / "README.md").read_text().splitlines()
    assert command in readme
    assert command == (ROOT / ".ci" / "run").read_text().splitlines()[-1]
