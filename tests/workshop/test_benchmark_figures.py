"""The benchmarks' page quotes what the benchmarks stored, and their counting is right."""

import re

import numpy as np
import pytest

from tests import ROOT
from workshop.benchmarks.growth import BASE, PANELS, multiply_adds
from workshop.results import load as load_result

BENCHMARKS = ROOT / "workshop" / "benchmarks"
PAGE = (BENCHMARKS / "README.md").read_text()


def row(name):
    """The page's row for a stored result."""
    return next(line for line in PAGE.splitlines() if f"results/{name}.json`" in line)


def percent(text):
    """With the space before the sign that the page has."""
    return re.sub(r"(?<=\d)%", " %", text)


def test_the_multiply_adds_of_a_small_network_are_those_counted_by_hand():
    # 3-4-5: z takes 12 + 20 for an image, dW as many, da 20 in the second layer and none in the first.
    assert multiply_adds([3, 4, 5], images=1) == (12 + 20) + (12 + 20) + 20
    assert multiply_adds([3, 4, 5], images=7) == 7 * multiply_adds([3, 4, 5], images=1)


def test_the_stored_growth_is_that_of_todays_settings():
    growth = load_result("growth")
    assert growth["base"] == vars(BASE)
    assert {name: tuple(panel["values"]) for name, panel in growth["panels"].items()} == PANELS


@pytest.mark.parametrize("name", ["plain", "augmented"])
def test_the_pages_quote_the_five_seeds_and_their_committee(name):
    found = load_result(name)
    five = 100 * np.array(found["test_accuracies"])
    figure, committee = (
        f"{five.mean():.2f} ± {five.std(ddof=1):.2f} %",
        percent(f"as a committee {found['committee']:.2%}"),
    )
    assert len(five) == 5 and figure in row(name) and committee in row(name)
    assert f"{min(found['seconds'])} to {max(found['seconds'])} s a run" in row(name)
    readme = (ROOT / "README.md").read_text()
    line = next(line for line in readme.splitlines() if f"`python -m workshop.train {name}`" in line)
    assert figure in line and (name == "plain" or committee in line)


def test_the_page_quotes_what_is_short_of_the_aims_for_accuracy():
    found = load_result("augmented")
    five = 100 * np.array(found["test_accuracies"])
    assert (
        f"in eleven minutes they are at {five.mean():.2f} ± {five.std(ddof=1):.2f} % and {100 * found['committee']:.2f} %"
        in PAGE
    )


def test_the_page_quotes_how_cost_grows():
    growth = load_result("growth")
    constant, panels = growth["seconds_per_multiply_add"], growth["panels"].values()
    ratio = np.concatenate(
        [np.array(panel["seconds"]) / (constant * np.array(panel["multiply_adds"])) for panel in panels]
    )
    assert f"{constant * 1e9:.3f} ns a multiply-add" in row("growth")
    assert f"{ratio.min():.2f} to {ratio.max():.2f} times as long as the count says" in row("growth")
    images, units, layers, batch = (panel["seconds"][-1] / panel["seconds"][0] for panel in panels)
    counted = [panel["multiply_adds"][-1] / panel["multiply_adds"][0] for panel in panels]
    assert counted == pytest.approx([16, 32, 1.94, 1], rel=0.005)
    smallest, *_, largest = PANELS["batch_size"]
    for quote in (
        f"{counted[0]:.0f} times the images an epoch takes {images:.1f} times as long",
        f"the count grows {counted[2]:.1f} times, {layers:.1f} times as long",
        f"{counted[1]:.0f} times the hidden units it takes only {units:.1f} times as long",
        f"in batches of {smallest} an epoch takes {1 / batch:.1f} times as long as in batches of {largest}",
        f"medians of {growth['turns']} turns",
    ):
        assert quote in PAGE, quote


def test_the_page_quotes_the_footprint():
    found = load_result("footprint")["figures"]
    seconds = [found[name]["figure"] for name in ("import nnlib, beyond NumPy", "load_mnist")]
    peaks = [entry["figure"] for name, entry in found.items() if name.startswith("peak: ")]
    shipped, small = (
        [found[f"forward: {name}, one BLAS thread, {which}"]["figure"] for which in ("median", "95th percentile")]
        for name in ("shipped network", "784-100-10")
    )
    for quote in (
        "import {:.2f} s beyond NumPy's; MNIST loaded in {:.2f} s".format(*seconds),
        "peak {:.0f} MB after the import, {:.0f} MB with MNIST, {:.0f} MB with an epoch of 784-100-10, {:.0f} MB with".format(
            *peaks
        ),
        "shipped network {:.2f} ms at the median, 95th percentile {:.2f} ms".format(*shipped),
        "through 784-100-10 {:.2f} and {:.2f} ms".format(*small),
        "`data/pretrained.npz` {:.2f} MB".format(found["data/pretrained.npz"]["figure"]),
    ):
        assert quote in row("footprint"), quote


def test_the_page_quotes_what_a_class_needs():
    found = load_result("classroom")
    sizes, seconds = ([of[key] for of in found["lessons"].values()] for key in ("rss", "cpu_seconds"))
    for quote in (
        f"JupyterLab server {found['people']['1']['server']['rss']:.0f} MB",
        f"all cells of a lesson {min(sizes):.0f} to {max(sizes):.0f} MB, {min(seconds):.0f} to {max(seconds):.0f} s of one core",
        f"with MNIST {found['people']['30']['pss_of_all'] / 1000:.1f} GB",
        f"{found['disk']['number_of_wheels']} wheels of {found['disk']['wheels']:.0f} MB",
    ):
        assert quote in row("classroom"), quote


def test_the_page_quotes_what_pen_place_and_speed_change():
    pens, changed = (load_result("pen_strokes")["networks"]["pretrained"][key] for key in ("pens", "changed"))
    good = [100 * accuracy for pen, accuracy in pens.items() if float(pen) <= 3.25]
    for quote in (
        f"{min(good):.1f} to {max(good):.1f} % from 1.5 to 3.25 pixels, {pens['3.5']:.1%} at 3.5 and {pens['4']:.1%} at 4",
        f"{changed['few']:.1%} with 12 points a stroke, {changed['many']:.1%} with a point every 1/200",
        f"{changed['whole']:.1%} on all of the pad, {changed['half']:.1%} on half of it, {changed['tenth']:.1%} on a tenth",
    ):
        assert percent(quote) in PAGE, quote


def test_the_page_quotes_the_mistakes_in_the_pen_strokes():
    steps = load_result("pen_strokes")["networks"]["pretrained"]["ways"]["steps"]
    wrong = np.array(steps["confusion"])
    assert wrong.sum() == load_result("pen_strokes")["strokes"]["digits"]
    np.fill_diagonal(wrong, 0)
    largest = steps["writers"]["all"]["ibm/ibm0"]
    in_largest = round(largest["digits"] * (1 - largest["accuracy"]))
    torn = wrong[4, 1] + wrong[0, 1] + wrong[8, 0]
    whole = wrong.copy()
    whole[[4, 0, 8], [1, 1, 0]] = 0  # the torn ones
    assert np.unravel_index(whole.argmax(), wrong.shape) == (1, 7)
    for quote in (
        f"Of the {wrong.sum()} mistakes, {in_largest} are in `ibm/ibm0`",
        f"has {largest['digits']:,} of the 5,080 digits",
        f'"4 as 1", "0 as 1" and "8 as 0" are {torn} of all',
        f"a 1 with an upstroke that is read as 7 ({wrong[1, 7]})",
    ):
        assert quote in PAGE, quote


def test_the_page_quotes_what_is_left_after_teaching():
    adapt = load_result("adapt")
    left = {
        name: f"{round(100 * adapt[name]['error_ratio'])} %"
        for name in ("shipped", "plain", "shipped, two thirds", "plain, two thirds")
    }
    rubbish = adapt["rubbish_turned_away"]
    low, high = (round(100 * share) for share in (min(rubbish["after"]), max(rubbish["after"])))
    for quote in (
        f"{left['shipped']} of them are left ({left['plain']} with the network without distortions)",
        f"{left['shipped, two thirds']} are left ({left['plain, two thirds']})",
        f"{rubbish['before']:.0%} of 500 are turned away, and {low} to {high} % after",
    ):
        assert percent(quote) in PAGE, quote


def test_the_page_quotes_the_speed_that_falls_short():
    speed = load_result("speed")
    small, small_2, large_2 = (speed[name] for name in ("784-100-10, 1", "784-100-10, 2", "784-1000-500-10, 2"))
    for quote in (
        f"1.25 times the products is the aim for 784-100-10; it is {small['nnlib']['times the products']:.2f}",
        f"take {small_2['matrix products']['seconds']:.2f} s on two quiet cores: {small_2['nnlib']['times the products']:.2f} times",
        f"The large network is at {large_2['nnlib']['times the products']:.2f} times with two threads",
    ):
        assert quote in PAGE, quote


def test_every_figure_of_the_footprint_meets_its_aim():
    for name, entry in load_result("footprint")["figures"].items():
        assert entry["met"] and entry["figure"] <= entry["aim"], name


def test_the_figure_is_light_and_has_alt_text():
    assert (BENCHMARKS / "growth.png").stat().st_size < 150_000
    alt = PAGE.split("](growth.png)")[0].rsplit("![", 1)[1]
    assert len(alt) > 80


def test_the_page_quotes_what_the_long_tests_tried():
    tried = load_result("long_tests")["tried"]
    for quote in (
        f"{tried['damaged data files, the reader alone']:,} damaged data files",
        f"and {tried['damaged data files, each of the four']:,} more of the four",
        f"{tried['damaged files of networks']:,} damaged files of a network, and {tried['files of networks that lie']} that lie",
        f"{tried['processes killed while they save']} processes killed while they saved",
        f"{tried['processes killed while they train']} killed while they trained",
        f"{tried['mirrors that misbehave']} kinds of mirrors",
        f"{tried['processes that fetch at once']} processes that fetch",
        f"and {tried['other faults']} other faults",
        f"{tried['runs of a notebook in another way']} runs of notebooks",
    ):
        assert quote in PAGE, quote


def test_the_page_quotes_the_matrix_and_all_of_it_passed():
    summaries = load_result("matrix")["summaries"]
    assert set(summaries) == {
        f"Python {version}, {resolution}"
        for version in ("3.11", "3.12", "3.13")
        for resolution in ("lowest-direct", "highest")
    }
    matches = [re.fullmatch(r"(\d+) passed, 1 skipped in ([\d.]+)s.*", summary) for summary in summaries.values()]
    (passed,) = {int(match[1]) for match in matches}
    minutes = [float(match[2]) / 60 for match in matches]
    assert f"{passed:,} tests each, one skipped" in PAGE
    assert f"{min(minutes):.0f} to {max(minutes):.0f} minutes each, {sum(minutes):.0f} minutes together" in PAGE
