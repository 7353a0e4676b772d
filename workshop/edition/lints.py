"""What a translation must have in common with its English, and how Chinese is set.

Each check takes the two texts and yields what is wrong; a translator who has a reason writes ``# allow: NAME`` above
the entry. Kinds of the code have placeholders; those of Markdown have formulas, code spans, links and HTML.
"""

import re
from collections import Counter
from functools import cache

from workshop.edition import fstrings
from workshop.edition.catalogue import allowed
from workshop.edition.numerals import written_out
from workshop.edition.prose import PARSER
from workshop.edition.unit import CODE_SPAN, FORMULA, WORD, WORDS_IN_FORMULA

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
MARKS = "，。；：！？、（）“”"
LINK = re.compile(r"(?<=\]\()[^)]+(?=\))")
LINKED = re.compile(r"!?\[([^\]]*)\]\([^)]+\)")  # what a reader sees of a link
TOO_MANY = re.compile(f"[{HAN}{MARKS}] +[{HAN}{MARKS}]| [，。；：！？、）”]|[，。；：！？、（“] ")
HALF_WIDTH = re.compile(rf"[{HAN}][,;:!?.](?!\d)|[,;:!?][{HAN}]|[{HAN}]\(|\)[{HAN}]|\([^()]*[{HAN}][^()]*\)")
TAG = re.compile(r"</?[a-z][^<>]*>|&\w+;")
SLANTED = re.compile(r"(?<![*\\])\*([^*\n]+)\*(?!\*)")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*(?:e[-−+]?\d+)?")
PARTS = {"code": CODE_SPAN, "formula": FORMULA, "link": LINK, "HTML": TAG}


def complaints(entry, glossary):
    """What is wrong with a translated entry of a catalogue: ``name: what``."""
    if not entry.msgstr or entry.fuzzy:
        return
    kinds = {line.split("] ", 1)[-1] for line in entry.comment.split("\n")}
    template = "f-string" in kinds
    in_code = not kinds.isdisjoint({"comment", "docstring", "string", "f-string", "string in a placeholder"})
    free = allowed(entry)
    english, chinese = entry.msgid, entry.msgstr
    for name, check in CHECKS.items():
        if name in free:
            continue
        if name == "glossary":
            found = check(english, chinese, template, in_code, glossary)
        else:
            found = check(english, chinese, template, in_code)
        for what in found:
            yield f"{name}: {what}"


def words_only(text, template=False, mark="\uffff"):
    """A text with a mark in the place of each placeholder, formula, code span and tag, and links without targets."""
    if template:
        text = "".join(mark if hole else part for hole, part in fstrings.parts(text))
    for pattern in (CODE_SPAN, FORMULA, TAG):
        text = pattern.sub(mark, text)
    return LINKED.sub(r"\1", text)


def different(english, chinese):
    """What one list has and the other has not, in words."""
    missing, more = Counter(english) - Counter(chinese), Counter(chinese) - Counter(english)
    if missing:
        yield "not in the translation: " + "  ".join(missing)
    if more:
        yield "not in the English: " + "  ".join(more)


def placeholders(english, chinese, template, in_code):
    """The placeholders of an f-string are the same, in any order."""
    if template:
        try:
            yield from different(fstrings.placeholders(english), fstrings.placeholders(chinese))
        except ValueError as error:
            yield str(error)


def numbers(english, chinese, template, in_code):
    """The same numbers in digits; a number that is a word in English may be in digits, too."""
    texts = (english, chinese) if not in_code else (english, chinese.replace("$", " "))
    of, there = (Counter(NUMBER.findall(words_only(text, broken(template, text), " "))) for text in texts)
    if missing := of - there:
        yield "not in the translation: " + " ".join(missing)
    if more := [number for number in there - of if number not in written_out(english)]:
        yield "not in the English: " + " ".join(more)


def broken(template, text):
    """Whether the placeholders of a template can be told from its words; if not, the first check says so."""
    try:
        fstrings.parts(text)
    except ValueError:
        return False
    return template


def parts_of(kind, text):
    """The parts of this kind; words in a formula are translated, so they do not count."""
    if kind in ("link", "HTML"):
        text = FORMULA.sub(" ", CODE_SPAN.sub(" ", text))
    if kind == "formula":
        text = CODE_SPAN.sub(" ", text)
    found = [match[0] for match in PARTS[kind].finditer(text)]
    return [re.sub(r"\s+", " ", WORDS_IN_FORMULA.sub(r"\\text{}", part)) for part in found]


def same_parts(english, chinese, template, in_code):
    """The same formulas, code spans, targets of links and HTML tags."""
    for kind in PARTS:
        if not in_code or kind == "code":
            yield from (f"{kind} {what}" for what in different(parts_of(kind, english), parts_of(kind, chinese)))


def lines(english, chinese, template, in_code):
    """A row of a table has the same cells; a text of several lines begins and ends as the English does."""
    if english.startswith("|") and "|" in english[1:]:
        if english.replace(r"\|", "").count("|") != chinese.replace(r"\|", "").count("|"):
            yield "not as many bars (|) as in the English"
    for edge in (0, -1):
        if (english[edge] == "\n") != (chinese[edge] == "\n"):
            yield "the end of a line at the edge of the text"


def boxes(english, chinese, template, in_code):
    """Matplotlib draws a label with a formula in one font, without Chinese."""
    if in_code and chinese.count("$") >= 2 and re.search(f"[{HAN}]", chinese):
        yield "Chinese in a label with $…$ is drawn as boxes; write the formula in plain letters, like η"


def spacing(english, chinese, template, in_code):
    """A space between Chinese and Latin letters, digits, code and formulas; none before % and °."""
    text = words_only(chinese, broken(template, chinese)).replace("*", "")
    if english.startswith("|"):
        text = re.sub(r" *\| *", "|", text)
    other = "A-Za-zα-ωΑ-Ω0-9\uffff"
    for pattern in (f"[{HAN}][{other}]", f"[{other}%°][{HAN}]"):
        for match in re.finditer(pattern, text):
            around = text[max(0, match.start() - 4) : match.end() + 4].replace("\uffff", "□")
            yield f"a space is missing: {around}"
    for match in re.finditer(r"[\d\uffff] [%°]", text):
        yield f"no space before {match[0][-1]}"
    for match in re.finditer(TOO_MANY, text.strip()):
        yield f"a space too many: {text[max(0, match.start() - 4) : match.end() + 4]}"


def punctuation(english, chinese, template, in_code):
    """Full-width marks beside Chinese; brackets with nothing Chinese inside may be half-width."""
    text = words_only(chinese, broken(template, chinese)).replace("*", "")
    for match in HALF_WIDTH.finditer(text):
        yield f"half-width mark beside Chinese: {match[0][:30]}"
    if re.search(f"[{HAN}]", text) and re.search(r"\"", text):
        yield "straight quotes; write “…”"
    if re.search(f"[{HAN}]", text) and "..." in text:
        yield "three full stops; write ……"


def style(english, chinese, template, in_code):
    """你, and no 请."""
    if "您" in chinese:
        yield "您; write 你"
    if re.search(r"(?<!申)请(?!求)", chinese):
        yield "请"


def asterisks(english, chinese, template, in_code):
    """Emphasis is emphasis, and not an asterisk on the page."""
    if in_code:
        return
    counts = []
    for text in (english, chinese):
        plain = FORMULA.sub(" ", text)
        inline = [child for token in PARSER.parse(plain) for child in token.children or ()]
        counts.append(sum(child.content.count("*") for child in inline if child.type == "text"))
        counts.append(sum(child.type in ("strong_open", "em_open") for child in inline))
    if counts[2] > counts[0]:
        yield "an asterisk is shown: put marks like 。 outside the ** or beside a space"
    if counts[3] != counts[1]:
        yield f"{counts[1]} emphasised in English, {counts[3]} in the translation"
    slanted = [text for text in SLANTED.findall(words_only(chinese)) if re.search(f"[{HAN}]", text)]
    if slanted:
        yield f"*{slanted[0]}* would be slanted; Chinese is emphasised in bold: **{slanted[0]}**"


def language(english, chinese, template, in_code):
    """A translation has a Chinese character or mark in it; what stays as it is belongs in keep.txt."""
    if not re.search(f"[{HAN}{MARKS}]", chinese) and WORD.search(words_only(english, broken(template, english), " ")):
        yield "no Chinese in it; if the text stays as it is, add it to keep.txt"


@cache
def glossary(folder):
    """``[(pattern of the English term, its Chinese forms)]``, the longest terms first."""
    found = []
    for line in (folder / "glossary.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("# "):
            term, forms = line.split(" = ")
            pattern = r"\b" + re.escape(term).replace(r"\ ", r"[\s-]") + r"(?:s|es)?\b"
            found.append((term, re.compile(pattern, re.IGNORECASE), tuple(form.strip() for form in forms.split(" / "))))
    return sorted(found, key=lambda term: -len(term[0]))


def terms(english, chinese, template, in_code, glossary):
    """Each term of the English asks for one of its Chinese words."""
    text = words_only(english, broken(template, english), " ")
    for term, pattern, forms in glossary:
        if pattern.search(text):
            text = pattern.sub(" ", text)
            if not any(form in chinese for form in forms):
                yield f"{term} is {' or '.join(forms)}"


CHECKS = {
    "placeholders": placeholders,
    "numbers": numbers,
    "parts": same_parts,
    "lines": lines,
    "boxes": boxes,
    "spacing": spacing,
    "punctuation": punctuation,
    "style": style,
    "asterisks": asterisks,
    "language": language,
    "glossary": terms,
}
