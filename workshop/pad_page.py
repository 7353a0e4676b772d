"""How a test opens a notebook in JupyterLab and draws on its pad."""

import json

WAIT = 90_000  # milliseconds; a busy machine takes its time to start a kernel
# JupyterLab 4.2 does not show a long notebook's cells that are out of view, and the end is in view when all have run.
TURN_TO_PAD = """() => {
    const notebook = window.jupyterapp?.shell.currentWidget?.content;
    const cell = notebook?.widgets?.findIndex((cell) => cell.node.contains(document.querySelector('.nnlib-pad')));
    if (cell >= 0) return notebook.scrollToItem(cell, 'start');
}"""


def open_notebook(browser, lab, cells, name="pad.ipynb", asked=None, **context):
    """Write a notebook of these code cells, open it, run all cells, and return the page; see `open_file`."""
    address, folder = lab
    notebook = {
        "cells": [
            {
                "cell_type": "code",
                "id": f"cell{i}",
                "source": source,
                "metadata": {},
                "outputs": [],
                "execution_count": None,
            }
            for i, source in enumerate(cells)
        ],
        "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (folder / name).write_text(json.dumps(notebook))
    return open_file(browser, address, name, asked, **context)


def open_file(browser, address, name, asked=None, **context):
    """Open a notebook that is in the folder of the JupyterLab, and run all its cells.

    The list ``asked`` gets each address that the page asks for.
    """
    page = browser.new_page(viewport={"width": 1300, "height": 900}, **context)
    if asked is not None:
        page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/lab/tree/{name}?reset", wait_until="domcontentloaded")
    page.wait_for_function(
        "window.jupyterapp && window.jupyterapp.shell.currentWidget?.sessionContext?.isReady", timeout=WAIT
    )
    page.wait_for_function(
        "window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'", timeout=WAIT
    )
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    return page


def pad_of(page):
    """The pad, once it shows an answer."""
    pad = page.locator(".nnlib-pad").first
    pad.wait_for(state="attached", timeout=WAIT)
    page.evaluate(TURN_TO_PAD)
    pad.wait_for(timeout=WAIT)
    answered(page)
    pad.scroll_into_view_if_needed()
    return pad


def answered(page):
    """Wait until the answer belongs to what is drawn now."""
    page.wait_for_function(
        """() => {
            const d = document.querySelector('.nnlib-pad')?.dataset;
            return d && d.answered !== undefined && d.answered === (d.count ?? d.answered);
        }""",
        timeout=WAIT,
    )


def draw(page, strokes, left=0.2, top=0.15, size=0.7):
    """Draw strokes, 0 to 1, with the pointer: in the given part of the pad."""
    paper = page.locator(".nnlib-pad-paper").first
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()

    def at(x, y):
        return box["x"] + box["width"] * (left + size * x), box["y"] + box["height"] * (top + size * y)

    for stroke in strokes:
        page.mouse.move(*at(*stroke[0]))
        page.mouse.down()
        for point in stroke[1:]:
            page.mouse.move(*at(*point))
        page.mouse.up()
    # The last points leave with the next frame; after it `count` belongs to the whole drawing.
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    answered(page)


def swipe(page, start, end, steps=20):
    """One finger from start to end, by the touch events of the browser's own input."""
    devtools = page.context.new_cdp_session(page)
    for i in range(steps + 1):
        x, y = (a + (b - a) * i / steps for a, b in zip(start, end, strict=True))
        kind = "touchMove" if i else "touchStart"
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        page.wait_for_timeout(16)
    devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    devtools.detach()


def clear(page):
    """Press *Clear*, and wait until nothing is drawn."""
    page.get_by_role("button", name="Clear").first.click()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    answered(page)


def digit(page):
    """What the page says: a digit as an int, or None."""
    text = page.locator(".nnlib-pad").first.get_attribute("data-digit")
    return int(text) if text else None


def run_in_kernel(page, expression):
    """The value of a Python expression in the notebook's kernel, by way of JSON."""
    code = f"import json; print(json.dumps({expression}))"
    text, error = page.evaluate(
        """async code => {
            const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
            const future = kernel.requestExecute({code, store_history: false});
            let text = '';
            let error = null;
            future.onIOPub = message => {
                text += message.content.text ?? '';
                error ??= message.content.evalue ?? null;
            };
            await future.done;
            return [text, error];
        }""",
        code,
    )
    assert error is None, error
    return json.loads(text)
