"""The language in which nnlib speaks: a reader's own, and English where a translation is missing."""

import ast
import re
from dataclasses import replace

import pytest

import nnlib
from nnlib import recipes
from nnlib._support import language
from nnlib.check import exercises, judge
from tests import ROOT
from workshop.edition import fstrings, spoken


@pytest.fixture
def speaks():
    """`nnlib.language`; afterwards nnlib speaks English again."""
    yield nnlib.language
    nnlib.language("en")


def test_it_speaks_chinese_where_it_can_and_english_where_not(speaks, monkeypatch, tmp_path):
    (tmp_path / "zh.json").write_text('{"{n} images": "{n} 张图像"}', encoding="utf-8")
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    assert language.say("{n} images", n=3) == "3 images"
    speaks("zh")
    assert language.say("{n} images", n=3) == "3 张图像" and language.say("{n} digits", n=3) == "3 digits"
    assert language.say("no {placeholder}") == "no {placeholder}"
    speaks("en")
    assert language.say("{n} images", n=3) == "3 images" and language.chosen() == "en"
    with pytest.raises(ValueError, match=r"code must be one of 'en', 'zh'; got 'fr'\."):
        speaks("fr")


def test_stored_results_are_found_by_both_names_and_show_the_readers(speaks, monkeypatch):
    monkeypatch.setattr(language, "_texts", {"students": "学生", "all": "全体"})
    groups = recipes.load_result("writers")["networks"]["shipped"]
    assert list(groups) == ["全体", "学生", "employees"]
    assert groups["students"] is groups["学生"]
    with pytest.raises(KeyError, match="nobody"):
        groups["nobody"]


def test_figures_get_the_font_in_chinese_and_not_in_english(speaks):
    from matplotlib import rcParams

    from nnlib import plots

    assert language.fonts() == []
    speaks("zh")
    fig, ax = plots.figure()
    ax.set_title("损失 −1", fontweight="bold")
    assert rcParams["font.family"] == ["DejaVu Sans", "Noto Sans SC"]
    assert len(plots.show(fig, "一张没有线的图，只有标题。").png) > 1000
    rcParams["font.family"] = ["DejaVu Sans"]


TELLING = [ROOT / "nnlib" / f"{name}.py" for name in ("plots", "recipes", "museum", "_support/progress")]
TELLING += [path for room in ("check", "check/exercises") for path in sorted((ROOT / "nnlib" / room).glob("*.py"))]


@pytest.fixture(scope="module")
def catalogued():
    """All texts that the catalogue has, one after the other."""
    return "\n".join(text.text for text in spoken.all_texts())


@pytest.mark.parametrize("path", TELLING, ids=lambda path: path.relative_to(ROOT / "nnlib").as_posix())
def test_every_sentence_for_a_reader_is_in_the_catalogue(path, catalogued):
    """All strings with three words or more, but for docstrings and error messages."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    silent = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            around, of = [], node
            while (of := parents.get(of)) is not None:
                around.append(of)
            raised = any(isinstance(of, ast.Raise) for of in around)
            docstring = isinstance(around[0], ast.Expr)
            of_a_recipe = isinstance(around[0], ast.keyword) and around[0].arg == "name"  # a file is named after it
            sentence = len(re.findall(r"(?<!\S)[A-Za-z']{2,}[.,;:?]?(?!\S)", node.value)) >= 3
            other = raised or docstring or of_a_recipe or "<" in node.value
            if sentence and not other and node.value not in catalogued:
                silent.append(node.value)
    assert silent == []


class Pseudo(dict):
    """A language in which every word is "…", to see which words do not go through the catalogue."""

    def get(self, text, default=None):
        try:
            return "".join(part if hole else "…" for hole, part in fstrings.parts(text))
        except ValueError:
            return "…"


QUICK = [name for name, item in exercises.every().items() if isinstance(item, exercises.Exercise)]  # the rest trains


@pytest.mark.parametrize("name", QUICK)
def test_an_answer_has_no_english_word_in_another_language(name, monkeypatch):
    monkeypatch.setattr(language, "_texts", Pseudo())
    item = replace(exercises.find(name), tries=2)  # it is the words that count here
    for made in (lambda *given: None, lambda *given: "nothing", item.reference, item.mistakes[0][0]):
        text = judge.answer(item, named_f(made)).text.replace("str 'nothing'", "").replace("NaN", "")
        assert re.findall(r"[A-Za-z]{2,}", text) == [], text


def named_f(function):
    """The same function under a name that is no word."""

    def f(*given):
        return function(*given)

    return f
