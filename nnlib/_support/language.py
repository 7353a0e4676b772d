"""The language in which nnlib speaks to a reader: English, or that of a catalogue in ``data/language/``.

Whatever prints a sentence gives it to `say` as a template, and what holds sentences as data marks them with `later`. A
text that the catalogue lacks is said in English. Error messages stay in English: they name Python's things, and a
search finds them. The catalogues are made from ``locale/`` by ``python -m workshop.edition``.
"""

import json
from dataclasses import replace

from nnlib._support.download import DATA

FOLDER = DATA / "language"
TAGS = {"zh": "zh-Hans"}  # what HTML's ``lang`` says, where it is not the code
FONTS = {"zh": ("Noto Sans SC", "NotoSansSC.otf")}  # of figures; a glyph is looked for in DejaVu Sans first
_texts = {}  # from the English to the reader's language
_chosen = "en"


def language(code):
    """Speak to the reader in another language: in answers to exercises, labels of figures, on the pad and beside it.

    Parameters
    ----------
    code : str
        "zh" for Simplified Chinese, "en" for English.
    """
    global _chosen
    codes = ["en", *sorted(path.stem for path in FOLDER.glob("*.json"))]
    if code not in codes:
        raise ValueError(f"code must be one of {', '.join(map(repr, codes))}; got {code!r}.")
    texts = {} if code == "en" else json.loads((FOLDER / f"{code}.json").read_text(encoding="utf-8"))
    _texts.clear()
    _texts.update(texts)
    _chosen = code


def chosen():
    """The code of the language that `language` set, "en" at first."""
    return _chosen


def tag():
    """The chosen language as HTML's ``lang`` says it, "en" at first."""
    return TAGS.get(_chosen, _chosen)


def say(text, /, **values):
    """A text in the reader's language, with the values in the places of their names, as ``str.format`` puts them."""
    text = _texts.get(text, text)
    return text.format(**values) if values else text


def later(text):
    """Mark a text that stands among data: it is the same text, and whoever shows it gives it to `say`."""
    return text


class Said:
    """A text that is an attribute of a class: whoever reads it, reads it in the reader's language."""

    def __init__(self, text):
        self.text = text

    def __get__(self, instance, owner):
        return say(self.text)


def fonts():
    """The fonts of figures in the chosen language; none if those of the style are enough, as for English."""
    if _chosen not in FONTS:
        return []
    from matplotlib import font_manager  # only here: whoever draws nothing does without it

    name, file = FONTS[_chosen]
    if name not in font_manager.fontManager.get_font_names():
        font_manager.fontManager.addfont(FOLDER / file)
        regular = font_manager.fontManager.ttflist[-1]
        font_manager.fontManager.ttflist.append(replace(regular, weight=700))  # there is no bold one: let it pass
    return ["DejaVu Sans", name]
