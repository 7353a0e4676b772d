"""How fast the drawing pad answers, in a real JupyterLab and a real browser, all on this machine. Lesson 9.

    python -m uv run python -m workshop.benchmarks.pad_latency

A headless Chromium draws with its mouse. All times are taken in the page, with performance.now(); the answer counts as
shown when the page's elements have changed, and the screen follows with the next frame. What is measured goes to the
screen and to workshop/benchmarks/results/pad_latency.json. The run takes about a minute.

answers a second     distinct answers shown between the first and the last point of one stroke of five seconds, and
                     the drawings sent in that time, at most one a frame
pen-up to the page   from the end of a drawing's last stroke until the page shows the answer for the whole drawing:
                     40 drawings of a 0, a 1, a 4 and a 7, at random places and in random sizes; 0 if the answer was
                     there before the pen was up
points               moves of one stroke as fast as the browser takes them: sent, and kept in Python
long drawings        in Python alone: from one new point's message to its answer, in a scribble of 200 and of 20,000
                     points, a CSS pixel from each to the next; the median of 20
"""

import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

import nnlib
from nnlib.pad.paper import MOST_POINTS
from workshop.pad_page import answered, clear, draw, open_notebook, pad_of, run_in_kernel
from workshop.results import store
from workshop.servers import jupyterlab, launch

CELL = "import nnlib\npad = nnlib.DrawingPad(nnlib.load_pretrained())\npad"
SECONDS = 5  # of the long stroke
DRAWINGS = 40
MOVES = 300  # of the fast stroke
SEED = 0

# Keeps the times of what happens on the page: the pen's moves, the drawings sent, and the answers shown.
WATCH = """() => {
    const pad = document.querySelector('.nnlib-pad');
    const seen = window.seen = {moves: [], up: 0, sent: [], answered: []};
    addEventListener('pointermove', () => seen.moves.push(performance.now()), true);
    addEventListener('pointerup', () => { seen.up = performance.now(); }, true);
    new MutationObserver(changes => {
        const now = performance.now();
        const names = new Set(changes.map(change => change.attributeName));
        if (names.has('data-count')) seen.sent.push([now, Number(pad.dataset.count)]);
        if (names.has('data-answered')) seen.answered.push([now, Number(pad.dataset.answered)]);
    }).observe(pad, {attributes: true, attributeFilter: ['data-count', 'data-answered']});
}"""
FORGET = "() => { Object.assign(window.seen, {moves: [], up: 0, sent: [], answered: []}); }"


def digits():
    """The strokes of a 0, a 1, a 4 and a 7."""
    angle = np.linspace(0, 2 * np.pi, 25)
    zero = [np.stack([0.5 + 0.35 * np.sin(angle), 0.5 - 0.5 * np.cos(angle)], axis=1)]
    one = [line((0.5, 0), (0.5, 1))]
    four = [np.concatenate([line((0.5, 0), (0.1, 0.6)), line((0.1, 0.6), (0.9, 0.6))]), line((0.65, 0.3), (0.65, 1))]
    seven = [np.concatenate([line((0.1, 0), (0.8, 0)), line((0.8, 0), (0.4, 1))])]
    return [[stroke.tolist() for stroke in digit] for digit in (zero, one, four, seven)]


def line(start, end, points=12):
    """Points from start to end, both included."""
    return np.linspace(start, end, points)


def answers_while_drawing(page):
    """Circles, for five seconds: moves, drawings sent and answers shown, a second."""
    clear(page)
    page.evaluate(FORGET)
    box = page.locator(".nnlib-pad-paper").first.bounding_box()
    start = time.monotonic()
    turn = 0.0
    while time.monotonic() - start < SECONDS:
        x, y = (
            box["x"] + box["width"] * (0.5 + 0.35 * np.sin(turn)),
            box["y"] + box["height"] * (0.5 - 0.4 * np.cos(turn)),
        )
        page.mouse.move(x, y)
        if turn == 0:
            page.mouse.down()
        turn += 0.06
    page.mouse.up()
    answered(page)
    seen = page.evaluate("window.seen")
    seconds = (seen["moves"][-1] - seen["moves"][0]) / 1000
    during = {
        name: sum(seen["moves"][0] <= at <= seen["moves"][-1] for at, _ in seen[name]) for name in ("sent", "answered")
    }
    return {
        "seconds": round(seconds, 2),
        "moves_per_second": round(len(seen["moves"]) / seconds, 1),
        "sent_per_second": round(during["sent"] / seconds, 1),
        "answers_per_second": round(during["answered"] / seconds, 1),
    }


def pen_up_to_answer(page):
    """Milliseconds from the end of a drawing to its answer on the page, for 40 drawings."""
    rng = np.random.default_rng(SEED)
    kinds = digits()
    times = []
    for i in range(DRAWINGS):
        clear(page)
        page.evaluate(FORGET)
        size = rng.uniform(0.3, 0.9)
        left, top = rng.uniform(0.02, 0.98 - size, 2)
        draw(page, kinds[i % len(kinds)], left, top, size)
        seen = page.evaluate("window.seen")
        last = max(count for _, count in seen["sent"])
        shown = next(at for at, count in seen["answered"] if count >= last)
        times.append(max(0.0, shown - seen["up"]))
    return {
        "drawings": DRAWINGS,
        "median_ms": round(float(np.median(times)), 1),
        "percentile_95_ms": round(float(np.percentile(times, 95)), 1),
        "worst_ms": round(max(times), 1),
        "answered_before_pen_up": sum(t == 0 for t in times),
        "ms": [round(t, 1) for t in times],
    }


def points_of_a_fast_stroke(page):
    """Points of one stroke that the browser was sent, and that arrived in Python."""
    clear(page)
    page.evaluate(FORGET)
    box = page.locator(".nnlib-pad-paper").first.bounding_box()
    x, y = box["x"] + 20, box["y"] + 20
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 230, y + 200, steps=MOVES)
    page.mouse.up()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    answered(page)
    moves = page.evaluate("window.seen.moves")
    kept = run_in_kernel(page, "[len(stroke) for stroke in pad.strokes]")
    return {
        "sent": MOVES + 1,
        "kept": sum(kept),
        "strokes": len(kept),
        "points_per_second": round(MOVES / (moves[-1] - moves[1]) * 1000),
    }


def answers_of_long_drawings():
    """Milliseconds from the message of one new point to the answer, by the number of points before it."""
    turn = np.cumsum(np.random.default_rng(SEED).normal(0, 0.3, MOST_POINTS))
    walk = np.cumsum(np.stack([np.cos(turn), np.sin(turn)], axis=1) / 280, axis=0)
    walk = np.abs((walk + 0.5) % 2 - 1).round(4).tolist()  # what leaves the pad is mirrored at its edge
    pad = nnlib.DrawingPad(nnlib.load_pretrained())

    def send(point, points, **picture):
        start = time.perf_counter()
        news = {"count": pad.count + 1, "page": "benchmark", "stroke": 0, "point": point, "strokes": [points]}
        pad.set_state({"added": {**news, **picture}})
        return 1000 * (time.perf_counter() - start)

    times = {}
    for n in (200, MOST_POINTS - 20):
        send(0, walk[:n], picture={})
        times[n] = [send(n + i, walk[n + i : n + i + 1]) for i in range(20)]
    few, many = (round(float(np.median(each)), 1) for each in times.values())
    return {"ms_at_200": few, "ms_at_20_000": many}


def main():
    """Measure everything, print it and store it."""
    folder = Path(tempfile.mkdtemp(prefix="pad-latency-"))
    with sync_playwright() as playwright, jupyterlab(folder) as address:
        browser = launch(playwright)
        page = open_notebook(browser, (address, folder), [CELL])
        pad_of(page)
        page.evaluate(WATCH)
        draw(page, digits()[0])  # the first answer of a kernel is slower
        result = {
            "browser": f"Chromium {browser.version}, headless",
            "jupyterlab": version("jupyterlab"),
            "anywidget": version("anywidget"),
            "seed": SEED,
            "drawing": answers_while_drawing(page),
            "pen_up": pen_up_to_answer(page),
            "points": points_of_a_fast_stroke(page),
            "long_drawings": answers_of_long_drawings(),
        }
        browser.close()
    drawing, up, points = result["drawing"], result["pen_up"], result["points"]
    print(
        f"while drawing: {drawing['answers_per_second']:.1f} answers a second, "
        f"of {drawing['sent_per_second']:.0f} drawings sent and {drawing['moves_per_second']:.0f} moves"
    )
    print(
        f"pen-up to the changed page: median {up['median_ms']:.0f} ms, "
        f"95th percentile {up['percentile_95_ms']:.0f} ms, worst {up['worst_ms']:.0f} ms ({DRAWINGS} drawings)"
    )
    print(
        f"points of a fast stroke ({points['points_per_second']} a second): "
        f"{points['sent']} sent, {points['kept']} kept"
    )
    print("an answer at 200 and at 20,000 points: {ms_at_200} and {ms_at_20_000} ms".format(**result["long_drawings"]))
    store("pad_latency", result)


if __name__ == "__main__":
    main()
