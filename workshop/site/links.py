"""Links between the project's files, as links between the site's pages.

A link to a file that is no page of the site stays as its text: nobody can follow it there. A link of another edition
to a page that is only there in English says so to a browser.
"""

import html
import posixpath
import re

from workshop.site.languages import edition
from workshop.site.prose import outside_code

LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)\)")


def relative(page, start):
    """The address of one page of the site on another, both without their suffix; a / before them changes nothing."""
    return posixpath.relpath(page.lstrip("/"), posixpath.dirname(start).lstrip("/") or ".")


def resolved(markdown, file, pages, suffix=".md"):
    """Markdown whose links lead to pages of the site.

    Parameters
    ----------
    markdown : str
    file : str
        Where it stands in the project, like ``"teaching/lesson_1.md"``.
    pages : dict
        The page of the site for each file that has one, without a suffix; a title may stand in for a file's name.
    suffix : str
        Of the pages.
    """

    def link(match):
        text, target = match.groups()
        path, _, anchor = target.partition("#")
        if not path or re.match(r"[a-z]+:", target):
            return match.group()
        found = posixpath.normpath(posixpath.join(posixpath.dirname(file), path))
        if found not in pages:
            return text
        text = pages[found].title if text == posixpath.basename(path) else text
        if pages[found].only_english and edition().code != "en":
            address = relative(f"{pages[found].name}.html", pages[file].name)
            return f'<a href="{address}{"#" * bool(anchor)}{anchor}" hreflang="en">{html.escape(text)}</a>'
        address = relative(pages[found].name, pages[file].name) + suffix
        return f"[{text}]({address}{'#' * bool(anchor)}{anchor})"

    return outside_code(markdown, lambda prose: LINK.sub(link, prose), blocks_only=True)  # a link's text may be code
