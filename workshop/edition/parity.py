"""The proof that the editions differ in texts alone: the sources of the cells, and what they put out when they run."""

import json
import re
from collections import Counter

from workshop.edition import LOCALE, NOTEBOOKS, build, fstrings, lesson
from workshop.edition.catalogue import load, translations
from workshop.edition.lints import NUMBER
from workshop.edition.lists import Sorted
from workshop.edition.numerals import written_out

IGNORED = "nbval-ignore-output"  # a cell whose output differs from run to run, in English, too
PICTURE = re.compile(r"data:[\w/+.-]+;base64,[\w+/=]+")
TEXTS = re.compile(r"<[^>]*\balt=\"([^\"]*)\"[^>]*>|<[^>]+>")  # of HTML: what it says, without its tags


def built(path, language):
    """The notebook that an English one and its catalogue make."""
    folder = LOCALE / language
    known = translations(load(folder / f"{path.stem}.po"))
    return build.notebook(lesson.read(path), path.stem[:2], known, Sorted(folder), language)


def source_differences(path, language):
    """Where the committed notebook is not the one that is built, or its code is not the English code."""
    there = NOTEBOOKS / language / path.name
    if not there.exists():
        yield f"{there.name} is missing"
        return
    english, found, made = lesson.read(path), lesson.read(there), built(path, language)
    if [cell["id"] for cell in found["cells"]] != [cell["id"] for cell in made["cells"]]:
        yield "other cells"
        return
    lists = Sorted(LOCALE / language)
    for of, cell, master in zip(found["cells"], made["cells"], english["cells"], strict=True):
        if any(of[part] != cell[part] for part in ("cell_type", "metadata", "source")):
            yield f"{of['id']} is not what is built"
        if of.get("attachments") != master.get("attachments"):
            yield f"{of['id']} has other attachments"
        if of["cell_type"] == "code":
            yield from code_differences(master, of, path.stem[:2], lists, language)


def code_differences(english, found, number, lists, language):
    """Whether two code cells are the same where no text is for a reader."""
    source = lesson.source_of(found).replace(f'\nnnlib.language("{language}")\n', "\n")
    source = source.removesuffix(f'\nnnlib.language("{language}")')
    found = {**found, "source": source}
    if len(lesson.units_of(english)) != len(lesson.units_of(found)):
        yield f"{found['id']} has more texts, or fewer"
        return
    masked = [[line for line in text.split("\n") if line] for text in masks(english, found, number, lists)]
    if masked[0] != masked[1]:
        yield f"{found['id']} has other code"


def masks(english, found, number, lists):
    """The sources of two cells with the texts for readers left out; the placeholders of templates stay."""
    texts = [lesson.source_of(english), lesson.source_of(found)]
    pairs = list(zip(lesson.units_of(english), lesson.units_of(found), strict=True))
    for of, there in reversed(pairs):
        for_readers = bool(list(lesson.translatable(of, lists, number, english["id"])))
        if for_readers:
            texts[0] = texts[0][: of.start] + mask(of) + texts[0][of.end :]
            texts[1] = texts[1][: there.start] + mask(there) + texts[1][there.end :]
    return texts


def mask(unit):
    """What is left of a text: its kind, and the placeholders without the words in them."""
    holes = fstrings.placeholders(unit.text) if unit.kind == "f-string" else []
    return f"«{unit.kind} {sorted(fstrings.STRING.sub('', hole) for hole in holes)}»"


def output_differences(path, language):
    """Where the outputs of the committed notebook differ from the English ones in more than words."""
    english, found = lesson.read(path), lesson.read(NOTEBOOKS / language / path.name)
    for of, there in zip(english["cells"], found["cells"], strict=True):
        if of["cell_type"] != "code" or IGNORED in of["metadata"].get("tags", []):
            continue
        if shapes(of) != shapes(there):
            yield f"{of['id']} has other outputs: {shapes(of)}, {shapes(there)}"
            continue
        before, after = words(of), words(there)
        numbers, those = Counter(NUMBER.findall(before)), Counter(NUMBER.findall(after))
        more = [number for number in those - numbers if number not in written_out(before)]
        if numbers - those or more:
            yield f"{of['id']} has other numbers: {dict(numbers - those)}, {more}"


def shapes(cell):
    """The kinds of a cell's outputs."""
    return [(output["output_type"], sorted(output.get("data", {}))) for output in cell["outputs"]]


def words(cell):
    """All that a cell's outputs say, without pictures and tags."""
    said = []
    for output in cell["outputs"]:
        data = output.get("data", {"text/plain": output.get("text", output.get("evalue", ""))})
        text = data.get("text/html") or data.get("text/plain") or json.dumps(data)
        said.append(TEXTS.sub(lambda tag: tag[1] or " ", PICTURE.sub("", "".join(text))))
    return "\n".join(said)
