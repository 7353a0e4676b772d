"""The site: every lesson is there as it is stored, every link leads somewhere, and all works from a folder.

In a browser the ordinary command opens a choice of pages on a phone: the front page, a page to search, one for
teachers, and the lessons 1 and 9; the front page and lesson 1 at a desk, too; of the Chinese pages the front page and
lesson 1 on a phone. Of a lesson, axe sees the beginning.
The long checks open all pages, whole, at two sizes and in two themes.
"""

import base64
import functools
import gzip
import html
import os
import posixpath
import re
import zipfile
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import quote_plus, unquote, urlsplit
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from fontTools.ttLib import TTFont

from tests import ROOT
from tests.test_notebooks import PATHS
from workshop.lite.visit import Quiet, listening
from workshop.pad_page import clear, digit, draw
from workshop.site import book, formulas, languages, live, pages
from workshop.site.build import build
from workshop.site.chinese import SearchChinese
from workshop.site.languages import EDITIONS, edition, speaking
from workshop.site.lessons import is_folded
from workshop.site.pages import PROJECT

LONG = bool(os.environ.get("NNLIB_LONG_TESTS"))
LOOKS = [(1280, "light"), (390, "dark"), (390, "light"), (1280, "dark")]
CHOSEN = [
    "index.html",
    "search.html",
    "teaching/lesson_2.html",
    *(f"lessons/{path.stem}.html" for path in PATHS if path.stem[:2] in ("01", "09")),
]


def names():
    """The files of an edition's pages, below the site's folder."""
    for page in ["index", "search", *(page.name for page in pages.all_pages().values())]:
        if not page.startswith("../"):
            yield f"{edition().folder}/{page}.html".lstrip("/")


def in_each_edition(found):
    """What a function finds in each language."""
    for code in EDITIONS:
        with speaking(code):
            yield from found()


EVERY = list(in_each_edition(names))
CHINESE = ["zh/index.html", "zh/lessons/01_forward_pass.html"]
LESSONS = list(in_each_edition(pages.lessons))
FIVE = [[(0.8, 0), (0.2, 0), (0.15, 0.45), (0.6, 0.4), (0.8, 0.7), (0.5, 1), (0.1, 0.9)]]
LEFT = "net::ERR_ABORTED"  # what a page had asked for when it was left
AXE = {"preload": False, "resultTypes": ["violations"]}  # a page from a disk may not read its styles as text
each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.file)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder of the site, built once."""
    folder = tmp_path_factory.mktemp("site")
    build(folder)
    return folder


class Links(HTMLParser):
    """What a page refers to, and the places on it that can be referred to."""

    def __init__(self, text):
        super().__init__()
        self.links, self.loaded, self.ids, self.images = [], [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.ids.add(found.get("id"))
        if tag == "img":
            self.images.append(found)
        if "href" in found:
            loads = tag == "link" and found["rel"] in ("stylesheet", "icon", "shortcut icon")
            (self.loaded if loads else self.links).append(found["href"])
        if "src" in found:
            self.loaded.append(found["src"])


@pytest.fixture(scope="session")
def parsed(site):
    """{name: its `Links`} of all pages."""
    paths = (path.relative_to(site).as_posix() for path in site.rglob("*.html") if "_static" not in path.parts)
    return {name: Links((site / name).read_text()) for name in paths if "/reveal/" not in name}


def folder_of(lesson):
    """The folder of a lesson's edition, below the site's."""
    return "zh/" * lesson.file.startswith("notebooks/zh/")


def name_of(lesson):
    """The file of a lesson's page, below the site's folder."""
    return f"{folder_of(lesson)}{lesson.name}.html"


def text_of(site, lesson):
    return (site / name_of(lesson)).read_text()


def outputs(lesson):
    return [output for cell in pages.notebook(lesson).cells for output in cell.get("outputs", [])]


# Without a browser


def test_every_link_of_the_site_leads_somewhere(site, parsed):
    dead = []
    for name, page in parsed.items():
        for link in [*page.links, *page.loaded]:
            parts = urlsplit(link)
            if parts.scheme or link.startswith("#svg-"):
                continue
            target = (
                posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path))) if parts.path else name
            )
            found = (site / target).is_file()
            if parts.fragment and found and target in parsed and "slides/" not in name:
                found = parts.fragment in parsed[target].ids
            if not found:
                dead.append((name, link))
    assert dead == []
    assert len(parsed) == len(EVERY) + len(LESSONS), "all pages, and a talk of each lesson"


def test_the_run_page_offers_the_whole_project(site, parsed):
    assert PROJECT in parsed["run.html"].links and f"../{PROJECT}" in parsed["zh/run.html"].links
    with zipfile.ZipFile(site / PROJECT) as packed:
        names = set(packed.namelist())
    assert {f"from-one-neuron/{name}" for name in ("README.md", "uv.lock", "data/train-images-idx3-ubyte.gz")} <= names
    assert {f"from-one-neuron/notebooks/{path.name}" for path in PATHS} <= names


def test_no_page_loads_anything_from_elsewhere_or_from_a_fixed_path(site, parsed):
    for name, page in parsed.items():
        assert [link for link in page.loaded if urlsplit(link).netloc or link.startswith("/")] == [], name
    for path in site.rglob("*.css"):
        assert re.findall(r"url\([\"']?(?:https?:)?//", path.read_text()) == [], path


@each_lesson
def test_a_lesson_folds_what_its_notebook_folds(site, lesson):
    cells = pages.notebook(lesson).cells
    folded = sum(bool(cell.metadata.get("jupyter", {}).get("source_hidden")) for cell in cells)
    unfolding = sum(cell.source.count("<details>") for cell in cells if cell.cell_type == "markdown")
    text = text_of(site, lesson)
    assert text.count("<details") == folded + unfolding == text.count("</details>")
    assert text.count('<details class="nnlib-code">') == folded


@each_lesson
def test_a_lesson_has_every_stored_picture_with_its_sentence_and_its_size(site, parsed, lesson):
    stored = []
    for output in outputs(lesson):
        stored += re.findall(r'<img alt="([^"]*)"', output.get("data", {}).get("text/html", ""))
    images = [image for image in parsed[name_of(lesson)].images if not image["src"].endswith("/pad.png")]
    assert [image["alt"] for image in images] == [re.sub(r"\s*\n\s*", " ", html.unescape(alt)) for alt in stored]
    for image in images:
        assert image["loading"] == "lazy" and int(image["width"]) > 0 and int(image["height"]) > 0


@each_lesson
def test_a_lesson_has_every_stored_line_of_output_and_nothing_that_only_a_notebook_understands(site, lesson):
    text = text_of(site, lesson)
    for output in outputs(lesson):
        if output.output_type == "stream":
            assert html.escape(output.text.rstrip(), quote=False) in text
    shown = re.sub(r"<[^>]+>", "", re.sub(r'<div class="highlight">.*?</pre>|<code.*?</code>', "", text, flags=re.S))
    for noise in ("DrawingPad(", "VBox(", "HTML(", "%matplotlib", "Run this cell", "Run the cell to play", "\x1b["):
        assert noise not in shown, noise
    assert "data:image" not in text and "$" not in re.sub(
        r"<pre.*?</pre>|<code.*?</code>|<script.*?</script>", "", text, flags=re.S
    )


@each_lesson
def test_a_still_of_a_pad_leads_to_a_pad_that_is_alive(site, lesson):
    text = text_of(site, lesson)
    line = "一块手写板。它需要 Python。" if folder_of(lesson) else "a pad to draw on stands here. It needs Python. "
    stills = re.findall(rf"{line}<a href=\"(.+?)\">", text)
    assert len(stills) == text.count(line)
    for target in stills:
        page = site / f"{folder_of(lesson)}lessons" / target
        alive = text.partition('id="pad"')[2] if target == "#pad" else page.read_text()
        assert 'class="nnlib-live" data-thing="pad"' in alive


def prose_of(page):
    """What a page says, but for code and formulas."""
    return html.unescape(re.sub(r"<(pre|code|math|script|style|title)\b.*?</\1>|<[^>]+>", "", page, flags=re.S))


def test_no_line_ends_between_a_number_and_its_per_cent_sign(site):
    texts = {name: prose_of((site / name).read_text()) for name in EVERY}
    assert {name: found for name, text in texts.items() if (found := re.findall(r".{9}\d %", text))} == {}
    assert sum(text.count("\N{NO-BREAK SPACE}%") for text in texts.values()) > 100


def test_no_line_begins_with_the_mark_behind_a_formula(site):
    alone = re.compile(rf"</math>(?>{formulas.MARKS.pattern})(?!</span>)")
    talks = [f"{folder_of(lesson)}{lesson.talk}.html" for lesson in LESSONS]
    read = {name: (site / name).read_text(encoding="utf-8") for name in [*EVERY, *talks]}
    assert {name: alone.findall(page) for name, page in read.items() if alone.search(page)} == {}
    for page in ("lessons/02_backpropagation.html", "slides/02_backpropagation.html"):
        assert all(formulas.KEPT in read[folder + page] for folder in ("", "zh/"))


def test_a_talk_leads_back_to_its_lesson_and_its_teachers_page_leads_to_it(parsed):
    for lesson in LESSONS:
        folder = folder_of(lesson)
        assert parsed[f"{folder}{lesson.talk}.html"].links[:2] == [f"../{lesson.name}.html", "../index.html"]
        for page in (lesson.name, lesson.teacher):
            assert f"../{lesson.talk}.html" in parsed[f"{folder}{page}.html"].links


@each_lesson
def test_a_lesson_loads_at_most_1_megabyte_before_its_pictures(site, parsed, lesson):
    """Compressed, as a server sends it. The networks of a pad come later, when the pad is near."""
    folder = (site / name_of(lesson)).parent
    loaded = [urlsplit(link).path for link in parsed[name_of(lesson)].loaded if "/pictures/" not in link]
    files = {*(folder / path for path in loaded), site / name_of(lesson), site / "_static" / formulas.FONT}
    assert sum(len(gzip.compress(path.read_bytes())) for path in {path.resolve() for path in files}) <= 1e6


@each_lesson
def test_the_pictures_are_the_stored_ones(site, lesson):
    for cell in pages.notebook(lesson).cells:
        for output in cell.get("outputs", [])[:1]:
            if "image/png" in output.get("data", {}):
                file = f"_static/pictures/{lesson.number:02}-{cell.id}.png"
                own = site / folder_of(lesson) / file
                found = own if own.exists() else site / file  # an edition has only those that differ
                assert found.read_bytes() == base64.b64decode(output.data["image/png"])


def test_the_font_has_every_sign_of_every_formula(site):
    used = formulas.characters(
        path.read_text() for path in [*site.rglob("lessons/*.html"), *site.rglob("slides/*.html")]
    )
    in_font = TTFont(site / "_static" / formulas.FONT).getBestCmap()
    invisible = {"\u2061", "\u2062", "\u2063"}  # function application, and multiplication and comma that nobody sees
    chinese = set(filter(re.compile("[\u3000-\u9fff\uff00-\uffef]").match, used))  # words, from the reader's own font
    assert {sign for sign in used - chinese if ord(sign) not in in_font} <= invisible
    assert "∂" in used and "𝑥" in used


def test_a_site_is_not_written_over_other_files_and_a_lite_folder_stays(tmp_path):
    from workshop.site.build import make_room

    (tmp_path / "thesis.txt").write_text("two years")
    with pytest.raises(ValueError, match=r"other files in it: thesis\.txt"):
        make_room(tmp_path)
    assert (tmp_path / "thesis.txt").exists()
    (tmp_path / "searchindex.js").write_text("")  # now it is a site
    (tmp_path / "lite").mkdir()
    make_room(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["lite"]


# In two languages


def test_each_page_leads_to_itself_in_the_other_language(site, parsed):
    names = [name for name in parsed if not name.startswith("zh/")]
    assert {f"zh/{name}" for name in names} - set(parsed) == {"zh/benchmarks.html"}
    for name, text in ((name, (site / name).read_text()) for name in parsed):
        folder, lang, other_lang = ("zh/", "zh-Hans", "en") if name.startswith("zh/") else ("", "en", "zh-Hans")
        same = name.removeprefix("zh/") if folder else f"zh/{name}"
        if same not in parsed:
            same = "zh/index.html"
        address = posixpath.relpath(same, posixpath.dirname(name) or ".")
        assert f'<html lang="{lang}"' in re.sub(r'class="no-js" ', "", text), name
        link = f'rel="alternate" lang="{other_lang}" hreflang="{other_lang}" href="{address}"'
        assert text.count(link) == 1, (name, link)
        if same != "zh/index.html" and "slides/" not in name:
            assert f'<link rel="alternate" hreflang="{other_lang}" href="{address}">' in text, name


def test_a_page_that_is_only_there_in_english_says_so_where_it_is_linked(site):
    text = (site / "zh/making.html").read_text()
    assert re.findall(r'<a href="([^"]*benchmarks[^"]*)" hreflang="en">', text) == [
        "../benchmarks.html",
        "../benchmarks.html#the-long-checks",
    ]


TEMPLATES = [path.read_text() for path in sorted((pages.ROOT / "workshop/site/templates").rglob("*.html"))]
SCRIPT = (pages.ROOT / "workshop/site/static/site.js").read_text()


def test_every_word_of_the_sites_templates_and_scripts_has_a_translation():
    marked = {word for text in TEMPLATES for word in re.findall(r"\b_\('(.+?)'\)", text)}
    marked |= set(re.findall(r'(?:say\(|\[|, )"([A-Z].+?)"[,)\]]', SCRIPT))
    assert len(marked) > 30 and marked - languages.translations().keys() == set()


def test_no_word_of_the_sites_own_stands_in_english_on_a_chinese_page(site):
    """Nor one of Furo's; what nobody translates has no entry."""
    words = [word for word in languages.translations() if "{" not in word and "%(" not in word and "<" not in word]
    assert "On this page" in words and "Previous" in words
    mark = re.compile(rf"[>\"]\s*({'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})\s*[<\"]")
    for path in (site / "zh").rglob("*.html"):
        text = re.sub(r"<(pre|code|script|em)\b.*?</\1>", "", path.read_text(), flags=re.S)
        assert mark.findall(text) == [], path
        assert "Toggle" not in text, path


def test_a_file_that_two_languages_share_is_there_once(site):
    own = {path.relative_to(site / "zh"): path for path in (site / "zh" / "_static").rglob("*") if path.is_file()}
    assert len(own) > 20 and not any("pad/" in name.as_posix() and "network" in name.as_posix() for name in own)
    for name, path in own.items():
        twin = site / name
        assert not twin.exists() or twin.read_bytes() != path.read_bytes(), name


def test_the_words_of_chinese_search_are_characters_pairs_and_threes():
    assert SearchChinese({}).split("梯度 uses sigmoid_2，学习率") == [
        *("梯__", "度__", "梯度_", "uses", "sigmoid_2"),
        *("学__", "习__", "率__", "学习_", "习率_", "学习率"),
    ]


# The book


@pytest.fixture(scope="session")
def books(site):
    """{folder of the edition: {name: content}} of the books."""
    found = {}
    for code, of in EDITIONS.items():
        with speaking(code), zipfile.ZipFile(site / of.folder / book.file_name()) as archive:
            assert archive.testzip() is None
            first = archive.infolist()[0]
            assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED), "a reader looks for it"
            found[of.folder] = {name: archive.read(name) for name in archive.namelist()}
    return found


@pytest.mark.parametrize("folder", ["", "zh"])
def test_everything_in_the_book_is_listed_and_well_formed_and_everything_listed_is_there(books, folder):
    chapters = books[folder]
    listed = ElementTree.fromstring(chapters["book/content.opf"])
    items = [item.get("href") for item in listed.iter("{http://www.idpf.org/2007/opf}item")]
    assert {f"book/{name}" for name in items} == {name for name in chapters if name.startswith("book/")} - {
        "book/content.opf"
    }
    for name, content in chapters.items():
        if not name.endswith(".xhtml"):
            continue
        page = ElementTree.fromstring(content)  # raises where it is not well-formed
        for element in page.iter():
            address = element.get("href") or element.get("src")
            if address and not urlsplit(address).scheme:
                file, _, anchor = address.partition("#")
                target = f"book/{file}" if file else name
                assert target in chapters, (name, address)
                assert not anchor or f'id="{anchor}"' in chapters[target].decode(), (name, address)
            assert not element.tag.endswith("}img") or element.get("alt"), "a picture without a sentence"


@each_lesson
def test_a_chapter_has_the_lessons_pictures_and_formulas_and_its_solutions_at_the_end(books, lesson):
    text = books[folder_of(lesson).rstrip("/")][f"book/{lesson.name.rpartition('/')[2]}.xhtml"].decode()
    sources = [cell.source for cell in pages.notebook(lesson).cells if cell.cell_type == "markdown"]
    folds = sum(source.count("<details>") for source in sources)
    body, end = re.split("<h2>(?:Answers and solutions|答案和解答)</h2>", text)
    assert "<details" not in text and end.count('<h3 id="fold-') == folds == body.count('href="#fold-')
    assert text.count("<img") >= sum("image/png" in output.get("data", {}) for output in outputs(lesson))
    assert (text.count("<math") > 20) == (sum(source.count("$") for source in sources) > 60)


@each_lesson
def test_the_prose_of_a_chapter_has_typographic_quotes_and_its_code_is_the_lessons(books, lesson):
    page = books[folder_of(lesson).rstrip("/")][f"book/{lesson.stem}.xhtml"].decode()
    prose = prose_of(page)
    assert re.findall("[^\"']{9}[\"']", prose) == [] and ("”" in prose if folder_of(lesson) else "’" in prose)
    code = html.unescape(page)
    for cell in pages.notebook(lesson).cells:
        assert cell.cell_type != "code" or is_folded(cell) or cell.source.rstrip() in code
    assert "loading=" not in page


# In a browser


def address(site, name):
    return (site / name).as_uri()


@pytest.fixture
def look(browser):
    """Open a page at a size and in a theme; a test fails if the page had trouble."""
    troubles, contexts = [], []

    def open_page(url, width=1280, theme="light", **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("requestfailed", lambda request: request.failure == LEFT or troubles.append(request.url))
        page.on(
            "request",
            lambda request: request.url.startswith(("file:", "data:", "http://127.")) or troubles.append(request.url),
        )
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


def looks(short):
    """Pages with their sizes and themes: those of the ordinary command, or all."""
    chosen = [(name, how) for name in EVERY for how in LOOKS] if LONG else short
    return [pytest.param(name, *how, id=f"{name}-{how[0]}-{how[1]}") for name, how in chosen]


# In the ordinary command axe looks at these; the others are opened without it, as it takes as long as all the rest.
FOR_AXE = [*((name, LOOKS[1]) for name in [*CHOSEN[:3], CHINESE[0]]), (CHOSEN[0], LOOKS[0]), (CHOSEN[3], LOOKS[0])]


def fits(page, name):
    """Assert that nothing on a page is wider than its window, and that its formulas are set."""
    page.wait_for_function("document.readyState === 'complete'")
    too_wide = """[...document.querySelectorAll("main *, article *")].filter(node => {
        const box = node.getBoundingClientRect();
        const inside = node.closest("pre, .table-wrapper, .nnlib-formula, .nnlib-live-picture, svg, details");
        return box.width && box.right > innerWidth + 1 && !inside;
    }).map(node => node.outerHTML.slice(0, 200))"""
    assert page.evaluate(too_wide) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if "lessons/" in name:
        sizes = page.evaluate(
            "[...document.querySelectorAll('.nnlib-formula math')].map(m => m.getBoundingClientRect().height)"
        )
        assert min(sizes, default=9) > 8, "a formula is set"


@pytest.mark.parametrize(("name", "width", "theme"), looks([(CHOSEN[3], LOOKS[1]), (CHINESE[1], LOOKS[1])]))
def test_a_page_opens_from_a_folder_without_trouble_and_fits_its_window(site, look, name, width, theme):
    fits(look(address(site, name), width, theme), name)


BEGINNING = "[...document.querySelectorAll('article section section')].slice(3).forEach(part => part.remove())"


@pytest.mark.parametrize(("name", "width", "theme"), looks(FOR_AXE))
def test_axe_finds_nothing_on_a_page_that_fits_its_window(site, look, name, width, theme):
    page = look(address(site, name), width, theme)
    fits(page, name)
    page.wait_for_function("!document.querySelector('.nnlib-live[data-thing=pad] > p')") if name.endswith(
        "index.html"
    ) and "teaching" not in name else None
    if not LONG and "lessons/" in name:
        page.evaluate(BEGINNING)
    answer = Axe().run(page, options=AXE).response
    assert "color-contrast" in {rule["id"] for rule in answer["passes"]}, "axe did not look at the text"
    found = [(rule["id"], node["html"]) for rule in answer["violations"] for node in rule["nodes"]]
    # axe takes a heading that is a formula for an empty one: it does not read MathML, which screen readers do.
    assert [(rule, node) for rule, node in found if rule != "empty-table-header" or "<math" not in node] == []


def test_search_finds_softmax_in_the_lesson_that_teaches_it_from_a_folder(site, look):
    page = look(address(site, "index.html"))
    page.get_by_role("link", name="Search").click()
    page.locator("article input[name=q]").fill("softmax")
    page.keyboard.press("Enter")
    found = page.locator("#search-results li a")
    found.first.wait_for()
    assert "6 · Learning better" in found.all_inner_texts()[:3]
    found.first.click()
    page.wait_for_url("**/lessons/*.html*")


def search_for(page, words):
    """Search on the page of the search, and wait until it says what it found."""
    page.locator("article input[name=q]").fill(words)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/search.html?q={quote_plus(words)}")
    page.locator(".search-summary:not(:empty)").wait_for()


def test_where_search_finds_nothing_it_says_what_to_try_and_that_finds_something(site, look):
    """On a phone, where the side bar with the other field is out of sight."""
    page = look(address(site, "search.html"), 390)

    def search(words):
        search_for(page, words)
        return page.locator("#search-results").inner_text()

    advice = search("xylophone")
    words = re.search(r"No page has all of these words\. .*: (.+)\.", advice)[1].split(", ")
    assert len(words) == 3 and all("found" in search(word) for word in words)
    shortened, whole = page.locator("article em").all_inner_texts()
    assert "2 · Backpropagation" in search(shortened) and whole == "backpropagation"
    assert page.get_by_text("were opened from a disk").is_visible()


def titles_having(site, words):
    """The titles of the Chinese pages whose text has all the words."""
    for name in EVERY:
        page = (site / name).read_text()
        text = re.search("<article role=.*?</article>", page, flags=re.S)
        if name.startswith("zh/") and text and name not in ("zh/index.html", "zh/search.html"):
            if all(word.lower() in re.sub("<[^>]+>", "", text.group()).lower() for word in words.split()):
                yield html.unescape(re.search("<title>(.+) - ", page)[1])


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("反向传播", "2 · 反向传播"),
        ("梯度对不对", "3 · 梯度对不对？"),
        ("过拟合", None),
        ("梯度", None),
        ("熵", None),
        ("动量 学习率", None),
        ("Sigmoid", None),
    ],
)
def test_chinese_search_finds_the_pages_with_words_of_any_length_from_a_folder(searching, site, words, first):
    found = searching(words)
    assert {title.partition(" > ")[0] for title in found} == set(titles_having(site, words)) != set()
    assert first is None or found[0].partition(" > ")[0] == first


@pytest.fixture(scope="module")
def searching(browser, site):
    """A function that searches the Chinese pages, on one page for all words: what it found."""
    page = browser.new_page()
    page.goto(address(site, "zh/search.html"))

    def search(words):
        search_for(page, words)
        return page.locator("#search-results li a").all_inner_texts()

    yield search
    page.close()


def test_the_pad_and_the_things_to_play_with_speak_the_language_of_their_page(site, look):
    page = look(address(site, CHINESE[0]), 390)
    page.wait_for_selector(".nnlib-pad[data-digit]")
    assert digit(page) == 5 and "我看是 5" in page.locator(".nnlib-pad-says").inner_text()
    draw(page, [[(0.5, 0), (0.5, 1)]])
    assert digit(page) == 1, "the example has made room"
    page.get_by_label("谁来认").select_option(label="第 4 课")
    page = look(address(site, CHINESE[1]))
    thing = page.locator(".nnlib-live:not([data-thing=pad])").first
    thing.scroll_into_view_if_needed()
    assert thing.evaluate("element => Boolean(element.thing)")
    said = thing.locator("[role=status], label, button").all_inner_texts()
    assert len(said) > 3 and not [
        text for text in said if re.search("[a-z]{3}", text) and not re.search("[\u3400-\u9fff]", text)
    ]


def test_where_chinese_search_finds_nothing_it_says_what_to_try_and_that_finds_something(searching, site, look):
    assert searching("木琴") == []
    page = look(f"{address(site, 'zh/search.html')}?q=木琴")
    advice = page.locator(".search-summary:not(:empty)").inner_text()
    words = re.search(r"比如|词：(.+)。", advice)[1].split("，")
    assert len(words) == 3 and all(searching(word) for word in words)
    assert all(searching(example) for example in page.locator("article em").all_inner_texts())


def test_the_keyboard_leads_from_a_lesson_to_itself_in_the_other_language_and_back(site, look):
    page = look(address(site, CHOSEN[3]), 390)
    for name, folder in (("中文", "zh/"), ("English", "")):
        link = page.get_by_role("link", name=name, exact=True)
        assert link.is_visible()
        link.focus()
        page.keyboard.press("Enter")
        page.wait_for_url(address(site, f"{folder}{CHOSEN[3]}"))


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pad_of_the_front_page_reads_a_five_that_a_pointer_draws(site, look, width):
    page = look(address(site, "index.html"), width)
    page.wait_for_selector(".nnlib-pad[data-digit]")
    assert digit(page) == 5, "the example"
    draw(page, [[(0.5, 0), (0.5, 1)]])
    assert digit(page) == 1, "the example has made room"
    clear(page)
    draw(page, FIVE)
    assert digit(page) == 5


def test_the_pad_of_a_lesson_is_drawn_on_by_keys_and_its_other_network_answers(site, look):
    page = look(address(site, CHOSEN[3]))
    page.locator(".nnlib-live[data-thing=pad]").scroll_into_view_if_needed()
    paper = page.locator(".nnlib-pad-paper")
    paper.focus()
    for key in ("Space", *["ArrowDown"] * 12, "Space"):
        page.keyboard.press(key)
    page.wait_for_function("document.querySelector('.nnlib-pad').dataset.digit === '1'")
    page.get_by_label("Who reads").select_option(label="lesson 4's")
    page.wait_for_function("document.querySelector('.nnlib-pad').dataset.reader === \"lesson 4's\"")


def things_of(site):
    """Every place of a thing to play with: (page, number on the page, thing)."""
    for lesson in pages.lessons():
        found = re.findall(r'class="nnlib-live" data-thing="(\w+)"', text_of(site, lesson))
        yield from ((lesson, number, thing) for number, thing in enumerate(found) if thing != "pad")


CONTROLS = {  # of each thing: what is used by the pointer and then by a key, and the key
    "neuron": ("input[type=range]", "ArrowLeft"),
    "step_size": ("input[type=range]", "ArrowLeft"),
    "forward_pass": ("input[type=range]", "ArrowRight"),
    "backpropagation": ("button:has-text('Next')", "Space"),
    "boundary": ("input[type=range]", "ArrowLeft"),
    "training": ("button:has-text('One step')", "Space"),
    "mistakes": ("button:not([aria-current])", "Space"),
}


def test_each_thing_to_play_with_answers_a_pointer_and_a_key(site, look):
    tried, pages_of = set(), {}
    for lesson, number, thing in things_of(site):
        if thing in tried and not LONG:
            continue
        page = pages_of.get(lesson) or pages_of.setdefault(lesson, look(address(site, f"{lesson.name}.html")))
        place = page.locator(".nnlib-live").nth(number)
        control, key = CONTROLS[thing]
        place.scroll_into_view_if_needed()
        control = place.locator(control).first
        sentence = place.get_by_role("status").first.element_handle()
        changed = "([node, text]) => node.innerText !== text"
        before = sentence.inner_text()
        control.click()
        page.wait_for_function(changed, arg=[sentence, before])
        before = sentence.inner_text()
        control.focus()
        page.keyboard.press(key)
        page.wait_for_function(changed, arg=[sentence, before])
        tried.add(thing)
    assert tried == CONTROLS.keys() == live.THINGS.keys()


def test_without_scripts_the_stored_pictures_stand(site, look):
    for name in (CHOSEN[0], CHOSEN[3]):
        page = look(address(site, name), java_script_enabled=False)
        pictures = page.locator(".nnlib-live :is(img, svg)")
        for number in range(pictures.count()):
            pictures.nth(number).scroll_into_view_if_needed()
            assert pictures.nth(number).is_visible() and pictures.nth(number).bounding_box()["height"] > 100


@pytest.mark.parametrize(("theme", "is_dark"), [("light", False), ("dark", True)])
def test_without_scripts_a_page_has_the_colours_of_its_device(site, look, theme, is_dark):
    for name in (CHOSEN[0], CHOSEN[3]):
        page = look(address(site, name), theme=theme, java_script_enabled=False)
        colours = "['color', 'backgroundColor'].map(name => getComputedStyle(document.body)[name])"
        ink, paper = (sum(map(float, re.findall(r"[\d.]+", colour)[:3])) for colour in page.evaluate(colours))
        assert (ink > paper) == is_dark, (name, ink, paper)


def test_a_lesson_is_read_on_a_page_below_any_path_of_a_server(site, look):
    """Where there is a server, search shows the words around what it found."""
    with listening(functools.partial(Quiet, directory=str(site.parent))) as server:
        page = look(f"{server}/{site.name}/index.html")
        page.get_by_role("link", name="Read lesson 1").click()
        page.get_by_role("link", name="2 · Backpropagation").first.click()
        page.get_by_role("link", name="Next").click()
        assert "Is the gradient right?" in page.title()
        page.locator("input[name=q]").fill("museum")
        page.keyboard.press("Enter")
        page.locator("#search-results li p.context").first.wait_for()
        assert page.get_by_text("were opened from a disk").is_hidden()
        page.wait_for_load_state("networkidle")  # the words around the other results come one by one
        for folder, words, title, bar in (
            ("", "gradient right", "Is the gradient right?", "with the exercises"),
            ("zh/", "梯度对不对", "梯度对不对", "连做练习"),
            ("", "Lesson 2 for teachers", "Lesson 2 for teachers", "all lessons · words"),
            ("zh/", "教师页 反向传播", "教师页", "所有课 · 粗体"),
        ):  # in a title, which stands above the bar
            page.goto(f"{server}/{site.name}/{folder}search.html?q={words}")
            page.locator("#search-results li p.context").first.wait_for()
            page.wait_for_load_state("networkidle")
            around = " ".join(page.locator("#search-results li p.context").all_inner_texts())
            assert title in around and bar not in around, "no word of the bar"


def test_a_talk_turns_its_slides_and_every_formula_is_set(site, look):
    page = look(address(site, "slides/02_backpropagation.html"))
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    first = page.locator("section.present").last.inner_text()
    page.keyboard.press("Space")
    page.wait_for_function("text => document.querySelectorAll('section.present')[1]?.innerText !== text", arg=first)
    assert page.evaluate(
        "!/\\\\(d?frac|mathtt)|\\$\\$/.test(document.querySelector('.slides').textContent.replaceAll(/`[^`]*`/g, ''))"
    )


@pytest.mark.parametrize(("width", "scripts"), [(1280, False), (390, False), (390, True)])
def test_without_scripts_and_on_a_phone_the_slides_stand_below_each_other(site, look, width, scripts):
    page = look(address(site, "slides/09_drawing_canvas.html"), width, java_script_enabled=scripts)
    page.get_by_role("heading", name="9 · The drawing canvas").wait_for()
    boxes = page.locator(".slides > section > section").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect())"
    )
    assert len(boxes) > 30 and all(box["left"] >= 0 and box["right"] <= width for box in boxes)
    assert all(above["bottom"] <= below["top"] + 1 and below["height"] > 40 for above, below in pairwise(boxes))
    assert page.evaluate("document.documentElement.scrollHeight") >= boxes[-1]["bottom"] - 1, "the last one is reached"
    page.get_by_role("link", name="The lesson").click()
    page.wait_for_url("**/lessons/09_drawing_canvas.html")


def test_where_the_reader_chose_the_colours_the_icons_have_them(site, look):
    for name in (CHOSEN[0], CHOSEN[2]):
        page = look(address(site, name), theme="dark", forced_colors="active")
        icons = page.locator("svg:visible:has(> use)")
        colour = "getComputedStyle(icon).color, getComputedStyle(icon.parentElement).color"
        found = icons.evaluate_all(f"icons => icons.map(icon => [{colour}])")
        assert found and all(icon == around for icon, around in found)


@pytest.mark.parametrize("name", [CHOSEN[0], CHOSEN[2]])
def test_the_button_of_the_theme_says_which_theme_there_is(site, look, name):
    page = look(address(site, name), theme="dark")
    button = page.locator(".theme-toggle:visible")
    for theme in ("dark, as on your system", "light", "dark", "dark, as on your system"):
        assert button.get_attribute("aria-label") == f"Colour theme: {theme}"
        button.click()


def test_on_a_phone_the_long_texts_of_the_benchmarks_stand_below_each_other(site, look):
    page = look(address(site, "benchmarks.html"), 390)
    table = page.get_by_role("table").first
    assert table.evaluate("table => table.parentElement.scrollWidth <= table.parentElement.clientWidth")
    columns = ["command", "what it measures", "stored in", "last figure"]
    assert table.get_by_role("columnheader").all_inner_texts() == columns
    row = table.get_by_role("row").nth(1).get_by_role("cell")
    boxes = [row.nth(column).bounding_box() for column in range(4)]
    assert all(above["y"] + above["height"] <= below["y"] + 1 for above, below in pairwise(boxes))
    assert min(box["width"] for box in boxes) > 280
    assert row.nth(1).evaluate("cell => getComputedStyle(cell, '::before').content") == '"what it measures"'


SHIFTS = """new Promise(done => {
    let sum = 0;
    const add = list => list.getEntries().forEach(entry => { sum += entry.value; });
    new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done(sum), 200);
})"""  # how much has moved on the page since it was opened, as browsers measure it


@pytest.mark.parametrize(("name", "width"), [(CHOSEN[0], 1280), (CHOSEN[0], 390), (CHOSEN[-1], 390)])
def test_a_pad_that_is_loaded_moves_nothing_and_fills_its_place(site, look, name, width):
    page = look(address(site, name), width)
    page.locator(".nnlib-live[data-thing=pad]").scroll_into_view_if_needed()
    page.locator(".nnlib-pad").wait_for()
    assert page.evaluate(SHIFTS) < 0.01
    empty = """() => {
        const place = document.querySelector(".nnlib-live[data-thing=pad]");
        const bottoms = [...place.querySelectorAll("*")].map(node => node.getBoundingClientRect().bottom);
        return place.getBoundingClientRect().bottom - Math.max(...bottoms);
    }"""
    assert page.evaluate(empty) <= 40


def test_the_link_to_a_lesson_in_the_browser_is_there_where_its_files_are():
    from workshop.site.bar import BROWSERS, below_title

    lesson = pages.lessons()[3]
    assert "lite/" not in below_title(lesson, lite=False) and "../run.html" in below_title(lesson, lite=False)
    alive = below_title(lesson, lite=True)
    assert f"../lite/lab/index.html?path={lesson.file}" in alive and BROWSERS in alive


def test_the_figures_of_how_this_was_made_are_the_stored_ones():
    from workshop.documents import DOCUMENTS

    assert "workshop/site/text/making.md" in DOCUMENTS
    assert (ROOT / "workshop/site/text/making.md").read_text().count("<!-- / -->") >= 5
