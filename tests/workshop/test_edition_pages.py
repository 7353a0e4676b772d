"""The pages in Chinese: those that are built are in step with the English ones; the README, written by hand, too."""

import io
import re
import tokenize

import pytest

from tests import ROOT
from workshop.edition import LOCALE, catalogue, english_lessons, figures, lints, pages
from workshop.edition.lists import Sorted
from workshop.edition.numerals import written_out

FOLDER = LOCALE / "zh"
PAGES = [path for name in pages.FOLDERS for path in pages.english_pages(name)]
each_catalogue = pytest.mark.parametrize("name", pages.FOLDERS)
each_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)

ENGLISH = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = pages.READMES["zh"].read_text(encoding="utf-8")
OF_ITS_OWN = "在中国大陆安装"  # the section that the English README has not
ELSEWHERE = {("teaching", "teaching/zh"), ("notebooks", "notebooks/zh")}


# Pages that are built


@each_catalogue
def test_the_catalogue_has_the_texts_that_the_pages_have_now(name):
    there = catalogue.load(FOLDER / f"{name}.po")
    found = pages.all_texts(name, Sorted(FOLDER))
    assert [entry.msgid for entry in there] == [text.text for text in found], "python -m workshop.edition zh --update"
    assert str(catalogue.updated(there, found, "zh")) == str(there)


@each_page
def test_the_page_is_what_is_built_and_has_the_blocks_and_the_code_of_the_english_one(path):
    assert list(pages.differences(path, "zh")) == []


@each_catalogue
def test_a_page_names_headings_and_exercises_as_the_notebook_does(name):
    known = pages.headings("zh")
    assert [found for entry in catalogue.load(FOLDER / f"{name}.po") for found in pages.complaints(entry, known)] == []


def test_a_heading_under_another_name_is_noticed():
    known = {"Two layers": "两层", "1.2 · A neuron": "1.2 · 神经元"}
    for english, chinese, right in [
        ("| 5 | Go on. | *Two layers* |", "| 5 | 往下讲。 | *两层* |", True),
        ("| 5 | Go on. | *Two layers* |", "| 5 | 往下讲。 | *双层* |", False),
        ("| 1.2 | A neuron | Why. |", "| 1.2 | 神经元 | 为什么。 |", True),
        ("| 1.2 | A neuron | Why. |", "| 1.2 | 一个神经元 | 为什么。 |", False),
    ]:
        entry = catalogue.polib.POEntry(msgid=english, msgstr=chinese)
        assert (list(pages.complaints(entry, known)) == []) == right, chinese


@each_page
def test_every_link_of_a_page_leads_somewhere_and_to_chinese_where_there_is_some(path):
    place = pages.edition_of(path, "zh")
    for target in pages.LINK.findall(place.read_text(encoding="utf-8")):
        file, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        there = (place.parent / file).resolve() if file else place
        assert there.exists() or there.parent.parent / there.name in english_lessons(), target
        assert pages.edition_of(there, "zh") == there, f"{target} has an edition of its own"
        assert not anchor or anchor in pages.slugs(there.read_text(encoding="utf-8")), target


def test_what_has_no_edition_is_linked_in_english():
    made = pages.built(ROOT / "teaching" / "thirty_people.md", "zh")
    assert "(../../workshop/benchmarks/classroom.py)" in made
    assert "(#没有互联网的教室)" in made and "(https://mybinder.org)" in made


def test_a_figure_that_changed_leaves_no_translation_in_doubt(tmp_path):
    page = tmp_path / "page.md"
    texts = []
    for figure in ("99.1 to 99.5 %", "9 minutes"):
        page.write_text(f"It is <!-- a.b -->{figure}<!-- / --> here.")
        cell, known = pages.cell_of(page)
        texts.append(cell["source"])
    assert texts == ["It is <a.b> here."] * 2
    assert figures.placed("要 <a.b> 就够了，<c.d>。", known) == "要 9 分钟就够了，<c.d>。"


@pytest.mark.parametrize(
    "english, chinese",
    [
        ("99.1 to 99.5 %", "99.1% 到 99.5%"),
        ("98.53 ± 0.05 %", "98.53 ± 0.05%"),
        ("17 seconds", "17 秒"),
        ("13 to 16 s", "13 到 16 秒"),
        ("25 GB, Linux, Python 3.11.7", "25 GB、Linux、Python 3.11.7"),
        ("99.30, 99.43, 99.35", "99.30, 99.43, 99.35"),
        ("11.7 GB", "11.7 GB"),
    ],
)
def test_a_figure_is_written_as_chinese_writes_it(english, chinese):
    assert figures.in_chinese(english) == chinese


def test_no_figure_of_a_page_is_left_in_english():
    texts = [path.read_text(encoding="utf-8") for path in [*PAGES, ROOT / "README.md"]]
    found = {figures.in_chinese(figure) for text in texts for figure in figures.named(text)[1].values()}
    assert len(found) > 20
    assert [figure for figure in found if re.search(r"\b(?!Linux|Python)[A-Za-z]*[a-z]{2}|\d %", figure)] == []


# The README


def sections(text):
    """``{heading: what stands below it}``, in order; what comes first has no heading."""
    parts = re.split(
        r"(?m)^## (.+)\n", re.sub(r"```.*?```", lambda code: code[0].replace("\n#", "\n "), text, flags=re.S)
    )
    return dict(zip(["", *parts[1::2]], parts[::2], strict=True))


PAIRS = list(zip(sections(ENGLISH).values(), (s for h, s in sections(CHINESE).items() if h != OF_ITS_OWN), strict=True))
each_section = pytest.mark.parametrize("english, chinese", PAIRS, ids=list(sections(ENGLISH)))


def code_of(text):
    """The blocks of code, without comments."""
    for language, code in re.findall(r"```(\w*)\n(.*?)```", text, flags=re.S):
        if language == "python":
            tokens = tokenize.generate_tokens(io.StringIO(code).readline)
            yield [token.string for token in tokens if token.type not in (tokenize.COMMENT, tokenize.NL)]
        else:
            yield code


@each_section
def test_the_chinese_readme_has_the_commands_to_the_letter(english, chinese):
    assert list(code_of(english)) == list(code_of(chinese))
    spans = [set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S))) for text in (english, chinese)]
    assert spans[0] <= spans[1]


@each_section
def test_the_chinese_readme_has_the_figures(english, chinese):
    marked = [figures.named(text)[1] for text in (english, chinese)]
    assert {name: figures.in_chinese(figure) for name, figure in marked[0].items()} == marked[1]
    numbers = [
        set(lints.NUMBER.findall(lints.words_only(figures.named(text)[0], mark=" "))) for text in (english, chinese)
    ]
    assert numbers[0] - numbers[1] == set()
    of_the_post = {"784", "100", "10", "0.5", "30", "96.58", "50", "4"} if chinese == PAIRS[0][1] else set()
    assert numbers[1] - numbers[0] - written_out(english) <= of_the_post | {"28"}


@each_section
def test_the_chinese_readme_has_the_same_items_rows_and_links(english, chinese):
    for mark in (r"(?m)^- ", r"(?m)^\|", r"(?m)^!\["):
        assert len(re.findall(mark, english)) == len(re.findall(mark, chinese))
    links = [set(pages.LINK.findall(text)) for text in (english, chinese)]
    assert {in_edition(link) for link in links[0]} <= links[1] | {"README.zh-CN.md"}


def in_edition(link):
    """Where a link of the English README leads in the Chinese one."""
    file, _, anchor = link.partition("#")
    if ":" in link or file == "README.zh-CN.md":
        return link
    path, there = ROOT / file, pages.edition_of(ROOT / file, "zh")
    file = dict(ELSEWHERE).get(file, there.relative_to(ROOT).as_posix())
    if anchor and there != path:
        before, after = (pages.slugs(of.read_text(encoding="utf-8")) for of in (path, there))
        anchor = after[before.index(anchor)]
    return f"{file}{'#' * bool(anchor)}{anchor}"


def test_each_readme_leads_to_the_other_at_its_top():
    assert "[中文](README.zh-CN.md)" in ENGLISH[:200] and "[English](README.md)" in CHINESE[:200]


def test_every_link_of_the_chinese_readme_leads_somewhere():
    for link in pages.LINK.findall(CHINESE):
        file, _, anchor = link.partition("#")
        if ":" not in link:
            there = ROOT / file
            assert there.exists() or there.parent.parent / there.name in english_lessons(), link
            assert not anchor or anchor in pages.slugs(there.read_text(encoding="utf-8")), link


def test_the_chinese_readme_is_set_as_chinese_is():
    text = re.sub(r"```.*?```", "", figures.MARKED.sub(r"\2", CHINESE), flags=re.S)
    for line in text.splitlines():
        line = re.sub(r"\"[ -~]+\"", "Q", re.sub(r"^(- |#+ )", "", line))  # English messages keep their quotes
        for check in (lints.spacing, lints.punctuation, lints.style):
            assert list(check(line, line, False, False)) == [], line


def test_the_mirror_is_named_by_the_environment_and_the_locked_files_are_checked():
    section = sections(CHINESE)[OF_ITS_OWN]
    [commands] = code_of(section)
    assert "export PIP_INDEX_URL=" in commands and "export UV_DEFAULT_INDEX=$PIP_INDEX_URL" in commands
    assert "uv export --frozen" in commands and "--require-hashes" in commands
    assert not re.search(r"uv (run|sync|lock|add)\b", commands), "these would write the mirror into uv.lock"
