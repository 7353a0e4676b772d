"""The edition in Chinese: in step with the English one, equal to it but for texts, and set as Chinese is."""

import ast
import json

import polib
import pytest
from fontTools.ttLib import TTFont
from matplotlib import font_manager

from nnlib import recipes
from nnlib._support import language
from workshop.edition import (
    LOCALE,
    NOTEBOOKS,
    build,
    catalogue,
    english_lessons,
    fstrings,
    lesson,
    lints,
    parity,
    spoken,
    texts,
)
from workshop.edition import prose as prose_of_markdown
from workshop.edition.lists import Sorted

BUDGET = 0  # entries without a translation, or with one in doubt, that may be there: 0 at a release
FOLDER = LOCALE / "zh"
CATALOGUES = sorted(FOLDER.glob("*.po"))
LISTS = Sorted(FOLDER)
BUILT = [path for path in english_lessons() if (NOTEBOOKS / "zh" / path.name).exists()]
each_catalogue = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
each_lesson = pytest.mark.parametrize("path", english_lessons(), ids=lambda path: path.stem)
each_built = pytest.mark.parametrize("path", BUILT, ids=lambda path: path.stem)


# In step


SPOKEN = spoken.catalogues()


@pytest.mark.parametrize("name", [path.stem for path in english_lessons()] + list(SPOKEN))
def test_the_catalogue_has_the_texts_that_the_english_has_now(name):
    path = FOLDER / f"{name}.po"
    if name in SPOKEN:
        found = SPOKEN[name]
    else:
        found = lesson.all_texts(lesson.read(NOTEBOOKS / f"{name}.ipynb"), name[:2], LISTS)
    there = catalogue.load(path)
    assert [entry.msgid for entry in there] == [text.text for text in found], "python -m workshop.edition zh --update"
    assert str(catalogue.updated(there, found, "zh")) == str(there)


@each_catalogue
def test_no_translation_has_a_complaint(path):
    glossary = lints.glossary(FOLDER)
    found = [(entry.msgid, list(lints.complaints(entry, glossary))) for entry in catalogue.load(path)]
    assert [(text, complaints) for text, complaints in found if complaints] == []


@each_catalogue
def test_a_check_is_allowed_to_be_wrong_only_where_it_is(path):
    for entry in catalogue.load(path):
        if names := catalogue.allowed(entry):
            entry.tcomment = ""
            assert names <= {text.split(":")[0] for text in lints.complaints(entry, lints.glossary(FOLDER))}


def test_few_enough_texts_are_left_to_translate():
    left = [entry for path in CATALOGUES for entry in catalogue.load(path) if not entry.msgstr or entry.fuzzy]
    assert len(left) <= BUDGET
    assert BUDGET or len(BUILT) == len(english_lessons()), "a whole edition"
    assert not any(entry.obsolete for path in CATALOGUES for entry in catalogue.load(path))


def test_a_key_has_one_translation_in_all_catalogues():
    """A lesson finds by it what nnlib, or a stored result, keeps under it."""
    found = {}
    for path in CATALOGUES:
        for text, translated in catalogue.translations(catalogue.load(path)).items():
            if text in recipes.SEEN and not (
                text == "steps" and path.stem.startswith("07")
            ):  # there it is another word
                found.setdefault(text, set()).add(translated)
    assert {text: words for text, words in found.items() if len(words) > 1} == {}


# Equal but for texts


@each_built
def test_the_notebook_is_what_is_built_and_its_code_is_the_english_code(path):
    assert list(parity.source_differences(path, "zh")) == []


@each_built
def test_it_puts_out_what_the_english_one_does(path):
    assert list(parity.output_differences(path, "zh")) == []


@each_lesson
def test_without_translations_the_edition_is_the_english_one_in_a_folder_of_its_own(path):
    english = lesson.read(path)
    made = build.notebook(english, path.stem[:2], {}, LISTS, "zh")
    pairs = zip(english["cells"], made["cells"], strict=True)
    changed = [(of, there) for of, there in pairs if of["source"] != there["source"]]
    for of, there in changed:
        if of["cell_type"] == "markdown":
            assert "](../images/" in lesson.source_of(there)
            assert lesson.source_of(there).replace("](../images/", "](images/") == lesson.source_of(of)
        else:
            assert 'nnlib.language("zh")' in lesson.source_of(there)
            assert list(parity.code_differences(of, there, path.stem[:2], LISTS, "zh")) == []
    assert sum(of["cell_type"] == "code" for of, _ in changed) == 1


@each_lesson
def test_a_string_that_is_written_anew_is_the_same_string(path):
    for cell in lesson.read(path)["cells"]:
        if cell["cell_type"] == "code":
            source = lesson.source_of(cell)
            for unit in texts.units(source):
                if unit.kind in ("string", "f-string"):
                    written = source[unit.start : unit.end], unit.write(unit.text)
                    before, after = (ast.unparse(ast.parse(f"({text})")) for text in written)
                    assert before == after


def code(source):
    return {"id": "cell", "cell_type": "code", "metadata": {}, "source": source.splitlines(keepends=True)}


@pytest.mark.parametrize(
    "english, chinese, same",
    [
        ("x = 1  # the seed", "x = 1  # 种子", True),
        ("x = 1  # the seed", "x = 2  # 种子", False),
        ('print("two words", a)', 'print("两个词", a)', True),
        ('print("two words", a)', 'print("两个词", b)', False),
        ('print(f"loss {loss:.2f} of {n}")', 'print(f"{n} 中的损失 {loss:.2f}")', True),
        ('print(f"loss {loss:.2f}")', 'print(f"损失 {loss:.3f}")', False),
        ('print(f"loss {loss:.2f}")', 'print("损失")', False),
        ('plot(x, color="white")', 'plot(x, color="白")', False),
        ('found = stored["nothing"]', 'found = stored["无"]', False),
    ],
)
def test_code_that_is_not_the_english_code_is_noticed(english, chinese, same):
    found = list(parity.code_differences(code(english), code(chinese), "01", LISTS, "zh"))
    assert (found == []) == same


# What is cut into units, and put together again


def test_a_lesson_is_cut_into_whole_thoughts():
    source = (
        "## A head\n\nOne line\nand another with $x$.\n\n- an item\n  on two lines\n- a second\n\n"
        "| word | what |\n|---|---|\n| `a` | and so on |\n\n<details><summary>Open it</summary>\n\n"
        "```python\nx = 1  # a comment\n```\n\n$$x = 1$$\n\n</details>"
    )
    assert [(unit.text, unit.kind) for unit in prose_of_markdown.units(source)] == [
        ("A head", "heading 2"),
        ("One line and another with $x$.", "paragraph"),
        ("an item on two lines", "item of a list"),
        ("a second", "item of a list"),
        ("| word | what |", "row of a table"),
        ("| `a` | and so on |", "row of a table"),
        ("Open it", "fold"),
        ("a comment", "comment"),
    ]


def test_a_cell_is_cut_into_what_a_reader_reads():
    source = (
        '# @title Figure: a line\ndef f(x):\n    """Twice x."""\n    return 2 * x  # (n, 10)\n\n'
        "show(f\"loss {a['x'] if 0 else 1:.2f} of \"\n"
        '     "all of it", color="white", label="the line")\n# check.hint("1.1")'
    )
    found = texts.units(source)
    assert [(unit.text, unit.kind) for unit in found] == [
        ("Figure: a line", "comment"),
        ("Twice x.", "docstring"),
        ("loss {a['x'] if 0 else 1:.2f} of all of it", "f-string"),
        ("the line", "string"),
    ]
    loss = "loss {a['x'] if 0 else 1:.2f} of all of it"
    made = lesson_of(source, {"Figure: a line": "图：一条线", loss: "“损失” {a['x'] if 0 else 1:.2f}"})
    assert made.startswith("# @title 图：一条线\n")
    assert "show(f\"“损失” {a['x'] if 0 else 1:.2f}\", color" in made


def lesson_of(source, translations):
    return build.translated(code(source), "01", translations, LISTS)


def test_a_long_translation_is_wrapped_where_the_english_is_and_stays_one_string():
    source = 'show(\n    fig,\n    "One sentence that is long, "\n    "and goes on.",\n)'
    chinese = "一个很长的句子，" * 20
    made = lesson_of(source, {"One sentence that is long, and goes on.": chinese})
    assert ast.literal_eval(ast.parse(made).body[0].value.args[1]) == chinese
    assert max(map(fstrings.columns, made.split("\n"))) <= 120 and made.count("\n") > 4


def test_an_edited_sentence_is_in_doubt_and_says_what_it_was():
    old = polib.POFile()
    old.append(polib.POEntry(msgid="The loss falls in every step.", msgstr="每一步损失都下降。"))
    old.append(polib.POEntry(msgid="A sentence that goes.", msgstr="消失的句子。"))
    now = [
        lesson.Text("The loss falls in nearly every step.", [("a", "paragraph")]),
        lesson.Text("New!", [("b", "heading 2")]),
    ]
    first, second = catalogue.updated(old, now, "zh")
    assert first.fuzzy and first.msgstr == "每一步损失都下降。"
    assert first.previous_msgid == "The loss falls in every step."
    assert not second.msgstr and not second.fuzzy
    made = catalogue.updated(old, now, "zh")
    assert catalogue.translations(made) == {}, "what is in doubt stands in English"


# How Chinese is set


@pytest.mark.parametrize(
    "english, chinese, kind, complaint",
    [
        ("The loss is 3.", "损失是 3。", "paragraph", None),
        ("The loss is 3.", "损失是3。", "paragraph", "spacing"),
        ("The loss is 3.", "损失是 4。", "paragraph", "numbers"),
        ("Two losses.", "2 个损失。", "paragraph", None),
        ("The loss is 87 %.", "损失是 87%。", "paragraph", None),
        ("The loss is 87 %.", "损失是 87 %。", "paragraph", "spacing"),
        ("The loss is `x`.", "损失是 `y`。", "paragraph", "parts"),
        ("The loss is $x$.", "损失是 $y$。", "paragraph", "parts"),
        (r"$x \text{so}$ the loss", r"损失 $x \text{所以}$", "paragraph", None),
        ("A [loss](a.ipynb).", "[损失](b.ipynb)。", "paragraph", "parts"),
        ("A <kbd>key</kbd>.", "一个键。", "paragraph", "parts"),
        ("The **loss**.", "**损失**。", "paragraph", None),
        ("The **loss**. W", "**损失。**W", "paragraph", "asterisks"),
        ("The *loss*.", "**损失**。", "paragraph", None),
        ("The *loss*.", "*损失*。", "paragraph", "asterisks"),
        ("The loss, here.", "损失,这里。", "paragraph", "punctuation"),
        ("The loss (here).", "损失(这里)。", "paragraph", "punctuation"),
        ("The loss (n, 10).", "损失 (n, 10)。", "paragraph", "numbers"),
        ("The loss.", "您的损失。", "paragraph", "style"),
        ("The loss.", "请看损失。", "paragraph", "style"),
        ("The loss.", "代价。", "paragraph", "glossary"),
        ("The loss.", "Loss.", "paragraph", "language"),
        ("| a | loss |", "| a | 损失", "row of a table", "lines"),
        ("| a (so)? | loss |", "| a 吗？ | 损失（如此） |", "row of a table", None),
        ("See [lesson 1](a.ipynb), the loss.", "看[第 1 课](a.ipynb)的损失。", "paragraph", None),
        ("{name}, {n}:", "{name}，{n}：", "f-string", None),
        ("loss {n:,} of $n$", "损失 {n:,}，共 n", "f-string", None),
        ("loss {n:,} of $n$", "损失 {n:,}，共 $n$", "f-string", "boxes"),
        ("loss {n:,}", "损失 {n}", "f-string", "placeholders"),
        ("loss {n:,}", "损失 {n:,", "f-string", "placeholders"),
    ],
)  # fmt: skip
def test_a_complaint_names_what_is_wrong(english, chinese, kind, complaint):
    entry = polib.POEntry(msgid=english, msgstr=chinese, comment=f"[cell] {kind}")
    names = {text.split(":")[0] for text in lints.complaints(entry, lints.glossary(FOLDER))}
    if english == "The loss (n, 10).":
        assert names == set()
    elif complaint is None:
        assert names == set()
    else:
        assert complaint in names
        entry.tcomment = f"allow: {', '.join(names)}"
        assert list(lints.complaints(entry, lints.glossary(FOLDER))) == []


# What comes with nnlib


def test_nnlib_has_the_translations_of_its_catalogues():
    there = json.loads((language.FOLDER / "zh.json").read_text(encoding="utf-8"))
    assert there == spoken.translated("zh"), "python -m workshop.edition zh --update"


def test_what_two_rooms_of_nnlib_say_has_one_translation():
    found = [catalogue.translations(catalogue.load(FOLDER / f"{name}.po")) for name in SPOKEN]
    both = {text for name, texts in SPOKEN.items() for text in (t.text for t in texts)}
    differing = {text for text in both if len({each[text] for each in found if text in each}) > 1}
    assert differing == set()


def test_every_character_has_a_glyph():
    used = {c for path in CATALOGUES for entry in catalogue.load(path) for c in entry.msgstr if c.isprintable()}
    latin = TTFont(font_manager.findfont("DejaVu Sans")).getBestCmap()
    chinese = TTFont(language.FOLDER / language.FONTS["zh"][1]).getBestCmap()
    known = {chr(code) for cmap in (latin, chinese) for code in cmap}
    assert used - known == set(), "python -m workshop.edition.font"
    assert (language.FOLDER / language.FONTS["zh"][1]).stat().st_size < 800_000
