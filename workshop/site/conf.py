"""Sphinx's settings for the site. `workshop.site.build` adds what it knows only then, and what a language needs."""

from workshop.site.theme import setup  # noqa: F401 - Sphinx calls it

author = "the nnlib authors"
extensions = ["myst_parser"]

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
myst_disable_syntax = ["myst_line_comment", "myst_block_break", "myst_target"]  # the lessons are plain Markdown
suppress_warnings = ["myst.header"]  # a lesson may jump from a heading to one two levels below

html_theme = "furo"
html_math_renderer = "mathml"
html_show_sourcelink = False
html_copy_source = False
html_show_sphinx = False
html_use_index = False
html_permalinks = False
html_favicon = "static/icon.svg"
html_css_files = ["site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
templates_path = ["templates"]
pygments_style = "a11y-light"
pygments_dark_style = "a11y-dark"
html_theme_options = {
    "top_of_page_buttons": [],
    "light_css_variables": {
        "color-brand-primary": "#005a8e",
        "color-brand-content": "#005a8e",
        "font-stack": "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
        "font-stack--monospace": "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
    },
    "dark_css_variables": {"color-brand-primary": "#6cb8ea", "color-brand-content": "#6cb8ea"},
}
