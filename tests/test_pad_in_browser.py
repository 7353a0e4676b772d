"""The pad in a real JupyterLab, in a real browser, drawn on with the pointer."""

import shutil
from pathlib import Path

import numpy as np
import pytest

import nnlib
from tests.pad_page import answered, clear, digit, draw, open_file, open_notebook, pad_of, run_in_kernel

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
CELLS = ["import nnlib\nnet = nnlib.load_pretrained()", "pad = nnlib.DrawingPad(net)\npad"]


@pytest.fixture(scope="module")
def page(browser, lab):
    page = open_notebook(browser, lab, CELLS)
    pad_of(page)
    yield page
    page.close()


@pytest.fixture(autouse=True)
def empty_pad(page):
    clear(page)


def zero(points=40):
    angle = np.linspace(0, 2 * np.pi, points)
    return [np.stack([0.5 + 0.35 * np.sin(angle), 0.5 - 0.5 * np.cos(angle)], axis=1).tolist()]


ONE = [[[0.5, y / 14] for y in range(15)]]
SEVEN = [[[x / 10, 0.0] for x in range(8)] + [[0.7 - 0.04 * t, t / 10] for t in range(1, 11)]]


@pytest.mark.parametrize("strokes, label", [(zero(), 0), (ONE, 1), (SEVEN, 7)])
def test_a_drawn_digit_is_read_on_the_page(page, strokes, label):
    draw(page, strokes)
    assert digit(page) == label
    assert f"I read {label}" in page.get_by_role("status").first.inner_text()


def test_real_pen_strokes_give_on_the_page_what_they_give_in_python(page, real_strokes):
    """Twenty digits of twenty writers: the page says what nnlib says, and is right for nearly all."""
    by_writer = {entry["writer"]: entry for entry in real_strokes}
    chosen = list(by_writer.values())[:20]
    net = nnlib.load_pretrained()
    same = right = 0
    for entry in chosen:
        clear(page)
        draw(page, entry["strokes"])
        expected = int(net.predict(nnlib.strokes_to_image(entry["strokes"]).reshape(1, 784))[0])
        same += digit(page) == expected
        right += digit(page) == entry["label"]
    assert same >= 19, "the pointer rounds to pixels, so a digit on the edge may differ, but not two"
    assert right >= 16


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
        new MutationObserver(() => window.answers.push(pad.dataset.digit)).observe(pad, {attributeFilter: ['data-answered']});
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
    """300 moves as fast as the browser takes them: every one that changes the place is in Python afterwards."""
    box = page.locator(".nnlib-pad-paper").first.bounding_box()
    x, y = box["x"] + 20, box["y"] + 20
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 230, y + 200, steps=300)
    page.mouse.up()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    answered(page)
    assert run_in_kernel(page, "[len(s) for s in pad.strokes]") == [301]


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


def test_the_line_width_changes_what_the_network_sees(page):
    draw(page, zero())
    before = run_in_kernel(page, "float(pad.image.sum())")
    slider = page.get_by_label("Line").first
    slider.evaluate("s => { s.value = 4; s.dispatchEvent(new Event('input')); }")
    page.wait_for_timeout(300)
    answered(page)
    assert run_in_kernel(page, "pad.width") == 4
    assert run_in_kernel(page, "float(pad.image.sum())") > 1.3 * before
    slider.evaluate("s => { s.value = 2.4; s.dispatchEvent(new Event('input')); }")


def test_a_drawing_from_python_shows_on_the_page(page):
    run_in_kernel(page, f"pad.draw({SEVEN})")
    page.wait_for_function("document.querySelector('.nnlib-pad').dataset.digit === '7'")


def test_the_page_shows_the_image_and_both_hidden_layers(page):
    draw(page, zero())
    dark = "c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0; for (let i = 0; i < d.length; i += 4) n += d[i] < 128; return n; }"
    seen = page.locator(".nnlib-pad-seen").first.evaluate(dark)
    assert 40 < seen < 300
    assert page.locator(".nnlib-pad-units").count() == 2
    assert page.locator(".nnlib-pad-units").first.evaluate(dark) > 3


def test_lesson_8_itself_runs_and_its_pad_reads(browser, lab):
    address, folder = lab
    shutil.copytree(NOTEBOOKS, folder / "notebooks")
    page = open_file(browser, address, "notebooks/08_drawing_canvas.ipynb")
    pad_of(page)
    page.wait_for_function("document.querySelector('.nnlib-pad').dataset.digit === '3'", timeout=90_000)  # a later cell draws a three
    clear(page)
    draw(page, SEVEN)
    assert digit(page) == 7
    page.close()


def test_the_page_loads_nothing_from_a_network(browser, lab):
    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    address, _ = lab
    page.close()
    page = open_notebook(browser, lab, CELLS, name="offline.ipynb")
    page.on("request", lambda request: asked.append(request.url))
    pad_of(page)
    draw(page, ONE)
    page.close()
    away = [url for url in asked if not url.startswith((address, "data:", "blob:", "ws"))]
    assert away == []
