"""The network that is taken home: one HTML file that reads digits in a browser, with no kernel and no network."""

import base64
import errno
import json
import re
import time
import zlib
from contextlib import contextmanager

import numpy as np
import pytest

import nnlib
from nnlib.data import DATA
from nnlib.pad import hands, live
from nnlib.pad.adaptation import Pupil
from nnlib.pad.take_home import page_of
from nnlib.pad.widget import as_drawn
from tests import tries
from tests.axe import violations
from workshop.pad_page import answered, clear, digit, draw, swipe

long_only = pytest.mark.skipif(tries(True, False), reason="with --long")

SEVEN = [[[x / 10, 0.0] for x in range(8)] + [[0.7 - 0.04 * t, t / 10] for t in range(1, 11)]]
ONE = [[[0.5, y / 14] for y in range(15)]]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture(scope="module")
def networks():
    """The shipped network, and what lesson 4 ends with. Their files have weights as float16."""
    return {"shipped": nnlib.load_pretrained(), "lesson 4": nnlib.Network.load(DATA / "lesson4.npz")}


@pytest.fixture(scope="module")
def page_file(networks, tmp_path_factory):
    return nnlib.take_home(networks["lesson 4"], tmp_path_factory.mktemp("home") / "my_network.html")


@contextmanager
def opened(browser, path, **options):
    """The page without a network; in the end it has asked for no other file, and complained of nothing."""
    context = browser.new_context(offline=True, **options)
    page = context.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(path.as_uri())
    yield page
    context.close()
    assert asked == [path.as_uri()] and complaints == []


@pytest.fixture(scope="module")
def page(browser, page_file):
    with opened(browser, page_file, **DESKTOP) as page:
        yield page


def until(page, condition, seconds=30):
    """Wait for a JavaScript condition. Playwright's own way would evaluate a text on the page, which forbids that."""
    end = time.monotonic() + seconds
    while not page.evaluate(condition):
        assert time.monotonic() < end, condition
        page.wait_for_timeout(30)


def says(page):
    return page.locator(".nnlib-pad-says").inner_text()


# The page reads as nnlib does


def by_hands(n, rng):
    """Strokes of `nnlib.pad.hands`: digits in all its forms, and of every third what is no digit."""
    forms = [strokes for forms in hands.FORMS.values() for strokes in forms]
    others = [hands._scribble, hands._lines, hands._polygon, hands._letter, hands._pair, hands._dots]
    drawings = [
        others[i // 3 % len(others)](rng) if i % 3 == 2 else hands._jotted(forms[i % len(forms)], rng) for i in range(n)
    ]
    return [[np.asarray(stroke).reshape(-1, 2).tolist() for stroke in strokes] for strokes in drawings]


def fuzzed(n, rng):
    """Strokes as no hand makes them: steps of the arrow keys, whole numbers, dots that rest, huge units."""

    def stroke(kind, k):
        steps = 0.03 * np.eye(2)[rng.integers(0, 2, k)] * rng.choice([-1, 1], (k, 1))
        t = np.linspace(0, 2 * np.pi, k)
        return [
            lambda: np.round(np.cumsum(np.vstack([[0.5, 0.2], steps]), axis=0), 4).clip(0, 1),
            lambda: np.array([[0.0, i] for i in range(k)]),
            lambda: np.round(np.round(np.cumsum(rng.normal(0, 3, (k, 2)), axis=0) + 140) / 276, 4),
            lambda: np.repeat(rng.random((1, 2)), k, axis=0),
            lambda: rng.random((k, 2)),
            lambda: 1e6 * rng.random((k, 2)),
            lambda: np.array([[x / 92, 0.3] for x in range(k)]),
            lambda: np.round(np.stack([0.5 + 0.3 * np.cos(t), 0.5 + 0.3 * np.sin(t)], axis=1), 4),
        ][kind]().tolist()

    drawings = [[stroke(i % 8, rng.integers(1, 60)) for _ in range(rng.integers(1, 4))] for i in range(n)]
    long = [[[i / 20_000, abs(np.sin(i / 500))] for i in range(20_000)]]
    return [*drawings, [], [[]], [[[0.5, 0.5]]], [[[0, 0], [1, 0]]], [[[0, 0], [0, 1]]], [[[0.1, 0.1]]] * 3, long]


READ = """([nets, drawings]) => {
    const images = drawings.map((strokes) => nnlibPad.strokesToImage(strokes));
    const read = (net) => images.map((image) => nnlibPad.propagate(net, image).at(-1));
    const outputs = nets.map((packed) => read(nnlibPad.unpack(packed)));
    const text = (rows) => {
        let letters = '';
        for (const row of rows) for (const byte of new Uint8Array(Float32Array.from(row).buffer))
            letters += String.fromCharCode(byte);
        return btoa(letters);
    };
    return [text(images), outputs.map(text)];
}"""


def read_on_page(page, drawings, *packed):
    """The images (n, 784) of these drawings, and each network's outputs (n, 10), as the page's own script has them."""
    images, outputs = page.evaluate(READ, [packed, drawings])
    images, *outputs = (np.frombuffer(base64.b64decode(text), np.float32) for text in (images, *outputs))
    return images.reshape(-1, 784), [a.reshape(-1, 10) for a in outputs]


def images_of(drawings):
    return np.stack([nnlib.strokes_to_image(strokes).ravel() for strokes in drawings])


@pytest.mark.parametrize("make, seed", [(by_hands, 0), (fuzzed, 1)])
def test_every_pixel_every_output_and_every_answer_is_that_of_nnlib(page, networks, make, seed):
    drawings = make(tries(150, 2000), np.random.default_rng(seed))
    X = images_of(drawings)
    images, outputs = read_on_page(page, drawings, *map(live.pack, networks.values()))
    assert np.abs(images - X).max() < 1e-5
    for a, net in zip(outputs, networks.values(), strict=True):
        assert np.abs(a - net.forward(X)).max() < 1e-5
        assert (a.argmax(axis=1) == net.predict(X)).all()


@long_only
@pytest.mark.parametrize("name", ["shipped", "lesson 4"])
def test_real_pen_strokes_give_on_the_page_what_they_give_in_python(page, networks, real_strokes, name):
    drawings, net = [entry["strokes"] for entry in real_strokes], networks[name]
    X = images_of(drawings)
    images, (outputs, rougher) = read_on_page(page, drawings, live.pack(net), live.pack(net, bits=8))
    assert np.abs(images - X).max() < 1e-5
    assert np.abs(outputs - net.forward(X)).max() < 1e-5
    assert (outputs.argmax(axis=1) == net.predict(X)).all()
    assert (rougher.argmax(axis=1) != net.predict(X)).sum() <= 10


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
@pytest.mark.parametrize("output", ["sigmoid", "logistic", "softmax"])
def test_each_activation_and_each_output_is_computed_as_nnlib_does(page, activation, output):
    drawings = by_hands(12, np.random.default_rng(2))
    X = images_of(drawings)
    rng = np.random.default_rng(3)
    for sizes in ([784, 10], [784, 30, 10], [784, 40, 30, 20, 10]):
        net = nnlib.Network(sizes, activation, output, seed=4)
        for name, p in net.params.items():
            net.params[name] = (2 * p + rng.normal(0, 0.5, p.shape) * (p.ndim == 1)).astype(np.float32)
        outputs = read_on_page(page, drawings, live.pack(net, 16), live.pack(net, 8))[1]
        for a, bits, allowed in zip(outputs, (16, 8), (2e-3, 0.1), strict=True):  # weights that are no float16
            assert np.abs(a - live.as_packed(net, bits).forward(X)).max() < 1e-5
            assert np.abs(a - net.forward(X)).max() < allowed


def test_sums_of_thousands_overflow_nothing(page):
    net = nnlib.Network([784, 20, 10], "relu", "softmax", seed=1)
    net.params["W1"] *= 1000
    net.params["W2"] *= 1000
    drawings = by_hands(9, np.random.default_rng(4))
    outputs = read_on_page(page, drawings, live.pack(net))[1][0]
    assert np.isfinite(outputs).all() and (outputs.argmax(axis=1) == net.predict(images_of(drawings))).all()


def test_without_preprocessing_the_network_gets_the_pad_as_it_is(page):
    for width in (1.0, 2.4, 5.0):
        drawings = [SEVEN, ONE, [[[0.1, 0.1]]], *by_hands(10, np.random.default_rng(5))]
        images = page.evaluate("([all, width]) => all.map((s) => [...nnlibPad.asDrawn(s, width)])", [drawings, width])
        expected = [as_drawn([np.array(stroke) for stroke in strokes], width).ravel() for strokes in drawings]
        assert np.abs(np.array(images) - expected).max() < 1e-5


# The file


@pytest.mark.parametrize("name, megabytes", [("shipped", {16: 2.5, 8: 1.3}), ("lesson 4", {16: 0.27, 8: 0.15})])
def test_the_page_is_small_enough_to_send(networks, name, megabytes):
    for bits, most in megabytes.items():
        assert len(page_of(networks[name], bits=bits)) <= 1e6 * most


def test_one_line_says_how_large_the_file_is_and_another_what_eight_bits_change(networks, tmp_path, capsys):
    net = networks["lesson 4"]
    size = nnlib.take_home(net, tmp_path / "net.html", bits=8).stat().st_size
    X, _ = nnlib.data.training_digits(10_000)
    changed = int((net.predict(X) != live.as_packed(net, 8).predict(X)).sum())
    said = capsys.readouterr().out
    assert f"net.html, {size / 1e6:.2f} MB" in said and f"{changed} of 10,000 training digits" in said
    assert 0 < changed < 20
    nnlib.take_home(net, tmp_path / "net.html")
    assert "training digits" not in capsys.readouterr().out


def test_eight_bits_keep_each_weight_to_half_a_step_of_its_units_scale(networks):
    net = networks["lesson 4"].copy()
    net.params["W1"][:, 3] = 0
    net.params["W1"][:, 4] *= 1e6
    packed = live.as_packed(net, bits=8)
    for name in ("W1", "W2"):
        step = np.abs(net.params[name]).max(axis=0) / 127
        assert (np.abs(packed.params[name] - net.params[name]) <= 0.5001 * step).all(), name
    assert (packed.params["W1"][:, 3] == 0).all()


def test_weights_that_are_float16_are_kept_to_the_bit(networks):
    for net in networks.values():
        packed = live.as_packed(net)
        assert all((packed.params[name] == p).all() for name, p in net.params.items())


def wrong_network(change):
    net = nnlib.Network([784, 5, 10])
    change(net.params)
    return net


WRONG = {
    "a function": ({"net": lambda image: image}, TypeError, "net must be an nnlib.Network"),
    "a class": ({"net": nnlib.Network}, TypeError, "net must be an nnlib.Network"),
    "three inputs": ({"net": nnlib.Network([3, 10])}, ValueError, "784 inputs"),
    "four outputs": ({"net": nnlib.Network([784, 4])}, ValueError, "10 outputs"),
    "NaN": ({"net": wrong_network(lambda p: p["W1"].fill(np.nan))}, ValueError, "NaN"),
    "too large": ({"net": wrong_network(lambda p: p["W2"].fill(7e4))}, ValueError, r"65,504 for bits=16.*W2.*bits=8"),
    "seven bits": ({"bits": 7}, ValueError, "bits must be one of 16, 8"),
    "a title that is none": ({"title": 5}, TypeError, "title must be a text"),
    "an empty title": ({"title": " "}, ValueError, "title must not be blank"),
    "an author that is none": ({"author": ["Anna"]}, TypeError, "author must be a text"),
    "per cent": ({"accuracy": 96.6}, ValueError, "from 0 to 1.*Divide"),
    "no accuracy": ({"accuracy": "high"}, ValueError, "accuracy must be a number"),
    "no threshold": ({"threshold": -1}, ValueError, "threshold must be a number at least 0"),
    "a threshold in per cent": ({"threshold": 50}, ValueError, "threshold must be a share from 0 to 1.*Divide"),
    "a pad": ({"net": nnlib.DrawingPad(nnlib.Network([784, 10]))}, TypeError, r"nnlib.Network.*Pass its .net"),
}


@pytest.mark.parametrize("arguments, error, message", WRONG.values(), ids=list(WRONG))
def test_what_does_not_fit_is_told_and_the_old_file_stays(tmp_path, arguments, error, message):
    path = tmp_path / "net.html"
    path.write_text("old")
    with pytest.raises(error, match=message):
        nnlib.take_home(**{"net": nnlib.Network([784, 5, 10]), "path": path, **arguments})
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "path, message",
    [
        ("", "path must be the path of a file, got the folder '.'. Name a file in it."),
        ("folder.html", "path must be the path of a file, got the folder 'folder.html'. Name a file in it."),
        ("not there/a.html", "path must be in a folder that is there, got 'not there/a.html'. Make 'not there' first."),
        ("a file/a.html", "in a folder that is there, got 'a file/a.html'. 'a file' is a file: name another folder."),
        ("a file/b/a.html", "in a folder that is there, got 'a file/b/a.html'. 'a file' is a file: name another"),
        ("~/a.html", "~, which Python does not know; got '~/a.html'. Pass pathlib.Path('~/a.html').expanduser()"),
        ("a\0.html", r"path must be a path without NUL characters, got 'a\x00.html'. Leave them out."),
        (5, "path must be a path, got 5."),
        ("mine.npz", "path must end in .html"),
    ],
)
def test_a_path_that_holds_no_file_is_told_and_nothing_is_written(tmp_path, monkeypatch, path, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "a file").touch()
    with pytest.raises((TypeError, ValueError), match=re.escape(message)):
        nnlib.take_home(nnlib.Network([784, 10]), path)
    assert sorted(tmp_path.rglob("*")) == [tmp_path / "a file", tmp_path / "folder.html"]


def test_a_folder_that_takes_no_file_is_named_with_what_to_do(tmp_path, monkeypatch):
    def refuse(*arguments):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("os.open", refuse)  # root may write everywhere
    with pytest.raises(PermissionError, match="no new file can be made.*Name a file in another one") as error:
        nnlib.take_home(nnlib.Network([784, 10]), tmp_path / "net.html")
    assert error.value.filename == str(tmp_path) and list(tmp_path.iterdir()) == []


def test_weights_too_large_for_a_float16_go_home_with_eight_bits(tmp_path):
    net = wrong_network(lambda params: params["W2"].fill(7e4))
    assert nnlib.take_home(net, tmp_path / "net.html", bits=8).exists()


def diverged():
    """A network of which every weight is small enough for a float16, and whose sums overflow in the seventh layer."""
    net = nnlib.Network([784, *[50] * 7, 10], activation="relu", output="softmax")
    for l in range(1, 9):
        net.params[f"W{l}"] *= 6e4 / np.abs(net.params[f"W{l}"]).max()
    return net


@pytest.mark.parametrize("bits", [16, 8])
def test_a_network_whose_answers_are_not_finite_is_refused_before_anything_is_written(tmp_path, bits):
    with pytest.raises(ValueError, match="net must give finite outputs.*the sums of layer 7 overflow.*smaller steps"):
        nnlib.take_home(diverged(), tmp_path / "net.html", bits=bits)
    assert list(tmp_path.iterdir()) == []


def test_a_network_whose_hidden_neurons_are_bounded_goes_home_however_large_its_weights_are():
    net = nnlib.Network([784, 100, 10], activation="sigmoid")
    for name in ("W1", "W2"):
        net.params[name] *= 1e30
    assert page_of(net, bits=8)


def test_a_threshold_of_the_network_that_is_no_share_is_told(tmp_path):
    net = nnlib.Network([784, 10])
    net.threshold = float("nan")
    with pytest.raises(ValueError, match="threshold"):
        nnlib.take_home(net, tmp_path / "net.html")


def test_sizes_may_be_numpys_own_integers(tmp_path):
    assert nnlib.take_home(nnlib.Network(np.array([784, 3, 10])), tmp_path / "net.html").exists()


def test_a_page_is_written_in_one_step(tmp_path, monkeypatch):
    path = tmp_path / "net.html"
    path.write_text("old")
    monkeypatch.setattr("os.fsync", lambda file: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        nnlib.take_home(nnlib.Network([784, 10]), path)
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_the_network_can_be_read_from_the_page_again(page_file, networks):
    text = re.search(r'id="network">(.*?)</script>', page_file.read_text(encoding="utf-8")).group(1)
    assert json.loads(text) == live.pack(networks["lesson 4"])


@pytest.mark.parametrize("script", [live.script, live.module])
def test_the_scripts_may_stand_inside_a_page_and_have_no_import_left(script):
    text = script()
    assert "</script" not in text.lower() and "<!--" not in text and "//" not in text
    assert not re.search(r"^import |^export (?!default)", text, flags=re.M)


# The page in a browser


NASTY = "</script><b id=nasty>&\"'<!--"


def test_every_text_is_shown_as_text(browser, networks, tmp_path):
    path = nnlib.take_home(networks["lesson 4"], tmp_path / "a.html", title=NASTY, author=NASTY, accuracy=0.966)
    with opened(browser, path) as page:
        assert page.title() == NASTY and page.locator("h1").inner_text() == NASTY
        assert page.locator(".by").inner_text() == f"Trained by {NASTY}" and page.locator("#nasty").count() == 0
        assert "96.60 % of MNIST" in page.locator("main").inner_text()
        draw(page, SEVEN)
        assert digit(page) == 7


def test_the_policy_lets_no_other_script_run_and_loads_nothing(browser, page_file):
    page = browser.new_page()
    page.goto(page_file.as_uri())
    blocked = page.evaluate("""async () => {
        const blocked = [];
        document.addEventListener('securitypolicyviolation', (event) => blocked.push(event.effectiveDirective));
        const add = (tag, properties) => document.body.append(Object.assign(document.createElement(tag), properties));
        add('script', { textContent: 'window.ran = true' });
        add('style', { textContent: 'body { display: none }' });
        add('img', { src: 'http://127.0.0.1:9/a.png' });
        add('script', { src: 'data:text/javascript,window.ran = true' });
        await fetch('http://127.0.0.1:9/').catch(() => {});
        await new Promise((done) => setTimeout(done, 200));
        return [window.ran ?? false, blocked.sort()];
    }""")
    assert blocked == [
        False,
        ["connect-src", "img-src", "script-src-elem", "script-src-elem", "style-src-elem"],
    ]
    page.close()


def test_a_digit_is_read_from_the_pointer_and_taken_back_and_cleared(page):
    clear(page)
    assert says(page) == "Draw a digit." and digit(page) is None
    draw(page, SEVEN)
    assert says(page).startswith("I read 7: ") and digit(page) == 7
    draw(page, ONE)
    page.get_by_role("button", name="Undo").click()
    until(page, "document.querySelector('.nnlib-pad').dataset.digit === '7'")
    clear(page)
    assert says(page) == "Draw a digit."


def test_a_digit_is_read_from_the_keys(page):
    clear(page)
    page.locator(".nnlib-pad-paper").focus()
    page.keyboard.press("Space")
    for _ in range(20):
        page.keyboard.press("ArrowDown")
    until(page, "document.querySelector('.nnlib-pad').dataset.digit === '1'")
    page.keyboard.press("Space")
    page.keyboard.press("Control+z")
    until(page, "document.querySelector('.nnlib-pad').dataset.digit === ''")


def test_nothing_on_the_page_waits_for_a_kernel(page):
    names = page.locator("button:visible, input:visible, summary:visible, select:visible").evaluate_all(
        "nodes => nodes.map((node) => node.labels?.[0]?.textContent ?? node.textContent)"
    )
    assert [name.strip() for name in names] == ["Undo", "Clear", "Line", "How the drawing becomes the image"]


def hold_a_one(page):
    """Draw a one on an empty pad, and leave the pen on the paper, whose box is returned."""
    clear(page)
    box = page.locator(".nnlib-pad-paper").bounding_box()
    page.mouse.move(box["x"] + 150, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 250, steps=10)
    return box


def test_the_answer_follows_the_pen_and_no_notice_says_that_a_kernel_is_busy(page):
    hold_a_one(page)
    until(page, "document.querySelector('.nnlib-pad').dataset.digit === '1'")
    page.wait_for_timeout(600)
    assert page.locator(".nnlib-pad-notice").first.inner_text() == ""
    page.mouse.up()


JOURNEY_SHOWN = "() => { const d = document.querySelector('.nnlib-pad').dataset; return d.journey === d.count; }"
INK = """(canvas) => {
    const context = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    return data.reduce((sum, byte, i) => sum + (i % 4 === 0 && byte < 128), 0);
}"""


def test_the_fold_shows_each_step_and_preprocessing_can_be_left_out(page):
    clear(page)
    page.locator("summary").click()
    draw(page, SEVEN, left=0.05, top=0.05, size=0.3)
    until(page, JOURNEY_SHOWN)
    shown = page.locator(".nnlib-pad-stage:visible .nnlib-pad-caption")
    assert shown.all_inner_texts() == ["As drawn", "Cropped", "Scaled to 20", "Centred", "28 × 28"]
    seen = page.locator(".nnlib-pad-seen")
    assert digit(page) == 7 and (large := seen.evaluate(INK)) > 40
    page.get_by_label("Preprocessing").uncheck()
    until(page, "document.querySelectorAll('.nnlib-pad-stage:not([hidden])').length === 2")
    assert seen.evaluate(INK) < large / 2
    page.get_by_label("Preprocessing").check()
    until(page, "document.querySelectorAll('.nnlib-pad-stage:not([hidden])').length === 5")
    assert digit(page) == 7
    page.locator("summary").click()


def test_what_is_far_outside_the_pad_is_left_out_and_told(page):
    box = hold_a_one(page)
    page.mouse.move(box["x"] + 1000, box["y"] + 250)
    page.mouse.up()
    page.get_by_text("Ignored: what is far outside the pad (1).").wait_for()
    assert digit(page) == 1


def test_below_the_threshold_the_page_is_not_sure(browser, networks, tmp_path):
    net = networks["lesson 4"].copy()
    net.threshold = 0.25
    path = nnlib.take_home(net, tmp_path / "a.html")
    with opened(browser, path) as page:
        assert "If no output reaches 25 %" in page.locator("main").inner_text()
        draw(page, SEVEN)
        assert digit(page) == 7
    nnlib.take_home(net, path, threshold=1)
    with opened(browser, path) as page:
        draw(page, SEVEN)
        assert digit(page) is None and says(page).startswith("Not sure. Perhaps a 7 (")


def test_after_teaching_the_page_reads_as_the_taught_network_does(browser, networks, tmp_path):
    net = networks["lesson 4"]
    footed = [[[0.2, 0.35], [0.5, 0.0], [0.5, 1.0]], [[0.25, 1.0], [0.75, 1.0]]]
    image = nnlib.strokes_to_image(footed)
    pupil = Pupil(net)
    pupil.teach(image, 8)
    before, after = (int(one.predict(image.reshape(1, 784))[0]) for one in (net, pupil.net))
    assert before != after == 8
    with opened(browser, nnlib.take_home(pupil.net, tmp_path / "a.html")) as page:
        draw(page, footed)
        assert digit(page) == 8


def test_pads_on_one_page_do_not_disturb_each_other_and_one_may_have_several_readers(browser, networks, tmp_path):
    nets = json.dumps({name: live.pack(net, 8) for name, net in networks.items()})
    path = tmp_path / "two.html"
    path.write_text(
        f'<!DOCTYPE html><meta charset="utf-8"><style>{live.style()}</style><div id="one"></div><div id="two"></div>'
        f"<script>{live.script()}</script><script>const nets = {nets}; nnlibPad.mount(one, nets['lesson 4']);"
        f"const away = nnlibPad.mount(two, nets, {{ strokes: {SEVEN} }});</script>",
        encoding="utf-8",
    )
    with opened(browser, path, **DESKTOP) as page:
        second = page.locator(".nnlib-pad").nth(1)
        assert second.get_attribute("data-digit") == "7", "its strokes lie on it at first"
        draw(page, ONE)
        assert digit(page) == 1 and second.get_attribute("data-digit") == "7"
        choice = page.get_by_label("Who reads")
        assert choice.count() == 2 and not choice.first.is_visible()
        layers = second.locator(".nnlib-pad-hidden .nnlib-pad-caption")
        assert layers.all_inner_texts() == ["Hidden layer 1: 800 neurons", "Hidden layer 2: 300 neurons"]
        choice.nth(1).select_option("lesson 4")
        until(page, "document.querySelectorAll('.nnlib-pad')[1].dataset.reader === 'lesson 4'")
        assert layers.all_inner_texts() == ["Hidden layer: 100 neurons"]
        page.evaluate("away()")
        assert page.locator(".nnlib-pad").count() == 1 and page.locator("#two > *").count() == 0


def test_a_bar_is_as_long_as_its_output_is_large(page):
    measure = "bar => bar.offsetWidth / bar.parentNode.offsetWidth"
    rows = page.locator(".nnlib-pad-row").all()
    for strokes, best in ((SEVEN, 7), (ONE, 1), ([], None)):
        clear(page)
        draw(page, strokes)
        said = [row.locator(".nnlib-pad-value").inner_text().rstrip(" %") for row in rows]
        shares = [row.locator(".nnlib-pad-bar").evaluate(measure) for row in rows]
        assert np.allclose(shares, [float(number or 0) / 100 for number in said], atol=0.02), (shares, said)
        assert max(shares) == (shares[best] if strokes else 0)


def test_a_page_that_was_saved_in_use_has_one_pad_and_it_reads(browser, page, tmp_path):
    saved = tmp_path / "saved.html"
    clear(page)
    draw(page, SEVEN)
    saved.write_text(page.content(), encoding="utf-8")  # as a browser saves it: with the pad and its answer
    assert "I read 7" in saved.read_text(encoding="utf-8")
    page = browser.new_page()  # the policy complains of the dead pad's bars before it is taken away
    page.goto(saved.as_uri())
    assert page.locator(".nnlib-pad").count() == 1 and says(page) == "Draw a digit."
    draw(page, ONE)
    assert digit(page) == 1 and says(page).startswith("I read 1")
    page.close()


def test_a_full_drawing_says_so_until_there_is_room_again_and_is_told_once(page):
    """19,999 points lie on a second pad of the page; the pen comes down with the last one that there is room for."""
    page.evaluate("""() => {
        const place = document.body.appendChild(document.createElement('section'));
        place.id = 'full';
        const net = JSON.parse(document.getElementById('network').textContent);
        const strokes = [Array.from({ length: 19_999 }, (_, i) => [0.5, i / 20_000])];
        nnlibPad.mount(place, net, { strokes });
        place.told = [];
        const notice = place.querySelector('.nnlib-pad-notice');
        new MutationObserver(() => place.told.push(notice.textContent)).observe(notice, { childList: true });
    }""")
    pad = page.locator("#full")
    notice = pad.locator(".nnlib-pad-notice").first
    pad.locator(".nnlib-pad-paper").focus()
    told = "The drawing is full. Undo a stroke or clear it to go on."
    for key in ("Space", "ArrowRight", "ArrowRight", "Space"):  # each is answered, and none may wipe the notice away
        page.keyboard.press(key)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert notice.inner_text() == told and notice.get_attribute("role") == "status", key
    pad.get_by_role("slider").press("ArrowRight")
    page.wait_for_timeout(50)
    assert pad.evaluate("node => node.told") == [told], "a screen reader says it once"
    pad.get_by_role("button", name="Undo").click()
    until(page, "document.querySelector('#full .nnlib-pad-notice').textContent === ''")
    page.evaluate("document.getElementById('full').remove()")


def test_without_javascript_the_page_says_what_to_do(browser, page_file):
    with opened(browser, page_file, java_script_enabled=False) as page:
        assert "open the file in a browser" in page.locator("main").inner_text()


# On every screen


LOOKS = [pytest.param(PHONE, "dark", id="phone-dark"), pytest.param(DESKTOP, "light", id="desktop-light")]
OTHERS = [pytest.param(PHONE, "light", id="phone-light"), pytest.param(DESKTOP, "dark", id="desktop-dark")]


@pytest.mark.parametrize(("screen", "scheme"), [*LOOKS, *tries([], OTHERS)])
def test_axe_finds_nothing_and_nothing_overflows(browser, page_file, screen, scheme):
    with opened(browser, page_file, color_scheme=scheme, **screen) as page:
        page.locator("summary").click()
        draw(page, SEVEN)
        until(page, JOURNEY_SHOWN)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth === innerWidth")
        background = page.locator("body").evaluate("node => getComputedStyle(node).backgroundColor")
        light = min(map(int, re.findall(r"\d+", background))) > 128
        inverted = page.locator(".nnlib-pad-paper").evaluate("node => getComputedStyle(node).filter") != "none"
        assert light == (scheme == "light") and inverted == (scheme == "dark")


def test_the_colours_follow_the_device_while_the_page_is_open(browser, page_file):
    with opened(browser, page_file, color_scheme="light") as page:
        page.emulate_media(color_scheme="dark")
        until(page, "getComputedStyle(document.querySelector('.nnlib-pad-paper')).filter !== 'none'")


def test_on_a_phone_a_finger_draws_and_the_answer_is_in_sight(browser, page_file):
    with opened(browser, page_file, **PHONE) as page:
        box = page.locator(".nnlib-pad-paper").bounding_box()
        assert box["width"] == pytest.approx(box["height"]) and box["width"] > 340
        x = box["x"] + box["width"] / 2
        swipe(page, (x, box["y"] + 0.85 * box["height"]), (x, box["y"] + 0.15 * box["height"]))
        answered(page)
        assert digit(page) == 1 and page.evaluate("scrollY") == 0
        answer = page.locator(".nnlib-pad-says").bounding_box()
        assert answer["y"] + answer["height"] < 844
        for button in page.locator(".nnlib-pad-button").all():
            assert button.bounding_box()["height"] >= 44
        assert not page.get_by_text("Keys: arrows move").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_forced_colours_bars_differ_from_their_tracks_and_the_paper_has_an_edge(browser, page_file, scheme):
    with opened(browser, page_file, forced_colors="active", color_scheme=scheme) as page:
        draw(page, SEVEN)
        colour = "node => getComputedStyle(node).backgroundColor"
        best, track, other = (
            page.locator(f".nnlib-pad-{name}").first.evaluate(colour)
            for name in ("best .nnlib-pad-bar", "best .nnlib-pad-track", "row:not(.nnlib-pad-best) .nnlib-pad-bar")
        )
        assert len({best, track, other}) == 3
        paper = page.locator(".nnlib-pad-paper")
        assert paper.evaluate("node => getComputedStyle(node).filter") == "none", "it would hide the paper's edge"


def printed_colours(page):
    """The colours of what the page has filled when it is printed as browsers print it: without backgrounds."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", page.pdf(), flags=re.S)
    drawn = b"".join(zlib.decompress(stream) for stream in streams if stream[:1] == b"x")  # the others are fonts
    fills = re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) rg", drawn)
    return {"#" + bytes(round(255 * float(share)) for share in fill).hex() for fill in fills}


def test_on_paper_the_bars_and_their_tracks_are_there_and_from_a_dark_page_in_the_light_colours(browser, page_file):
    with opened(browser, page_file, color_scheme="dark") as page:
        draw(page, SEVEN)
        assert printed_colours(page) >= {"#0072b2", "#eeece7", "#595959"}, "the bar, its track, and small letters"
        page.emulate_media(media="print")
        until(page, "getComputedStyle(document.querySelector('.nnlib-pad-paper')).filter === 'none'")


@long_only
def test_on_a_processor_six_times_slower_an_answer_takes_at_most_50_ms(browser, networks, tmp_path):
    """The 95th percentile over the points of forty drawings, each answered as the pen moves."""
    with opened(browser, nnlib.take_home(networks["shipped"], tmp_path / "a.html"), **PHONE) as page:
        devtools = page.context.new_cdp_session(page)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": 6})
        drawings = by_hands(40, np.random.default_rng(6))
        times = page.evaluate(
            """(drawings) => {
                const packed = JSON.parse(document.getElementById('network').textContent);
                const net = nnlibPad.unpack(packed);
                const times = [];
                for (const strokes of drawings) for (let n = 1; n <= strokes.length; n++) {
                    const begun = performance.now();
                    nnlibPad.propagate(net, nnlibPad.strokesToImage(strokes.slice(0, n)));
                    times.push(performance.now() - begun);
                }
                return times;
            }""",
            drawings,
        )
        assert np.percentile(times, 95) < 50


# The pad's button


class Page(nnlib.DrawingPad):
    """A pad that keeps what it sends to its page."""

    def send(self, content, buffers=None):
        self.got = content, buffers


def test_the_pads_button_sends_the_page_of_whoever_reads_now(networks):
    pad = Page({"mine": nnlib.Network([784, 5, 10]), "The one of lesson 4!": networks["lesson 4"]})
    pad.reader = "The one of lesson 4!"
    pad._command(pad, {"do": "take home", "view": "v"}, [])
    content, [page] = pad.got
    assert content == {"do": "take home", "view": "v", "name": "The_one_of_lesson_4.html"}
    text = page.decode()
    assert "<h1>The one of lesson 4!</h1>" in text
    assert json.loads(re.search(r'id="network">(.*?)</script>', text).group(1)) == live.pack(networks["lesson 4"])


@pytest.mark.parametrize(
    "net, why",
    [(wrong_network(lambda params: params["W2"].fill(7e4)), "65,504"), (diverged(), "net must give finite outputs")],
)
def test_the_pads_button_says_why_there_is_no_page(net, why):
    pad = Page(net)
    pad._command(pad, {"do": "take home", "view": "v"}, [])
    content, buffers = pad.got
    assert content["view"] == "v" and why in content["error"] and not buffers


def test_the_pads_button_says_that_it_was_interrupted(networks, monkeypatch):
    """An interrupt has no text of its own, and without an error the page would wait for a file."""

    def interrupted(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("nnlib.pad.widget.page_of", interrupted)
    pad = Page(networks["lesson 4"])
    pad._command(pad, {"do": "take home", "view": "v"}, [])
    assert pad.got[0]["error"] == "Interrupted: nothing has changed."
