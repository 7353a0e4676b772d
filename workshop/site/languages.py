"""The languages of the site: English, and Chinese below ``zh/``, in which each page has the name of the English one.

The site is written in the language that `nnlib.language` has chosen, so nnlib's own sentences on its pages, the pad and
the things to play with are in that language, too. What the site says besides is given to `say`, or to ``_`` in a
template; its translations, and those of Sphinx's and Furo's words, are in ``locale/zh/interface.po``. Scripts give
theirs to ``Documentation.gettext``, Sphinx's function.
"""

import json
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple

import polib

import nnlib
from nnlib._support.language import chosen
from workshop import ROOT

CATALOGUE = ROOT / "locale" / "zh" / "interface.po"


class Edition(NamedTuple):
    """The site in one language.

    Attributes
    ----------
    code : str
        Of `nnlib.language`.
    folder : str
        Of its pages, below the site's.
    lang : str
        What HTML calls the language, and ``book`` what a book does, ``sphinx`` what Sphinx does.
    name : str
        The language's name for itself; ``here`` and ``elsewhere`` say in it where a link to it leads: to this page, or
        to the front page, where this page has no edition in it.
    """

    code: str
    folder: str
    lang: str
    book: str
    sphinx: str
    name: str
    here: str
    elsewhere: str


EDITIONS = {
    edition.code: edition
    for edition in (
        Edition("en", "", "en", "en-GB", "en", "English", "This page in English", "The front page in English"),
        Edition("zh", "zh", "zh-Hans", "zh-Hans", "zh_CN", "中文", "这一页的中文版", "中文版首页"),
    )
}


def edition():
    """The edition that is written."""
    return EDITIONS[chosen()]


def other():
    """The edition in the other language."""
    return next(other for other in EDITIONS.values() if other is not edition())


@contextmanager
def speaking(code):
    """Write the edition with this code; afterwards it is English again."""
    nnlib.language(code)
    try:
        yield
    finally:
        nnlib.language("en")


@cache
def translations():
    """``{English: Chinese}`` of the site's own words."""
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(CATALOGUE), encoding="utf-8")}


def say(text, /, **values):
    """One of the site's own texts in the language of the edition, with the values in the places of their names."""
    if chosen() != "en":
        text = translations()[text]
    return text.format(**values) if values else text


def write_catalogues(folder):
    """Write the words for Sphinx's templates and for scripts where Sphinx looks for them, before its own."""
    place = folder / edition().sphinx / "LC_MESSAGES"
    place.mkdir(parents=True)
    if edition().code == "en":
        return
    polib.pofile(str(CATALOGUE), encoding="utf-8").save_as_mofile(str(place / "sphinx.mo"))
    messages = {english: [chinese] for english, chinese in translations().items()}  # a list: the forms of the plural
    catalogue = {"locale": edition().sphinx, "messages": messages, "plural_expr": "0"}
    script = f"Documentation.addTranslations({json.dumps(catalogue, ensure_ascii=False)});\n"
    (place / "sphinx.js").write_text(script, encoding="utf-8")
