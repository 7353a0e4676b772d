"""A notebook that was saved and is opened again shows the picture of a thing to play with, and what to do."""

import sys
from types import SimpleNamespace

import pytest

import nnlib
from nnlib import play
from tests.play.play_page import PLAY, open_play
from workshop.pad_page import WAIT

WIDGET = "application/vnd.jupyter.widget-view+json"
AGAIN = "Run the cell to play."


def test_a_cell_shows_the_widget_and_for_later_its_picture_in_an_output_of_its_own(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw, metadata=None: shown.append(data))
    box = play.neuron()
    box._ipython_display_()
    widget, still = shown
    assert set(widget) == {WIDGET}, "all else would be shown beside the error that a dead widget leaves"
    assert set(still) == {"text/plain", "text/html", "image/png"} and still["text/plain"] == box.text
    assert AGAIN in still["text/html"] and "<img alt=" in still["text/html"] and "nnlib-still" in still["text/html"]


@pytest.fixture
def colab(monkeypatch):
    """A stand-in for the module by which anywidget knows Colab, and the metadata that Colab wants with a widget."""
    output = SimpleNamespace(enable_custom_widget_manager=lambda: None, _widgets=SimpleNamespace(_installed_url="here"))
    monkeypatch.setitem(sys.modules, "google.colab.output", output)
    return {WIDGET: {"colab": {"custom_widget_manager": {"url": "here"}}}}


@pytest.mark.parametrize("make", [play.neuron, lambda: nnlib.DrawingPad(nnlib.load_pretrained())], ids=["play", "pad"])
def test_colab_is_told_with_the_widget_where_its_front_end_is(monkeypatch, colab, make):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw, metadata=None: shown.append((data, metadata)))
    widget = make()
    widget._ipython_display_()
    assert shown[0][0][WIDGET]["model_id"] == widget.model_id and shown[0][1] == colab
    assert widget._repr_mimebundle_()[1] == colab


def test_elsewhere_the_bundle_has_the_widget_its_picture_and_no_metadata():
    data, metadata = play.neuron()._repr_mimebundle_()
    assert set(data) == {WIDGET, "text/plain", "text/html", "image/png"} and metadata == {}


def test_it_shows_its_picture_and_what_to_do_until_the_cell_is_run(browser, lab):
    page = open_play(browser, lab, "play.neuron()", "reopened.ipynb")
    page.locator(PLAY).locator("img").wait_for(timeout=WAIT)
    again = page.get_by_text(AGAIN)
    again.wait_for(state="attached", timeout=WAIT)
    assert not again.is_visible(), "what is alive needs no such line"
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_timeout(1000)
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.close()
    page = browser.new_page()
    page.goto(f"{lab[0]}/lab/tree/reopened.ipynb?reset", wait_until="domcontentloaded")
    page.get_by_text(AGAIN).wait_for(timeout=WAIT)
    page.wait_for_timeout(4000)  # by then JupyterLab has given up looking for the widget
    assert page.locator(".nnlib-still img").is_visible() and page.get_by_text("z = 1.0 · 1.0").last.is_visible()
    assert not page.get_by_text("model not found").is_visible()
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.locator(PLAY).get_by_role("slider").first.wait_for(timeout=WAIT)
    page.wait_for_function(
        "text => ![...document.querySelectorAll('em')].some(e => e.textContent === text && e.offsetParent)",
        arg=AGAIN,
        timeout=WAIT,
    )
    page.close()
