"""The things to play with in another language, on a page without Python: they say what the notebook says."""

import re

import numpy as np
import pytest

import nnlib
from nnlib.play import live_training, moving_boundary, neuron_line, one_digit, opened_matrix, operations, small_step
from tests.play.marked import english_in, marked, unsaid
from tests.workshop.live_page import close_page, open_page
from workshop.edition import spoken
from workshop.site import live
from workshop.site.live import forward_pass, mistakes, training
from workshop.site.live.arrays import packed

TEXTS = [text.text for text in spoken.catalogues()["play"]]
NUMBERS = {name: value for name, value, _ in operations.entries(operations.START, lambda _: None)}
PAGE = """<!doctype html>
<html lang="zh-Hans"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>网页</title>
{links}<style>main {{ max-width: 736px; margin: auto }}</style><main>{things}</main>{scripts}"""
THINGS = "Object.fromEntries([...document.querySelectorAll('.nnlib-live')].map((e) => [e.dataset.thing, e.thing]))"


@pytest.fixture(scope="module")
def network(mnist):
    """A small network that confuses much, with images and their labels."""
    net = nnlib.Network([784, 12, 10], seed=1).copy(np.float16).copy(np.float32)
    return net, mnist.X_train[:300], mnist.y_train[:300]


@pytest.fixture(scope="module")
def address(tmp_path_factory, network):
    """A page with all of them, in Chinese, on small data."""
    folder = tmp_path_factory.mktemp("zh")
    files = live.write_scripts(folder, live.THINGS, "zh")
    data = {
        "mistakes": mistakes.data(*network),
        "forward_pass": forward_pass.data(*network),
        "training": of_training(*network[1:]),
    }
    for name, thing in live.THINGS.items():
        live.write_data(folder, name, data.get(name) or thing.data())
    every = dict.fromkeys(file for needed in files.values() for file in needed)
    links = "".join(f'<link rel="stylesheet" href="{file}">' for file in every if file.endswith(".css"))
    scripts = "".join(f'<script src="{file}"></script>' for file in every if file.endswith(".js"))
    things = "".join(live.element(name, "") for name in live.THINGS)
    (folder / "index.html").write_text(PAGE.format(links=links, scripts=scripts, things=things), encoding="utf-8")
    return folder


def of_training(X, y):
    """As `training.data`, of few images."""
    params = nnlib.Network([784, training.HIDDEN, 10]).params
    orders = [np.random.default_rng([0, 1]).permutation(len(X))]
    images = {"pixels": training.written(X), "labels": training.digits(y)}
    return {
        "shades": training.SHADES,
        "images": images,
        "measured": images,
        "in_notebook": training.IN_NOTEBOOK,
        "weights": {name: packed(params[name], "f4") for name in ("W1", "W2")},
        "orders": packed(orders, "u2"),
        "rates": [0.5],
    }


# In Chinese

SENTENCES = f"""(states) => {{
  const things = {THINGS};
  return states.map(([name, values]) => things[name].draw(values, 390)[1]);
}}"""
STEPS = f"""([name, count, values]) => {{
  const run = ({THINGS})[name].training;
  run.restart(values);
  const said = () => run.sentence(name === "training" ? values : values.lr);
  return Array.from({{ length: count }}, () => {{
    const sentence = said();
    run.step(values);
    return sentence;
  }});
}}"""


@pytest.fixture
def chinese():
    nnlib.language("zh")
    yield
    nnlib.language("en")


def test_in_chinese_each_thing_says_what_python_says(browser, address, network, chinese):
    net, X, y = network
    a = net.forward(X)
    states, python = [], []
    for index in (0, 40, 56):
        for float32 in (False, True):
            h, dtype = float(small_step.STEPS[index]), "float32" if float32 else "float64"
            states.append(["step_size", {"exponent": -12 + 0.125 * index, "float32": float32}])
            python.append(small_step.sentence(h, dtype, small_step.errors(h, dtype)))
    for values in ((1, 0.5, 1, -2, 0.5), (1, 1, 0, 0, 1), (1, 1, 0.1, 0.1, -3), (1, 1, 1, -1, 0)):
        states.append(["neuron", dict(zip(("x1", "x2", "w1", "w2", "b"), values, strict=True))])
        python.append(neuron_line.sentence(*values, *neuron_line.answer(*values)))
    for step in range(14):
        states.append(["backpropagation", {"step": step, **NUMBERS}])
        python.append(operations.sentence(step, operations.both_ways(NUMBERS)))
    for image in range(3):
        states.append(["forward_pass", {"image": image, "neuron": 5}])
        python.append(one_digit.sentence(net, image, 5, y[image], one_digit.work(net, X[image], 5)))
    for digit, read_as in np.ndindex(10, 2):
        rows = opened_matrix.digits_of(a, y, digit, read_as)
        states.append(["mistakes", {"cell": [digit, read_as]}])
        python.append(opened_matrix.sentence(a, rows, int(np.sum(y == digit)), digit, read_as))
    page = open_page(browser, (address / "index.html").as_uri())
    assert page.evaluate(SENTENCES, states) == python
    for hidden in (1, 3):
        values = {"data": "XOR", "hidden": hidden, "activation": "tanh", "lr": 0.5}
        run = moving_boundary.Run("XOR", hidden, "tanh")
        assert page.evaluate(STEPS, ["boundary", 12, values]) == [said_and_stepped(run, lr=0.5) for _ in range(12)]
    grey = training.grey(X)
    run = live_training.Run(grey, y, grey, y, training.HIDDEN)
    values = {"lr": 0.5, "batch_size": 50}
    assert page.evaluate(STEPS, ["training", 4, values]) == [said_and_stepped(run, **values) for _ in range(4)]
    close_page(page)
    assert all(re.search("[一-鿿]", text) for text in python) and "按“下一步”往前走" in python[10]


def said_and_stepped(run, **values):
    """What a training says, and then it takes a step."""
    sentence = run.sentence(**values)
    run.step(**values)
    return sentence


# In a language in which each text stands between « and »

WORDS = f"""
  const things = {THINGS};
  const words = new Set();
  const collect = (element) => {{
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) words.add(walker.currentNode.data);
    for (const node of element.querySelectorAll("*"))
      for (const name of ["aria-label", "aria-valuetext", "title"]) words.add(node.getAttribute(name) ?? "");
  }};
  const show = (name, values = {{}}) => {{
    for (const [control, value] of Object.entries(values)) things[name].controls[control].value = value;
    things[name].show();
    collect(things[name].element);
  }};
  for (const name of Object.keys(things)) show(name);
"""
FIRST_WORDS = f"() => {{ {WORDS} return [...words]; }}"
ALL_WORDS = f"""async () => {{
  {WORDS}
  for (let step = 0; step < 14; step++) show("backpropagation", {{ step }});
  for (const exponent of [-12, -5.25, -1])
    for (const float32 of [false, true]) show("step_size", {{ exponent, float32 }});
  for (const b of [3, 0, -3]) for (const w of [0, 0.1, 2]) show("neuron", {{ x1: 1, x2: 1, w1: w, w2: -w, b }});
  for (let cell = 0; cell < 100; cell++) show("mistakes", {{ cell: [Math.floor(cell / 10), cell % 10] }});
  for (let image = 0; image < 20; image++) show("forward_pass", {{ image }});
  for (const field of document.querySelectorAll("input[type=number]")) {{
    for (const typed of ["", "99999"]) {{
      field.value = typed;
      field.dispatchEvent(new Event("change"));
      collect(field.closest(".nnlib-live"));
    }}
  }}
  const {{ boundary, training }} = things;
  for (const hidden of [1, 3]) {{
    boundary.controls.hidden.value = hidden;
    boundary.beginAgain();
    for (let i = 0; i < 22; i++) {{
      boundary.step(boundary.values());
      show("boundary");
    }}
  }}
  boundary.training.learner.net.params.b2.set([100, 0]);
  show("boundary");
  boundary.run.click();
  collect(boundary.element);
  boundary.pause();
  boundary.training.learner.net.params.W2[0] = Infinity;
  boundary.run.click();
  while (boundary.going) await new Promise(requestAnimationFrame);
  show("boundary");
  const {{ learner }} = training.training;
  training.step(training.values());
  show("training");
  const some = (value) => Array(60).fill(value);
  Object.assign(learner, {{ losses: some(0.5), gradients: some(1e-6), rates: some([1, 1]) }});
  show("training");
  return [...words];
}}"""


def test_nothing_on_a_page_is_said_past_the_language(browser, address):
    live.write_texts(address / "texts.zh.js", {text: marked(text) for text in TEXTS})
    page = open_page(browser, (address / "index.html").as_uri(), viewport={"width": 1280, "height": 800})
    found = page.evaluate(FIRST_WORDS)
    page.set_viewport_size({"width": 390, "height": 800})  # where there is less room for words
    found += page.evaluate(ALL_WORDS)
    close_page(page)
    assert english_in(found) == []
    unseen = ["Run the cell to play.", "purple below 0, orange above", "{label}, as a number", "no number"]
    unseen += ["None of the images is {digit}: this row is empty."]
    unseen += ["the three largest outputs of each; blue: that of the right digit"]  # it stands in two lines
    assert unsaid(TEXTS, found) == [text for text in TEXTS if text in unseen], "the test has seen all others"
    assert {"«the three largest outputs of each;", "blue: that of the right digit»"} <= set(found)


def test_a_page_in_english_has_no_texts_of_another_language(tmp_path):
    english, chinese = (live.write_scripts(tmp_path, ["neuron"], code)["neuron"] for code in ("en", "zh"))
    assert [file for file in chinese if file not in english] == ["texts.zh.js"]
    assert chinese.index("texts.zh.js") < chinese.index("core.js")
