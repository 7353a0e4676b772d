"""The record of solved exercises: a small file in the reader's own folder, and tables made of such files.

For each exercise that was tried it holds the tries, the hints, and when it was solved. The file is written in one step,
and a file that cannot be read is kept aside. Two notebooks may write the same file, so it is read anew each time.
"""

import json
import re
from datetime import datetime
from html import escape
from pathlib import Path

from nnlib._support.console import columns, printable
from nnlib._support.files import replacing
from nnlib._support.language import later, say
from nnlib.check import exercises

FILE = "my_progress.json"  # in the current folder: beside the notebooks
KIND = "nnlib progress 2"
NUMBERED = re.compile(r"nnlib progress (\d+)")
BEFORE = "nnlib progress 1"  # of the series of eight lessons; `_renamed` gives its exercises the names of today
MOVED = {"6.4": "6.3", "6.3": "7.1", "6.5": "7.2"}  # what was lesson 6 has become two
HEAD = (later("lesson"), later("solved"), later("which"), later("begun"), later("still to do"))
_START = {"tries": 0, "hints": 0, "solved": None}


class NewerRecordError(ValueError):
    """A record of a kind that only a newer nnlib can read."""


class Shown:
    """What a cell shows: HTML or Markdown in a notebook, text elsewhere."""

    def __init__(self, text, html=None, markdown=None):
        self.text, self.html, self.markdown = text, html, markdown

    def __repr__(self):
        return printable(self.text)

    def _repr_html_(self):
        return self.html

    def _repr_markdown_(self):
        return self.markdown


# The file


def read(path):
    """The entries of a record: a dictionary from names like "2.1" to tries, hints and solved.

    A record of the series of eight lessons gets the names that its exercises have today; the file stays as it is.

    Raises
    ------
    FileNotFoundError
    NewerRecordError
        The file is of a kind that this nnlib does not know yet; the message names both.
    ValueError
        The file is no record; the message says why.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8-sig"))  # some editors put a BOM first
    except FileNotFoundError:
        raise
    except (OSError, ValueError, RecursionError) as error:
        raise ValueError(say("it cannot be read: {error}", error=error)) from error
    kind = content.get("kind") if isinstance(content, dict) else None
    number = NUMBERED.fullmatch(kind) if isinstance(kind, str) else None
    if number and int(number[1]) > int(NUMBERED.fullmatch(KIND)[1]):
        raise NewerRecordError(say("its kind is {kind!r}, and this nnlib reads up to {own!r}", kind=kind, own=KIND))
    if kind not in (BEFORE, KIND) or not isinstance(content.get("exercises"), dict):
        raise ValueError(say("it is no record of exercises"))
    for name, entry in content["exercises"].items():
        if not _is_entry(entry):
            raise ValueError(say("its entry for {name!r} is damaged", name=name))
    if kind == BEFORE:
        return {_renamed(name): entry for name, entry in content["exercises"].items()}
    return content["exercises"]


def _renamed(name):
    """The name that an exercise of the series of eight lessons has today: lessons 7 and 8 are 8 and 9 now."""
    lesson, _, number = name.partition(".")
    return f"{int(lesson) + 1}.{number}" if lesson in ("7", "8") else MOVED.get(name, name)


def _is_entry(entry):
    if not isinstance(entry, dict) or entry.keys() != _START.keys():
        return False
    counts = all(type(entry[what]) is int and entry[what] >= 0 for what in ("tries", "hints"))
    return counts and isinstance(entry["solved"], (str, type(None)))


def note(name, tried=False, hints=0, solved=False):
    """Write down a try, hints that were opened, or a solution; what was solved before stays as it is.

    Returns
    -------
    text : str
        What the reader should know: that a damaged file was kept aside, or that nothing could be saved. Else empty.
    """
    entries, said = _mine()
    if entries is None:
        return said
    entry = entries.setdefault(str(name), dict(_START))
    if entry["solved"] is None:
        entry["tries"] += tried
        entry["hints"] = max(entry["hints"], hints)
        if solved:
            entry["solved"] = datetime.now().astimezone().isoformat(timespec="seconds")
        try:
            _write(Path(FILE), {"kind": KIND, "exercises": entries})
        except OSError as error:
            said = _join(
                said,
                say(
                    "Your progress could not be saved: {error}. The answer stands all the same.",
                    error=error.strerror or error,
                ),
            )
    return said


def solved():
    """The names of the solved exercises."""
    return {name for name, entry in (_mine()[0] or {}).items() if entry["solved"]}


def remove():
    """Remove the record; return a sentence that says what was removed."""
    path = Path(FILE)
    entries, said = _mine()
    if not entries:
        return _join(
            said, say("Nothing to remove: {folder} has no record of exercises.", folder=path.absolute().parent)
        )
    try:
        path.unlink()
    except OSError as error:
        return say("{path} could not be removed: {error}.", path=path.absolute(), error=error.strerror or error)
    done = _in_order(name for name, entry in entries.items() if entry["solved"])
    tries = sum(entry["tries"] for entry in entries.values())
    which = say(": {names}", names=", ".join(done)) if done else ""
    return say(
        "Removed {path}: {count} solved{which}; tries: {tries}. All hints are closed again.",
        path=path.absolute(),
        count=len(done),
        which=which,
        tries=tries,
    )


def _mine():
    """The reader's own entries, and what there is to say; None for the entries of a damaged file that stays."""
    path = Path(FILE)
    try:
        return read(path), ""
    except FileNotFoundError:
        return {}, ""
    except ValueError as error:
        newer = isinstance(error, NewerRecordError)
        what = (
            say("{file} is of a newer nnlib ({error})", file=FILE, error=error)
            if newer
            else say("{file} is damaged ({error})", file=FILE, error=error)
        )
        aside = _free_name(path, "newer" if newer else "damaged")
        try:
            path.rename(aside)
        except OSError:
            return None, say("Your progress could not be saved: {what}, and could not be put aside.", what=what)
        return {}, say("{what}. It is kept as {aside}, and a new record begins.", what=what, aside=aside)


def _free_name(path, word):
    number = 1
    while (aside := path.with_name(f"{path.stem}.{word}-{number}.json")).exists():
        number += 1
    return aside


def _write(path, content):
    """Write JSON in one step: whatever goes wrong, no half file stands there."""
    with replacing(path) as file:
        file.write(json.dumps(content, indent=1).encode())


def _join(first, second):
    """Two sentences, either of which may be empty; not every language has a space between them."""
    return first + say(" {sentence}", sentence=second) if first and second else first or second


# The tables


def overview():
    """The reader's own record: a row for each lesson."""
    entries, said = _mine()
    entries, names = entries or {}, list(exercises.every())
    done = [name for name in names if entries.get(name, _START)["solved"]]
    rows = []
    for lesson, title in exercises.LESSONS.items():
        mine = [name for name in names if name.startswith(f"{lesson}.")]
        solved = [name for name in mine if name in done]
        tried = [name for name in mine if name in entries and name not in done]
        left = [name for name in mine if name not in entries]
        rows.append(
            [
                f"{lesson} · {say(title)}",
                say("{count} of {of}", count=len(solved), of=len(mine)),
                *(", ".join(part) or "–" for part in (solved, tried, left)),
            ]
        )
    caption = say("Exercises: {count} of {of} solved.", count=len(done), of=len(names))
    return Shown(*_table(caption, [say(word) for word in HEAD], rows, [said] * bool(said)))


# What learning platforms make of a name
MOODLE = re.compile(r"((.+)_\d+)_assignsubmission_file_?")  # a folder: Anna Muster_12345_assignsubmission_file_
CANVAS = re.compile(r"(.+?)(?:_LATE)?_(\d+)_\d+_.+")  # a file: musteranna_LATE_12345_67890_my_progress-1.json
OWN_NAME = re.compile(r"my_progress(-\d+| \(\d+\))?")  # the file as it was, or as a browser numbers it


class Collection:
    """The records of a class: a table of students by exercises.

    Every .json file in the folder and its folders is looked at. Of several records of one student the one with the
    latest solution is shown, and the others are named.

    Parameters
    ----------
    folder : Path

    Attributes
    ----------
    students : dict
        From a student's name, the file's or the folder's, to the entries of the record.
    left_out : dict
        From the path of a file that is not shown to the reason.
    """

    def __init__(self, folder):
        if not folder.is_dir():
            raise FileNotFoundError(
                f"folder must be a folder with the students' files, like anna.json; got {str(folder)!r}."
            )
        self.folder, self.left_out = folder, {}
        found = {}  # from who it is to (the name, [(the latest solution, the path, the entries)])
        for path in sorted(folder.rglob("*.json")):
            inside = path.relative_to(folder)
            if any(part.startswith((".", "__MACOSX")) for part in inside.parts):
                continue
            try:
                entries = read(path)
            except (OSError, ValueError) as error:
                self.left_out[inside.as_posix()] = str(error)
                continue
            who, name = _student(inside)
            latest = max((entry["solved"] or "" for entry in entries.values()), default="")
            found.setdefault(who, (name, []))[1].append((latest, inside.as_posix(), entries))
        names = [name for name, _ in found.values()]
        self.students = {}
        for who, (name, records) in found.items():
            *others, (_, chosen, entries) = sorted(records, key=lambda record: record[:2])
            self.students[name if names.count(name) == 1 else who] = entries
            for _, path, _ in others:
                self.left_out[path] = say("{chosen} is by the same student and has the latest solution", chosen=chosen)

    def _table(self):
        """The table as text and as HTML; the total stands first, where a wide table still shows it."""
        names = list(exercises.every())
        rows = [
            [
                student,
                str(sum(_is_solved(entries, name) for name in names)),
                *(_mark(entries.get(name)) for name in names),
            ]
            for student, entries in self.students.items()
        ]
        solved_by = [sum(_is_solved(entries, name) for entries in self.students.values()) for name in names]
        rows.append([say("solved by"), str(sum(solved_by)), *map(str, solved_by)])
        legend = say("✓2: solved, after two tries. ○2: two tries, not solved yet. +1: with one hint.")
        left_out = [
            say("Left out: {name}: {reason}.", name=name, reason=reason) for name, reason in self.left_out.items()
        ]
        notes = [legend if self.students else self._why_none(), *left_out]
        return _table(
            say("Students: {count}", count=len(self.students)), [say("student"), say("all"), *names], rows, notes
        )

    def _why_none(self):
        """What was looked for, where nothing was found."""
        packed = len(list(self.folder.rglob("*.zip")))
        return say(
            "No records under {folder}: it needs the students' {file}, each under the student's name, "
            "like anna.json, or as Moodle, Canvas and nbgrader store them, in folders or not.",
            folder=self.folder.absolute(),
            file=FILE,
        ) + (say(" Packed files: {packed}. Unpack them first.", packed=packed) if packed else "")

    def __repr__(self):
        return printable(self._table()[0])

    def _repr_html_(self):
        return self._table()[1]


def _student(path):
    """Who handed in a file, told from its path within the folder: what tells students apart, and the name to show."""
    *folders, _ = path.parts
    for folder in folders:
        if match := MOODLE.fullmatch(folder):
            return match[1], match[2]
    if "submitted" in folders[:-1]:  # nbgrader's: submitted/anna/lesson 1
        name = folders[folders.index("submitted") + 1]
    elif match := CANVAS.fullmatch(path.stem):
        return f"{match[1]}_{match[2]}", match[1]
    else:
        name = folders[0] if folders and OWN_NAME.fullmatch(path.stem) else path.stem
    return name, name


def _mark(entry):
    """Like "✓2+1": solved after two tries and one hint."""
    if entry is None:
        return ""
    return f"{'✓' if entry['solved'] else '○'}{entry['tries']}" + (f"+{entry['hints']}" if entry["hints"] else "")


def _is_solved(entries, name):
    return bool(entries.get(name, _START)["solved"])


def _table(caption, head, rows, notes):
    """A table as text and as HTML; the first column names its rows, and notes stand below."""
    widths = [max(map(columns, column)) for column in zip(head, *rows, strict=True)]
    lines = [
        "  ".join(cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [head, *rows]
    ]
    titles = "".join(f'<th scope="col" style="text-align:left">{escape(cell)}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row" style="text-align:left">{escape(row[0])}</th>'
        + "".join(f'<td style="text-align:left">{escape(cell)}</td>' for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    html = (
        f'<table><caption style="text-align:left">{escape(caption)}</caption>'
        f"<thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"
        + "".join(f"<p>{escape(text)}</p>" for text in notes)
    )
    return "\n".join([caption, *lines, *notes]), html


def _in_order(names):
    order = {name: i for i, name in enumerate(exercises.every())}
    return sorted(names, key=lambda name: order.get(name, len(order)))
