"""The kernel in the browser: what it is made of, its smaller runs, and, with --long, a visit with a network blocked."""

import copy
import hashlib
import importlib
import json
import os
import re
import tomllib
import zipfile

import pytest
import yaml

import nnlib
from tests import ROOT
from tests.workshop.test_environment import name_and_bounds
from workshop.lite import assemble, pyodide, visit
from workshop.lite.smaller import CHINESE as CHINESE_WORDS
from workshop.lite.smaller import RUNS, smaller
from workshop.pad_page import digit, draw, pad_of

REQUIREMENTS = assemble.REQUIREMENTS.read_text(encoding="utf-8")
PINNED = re.compile(r"([\w-]+)==([\w.]+) --hash=sha256:([0-9a-f]{64})")
WHEELS = {name: version for name, version, _ in PINNED.findall(REQUIREMENTS)}
LESSONS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in ROOT.glob("notebooks/0*.ipynb")}
CHINESE = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in ROOT.glob("notebooks/zh/0*.ipynb")}
EDITIONS = {"en": LESSONS, "zh": CHINESE}
each_lesson = pytest.mark.parametrize("language, lesson", [(of, lesson) for of in EDITIONS for lesson in EDITIONS[of]])


@pytest.mark.parametrize("path", [assemble.REQUIREMENTS, visit.PACKAGES], ids=lambda path: path.name)
def test_each_requirement_is_one_version_of_one_file(path):
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert lines and all(PINNED.fullmatch(line) for line in lines)


def test_what_nnlib_needs_in_a_browser_has_a_version_that_the_project_allows():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    bounds = dict(map(name_and_bounds, project["dependencies"]))
    number = lambda version: tuple(map(int, version.split(".")))  # noqa: E731
    assert assemble.NOT_THERE < set(bounds) and {"numpy", "anywidget"} < set(assemble.needs())
    for name in set(assemble.WHEELS) & set(bounds):
        for bound in bounds[name]:
            sign, version = re.fullmatch(r"(>=|<)(.*)", bound).groups()
            found = number(WHEELS[name])
            assert found >= number(version) if sign == ">=" else found < number(version), name


def test_the_kernel_gets_only_wheels_that_are_pinned():
    assert {pyodide.normal(name) for name in assemble.WHEELS} <= set(WHEELS)


def test_a_folder_with_other_files_is_refused_before_anything_is_fetched(tmp_path, monkeypatch):
    monkeypatch.setattr(assemble, "fetch_tools", lambda *_: pytest.fail("it fetched"))
    (tmp_path / "thesis.txt").write_text("two years")
    with pytest.raises(ValueError, match="has other files in it"):
        assemble.assemble(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "two years"
    (tmp_path / assemble.SETTINGS.name).write_text("{}")  # now it is an older site
    with pytest.raises(pytest.fail.Exception, match="it fetched"):
        assemble.assemble(tmp_path)


def lock():
    """A small lock file: c is needed by b, and b by a."""
    packages = {
        "a": {"depends": ["B_b"], "file_name": "a.whl", "sha256": hashlib.sha256(b"a").hexdigest()},
        "b-b": {"depends": ["c"], "file_name": "b.whl", "sha256": hashlib.sha256(b"b").hexdigest()},
        "c": {"depends": [], "file_name": "c.whl", "sha256": hashlib.sha256(b"c").hexdigest()},
        "d": {"depends": ["a"], "file_name": "d.whl", "sha256": ""},
    }
    return {"packages": packages}


def test_a_package_brings_what_it_needs_and_no_others():
    assert pyodide.with_dependencies(lock(), ["A"]) == ["a", "b-b", "c"]


def test_a_file_that_is_not_the_lock_files_is_refused_by_name(tmp_path):
    source, folder = tmp_path / "source", tmp_path / "folder"
    for path in (source, folder):
        path.mkdir()
    (source / "a.whl").write_bytes(b"a")
    (source / "c.whl").write_bytes(b"another c")
    pyodide.packages(lock(), ["a"], folder, source)
    with pytest.raises(ValueError, match=r"c\.whl must have the SHA-256 .*got .*not used"):
        pyodide.packages(lock(), ["c"], folder, source)
    assert [path.name for path in folder.iterdir()] == ["a.whl"]


def test_a_wheel_of_ours_is_in_the_lock_file_with_its_hash_and_what_importing_it_fetches(tmp_path):
    wheel = tmp_path / "typing_extensions-4.1.0-py3-none-any.whl"
    wheel.write_bytes(b"content")
    entry = pyodide.entry(wheel, ["numpy"])
    assert entry["sha256"] == hashlib.sha256(b"content").hexdigest() and entry["depends"] == ["numpy"]
    assert (entry["name"], entry["version"], entry["imports"]) == ("typing-extensions", "4.1.0", ["typing_extensions"])


def test_nnlibs_wheel_for_the_browser_has_the_data_and_not_the_notebooks(tmp_path):
    assemble.build_nnlib(tmp_path)
    (wheel,) = tmp_path.glob("nnlib-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "nnlib/_data/train-images-idx3-ubyte.gz" in names and "nnlib/_data/results/ablation.json" in names
    assert not [name for name in names if "_lessons" in name]


@each_lesson
def test_the_browsers_lesson_has_other_numbers_in_the_named_cells_and_is_otherwise_the_same(language, lesson):
    stored = EDITIONS[language][lesson]
    before = copy.deepcopy(stored)
    after = smaller(stored, lesson, language)
    assert before == stored
    changed = {old["id"] for old, new in zip(before["cells"], after["cells"], strict=True) if old != new}
    assert changed == set(RUNS.get(lesson, {}))
    for cell in after["cells"]:
        cell["source"] = next(old["source"] for old in before["cells"] if old["id"] == cell["id"])
    assert after == before


@each_lesson
def test_a_smaller_run_says_so_and_is_python(language, lesson):
    cells = {cell["id"]: cell["source"] for cell in smaller(EDITIONS[language][lesson], lesson, language)["cells"]}
    begins = {"en": "In the browser NumPy computes on one core, ", "zh": "浏览器里的 NumPy 只用一个核，"}[language]
    runs = RUNS.get(lesson, {})
    for name, (said, _) in runs.items():
        assert said is None or cells[name].startswith(f'print("{begins}')
        compile(cells[name], name, "exec")
    assert not runs or any(said for said, _ in runs.values())


def test_whatever_a_smaller_run_says_is_there_in_chinese_with_the_same_numbers():
    for said in {said for cells in RUNS.values() for said, _ in cells.values() if said}:
        numbers = set(re.findall(r"\d[\d,.]*\d|\d", said))
        assert numbers <= set(re.findall(r"\d[\d,.]*\d|\d", CHINESE_WORDS[said])), said


def test_a_lesson_that_was_changed_is_told_with_the_cell():
    notebook = copy.deepcopy(LESSONS["04_training"])
    cell = next(cell for cell in notebook["cells"] if cell["id"] == "thirty-epochs")
    cell["source"] = "".join(cell["source"]).replace("epochs=30", "epochs=31")
    with pytest.raises(ValueError, match="04_training must have 'epochs=30' in its cell 'thirty-epochs'.*epochs=31"):
        smaller(notebook, "04_training")


def test_the_file_tree_has_the_lessons_of_both_languages_and_their_pictures(tmp_path):
    assemble.lessons(tmp_path)
    for place, there in (("", LESSONS), ("zh", CHINESE)):
        assert {path.stem for path in (tmp_path / place).glob("*.ipynb")} == set(there)
        for path in (tmp_path / place).glob("*.ipynb"):
            for picture in re.findall(r"\]\(([^)]*\bimages/[^)]*)\)", path.read_text(encoding="utf-8")):
                assert (path.parent / picture).is_file()


# The workflow that publishes.

WORKFLOW = (ROOT / ".github" / "workflows" / "site.yml").read_text(encoding="utf-8")
COMMANDS = re.findall(r"python -m (workshop\.\w+) (\S+)", WORKFLOW)


def test_the_workflow_puts_the_kernel_where_the_site_links_to_it_before_the_site_is_built():
    assert COMMANDS == [("workshop.lite", "build/site/lite"), ("workshop.site", "build/site")]
    assert assemble.SITE == ROOT / "build" / "site" / "lite" and "path: build/site\n" in WORKFLOW


@pytest.mark.parametrize("module", [module for module, _ in COMMANDS])
def test_each_of_its_commands_exists(module):
    assert callable(importlib.import_module(f"{module}.__main__").main)


def test_every_action_that_builds_what_is_published_is_a_commit_with_its_version_beside_it():
    uses = re.findall(r"uses: (.*)", WORKFLOW)
    assert len(uses) == 5 and all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each) for each in uses)


def test_only_the_job_that_publishes_may_write_and_it_runs_no_command():
    jobs = yaml.safe_load(WORKFLOW)["jobs"]
    assert "permissions" not in jobs["build"] and jobs["publish"]["permissions"] == {
        "pages": "write",
        "id-token": "write",
    }
    assert all("run" not in step for step in jobs["publish"]["steps"])


# With --long: assembled from the registries, and visited.

long = pytest.mark.skipif(not os.environ.get("NNLIB_LONG_TESTS"), reason="a visit takes minutes: pytest --long")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return visit.from_registries(tmp_path_factory.mktemp("lite"))


@pytest.fixture(scope="module")
def visited(site):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, visit.visiting(playwright, site) as (context, address, refused):
        yield context, address
        assert refused == []


@long
def test_every_package_on_the_site_is_one_of_pyodides_own_lock_file_or_of_the_requirements(site, tmp_path):
    own = pyodide.runtime(tmp_path)["packages"]
    folder = site / "static" / "pyodide"
    pinned = {sha256 for _, _, sha256 in PINNED.findall(REQUIREMENTS)}
    listed = json.loads((folder / pyodide.LOCK).read_text())["packages"]
    for name, package in listed.items():
        found = hashlib.sha256((folder / package["file_name"]).read_bytes()).hexdigest()
        known = pinned if name in WHEELS else {own[name]["sha256"]} if name != "nnlib" else {package["sha256"]}
        assert found == package["sha256"] and found in known, name
    assert {path.name for path in folder.iterdir()} == {p["file_name"] for p in listed.values()} | {
        pyodide.LOCK,
        *pyodide.RUNTIME,
    }


@long
def test_lesson_1_reads_what_is_drawn_and_an_exercise_that_is_solved_is_remembered(visited):
    page = visit.opened(*visited, "01_forward_pass")
    assert visit.run_all(page)[1] == []
    pad_of(page)
    draw(page, [[(0.5, y / 20) for y in range(21)]])
    assert digit(page) == 1
    assert visit.run_code(page, "print(pad.digit)") == "1\n"
    solved = 'constant_loss = lambda c, k: 0.5 * ((1 - c) ** 2 + (k - 1) * c**2)\ncheck.exercise("1.7", constant_loss)'
    assert "Right" in visit.run_code(page, solved)
    page.close()
    page = visit.opened(*visited, "01_forward_pass")
    assert '"1.7"' in visit.run_code(page, "print(open('my_progress.json').read())")
    page.close()


@long
def test_lesson_2_runs_whole(visited):
    page = visit.opened(*visited, "02_backpropagation")
    assert visit.run_all(page)[1] == []
    page.close()


@long
def test_the_last_lessons_network_is_there_after_a_reload_and_can_be_downloaded(visited, tmp_path):
    page = visit.opened(*visited, "09_drawing_canvas")
    assert visit.run_all(page)[1] == []
    weights = """
import hashlib, nnlib
print(hashlib.sha256(nnlib.Network.load("my_networks/taught.npz").params["W1"].tobytes()).hexdigest())
"""
    before = visit.run_code(page, weights).strip()
    page.close()
    page = visit.opened(*visited, "09_drawing_canvas")
    assert len(before) == 64 and visit.run_code(page, weights).strip() == before
    page.evaluate("window.jupyterapp.commands.execute('filebrowser:go-to-path', { path: 'notebooks/my_networks' })")
    page.locator(".jp-DirListing-item", has_text="taught.npz").click()
    with page.expect_download() as download:
        page.evaluate("window.jupyterapp.commands.execute('filebrowser:download')")
    download.value.save_as(tmp_path / "taught.npz")
    network = nnlib.Network.load(tmp_path / "taught.npz")
    assert hashlib.sha256(network.params["W1"].tobytes()).hexdigest() == before
    page.close()
