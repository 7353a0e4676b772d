"""The units of a Markdown cell: each paragraph, heading, item of a list, row of a table, and the text of HTML."""

import re
from functools import cache

from markdown_it import MarkdownIt

from workshop.edition import texts
from workshop.edition.unit import CODE_KINDS, Unit, has_words

PARSER = MarkdownIt("commonmark").enable("table")
IN_HTML = re.compile(r"(?<=>)[^<>\n]*[^\W\d_]{2,}[^<>\n]*(?=<)|(?<=alt=\")[^\"]+(?=\")")


@cache
def units(source):
    """All units of a Markdown cell, in order."""
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    found = []
    tokens = PARSER.parse(source)
    inside = []  # the blocks that are open
    for token in tokens:
        if token.nesting == 1:
            inside.append(token)
        elif token.nesting == -1:
            inside.pop()
        if token.type == "inline" and not in_table(inside):
            found.append(paragraph(source, starts, token, kind_of(inside)))
        elif token.type == "tr_open":
            found.append(row(source, starts, token))
        elif token.type == "html_block":
            start, end = starts[token.map[0]], starts[token.map[1]]
            kind = "fold" if "<summary>" in token.content else "HTML"
            for match in IN_HTML.finditer(source[start:end]):
                found.append(Unit(start + match.start(), start + match.end(), match[0], kind, as_is))
        elif token.type == "fence" and token.info == "python":
            found += fence(source, starts, token)
    return tuple(unit for unit in found if unit.kind in CODE_KINDS or has_words(unit.text))


def in_table(inside):
    """Whether a table is among the open blocks."""
    return any(token.type == "table_open" for token in inside)


def kind_of(inside):
    """What the innermost open block is, in a word for translators."""
    if inside[-1].type == "heading_open":
        return f"heading {inside[-1].tag[1]}"
    return "item of a list" if any(token.type == "list_item_open" for token in inside) else "paragraph"


def paragraph(source, starts, token, kind):
    """The unit of a block of text: its lines are joined, as a translation has no need to break where English does."""
    start, end = starts[token.map[0]], starts[token.map[1]]
    written = source[start:end].rstrip("\n")
    content = token.content.split("\n")
    begin = written.index(content[0])  # after the mark of a heading or an item
    text = " ".join(line.strip() for line in content)
    return Unit(start + begin, start + len(written), text, kind, as_is)


def row(source, starts, token):
    """The unit of a row of a table, with its bars."""
    start, end = starts[token.map[0]], starts[token.map[0] + 1]
    line = source[start:end].rstrip("\n")
    lead = len(line) - len(line.lstrip())
    return Unit(start + lead, start + len(line), line.strip(), "row of a table", as_is)


def fence(source, starts, token):
    """The units of Python code that Markdown shows, in their places in the cell."""
    start = starts[token.map[0] + 1]
    return [texts.moved(unit, start) for unit in texts.units(token.content)]


def as_is(text):
    """A text of Markdown stands in the source as it is."""
    return text
