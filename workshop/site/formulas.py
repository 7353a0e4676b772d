"""Formulas: from the notebooks' TeX to MathML, and the part of a mathematical font that they need."""

import html
import logging
import re
import unicodedata
from importlib.util import find_spec
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from math_core import LatexToMathML

from workshop.site.prose import outside_code

FONT = "stix-two-math.woff"
TO_MATHML = LatexToMathML(xml_namespace=True)  # an e-reader needs the namespace
ROW_SKIP = re.compile(r"(\\\\)\[[\d.]+(?:ex|em|pt)\]")  # room between rows, which MathML leaves to its reader
MARKS = re.compile(r"""[,.;:!?)"，。；：！？、）”’]+""")  # with which no line may begin
MATH = re.compile(
    rf"\$\$(.+?)\$\$|(?<![\\$])\$(?!\s)((?:[^$\\\n]|\\.|\n(?!\n))+?)(?<!\s)\$({MARKS.pattern})?", flags=re.S
)
KEPT = "nnlib-kept"  # a formula and the marks behind it: without it a browser may end a line between them


def mathml(tex, display=False):
    """A formula of TeX as MathML. ``display`` for one on a line of its own."""
    return TO_MATHML.convert_with_local_state(ROW_SKIP.sub(r"\1", tex), displaystyle=display)


def formulas_as_html(markdown):
    """Markdown whose formulas are MathML, for a reader of Markdown that knows no dollar signs; code stays as it is."""
    return outside_code(markdown, lambda prose: MATH.sub(_as_html, prose))


def _as_html(match):
    display, inline, marks = match.groups(default="")
    formula = mathml((display or inline).strip(), display=bool(display))
    formula = re.sub(r"[*_`\\\[\]]", lambda sign: f"&#{ord(sign.group())};", formula)  # they would be Markdown
    return f'<span class="{KEPT}">{formula}{marks}</span>' if marks else formula


def characters(pages):
    """All characters in the formulas of pages, and the italic forms in which a browser shows single letters."""
    used = set()
    for page in pages:
        for formula in re.findall(r"<math.*?</math>", page, flags=re.S):
            used.update(html.unescape(re.sub(r"<[^>]+>", "", formula)))
    return used | {ITALIC[letter] for letter in used & ITALIC.keys()}


def _italics():
    """{"a": its mathematical italic, …}, for Latin and Greek letters."""
    found = {"h": "ℎ"}  # which Unicode had before the others
    for code in range(0x1D434, 0x1D7CC):
        letter = unicodedata.normalize("NFKC", chr(code))
        if "MATHEMATICAL ITALIC" in unicodedata.name(chr(code), ""):
            found[letter] = chr(code)
    return found


ITALIC = _italics()


def write_font(path, used):
    """Write a font with these characters, and with what stretches and raises them."""
    logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells every table that it writes
    options = subset.Options(flavor="woff", layout_features=["ssty", "math", "dtls", "flac"])
    font = TTFont(Path(find_spec("ziamath").origin).parent / "fonts" / "STIXTwoMath-Regular.ttf")
    part = subset.Subsetter(options)
    part.populate(text="".join(used))
    part.subset(font)
    font.flavor = "woff"
    font.save(path)


def math_renderer(app):
    """Tell Sphinx to write its formulas so."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    app.connect("doctree-resolved", _keep_marks)


def _keep_marks(app, doctree, name):
    """Let a formula in a line and the mark behind it stay together, as `formulas_as_html` does."""
    from docutils import nodes

    for formula in list(doctree.findall(nodes.math)):
        behind = formula.next_node(descend=False, siblings=True)
        mark = MARKS.match(behind) if isinstance(behind, nodes.Text) else None
        if mark:
            kept = nodes.inline("", "", formula.deepcopy(), nodes.Text(mark.group()), classes=[KEPT])
            behind.parent.replace(behind, nodes.Text(behind[mark.end() :]))
            formula.parent.replace(formula, kept)


def _inline(translator, node):
    from docutils.nodes import SkipNode

    translator.body.append(mathml(node.astext()))
    raise SkipNode


def _block(translator, node):
    from docutils.nodes import SkipNode

    translator.body.append(f'<div class="nnlib-formula">{mathml(node.astext(), display=True)}</div>\n')
    raise SkipNode
