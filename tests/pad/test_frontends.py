"""The pad in the other front ends, Notebook 7 and, with --long, Voilà; what axe says about it; and a finger on it."""

import json

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

import nnlib
from tests import tries
from workshop.pad_page import WAIT, answered, clear, digit, draw, open_notebook, pad_of, swipe
from workshop.servers import notebook7, voila

NAME = "pad.ipynb"
CODE = "import nnlib\npad = nnlib.DrawingPad(nnlib.load_pretrained())\npad"
angle = np.linspace(0, 2 * np.pi, 30)
STROKES = {
    0: [np.stack([0.5 + 0.35 * np.sin(angle), 0.5 - 0.5 * np.cos(angle)], axis=1).tolist()],
    1: [[[0.5, y / 14] for y in range(15)]],
    7: [[[x / 10, 0.0] for x in range(8)] + [[0.7 - 0.04 * t, t / 10] for t in range(1, 11)]],
}
THEMES = {"JupyterLab Light": "true", "JupyterLab Dark": "false"}


def write_notebook(folder):
    cell = {"cell_type": "code", "id": "pad", "source": CODE, "metadata": {}, "outputs": [], "execution_count": None}
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    (folder / NAME).write_text(json.dumps({"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}))


@pytest.fixture(scope="module", params=tries(["Notebook 7"], ["Notebook 7", "Voilà"]))
def page(request, browser, tmp_path_factory):
    """A page with the pad in this front end. Voilà runs the cells; in Notebook 7 the page is told to."""
    folder = tmp_path_factory.mktemp("frontend")
    write_notebook(folder)
    with notebook7(folder) if request.param == "Notebook 7" else voila(folder, NAME) as address:
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        if request.param == "Notebook 7":
            page.goto(f"{address}/notebooks/{NAME}", wait_until="domcontentloaded", timeout=WAIT)
            session = "window.jupyterapp?.shell.currentWidget?.sessionContext"
            page.wait_for_function(f"{session}?.isReady && {session}.session?.kernel?.status === 'idle'", timeout=WAIT)
            page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
        else:
            page.goto(address, wait_until="domcontentloaded", timeout=WAIT)
        pad_of(page)
        yield page
        page.close()


@pytest.mark.parametrize("label", STROKES)
def test_a_drawn_digit_is_read_on_the_page(page, label):
    clear(page)
    draw(page, STROKES[label])
    assert digit(page) == label
    assert f"I read {label}" in page.get_by_role("status").first.inner_text()


@pytest.mark.skipif(tries(True, False), reason="the pad of JupyterLab has done it: here with --long")
def test_real_pen_strokes_give_on_the_page_what_they_give_in_python(page, real_strokes):
    chosen = list({entry["writer"]: entry for entry in real_strokes}.values())[:6]
    net = nnlib.load_pretrained()
    same = 0
    for entry in chosen:
        clear(page)
        draw(page, entry["strokes"])
        same += digit(page) == int(net.predict(nnlib.strokes_to_image(entry["strokes"]).reshape(1, 784))[0])
    assert same >= len(chosen) - 1, "the pointer rounds to pixels, so a digit on the edge may differ, but not two"


@pytest.fixture(scope="module")
def lab_page(browser, lab):
    """JupyterLab on a screen for fingers, with the pad and so many lines below it that the page can scroll."""
    page = open_notebook(browser, lab, [CODE, "# a line\n" * 100], name="touch.ipynb", has_touch=True)
    pad_of(page)
    yield page
    page.close()


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_on_the_pad(lab_page, theme):
    change_theme(lab_page, theme)
    try:
        clear(lab_page)
        assert violations(lab_page) == []
        draw(lab_page, STROKES[7])
        assert violations(lab_page) == []
        lab_page.evaluate("document.querySelectorAll('.nnlib-pad details').forEach(fold => { fold.open = true; })")
        lab_page.get_by_role("button", name="It was a 7").click()
        lab_page.wait_for_function("document.querySelector('.nnlib-pad').dataset.taught === '1'", timeout=WAIT)
        answered(lab_page)
        lab_page.wait_for_function(
            "() => { const d = document.querySelector('.nnlib-pad').dataset; return d.journey === d.count; }",
            timeout=WAIT,
        )
        assert violations(lab_page) == []
        lab_page.get_by_role("button", name="MNIST sample").click()
        lab_page.get_by_text("MNIST's test digit").wait_for(timeout=WAIT)
        assert violations(lab_page) == []
    finally:
        for button in lab_page.get_by_role(
            "button", name="Forget all"
        ).all():  # hidden, when what failed above came before the teaching
            button.evaluate("button => button.click()")
        lab_page.wait_for_function("document.querySelector('.nnlib-pad').dataset.taught === '0'", timeout=WAIT)
        lab_page.evaluate("document.querySelectorAll('.nnlib-pad details').forEach(fold => { fold.open = false; })")
        change_theme(lab_page, "JupyterLab Light")


def change_theme(page, theme):
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
    page.wait_for_function("light => document.body.dataset.jpThemeLight === light", arg=THEMES[theme], timeout=WAIT)


def violations(page):
    """What axe complains about on the pad: the rule, what it means, and where."""
    # JupyterLab's <body> has no height and hides what overflows: axe would take all for hidden, and skip the contrast.
    page.add_style_tag(content="body { min-height: 100vh; }")
    found = Axe().run(page, context=".nnlib-pad").response
    assert "color-contrast" in {rule["id"] for rule in found["passes"] + found["violations"]}, (
        "axe did not look at the text"
    )
    return [
        (rule["id"], rule["help"], [(node["html"], node["failureSummary"]) for node in rule["nodes"]])
        for rule in found["violations"]
    ]


def test_a_finger_draws_and_does_not_scroll_the_page(lab_page):
    clear(lab_page)
    lab_page.locator(".nnlib-pad").first.scroll_into_view_if_needed()
    paper = lab_page.locator(".nnlib-pad-paper").first.bounding_box()
    x, y = paper["x"] + paper["width"] / 2, paper["y"] + 0.15 * paper["height"]
    before = scrolled(lab_page)
    swipe(lab_page, (x, y + 0.7 * paper["height"]), (x, y))  # upwards, as a finger does that scrolls down
    answered(lab_page)
    assert digit(lab_page) == 1
    assert scrolled(lab_page) == before
    # The same finger beside the pad, on the lines below it, does scroll: the test above could have failed.
    swipe(lab_page, (x, 800), (x, 600))
    lab_page.wait_for_function(f"({SCROLLED})() > {before} + 50", timeout=10_000)


SCROLLED = "() => [...document.querySelectorAll('*')].reduce((sum, node) => sum + node.scrollTop, 0)"


def scrolled(page):
    """How far the page and everything on it is scrolled down, in pixels."""
    return page.evaluate(SCROLLED)
