"""The lessons as a book for e-readers: an EPUB, which is a zip of XHTML pages.

An e-reader folds nothing, so what is folded in a lesson stands at its end, and the place of it has a link there. Code
that only draws a figure is left out: the figure is there.
"""

import html
import re
import uuid
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

from markdown_it import MarkdownIt

from nnlib._support.files import replacing
from workshop.site import formulas, pages, pictures
from workshop.site.languages import edition, say
from workshop.site.lessons import Writer, is_folded
from workshop.site.prose import curled

TITLE = "From one neuron to a network that reads the digits you draw"
FIRST_PAGE = (
    "Nine lessons in plain NumPy, by the nnlib authors.",
    "This is the book to read. The lessons are notebooks, made to be run: there the pad reads what you draw, every "
    "exercise answers at once, and the pictures move.",
    "Text and figures: CC BY 4.0. Code: BSD 3-Clause. MNIST: CC BY-SA 3.0.",
)
FOLD = re.compile(r"<details>\s*<summary>(.*?)</summary>(.*?)</details>", flags=re.S)
FENCE = re.compile(r"^``````ipython$", flags=re.M)
READ = MarkdownIt("commonmark", {"html": True, "xhtmlOut": True}).enable("table")
MATHML = "http://www.w3.org/1998/Math/MathML"
STYLES = {"displaystyle", "scriptlevel"}
TYPES = {"png": "image/png", "woff": "font/woff", "css": "text/css", "xhtml": "application/xhtml+xml"}
STYLE = """@font-face { font-family: "STIX Two Math"; src: url("stix-two-math.woff"); }
math { font-family: "STIX Two Math", math; }
.nnlib-kept { white-space: nowrap; }
img { max-width: 100%; height: auto; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.85em; }
pre { padding: 0.4em 0.6em; border-left: 3px solid #999; }
pre.nnlib-out { border-left-style: dotted; }
table { border-collapse: collapse; font-size: 0.9em; }
th, td { padding: 0.1em 0.5em; border-bottom: 1px solid #999; text-align: left; vertical-align: top; }
.nnlib-pixels { width: 140px; image-rendering: pixelated; }
"""


def file_name():
    """The book's file."""
    return "-".join(filter(None, ["from-one-neuron", edition().folder])) + ".epub"


class Chapter(Writer):
    """Writes a lesson as a chapter."""

    suffix = ".xhtml"
    alive = False

    def code(self, cell):
        """A cell's code, without that which only draws."""
        return "" if is_folded(cell) else super().code(cell)

    def thing(self, name, shown, options):
        """A book has the picture of a thing to play with."""
        return f"<div>{shown}</div>"

    def live_pad(self):
        """A book has no pad that is alive."""
        return ""

    def pad(self):
        """A book has the picture of the pad, which the text below it shows."""
        return ""

    def address(self, name):
        """The address of a picture in the book."""
        return f"pictures/{name}"


def unfolded(markdown):
    """A lesson whose folds are links to its end, where what was folded stands."""
    moved = []

    def link(match):
        summary, content = (part.strip() for part in match.groups())
        number = len(moved) + 1
        above = re.findall(r"^#{2,} (.+)$", markdown[: match.start()], flags=re.M)[-1]
        title = say("{summary}: {title}", summary=summary, title=html.escape(above))
        back = f'<p><a href="#from-{number}">{say("Back to the text")}</a></p>'
        moved.append(f'<h3 id="fold-{number}">{title}</h3>\n\n{content}\n\n{back}')
        return (
            f'<p id="from-{number}"><a href="#fold-{number}">{summary}</a>{say(" (at the end of the lesson)")}</p>\n\n'
        )

    text = FOLD.sub(link, markdown)
    return "\n\n".join([text, f"## {say('Answers and solutions')}", *moved])


def strict(formula):
    """A formula whose styles stand on elements of their own: what checks books knows MathML 3, not today's."""
    root = ElementTree.fromstring(formula)
    for parent in list(root.iter()):
        for place, child in enumerate(parent):
            styles = {name: child.attrib.pop(name) for name in STYLES.intersection(child.keys())}
            if styles:
                parent[place] = ElementTree.Element(f"{{{MATHML}}}mstyle", styles)
                parent[place].append(child)
    ElementTree.register_namespace("", MATHML)
    return ElementTree.tostring(root, encoding="unicode")


def chapter(title, markdown):
    """A page of the book."""
    body = READ.render(formulas.formulas_as_html(FENCE.sub("``````", markdown)))
    body = re.sub(r"<math.*?</math>", lambda formula: strict(formula.group()), body, flags=re.S)
    body = body.replace(pictures.LAZY, "")  # whoever has the book has its pictures
    if edition().code == "en":
        body = curled(body)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" '
        f'lang="{edition().book}" xml:lang="{edition().book}">'
        f'<head><title>{html.escape(title)}</title><link rel="stylesheet" href="style.css"/></head>\n'
        f"<body>{body}</body></html>\n"
    )


def files(known):
    """What the book holds: {name: text or bytes}, the chapters in their order first."""
    lessons = pages.lessons()
    notation = next(page for page in known.values() if page.name == "teaching/notation")
    here = {page.file: replace(page, name=page.name.rpartition("/")[2]) for page in [*lessons, notation]}
    found, titles, media = {}, {}, {"style.css": STYLE}
    for lesson in lessons:
        writer = Chapter(lesson, here, root="")
        name = f"{here[lesson.file].name}.xhtml"
        found[name] = chapter(lesson.title, unfolded(writer.markdown(pages.notebook(lesson))))
        titles[name] = f"{lesson.number} · {lesson.title}"
        media |= {f"pictures/{picture}": png for picture, png in writer.pictures.items()}
    found["notation.xhtml"] = chapter(notation.title, pages.markdown(notation, here, media))
    titles["notation.xhtml"] = notation.title
    found = {"title.xhtml": chapter(say(TITLE), title_page()), **found, "nav.xhtml": contents(titles)}
    return found | media


def title_page():
    """The first page: title and licence."""
    return "\n\n".join([f"# {say(TITLE)}", *map(say, FIRST_PAGE)]) + "\n"


def contents(titles):
    """The book's table of contents."""
    items = "".join(f'<li><a href="{name}">{html.escape(title)}</a></li>' for name, title in titles.items())
    page = chapter(say("Contents"), f'<nav epub:type="toc" id="toc"><h1>{say("Contents")}</h1><ol>{items}</ol></nav>')
    return page


def package(names, chapters):
    """The list of all files, for the e-reader."""
    released = re.search(r"^date-released: (\S+)", pages.read("CITATION.cff"), flags=re.M)[1]
    items = []
    for number, (file, content) in enumerate(names.items()):
        properties = ' properties="nav"' * (file == "nav.xhtml") + ' properties="mathml"' * ("<math" in str(content))
        items.append(
            f'<item id="item-{number}" href="{file}" media-type="{TYPES[file.rpartition(".")[2]]}"{properties}/>'
        )
    order = "".join(f'<itemref idref="item-{list(names).index(file)}"/>' for file in chapters)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" '
        f'xml:lang="{edition().book}">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="id">urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, file_name())}</dc:identifier>'
        f"<dc:title>{say(TITLE)}</dc:title><dc:language>{edition().book}</dc:language>"
        f"<dc:creator>{say('The nnlib authors')}</dc:creator>"
        f'<meta property="dcterms:modified">{released}T00:00:00Z</meta></metadata>'
        f"<manifest>{''.join(items)}</manifest><spine>{order}</spine></package>\n"
    )


CONTAINER = (
    '<?xml version="1.0"?>\n<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="book/content.opf" media-type="application/oebps-package+xml"/></rootfiles>'
    "</container>\n"
)


def write(path, known):
    """Write the book; the same notebooks give the same bytes."""
    found = files(known)
    chapters = [name for name in found if name.endswith(".xhtml") and name != "nav.xhtml"]
    used = formulas.characters(content for content in found.values() if isinstance(content, str))
    font = path.parent / formulas.FONT
    formulas.write_font(font, used)
    found[formulas.FONT] = font.read_bytes()
    font.unlink()
    with replacing(path) as file, zipfile.ZipFile(file, "w") as archive:

        def add(name, content, how=zipfile.ZIP_DEFLATED):
            archive.writestr(zipfile.ZipInfo(name), content, how)  # of 1980, not of now

        add("mimetype", "application/epub+zip", zipfile.ZIP_STORED)  # an e-reader looks for it at a fixed place
        add("META-INF/container.xml", CONTAINER)
        add("book/content.opf", package(found, chapters))
        for name, content in found.items():
            add(f"book/{name}", content)
