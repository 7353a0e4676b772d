"""The house rules: what imports what, how much the core weighs, and what importing it costs."""

import ast
import io
import os
import re
import shutil
import subprocess
import sys
import tokenize

import nbformat
import pytest

import nnlib
from tests import ROOT, tries

BOOK = ["data", "activations", "losses", "network", "gradcheck", "optimizers", "training", "evaluation", "augmentation"]
BESIDE = ["museum", "plots", "recipes"]
ROOMS = {  # what each room may import from; a module of the book only from those before it
    "_support": {"_support"},
    "book": {"_support", "book"},
    "museum": {"_support", "book"},
    "plots": {"_support"},
    "recipes": {"_support", "book"},
    "pad": {"_support", "book", "pad"},
    "check": {"_support", "book", "pad", "check"},
    "play": {"_support", "book", "plots", "play"},
}


def room_of(module):
    """The room that a module like ``nnlib.pad.photo`` is in."""
    name = module.split(".")[1]
    return "book" if name in BOOK else name


def modules():
    """Every module of nnlib by its dotted name, but for the face of the package."""
    for path in sorted((ROOT / "nnlib").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imported(path):
    """The modules of nnlib that a file imports when it is imported."""
    for node in ast.walk(ast.parse(path.read_text())):
        if (
            isinstance(node, ast.ImportFrom)
            and node.col_offset == 0
            and node.module
            and node.module.split(".")[0] == "nnlib"
        ):
            if node.module in ("nnlib", "nnlib.pad", "nnlib.check", "nnlib._support"):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            else:
                yield node.module


def test_import_nnlib_brings_in_no_plot_and_no_widget():
    heavy = {"matplotlib", "ipywidgets", "anywidget", "IPython", "pooch", "tqdm"}
    code = f"import sys, nnlib; print({heavy} & set(sys.modules))"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == "set()"


def test_every_promised_name_is_there():
    for name in nnlib.__all__:
        assert getattr(nnlib, name) is not None
        assert name in dir(nnlib)
    with pytest.raises(AttributeError, match="Network"):
        getattr(nnlib, "Netwrok")  # noqa: B009


def test_the_book_stands_alone_on_its_level():
    entries = {path.name for path in (ROOT / "nnlib").iterdir() if path.name != "__pycache__"}
    modules = {f"{name}.py" for name in BOOK + BESIDE}
    assert entries == {*modules, "__init__.py", "_support", "pad", "check", "play"}


def test_a_module_imports_only_what_was_taught_before_it():
    for module, path in modules():
        if module == "nnlib":
            continue
        for other in imported(path):
            assert room_of(other) in ROOMS[room_of(module)], f"{module} imports {other}"
            if room_of(module) == room_of(other) == "book":
                assert BOOK.index(other.split(".")[1]) < BOOK.index(module.split(".")[1]), f"{module} imports {other}"


def test_nothing_imports_a_test_and_nnlib_never_imports_the_workshop():
    for path in [*(ROOT / "nnlib").rglob("*.py"), *(ROOT / "workshop").rglob("*.py")]:
        forbidden = r"^\s*(from|import) (tests|workshop)\b" if "nnlib" in path.parts else r"^\s*(from|import) tests\b"
        assert not re.search(forbidden, path.read_text(), flags=re.M), path


def test_the_book_has_less_than_700_lines_of_code():
    """The folder is the list: every module on its level but for plots, museum and recipes."""
    total = sum(len(code_lines(path.read_text())) for path in (ROOT / "nnlib").glob("*.py") if path.stem not in BESIDE)
    assert total < 700


def code_lines(text):
    """The numbers of the lines that hold code: no comments, no docstrings, no blank lines."""
    docstrings = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            docstrings.update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    skipped = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    lines = {n for token in tokens if token.type not in skipped for n in range(token.start[0], token.end[0] + 1)}
    return lines - docstrings


def test_everything_public_has_a_docstring():
    for path in (ROOT / "nnlib").rglob("*.py"):
        tree = ast.parse(path.read_text())
        assert ast.get_docstring(tree), path
        if path.parent.name == "exercises" and path.name != "__init__.py":
            continue  # references of exercises: the notebook has the task
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{path.name}: {node.name}"


def test_a_figure_is_not_one_of_pyplots():
    """A notebook's kernel draws and closes pyplot's figures at each message from the page, even while one is drawn."""
    import matplotlib.pyplot as plt

    from nnlib import plots

    fig, _ = plots.figure()
    assert plt.get_fignums() == [] and fig.get_constrained_layout()


@pytest.mark.skipif(tries(True, False), reason="the test command itself shows the first of it: with --long")
def test_the_whole_test_command_takes_processes_and_the_notebooks_and_a_single_file_neither(tmp_path):
    """In a small project with this one's settings."""
    for name in ("pyproject.toml", "tests/conftest.py", "tests/nbval_sanitize.cfg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "tests" / "test_one.py").write_text("def test_it(): pass")
    (tmp_path / "notebooks").mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")]), tmp_path / "notebooks/a.ipynb")

    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}

    def said(*arguments):
        command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *arguments]
        options = {
            "env": {**environment, "PYTHONPATH": str(ROOT)},
            "capture_output": True,
            "text": True,
            "timeout": 300,
        }
        return subprocess.run(command, cwd=tmp_path, **options).stdout

    whole, single, asked = said(), said("tests/test_one.py"), said("-n", "0", "--collect-only")
    assert "2 workers [2 items]" in whole and "2 passed" in whole
    assert "1 passed" in single and "workers" not in single
    assert "2 tests collected" in asked and "workers" not in asked


def test_every_file_that_the_text_names_is_there():
    named = re.compile(r"(?<![\w/.-])((?:nnlib|workshop|tests|data|teaching|notebooks)/[\w./-]*\w\.\w{2,5})\b")
    made = ("notebooks/my_", "data/results/")  # by a reader; by a command whose row says so
    texts = [*ROOT.glob("*.md"), *ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("*/**/*.md"), *ROOT.glob("nnlib/**/*.py")]
    texts = [path for path in texts if not {".venv", "node_modules"} & set(path.parts)]
    for path in texts:
        for name in named.findall(path.read_text(encoding="utf-8")):
            assert (ROOT / name).exists() or name.startswith(made), f"{path.relative_to(ROOT)} names {name}"
