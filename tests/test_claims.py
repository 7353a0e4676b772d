"""The claims about the lessons: each is tied to a cell and quotes it, and no number in the text goes without one."""

import re
import subprocess
import sys
from importlib import import_module
from types import ModuleType

import nbformat
import pytest

from tests import ROOT, claims, tries
from tests.test_notebooks import PATHS, each_second_edition

# What asks for a proof: 1.25, 99.2 %, 79,510; a formula, code, a link and a table's rule do not.
NUMBER = re.compile(r"(?<![\w.,^_/-])[−-]?\d+(?:,\d{3})*(?:\.\d+)?(?:\s?%)?")
NO_PROSE = re.compile(
    r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|\]\([^)]*\)|<[^>]*>|^#+ .*?$", flags=re.DOTALL | re.MULTILINE
)


def text_of(cell):
    """What a cell says: its source, and the text of its outputs."""
    said = [cell.source]
    for output in cell.get("outputs", []):
        said += [output.get("text", ""), *map(str, output.get("data", {}).values())]
    return "\n".join(said)


def asks_for_proof(number):
    """Whether a number says more than "three" would: it has a point, a thousand or a per cent."""
    return any(sign in number for sign in ".,%")


@each_second_edition
def test_each_claim_quotes_its_cell_and_some_code_runs_before_it(path):
    notebook = nbformat.read(path, as_version=4)
    cells, last_code = {cell.id: cell for cell in notebook.cells}, claims.last_code_cells(notebook)
    names = [claim.name for claim in claims.claims_of(path)]
    assert len(set(names)) == len(names)
    for claim in claims.claims_of(path):
        assert last_code.get(claim.cell), f"{claim.name} is tied to {claim.cell!r}: no such cell, or no code before it"
        for words in claim.says:
            assert words in text_of(cells[claim.cell]), f"{claim.name}: {claim.cell!r} does not say {words!r}"


@each_second_edition
def test_every_number_in_the_text_is_claimed_computed_or_given_with_its_source(path):
    notebook = nbformat.read(path, as_version=4)
    computed = "\n".join(text_of(cell) for cell in notebook.cells if cell.cell_type == "code")
    given = import_module(claims.module_of(path)).GIVEN
    unproved = []
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        said = " ".join(words for claim in claims.claims_of(path) if claim.cell == cell.id for words in claim.says)
        for number in filter(asks_for_proof, NUMBER.findall(NO_PROSE.sub(" ", cell.source))):
            if not (number in said or number in computed or any(number in words for words in given)):
                unproved.append((cell.id, number))
    assert unproved == []


@pytest.fixture
def half(monkeypatch):
    """The name of a module with one claim, that x is a half."""
    module = ModuleType("half")
    exec(
        'from tests.claims import after\n@after("half", "0.5")\ndef it_is_a_half(x):\n    assert x == 0.5\n',
        vars(module),
    )
    monkeypatch.setitem(sys.modules, "half", module)
    return "half"


def test_a_claim_holds_or_fails_with_the_notebooks_own_variables(half):
    claims.check(half, "it_is_a_half", {"x": 0.5, "y": 3})
    with pytest.raises(AssertionError):
        claims.check(half, "it_is_a_half", {"x": 0.25})
    with pytest.raises(AssertionError, match="the notebook has no x after the cell 'half'"):
        claims.check(half, "it_is_a_half", {"y": 3})


@pytest.mark.parametrize("path", tries(PATHS[1:2], PATHS), ids=lambda path: path.stem)
def test_nbval_runs_each_claim_right_after_the_code_that_it_is_about(path):
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "--nbval", str(path)]
    lines = subprocess.run(command, capture_output=True, text=True, cwd=ROOT).stdout.splitlines()
    items = [line.split("::")[1] for line in lines if "::" in line]
    notebook = nbformat.read(path, as_version=4)
    last_code = claims.last_code_cells(notebook)
    code = [cell.id for cell in notebook.cells if cell.cell_type == "code"]
    expected = []
    for number, id in enumerate(code):
        expected.append(f"Cell {number}")
        expected += [claim.name for claim in claims.claims_of(path) if last_code[claim.cell] == id]
    assert items == expected
