"""The pad in a real JupyterLab, in a real browser, drawn on with the pointer."""

import os
import shutil
import signal
from contextlib import contextmanager

import numpy as np
import pytest

import nnlib
from tests import ROOT, tries
from tests.lab_page import THEMES, change_theme, violations
from workshop.pad_page import answered, clear, digit, draw, open_file, open_notebook, pad_of, run_in_kernel, swipe

NOTEBOOKS = ROOT / "notebooks"
# Without a threshold, so that the pad always names a digit; one test sets a threshold.
CELLS = ["import nnlib\nnet = nnlib.load_pretrained()\nnet.threshold = 0.0", "pad = nnlib.DrawingPad(net)\npad"]


@pytest.fixture(scope="module")
def asked():
    """The addresses that the page of this module has asked for, from its first request."""
    return []


@pytest.fixture(scope="module")
def page(browser, lab, asked):
    page = open_notebook(browser, lab, CELLS, asked=asked)
    pad_of(page)
    yield page
    page.close()


@pytest.fixture(autouse=True)
def empty_pad(page):
    clear(page)


def zero(points=40):
    angle = np.linspace(0, 2 * np.pi, points)
    return [np.stack([0.5 + 0.35 * np.sin(angle), 0.5 - 0.5 * np.cos(angle)], axis=1).tolist()]


FOUR = "import numpy as np\nfour = lambda image: np.eye(10)[4]"  # whatever is drawn
ONE = [[[0.5, y / 14] for y in range(15)]]
SEVEN = [[[x / 10, 0.0] for x in range(8)] + [[0.7 - 0.04 * t, t / 10] for t in range(1, 11)]]


@pytest.mark.parametrize("strokes, label", [(zero(), 0), (ONE, 1), (SEVEN, 7)])
def test_a_drawn_digit_is_read_on_the_page(page, strokes, label):
    draw(page, strokes)
    assert digit(page) == label
    assert f"I read {label}" in page.get_by_role("status").first.inner_text()


def test_real_pen_strokes_give_on_the_page_what_they_give_in_python(page, real_strokes):
    """Digits of as many writers: the page says what nnlib says, and is right for nearly all."""
    by_writer = {entry["writer"]: entry for entry in real_strokes}
    chosen = list(by_writer.values())[: tries(3, 20)]
    net = nnlib.load_pretrained()
    same = right = 0
    for entry in chosen:
        clear(page)
        draw(page, entry["strokes"])
        expected = int(net.predict(nnlib.strokes_to_image(entry["strokes"]).reshape(1, 784))[0])
        same += digit(page) == expected
        right += digit(page) == entry["label"]
    assert same >= len(chosen) - 1, "the pointer rounds to pixels, so a digit on the edge may differ, but not two"
    assert right >= 0.8 * len(chosen)


def test_place_and_size_on_the_pad_do_not_matter(page):
    for left, top, size in ((0.05, 0.05, 0.2), (0.7, 0.7, 0.25), (0.02, 0.02, 0.95)):
        clear(page)
        draw(page, SEVEN, left, top, size)
        assert digit(page) == 7, (left, top, size)


def test_the_answer_follows_the_pen_before_it_is_lifted(page):
    box = page.locator(".nnlib-pad-paper").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 20
    page.evaluate("""() => {
        window.answers = [];
        const pad = document.querySelector('.nnlib-pad');
        const observer = new MutationObserver(() => window.answers.push(pad.dataset.digit));
        observer.observe(pad, {attributeFilter: ['data-answered']});
    }""")
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(100):
        page.mouse.move(x, y + 2 * step)
        page.wait_for_timeout(16)
    while_drawing = page.evaluate("window.answers")
    page.mouse.up()
    assert len(while_drawing) >= 10, "a hundred moves, and at least ten answers before the pen is lifted"
    assert "1" in while_drawing


def test_no_point_of_a_fast_stroke_is_lost(page):
    """100 moves as fast as the browser takes them: every one that changes the place is in Python afterwards."""
    box = page.locator(".nnlib-pad-paper").first.bounding_box()
    x, y = box["x"] + 20, box["y"] + 20
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 230, y + 200, steps=100)
    page.mouse.up()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    answered(page)
    assert run_in_kernel(page, "[len(s) for s in pad.strokes]") == [101]


SCRIBBLE = """async ([moves, frames]) => {
    const {send} = WebSocket.prototype;
    const sent = [];
    WebSocket.prototype.send = function (data) {
        sent.push(data.byteLength ?? data.length);
        return send.call(this, data);
    };
    const paper = document.querySelector('.nnlib-pad-paper');
    const box = paper.getBoundingClientRect();
    const dispatch = (type, i) => paper.dispatchEvent(new PointerEvent(type, {
        pointerId: 1, isPrimary: true, bubbles: true, buttons: 1,
        clientX: box.left + 20 + 230 * i / moves, clientY: box.top + 20 + 200 * i / moves,
    }));
    dispatch('pointerdown', 0);
    for (let i = 1; i <= moves; i++) {
        dispatch('pointermove', i);
        if (i % (moves / frames) === 0) await new Promise(requestAnimationFrame);
    }
    dispatch('pointerup', moves);
    await new Promise(done => setTimeout(done, 300));
    WebSocket.prototype.send = send;
    return sent;
}"""


def test_however_many_points_come_one_message_a_frame_is_sent(page):
    sent = page.evaluate(SCRIBBLE, [600, 6])
    answered(page)
    assert 0 < len(sent) <= 7 and max(sent) < 100_000
    assert run_in_kernel(page, "sum(map(len, pad.strokes))") == 601


@contextmanager
def busy(page):
    """The kernel answers nothing until the block ends."""
    kernel = run_in_kernel(page, "__import__('os').getpid()")
    os.kill(kernel, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(kernel, signal.SIGCONT)


def test_a_busy_kernel_is_sent_no_more_than_it_can_answer(page):
    """While it works, the drawing waits on the page, and leaves in one message when there is an answer."""
    with busy(page):
        sent = page.evaluate(SCRIBBLE, [600, 60])
        assert 0 < len(sent) <= 2
    answered(page)
    assert run_in_kernel(page, "sum(map(len, pad.strokes))") == 601


def test_a_drawing_that_returns_to_an_equal_value_is_still_answered(page):
    draw(page, ONE)
    page.get_by_role("button", name="Undo").first.click()
    draw(page, ONE)
    assert digit(page) == 1


def test_undo_takes_back_one_stroke_and_clear_all(page):
    draw(page, ONE)
    draw(page, zero())
    page.get_by_role("button", name="Undo").first.click()
    page.wait_for_timeout(100)
    answered(page)
    assert digit(page) == 1
    assert run_in_kernel(page, "len(pad.strokes)") == 1
    clear(page)
    assert digit(page) is None
    assert page.get_by_role("status").first.inner_text() == "Draw a digit."


def test_the_keyboard_alone_can_draw_undo_and_clear(page):
    page.locator(".nnlib-pad-paper").first.focus()
    page.keyboard.press("Space")
    for _ in range(20):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.wait_for_timeout(200)
    answered(page)
    assert digit(page) == 1
    page.keyboard.press("Control+z")
    page.wait_for_timeout(200)
    answered(page)
    assert digit(page) is None


def test_the_width_of_the_line_reaches_the_network_only_without_preprocessing(page):
    draw(page, zero())
    ink = "float(pad.image.sum())"
    slider = page.get_by_label("Line").first

    def set_width(width):
        slider.evaluate("(s, width) => { s.value = width; s.dispatchEvent(new Event('input')); }", width)
        page.wait_for_timeout(300)
        answered(page)
        assert run_in_kernel(page, "pad.width") == width

    before = run_in_kernel(page, ink)
    set_width(4)
    assert run_in_kernel(page, ink) == before
    run_in_kernel(page, "setattr(pad, 'preprocess', False)")
    wide = run_in_kernel(page, ink)
    set_width(2.4)
    assert run_in_kernel(page, ink) < 0.7 * wide
    run_in_kernel(page, "setattr(pad, 'preprocess', True)")


def test_a_drawing_from_python_shows_on_the_page(page):
    run_in_kernel(page, f"pad.draw({SEVEN})")
    page.wait_for_function("document.querySelector('.nnlib-pad').dataset.digit === '7'")


def test_the_page_shows_the_image_and_both_hidden_layers(page):
    draw(page, zero())
    dark = """c => {
        const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        let n = 0;
        for (let i = 0; i < d.length; i += 4) n += d[i] < 128;
        return n;
    }"""
    seen = page.locator(".nnlib-pad-seen").first.evaluate(dark)
    assert 40 < seen < 300
    assert page.locator(".nnlib-pad-units").count() == 2
    assert page.locator(".nnlib-pad-units").first.evaluate(dark) > 3


def test_the_server_was_told_to_send_answers_at_once(page, lab):
    _, folder = lab
    assert "nnlib.pad.server | extension was successfully loaded" in (folder / "jupyterlab.log").read_text()


ALL_CELLS_HAVE_RUN = """window.jupyterapp.shell.currentWidget.content.widgets.every(
    ({model}) => model.type !== 'code' || model.sharedModel.getSource() === '' || model.executionCount !== null)"""


@pytest.mark.skipif(tries(True, False), reason="nbval has run it, and the pad is read above: with --long")
@pytest.mark.parametrize("lesson", ["01_forward_pass", "09_drawing_canvas"])
def test_a_lesson_itself_runs_and_its_pad_reads(browser, lab, lesson):
    address, folder = lab
    shutil.copytree(NOTEBOOKS, folder / "notebooks", dirs_exist_ok=True)
    page = open_file(browser, address, f"notebooks/{lesson}.ipynb")
    pad_of(page)
    page.wait_for_function(ALL_CELLS_HAVE_RUN, timeout=90_000)  # lesson 9 draws a star, and clears the pad
    page.wait_for_function("document.querySelector('.nnlib-pad').dataset.digit === ''")
    page.locator(".nnlib-pad").first.get_by_text("Draw a digit.", exact=True).first.wait_for()
    draw(page, SEVEN)
    assert digit(page) == 7
    page.close()


def test_the_page_loads_nothing_from_a_network(page, lab, asked):
    address, _ = lab
    draw(page, ONE)
    assert any(url.startswith(address) for url in asked)
    assert [url for url in asked if not url.startswith((address, "data:", "blob:", "ws"))] == []


def run_cell(page, index):
    """Run a cell of the notebook that is shown, and do not wait for it."""
    page.evaluate(
        """index => {
            const notebook = window.jupyterapp.shell.currentWidget.content;
            notebook.activeCellIndex = index;
            notebook.deselectAll();
            window.jupyterapp.commands.execute('notebook:run-cell');
        }""",
        index,
    )


def status(page, which=0):
    return page.locator(".nnlib-pad").nth(which).get_by_role("status").first.inner_text()


def notice(page):
    return page.locator(".nnlib-pad-notice").first.inner_text()


def test_strokes_that_cannot_be_drawn_are_left_out_and_the_page_lives_on(page):
    """Put on the pad past the check of `draw`."""
    wrong = "[5, None, [['a', 1]], [[None, 0.5]], [[1e30, 2]], [[0.5, 0.5]] * 30_000, [[0.5, 0.1], [0.5, 0.9]]]"
    run_in_kernel(page, f"pad._show({wrong}, {{}})")
    page.wait_for_function("document.querySelector('.nnlib-pad-notice').innerText.includes('far outside the pad')")
    assert "Ignored" in notice(page) and "20,000 points" in notice(page)
    clear(page)
    assert notice(page) == ""
    draw(page, SEVEN)
    assert digit(page) == 7


def test_below_the_threshold_the_page_says_that_it_is_not_sure(page):
    run_in_kernel(page, "setattr(net, 'threshold', 2.0)")
    draw(page, SEVEN)
    assert status(page).startswith("Not sure. Perhaps a 7 (")
    assert digit(page) is None and page.locator(".nnlib-pad").first.get_attribute("data-sure") == "false"
    assert page.locator(".nnlib-pad-best").count() == 0
    run_in_kernel(page, "setattr(net, 'threshold', 0.0)")
    clear(page)
    draw(page, SEVEN)
    assert digit(page) == 7 and page.locator(".nnlib-pad").first.get_attribute("data-sure") == "true"


def test_a_function_that_raises_is_told_on_the_page(page):
    run_in_kernel(page, "setattr(pad, 'net', lambda image: 1 / 0)")
    draw(page, SEVEN)
    assert "ZeroDivisionError" in status(page) and digit(page) is None
    run_in_kernel(page, "setattr(pad, 'net', net)")
    draw(page, [[[0.2, 0.2], [0.21, 0.2]]])
    assert "I read" in status(page)


def test_a_busy_kernel_is_told_and_the_drawing_is_answered_afterwards(page):
    with busy(page):
        draw_unanswered(page, SEVEN)
        page.get_by_text("The kernel is busy: the answer will come.").wait_for(timeout=10_000)
    answered(page)
    assert digit(page) == 7 and notice(page) == ""


@pytest.fixture(scope="module")
def fragile(browser, lab):
    """A page for what ends its kernel, and for fingers: it is so long that it can scroll. And its scripts' errors."""
    below = "# a line\n" * 100
    page, errors = open_notebook(browser, lab, [*CELLS, below], name="fragile.ipynb", has_touch=True), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    pad_of(page)
    yield page, errors
    page.close()


def restart(page, make=CELLS[1]):
    """Start the kernel anew, and run both cells; what makes the pad may be another one."""
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    page.wait_for_function(KERNEL_IDLE, timeout=90_000)
    run_cell(page, 0)
    show(page, make)


def show(page, make):
    """Let the second cell make another pad, and wait until it stands in the place of the old one."""
    page.evaluate(
        """made => {
            document.querySelectorAll('.nnlib-pad').forEach((pad) => { pad.dataset.old = 'true'; });
            window.jupyterapp.shell.currentWidget.content.widgets[1].model.sharedModel.setSource(made);
        }""",
        make,
    )
    run_cell(page, 1)
    page.wait_for_function(NEW_PAD, timeout=90_000)
    answered(page)


NEW_PAD = "document.querySelector('.nnlib-pad') && !document.querySelector('.nnlib-pad[data-old]')"


@pytest.fixture
def another_pad(page):
    """From what makes a pad to the page with this pad in the place of the usual one, until the test ends."""
    yield lambda make: show(page, make)
    show(page, CELLS[1])


def test_a_restarted_kernel_and_a_cell_that_runs_again_leave_one_pad_that_reads(fragile):
    page, errors = fragile
    draw(page, ONE)
    first = run_in_kernel(page, "pad.model_id")
    show(page, CELLS[1])
    assert digit(page) is None
    assert page.locator(".nnlib-pad").count() == 1 and run_in_kernel(page, "pad.model_id") != first
    draw(page, SEVEN)
    assert digit(page) == 7

    restart(page)
    assert digit(page) is None
    draw(page, SEVEN)
    assert digit(page) == 7 and page.locator(".nnlib-pad").count() == 1
    assert errors == []


KERNEL_IDLE = "window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"


def draw_unanswered(page, strokes):
    """Draw, and do not wait for an answer."""
    page.locator(".nnlib-pad-paper").first.scroll_into_view_if_needed()
    box = page.locator(".nnlib-pad-paper").first.bounding_box()
    for stroke in strokes:
        for i, (x, y) in enumerate(stroke):
            page.mouse.move(box["x"] + box["width"] * (0.2 + 0.6 * x), box["y"] + box["height"] * (0.1 + 0.8 * y))
            if i == 0:
                page.mouse.down()
        page.mouse.up()


def test_a_kernel_that_was_killed_is_told_and_what_was_drawn_is_answered_when_it_is_back(fragile):
    page, errors = fragile
    clear(page)
    os.kill(run_in_kernel(page, "__import__('os').getpid()"), signal.SIGKILL)
    page.locator(".jp-Dialog").get_by_text("died").wait_for(timeout=60_000)  # JupyterLab notices, and covers the page
    page.keyboard.press("Escape")
    page.locator(".jp-Dialog").wait_for(state="detached")
    draw_unanswered(page, SEVEN)
    page.get_by_text("Was the kernel restarted? Run this cell again.").wait_for(timeout=20_000)
    assert dark(page, ".nnlib-pad-paper") > 0.01, "the drawing is still there"
    page.wait_for_function(KERNEL_IDLE, timeout=90_000)  # the server starts it again
    run_cell(page, 0)
    run_cell(page, 1)
    page.wait_for_function("document.querySelector('.nnlib-pad')?.dataset.digit === '7'", timeout=90_000)
    assert page.locator(".nnlib-pad").count() == 1 and run_in_kernel(page, "len(pad.strokes)") == 1
    show(page, CELLS[1])
    assert digit(page) is None, "it was answered: a fresh pad"
    assert errors == []


def test_two_pads_in_one_notebook_do_not_disturb_each_other(page, another_pad):
    another_pad(f"{FOUR}\npad, other = nnlib.DrawingPad(net), nnlib.DrawingPad(four)\ndisplay(pad, other)")
    page.locator(".nnlib-pad").nth(1).wait_for(timeout=90_000)
    draw(page, SEVEN)
    assert digit(page) == 7 and status(page, 1) == "Draw a digit."
    run_in_kernel(page, f"other.draw({ONE})")
    page.wait_for_function("document.querySelectorAll('.nnlib-pad')[1].dataset.digit === '4'")
    assert digit(page) == 7 and run_in_kernel(page, "[len(pad.strokes), len(other.strokes)]") == [1, 1]
    clear(page)
    assert status(page, 1).startswith("I read 4")
    assert page.locator(".nnlib-pad").nth(1).locator(".nnlib-pad-units").count() == 0


def test_who_reads_is_chosen_on_the_pad_with_the_pointer_and_the_keys(page, another_pad):
    another_pad(f"{FOUR}\npad = nnlib.DrawingPad({{'mine': four, 'the shipped one': net}})\npad")
    draw(page, SEVEN)
    assert digit(page) == 4
    choice = page.get_by_label("Who reads")
    assert choice.locator("option").all_inner_texts() == ["mine", "the shipped one"]
    choice.select_option("the shipped one")
    page.wait_for_function("document.querySelector('.nnlib-pad').dataset.digit === '7'")
    layers = page.locator(".nnlib-pad-hidden .nnlib-pad-caption").all_inner_texts()
    assert layers == ["Hidden layer 1: 800 neurons", "Hidden layer 2: 300 neurons"]
    run_in_kernel(page, "pad._schools.update(mine=nnlib.pad.adaptation.Pupil(nnlib.Network([784, 5, 10])))")
    choice.select_option("mine")
    page.wait_for_function("document.querySelector('.nnlib-pad-hidden').innerText.includes('Hidden layer: 5 neurons')")
    run_in_kernel(page, "pad._schools.update(mine=four)")
    choice.select_option("the shipped one")
    page.wait_for_function("document.querySelector('.nnlib-pad').dataset.digit === '7'")
    choice.focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_function("document.querySelector('.nnlib-pad').dataset.digit === '4'")
    assert run_in_kernel(page, "[pad.reader, len(pad.strokes)]") == ["mine", 1]
    assert not page.get_by_role("group", name="Wrong? Say what it was").is_visible(), "a function cannot be taught"
    run_in_kernel(page, "setattr(pad, 'reader', 'the shipped one')")
    page.wait_for_function("document.querySelector('.nnlib-pad-reader select').value === 'the shipped one'")


def test_a_pad_with_one_reader_offers_no_choice(page):
    assert not page.get_by_label("Who reads").is_visible()


def test_a_sheet_is_drawn_kept_and_gone_on_with_after_a_new_kernel(fragile):
    """A synthetic hand: it draws what the pad asks for, with the pointer and the keys."""
    page, _ = fragile
    sheet = "from nnlib.pad.sheet import Sheet\nsheet = Sheet('my_digits/test.json', 20, seed=3)"
    make = f"{sheet}\npad = nnlib.DrawingPad(net, sheet=sheet)\npad"
    show(page, make)
    wanted, keep = page.locator(".nnlib-pad-wanted"), page.get_by_role("button", name="Keep it")
    asked = run_in_kernel(page, "pad.sheet.asked")
    assert keep.is_disabled() and wanted.inner_text() == f"Draw {'an' if asked[0] == 8 else 'a'} {asked[0]}."
    hand = {0: zero(), 1: ONE, 7: SEVEN}
    for kept, label in enumerate(asked[:6], start=1):
        draw(page, hand.get(label, ONE))
        if kept % 2:
            keep.click()
        else:
            page.locator(".nnlib-pad-paper").focus()
            page.keyboard.press("Enter")
        page.wait_for_function(f"document.querySelector('.nnlib-pad').dataset.kept === '{kept}'")
        answered(page)
        assert run_in_kernel(page, "len(pad.strokes)") == 0
    right = run_in_kernel(page, "int(sum(net.predict(pad.sheet.images) == pad.sheet.labels))")
    assert right == sum(label in hand for label in asked[:6])
    assert f"6 of 20 kept. {right} of them read right." in page.locator(".nnlib-pad-task").inner_text()
    page.get_by_role("button", name="Take the last back").click()
    page.wait_for_function("document.querySelector('.nnlib-pad').dataset.kept === '5'")
    restart(page, make)
    assert "5 of 20 kept." in page.locator(".nnlib-pad-task").inner_text()


def dark(page, selector):
    """The share of a canvas's pixels that are darker than grey."""
    count = """c => {
        const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        let n = 0;
        for (let i = 0; i < d.length; i += 4) n += d[i + 3] > 128 && d[i] < 128;
        return 4 * n / d.length;
    }"""
    return page.locator(selector).first.evaluate(count)


def open_fold(page, open=True):
    page.locator(".nnlib-pad-fold").first.evaluate("(fold, open) => { fold.open = open; }", open)


def journey_shown(page):
    page.wait_for_function(
        "() => { const d = document.querySelector('.nnlib-pad').dataset; return d.journey === d.count; }",
        timeout=30_000,
    )


def test_the_fold_shows_every_stage_and_the_nearest_training_digits(page):
    open_fold(page)
    draw(page, SEVEN)
    journey_shown(page)
    assert page.locator(".nnlib-pad-stage:visible").count() == 8
    for i in range(8):
        assert 0.01 < dark(page, f".nnlib-pad-stage:nth-child({i + 1}) canvas") < 0.5, i
    page.locator(".nnlib-pad-stage").nth(5).filter(has_text="a 7").wait_for()  # of the whole drawing: it may come last
    open_fold(page, False)


def test_without_preprocessing_a_small_digit_stays_small(page):
    open_fold(page)
    draw(page, SEVEN, left=0.05, top=0.05, size=0.2)
    assert digit(page) == 7
    page.get_by_label("Preprocessing").first.uncheck()
    page.wait_for_timeout(500)
    answered(page)
    assert run_in_kernel(page, "float(pad.image[10:].sum())") == 0
    page.wait_for_function("document.querySelectorAll('.nnlib-pad-stage:not([hidden])').length === 5")
    page.get_by_label("Preprocessing").first.check()
    page.wait_for_function("document.querySelector('.nnlib-pad').dataset.digit === '7'")
    open_fold(page, False)


def test_a_sample_of_mnist_shows_on_the_paper_and_the_next_stroke_takes_its_place(page):
    page.get_by_role("button", name="MNIST sample").first.click()
    page.get_by_text("MNIST's test digit").wait_for(timeout=30_000)
    assert dark(page, ".nnlib-pad-paper") > 0.02
    assert run_in_kernel(page, "len(pad.strokes)") == 0
    draw(page, SEVEN)
    assert digit(page) == 7 and notice(page) == "" and run_in_kernel(page, "len(pad.picture)") == 0


def photo(width=900, height=600):
    """A PNG of a dark seven on grey paper, made by the browser's own encoder."""
    return f"""async () => {{
        const canvas = new OffscreenCanvas({width}, {height});
        const context = canvas.getContext('2d');
        context.fillStyle = '#d8d4cc';
        context.fillRect(0, 0, {width}, {height});
        context.lineWidth = 24;
        context.strokeStyle = '#223';
        context.lineCap = context.lineJoin = 'round';
        context.stroke(new Path2D('M 350 150 L 550 150 L 430 450'));
        const blob = await canvas.convertToBlob({{ type: 'image/png' }});
        return [...new Uint8Array(await blob.arrayBuffer())];
    }}"""


def test_a_picture_file_is_read_and_what_is_no_picture_is_told(page):
    choose = page.locator(".nnlib-pad input[type=file]").first
    choose.set_input_files({"name": "seven.png", "mimeType": "image/png", "buffer": bytes(page.evaluate(photo()))})
    page.get_by_text("A picture, 400 × 267 pixels.").wait_for(timeout=10_000)
    answered(page)
    assert run_in_kernel(page, "[pad.picture['rows'], len(pad.picture['grey'])]") == [267, 400 * 267]
    assert digit(page) == 7
    choose.set_input_files({"name": "seven.txt", "mimeType": "text/plain", "buffer": b"seven"})
    page.get_by_text("seven.txt is not a picture that this browser can read.").wait_for(timeout=5000)
    page.get_by_role("button", name="Undo").first.click()
    page.wait_for_timeout(100)
    answered(page)
    assert status(page) == "Draw a digit."


def test_a_dropped_picture_is_read(page):
    page.evaluate(
        """bytes => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], 'seven.png', { type: 'image/png' }));
            const event = new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true });
            document.querySelector('.nnlib-pad-paper').dispatchEvent(event);
        }""",
        page.evaluate(photo(300, 600)),
    )
    page.get_by_text("A picture, 200 × 400 pixels.").wait_for(timeout=10_000)


def test_on_a_narrow_page_the_pad_shrinks_stays_square_and_reads(page):
    page.locator(".nnlib-pad").first.evaluate("pad => { pad.style.width = '200px'; }")
    box = page.locator(".nnlib-pad-paper").first.bounding_box()
    assert box["width"] == pytest.approx(box["height"]) and box["width"] <= 200
    draw(page, SEVEN)
    assert digit(page) == 7
    assert page.locator(".nnlib-pad").first.evaluate("pad => pad.scrollWidth <= pad.clientWidth")
    page.locator(".nnlib-pad").first.evaluate("pad => { pad.style.width = ''; }")


def test_everything_that_can_be_used_has_a_name(page):
    unnamed = page.locator(".nnlib-pad").first.evaluate(
        """pad => [...pad.querySelectorAll('button, canvas, input:not([hidden])')]
            .filter(n => !(n.textContent || n.ariaLabel || n.labels?.[0]?.textContent)).length"""
    )
    assert unnamed == 0


# Teaching


def taught(page, count):
    page.wait_for_function(
        """count => {
            const d = document.querySelector('.nnlib-pad').dataset;
            return d.taught === count && d.learning === 'false';
        }""",
        arg=str(count),
        timeout=30_000,
    )
    answered(page)


def learned(page):
    return page.locator(".nnlib-pad-learned").first.inner_text()


FOOTED_ONE = [[[0.2, 0.35], [0.5, 0.0], [0.5, 1.0]], [[0.25, 1.0], [0.75, 1.0]]]


def test_a_reader_says_what_it_was_and_the_network_learns_saves_and_forgets(page):
    pad = page.locator(".nnlib-pad").first
    draw(page, FOOTED_ONE)
    first = digit(page)
    assert first != 8
    page.evaluate("""() => {
        window.heard = [];
        const node = document.querySelector('.nnlib-pad-learned');
        new MutationObserver(() => window.heard.push(node.textContent)).observe(node, {childList: true});
    }""")
    pad.get_by_role("button", name="It was an 8").click()
    taught(page, 1)
    assert digit(page) == 8
    assert "0 right before, and 1 now" in learned(page)
    assert len([text for text in page.evaluate("window.heard") if "done" in text]) >= 3, "the reader sees it learn"
    assert "loss on your drawings" in pad.locator(".nnlib-pad-chart").inner_text()
    assert dark(page, ".nnlib-pad-taught canvas") > 0.02 and "8: ✗ → ✓" in pad.locator(".nnlib-pad-taught").inner_text()
    pad.get_by_role("button", name="Save").click()
    page.get_by_text("Saved: my_digits/drawings.npz").wait_for(timeout=10_000)
    pad.get_by_role("button", name="Forget the last").click()
    taught(page, 0)
    assert digit(page) == first
    pad.get_by_role("button", name="Load").click()
    taught(page, 1)
    assert digit(page) == 8
    pad.get_by_role("button", name="Forget all").click()
    taught(page, 0)
    assert digit(page) == first and pad.locator(".nnlib-pad-taught").count() == 0
    assert not pad.locator(".nnlib-pad-chart").is_visible(), "no loss of what is forgotten"
    assert notice(page) == ""


def test_an_empty_pad_cannot_be_named_and_a_function_cannot_be_taught(page):
    pad = page.locator(".nnlib-pad").first
    assert pad.get_by_role("button", name="It was a 4").is_disabled()
    draw(page, ONE)
    assert pad.get_by_role("button", name="It was a 4").is_enabled()
    run_in_kernel(page, "setattr(pad, 'net', lambda image: [0] * 10)")
    page.wait_for_function("document.querySelector('.nnlib-pad-teacher').hidden")
    run_in_kernel(page, "setattr(pad, 'net', net)")
    page.wait_for_function("!document.querySelector('.nnlib-pad-teacher').hidden")


def test_the_button_takes_home_a_page_that_reads_as_the_taught_network_does(page, browser, tmp_path):
    draw(page, FOOTED_ONE)
    first = digit(page)
    page.get_by_role("button", name="It was an 8").click()
    taught(page, 1)
    with page.expect_download(timeout=30_000) as download:
        page.get_by_role("button", name="Take it home").click()
    assert download.value.suggested_filename == "my_network.html"
    page.get_by_text("Saved as my_network.html.").first.wait_for()
    download.value.save_as(tmp_path / "net.html")
    home = browser.new_page()
    home.goto((tmp_path / "net.html").as_uri())
    draw(home, FOOTED_ONE)
    assert first != 8 and digit(home) == 8
    home.close()
    page.get_by_role("button", name="Forget all").click()
    taught(page, 0)


def test_the_button_says_why_a_network_cannot_be_taken_home(page):
    run_in_kernel(page, "[setattr(pad, 'net', net.copy()), *[p.fill(7e4) for p in pad.net.params.values()]]")
    page.get_by_role("button", name="Take it home").click()
    page.get_by_role("status").filter(has_text="net must have weights up to 65,504").first.wait_for()
    run_in_kernel(page, "setattr(pad, 'net', net)")


def test_a_function_cannot_be_taken_home(page):
    run_in_kernel(page, "setattr(pad, 'net', lambda image: [0] * 10)")
    page.get_by_role("button", name="Take it home").wait_for(state="hidden")
    run_in_kernel(page, "setattr(pad, 'net', net)")
    page.get_by_role("button", name="Take it home").wait_for()


# Screens


@pytest.fixture
def dense(page):
    """A screen with two pixels for one, and a page that is zoomed back when the test ends."""
    devtools = page.context.new_cdp_session(page)
    screen = {"width": 1300, "height": 900, "deviceScaleFactor": 2, "mobile": False}
    devtools.send("Emulation.setDeviceMetricsOverride", screen)
    yield
    page.evaluate("document.documentElement.style.zoom = ''")
    devtools.send("Emulation.setDeviceMetricsOverride", {**screen, "deviceScaleFactor": 1})
    devtools.detach()


def test_on_a_dense_screen_and_a_zoomed_page_the_line_is_sharp_and_under_the_pen(page, dense):
    paper = page.locator(".nnlib-pad-paper").first
    draw(page, ONE)
    assert paper.evaluate("c => c.width") == 2 * paper.evaluate("c => c.clientWidth")
    clear(page)
    page.evaluate("document.documentElement.style.zoom = 1.25")
    page.wait_for_timeout(300)
    paper.scroll_into_view_if_needed()
    draw(page, SEVEN, left=0.2, top=0.2, size=0.5)
    assert digit(page) == 7
    points = np.concatenate(run_in_kernel(page, "pad.strokes"))
    assert points.min(axis=0) == pytest.approx([0.2, 0.2], abs=0.02) and points[:, 1].max() == pytest.approx(
        0.7, abs=0.02
    )


# Pointers, keys and colours that are not the usual ones


POINT = """([type, x, y, options]) => {
    const paper = document.querySelector('.nnlib-pad-paper');
    const box = paper.getBoundingClientRect();
    paper.dispatchEvent(new PointerEvent(type, {
        pointerId: 1, pointerType: 'mouse', bubbles: true, button: type === 'pointermove' ? -1 : 0,
        buttons: type === 'pointerup' ? 0 : 1,
        clientX: box.left + x * box.width, clientY: box.top + y * box.height, ...options,
    }));
}"""
FRAME = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def point(page, kind, x, y, **options):
    page.evaluate(POINT, [f"pointer{kind}", x, y, options])


def strokes_in_kernel(page):
    page.evaluate(FRAME)
    answered(page)
    return run_in_kernel(page, "pad.strokes")


@pytest.mark.parametrize("key, code", [("z", "KeyZ"), ("Z", "KeyZ"), ("я", "KeyZ"), ("z", "KeyW")])
@pytest.mark.parametrize("held", ["ctrlKey", "metaKey"])
def test_undo_by_key_on_every_layout_and_with_caps_lock(page, key, code, held):
    draw(page, ONE)
    page.locator(".nnlib-pad-paper").first.evaluate(
        "(paper, event) => paper.dispatchEvent(new KeyboardEvent('keydown', {bubbles: true, ...event}))",
        {"key": key, "code": code, held: True},
    )
    assert strokes_in_kernel(page) == []


@pytest.mark.parametrize("end", ["a move without a button", "pointercancel", "lostpointercapture", "blur"])
def test_a_stroke_ends_when_the_button_is_up_whatever_happened_between(page, end):
    point(page, "down", 0.2, 0.2)
    point(page, "move", 0.3, 0.3)
    if end == "blur":
        page.evaluate("dispatchEvent(new Event('blur'))")
    elif end == "a move without a button":
        point(page, "move", 0.5, 0.5, buttons=0)
    else:
        point(page, end.removeprefix("pointer"), 0.4, 0.4) if end == "pointercancel" else page.evaluate(
            POINT, [end, 0.4, 0.4, {}]
        )
    point(page, "move", 0.6, 0.6)
    assert strokes_in_kernel(page) == [[[0.2, 0.2], [0.3, 0.3]]]
    draw(page, ONE)
    assert len(strokes_in_kernel(page)) == 2, "and the next stroke begins"


def test_a_pen_takes_over_from_a_palm_that_rests_on_the_pad(page):
    palm, pen = ({"pointerId": 7, "pointerType": "touch"}, {"pointerId": 8, "pointerType": "pen"})
    point(page, "down", 0.9, 0.9, **palm)
    point(page, "move", 0.92, 0.9, **palm)
    assert len(strokes_in_kernel(page)) == 1
    point(page, "down", 0.5, 0.1, **pen)
    point(page, "move", 0.95, 0.9, **palm)
    point(page, "move", 0.5, 0.9, **pen)
    point(page, "up", 0.95, 0.9, **palm)
    point(page, "move", 0.5, 0.95, **pen)
    point(page, "up", 0.5, 0.95, **pen)
    assert strokes_in_kernel(page) == [[[0.5, 0.1], [0.5, 0.9], [0.5, 0.95]]]


def test_the_messages_do_not_grow_with_the_drawing(page):
    """Ten strokes of 600 points: the bytes of the last one's messages are those of the first one's."""
    sizes = []
    for _ in range(10):
        sizes.append(sum(page.evaluate(SCRIBBLE, [600, 6])))
        answered(page)
    assert run_in_kernel(page, "sum(map(len, pad.strokes))") == 6010
    assert max(sizes) < 2 * min(sizes)


def test_two_views_of_one_pad_show_one_drawing(page, another_pad):
    another_pad("pad = nnlib.DrawingPad(net)\ndisplay(pad, pad)")
    page.locator(".nnlib-pad").nth(1).wait_for(timeout=90_000)
    draw(page, SEVEN)
    page.wait_for_function("document.querySelectorAll('.nnlib-pad')[1].dataset.digit === '7'")
    page.locator(".nnlib-pad").nth(1).get_by_role("button", name="Undo").click()
    page.wait_for_function("document.querySelector('.nnlib-pad').dataset.digit === ''")
    assert strokes_in_kernel(page) == []


@pytest.fixture(params=["light", "dark"])
def forced_colours(page, request):
    page.emulate_media(forced_colors="active", color_scheme=request.param)
    yield request.param
    page.emulate_media(forced_colors="none", color_scheme="light")


def test_in_forced_colours_bars_differ_from_their_tracks_and_ink_from_paper(page, forced_colours):
    draw(page, SEVEN)
    colour = "(node, name) => getComputedStyle(node)[name]"
    best = page.locator(".nnlib-pad-best .nnlib-pad-bar")
    track = page.locator(".nnlib-pad-best .nnlib-pad-track")
    other = page.locator(".nnlib-pad-row:not(.nnlib-pad-best) .nnlib-pad-bar").first
    found = [node.evaluate(colour, "backgroundColor") for node in (best, other, track)]
    assert len(set(found)) == 3, found
    assert track.evaluate(colour, "borderTopWidth") == "1px"
    paper = page.locator(".nnlib-pad-paper")
    assert paper.evaluate(colour, "backgroundColor") == "rgb(255, 255, 255)" and dark(page, ".nnlib-pad-paper") > 0.01
    if "PAD_SHOTS" in os.environ:
        paper.focus()
        page.locator(".nnlib-pad").screenshot(path=f"{os.environ['PAD_SHOTS']}/forced-{forced_colours}.png")


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_on_the_pad(fragile, theme):
    page, _ = fragile
    show(page, CELLS[1])
    change_theme(page, theme)
    assert violations(page, ".nnlib-pad") == []
    draw(page, SEVEN)
    assert violations(page, ".nnlib-pad") == []
    page.evaluate("document.querySelectorAll('.nnlib-pad details').forEach(fold => { fold.open = true; })")
    page.get_by_role("button", name="It was a 7").click()
    taught(page, 1)
    page.wait_for_function(
        "() => { const d = document.querySelector('.nnlib-pad').dataset; return d.journey === d.count; }"
    )
    assert violations(page, ".nnlib-pad") == []
    page.get_by_role("button", name="MNIST sample").click()
    page.get_by_text("MNIST's test digit").wait_for()
    assert violations(page, ".nnlib-pad") == []


SCROLLED = "() => [...document.querySelectorAll('*')].reduce((sum, node) => sum + node.scrollTop, 0)"


def test_a_finger_draws_and_does_not_scroll_the_page(fragile):
    page, _ = fragile
    show(page, CELLS[1])
    page.locator(".nnlib-pad").first.scroll_into_view_if_needed()
    paper = page.locator(".nnlib-pad-paper").first.bounding_box()
    x, y = paper["x"] + paper["width"] / 2, paper["y"] + 0.15 * paper["height"]
    before = page.evaluate(SCROLLED)
    swipe(page, (x, y + 0.7 * paper["height"]), (x, y))  # upwards, as a finger does that scrolls down
    answered(page)
    assert digit(page) == 1
    assert page.evaluate(SCROLLED) == before
    # The same finger beside the pad, on the lines below it, does scroll: the test above could have failed.
    swipe(page, (x, 800), (x, 600))
    page.wait_for_function(f"({SCROLLED})() > {before} + 50", timeout=10_000)


def test_a_notebook_that_is_opened_again_shows_the_picture_and_what_to_do(browser, lab, fragile):
    """The last test of this page: it closes it."""
    page, _ = fragile
    show(page, f"pad = nnlib.DrawingPad(net)\npad.draw({SEVEN})\npad")
    again = page.get_by_text("Run this cell to draw.")
    again.wait_for(state="attached", timeout=30_000)
    assert not again.is_visible(), "a live pad needs no such line"
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_timeout(1000)
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.close()
    page = browser.new_page()
    page.goto(f"{lab[0]}/lab/tree/fragile.ipynb?reset", wait_until="domcontentloaded")
    page.get_by_text("Run this cell to draw.").wait_for(timeout=90_000)
    page.wait_for_timeout(4000)  # by then JupyterLab has given up looking for the widget
    assert page.get_by_text("Read as 7").is_visible() and page.locator(".nnlib-still img").is_visible()
    assert not page.get_by_text("model not found").is_visible()
    if "PAD_SHOTS" in os.environ:
        page.screenshot(path=f"{os.environ['PAD_SHOTS']}/reopened.png")
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.locator(".nnlib-pad").wait_for(timeout=90_000)
    page.wait_for_function("document.querySelector('.nnlib-pad').dataset.digit === '7'", timeout=90_000)
    assert not page.get_by_text("Run this cell to draw.").is_visible()
    page.close()
