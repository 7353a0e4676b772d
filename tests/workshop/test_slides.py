"""The notebooks as talks: every slide fits its screen, measured in a browser that has no network.

The ordinary command measures lesson 9, the quickest, and marks its exercises; the long checks all lessons, whole, in
both languages. The Chinese lessons have the slide types of the English ones.
"""

import copy
import re

import nbformat
import pytest
from nbconvert.nbconvertapp import NbConvertApp

from tests import ROOT, tries
from tests.test_notebooks import PATHS, each_notebook
from workshop import slides

CHINESE = sorted((ROOT / "notebooks" / "zh").glob("*.ipynb"))


@pytest.fixture(scope="module")
def page(browser):
    page = browser.new_page()
    yield page
    page.close()


def lesson9():
    """Lesson 9; in the ordinary command from its exercises on."""
    notebook = nbformat.read(PATHS[-1], as_version=4)
    start = next(i for i, cell in enumerate(notebook.cells) if "## Exercises" in cell.source)
    notebook.cells = notebook.cells[tries(start, 0) :]
    return notebook


@pytest.fixture(
    scope="module", params=tries(PATHS[-1:], PATHS + CHINESE), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def talk(request, browser, tmp_path_factory):
    """A notebook, and the page with its talk."""
    notebook = nbformat.read(request.param, as_version=4)
    page = browser.new_page()
    slides.load(page, slides.html(notebook, request.param.parent), tmp_path_factory.mktemp("talk"))
    yield notebook, page
    page.close()


def sizes(page):
    """Width and height of each slide of the open page, and the number of its cells."""
    return page.evaluate(
        """[...document.querySelectorAll(".slides > section > section")].map(slide => {
            const {width, height} = slide.getBoundingClientRect();
            const cells = slide.querySelectorAll(".jp-Cell").length;
            return [Math.max(width, slide.scrollWidth), Math.max(height, slide.scrollHeight), cells];
        })"""
    )


def too_large(page):
    return [size for size in sizes(page) if size[0] > slides.WIDTH or size[1] > slides.HEIGHT]


def types(notebook):
    return [cell.metadata.get("slideshow", {}).get("slide_type") for cell in notebook.cells]


@each_notebook
def test_every_cell_has_a_slide_type_and_headings_begin_slides(path):
    notebook = nbformat.read(path, as_version=4)
    assert set(types(notebook)) <= {"slide", "subslide", "-", "skip", "notes"}, "run workshop/slides.py"
    for cell, slide_type in zip(notebook.cells, types(notebook), strict=True):
        if cell.cell_type == "markdown" and slides.begins(slides.pieces(cell)[-1]):
            assert slide_type in ("slide", "subslide"), cell.source


def test_no_slide_is_larger_than_its_screen_and_every_cell_is_on_one(talk):
    notebook, page = talk
    assert too_large(page) == []
    pieces = [piece for cell in notebook.cells for piece in slides.pieces(cell)]
    shown = [kind for kind in types(nbformat.from_dict({**notebook, "cells": pieces})) if kind not in ("skip", "notes")]
    assert len(sizes(page)) == sum(kind != "-" for kind in shown)
    assert sum(cells for _, _, cells in sizes(page)) == len(shown) + types(notebook).count("notes")
    assert page.locator(".jp-Cell").count() == len(shown) + types(notebook).count("notes"), (
        "a cell is outside of all slides"
    )
    headings = [slides.HEADING.sub("", piece.source).splitlines()[0] for piece in pieces if slides.begins(piece)]
    assert page.locator(".slides :is(h1, h2, h3)").count() == len(headings)
    assert not page.locator(".slides details:not([open])").count()


def test_formulas_are_set_and_folds_hold_their_answers(talk):
    """The page without a network has what a teacher sees: formulas, not TeX; answers inside their folds."""
    page = talk[1]
    assert page.locator(".slides .MathJax").count() > 20
    assert page.locator(".MathJax_Error, .MJXc-error, .slides img:not([src^='data:'])").count() == 0
    text = page.evaluate("document.querySelector('.slides').innerText.replaceAll(/`[^`]*`/g, '')")
    assert re.findall(r"\\[dt]?frac|\\mathtt|\$\$", text) == []
    assert page.evaluate(
        "[...document.querySelectorAll('.slides section > .jp-Cell details')].every(fold => fold.children.length > 1)"
    )


def test_marking_changes_slide_types_only_and_twice_is_once(page):
    before = lesson9()
    once = copy.deepcopy(before)
    slides.mark(once, page)
    twice = copy.deepcopy(once)
    slides.mark(twice, page)
    assert twice == once
    for notebook in (before, once):
        for cell in notebook.cells:
            cell.metadata.pop("slideshow", None)
    assert once == before


def test_the_browser_finds_a_slide_that_is_too_large(page, tmp_path):
    notebook = lesson9()
    for cell in notebook.cells:
        cell.metadata["slideshow"] = {"slide_type": "-"}
    slides.load(page, slides.html(notebook), tmp_path)
    assert too_large(page)


# Packing, without a browser: a text and a code cell of 300 pixels each, and their like


def cells(kinds):
    make = {"t": nbformat.v4.new_markdown_cell, "c": nbformat.v4.new_code_cell}
    return [make[kind](f"cell {i}") for i, kind in enumerate(kinds)]


def heights(*full):
    """Of cells as high as this, and in proportion when they are smaller; without their code a tenth."""
    return [{fit: height * (0.1 if fit == "output" else int(fit) / 100) for fit in slides.FITS} for height in full]


@pytest.mark.parametrize(
    "kinds, full, expected",
    [
        ("tc", (300, 300), {0: ("slide", "100")}),
        ("tctc", (100, 200, 100, 200), {0: ("slide", "100")}),
        ("tctc", (200, 200, 200, 200), {0: ("slide", "100"), 2: ("subslide", "100")}),  # the text goes with its code
        ("tc", (300, 500), {0: ("slide", "80")}),  # 640 pixels: they stay together
        ("tc", (300, 650), {0: ("slide", "100"), 1: ("subslide", "100")}),
        ("tc", (100, 950), {0: ("slide", "100"), 1: ("subslide", "70")}),
        ("tc", (100, 2000), {0: ("slide", "100"), 1: ("subslide", "output")}),
        ("tct", (100, 950, 100), {0: ("slide", "100"), 1: ("subslide", "70"), 2: ("subslide", "100")}),
    ],
    ids=[
        "fits",
        "two pairs",
        "pair moves on",
        "smaller together",
        "apart",
        "smaller alone",
        "without code",
        "nothing beside the smaller",
    ],
)
def test_packing(kinds, full, expected):
    shown = cells(kinds)
    assert slides.pack(shown, ["slide"] + [None] * (len(shown) - 1), heights(*full)) == expected


def test_a_cell_that_fits_nowhere_stops_the_tool():
    with pytest.raises(ValueError, match="too large for a slide"):
        slides.pack(cells("t"), ["slide"], heights(9000))


@pytest.mark.parametrize("path, language", [(PATHS[-1], "en"), (CHINESE[-1], "zh-Hans")])
def test_nbconvert_makes_the_talk_by_its_name_and_the_page_says_its_language(path, language, tmp_path):
    app = NbConvertApp()
    app.initialize(["--to", "workshop.slides.Talk", "--output-dir", str(tmp_path), str(path)])
    app.start()
    page = (tmp_path / f"{path.stem}.slides.html").read_text(encoding="utf-8")
    assert "data-fit" in page and f'<html lang="{language}">' in page and "images/pad.png" not in page
