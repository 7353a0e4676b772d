"""In JupyterLab the keyboard alone works every control of every thing to play with: no key of it is taken away."""

import pytest

from tests.play.play_page import NETWORK, PLAY
from workshop.pad_page import WAIT, open_notebook, run_in_kernel

WIDGETS = [
    "neuron()",
    "backpropagation()",
    "step_size()",
    "training(X, y, X, y)",
    "mistakes(net, X, y)",
    "forward_pass(net, X, y)",
    "boundary()",
]
# What has the focus: its name and that of its group, and the keys that change it, if any.
FOCUS = """() => {
    const it = document.activeElement;
    if (!it.closest('.jp-OutputArea-output .nnlib-play')) return null;
    const group = it.closest('[role=group], [role=grid]')?.ariaLabel ?? null;
    if (it.role === 'slider')
        return [it.ariaLabel, group, [it.ariaValueNow === it.ariaValueMax ? 'ArrowLeft' : 'ArrowRight']];
    if (it.type === 'number') return [it.labels[0].textContent, group, [it.value === it.max ? 'ArrowDown' : 'ArrowUp']];
    if (it.type === 'checkbox') return [it.labels[0].textContent, group, ['Space']];
    if (it.closest('[role=grid]')) return [it.ariaLabel, group, ['ArrowRight', 'Enter']];
    if (it.ariaPressed !== null) return [it.textContent, group, it.ariaPressed === 'true' ? [] : ['Space']];
    return [it.ariaLabel ?? it.textContent, group, []];  // a slider's number, and buttons: they have their own tests
}"""
CHOSEN = """() => {
    const { activeCellIndex, mode } = window.jupyterapp.shell.currentWidget.content;
    return [activeCellIndex, mode];
}"""
VALUES = "{name: control.value for name, control in box.controls.items()}"


@pytest.fixture(scope="module")
def page(browser, lab):
    page = open_notebook(browser, lab, [NETWORK, "", "'the cell after it'"], name="keyboard.ipynb")
    page.locator(".jp-OutputArea-output").first.wait_for(timeout=WAIT)
    yield page
    page.close()


def put(page, widget):
    """Run the cell in the middle, which makes this widget, and go to the cell above it."""
    page.evaluate(
        """async code => {
            const notebook = window.jupyterapp.shell.currentWidget.content;
            notebook.activeCellIndex = 1;
            notebook.activeCell.model.sharedModel.setSource(code);
            await window.jupyterapp.commands.execute('notebook:run-cell');
            notebook.mode = 'command';
            notebook.activeCell.node.focus();
        }""",
        f"box = play.{widget}\nbox",
    )
    page.locator(PLAY).get_by_role("status").filter(has_text=run_in_kernel(page, "box.sentence.value")).wait_for(
        timeout=WAIT
    )


@pytest.mark.parametrize("widget", WIDGETS)
def test_the_keyboard_alone_changes_each_control(page, widget):
    put(page, widget)
    start, changed, heard = run_in_kernel(page, VALUES), set(), []
    for _ in range(80):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None:
            if heard:
                break  # behind the last control
            continue
        heard.append(focus)
        name, group, keys = focus
        assert name, page.evaluate("document.activeElement.outerHTML")
        before = run_in_kernel(page, VALUES)
        for key in keys:
            page.keyboard.press(key)
        if keys:
            after = wait_changed(page, before)
            [which] = [control for control in before if before[control] != after[control]]
            label = run_in_kernel(page, f"getattr(box.controls[{which!r}], 'description', 'Confusion matrix')")
            assert label in (group or name), "a screen reader says the label"
            changed.add(which)
        assert page.evaluate(CHOSEN) == [1, "command"], f"JupyterLab took {keys} at {name}"
    assert changed == set(start) and heard


def wait_changed(page, before):
    """The values of the controls, once one of them has changed."""
    for _ in range(50):
        after = run_in_kernel(page, VALUES)
        if after != before:
            return after
        page.wait_for_timeout(100)
    pytest.fail(f"No key changed anything at {page.evaluate('document.activeElement.outerHTML')}")


@pytest.mark.parametrize(
    "widget, label, chosen, other",
    [
        ("training(X, y, X, y)", "batch size", "50", "200"),
        ("boundary()", "data", "disc in a ring", "XOR"),
        ("boundary()", "activation", "tanh", "ReLU"),
    ],
)
def test_a_row_of_buttons_tells_a_screen_reader_which_is_pressed(page, widget, label, chosen, other):
    put(page, widget)
    row = page.locator(PLAY).get_by_role("group", name=label)
    row.get_by_role("button", name=chosen, exact=True, pressed=True).wait_for()
    row.get_by_role("button", name=other, exact=True, pressed=False).press("Space")
    row.get_by_role("button", name=other, exact=True, pressed=True).wait_for()
    assert row.get_by_role("button", pressed=True).count() == 1
    assert page.evaluate("document.activeElement.textContent") == other, "the focus stays"
