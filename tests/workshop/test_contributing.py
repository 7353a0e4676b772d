"""CONTRIBUTING.md names only what exists, and one version of each linter."""

import importlib
import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from tests import ROOT

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
CODE = re.findall(r"```\n(.*?)```", PAGE, flags=re.S) + re.findall(
    r"`([^`\n]+)`", re.sub(r"```.*?```", "", PAGE, flags=re.S)
)
WORDS = {word for code in CODE for word in re.sub(r" +#.*", "", code, flags=re.M).split()}
FOLDERS = {path.name for path in ROOT.iterdir() if path.is_dir()} | {".github"}
PATHS = sorted(
    word
    for word in WORDS
    if word.split("/")[0] in FOLDERS - {".venv", "build"}
    and "/" in word
    or re.fullmatch(r"[\w.-]+\.(py|md|toml|yml|json)", word)
)
COMMANDS = sorted({command for code in CODE for command in re.findall(r"python -m (workshop[\w.]*)([^\n#&]*)", code)})
WORKFLOWS = {path.name: path.read_text() for path in (ROOT / ".github" / "workflows").glob("*.yml")}


def test_the_page_names_paths_and_commands():
    assert len(PATHS) > 25 and len(COMMANDS) >= 4


@pytest.mark.parametrize("path", PATHS)
def test_every_path_exists(path):
    assert (ROOT / path).exists() or path in WORKFLOWS


@pytest.mark.parametrize("module, arguments", COMMANDS)
def test_every_command_exists_and_takes_its_arguments(module, arguments):
    found = importlib.import_module(module)
    if hasattr(found, "__path__"):  # a package runs the module in it
        found = importlib.import_module(f"{module}.__main__")
    assert callable(found.main)
    for word in arguments.split():
        if word.isdigit():
            assert list((ROOT / "notebooks").glob(f"{word}_*.ipynb")), word
        elif word == "build/site":
            pass  # a folder that the command makes
        elif (ROOT / word).is_file() or (ROOT / "locale" / word).is_dir():
            pass
        elif word.startswith("--"):
            assert f'"{word}"' in Path(found.__file__).read_text(), word
        else:
            assert word in found.COMMANDS, word


@pytest.mark.parametrize(
    "name, module",
    [
        ("EXERCISES", "nnlib.check.exercises.lesson2"),
        ("Exercise", "nnlib.check.exercises"),
        ("LESSONS", "nnlib.check.exercises"),
        ("Play", "nnlib.play.frame"),
        ("Live", "nnlib.play.frame"),
        ("Recipe", "nnlib.recipes"),
        ("ABLATION", "nnlib.recipes"),
        ("COMMANDS", "workshop.train"),
        ("with_seeds", "workshop.train"),
        ("QUOTED_BY_LESSONS", "workshop.results"),
        ("NAMES", "tests.test_notebooks"),
    ],
)
def test_every_name_is_where_the_page_says(name, module):
    assert re.search(rf"`{name}\b", PAGE) and hasattr(importlib.import_module(module), name)


def test_the_linters_have_one_version_everywhere():
    locked = {
        package["name"]: package["version"] for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    }
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert [repo["rev"] for repo in hooks if "ruff" in repo["repo"]] == [f"v{locked['ruff']}"]
    texts = [PAGE, WORKFLOWS["lint.yml"], (ROOT / ".pre-commit-config.yaml").read_text()]
    biome = {version for text in texts for version in re.findall(r"@biomejs/biome@([\d.]+\d)", text)}
    schema = json.loads((ROOT / "biome.json").read_text())["$schema"]
    assert len(biome) == 1 and biome.pop() in schema


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_may_only_read_and_names_a_version_or_a_commit_of_each_action(name):
    workflow = yaml.safe_load(WORKFLOWS[name])
    assert workflow["permissions"] == {"contents": "read"} and workflow["concurrency"]["cancel-in-progress"]
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert all(re.search(r"@(v\d|[0-9a-f]{40}$)", step["uses"]) for step in steps if "uses" in step)
