"""What the things to play with share on a page without Python: numbers, controls, running, and the page itself."""

import html
import json
import re

import numpy as np
import pytest

from nnlib import plots
from nnlib.play import numbers
from tests.play.play_page import type_into
from tests.workshop.live_page import STILL, close_page, open_page, said, violations, write_page
from workshop.site import live

# A thing with each of the controls, which counts its steps and writes what it is told.
TRIAL = """() => {
  function trial(element) {
    const { Live, slider, checkbox, choice, field, svg, axes } = nnlibLive;
    let steps = 0;
    const draw = (values, width) => {
      const picture = svg(width, 100);
      const box = { left: 50, top: 20, width: width - 60, height: 40 };
      axes(picture, box, { x: { min: 0, max: 5 }, y: { min: 0, max: 1 } });
      return [picture, `${steps} steps with ${JSON.stringify(values).replaceAll(",", ", ")}.`];
    };
    const step = ({ wrong }) => {
      if (wrong) throw new RangeError("This step is wrong.");
      steps += 1;
    };
    const restart = () => { steps = 0; };
    return new Live(element, { draw, step, restart, epoch: 5, every: 2 }, {
      lr: slider("lr", { value: 0.5, values: [0.1, 0.2, 0.5, 1, 100], read: (lr) => nnlibLive.general(lr, 3) }),
      far: slider("far", { value: 2, min: -3, max: 3, step: 0.5 }),
      size: choice("batch size", [1, [ "ten", 10 ]], 1),
      wrong: checkbox("wrong"),
      weight: field("weight", { value: 0.5, min: -20, max: 20, step: 0.1 }),
      image: field("image", { value: 7, min: 0, max: 99, step: 1 }),
    });
  }
  const places = ["nnlib-live", "nnlib-live other"].map((name) => nnlibLive.html("div", null, { class: name }));
  document.querySelector("main").replaceChildren(nnlibLive.html("h1", null, {}, "Trial"), ...places);
  for (const place of places) trial(place).start();
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("live"), "step_size")


@pytest.fixture(scope="module")
def page(browser, address):
    page = open_page(browser, address)
    yield page
    close_page(page)


@pytest.fixture
def trial(page):
    """The page with two things that count their steps; the first is the one that is looked at."""
    page.evaluate(TRIAL)
    return page


# Numbers

WRITERS = {
    "fixed": lambda x: [numbers.fixed(x), numbers.fixed(x, 0), numbers.fixed(x, 3)],
    "signed": lambda x: [numbers.signed(x), numbers.signed(x, 3, " ")],
    "scientific": lambda x: [numbers.scientific(x)],
    "short": lambda x: [numbers.short(abs(x))],
    "number": lambda x: [numbers.number(x)],
    "factor": lambda x: [numbers.factor(x), numbers.factor(x, numbers.fixed)],
    "general": lambda x: [f"{x:.1g}", f"{x:.2g}", f"{x:.3g}"],
    "percent": lambda x: [numbers.percent(x)],
    "decimals": lambda x: [f"{x:.0f}", f"{x:.2f}", f"{x:.3f}"],
}
CALLS = """(xs) => {
  const { fixed, signed, scientific, short, number, factor, general, percent, decimals } = nnlibLive;
  return JSON.stringify(xs.map((x) => ({
    fixed: [fixed(x), fixed(x, 0), fixed(x, 3)],
    signed: [signed(x), signed(x, 3, " ")],
    scientific: [scientific(x)],
    short: [short(Math.abs(x))],
    number: [number(x)],
    factor: [factor(x), factor(x, fixed)],
    general: [general(x, 1), general(x, 2), general(x, 3)],
    percent: [percent(x)],
    decimals: [decimals(x, 0), decimals(x, 2), decimals(x, 3)],
  })));
}"""


def test_numbers_are_written_as_python_writes_them(page):
    rng = np.random.default_rng(0)
    powers = [float(f"{digit}e{exponent}") for digit in (1, 9.95, 9.9995) for exponent in range(-14, 5)]
    halfway = [k / 8 for k in range(1, 100)] + [k / 2000 for k in range(1, 100)] + [k + 0.5 for k in range(100)]
    below_one = [1 - 10.0**exponent for exponent in range(-15, 0)]
    spread = (rng.choice([-1, 1], 600) * 10 ** rng.uniform(-12, 4, 600)).tolist()
    xs = [0.0, *powers, *halfway, *below_one, *spread]
    xs += [-x for x in xs[1:]]
    for x, written in zip(xs, json.loads(page.evaluate(CALLS, xs)), strict=True):
        for name, write in WRITERS.items():
            if x or name != "scientific":
                assert written[name] == write(x), (name, x)
    counts = [0, 7, 999, 1000, 12_345, 1_000_000]
    assert page.evaluate("(ns) => ns.map(nnlibLive.grouped)", counts) == [f"{n:,}" for n in counts]


# Controls, and running


def test_each_control_has_a_name_and_tells_its_value(trial):
    for name, key, value in (("lr", "ArrowRight", "1"), ("lr", "End", "100"), ("far", "ArrowLeft", "1.5")):
        slider = trial.get_by_role("slider", name=name).first
        slider.press(key)
        assert f'"{name}":{value},' in said(trial) and slider.get_attribute("aria-valuetext") == value
        assert trial.locator(f"output[for={slider.get_attribute('id')}]").inner_text() == value
    trial.get_by_role("button", name="ten").first.click()
    assert '"size":10' in said(trial)
    pressed = trial.get_by_role("group", name="batch size").first.get_by_role("button", pressed=True)
    assert pressed.all_text_contents() == ["ten"]
    trial.get_by_label("wrong").first.press("Space")
    assert '"wrong":true' in said(trial)


@pytest.mark.parametrize(
    "name, typed, kept, fits, got",
    [
        ("weight", "99", 20, "number from −20 to 20", "99"),
        ("weight", "-99", -20, "number from −20 to 20", "−99"),
        ("weight", "", 0.5, "number from −20 to 20", "nothing"),
        ("weight", "-", 0.5, "number from −20 to 20", "no number"),
        ("image", "100", 99, "whole number from 0 to 99", "100"),
        ("image", "2.7", 2, "whole number from 0 to 99", "2.7"),
    ],
)
def test_a_typed_number_keeps_to_its_bounds_and_what_does_not_fit_is_told(trial, name, typed, kept, fits, got):
    field, told = trial.get_by_role("spinbutton", name=name).first, trial.locator(".nnlib-live-refusal").first
    assert told.get_attribute("aria-live") == "polite" and told.inner_text() == ""
    type_into(field, typed)
    now = str(kept).replace("-", "−")
    assert told.inner_text() == f"{name} must be a {fits}; got {got}. It is {now} now." and told.is_visible()
    assert f'"{name}":{kept}' in said(trial) and float(field.input_value()) == kept
    type_into(field, "12")
    assert told.inner_text() == "" and f'"{name}":12' in said(trial)


def test_a_number_that_fits_is_taken_as_it_is(trial):
    type_into(trial.get_by_role("spinbutton", name="weight").first, "-1.25")
    assert '"weight":-1.25' in said(trial) and trial.locator(".nnlib-live-refusal").first.inner_text() == ""


def test_its_buttons_take_a_step_an_epoch_and_begin_again(trial):
    for button, steps in (("One step", 1), ("One epoch", 6), ("One step", 7), ("Begin again", 0)):
        trial.get_by_role("button", name=button).first.press("Enter")
        trial.get_by_role("status").first.filter(has_text=f"{steps} steps").filter(has_text="Paused.").wait_for()


def test_it_runs_until_it_is_paused_and_is_quiet_meanwhile(trial):
    run = trial.locator(".nnlib-live button").first
    sentence = trial.get_by_role("status").first
    run.click()
    assert run.text_content() == "Pause" and sentence.get_attribute("aria-live") == "off"
    sentence.filter(has_text="Running.").wait_for()
    trial.wait_for_function("parseInt(document.querySelector('[role=status]').textContent) > 10")
    run.click()
    assert run.text_content() == "Run" and sentence.get_attribute("aria-live") == "polite"
    stopped = said(trial)
    trial.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert said(trial) == stopped and stopped.endswith("Paused.")


def test_only_one_runs_at_a_time(trial):
    first, other = trial.locator(".nnlib-live button").first, trial.locator(".other button").first
    first.click()
    other.click()
    assert (first.text_content(), other.text_content()) == ("Run", "Pause")
    other.click()
    assert other.text_content() == "Run"


def test_an_error_stops_it_and_stands_in_the_sentence(trial):
    trial.get_by_label("wrong").first.check()
    trial.get_by_role("button", name="Run", exact=True).first.click()
    trial.get_by_role("status").first.filter(has_text="Stopped by an error. RangeError: This step is wrong.").wait_for()
    assert trial.locator(".nnlib-live button").first.text_content() == "Run"


# The page


def test_axe_finds_nothing_about_the_controls_in_light_and_dark(trial):
    assert violations(trial) == []


def test_it_fits_a_phone_and_is_drawn_anew_when_the_width_changes(trial):
    for width in (390, 800):
        trial.set_viewport_size({"width": width, "height": 800})
        trial.wait_for_function(
            "[...document.querySelectorAll('.nnlib-live-picture')].every("
            "(box) => Number(box.querySelector('svg').getAttribute('width')) === Math.min(680, box.clientWidth))"
        )
        assert trial.evaluate("document.documentElement.scrollWidth") == width


def test_a_finger_finds_what_it_presses(browser, address):
    page = open_page(browser, address, viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page.evaluate(TRIAL)
    for control in page.locator(".nnlib-live :is(button, input[type=range], input[type=number])").all():
        assert control.bounding_box()["height"] >= 40, control.evaluate("node => node.outerHTML")
    close_page(page)


def test_the_colours_are_those_of_the_figures(trial):
    trial.emulate_media(color_scheme="light")
    for name in ("blue", "orange", "green", "purple", "sky", "yellow"):
        found = trial.evaluate(
            "(name) => { const e = document.querySelector('.nnlib-live'); e.style.color = `var(--nnlib-${name})`; "
            "return getComputedStyle(e).color; }",
            name,
        )
        red, green, blue = (int(getattr(plots, name.upper())[i : i + 2], 16) for i in (1, 3, 5))
        assert found == f"rgb({red}, {green}, {blue})"


@pytest.mark.parametrize("switch, scheme", [("light", "dark"), ("dark", "light")])
def test_a_page_with_a_switch_of_its_own_decides_between_light_and_dark(trial, switch, scheme):
    trial.emulate_media(color_scheme=scheme)
    paper = "getComputedStyle(document.querySelector('.nnlib-live')).backgroundColor"
    assert (trial.evaluate(paper) == "rgb(255, 255, 255)") == (scheme == "light")
    trial.evaluate("(theme) => { document.body.dataset.theme = theme; }", switch)
    assert (trial.evaluate(paper) == "rgb(255, 255, 255)") == (switch == "light")
    trial.evaluate("document.body.removeAttribute('data-theme')")


def test_in_forced_colours_a_pressed_button_and_the_lines_are_seen(browser, address):
    page = open_page(browser, address, forced_colors="active", color_scheme="dark")
    page.evaluate(TRIAL)
    colour = "(node, name) => getComputedStyle(node)[name]"
    pressed, other = (page.locator(f".nnlib-live [aria-pressed={state}]").first for state in ("true", "false"))
    assert pressed.evaluate(colour, "backgroundColor") != other.evaluate(colour, "backgroundColor")
    assert other.evaluate(colour, "borderTopColor") == page.evaluate(
        "() => { const e = document.body.appendChild(document.createElement('i')); e.style.color = 'ButtonBorder'; "
        "return getComputedStyle(e).color; }"
    )
    axis = page.locator(".nnlib-live-svg path[fill=none]").last.evaluate(colour, "stroke")
    assert axis == page.locator(".nnlib-live-svg text").first.evaluate(colour, "fill") == "rgb(255, 255, 255)"
    close_page(page)


def test_without_scripts_the_stored_picture_stands(browser, address):
    page = open_page(browser, address, java_script_enabled=False)
    assert page.locator(".nnlib-live").inner_html() == STILL
    close_page(page)


def test_without_its_data_the_stored_picture_stands(browser, tmp_path):
    address = write_page(tmp_path, "step_size")
    (tmp_path / "step_size.data.js").write_text("")
    page = open_page(browser, address)
    assert page.locator(".nnlib-live").inner_html() == STILL
    close_page(page)


def test_the_arguments_of_a_call_reach_the_page_whatever_is_in_them():
    options = {"activation": '"><script>', "epochs": 100}
    place = live.element("boundary", "<p>", **options)
    chosen = re.fullmatch(r'<div class="nnlib-live" data-thing="boundary" data-options="([^"<>]*)"><p></div>', place)[1]
    assert json.loads(html.unescape(chosen)) == options


def test_a_widgets_script_that_a_page_cannot_run_is_refused(tmp_path, monkeypatch):
    (tmp_path / "new_widget.js").write_text("import other from 'other';\nexport default { render };\n")
    monkeypatch.setattr(live, "PLAY", tmp_path)
    with pytest.raises(ValueError, match="new_widget.js must import nothing"):
        live.text_of("new_widget.js")
