"""What tests ask of a page of JupyterLab: its theme, and what axe complains about."""

from tests import axe
from workshop.pad_page import WAIT

THEMES = {"JupyterLab Dark": "false", "JupyterLab Light": "true"}


def change_theme(page, theme):
    """Choose a theme, and wait until the page has it."""
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
    page.wait_for_function("light => document.body.dataset.jpThemeLight === light", arg=THEMES[theme], timeout=WAIT)
    page.locator("#jupyterlab-splash").wait_for(state="detached")  # it covers the page while the theme changes


def violations(page, context):
    """What axe complains about in what a selector names."""
    # JupyterLab's <body> has no height and hides what overflows: axe would take all for hidden, and skip the contrast.
    page.add_style_tag(content="body { min-height: 100vh; }")
    return axe.violations(page, context)
