r"""The lists beside the catalogues: texts that stay (``keep.txt``), keys that a reader sees (``keys.txt``).

A text a line; ``\n`` is the end of a line inside it. What stands under ``[05]`` is for lesson 5, under ``[05/setup]``
for one of its cells; what stands before the first such line is for all. ``#`` and a space begin a comment.
"""

import re
from functools import cache

SECTION = re.compile(r"\[(\d\d(?:/[\w-]+)?)\]")


class Sorted:
    """The two lists of a language."""

    def __init__(self, folder):
        self.keep = read(folder / "keep.txt")
        self.seen = read(folder / "keys.txt")

    def stays(self, text, key, lesson, cell):
        """Whether a text of the code stays as it is."""
        listed = self.seen if key else self.keep
        found = any((place, text) in listed for place in ("", lesson, f"{lesson}/{cell}"))
        return found != key


@cache
def read(path):
    """``{(section, text)}`` of a list; the section is ``""`` for what is for all."""
    found, section = set(), ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if match := SECTION.fullmatch(line):
            section = match[1]
        elif line.strip() and not line.startswith("# "):
            found.add((section, line.replace("\\n", "\n")))
    return found
