"""In forced colours, a high contrast of Windows, what can be pressed, dragged and chosen is still to be seen."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.play.play_page import NETWORK, PLAY
from workshop.pad_page import WAIT, open_notebook

SEEN = 3  # the contrast that WCAG asks of what is not text


@pytest.fixture(scope="module")
def page(browser, lab):
    cells = [NETWORK, "play.training(X, y, X, y)", "play.mistakes(net, X, y)"]
    page = open_notebook(browser, lab, cells, name="forced.ipynb", forced_colors="active")
    page.locator(PLAY).get_by_role("grid").wait_for(timeout=WAIT)
    page.locator(PLAY).get_by_role("button", name="50", pressed=True).wait_for(timeout=WAIT)
    # JupyterLab's news would cover what is looked at, and a colour that changes slowly is not yet the right one.
    page.add_style_tag(content=".Toastify { display: none } * { transition: none !important }")
    yield page
    page.close()


@pytest.fixture(params=["light", "dark"])
def forced(request, page):
    page.emulate_media(forced_colors="active", color_scheme=request.param)
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(0, 0)
    return page


def luminances(page, place, around=0):
    """The relative luminance of each pixel of an element and so much of what is around it."""
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    clip = {
        "x": box["x"] - around,
        "y": box["y"] - around,
        "width": box["width"] + 2 * around,
        "height": box["height"] + 2 * around,
    }
    picture = np.asarray(Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB")) / 255
    linear = np.where(picture <= 0.04045, picture / 12.92, ((picture + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def contrast(a, b):
    """The contrast of luminances, 1 to 21, as WCAG reckons it."""
    return (np.maximum(a, b) + 0.05) / (np.minimum(a, b) + 0.05)


def test_a_button_has_a_border(forced):
    light = luminances(forced, forced.locator(PLAY).get_by_role("button", name="One epoch"))
    edges = np.concatenate([light[3:-3, 0], light[0, 3:-3]])  # without the corners, which are round
    assert contrast(edges, light[5, 5]).min() >= SEEN


def test_the_track_of_a_slider_is_seen(forced):
    track = forced.locator(PLAY).locator(".noUi-target").first
    light = luminances(forced, track, around=10)
    across = light[:, -20]  # from the ground over the track's right end to the ground
    assert contrast(across, across[0]).max() >= SEEN


def test_the_pressed_button_stands_out_among_its_row(forced):
    row = forced.locator(PLAY).get_by_role("group", name="batch size")
    pressed, other = (luminances(forced, row.get_by_role("button", name=name, exact=True)) for name in ("50", "10"))
    assert contrast(pressed[4, 4], other[4, 4]) >= SEEN


@pytest.mark.parametrize("what", ["button", "pressed", "handle", "cell"])
def test_the_focus_is_seen(forced, what):
    play = forced.locator(PLAY)
    place = {
        "button": play.get_by_role("button", name="One step"),
        "pressed": play.get_by_role("button", name="50", pressed=True),
        "handle": play.get_by_role("slider").first,
        "cell": play.get_by_role("grid").get_by_role("button", name="4 read as 2:"),
    }[what]
    before = luminances(forced, place, around=3)
    forced.keyboard.press("Shift")  # the last thing that was used is the keyboard, so the focus is shown
    place.focus()
    after = luminances(forced, place, around=3)
    assert np.sum(contrast(before, after) >= SEEN) >= 40, "pixels that changed"


def test_a_bar_says_how_many_mistakes_a_cell_counts(forced):
    cells = forced.locator(PLAY).get_by_role("grid").locator("button:not(.nnlib-right)")
    shares = cells.evaluate_all("cells => cells.map(cell => Number(cell.style.getPropertyValue('--share')))")
    for which in (int(np.argmax(shares)), int(np.argsort(shares)[-5]), int(np.argmin(shares))):
        light = luminances(forced, cells.nth(which))
        foot, ground = light[-4, 2:-2], light[4, 4]
        length = np.sum(contrast(foot, ground) >= SEEN) / len(foot)
        assert length == pytest.approx(shares[which], abs=0.08)


def test_what_was_read_right_and_what_is_chosen_look_different(forced):
    grid = forced.locator(PLAY).get_by_role("grid")
    right, wrong = (
        grid.get_by_role("button", name=name).evaluate("b => getComputedStyle(b).borderStyle")
        for name in ("0 read as 0:", "0 read as 9:")
    )
    assert right != wrong
    before = luminances(forced, grid.get_by_role("button", name="9 read as 9:"), around=2)
    chosen = luminances(forced, grid.locator("[aria-current]"), around=2)
    assert contrast(chosen[0, 5], before[0, 5]) >= SEEN
