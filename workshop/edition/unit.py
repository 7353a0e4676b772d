"""What is translated as one: a text, its kind, and where it stands."""

import re
from dataclasses import dataclass, field

CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
FORMULA = re.compile(r"\$\$.+?\$\$|(?<![\\$])\$[^$]+?\$(?!\$)", re.DOTALL)
CODE_KINDS = ("comment", "docstring", "string", "f-string")
WORD = re.compile(r"[^\W\d_]{2,}|[\u4e00-\u9fff]")  # one Chinese character is a word
WORDS_IN_FORMULA = re.compile(r"\\text\{([^{}]*)\}")


@dataclass
class Unit:
    """A text of a cell, to be replaced from ``start`` to ``end`` (characters of the cell's source)."""

    start: int
    end: int
    text: str
    kind: str
    write: callable = field(repr=False)  # the translated text as it stands in the source
    key: bool = False  # in code: a text that finds something (a key), which stays unless a reader sees it
    inside: tuple = ()  # in an f-string: the texts in its placeholders, each with whether it is a key


def has_words(text):
    """Whether a Markdown text has words outside its formulas and code, or inside a formula's text."""
    inside = " ".join(words for formula in FORMULA.findall(text) for words in WORDS_IN_FORMULA.findall(formula))
    outside = FORMULA.sub(" ", CODE_SPAN.sub(" ", text))
    return bool(WORD.search(outside) or WORD.search(inside))


def replace(source, units, translation):
    """The source with each unit's translation in its place; ``translation(unit)`` is None where there is none."""
    for unit in sorted(units, key=lambda unit: unit.start, reverse=True):
        if (text := translation(unit)) is not None:
            source = source[: unit.start] + unit.write(text) + source[unit.end :]
    return source
