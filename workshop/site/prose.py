"""What is done to prose and not to code: in Markdown, and in HTML that was made of it."""

import html
import re

from docutils.utils.smartquotes import educate_tokens

CODE = re.compile(r"^(`{3,}).*?^\1|(`+)(?!`).+?(?<!`)\2(?!`)", flags=re.M | re.S)  # of Markdown: a block, or in a line
TAG = r"""<(?:[^>"']|"[^"]*"|'[^']*')*>"""
AS_IT_IS = re.compile(rf"<!--.*?-->|<(pre|code|math|script|style)\b.*?</\1>|{TAG}", flags=re.S)  # of HTML
PER_CENT = re.compile(r"(?<=\d) (?=%)")


def outside_code(markdown, change, blocks_only=False):
    """Markdown to whose prose a change was made.

    Parameters
    ----------
    markdown : str
    change : callable
        From a piece of prose to what stands in its place.
    blocks_only : bool
        Leave alone only blocks of code; what is code within a line goes to ``change`` with the text around it.
    """
    parts, end = [], 0
    for code in CODE.finditer(markdown):
        if blocks_only and "\n" not in code.group():
            continue
        parts += [change(markdown[end : code.start()]), code.group()]
        end = code.end()
    return "".join([*parts, change(markdown[end:])])


def unbroken(markdown):
    """Markdown in which no line ends between a number and its per cent sign."""
    return outside_code(markdown, lambda prose: PER_CENT.sub("\N{NO-BREAK SPACE}", prose))


def curled(page):
    """HTML whose prose has typographic quotes, as Sphinx sets them on the site."""
    tokens, end = [], 0
    for left in AS_IT_IS.finditer(page):
        tokens.append(("plain", html.unescape(page[end : left.start()])))
        tokens.append(("literal" if left[1] else "tag", left.group()))
        end = left.end()
    tokens.append(("plain", html.unescape(page[end:])))
    pieces = educate_tokens(tokens, attr="q", language="en")
    return "".join(
        html.escape(piece, quote=False) if kind == "plain" else piece
        for (kind, _), piece in zip(tokens, pieces, strict=True)
    )
