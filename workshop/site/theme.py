"""What the site adds to Sphinx and Furo: its front page, formulas, and the scripts that a page's things need."""

import re

from workshop.site.formulas import math_renderer

EMPTY_HEAD = re.compile(r'<th class="head[^"]*"><p></p></th>')  # of a table: a heading for nobody
THING = re.compile(r'class="nnlib-live" data-thing="(\w+)"')


def setup(app):
    """Sphinx calls this for its settings in ``conf.py``."""
    app.add_config_value("nnlib_scripts", {}, "html", types=dict)  # {thing: its files below _static}
    math_renderer(app)
    app.connect("html-page-context", dress)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def dress(app, name, template, context, doctree):
    """Give a page its template and the scripts of the things on it."""
    if "body" in context:
        context["body"] = EMPTY_HEAD.sub("<td></td>", context["body"])
    front = name == app.config.root_doc
    things = THING.findall(context.get("body", "")) + ["pad"] * front
    for file in dict.fromkeys(file for thing in things for file in app.config.nnlib_scripts.get(thing, ())):
        if file.endswith(".css"):
            app.add_css_file(file)
        else:
            app.add_js_file(file, loading_method="defer")
    if front:
        app.add_css_file("front.css", priority=900)  # after the one that all pages have
        return "front.html"
    return None
