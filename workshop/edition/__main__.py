"""The command: see ``python -m workshop.edition --help``."""

import argparse
import json
import sys
import tempfile
from pathlib import Path

import nbformat

from nnlib._support.language import FOLDER as SPOKEN
from workshop.edition import LOCALE, NOTEBOOKS, english_lessons, lints, parity, spoken
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
    for name, texts in (found | spoken.catalogues()).items():
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
    """Build notebooks, run them, and store them with their outputs."""
    speak(language)
    folder = NOTEBOOKS / language
    folder.mkdir(exist_ok=True)
    for path in english_lessons():
        if not lessons or path.name.startswith(tuple(lessons)):
            place = folder / path.name
            notebook = nbformat.from_dict(parity.built(path, language))
            nbformat.write(notebook, place)
            with tempfile.TemporaryDirectory() as empty:  # as for a reader who begins here, without files of their own
                print(f"{language}/{path.name}: {run(place, write=True, folder=empty):.0f} s")


def check_all(language):
    """Check everything: the catalogues, the notebooks, and what nnlib has."""
    well = check(sorted((LOCALE / language).glob("*.po")))
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
        for entry in catalogue:
            for complaint in lints.complaints(entry, lints.glossary(path.parent)):
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
    what.add_argument("--write", nargs="*", metavar="LESSON", help="build and run these lessons, like 01, or all")
    options = parser.parse_args()
    if options.update:
        update(options.language)
    elif options.check is not None:
        sys.exit(not (check(options.check) if options.check else check_all(options.language)))
    else:
        write(options.language, options.write)


if __name__ == "__main__":
    main()
