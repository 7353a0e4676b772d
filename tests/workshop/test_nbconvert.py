"""What a reader exports from a stored notebook: pages and LaTeX with every figure, and a script that Python reads."""

import ast
import re

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter, LatexExporter, ScriptExporter

from tests import ROOT, tries

PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))[:: tries(4, 1)]
each_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
LINE = (
    "# No nnlib? Get the whole project, and run in its folder: python3 -m pip install uv && python3 -m uv run lessons"
)


def with_figures_alone(path):
    """The notebook's cells with code, and of their outputs the figures; and how many these are.

    For text nbconvert needs pandoc, which not every machine has.
    """
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in notebook.cells:
        cell.outputs = [output for output in cell.outputs if "<img " in output.get("data", {}).get("text/html", "")]
    return notebook, sum(len(cell.outputs) for cell in notebook.cells)


@each_notebook
def test_latex_keeps_every_figure(path):
    notebook, figures = with_figures_alone(path)
    latex, resources = LatexExporter().from_notebook_node(notebook)
    assert 0 < figures == len(resources["outputs"])
    assert all(name.endswith(".png") and latex.count(f"{{{name}}}") == 1 for name in resources["outputs"])


@each_notebook
def test_a_page_has_each_figure_once_with_its_alternative_text(path):
    notebook, figures = with_figures_alone(path)
    pictures = re.findall(r"<img [^>]{0,2000}", HTMLExporter().from_notebook_node(notebook)[0])
    assert len(pictures) == figures and all(re.match(r'<img alt="[^"]{20,}', picture) for picture in pictures)


@each_notebook
def test_a_script_is_python(path):
    script, resources = ScriptExporter().from_filename(str(path))
    assert resources["output_extension"] == ".py"
    ast.parse(script)


@each_notebook
def test_the_first_cell_says_what_to_do_where_nnlib_is_missing(path):
    first = next(cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code")
    lines = first.source.splitlines()
    assert lines.count(LINE) == 1
    assert lines[lines.index(LINE) + 1] == "import nnlib", "so that the traceback shows the line, too"
