"""The pad and the page to take home in another language than English: all that they say, and how they say it."""

import ast
import base64
import re

import numpy as np
import pytest

import nnlib
from nnlib._support import language
from nnlib.pad import live, widget
from nnlib.pad.sheet import Sheet
from nnlib.pad.take_home import facts_of, hidden_layers, page_of
from tests import ROOT
from workshop.edition import LOCALE, catalogue, fstrings, spoken

PAD = ROOT / "nnlib" / "pad"
SEVEN = [[[0.3, 0.2], [0.7, 0.2], [0.5, 0.8]]]
# Words that are not nnlib's: of files, of errors, of Python.
OWN = re.compile(
    r"mine/sheet\.json|my_digits/\w+\.npz|my_digits|1\.html|my_network\.html|photo\.txt|ZeroDivisionError|"
    r"integer division or modulo by zero|\bint\b"
)


class Marked(dict):
    """A language in which every word stands between « and », and what is put into its place does not."""

    def get(self, text, default=None):
        return "".join(part if hole else f"«{part}»" for hole, part in fstrings.parts(text))


@pytest.fixture
def marked(monkeypatch):
    monkeypatch.setattr(language, "_texts", Marked())
    monkeypatch.setattr(language, "_chosen", "zh")


@pytest.fixture
def chinese():
    nnlib.language("zh")
    yield
    nnlib.language("en")


def unmarked(texts):
    """Those of the texts that have a letter between no marks."""
    return [text for text in texts if re.search(r"[^\W\d_]", OWN.sub("", re.sub("«[^»]*»", "", text)))]


def unseen(english, texts):
    """Those of the English texts that are not among the marked ones; what has no letter is left out."""
    every = "\n".join(texts)
    words = [text for text in english if re.search(r"[^\W\d_]", re.sub(r"\{.*?\}", "", text))]
    return [text for text in words if not re.search(pattern_of(text), every)]


def pattern_of(text):
    """A marked text with any values, as a regular expression."""
    return "".join(".*" if hole else re.escape(f"«{part}»") for hole, part in fstrings.parts(text))


def plain(value):
    """A value of a trait as JSON has it; bytes in base 64."""
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value


class Kernel:
    """A pad as its page meets it, without a notebook: what the page sends comes here, and the answer goes back."""

    def __init__(self, pad):
        self.pad, self.messages, self.silent = pad, [], False
        pad.send = lambda content, buffers=None: self.messages.append(content)

    def values(self):
        return {name: plain(value) for name, value in self.pad.get_state().items() if not name.startswith("_")}

    def hear(self, state, message):
        if self.silent:
            return None
        if message:
            self.pad._command(self.pad, message, [])
        if state:
            picture = state.get("added", {}).get("picture", {})
            picture.update({"grey": bytes(picture["grey"])} if picture else {})
            self.pad.set_state(state)
        messages, self.messages = self.messages, []
        return {"values": self.values(), "messages": messages}


# A front end in a few lines. `tell` is what comes from the kernel; `allWords` is all that a reader meets.
FRONT_END = """async ([code, values]) => {
    const real = window.setTimeout;
    window.setTimeout = (call, time) => real(call, time / 20); // seconds would pass until the pad speaks of a kernel
    const revive = (value) => {
        if (Array.isArray(value)) return value.map(revive);
        if (value === null || typeof value !== 'object') return value;
        if ('bytes' in value) return new DataView(Uint8Array.from(atob(value.bytes), (c) => c.charCodeAt(0)).buffer);
        return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, revive(one)]));
    };
    const bare = (value) => {
        if (value instanceof DataView) return Array.from(new Uint8Array(value.buffer));
        if (Array.isArray(value)) return value.map(bare);
        if (value === null || typeof value !== 'object') return value;
        return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, bare(one)]));
    };
    const pads = [];
    window.show = async (code, values) => {
        const make = (await import('data:text/javascript;base64,' + code)).default();
        const listeners = {};
        let changed = {};
        const model = {
            values: revive(values),
            get: (name) => model.values[name],
            set: (name, value) => { model.values[name] = changed[name] = value; },
            on: (type, listener) => (listeners[type] ??= new Set()).add(listener),
            off: (type, listener) => listeners[type]?.delete(listener),
            call: (type, ...values) => { for (const listener of listeners[type] ?? []) listener(...values); },
            async save_changes() {
                const state = bare(changed);
                changed = {};
                model.take(await toKernel(state, null));
            },
            async send(message) { model.take(await toKernel(null, message)); },
            take(answer) {
                if (!answer) return;
                window.tell(answer.values);
                for (const message of answer.messages) model.call('msg:custom', message, ['']);
            },
        };
        window.tell = (values) => {
            for (const [name, value] of Object.entries(values)) {
                const before = JSON.stringify(bare(model.values[name]));
                model.values[name] = revive(value);
                if (JSON.stringify(bare(model.values[name])) !== before) model.call(`change:${name}`);
            }
        };
        document.body.replaceChildren(document.createElement('div'));
        make.initialize({ model });
        make.render({ model, el: document.body.firstChild });
    };
    await window.show(code, values);
}"""
ALL_WORDS = """() => {
    const words = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const { parentElement, data } = walker.currentNode;
        if (!['SCRIPT', 'STYLE', 'NOSCRIPT'].includes(parentElement.tagName)) words.push(data);
    }
    for (const node of document.body.querySelectorAll('*'))
        for (const name of ['aria-label', 'aria-description', 'title', 'placeholder', 'alt'])
            if (node.hasAttribute(name)) words.push(node.getAttribute(name));
    return words.map((text) => text.trim()).filter(Boolean);
}"""


def script():
    """The pad's script, on whose pad there is room for a hundredth of the points."""
    assert "MOST_POINTS = 20_000;" in live.module()
    return live.module().replace("MOST_POINTS = 20_000;", "MOST_POINTS = 200;")


def in_base_64(code):
    return base64.b64encode(code.encode()).decode()


def layers(*hidden, output):
    """A small network that says of any drawing what ``output`` is, by its biases."""
    net = nnlib.Network([784, *hidden, 10], output="softmax")
    net.params[f"b{net.n_layers}"][:] = np.eye(10)[output] * 3
    return net


@pytest.fixture
def quick(monkeypatch, tmp_path):
    """What takes time, or needs MNIST, and says nothing, is put aside; files are written to an empty folder."""

    def adapt(net, images, labels, watch=None):
        for done in (0.0, 0.5, 1.0) if watch else ():
            watch(done, net)
        return net.copy()

    monkeypatch.setattr("nnlib.pad.adaptation.adapt", adapt)
    monkeypatch.setattr(widget, "unseen_digits", lambda: (np.ones((1, 784), np.float32), [8]))
    near = [{"image": bytes(784), "label": label, "distance": 1.5} for label in (8, 1, 2)]
    monkeypatch.setattr(widget, "nearest_digits", lambda image: near)
    monkeypatch.setattr("nnlib.pad.paper.MOST_POINTS", 200)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def front_end(browser):
    """A function that shows a pad on an empty page: the page, and the kernel behind it."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})

    def show(pad):
        kernel = Kernel(pad)
        page.expose_function("toKernel", kernel.hear)
        page.evaluate(FRONT_END, [in_base_64(script()), kernel.values()])
        return page, kernel

    yield show
    page.close()


def test_nothing_on_the_pad_is_said_past_the_language(marked, quick, front_end):
    """A tour of all that the pad can say, of which each text is met at least once."""
    unsure = layers(4, output=8)
    unsure.threshold = 0.99
    pad = nnlib.DrawingPad(
        {"1": layers(output=7), "2": unsure, "3": layers(4, 5, output=8), "4": lambda image: 1 // 0},
        sheet=Sheet("mine/sheet.json", count=2, seed=8),
    )
    page, kernel = front_end(pad)
    seen = []

    def look(until):
        """Take in all words, once a pattern is among them."""
        for _ in range(1000):
            words = page.evaluate(ALL_WORDS)
            if any(re.search(until, word) for word in words):
                seen.extend(words)
                return
            page.wait_for_timeout(20)
        pytest.fail(f"{until} was never shown: {words}")

    def press(name, until):
        page.get_by_role("button", name=f"«{name}»", exact=True).click()
        look(until)

    def stroke(until):
        box = page.locator(".nnlib-pad-paper").bounding_box()
        page.mouse.move(box["x"] + 90, box["y"] + 60)
        page.mouse.down()
        page.mouse.move(box["x"] + 150, box["y"] + 200, steps=4)
        page.mouse.up()
        look(until)

    def tell(do):
        """Do something in Python, and tell the page."""
        do()
        page.evaluate("values => tell(values)", kernel.values())

    look("«Draw a digit.»")
    for fold in page.locator("summary").all():
        fold.click()
    stroke("«I read »7«: »")
    look("«Third»«: »«a »2«, »1.5« away»")
    press("Load", "nothing was saved there")
    page.get_by_role("button", name="«It was »«an »8").click()
    look("«Of your one drawing it read »0« right before")
    page.get_by_role("button", name="«It was »«a »7").click()
    look("«Of your »2« drawings it read »1« right before")
    press("Save", "«Saved: »")
    press("Load", "«Loaded from »")
    press("Forget the last", "«The last drawing is forgotten.»")
    press("Forget all", "«All is forgotten")
    press("Take it home", "«Saved as »1.html")
    press("Keep it", "«Kept: »")
    press("Take the last back", "«The last drawing is taken back.»")
    for _ in range(2):
        stroke("«I read »")
        press("Keep it", "«Kept: »")
    look("«All »2« are drawn.»")
    press("MNIST sample", "«MNIST's test digit »0«, labelled »8")
    page.locator("select").select_option("2")
    look("«Not sure. Perhaps »«an »8")
    page.locator("select").select_option("3")
    look("«Hidden layer »2«: »5« neurons»")
    page.locator("select").select_option("4")
    look("«No answer: »ZeroDivisionError«: »")
    page.locator("select").select_option("1")
    for name, content in (("photo.txt", b"no picture"), ("photo.png", widget.png(np.full((30, 30), 255, np.uint8)))):
        page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "image/png", "buffer": content})
        look("«A picture, »30« × »" if name == "photo.png" else "photo.txt« is not a picture")
    tell(lambda: pad._show([], {"rows": 28, "columns": 28, "grey": b"\xff" * 784, "note": ""}))
    look("«No ink was found in this picture.»")
    tell(lambda: pad._show(5, {}))
    look("«The strokes are not a list but »")
    tell(lambda: pad._show([None, [[1e30, 2]] * 3, [[0.5, 0.5]] * 200], {}))
    look("«Ignored: what is not a pair .*«Ignored: what is far outside .*«Ignored: what comes after ")
    tell(lambda: pad.draw([[[0.5, 0.5]] * 200]))
    look("«The drawing is full.")
    tell(lambda: pad.draw(SEVEN))
    tell(lambda: setattr(pad, "progress", {"learning": True, "done": 0.5, "losses": [2.0, 1.0]}))
    look("«It learns: »50")
    for before, after in ((0, 0), (0, 1), (1, 0), (1, 1)):
        told = {**pad.taught, "labels": [3], "images": bytes(784), "before": [bool(before)], "after": [bool(after)]}
        tell(lambda told=told: setattr(pad, "taught", told))
        look("«Drawing »1«, meant as »3«: »")
    kernel.silent = True
    page.get_by_role("button", name="«Undo»").click()
    look("«The kernel is busy: the answer will come.»")
    page.get_by_role("button", name="«It was »«an »8").click()
    look("«No answer from the kernel.")

    assert unmarked(seen) == []
    assert unseen(live.language(live.NOTEBOOK)["texts"], seen) == []
    english = script().replace('say("Undo")', '"Undo"')
    page.evaluate("([code, values]) => show(code, values)", [in_base_64(english), kernel.values()])
    assert unmarked(page.evaluate(ALL_WORDS)) == ["Undo"], "a text that goes past `say` is found"


def test_while_it_learns_no_notice_says_that_the_kernel_is_busy(front_end, quick):
    page, kernel = front_end(nnlib.DrawingPad(layers(6, output=8)))
    page.locator(".nnlib-pad-paper").click()  # a dot: there is something to teach
    page.get_by_text("I read 8").first.wait_for()
    kernel.silent = True
    page.get_by_role("button", name="It was an 8").click()
    page.get_by_text("The kernel is busy: the answer will come.").wait_for()
    learning = {"progress": {"learning": True, "done": 0.5, "losses": [2.0, 1.0]}}
    said = page.evaluate(
        "values => { tell(values); return document.querySelector('.nnlib-pad-notice').textContent; }", learning
    )
    assert said == "" and page.get_by_text("It learns: 50").is_visible()
    page.get_by_text("No answer from the kernel.").wait_for()  # where nothing comes any more, it is told again


def test_nothing_on_the_page_to_take_home_is_said_past_the_language(marked, browser, tmp_path):
    path = tmp_path / "page.html"
    net = layers(4, output=7)
    path.write_bytes(page_of(net, author="1", accuracy=0.9, threshold=0.5))
    html = re.sub(r"<(script|style).*?</\1>", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert unmarked(re.split(r"<[^>]*>", html)) == []
    assert unseen(said_in_python("take_home", but=printed), html.split("\n")) == []
    page = browser.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(path.as_uri())
    page.locator("summary").click()
    page.locator(".nnlib-pad-paper").press("Space")
    page.get_by_text("«I read »7").wait_for()
    assert unmarked(page.evaluate(ALL_WORDS)) == []
    assert page.locator("html").get_attribute("lang") == page.locator(".nnlib-pad").get_attribute("lang") == "zh-Hans"
    assert complaints == [], "the policy lets the texts in"
    page.close()


def printed(text):
    """Whether a text of take_home.py is printed, or is one of the cases of `hidden_layers`."""
    return "{path}" in text or "8 bits" in text or "hidden neuron" in text or text.startswith("{first}")


def said_in_python(name, but):
    """The texts of a Python module of the pad."""
    return [text for text in spoken.said_in((PAD / f"{name}.py").read_text(encoding="utf-8")) if not but(text)]


@pytest.mark.parametrize(
    "sizes, said",
    [
        ([], "«no hidden neurons»"),
        (["1"], "«1 hidden neuron»"),
        (["300", "100", "50"], "300«, »100« and »50« hidden neurons»"),
    ],
)
def test_the_hidden_layers_are_told_in_the_readers_language(marked, sizes, said):
    assert hidden_layers(sizes) == said


def test_what_the_sheet_and_the_page_to_take_home_print_is_in_the_readers_language(marked, quick, capsys, monkeypatch):
    monkeypatch.setattr("nnlib.pad.take_home.changed_answers", lambda net: 3)
    nnlib.take_home(layers(output=7), "my_network.html", bits=8)
    sheet = Sheet("mine/sheet.json", count=1)
    sheet.digits()
    sheet.keep(SEVEN)
    sheet.digits()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4 and unmarked(lines) == []


def test_the_picture_that_stays_is_in_the_readers_language(marked, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw, metadata=None: shown.append(data))
    pad = nnlib.DrawingPad(layers(output=7))
    pad.draw(SEVEN)
    pad._ipython_display_()
    html = re.sub(r"<style>.*?</style>", "", shown[-1]["text/html"], flags=re.S)
    assert unmarked([*re.split(r"<[^>]*>", html), *re.findall('alt="(.*?)"', html)]) == []
    assert "«Read as »7«, »" in html and '<div class="nnlib-still" lang="zh-Hans">' in html


SENTENCE = re.compile(r"(?<!\S)[A-Za-z']{2,}[.,;:?]?(?!\S)")
NO_TEXT = {"width: 140px; image-rendering: pixelated; border: 1px solid #8a8a8a", "'s numbers of inputs and outputs"}


@pytest.mark.parametrize("name", ["live", "paper", "photo", "sheet", "take_home", "widget"])
def test_no_sentence_of_a_module_goes_past_the_language(name):
    """All strings with three words or more, but for docstrings, HTML and error messages, which stay in English."""
    source = (PAD / f"{name}.py").read_text(encoding="utf-8")
    said = "\n".join(spoken.said_in(source))
    sentences = [text for text in strings_in(ast.parse(source)) if len(SENTENCE.findall(text)) >= 3 and "<" not in text]
    assert [text for text in sentences if text not in said and text not in NO_TEXT] == []


def strings_in(node):
    """The strings below a node, but for those of errors and docstrings."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Constant) and isinstance(child.value, str) and not isinstance(node, ast.Expr):
            yield child.value
        elif not isinstance(child, ast.Raise):
            yield from strings_in(child)


@pytest.mark.parametrize("name", ["pad", "notebook", "mount", "page"])
def test_no_sentence_of_a_script_goes_past_the_language(name):
    code = live.without_comments((PAD / f"{name}.js").read_text(encoding="utf-8"))
    code = re.sub(r"console\.debug\(.*?\);", "", live.SAID.sub("", code))  # what is for developers stays in English
    strings = re.findall(r"\"[^\"\n]*\"|`[^`]*`", code)
    assert [text for text in strings if re.search(r"[A-Z][a-z]* [a-z]", text)] == []


# English, and Chinese


def test_english_needs_nothing_of_it():
    assert nnlib.DrawingPad(layers(output=7)).language == live.language() == {}
    page = page_of(layers(output=7)).decode()
    assert '<html lang="en">' in page and '<script type="application/json" id="language">' not in page


def test_in_chinese_the_pad_has_the_words_that_the_lessons_have_for_it(chinese):
    """Where a lesson names a button or another text of the pad, **Keep it** or *Save*, and their translations."""
    texts = nnlib.DrawingPad(layers(output=7)).language["texts"]
    named = 0
    for path in sorted((LOCALE / "zh").glob("0*.po")):
        for entry in catalogue.load(path):
            for text in re.findall(r"\*{1,2}([A-Z][^*]*?)[.?]?\*{1,2}", entry.msgid):
                if text in texts:
                    named += 1
                    assert re.search(rf"\*{re.escape(texts[text])}\*", entry.msgstr), (text, texts[text], entry.msgstr)
    assert named >= 9


def test_in_chinese_numbers_are_those_of_the_english(chinese):
    net = layers(output=7)
    assert facts_of(net, 0.9660, 0.81)[1:3] == [
        "MNIST 的测试数字，它认对 96.60%。",
        "要是没有一个输出达到 81%，它就说拿不准。",
    ]
    pad = nnlib.DrawingPad(net)
    pad.draw(SEVEN)
    assert re.fullmatch(r"网络看到的图像。认作 7，\d\d%。", re.search('alt="(.*?)"', pad._still()[0])[1])
    assert pad.language["texts"]["{n} %"] == "{n}%" and pad.language["lang"] == "zh-Hans"
