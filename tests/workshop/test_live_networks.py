"""The things that compute on a page without Python say what Python says: boundary, training, neuron, forward pass."""

import gzip
from pathlib import Path
from urllib.parse import urlparse

import numpy as np
import pytest
from matplotlib import colormaps

import nnlib
from nnlib.play import live_training, moving_boundary, neuron_line, numbers, one_digit
from nnlib.play.learner import Learner
from tests import tries
from tests.play.play_page import type_into
from tests.workshop.live_page import close_page, open_page, said, violations, write_page
from workshop.site.live import forward_pass, training
from workshop.site.live.twin import twin

THINGS = ("boundary", "training", "neuron", "forward_pass")
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
THING = "document.querySelector('.nnlib-live').thing"


@pytest.fixture(scope="module")
def addresses(tmp_path_factory):
    folder = tmp_path_factory.mktemp("live")
    options = {"boundary": {"activation": "sigmoid", "epochs": 100}}  # as in lesson 1
    return {name: write_page(folder, name, **options.get(name, {})) for name in THINGS}


@pytest.fixture
def open_thing(browser, addresses):
    """Opens the page of a thing, and at the end sees that nothing was complained about."""
    pages = []

    def open_(name, **context):
        pages.append(open_page(browser, addresses[name], **{"viewport": WIDE, **context}))
        return pages[-1]

    yield open_
    for page in pages:
        close_page(page)


@pytest.fixture(scope="module")
def opened(browser, addresses):
    """The page of each thing, once for all tests that ask it for numbers and sentences."""
    pages = {name: open_page(browser, address, viewport=WIDE) for name, address in addresses.items()}
    yield pages
    for page in pages.values():
        close_page(page)


# The learner

TRAIN = """({sizes, activation, output, params, X, y, orders, steps, lr, batchSize}) => {
  const net = new nnlibLive.Network(sizes, activation, output, params);
  const learner = new nnlibLive.Learner(net, Float32Array.from(X), y, orders);
  for (let i = 0; i < steps; i++) learner.step(lr, batchSize);
  return [learner.losses, learner.gradients, [...net.outputs(learner.X)], learner.epochs];
}"""


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
def test_400_steps_have_the_losses_of_numpy(opened, activation, output):
    page = opened["boundary"]
    net = nnlib.Network([2, 6, 5, 2], activation, output, seed=4)
    X, y = moving_boundary.toy("two moons")
    rng = np.random.default_rng([4, 1])  # as in `Learner`
    orders = [rng.permutation(len(X)).tolist() for _ in range(60)]
    params = {name: p.ravel().tolist() for name, p in net.params.items()}
    setting = {"sizes": net.sizes, "activation": activation, "output": output, "params": params, "orders": orders}
    numbers = {"X": X.ravel().tolist(), "y": y.tolist(), "steps": 400, "lr": 0.5, "batchSize": 30}
    losses, gradients, outputs, epochs = page.evaluate(TRAIN, setting | numbers)
    learner = Learner(net, X, y)
    for _ in range(400):
        learner.step(0.5, 30)  # seven batches an epoch, the last of them of 20
    assert np.abs(np.subtract(losses, learner.losses)).max() < 1e-6
    assert np.abs(np.subtract(gradients, learner.gradients)).max() < 1e-5
    assert np.abs(np.subtract(outputs, learner.outputs(X).ravel())).max() < 1e-4
    assert epochs == learner.epochs and learner.losses[-1] < learner.losses[0]


def test_400_steps_of_the_pages_training_have_the_losses_of_numpy(opened):
    losses, first, last = opened["training"].evaluate(f"""() => {{
        const {{ training, ...thing }} = {THING};
        const first = [...training.learner.net.params.W1];
        for (let i = 0; i < 400; i++) training.step({{ lr: 0.5, batch_size: 50 }});
        return [training.learner.losses, first, [...training.learner.net.params.W1]];
    }}""")
    run = of_the_page()
    assert np.array_equal(np.float32(first), run.learner.net.params["W1"].ravel()), "the same first weights"
    for _ in range(400):
        run.step(lr=0.5, batch_size=50)
    assert np.abs(np.subtract(losses, run.learner.losses)).max() < 1e-6
    assert np.abs(last - run.learner.net.params["W1"].ravel()).max() < 1e-5


def test_steps_that_are_too_large_are_told_as_in_python(opened):
    page = opened["boundary"]
    page.get_by_role("button", name="Begin again").click()
    page.evaluate(f"{THING}.training.learner.net.params.W2[0] = Infinity")
    page.get_by_role("button", name="One step").click()
    page.get_by_role("status").filter(has_text="Stopped").wait_for()
    learner = moving_boundary.Run("disc in a ring", 3, "sigmoid").learner
    learner.net.params["W2"][0, 0] = np.inf
    with pytest.raises(FloatingPointError) as error:
        learner.step(1.0, 20)
    assert said(page).endswith(f" Stopped by an error. FloatingPointError: {error.value}")
    page.get_by_role("button", name="Begin again").click()
    assert said(page).endswith("Paused.")


# What they say


def on_edge(learner):
    """Whether the loss that is said hangs on the seventh digit of a float32, which differs between machines, too."""
    return bool(learner.losses) and abs(learner.loss * 1000 % 1 - 0.5) < 2e-3


def nearly_tied(learner, X):
    """Whether the answer to an image hangs on it."""
    a = np.sort(learner.outputs(X))
    gap = a[:, -1] - a[:, -2]
    return bool(((gap > 0) & (gap < 1e-6)).any())


def compare(of_page, of_python, edges, least):
    """All sentences are the same, save those on an edge, of which there are few."""
    clear = [pair for pair, edge in zip(zip(of_page, of_python, strict=True), edges, strict=True) if not edge]
    assert len(clear) >= max(least, 0.95 * len(of_page))
    assert [page for page, _ in clear] == [python for _, python in clear]


BOUNDARIES = [
    {"data": data, "hidden": hidden, "activation": activation, "lr": lr}
    for data in ("two moons", "disc in a ring", "XOR")
    for hidden, activation, lr in ((1, "sigmoid", 1), (3, "tanh", 1), (4, "relu", 0.1), (12, "tanh", 0.5))
]
LOOKS = tries(12, 40)  # so often at each of them, after five steps each


def test_the_boundary_says_what_python_says(opened):
    of_page = opened["boundary"].evaluate(
        f"""([settings, looks]) => settings.flatMap((values) => {{
        const thing = {THING};
        thing.restart(values);
        return Array.from({{ length: looks }}, (_, look) => {{
            for (let i = 0; i < (look ? 5 : 1); i++) thing.step(values);
            return thing.training.sentence(values.lr);
        }});
    }})""",
        [BOUNDARIES, LOOKS],
    )
    of_python, edges = [], []
    for values in BOUNDARIES:
        run = moving_boundary.Run(values["data"], values["hidden"], values["activation"])
        for look in range(LOOKS):
            for _ in range(5 if look else 1):
                run.step(**values)
            of_python.append(run.sentence(values["lr"]))
            edges.append(on_edge(run.learner) or nearly_tied(run.learner, run.learner.X))
    compare(of_page, of_python, edges, least=0.9 * len(of_page))
    assert len(set(of_page)) > 0.9 * len(of_page)
    assert of_page[0].startswith("1 step with") and of_page[1].startswith("6 steps with")
    assert of_page[2].startswith("1.1 epochs with")


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_every_network_of_the_boundary_begins_with_numpys_weights(opened, activation):
    found = opened["boundary"].evaluate(
        f"""(activation) => Array.from({{ length: 12 }}, (_, i) => {{
        const thing = {THING};
        thing.restart({{ data: "XOR", hidden: i + 1, activation }});
        const {{ params }} = thing.training.learner.net;
        return Object.values(params).map((p) => [...p]);
    }})""",
        activation,
    )
    for i, params in enumerate(found):
        expected = nnlib.Network([2, i + 1, 2], activation, "softmax").params
        for p, name in zip(params, expected, strict=True):
            assert np.array_equal(np.float32(p), expected[name].ravel()), (i + 1, name)


def of_the_page():
    """Python's training, on the images of the page."""
    return live_training.Run(*training.images()[0], *training.images()[1], training.HIDDEN)


# So many times so many steps: with these knobs, then with others. After twelve epochs the page's orders begin again.
TRAININGS = [
    (tries(12, 200), tries(8, 1), {"lr": 0.5, "batch_size": 50}, {"lr": 2, "batch_size": 50}),
    (tries(12, 180), tries(9, 1), {"lr": 100, "batch_size": 50}, {"lr": 0.5, "batch_size": 10}),
    (tries(10, 80), tries(10, 5), {"lr": 0.5, "batch_size": 1}, {"lr": 0.5, "batch_size": 10}),
    (tries(11, 56), tries(5, 1), {"lr": 2, "batch_size": 200}, {"lr": 2, "batch_size": 1000}),
]


def test_the_training_says_what_python_says(opened):
    of_page = opened["training"].evaluate(
        f"""(settings) => settings.flatMap(([times, steps, ...knobs]) => {{
        const {{ training }} = {THING};
        training.restart();
        const sentences = [training.sentence(knobs[0])];
        for (let i = 0; i < times; i++) {{
            const values = knobs[i < times / 2 ? 0 : 1];
            for (let j = 0; j < steps; j++) training.step(values);
            sentences.push(training.sentence(values));
        }}
        return sentences;
    }})""",
        TRAININGS,
    )
    of_python, edges = [], []
    for times, steps, *knobs in TRAININGS:
        run = of_the_page()
        of_python.append(run.sentence(**knobs[0]))
        edges.append(nearly_tied(run.learner, run.validation[0]))
        for i in range(times):
            values = knobs[int(i >= times / 2)]
            for _ in range(steps):
                run.step(**values)
            of_python.append(run.sentence(**values))
            edges.append(on_edge(run.learner) or nearly_tied(run.learner, run.validation[0]))
    compare(of_page, of_python, edges, least=0.9 * len(of_page))
    assert sum("as good as dead" in text for text in of_page) >= 5


def test_the_accuracy_that_is_said_and_drawn_on_the_page_is_that_of_the_step(opened):
    page = opened["training"]
    page.get_by_role("button", name="Begin again").click()
    for step in range(1, 5):
        page.get_by_role("button", name="One step").click()
        page.get_by_role("status").filter(has_text=f"Step {step}, ").filter(has_text="Paused").wait_for()
        share, measured = page.evaluate(f"""() => {{
            const {{ training }} = {THING};
            const {{ X, y }} = training.measured;
            const right = training.learner.net.predict(X).filter((answer, i) => answer === y[i]).length;
            return [right / y.length, [...training.accuracies.keys()]];
        }}""")
        assert f" and {numbers.percent(share)} of 500 validation images are read right" in said(page)
        assert measured == list(range(step + 1))
    page.get_by_role("button", name="Begin again").click()


def test_the_neuron_says_what_python_says(opened):
    rng = np.random.default_rng(1)
    states = np.round(rng.uniform(-3, 3, (400, 5)), 1)
    states[:40, 2:4], states[40:80, 4] = 0, 3 * np.sign(states[40:80, 4])
    states[80:120, 2:4] *= 0.1
    states[120:160] = [0.5, 0.5, 1, -1, 0]
    states = np.round(states, 1) + 0.0
    values = [dict(zip(("x1", "x2", "w1", "w2", "b"), map(float, state), strict=True)) for state in states]
    values = values[:: tries(4, 1)]
    of_page = opened["neuron"].evaluate(f"(all) => all.map((values) => {THING}.draw(values, 390)[1])", values)
    assert of_page == [neuron_sentence(**each) for each in values]
    for part in ("draws no line", "outside the picture", "on the line", "above ½", "below ½"):
        assert any(part in text for text in of_page), part


def neuron_sentence(x1, x2, w1, w2, b):
    """As `neuron_line.draw`, without its picture."""
    z, a = neuron_line.answer(x1, x2, w1, w2, b)
    return neuron_line.sentence(x1, x2, w1, w2, b, z, a)


def test_the_forward_pass_says_what_python_says(opened):
    rng = np.random.default_rng(2)
    states = [(int(image), int(neuron)) for image, neuron in rng.integers(0, 100, (tries(60, 300), 2))]
    states += [(0, 0), (99, 99)]
    of_page = opened["forward_pass"].evaluate(
        f"(all) => all.map(([image, neuron]) => {THING}.draw({{ image, neuron }}, 390)[1])", states
    )
    net, X, y = twin()
    assert of_page == [forward_sentence(net, X, y, image, neuron) for image, neuron in states]


def forward_sentence(net, X, y, image, neuron):
    """As `one_digit.draw`, without its picture."""
    return one_digit.sentence(net, image, neuron, y[image], one_digit.work(net, X[image], neuron))


@pytest.mark.parametrize("activation, output", [("relu", "softmax"), ("tanh", "sigmoid")])
def test_the_forward_pass_takes_other_networks_too(browser, tmp_path, activation, output):
    _, X, y = twin()
    net = nnlib.Network([784, 30, 20, 10], activation, output, seed=3).copy(np.float16).copy(np.float32)
    page = open_page(browser, write_page(tmp_path, "forward_pass", forward_pass.data(net, X, y)))
    sentences = page.evaluate(f"[0, 1, 2].map((image) => {THING}.draw({{ image, neuron: 29 }}, 680)[1])")
    close_page(page)
    assert sentences == [forward_sentence(net, X, y, image, 29) for image in range(3)]


def test_the_colours_are_matplotlibs(opened):
    shares = np.linspace(-0.2, 1.2, 141)
    found = opened["neuron"].evaluate("(shares) => shares.map(nnlibLive.purpleToOrange)", shares.tolist())
    assert np.abs(found - 255 * colormaps["PuOr_r"](shares.clip(0, 1))[:, :3]).max() < 3


# In use


def test_the_boundary_is_used_by_pointer(open_thing):
    page = open_thing("boundary")
    assert said(page).startswith("100 epochs with 3 hidden neurons (sigmoid)")
    page.get_by_role("button", name="Begin again").click()
    assert said(page).startswith("0 epochs with 3 hidden neurons (sigmoid)")
    page.get_by_role("group", name="data").get_by_role("button", name="XOR").click()
    page.get_by_role("button", name="One epoch").click()
    page.get_by_role("status").filter(has_text="1 epoch with").filter(has_text="Paused").wait_for()
    page.get_by_role("button", name="Run").click()
    page.get_by_role("status").filter(has_text="Running").wait_for()
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("status").filter(has_text="Paused").wait_for()
    page.get_by_role("button", name="ReLU").click()
    assert said(page).startswith("0 epochs with 3 hidden neurons (ReLU)")


def test_to_pause_and_run_again_at_once_does_not_make_it_run_faster(open_thing):
    steps = open_thing("boundary").evaluate(f"""async () => {{
        const thing = {THING};
        const frame = () => new Promise(requestAnimationFrame);
        for (const _ of "run, pause, run, pause, run".split(", ")) thing.run.click();
        const before = thing.steps;
        for (let i = 0; i < 10; i++) await frame();
        thing.pause();
        return thing.steps - before;
    }}""")
    assert 0 < steps <= 5 * 10, "half an epoch a frame"


def test_the_boundary_is_used_by_keyboard(open_thing):
    page = open_thing("boundary")
    page.get_by_role("slider", name="hidden neurons").focus()
    page.keyboard.press("ArrowRight")
    assert said(page).startswith("0 epochs with 4 hidden neurons (sigmoid)")
    page.get_by_role("button", name="Run").focus()
    page.keyboard.press("Space")
    page.get_by_role("status").filter(has_text="Running").wait_for()
    page.get_by_role("slider", name="lr").focus()
    page.keyboard.press("Home")
    page.get_by_role("status").filter(has_text="The learning rate is 0.01. Running.").wait_for()
    page.get_by_role("button", name="Pause").focus()
    page.keyboard.press("Space")
    page.get_by_role("status").filter(has_text="Paused").wait_for()


def test_the_training_is_used_by_pointer_and_by_keyboard(open_thing):
    page = open_thing("training")
    assert said(page).startswith("Before the first step 9 % of 500 validation images are read right.")
    page.get_by_role("button", name="One step").click()
    page.get_by_role("status").filter(has_text="Step 1, 0.02 epochs").wait_for()
    page.get_by_role("button", name="200").click()
    assert "the batch size 200" in said(page)
    page.get_by_role("button", name="Run").focus()
    page.keyboard.press("Enter")
    page.get_by_role("status").filter(has_text="Running").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("slider", name="lr").focus()
    page.keyboard.press("End")
    assert "The learning rate is 100," in said(page) and said(page).endswith("Paused.")
    page.get_by_role("button", name="Begin again").click()
    assert said(page).startswith("Before the first step")


def test_the_training_says_how_it_differs_from_the_notebooks(opened):
    note = opened["training"].locator(".nnlib-live-note").inner_text()
    (X, _), (X_val, _) = training.images()
    assert f"{len(X):,} images with {len(np.unique(X))} shades of grey" in note and f"{len(X_val)} others" in note
    assert "10,000 and 1,000" in note


def test_the_neuron_is_used_by_pointer_and_by_keyboard(open_thing):
    page = open_thing("neuron")
    assert "= 0.50, so a = σ(z) = 0.622." in said(page)
    page.get_by_role("slider", name="x1").focus()
    page.keyboard.press("ArrowLeft")
    assert said(page).startswith("z = 0.9 · 1.0 + ")
    page.locator(".nnlib-live-layers svg").click(position={"x": 42 + 210, "y": 60 + 210})  # the middle of the plane
    assert said(page).startswith("z = 0.0 · 1.0 + 0.0 · (−2.0) + 0.5 = 0.50")
    slider = page.get_by_role("slider", name="x1")
    assert slider.get_attribute("aria-valuetext") == "0.0", "the slider goes along"


def test_the_forward_pass_is_used_by_pointer_and_by_keyboard(open_thing):
    page = open_thing("forward_pass")
    assert said(page).startswith("Image 0 is a 1. Neuron 0 of layer 1 ")
    page.get_by_role("spinbutton", name="image").fill("99")
    page.keyboard.press("Enter")
    assert said(page).startswith("Image 99 is an ")
    page.get_by_role("slider", name="neuron").click()  # in its middle
    neuron = int(page.get_by_role("slider", name="neuron").input_value())
    assert 45 < neuron < 55 and f"Neuron {neuron} of layer 1 " in said(page)
    page.get_by_role("slider", name="neuron").press("ArrowRight")
    assert f"Neuron {neuron + 1} of layer 1 " in said(page)
    assert "first 100 of the notebook's 10,000 images" in page.locator(".nnlib-live-note").inner_text()
    for typed, kept in (("200", 99), ("2.5", 2), ("", 2)):
        type_into(page.get_by_role("spinbutton", name="image"), typed)
        told = page.locator(".nnlib-live-refusal").inner_text()
        assert told == f"image must be a whole number from 0 to 99; got {typed or 'nothing'}. It is {kept} now."
        assert said(page).startswith(f"Image {kept} is ")


CUT_OFF = """() => {
  const picture = document.querySelector(".nnlib-live-picture").getBoundingClientRect();
  const parts = [...document.querySelectorAll(".nnlib-live-picture :is(canvas, text)")];
  const outside = ({ left, right, bottom }) => left < picture.left || right > picture.right || bottom > picture.bottom;
  return parts.filter((part) => outside(part.getBoundingClientRect())).map((part) => part.textContent || part.tagName);
}"""


@pytest.mark.parametrize("name", THINGS)
def test_no_part_of_a_picture_is_cut_off(opened, name):
    assert opened[name].evaluate(CUT_OFF) == []


@pytest.mark.parametrize("name", THINGS)
def test_on_a_phone_it_fits_and_a_finger_works(open_thing, name):
    page = open_thing(name, viewport=PHONE, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate(CUT_OFF) == []
    before = said(page)
    if name in ("boundary", "training"):
        page.get_by_role("button", name="One epoch").tap()
        page.get_by_role("status").filter(has_not_text=before).wait_for()
    else:
        page.get_by_role("slider").last.tap(position={"x": 20, "y": 20})
        assert said(page) != before


@pytest.mark.parametrize("name", THINGS)
def test_axe_finds_nothing_in_light_and_dark(opened, name):
    assert violations(opened[name]) == []


def test_what_a_page_loads_is_small(addresses):
    folder = Path(urlparse(addresses["training"]).path).parent
    most = {"boundary": 70_000, "training": 430_000, "neuron": 200, "forward_pass": 200_000}
    for name, size in most.items():
        assert len(gzip.compress((folder / f"{name}.data.js").read_bytes())) < size, name
