"""A notebook of the edition: the English one, with the translations in the places of its texts."""

import ast
import copy
import re

from workshop.edition import fstrings, lesson
from workshop.edition.unit import CODE_KINDS, replace

BESIDE = re.compile(r"\]\((images/[^)]+)\)")  # what stands beside the English notebooks, one folder up


def notebook(english, number, translations, lists, language):
    """The notebook of a lesson (``"05"``) in another language, without outputs."""
    built = copy.deepcopy(english)
    speaks = False
    for cell in built["cells"]:
        source = translated(cell, number, translations, lists)
        if cell["cell_type"] == "code":
            if not speaks and "import nnlib\n" in source + "\n":
                source, speaks = with_language(source, language), True
            cell.update(outputs=[], execution_count=None)
        else:
            source = BESIDE.sub(r"](../\1)", source)
        cell["source"] = source.splitlines(keepends=True)
    return built


def translated(cell, number, translations, lists):
    """The source of a cell with its texts translated; a text without a translation stays English."""

    def translation(unit):
        if unit.kind not in CODE_KINDS:
            return translations.get(unit.text)
        text = unit.text
        if not lists.stays(text, unit.key, number, cell["id"]):
            text = translations.get(text, text)
        words = {
            word: translations[word]
            for word, key in unit.inside
            if word in translations and not lists.stays(word, key, number, cell["id"])
        }
        if words:
            text = "".join(with_words(part, words) if hole else part for hole, part in fstrings.parts(text))
        return text if text != unit.text else None

    return replace(lesson.source_of(cell), lesson.units_of(cell), translation)


def with_words(placeholder, words):
    """A placeholder with the strings in it translated."""
    return fstrings.STRING.sub(
        lambda string: string[0][0] + words.get(string[0][1:-1], string[0][1:-1]) + string[0][-1], placeholder
    )


def with_language(source, language):
    """The cell that imports nnlib, with the line that says in which language it speaks after the imports."""
    body = ast.parse(source).body
    imports = [node for node in body if isinstance(node, (ast.Import, ast.ImportFrom))]
    lines = source.split("\n")
    last = imports[-1].end_lineno
    rest = [line for line in lines[last:] if line] and lines[last + (lines[last] == "") :]
    return "\n".join([*lines[:last], "", f'nnlib.language("{language}")', *rest])
