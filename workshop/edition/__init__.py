"""An edition of the lessons in another language: built from the English notebooks and a catalogue of translations.

    python -m uv run python -m workshop.edition zh --update  # what the English says now goes to the catalogues
    python -m uv run python -m workshop.edition zh --check   # what is missing, stale or wrong in them
    python -m uv run python -m workshop.edition zh --write   # builds notebooks/zh, runs it, stores the outputs

The English notebooks are the master. Their texts are cut into units (``prose`` for Markdown, ``texts`` for code); each
unit is the key of an entry in ``locale/zh/NN_name.po`` (``catalogue``), and people write its translation there.
``build`` puts the translations in the places of the units and leaves all else as it is, so that the two editions
cannot differ in anything but texts; ``lints`` compares each translation with its English, and ``parity`` proves the
rest. A text without a translation stands in English. ``pages`` does the same for pages of Markdown.
"""

from workshop import ROOT

LOCALE = ROOT / "locale"
NOTEBOOKS = ROOT / "notebooks"


def english_lessons():
    """The paths of the English notebooks, in order."""
    return sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
