"""A lesson as a reader's texts: the units of all its cells that are to be translated, in order."""

import json
from dataclasses import dataclass

from workshop.edition import fstrings, prose, texts
from workshop.edition.unit import CODE_KINDS, WORD


@dataclass
class Text:
    """An English text, and where it stands: ``places`` are pairs of a cell's id and a kind."""

    text: str
    places: list


def read(path):
    """The notebook of a path."""
    return json.loads(path.read_text(encoding="utf-8"))


def source_of(cell):
    """The source of a cell as one text."""
    return "".join(cell["source"])


def units_of(cell):
    """The units of a cell, whichever kind it is of."""
    return (texts if cell["cell_type"] == "code" else prose).units(source_of(cell))


def translatable(unit, lists, lesson, cell):
    """``(text, kind)`` of a unit and of what is inside its placeholders, as far as a reader sees it."""
    outside = unit.kind != "f-string" or WORD.search(fstrings.without_placeholders(unit.text))
    if unit.kind not in CODE_KINDS or (outside and not lists.stays(unit.text, unit.key, lesson, cell)):
        yield unit.text, unit.kind
    for text, key in unit.inside:
        if not lists.stays(text, key, lesson, cell):
            yield text, "string in a placeholder"


def all_texts(notebook, lesson, lists):
    """The texts of a lesson (``"05"``), each once, in the order of the notebook."""
    found = {}
    for cell in notebook["cells"]:
        for unit in units_of(cell):
            for text, kind in translatable(unit, lists, lesson, cell["id"]):
                places = found.setdefault(text, Text(text, [])).places
                if (cell["id"], kind) not in places:
                    places.append((cell["id"], kind))
    return list(found.values())
