"""The benchmarks' page quotes what growth.py and footprint.py stored, and their counting is right."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.growth import BASE, PANELS, multiply_adds
from nnlib.recipes import load_result

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
PAGE = (BENCHMARKS / "README.md").read_text()


def row(name):
    """The page's row for a stored result."""
    return next(line for line in PAGE.splitlines() if f"`results/{name}.json`" in line)


def test_the_multiply_adds_of_a_small_network_are_those_counted_by_hand():
    # 3-4-5: z takes 12 + 20 for an image, dW as many, da 20 in the second layer and none in the first.
    assert multiply_adds([3, 4, 5], images=1) == (12 + 20) + (12 + 20) + 20
    assert multiply_adds([3, 4, 5], images=7) == 7 * multiply_adds([3, 4, 5], images=1)


def test_the_stored_growth_is_that_of_todays_settings():
    growth = load_result("growth")
    assert growth["base"] == vars(BASE)
    assert {name: tuple(panel["values"]) for name, panel in growth["panels"].items()} == PANELS


def test_the_page_quotes_how_cost_grows():
    growth = load_result("growth")
    constant, panels = growth["seconds_per_multiply_add"], growth["panels"].values()
    ratio = np.concatenate([np.array(panel["seconds"]) / (constant * np.array(panel["multiply_adds"])) for panel in panels])
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
        "peak {:.0f} MB after the import, {:.0f} MB with MNIST, {:.0f} MB with an epoch of 784-100-10, {:.0f} MB with".format(*peaks),
        "shipped network {:.2f} ms at the median, 95th percentile {:.2f} ms".format(*shipped),
        "through 784-100-10 {:.2f} and {:.2f} ms".format(*small),
        "`data/pretrained.npz` {:.2f} MB".format(found["data/pretrained.npz"]["figure"]),
    ):
        assert quote in row("footprint"), quote


def test_every_figure_of_the_footprint_meets_its_aim():
    for name, entry in load_result("footprint")["figures"].items():
        assert entry["met"] and entry["figure"] <= entry["aim"], name


def test_the_figure_is_light_and_has_alt_text():
    assert (BENCHMARKS / "growth.png").stat().st_size < 150_000
    alt = PAGE.split("](growth.png)")[0].rsplit("![", 1)[1]
    assert len(alt) > 80
