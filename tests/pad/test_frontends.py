"""The pad in the other front ends, Notebook 7 and Voilà."""

import json

import numpy as np
import pytest

import nnlib
from tests import tries
from workshop.pad_page import WAIT, clear, digit, draw, pad_of
from workshop.servers import notebook7, voila

NAME = "pad.ipynb"
CODE = "import nnlib\npad = nnlib.DrawingPad(nnlib.load_pretrained())\npad"
angle = np.linspace(0, 2 * np.pi, 30)
STROKES = {
    0: [np.stack([0.5 + 0.35 * np.sin(angle), 0.5 - 0.5 * np.cos(angle)], axis=1).tolist()],
    1: [[[0.5, y / 14] for y in range(15)]],
    7: [[[x / 10, 0.0] for x in range(8)] + [[0.7 - 0.04 * t, t / 10] for t in range(1, 11)]],
}

pytestmark = pytest.mark.skipif(
    tries(True, False), reason="the pad comes to all by the same way, and JupyterLab's is tested: here with --long"
)


def write_notebook(folder):
    cell = {"cell_type": "code", "id": "pad", "source": CODE, "metadata": {}, "outputs": [], "execution_count": None}
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    (folder / NAME).write_text(json.dumps({"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}))


@pytest.fixture(scope="module", params=["Notebook 7", "Voilà"])
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


def test_real_pen_strokes_give_on_the_page_what_they_give_in_python(page, real_strokes):
    chosen = list({entry["writer"]: entry for entry in real_strokes}.values())[:6]
    net = nnlib.load_pretrained()
    same = 0
    for entry in chosen:
        clear(page)
        draw(page, entry["strokes"])
        same += digit(page) == int(net.predict(nnlib.strokes_to_image(entry["strokes"]).reshape(1, 784))[0])
    assert same >= len(chosen) - 1, "the pointer rounds to pixels, so a digit on the edge may differ, but not two"
