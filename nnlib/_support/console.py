"""Text for a console that may lack σ, − or ✓, like one of Windows whose output goes to a file. Lesson 1's exercises."""

import re
import sys
import textwrap
from unicodedata import east_asian_width

PLAIN = {
    "−": "-", "→": "->", "←": "<-", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "·": "*", "–": "-", "…": "...",
    "¼": "1/4", "½": "1/2", "²": "^2", "⁴": "^4", "√": "sqrt ", "∞": "infinity", "′": "'", "σ": "sigma", "θ": "theta",
    "η": "eta", "∂": "d", "①": "(1)", "④": "(4)", "⑤": "(5)", "✓": "x", "○": "o", "“": '"', "”": '"', "’": "'",
}  # fmt: skip


def printable(text):
    """Write the characters that the console lacks in its own: "σ(z)" becomes "sigma(z)" where there is no σ."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return "".join(_spelt(c, encoding) for c in text)


def columns(text):
    """How wide a text is in letters of one width: a Chinese character takes two columns."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def wrapped(text, width=122):
    """Break lines that are too long for a notebook's output; JupyterLab would break them inside words."""
    return "\n".join(line if columns(line) <= width else _filled(line, width) for line in text.split("\n"))


_BETWEEN_WORDS = {"break_long_words": False, "break_on_hyphens": False}
# What stays on one line: a word, or a Chinese character, with the marks that open before it and close after it.
_OPENING, _CLOSING, _WIDE = "（“《", "，。；：！？、）”》…—", "\u2e80-\u9fff\uff00-\uffef"
_PIECE = re.compile(rf"[{_OPENING}]*(?:[^\s{_OPENING}{_CLOSING}{_WIDE}]+|[^\s{_OPENING}{_CLOSING}])?[{_CLOSING}]*\s*")


def _filled(line, width):
    """A line in several: broken between words, and between Chinese characters, which have no spaces."""
    if columns(line) == len(line):
        return textwrap.fill(line, width, **_BETWEEN_WORDS)
    lines = [""]
    for piece in filter(None, _PIECE.findall(line)):
        if columns(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return "\n".join(map(str.rstrip, lines))


def _spelt(character, encoding):
    try:
        character.encode(encoding)
        return character
    except UnicodeEncodeError:
        return PLAIN.get(character, "?")
