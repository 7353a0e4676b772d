"""The things to play with in another language than English: all that they say, in the notebook."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.text import Text

import nnlib
from nnlib import play, plots
from nnlib._support import language
from nnlib.play import (
    live_training,
    moving_boundary,
    neuron_line,
    one_digit,
    opened_matrix,
    operations,
    small_step,
    words,
)
from tests.play.marked import Marked, english_in, unsaid
from tests.play.test_live import in_a_loop
from workshop.edition import spoken

NUMBERS = {name: value for name, value, _ in operations.entries(operations.START, lambda _: None)}


@pytest.fixture
def marked(monkeypatch):
    monkeypatch.setattr(language, "_texts", Marked())
    monkeypatch.setattr(language, "_chosen", "zh")
    with rc_context():
        yield


@pytest.fixture
def chinese():
    nnlib.language("zh")
    with rc_context():
        yield
    nnlib.language("en")


@pytest.fixture(scope="module")
def network(mnist):
    """A small network that confuses much, with images and their labels."""
    return nnlib.Network([784, 12, 10], seed=1), mnist.X_train[:300], mnist.y_train[:300]


def of_figure(fig, sentence):
    """All that a picture and its sentence say; the powers of ten at an axis are a formula."""
    labels = fig.findobj(Text) if fig else []
    return [sentence, *(label.get_text() for label in labels if not label.get_text().startswith("$"))]


def pictures(network):
    """Pictures with their sentences, and more sentences, until each is there."""
    for h, dtype in ((1e-12, "float32"), (1e-8, "float64"), (0.1, "float64"), (10**-5.25, "float64")):
        yield None, small_step.sentence(h, dtype, small_step.errors(h, dtype))
    for values in ((1, 1, 0, 0, 1), (1, 1, 0.1, 0.1, 3), (1, 1, 0.1, 0.1, -3), (1, 1, 1, -1, 0), (1, 1, 1, 1, -3)):
        yield None, neuron_line.sentence(*values, *neuron_line.answer(*values))
    v = operations.both_ways(NUMBERS)
    yield from ((None, operations.sentence(step, v)) for step in range(14))
    yield operations.draw(13, **NUMBERS)
    net, X, y = network
    eight = int(np.flatnonzero(y == 8)[0])
    yield None, one_digit.sentence(net, eight, 3, 8, one_digit.work(net, X[eight], 3))
    for hidden in (1, 3):
        run = moving_boundary.Run("disc in a ring", hidden, "relu")
        for _ in range(13):
            yield None, run.sentence(0.5)
            run.step(0.5)
    run.learner.net.params["b2"][:] = [100, 0]
    yield run.draw(lr=0.5)
    run = live_training.Run(X, y, X, y, 30)
    run.learner.losses, run.learner.gradients, run.learner.rates = [0.5] * 60, [1e-6] * 60, [(1, 1)] * 60
    yield run.draw(lr=0.5, batch_size=50)
    yield from cells(network)


def cells(network):
    """Cells of the confusion matrix: with many digits, with few, with none, and of a digit that is not there."""
    net, X, y = network
    a = net.forward(X)
    counts = nnlib.confusion_matrix(y, a.argmax(axis=1))
    few = np.argwhere((counts > 0) & (counts <= opened_matrix.MOST))[0]
    for digit, read_as in (np.unravel_index(counts.argmax(), counts.shape), few, np.argwhere(counts == 0)[0]):
        yield opened_matrix.draw(a, X, y, int(digit), int(read_as))
    yield opened_matrix.draw(a[y != 8], X[y != 8], y[y != 8], 8, 1)


def of_widgets(widget):
    """The labels of a widget and of all within it."""
    for child in getattr(widget, "children", ()):
        yield from of_widgets(child)
    yield getattr(widget, "description", "")
    yield from getattr(widget, "_options_labels", ())
    yield from getattr(widget, "texts", {}).values()


def things(network):
    """All of them, as a notebook has them."""
    net, X, y = network
    return [
        play.neuron(),
        play.backpropagation(),
        play.step_size(),
        play.training(X, y, X, y),
        play.mistakes(net, X, y),
        play.forward_pass(net, X, y),
        play.boundary(),
    ]


def of_running():
    """What something says that runs, stops and fails."""
    said = []

    async def run():
        live = play.boundary()
        live.run_or_pause()
        said.extend([live.sentence.value, live.buttons["Run"].description])
        live.learner = live.step.__self__.learner
        live.learner.net.params["W2"][:] = np.nan
        await live.task
        said.append(live.sentence.value)

    in_a_loop(run())
    return said


@pytest.fixture
def said(marked, network, monkeypatch):
    """All that the seven things say in the marked language; their pictures are read and not painted."""
    texts = [text for picture in pictures(network) for text in of_figure(*picture)]

    def show(fig, alt):
        texts.extend(of_figure(fig, alt))
        return SimpleNamespace(data="", png="", alt=alt)

    monkeypatch.setattr(plots, "show", show)
    made = things(network)
    texts += [text for thing in made for text in [*of_widgets(thing), thing.sentence.value]]
    still = made[0]._repr_mimebundle_()[0]["text/html"]
    return [*texts, *re.sub("</?(p|em)>", "\n", still).splitlines(), *of_running()]


def test_nothing_is_said_past_the_language(said):
    assert english_in(said) == []
    english = [text.text for text in spoken.catalogues()["play"] if any("nnlib/play" in p for p, _ in text.places)]
    assert unsaid(english, said) == [], "the test has seen all of them"


@pytest.mark.parametrize(
    "text, left",
    [("«Run»", False), ("«z = »dW1[0, 1]«, so a = »1e-05", False), ("«Step »3, back", True), ("Loss", True)],
)
def test_a_word_that_is_said_past_the_language_is_found(text, left):
    assert bool(english_in([text])) == left
    assert unsaid(["Step {n} of {m}"], ["«Step »3« of »4"]) == [] and unsaid(["Loss"], ["Loss"]) == ["Loss"]


def test_in_chinese_a_picture_is_drawn_without_boxes_and_says_it_in_chinese(chinese, recwarn):
    fig, text = small_step.draw(1e-5, "float64")
    plots.show(fig, text)
    # Matplotlib warns of a glyph that it has not; an older one also uses what a newer pyparsing deprecates.
    assert [str(each.message) for each in recwarn if not issubclass(each.category, DeprecationWarning)] == []
    assert text.splitlines()[0] == "用 float64，h = 10⁻⁵。"
    assert fig.axes[0].get_ylabel() == "误差"


def test_who_reads_english_pays_nothing():
    neuron = play.neuron()
    assert neuron.access.texts == {} and neuron.access.lang == "en"


# In a page, without JupyterLab: what ipywidgets makes of a slider and of a number, and no more than that.
CONTROLS = """
<div class="nnlib-play"><div class="widget-slider"><span class="widget-label">lr</span><i class="noUi-handle"></i>
<span class="widget-readout">0.5</span></div><label>X<input type="number" min="-1" max="1" step="0.1" value="3"></label>
<label>b<input type="number" min="0" max="9" step="1" value="2.7"></label>
<label>W1<input type="number" min="0" max="9"></label><main></main></div>"""
SHOW = """async ([script, values]) => {
  const blob = new Blob([script], { type: "text/javascript" });
  const { default: widget } = await import(URL.createObjectURL(blob));
  const model = { get: (name) => values[name], on() {} };
  widget.render({ model, el: document.querySelector("main") });
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const told = [];
  for (const field of document.querySelectorAll("input")) {
    field.dispatchEvent(new Event("change", { bubbles: true }));
    told.push(document.querySelector(".nnlib-refusal")?.textContent ?? "");
  }
  for (const node of document.querySelectorAll("main *, .noUi-handle, .widget-readout"))
    told.push(node.getAttribute("aria-label") ?? "", node.title ?? "", node.children.length ? "" : node.textContent);
  return [told, document.querySelector(".nnlib-play").lang];
}"""


@pytest.mark.parametrize(
    "name, values",
    [("access.js", {"lang": "zh-Hans"}), ("opened_matrix.js", {"counts": [[1, 2], [3, 4]], "value": [0, 1]})],
)
def test_the_widgets_scripts_say_nothing_past_the_language(browser, marked, name, values):
    page = browser.new_page()
    page.set_content(CONTROLS)
    texts = words.texts(name)
    told, lang = page.evaluate(SHOW, [words.script(name), values | {"texts": texts}])
    page.close()
    assert english_in(told) == [] and lang == values.get("lang", "")
    assert unsaid([text for text in texts if text != "no number"], told) == []  # nobody typed a minus sign alone
