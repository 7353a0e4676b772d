"""How a test looks at a thing to play with, in JupyterLab."""

from axe_playwright_python.sync_playwright import Axe

from tests.pad.test_frontends import change_theme
from workshop.pad_page import WAIT, open_notebook

PLAY = ".jp-OutputArea-output .nnlib-play"
# A small network and images that need no training: what it reads is of no matter here.
NETWORK = """
import nnlib
from nnlib import play
mnist = nnlib.load_mnist()
X, y = mnist.X_train[:500], mnist.y_train[:500]
net = nnlib.Network([784, 12, 10], seed=1)
"""


def open_play(browser, lab, code, name):
    """The page of a notebook that plays with this, once it says something."""
    page = open_notebook(browser, lab, [NETWORK, code], name=name)
    page.locator(PLAY).get_by_role("status").wait_for(timeout=WAIT)
    return page


def wait_said(page, text):
    """Wait until the sentence contains a text; what it says then."""
    says = page.locator(PLAY).get_by_role("status")
    says.filter(has_text=text).wait_for(timeout=WAIT)
    assert page.locator(PLAY).locator("img").get_attribute("alt") == says.inner_text(), (
        "the picture's alt text is the sentence"
    )
    return says.inner_text()


def stored(page):
    """The HTML that a stored notebook shows of the last cell: an output of its own, after the widget."""
    return page.evaluate(
        "window.jupyterapp.shell.currentWidget.content.widgets.at(-1).model.outputs.get(1).data['text/html']"
    )


def violations(page):
    """What axe complains about, in the light and in the dark theme."""
    page.add_style_tag(
        content="body { min-height: 100vh; }"
    )  # without it axe takes everything for hidden, see test_frontends
    found = []
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        change_theme(page, theme)
        page.locator("#jupyterlab-splash").wait_for(state="detached")  # it covers the page while the theme changes
        answer = Axe().run(page, context=PLAY).response
        assert "color-contrast" in {rule["id"] for rule in answer["passes"] + answer["violations"]}, (
            "axe did not look at the text"
        )
        found += [(theme, rule["id"], [node["html"] for node in rule["nodes"]]) for rule in answer["violations"]]
    return found
