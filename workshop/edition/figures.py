"""The figures of stored results as Chinese writes them: ``99.1 to 99.5 %`` is ``99.1% 到 99.5%``.

In a catalogue a figure is its name alone, ``<pretrained.test>``: a new measurement leaves no translation in doubt.
"""

import re

MARKED = re.compile(r"<!-- ([a-z_]+\.[\w.]+) -->([^\n]*?)<!-- / -->")  # those in a line; a table of them is no text
NAMED = re.compile(r"<([a-z_]+\.[\w.]+)>( ?)")
WRITTEN = (
    (r"([\d.]+) to ([\d.]+) %", r"\1% 到 \2%"),
    (r"(\d) %", r"\1%"),
    (r" to ", " 到 "),
    (r" minutes?\b", " 分钟"),
    (r" s(econds?)?\b", " 秒"),
    (r", (?=[A-Z])", "、"),
)


def in_chinese(figure):
    """A figure as a Chinese sentence has it."""
    for english, chinese in WRITTEN:
        figure = re.sub(english, chinese, figure)
    return figure


def named(source):
    """A page with the name of each figure in its place, and the figures by their names."""
    return MARKED.sub(r"<\1>", source), dict(MARKED.findall(source))


def placed(source, figures):
    """A page with its figures again; a name that is no figure's stays."""

    def figure(match):
        name, space = match.groups()
        if name not in figures:
            return match[0]
        written = in_chinese(figures[name])
        return written if "\u4e00" <= written[-1] <= "\u9fff" else written + space  # no space between Chinese words

    return NAMED.sub(figure, source)
