"""The pages of Markdown: those for teachers, and the site's own. A page is cut and built like a cell of a notebook.

    teaching/lesson_1.md       with locale/zh/teaching.po  makes  teaching/zh/lesson_1.md
    workshop/site/text/run.md  with locale/zh/site.po      makes  workshop/site/text/zh/run.md

Links lead to the Chinese edition of what they lead to, where there is one.
"""

import os
import re

from workshop import ROOT
from workshop.edition import LOCALE, build, english_lessons, figures, lesson, parity
from workshop.edition.catalogue import load, translations
from workshop.edition.lists import Sorted
from workshop.edition.prose import PARSER

FOLDERS = {"teaching": ROOT / "teaching", "site": ROOT / "workshop" / "site" / "text"}  # by the catalogue's name
READMES = {"zh": ROOT / "README.zh-CN.md"}
LINK = re.compile(r"(?<=\]\()[^)\s]+(?=\))")
NAMED = re.compile(r"(?<![*\w])\*([^*\n]+)\*(?!\*)")  # in a teacher's page: a heading of the notebook
EXERCISE = re.compile(r"\| (\d\.\d+) \| (.+?) \|")


def english_pages(name):
    """The English pages of a catalogue, in order: the README first, then the lessons, then the others."""
    paths = FOLDERS[name].glob("*.md")
    return sorted(paths, key=lambda path: (path.name != "README.md", not path.stem.startswith("lesson"), path.stem))


def edition_of(path, language):
    """The edition of a file of the project in this language; the file itself if it has none."""
    if path.parent in FOLDERS.values() and path.suffix == ".md" or path in english_lessons():
        return path.parent / language / path.name
    return READMES[language] if path == ROOT / "README.md" else path


def cell_of(path):
    """A page as a cell of Markdown, with the names of its figures in their places; and the figures."""
    source, known = figures.named(path.read_text(encoding="utf-8"))
    return {"id": path.stem, "cell_type": "markdown", "source": source}, known


def all_texts(name, lists):
    """The texts of a catalogue's pages, each once."""
    return lesson.all_texts({"cells": [cell_of(path)[0] for path in english_pages(name)]}, "", lists)


def translated(path, language):
    """A page in another language, with the links of the English one."""
    folder = LOCALE / language
    [name] = [name for name, of in FOLDERS.items() if of == path.parent]
    cell, known = cell_of(path)
    source = build.translated(cell, "", translations(load(folder / f"{name}.po")), Sorted(folder))
    return figures.placed(source, known)


def built(path, language):
    """A page in another language, with links to what there is in that language."""
    place = edition_of(path, language)

    def link(match):
        file, _, anchor = match[0].partition("#")
        if re.match(r"[a-z]+:", match[0]):
            return match[0]
        target = (path.parent / file).resolve() if file else path
        if anchor and target.parent in FOLDERS.values():
            before, after = (slugs(text) for text in (target.read_text(encoding="utf-8"), translated(target, language)))
            anchor = after[before.index(anchor)]
        address = os.path.relpath(edition_of(target, language), place.parent).replace(os.sep, "/") if file else ""
        return f"{address}{'#' * bool(anchor)}{anchor}"

    return LINK.sub(link, translated(path, language))


def slugs(source):
    """The anchors of a page's headings, as GitHub and MyST make them."""
    heads = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", source, flags=re.S), flags=re.M)
    return [re.sub(r"[^\w -]", "", head.strip().lower()).replace(" ", "-") for head in heads]


def write(language):
    """Build all pages."""
    for name in FOLDERS:
        for path in english_pages(name):
            place = edition_of(path, language)
            place.parent.mkdir(exist_ok=True)
            place.write_text(built(path, language), encoding="utf-8")


def differences(path, language):
    """Where the committed page is not what is built, or differs from the English one in more than texts."""
    place = edition_of(path, language)
    source = place.read_text(encoding="utf-8") if place.exists() else ""
    if source != built(path, language):
        yield f"{place.relative_to(ROOT)} is not what is built: python -m workshop.edition {language} --write"
    if blocks(path.read_text(encoding="utf-8"), language) != blocks(source, language):
        yield f"{place.relative_to(ROOT)} has other blocks, or other code"


def blocks(source, language):
    """A page's blocks and what is code in them, without its texts."""
    found = []
    for token in PARSER.parse(figures.named(source)[0]):
        found.append((token.type, token.tag, token.info))
        if token.type == "fence":
            cell = {"id": "", "cell_type": "code", "source": token.content}
            python = token.info == "python"
            found.append(parity.masks(cell, cell, "", Sorted(LOCALE / language))[0] if python else token.content)
    return found


def headings(language):
    """``{English: translation}`` of the lessons' headings."""
    found = {}
    for path in english_lessons():
        for entry in load(LOCALE / language / f"{path.stem}.po"):
            if "] heading" in entry.comment and entry.msgstr and not entry.fuzzy:
                found[entry.msgid] = entry.msgstr
    return found


def complaints(entry, known):
    """What a teacher's page calls otherwise than the notebook does: headings in italics, and titles of exercises."""
    if not entry.msgstr or entry.fuzzy:
        return
    for name in NAMED.findall(entry.msgid):
        if name in known and f"*{known[name]}*" not in entry.msgstr:
            yield f"names: *{name}* is *{known[name]}* in the notebook"
    if match := EXERCISE.match(entry.msgid):
        title = known.get(f"{match[1]} · {match[2]}")
        if title and not entry.msgstr.startswith(f"| {title.replace(' · ', ' | ', 1)} |"):
            yield f"names: the exercise is {title} in the notebook"
