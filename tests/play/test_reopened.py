"""What a cell leaves for a notebook that is opened again, and for other front ends, beside the thing to play with."""

import sys
from types import SimpleNamespace

import pytest

import nnlib
from nnlib import play

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
