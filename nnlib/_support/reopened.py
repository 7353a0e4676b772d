"""What a cell shows when its notebook is opened again: a widget lives only as long as its kernel."""

import html

from nnlib._support.language import tag

WIDGET = "application/vnd.jupyter.widget-view+json"
# JupyterLab shows a widget whose kernel is gone as a bare error, whatever else is in the same output. So the picture
# that stays is an output of its own. While a live widget stands before it, it is hidden; else the error is.
STYLE = """<style>
.jp-OutputArea-child:has(.nnlib-pad, .nnlib-play) + .jp-OutputArea-child:has(.nnlib-still) { display: none; }
.jp-OutputArea-child:not(:has(.nnlib-pad, .nnlib-play)):has(+ .jp-OutputArea-child .nnlib-still) { display: none; }
</style>"""


def display_with_still(widget, still, again, also=None):
    """Display a widget, and after it an output that is seen when the notebook is opened again.

    Parameters
    ----------
    widget : ipywidgets.Widget
        Its element has the class ``nnlib-pad`` or ``nnlib-play``.
    still : str
        HTML: the widget as it stands now.
    again : str
        A line that says what to do.
    also : dict, optional
        The same in other forms, by MIME type: what is exported may have no HTML.
    """
    from IPython.display import display

    bundle, metadata = widget._repr_mimebundle_()
    # And nothing else of the bundle: the rest is in the output after it. Colab needs the metadata to find the widget.
    display({WIDGET: bundle[WIDGET]}, metadata=metadata, raw=True)
    lang = "" if tag() == "en" else f' lang="{tag()}"'  # a page is in English if it says nothing else
    page = f'<div class="nnlib-still"{lang}>{STYLE}{still}<p><em>{html.escape(again)}</em></p></div>'
    display({"text/plain": again, "text/html": page, **(also or {})}, raw=True)
