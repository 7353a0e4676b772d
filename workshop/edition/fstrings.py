"""The strings of Python, as texts with placeholders and back: ``f"{n:,} images"`` is the text ``{n:,} images``."""

import ast
import re

from nnlib._support.console import columns

LITERAL = re.compile(r"([rRuUfFbB]{0,2})('''|\"\"\"|'|\")")
ESCAPE = re.compile(r"\\(?:\n|N\{[^}]*\}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|[0-7]{1,3}|.)")
STRING = re.compile(r"'[^']*'|\"[^\"]*\"")


def literals(segment):
    """``[(prefix, quote, body)]``: the literals that follow one another in a piece of source."""
    found, place = [], 0
    while place < len(segment):
        match = LITERAL.match(segment, place)
        if not match:  # what stands between two: space, the end of a line, a comment
            place = segment.index("\n", place) if segment[place] == "#" else place + 1
            continue
        prefix, quote = match[1].lower(), match[2]
        start = place = match.end()
        while not segment.startswith(quote, place):
            if segment[place] == "\\":
                place += 2
            elif "f" in prefix and segment.startswith("{{", place):
                place += 2
            elif "f" in prefix and segment[place] == "{":
                place = end_of_placeholder(segment, place)
            else:
                place += 1
        found.append((prefix, quote, segment[start:place]))
        place += len(quote)
    return found


def end_of_placeholder(text, start):
    """The place after the ``}`` that closes the ``{`` at start: strings and brackets inside are passed over."""
    depth, place = 0, start
    while True:
        if place >= len(text):
            raise ValueError(f"the placeholder that begins with {text[start : start + 30]!r} is not closed")
        if text[place] in "'\"" and (string := STRING.match(text, place)):
            place = string.end()
            continue
        depth += (text[place] in "{[(") - (text[place] in "}])")
        place += 1
        if depth == 0:
            return place


def parts(template):
    """``[(is_placeholder, text)]`` of a template; ``{{`` and ``}}`` stay as they are in the texts."""
    found, place, start = [], 0, 0
    while place < len(template):
        if template.startswith(("{{", "}}"), place):
            place += 2
        elif template[place] == "{":
            end = end_of_placeholder(template, place)
            found += [(False, template[start:place]), (True, template[place:end])]
            place = start = end
        elif template[place] == "}":
            raise ValueError(f"a single }} in {template!r}; a brace of the text is written twice")
        else:
            place += 1
    found.append((False, template[start:]))
    return [part for part in found if part[1]]


def placeholders(template):
    """The placeholders of a template, in alphabetical order."""
    return sorted(text for is_placeholder, text in parts(template) if is_placeholder)


def without_placeholders(template):
    """The words of a template, with a space for each placeholder."""
    return "".join(" " if is_placeholder else text for is_placeholder, text in parts(template))


def text_of(found):
    """The text that literals in a row stand for; a template if one of them is an f-string."""
    template = any("f" in prefix for prefix, _, _ in found)
    pieces = []
    for prefix, _, body in found:
        if "f" not in prefix:
            text = unescaped(prefix, body)
            pieces.append(text.replace("{", "{{").replace("}", "}}") if template else text)
        else:
            pieces += [text if hole else unescaped(prefix, text) for hole, text in parts(body)]
    return "".join(pieces)


def unescaped(prefix, body):
    """What a part of a literal's source stands for."""
    if "r" in prefix:
        return body
    return ESCAPE.sub(lambda escape: ast.literal_eval(f"'''_{escape[0]}_'''")[1:-1], body)


def escaped(text, quote):
    """A text as it stands between quotes."""
    text = text.replace("\\", "\\\\").replace(quote, "\\" + quote)
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def written(text, found, width=None, indent=0):
    """A text as a literal, like those found in the English; over several lines if it is wider than ``width``."""
    template = any("f" in prefix for prefix, _, _ in found)
    pieces = parts(text) if template else [(False, text)]
    quote = "'" if any(hole and '"' in piece for hole, piece in pieces) else '"'
    raw = all("r" in prefix for prefix, _, _ in found) and "\n" not in text and quote not in text
    prefix = "f" * template + "r" * raw
    atoms = []  # what no line may break
    for hole, piece in pieces:
        if hole:
            atoms.append(piece)
        else:
            for atom in re.findall(r"\{\{|\}\}|.", piece, re.DOTALL):
                atoms.append(atom if raw or atom in ("{{", "}}") else escaped(atom, quote))
    if "$" in text or width is None:
        lines = ["".join(atoms)]
    else:
        lines = wrapped(atoms, width - len(prefix) - 2)
    return ("\n" + " " * indent).join(literal_line(line, prefix, quote) for line in lines)


def literal_line(line, prefix, quote):
    """One literal; a line without a placeholder needs no ``f``, but then its braces are single."""
    if "f" in prefix and not any(hole for hole, _ in parts(line)):
        return f"{prefix.replace('f', '')}{quote}{line.replace('{{', '{').replace('}}', '}')}{quote}"
    return f"{prefix}{quote}{line}{quote}"


def wrapped(atoms, width):
    """The atoms in lines that are no wider, broken after a space or a punctuation mark where there is one."""
    lines = [[]]
    for atom in atoms:
        if columns("".join([*lines[-1], atom])) > width:
            breaks = [i + 1 for i, a in enumerate(lines[-1]) if a in " ，。；：、！？" or a == "\\n"]
            cut = breaks[-1] if breaks and breaks[-1] > len(lines[-1]) // 3 else len(lines[-1])
            lines[-1], rest = lines[-1][:cut], lines[-1][cut:]
            lines.append(rest)
        lines[-1].append(atom)
    return ["".join(line) for line in lines if line]
