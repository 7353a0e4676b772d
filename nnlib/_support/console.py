"""Text for a console that may lack σ, − or ✓, like one of Windows whose output goes to a file. Lesson 1's exercises."""

import sys
import textwrap

PLAIN = {
    "−": "-", "→": "->", "←": "<-", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "·": "*", "–": "-", "…": "...",
    "¼": "1/4", "½": "1/2", "²": "^2", "⁴": "^4", "√": "sqrt ", "∞": "infinity", "′": "'", "σ": "sigma", "θ": "theta",
    "η": "eta", "∂": "d", "①": "(1)", "④": "(4)", "⑤": "(5)", "✓": "x", "○": "o", "“": '"', "”": '"', "’": "'",
}  # fmt: skip


def printable(text):
    """Write the characters that the console lacks in its own: "σ(z)" becomes "sigma(z)" where there is no σ."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return "".join(_spelt(c, encoding) for c in text)


def wrapped(text, width=122):
    """Break lines that are too long for a notebook's output between words; JupyterLab would break them inside words."""
    lines = [line if len(line) <= width else textwrap.fill(line, width, **_BETWEEN_WORDS) for line in text.split("\n")]
    return "\n".join(lines)


_BETWEEN_WORDS = {"break_long_words": False, "break_on_hyphens": False}


def _spelt(character, encoding):
    try:
        character.encode(encoding)
        return character
    except UnicodeEncodeError:
        return PLAIN.get(character, "?")
