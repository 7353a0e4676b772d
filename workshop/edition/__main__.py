"""The command: see ``python -m workshop.edition --help``."""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

import nbformat

from nnlib._support.language import FOLDER as SPOKEN
from workshop.edition import LOCALE, NOTEBOOKS, english_lessons, lints, pages, parity, spoken
from workshop.edition.catalogue import load, save, translations, updated
from workshop.edition.lesson import all_texts, read
from workshop.edition.lists import Sorted
from workshop.run_notebooks import run


def update(language):
    """Bring the catalogues in step with the English notebooks."""
    folder = LOCALE / language
    lists = Sorted(folder)
    known = {}
    for path in sorted(folder.glob("*.po")):
        known |= translations(load(path))
    found = {path.stem: all_texts(read(path), path.stem[:2], lists) for path in english_lessons()}
    found |= spoken.catalogues() | {name: pages.all_texts(name, lists) for name in pages.FOLDERS}
    for name, texts in found.items():
        place = folder / f"{name}.po"
        catalogue = updated(load(place), texts, language, known)
        save(catalogue, place)
        print(f"{place.name}: {len(catalogue)} texts, {catalogue.percent_translated()} % translated")
    speak(language)


def speak(language):
    """Give nnlib its catalogues, as JSON among the data."""
    SPOKEN.mkdir(exist_ok=True)
    content = json.dumps(spoken.translated(language), ensure_ascii=False, indent=0)
    (SPOKEN / f"{language}.json").write_text(content + "\n", encoding="utf-8")


def write(language, lessons):
    """Build the pages; build notebooks, run them, and store them with their outputs."""
    speak(language)
    pages.write(language)
    folder = NOTEBOOKS / language
    folder.mkdir(exist_ok=True)
    for path in english_lessons():
        if not lessons or path.name.startswith(tuple(lessons)):
            with tempfile.TemporaryDirectory() as empty:  # as for a reader who begins here, without files of their own
                running = Path(empty) / path.name
                nbformat.write(nbformat.from_dict(parity.built(path, language)), running)
                print(f"{language}/{path.name}: {run(running, write=True):.0f} s")
                shutil.copyfile(running, folder / path.name)


def reword(language, lessons):
    """Build the pages, and notebooks again that keep their outputs, where no code cell has changed."""
    speak(language)
    pages.write(language)
    for path in english_lessons():
        place = NOTEBOOKS / language / path.name
        if lessons and not path.name.startswith(tuple(lessons)):
            continue
        stored = {cell["id"]: cell for cell in read(place)["cells"]}
        notebook = parity.built(path, language)
        changed = []
        for cell in notebook["cells"]:
            before = stored.get(cell["id"])
            if cell["cell_type"] == "code" and (before is None or before["source"] != cell["source"]):
                changed.append(cell["id"])
            elif cell["cell_type"] == "code":
                cell.update(outputs=before["outputs"], execution_count=before["execution_count"])
        if changed:
            print(f"{place.name} stays as it is: {', '.join(changed)} changed. --write runs it.")
        else:
            nbformat.write(nbformat.from_dict(notebook), place)
            print(f"{place.name}: built, with the outputs that it had")


def check_all(language):
    """Check everything: the catalogues, the notebooks, the pages, and what nnlib has."""
    well = check(sorted((LOCALE / language).glob("*.po")))
    for path in (path for name in pages.FOLDERS for path in pages.english_pages(name)):
        for difference in pages.differences(path, language):
            well = False
            print(difference)
    for path in english_lessons():
        for differences in (parity.source_differences, parity.output_differences):
            for difference in differences(path, language):
                well = False
                print(f"{path.name}: {difference}")
    return well


def check(paths):
    """Say what is wrong with the entries of catalogues; whether all is well."""
    wrong = 0
    for path in paths:
        catalogue = load(path)
        names = pages.headings(path.parent.name) if path.stem in pages.FOLDERS else {}
        for entry in catalogue:
            for complaint in [*lints.complaints(entry, lints.glossary(path.parent)), *pages.complaints(entry, names)]:
                wrong += 1
                print(f"{path.name}:{entry.linenum}: {complaint}")
                print(f"    {entry.msgid[:100]!r}\n    {entry.msgstr[:100]!r}")
        missing = [entry for entry in catalogue if not entry.msgstr]
        fuzzy = [entry for entry in catalogue if entry.fuzzy]
        print(f"{path.name}: {len(catalogue)} texts, {len(missing)} missing, {len(fuzzy)} in doubt")
    print(f"{wrong} complaints")
    return wrong == 0


def main():
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m workshop.edition", description=__doc__)
    parser.add_argument("language", help="the folder in locale/, like zh")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--update", action="store_true", help="bring the catalogues in step with the English")
    what.add_argument("--check", nargs="*", type=Path, metavar="PO", help="check these catalogues, or all")
    what.add_argument(
        "--write", nargs="*", metavar="LESSON", help="build and run these lessons, like 01, or all; and all pages"
    )
    what.add_argument(
        "--reword", nargs="*", metavar="LESSON", help="the same where no code has changed, without running"
    )
    options = parser.parse_args()
    if options.update:
        update(options.language)
    elif options.check is not None:
        sys.exit(not (check(options.check) if options.check else check_all(options.language)))
    elif options.reword is not None:
        reword(options.language, options.reword)
    else:
        write(options.language, options.write)


if __name__ == "__main__":
    main()
