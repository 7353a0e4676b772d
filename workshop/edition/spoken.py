"""What nnlib says to a reader: the texts of ``say``, ``later`` and ``Said``, and what exercises and recipes hold."""

import ast
import re

from nnlib import recipes
from nnlib.check import exercises
from workshop import ROOT
from workshop.edition import LOCALE
from workshop.edition.catalogue import load, translations
from workshop.edition.lesson import Text

OWN = ("pad", "play")  # rooms of nnlib whose texts have a catalogue of their own; the others' are in that of nnlib
LIVE = ROOT / "workshop" / "site" / "live"  # the things to play with, on a page without Python
CALLS = ("say", "later", "Said")
IN_SCRIPT = re.compile(r"\bsay\(\s*(\"(?:[^\"\\]|\\.)*\")")  # JavaScript
PLACEHOLDER = re.compile(r"\{\w+(?:![rsa])?(?::[^{}]*)?\}")


def all_texts():
    """The texts of nnlib, each once: module by module, then what is data."""
    found = {}

    def add(text, place, kind):
        places = found.setdefault(text, Text(text, [])).places
        if (place, kind) not in places:
            places.append((place, kind))

    for path in sorted((ROOT / "nnlib").rglob("*.py")):
        for text in said_in(path.read_text(encoding="utf-8")):
            add(text, path.relative_to(ROOT).as_posix(), "f-string" if PLACEHOLDER.search(text) else "string")
    for path in [*sorted((ROOT / "nnlib").rglob("*.js")), *sorted(LIVE.glob("*.js"))]:
        for literal in IN_SCRIPT.findall(path.read_text(encoding="utf-8")):
            text = ast.literal_eval(literal)
            add(text, path.relative_to(ROOT).as_posix(), "f-string" if PLACEHOLDER.search(text) else "string")
    for name, item in exercises.every().items():
        add(item.title, f"exercise {name}", "heading")
        for hint in item.hints:
            add(hint, f"exercise {name}", "paragraph")
        for _, message in getattr(item, "mistakes", ()):
            add(message, f"exercise {name}", "string")
        for _, where in getattr(item, "extreme", ()):
            add(where, f"exercise {name}", "string")
        for _, sentence, _ in getattr(item, "second", ()):
            add(sentence, f"exercise {name}", "string")
    for recipe, _ in recipes.ABLATION:
        add(recipe.name, "nnlib/recipes.py", "string")
    return list(found.values())


def catalogues():
    """The same texts by the name of the catalogue that has them; what two rooms say stands in both."""
    found = {name: [] for name in ("nnlib", *OWN)}
    for text in all_texts():
        for name, texts in found.items():
            if places := [(place, kind) for place, kind in text.places if catalogue_of(place) == name]:
                texts.append(Text(text.text, places))
    return found


def translated(language):
    """``{English: translation}`` of all these catalogues."""
    found = {}
    for name in ("nnlib", *OWN):
        found |= translations(load(LOCALE / language / f"{name}.po"))
    return found


def catalogue_of(place):
    """The catalogue of a place, like ``nnlib/pad/sheet.py``."""
    room = "play" if place.startswith("workshop/site/live/") else place.removeprefix("nnlib/").split("/")[0]
    return room if room in OWN else "nnlib"


def said_in(source):
    """The texts in the calls of a Python file, in order."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        first = call.args[0] if call.args else None
        if isinstance(call.func, ast.Name) and call.func.id in CALLS and isinstance(first, ast.Constant):
            yield first.value
