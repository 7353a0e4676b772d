"""The units of a code cell: comments, docstrings, strings, and f-strings as templates with their placeholders."""

import ast
import inspect
import io
import re
import tokenize
from dataclasses import replace
from functools import cache

from workshop.edition import fstrings
from workshop.edition.unit import WORD, Unit

WIDTH = 120
NARROW = 40  # with less room than this, a long line reads better than a narrow column of literals
# The arguments of Matplotlib, NumPy and nnlib whose strings are names and not words.
NAMES = frozenset(
    "activation anchor arrowstyle aspect axis bbox_to_anchor boxstyle c cmap color colors connectionstyle coordinates "
    "dtype ec edgecolor edgecolors encoding extend facecolor facecolors family fc fillstyle fmt fontfamily fontstyle "
    "fontweight ha hatch histtype horizontalalignment interpolation invalid kind linestyle linestyles loc loss ls "
    "marker markeredgecolor markerfacecolor mec mfc mode order origin over divide under rotation_mode scale side "
    "textcoords transform va verticalalignment weight where which xscale xycoords yscale zorder".split()
)
SHAPE = re.compile(r"\(?[\w\s,+*·−\-…]*\)( each)?", re.ASCII)


@cache  # the catalogue, the build and the proof all look at the same cells
def units(source):
    """All units of a cell of Python, in order."""
    tree = ast.parse(source)
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))

    def place(line, column):  # ast counts columns in bytes
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode())

    comments, depth = comments_and_depth(source, starts)
    found = list(comments)
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    docstrings = {node.body[0].value for node in ast.walk(tree) if has_docstring(node)}
    for node in ast.walk(tree):
        text = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
        if not text or is_inside_fstring(node, parents):
            continue
        start, end = place(node.lineno, node.col_offset), place(node.end_lineno, node.end_col_offset)
        line_start = source.rfind("\n", 0, start) + 1
        literals = fstrings.literals(source[start:end])
        if node in docstrings:
            found.append(docstring(start, end, literals, start - line_start))
        else:
            unit = string(source, start, end, literals, depth(start), role(node, parents))
            inside = [child for child in ast.walk(node) if child is not node and is_word(child)]
            found.append(unit and replace(unit, inside=tuple(words_inside(inside, parents))))
    return tuple(sorted((unit for unit in found if unit is not None), key=lambda unit: unit.start))


def moved(unit, by):
    """The same unit in a source that has ``by`` more characters before it."""
    return replace(unit, start=unit.start + by, end=unit.end + by)


def has_docstring(node):
    """Whether this is a function or a class with a docstring."""
    return isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node) is not None


def is_word(node):
    """Whether this is a string with a word in it."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(WORD.search(node.value))


def words_inside(nodes, parents):
    """``(text, is_key)`` of the strings in an f-string's placeholders; what stands between these is no such string."""
    for node in nodes:
        if not isinstance(parents[node], ast.JoinedStr):
            yield node.value, role(node, parents) == "key"


def is_inside_fstring(node, parents):
    """Whether an f-string is around this."""
    while (node := parents.get(node)) is not None:
        if isinstance(node, ast.JoinedStr):
            return True
    return False


def role(node, parents):
    """``"name"`` for the argument of a parameter that takes names, ``"key"`` for what finds something, or None.

    A key stays as it is, unless ``keys.txt`` says that a reader sees it.
    """
    parent, levels = parents[node], 0
    while isinstance(parent, (ast.IfExp, ast.List, ast.Tuple)):
        node, parent, levels = parent, parents[parent], levels + 1
    if isinstance(parent, ast.keyword) and parent.arg in NAMES:
        return "name"
    is_key = isinstance(parent, ast.Subscript) and node is parent.slice
    is_key |= isinstance(parent, ast.Dict) and node in parent.keys
    is_key |= isinstance(parent, ast.Compare)
    is_key |= isinstance(parent, (ast.For, ast.comprehension)) and levels == 1  # for name in ("W1", "W2")
    return "key" if is_key else None


def comments_and_depth(source, starts):
    """The units of the comments, and a function that says how many brackets are open at a place."""
    found, brackets = [], []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        start = starts[token.start[0] - 1] + token.start[1]
        if token.type == tokenize.OP and token.string in "()[]{}":
            brackets.append((start, 1 if token.string in "([{" else -1))
        if token.type == tokenize.COMMENT:
            text = token.string.lstrip("#").strip()
            text = text.removeprefix("@title ")
            if not is_code(text) and not SHAPE.fullmatch(text) and WORD.search(text):
                first = start + token.string.index(text)
                found.append(Unit(first, first + len(text), text, "comment", lambda words: words))
    return found, lambda place: sum(step for start, step in brackets if start < place)


def is_code(comment):
    """Whether a comment is a line of code that a reader may bring to life, like ``# check.hint("1.1")``."""
    if not comment.isascii():  # 形状 (n, 10) would be a call
        return False
    try:
        body = ast.parse(comment).body
    except SyntaxError:
        return False
    return bool(body) and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Call)


def docstring(start, end, literals, indent):
    """The unit of a docstring; its lines keep their indentation in the source."""
    [(prefix, quote, body)] = literals
    closing = "\n" + " " * indent if body.endswith("\n" + " " * indent) else ""

    def write(words):
        first, *more = words.split("\n")
        lines = [first, *(" " * indent + line if line else "" for line in more)]
        return prefix + quote + "\n".join(lines) + closing + quote

    return Unit(start, end, inspect.cleandoc(body), "docstring", write)


def string(source, start, end, literals, depth, role):
    """The unit of one or more literals in a row, or None if they have no word at all."""
    text = fstrings.text_of(literals)
    template = any("f" in prefix for prefix, _, _ in literals)
    if role == "name" or not has_words(text, template) or re.fullmatch(r"#[0-9a-f]{3,8}|C\d|%.*[fdges]", text):
        return None
    column = start - (source.rfind("\n", 0, start) + 1)
    line_end = source.find("\n", end)
    rest = len(source[end : line_end if line_end >= 0 else None])

    def write(words):
        line, room = fstrings.written(words, literals), WIDTH - column - min(rest, 12)
        whole = fstrings.columns(line) <= room or depth == 0 or room < NARROW
        return line if whole else fstrings.written(words, literals, room, column)

    return Unit(start, end, text, "f-string" if template else "string", write, key=role == "key")


def has_words(text, template):
    """Whether a string has a word of two letters or more, outside its formulas; in a placeholder, a string counts."""
    if template:
        pieces = []
        for hole, piece in fstrings.parts(text):
            pieces += [string[1:-1] for string in fstrings.STRING.findall(piece)] if hole else [piece]
        text = " ".join(pieces)
    return bool(WORD.search(re.sub(r"\$[^$]*\$", " ", text)))
