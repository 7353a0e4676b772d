"""The command: see ``python -m workshop.edition --help``."""

import argparse
import sys
from pathlib import Path

from workshop.edition import LOCALE, english_lessons, lints
from workshop.edition.catalogue import load, save, translations, updated
from workshop.edition.lesson import all_texts, read
from workshop.edition.lists import Sorted


def update(language):
    """Bring the catalogues in step with the English notebooks."""
    folder = LOCALE / language
    lists = Sorted(folder)
    known = {}
    for path in sorted(folder.glob("*.po")):
        known |= translations(load(path))
    for path in english_lessons():
        place = folder / f"{path.stem}.po"
        catalogue = updated(load(place), all_texts(read(path), path.stem[:2], lists), language, known)
        save(catalogue, place)
        print(f"{place.name}: {len(catalogue)} texts, {catalogue.percent_translated()} % translated")


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
        sys.exit(not check(options.check or sorted((LOCALE / options.language).glob("*.po"))))


if __name__ == "__main__":
    main()
