"""What the lessons say, and what shows it. Claims run between the cells of a notebook, in its kernel, with nbval.

A claim is a function in `lesson_1.py` to `lesson_9.py`. It is tied to a cell by the cell's id, quotes what that cell
says, and takes the variables of the notebook that it needs by their names:

    @after("one-neuron", "1.25")
    def the_weighted_sum_is_one_and_a_quarter(z):
        assert z == 1.25

It runs as soon as the code up to that cell has run. So a reader's cell needs no `assert` and may be changed, and every
number in the text is still proved. A claim leaves the notebook's variables as they are.

What no cell computes is given: a date, a published accuracy. ``GIVEN`` in the lesson's module names its source.
"""

import inspect
import re
from collections import defaultdict, namedtuple
from importlib import import_module
from importlib.util import find_spec

import nbformat

Claim = namedtuple("Claim", "name cell says check")


def after(cell, *says):
    """Make a claim of a function: it holds once the cell with this id has run, and the cell says these words."""

    def claim(function):
        found = function.__globals__.setdefault("CLAIMS", [])
        found.append(Claim(function.__name__, cell, says, function))
        return function

    return claim


def module_of(path):
    """The name of the module with the claims of a notebook, or None if it has none."""
    name = f"{__name__}.lesson_{int(path.name[:2])}" if re.match(r"\d\d_", path.name) else ""
    return name if name and find_spec(name) else None


def claims_of(path):
    """The claims about a notebook, in the order in which they were written."""
    name = module_of(path)
    return import_module(name).CLAIMS if name else []


def check(module, name, variables):
    """Check one claim in the notebook's kernel."""
    claim = next(claim for claim in import_module(module).CLAIMS if claim.name == name)
    needed = inspect.signature(claim.check).parameters
    missing = [of for of in needed if of not in variables]
    assert not missing, f"the notebook has no {', '.join(missing)} after the cell {claim.cell!r}"
    claim.check(**{of: variables[of] for of in needed})


def last_code_cells(notebook):
    """For the id of each cell: the id of the last code cell up to it, None if there is none."""
    found, last = {}, None
    for cell in notebook.cells:
        last = cell.id if cell.cell_type == "code" else last
        found[cell.id] = last
    return found


def pytest_collection_modifyitems(items):
    """Put the claims between the cells that nbval runs. `pyproject.toml` makes this module a plugin of pytest."""
    items[:] = between_cells(items)


def between_cells(items):
    """The items of a run of nbval, and the claims in their places."""
    from nbval.plugin import IPyNbCell

    places = {}  # of the claims of a notebook: {id of a code cell: [claim]}
    for item in items:
        yield item
        if not isinstance(item, IPyNbCell):
            continue
        file = item.parent
        if file.path not in places:
            places[file.path] = places_of(claims_of(file.path), last_code_cells(file.nb))
        for claim in places[file.path].get(item.cell.id, ()):
            called = f"check({module_of(file.path)!r}, {claim.name!r}, globals())"
            source = f"from tests import claims as _; _.{called}; del _"
            cell = nbformat.v4.new_code_cell(source)
            yield IPyNbCell.from_parent(
                file, name=claim.name, cell_num=item.cell_num, cell=cell, options=defaultdict(bool)
            )


def places_of(claims, last_code):
    """The claims by the id of the code cell after which they run."""
    places = {}
    for claim in claims:
        places.setdefault(last_code.get(claim.cell), []).append(claim)
    return places
