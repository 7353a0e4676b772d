"""A language in which each text stands between « and »: whatever else has letters was said past the language."""

import re

from workshop.edition import fstrings

# Names of the formulas, of Python and of activations, which are the same in every language.
NAMES = set(
    "X Y L x w z a b h f T x1 x2 w1 w2 W1 W2 b1 b2 z1 z2 a1 a2 lr float32 float64 sigmoid tanh ReLU XOR".split()
)
NAMES |= {f"d{name}" for name in ("W1", "W2", "b1", "b2", "z1", "z2", "a1", "a2")} | {"d", "FloatingPointError", "nan"}
MARKED = re.compile(
    r"«[^»]*(?:»|$)|^[^«»]*»|\{\w+\}"
)  # one may go on in the next line; and a place that a script fills
LATIN = re.compile(r"(?<!\w)[A-Za-z][A-Za-z0-9]*")


class Marked(dict):
    """From any English text to the marked one; what is put into its places is not marked."""

    def get(self, text, default=None):
        return marked(text)


def marked(text):
    """A text with marks around it, and none around its places for values."""
    return "".join(part if hole else f"«{part}»" for hole, part in fstrings.parts(text) if part)


def english_in(texts):
    """Those of the texts that have a word between no marks."""
    return [text for text in texts if set(LATIN.findall(MARKED.sub(" ", text))) - NAMES]


def unsaid(english, texts):
    """Those of the English texts that are not among the marked ones, with any values in their places."""
    return [text for text in english if not any(map(re.compile(_pattern(text)).search, set(texts)))]


def _pattern(text):
    parts = fstrings.parts(text)
    return "".join(".*?" if hole else re.escape(f"«{part}»") for hole, part in parts if part)
