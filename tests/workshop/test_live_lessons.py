"""Step size, backpropagation and mistakes on a page without Python: they say and show what the notebook's do."""

import base64
import gzip
import io
import json
import re

import numpy as np
import pytest
from PIL import Image

import nnlib
from nnlib.play import numbers, opened_matrix, operations, small_step
from tests import ROOT
from tests.play.play_page import REFUSED, type_into
from tests.workshop.live_page import close_page, open_page, said, violations, write_page
from workshop.site import live
from workshop.site.live import mistakes
from workshop.site.live.twin import twin

THING = "document.querySelector('.nnlib-live').thing"
NUMBERS = {name: value for name, value, _ in operations.entries(operations.START, lambda _: None)}


@pytest.fixture(scope="module")
def matrix(mnist):
    """A network that has learned little, so that no mistake is rare, with images and their labels."""
    net = nnlib.Network([784, 12, 10], seed=1)
    X, y = mnist.X_train[:3000], mnist.y_train[:3000]
    nnlib.train(net, X, y, epochs=1, batch_size=20, optimizer=nnlib.SGD(lr=0.5), progress=False)
    return net, mnist.X_train[3000:5000], mnist.y_train[3000:5000]


@pytest.fixture(scope="module")
def addresses(tmp_path_factory, matrix):
    folder = tmp_path_factory.mktemp("live")
    data = {"mistakes": mistakes.data(*matrix)}
    return {name: write_page(folder, name, data.get(name)) for name in ("step_size", "backpropagation", "mistakes")}


@pytest.fixture(scope="module")
def pages(browser, addresses):
    """Each thing's page, which the tests share."""
    pages = {name: open_page(browser, address) for name, address in addresses.items()}
    yield pages
    for page in pages.values():
        close_page(page)


@pytest.fixture
def step_size(pages):
    return pages["step_size"]


@pytest.fixture
def backpropagation(pages):
    """With the numbers that it begins with, before the first step."""
    pages["backpropagation"].evaluate(SENTENCES, [NUMBERS])
    pages["backpropagation"].get_by_role("button", name="First").click()
    return pages["backpropagation"]


@pytest.fixture
def confusion(pages):
    return pages["mistakes"]


# The step of a numerical derivative

EVERY_STATE = f"""(steps) => [false, true].flatMap((float32) => steps.map((_, i) => {{
  const {{ controls, element }} = {THING};
  controls.float32.value = float32;
  controls.exponent.value = -12 + 0.125 * i;
  {THING}.show();
  const markers = [...element.querySelectorAll("path")].filter((path) => path.getAttribute("d").match(/^M.*z$/));
  const middle = (path) => {{
    const {{ x, y, width, height }} = path.getBBox();
    return [x + width / 2, y + height / 2];
  }};
  return [element.querySelector("[role=status]").textContent, ...markers.slice(0, 2).map(middle)];
}}))"""


def test_every_state_of_the_step_says_and_shows_what_python_says_and_shows(step_size):
    states = [(h, dtype) for dtype in ("float64", "float32") for h in small_step.STEPS]
    found = step_size.evaluate(EVERY_STATE, small_step.STEPS.tolist())
    places = []
    for (h, dtype), (text, *markers) in zip(states, found, strict=True):
        here = small_step.errors(h, dtype)
        assert text == small_step.sentence(h, dtype, here)
        for (off, *_), (x, y) in zip(here.values(), markers, strict=True):
            places.append([np.log10(h), x, np.log10(max(off, small_step.LOWEST)), y])
    log_h, x, log_off, y = np.transpose(places)
    for value, pixel in (
        (log_h, x),
        (log_off, y),
    ):  # both axes are logarithmic, and each marker stands where it belongs
        line = np.polyfit(value, pixel, 1)
        assert np.abs(np.polyval(line, value) - pixel).max() < 0.01 and abs(line[0]) > 10


def test_the_step_is_moved_by_pointer_and_by_keyboard(step_size):
    slider, box = step_size.get_by_role("slider", name="h"), step_size.get_by_label("float32 in place of float64")
    track = slider.bounding_box()
    step_size.mouse.click(track["x"] + track["width"] / 3, track["y"] + track["height"] / 2)
    box.check()
    assert re.match("h = .*10⁻[⁸⁹] in float32.", said(step_size))
    slider.focus()
    step_size.keyboard.press("End")
    step_size.keyboard.press("ArrowLeft")
    assert said(step_size).startswith("h = 0.75 in float32.") and slider.get_attribute("aria-valuetext") == "0.75"
    step_size.keyboard.press("Tab")
    step_size.keyboard.press("Space")
    assert said(step_size).startswith("h = 0.75 in float64.")


# Backpropagation

SENTENCES = f"""(sets) => sets.map((numbers) => {{
  const thing = {THING};
  for (const [name, value] of Object.entries(numbers)) thing.controls[name].value = value;
  return Array.from({{ length: 14 }}, (_, step) => thing.draw({{ ...thing.values(), step }}, 706)[1]);
}})"""
BOXES = f"""(step) => {{
  {THING}.controls.step.value = step;
  {THING}.show();
  const boxes = new Map();
  let lines;
  for (const text of {THING}.element.querySelectorAll("svg > text")) {{
    if (text.matches(".nnlib-live-name")) boxes.set(text.textContent, (lines = []));
    else lines.push([text.textContent, text.matches(".nnlib-live-now")]);
  }}
  return Object.fromEntries(boxes);
}}"""


def some_numbers():
    """The first numbers, and others: as somebody types them, of every size, and at the bounds."""
    rng = np.random.default_rng(0)
    given = [NUMBERS, dict.fromkeys(NUMBERS, 0.0), dict.fromkeys(NUMBERS, 1.0)]
    for size, digits in [(2, 1)] * 10 + [(2, 17)] * 15 + [(0.01, 17)] * 5 + [(8, 17)] * 5:
        drawn = {name: rng.random() if name[0] in "XY" else np.clip(rng.normal(0, size), -20, 20) for name in NUMBERS}
        given.append({name: round(float(x), digits) for name, x in drawn.items()})
    return given


def test_every_step_says_what_python_says_whatever_the_numbers(backpropagation):
    given = some_numbers()
    compared = 0
    for numbers_, found in zip(given, backpropagation.evaluate(SENTENCES, given), strict=True):
        v = operations.both_ways(numbers_)
        for step, text in enumerate(found):
            assert text == operations.sentence(step, v), numbers_
            compared += 1
    assert compared > 500


def test_each_box_shows_its_number_and_its_slope_once_they_are_known(backpropagation):
    v = operations.both_ways(NUMBERS)
    for step in range(len(operations.STEPS) + 1):
        known, now = operations.ORDER[:step], operations.ORDER[step - 1] if step else None
        found = backpropagation.evaluate(BOXES, step)
        assert set(found) == {name for name in v if not name.startswith("d")}
        for name, lines in found.items():
            array = name.split("[")[0]
            expected = []
            if array in operations.START or array in known:
                expected.append([numbers.number(v[name]), array == now])
            if f"d{array}" in known:
                expected.append([f"d = {numbers.number(v[f'd{name}'])}", f"d{array}" == now])
            if name == "L" and "da2" in known:
                expected.append(["∂L/∂L = 1", False])
            assert lines == expected, (step, name)


def test_no_words_of_the_graph_lie_on_others_or_leave_their_box(backpropagation):
    backpropagation.evaluate(BOXES, len(operations.STEPS))
    texts, boxes = (
        backpropagation.evaluate(
            f"""(what) => [...{THING}.element.querySelectorAll(what)].map((node) => {{
                const {{ x, y, width, height }} = node.getBBox();
                return [x, y, x + width, y + height, node.textContent];
            }})""",
            what,
        )
        for what in ("svg text", "svg rect")
    )
    inside = 0
    for i, (left, top, right, bottom, text) in enumerate(texts):
        for other in texts[:i]:
            apart = right <= other[0] + 1 or left >= other[2] - 1 or bottom <= other[1] + 4 or top >= other[3] - 4
            assert apart, (text, other[4])
        for box in boxes:
            if box[0] < (left + right) / 2 < box[2] and box[1] < (top + bottom) / 2 < box[3]:
                inside += 1
                assert left > box[0] and right < box[2], text
    assert len(boxes) == 25 and inside == 25 + 25 + 21  # names, numbers, and the slopes of all but X and Y


ARROWS = """(path) => {
  const [x0, y0, x1, y1] = path.getAttribute("d").match(/-?[\\d.]+/g).map(Number);
  return [[x0, y0], [x1, y1]];
}"""


def test_no_arrow_of_the_graph_runs_through_words(backpropagation):
    backpropagation.evaluate(BOXES, len(operations.STEPS))
    arrows = backpropagation.locator("svg > path[stroke]").evaluate_all(f"(paths) => paths.map({ARROWS})")
    labels = backpropagation.locator(".nnlib-live-local tspan").evaluate_all(
        """(lines) => lines.map((line) => {
            const { x, y, width, height } = line.getExtentOfChar(0);
            return [line.textContent, x, y + 3, x + line.getComputedTextLength(), y + height - 3];
        })"""
    )
    assert len(arrows) == 28 + 22 and len(labels) == 2 * 22 - 4
    for text, left, top, right, bottom in labels:
        for start, end in arrows:
            points = np.linspace(start, end, 200)
            crossed = (left < points[:, 0]) & (points[:, 0] < right) & (top < points[:, 1]) & (points[:, 1] < bottom)
            assert not crossed.any(), (text, start, end)


def test_backpropagation_goes_on_by_pointer_and_back_by_keyboard(backpropagation):
    page = backpropagation
    page.get_by_role("button", name="Back").click()
    assert said(page).startswith("Before the first step")
    page.get_by_role("button", name="Next").click()
    assert said(page).startswith("Step 1 of 13, forward: z1 = X W1 + b1.")
    page.get_by_role("button", name="Last").press("Enter")
    page.get_by_role("button", name="Next").press("Enter")
    assert said(page).startswith("Step 13 of 13, back: db1 = dz1.")
    page.get_by_role("slider", name="step").press("ArrowLeft")
    assert said(page).startswith("Step 12 of 13, back: dW1 = Xᵀ dz1.")
    field = page.get_by_role("spinbutton", name="X[1]")
    field.fill("0.25")
    field.press("Tab")
    assert "dW1[1, 0] = X[1] · dz1[0] = 0.25 · " in said(page)


def test_a_number_that_does_not_fit_is_told_in_the_notebooks_words(backpropagation):
    page, told = backpropagation, backpropagation.locator(".nnlib-live-refusal")
    for label, typed, kept, says in REFUSED:
        field = page.get_by_role("spinbutton", name=label)
        type_into(field, typed)
        assert told.inner_text() == says and float(field.input_value()) == kept
    below = field.bounding_box()
    assert 0 < told.bounding_box()["y"] - below["y"] < 3 * below["height"], "close to the fields"
    type_into(field, "-0.5")
    assert told.inner_text() == ""


def test_where_the_graph_is_wider_than_the_page_it_says_so_and_fades_where_it_goes_on(browser, addresses):
    page = open_page(browser, addresses["backpropagation"], viewport={"width": 390, "height": 844})
    page.emulate_media(reduced_motion="reduce")
    told, seen = page.get_by_text("The graph is wider than this page."), page.locator(".nnlib-live-picture")
    assert told.is_visible()

    def faded():
        """Whether the left and the right end of what is seen are fainter than the middle of the graph."""
        mask = seen.locator("svg").evaluate("(svg) => svg.style.maskImage")
        left, from_, to, right = (float(pixels) for pixels in re.findall(r"([\d.]+)px", mask))
        return from_ > left, to < right

    assert faded() == (False, True)
    seen.focus()
    for place, ends in ((100, (True, True)), (9999, (True, False)), (0, (False, True))):
        seen.evaluate("(node, left) => { node.scrollTo({ left }); }", place)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert faded() == ends
    page.set_viewport_size({"width": 1280, "height": 900})
    told.wait_for(state="hidden")
    assert seen.locator("svg").evaluate("(svg) => svg.style.maskImage") == "none"
    close_page(page)


def test_in_forced_colours_the_boxes_and_their_names_are_seen(browser, addresses):
    page = open_page(browser, addresses["backpropagation"], forced_colors="active", color_scheme="dark")
    for part, what in ((".nnlib-live-box", "stroke"), (".nnlib-live-name", "fill"), (".nnlib-live-value", "fill")):
        colours = page.locator(part).evaluate_all("(all, what) => all.map((one) => getComputedStyle(one)[what])", what)
        assert set(colours) == {"rgb(255, 255, 255)"}, part
    close_page(page)


def test_on_a_phone_the_graph_follows_the_steps(browser, addresses):
    page = open_page(browser, addresses["backpropagation"], viewport={"width": 390, "height": 844}, has_touch=True)
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    seen = page.locator(".nnlib-live-picture")
    assert seen.get_attribute("tabindex") == "0"  # the keyboard scrolls it, too
    box = seen.bounding_box()
    for operation in operations.ORDER:
        page.get_by_role("button", name="Next").tap()
        for name in page.locator(".nnlib-live-forward, .nnlib-live-back").all():
            place = name.bounding_box()
            assert box["x"] - 1 <= place["x"] and place["x"] + place["width"] <= box["x"] + box["width"] + 1, operation
    close_page(page)


# Mistakes

CELLS = f"""() => [...Array(100).keys()].map((i) => {{
  const {{ controls, element }} = {THING};
  controls.cell.value = [Math.floor(i / 10), i % 10];
  {THING}.show();
  const all = (what, get) => [...element.querySelectorAll(what)].map(get);
  return {{
    sentence: element.querySelector("[role=status]").textContent,
    windows: all("mask svg", (node) => node.getAttribute("viewBox").split(" ").map(Number)),
    outputs: all(".nnlib-live-output", (node) => node.textContent),
    blue: all("svg > rect[fill]", (node) => node.getAttribute("fill").includes("blue")),
    title: all("svg > text:not(.nnlib-live-output)", (node) => node.textContent).join(" "),
  }};
}})"""


def test_every_cell_says_what_python_says_and_shows_its_digits_with_their_outputs(confusion, matrix):
    net, X, y = matrix
    a = net.forward(X)
    data = confusion.evaluate("nnlibLive.data.mistakes.digits")
    sheet = np.asarray(Image.open(io.BytesIO(base64.b64decode(data.split(",")[1]))))
    shown = 0
    for (digit, read_as), found in zip(np.ndindex(10, 10), confusion.evaluate(CELLS), strict=True):
        rows = opened_matrix.digits_of(a, y, digit, read_as)
        assert found["sentence"] == opened_matrix.sentence(a, rows, int(np.sum(y == digit)), digit, read_as)
        assert found["title"] == opened_matrix.title(rows, digit, read_as).replace("\n", " ")
        largest = [(row, k) for row in rows[: opened_matrix.MOST] for k in np.argsort(-a[row], kind="stable")[:3]]
        assert found["outputs"] == [f"{k}  {a[row, k]:.2f}" for row, k in largest]
        assert found["blue"] == [k == digit for _, k in largest]
        for row, (x, top, width, height) in zip(rows, found["windows"], strict=False):
            pixels = sheet[top : top + height, x : x + width]
            assert np.abs(pixels / 255 - X[row].reshape(28, 28)).max() < 0.51 / 255
        assert len(found["windows"]) == min(len(rows), opened_matrix.MOST)
        shown += len(found["windows"])
    assert shown > 300


def test_the_chosen_digits_are_drawn_in_ink(confusion):
    confusion.evaluate(f"{THING}.controls.cell.value = [1, 1]; {THING}.show()")
    picture = confusion.locator(".nnlib-live-picture")
    left, top, size = (int(picture.locator("mask svg").first.get_attribute(name)) for name in ("x", "y", "width"))
    pixels = np.asarray(Image.open(io.BytesIO(picture.screenshot())).convert("L"))
    ink = pixels[top : top + size, left : left + size]
    assert ink.min() < 60 and (ink > 250).mean() > 0.5


def test_a_cell_is_chosen_by_pointer_and_by_keyboard(confusion):
    cell = confusion.get_by_role("button", name=re.compile("^4 read as 9:"))
    cell.click()
    assert (
        re.search("4: read as 9|No 4 was read as 9", said(confusion)) and cell.get_attribute("aria-current") == "true"
    )
    confusion.keyboard.press("ArrowLeft")
    confusion.keyboard.press("ArrowDown")
    confusion.keyboard.press("Enter")
    assert re.search("5: read as 8|No 5 was read as 8", said(confusion))
    assert confusion.locator(".nnlib-matrix [aria-current]").count() == 1


def test_lesson_5_shows_the_same_on_its_page_as_in_its_notebook():
    notebook = json.loads((ROOT / "notebooks" / "05_evaluation.ipynb").read_text(encoding="utf-8"))
    [cell] = [cell for cell in notebook["cells"] if "play.mistakes(net, X_val, y_val)" in "".join(cell["source"])]
    [stored] = ["".join(output["data"]["text/plain"]) for output in cell["outputs"] if "image/png" in output["data"]]
    net, X, y = twin()
    data = mistakes.data(net, X, y)
    a = net.forward(X)
    digit, read_as = data["value"]
    rows = opened_matrix.digits_of(a, y, digit, read_as)
    assert opened_matrix.sentence(a, rows, int(np.sum(y == digit)), digit, read_as) == stored
    assert len(gzip.compress(json.dumps(data).encode())) < 120_000


# All of them


@pytest.mark.parametrize("name", ["step_size", "backpropagation", "mistakes"])
def test_axe_finds_nothing_in_light_and_dark(pages, name):
    assert violations(pages[name]) == []


@pytest.mark.parametrize("name", ["step_size", "mistakes"])
def test_on_a_phone_the_picture_fills_the_page_and_nothing_is_wider(browser, addresses, name):
    page = open_page(browser, addresses[name], viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.locator(".nnlib-live-picture").bounding_box()["width"] > 300
    if name == "step_size":
        page.get_by_role("slider").press("Home")
        page.get_by_role("slider").press("ArrowRight")  # its h takes the most room
    right = page.locator(".nnlib-live-picture svg text").evaluate_all(
        "(texts) => Math.max(...texts.map((text) => text.getBoundingClientRect().right))"
    )
    assert right <= 360 - 8 - 14, "no text is cut off"
    page.locator(".nnlib-live button, .nnlib-live input").first.tap()
    close_page(page)


@pytest.mark.parametrize("name, most", [("step_size", 10_000), ("backpropagation", 2_000)])
def test_what_a_page_must_know_is_small(tmp_path, name, most):
    live.write_data(tmp_path, name, live.THINGS[name].data())
    assert len(gzip.compress((tmp_path / f"{name}.data.js").read_bytes())) < most
