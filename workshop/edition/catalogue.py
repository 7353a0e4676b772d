"""The catalogues: an entry for each English text, in the order of the notebook. Gettext's format, by polib."""

import re
from difflib import SequenceMatcher

import polib

ALIKE = 0.6  # how much of a text must be left for its translation to be offered again
ALLOWED = re.compile(r"allow: ([\w, ]+)")  # what a translator says to the checks, as in "# allow: numbers, glossary"


def load(path):
    """The catalogue of a path; an empty one if there is none yet."""
    if path.exists():
        return polib.pofile(str(path), wrapwidth=0, encoding="utf-8")
    return polib.POFile(wrapwidth=0, encoding="utf-8")


def translations(catalogue):
    """``{English: translation}`` of what is translated and not in doubt."""
    return {entry.msgid: entry.msgstr for entry in catalogue if entry.msgstr and not entry.fuzzy}


def allowed(entry):
    """The names of the checks that the translator has answered for this entry."""
    return {name.strip() for names in ALLOWED.findall(entry.tcomment) for name in names.split(",")}


def updated(old, found, language, elsewhere=None):
    """A catalogue of the texts that were found, with the translations that the old one has for them.

    What the old one has not is taken from ``elsewhere`` (``{English: translation}`` of other catalogues), or else from
    an entry that has no text any more and is much like it: then it is in doubt (fuzzy), and says what the text was.
    """
    catalogue = polib.POFile(wrapwidth=0, encoding="utf-8")
    catalogue.metadata = {"Language": language, "Content-Type": "text/plain; charset=UTF-8"}
    known = {entry.msgid: entry for entry in old}
    texts = {text.text for text in found}
    orphans = [entry for entry in old if entry.msgid not in texts and entry.msgstr]
    for text in found:
        entry = polib.POEntry(msgid=text.text, comment="\n".join(f"[{cell}] {kind}" for cell, kind in text.places))
        if before := known.get(text.text):
            entry.msgstr, entry.tcomment, entry.flags = before.msgstr, before.tcomment, before.flags
            entry.previous_msgid = before.previous_msgid if before.fuzzy else None
        elif elsewhere and text.text in elsewhere:
            entry.msgstr = elsewhere[text.text]
        elif before := most_alike(text.text, orphans):
            orphans.remove(before)
            entry.msgstr, entry.tcomment, entry.flags = before.msgstr, before.tcomment, ["fuzzy"]
            entry.previous_msgid = before.msgid
        catalogue.append(entry)
    return catalogue


def most_alike(text, entries):
    """The entry whose English is most like the text, or None if none is much like it."""
    rated = [(SequenceMatcher(None, text, entry.msgid, autojunk=False).ratio(), i) for i, entry in enumerate(entries)]
    ratio, best = max(rated, default=(0, 0))
    return entries[best] if ratio >= ALIKE else None


def save(catalogue, path):
    """Write a catalogue."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(str(catalogue).rstrip("\n") + "\n", encoding="utf-8")
