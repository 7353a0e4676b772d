"""What the site adds to Sphinx and Furo: its front page, formulas, and the scripts that a page's things need."""

import re
from itertools import cycle

from workshop.site import languages
from workshop.site.chinese import HAN, SearchChinese
from workshop.site.formulas import math_renderer
from workshop.site.links import relative

EMPTY_HEAD = re.compile(r'<th class="head[^"]*"><p></p></th>')  # of a table: a heading for nobody
LONG = 200  # letters of a cell that wants a line of its own on a phone
ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "th": "columnheader", "td": "cell"}
EMPHASIS = re.compile(f"<em>(?=[^<{HAN}]*</em>)")  # of Latin letters on a Chinese page
SLASH = re.compile(r"(?<=\w)/(?=\w)")  # in a path, whose line may end there
THING = re.compile(r'class="nnlib-live" data-thing="(\w+)"')


def setup(app):
    """Sphinx calls this for its settings in ``conf.py``."""
    app.add_config_value("nnlib_scripts", {}, "html", types=dict)  # {thing: its files below _static}
    app.add_config_value("nnlib_only_here", [], "html", types=list)  # pages that the other edition has not
    app.add_search_language(SearchChinese)
    math_renderer(app)
    app.connect("html-page-context", dress)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def dress(app, name, template, context, doctree):
    """Give a page its template, the scripts of the things on it, and the way to the other language."""
    context["language"] = languages.edition().lang
    context["other"] = other_page(name, name not in app.config.nnlib_only_here)
    if "body" in context:
        context["body"] = re.sub("<table.*?</table>", table, context["body"], flags=re.S)
        if languages.edition().code != "en":
            context["body"] = EMPHASIS.sub('<em lang="en">', context["body"])
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


def other_page(name, there):
    """What a page says of itself in the other language; of the front page, if it is not ``there``."""
    here, other = languages.edition(), languages.other()
    target = relative(f"{other.folder}/{name if there else 'index'}.html", f"{here.folder}/{name}")
    return {"address": target, "is_same": there, "edition": other, "says": other.here if there else other.elsewhere}


def table(match):
    """A table of the site, from Sphinx's. One with a long text among many columns can be stacked on a phone."""
    found = EMPTY_HEAD.sub("<td></td>", match.group())
    columns = re.findall(r'<th class="head[^"]*"><p>(.*?)</p></th>', found)
    longest = max(map(len, re.findall(r"<td>(.*?)</td>", found, flags=re.S)), default=0)
    return stacked(found, columns) if len(columns) > 3 and longest > LONG else found


def stacked(found, columns):
    """A table whose style may lay the cells of a row below each other, each with its column's name.

    For a browser it is then no table any more, so each element says its role in words.
    """
    found = found.replace('class="', 'class="nnlib-stacked ', 1)
    for element, role in ROLES.items():
        found = re.sub(rf"<{element}\b", f'<{element} role="{role}"', found)
    found = re.sub("<code.*?</code>", lambda code: SLASH.sub("/<wbr>", code.group()), found, flags=re.S)
    name = cycle(columns)
    return re.sub('<td role="cell"', lambda cell: f'{cell.group()} data-column="{next(name)}"', found)
