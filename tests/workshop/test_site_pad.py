"""What stands on the site where a pad will be: an honest picture, which promises nothing that is not there."""

import re
from urllib.parse import quote

import pytest

from workshop.site import front, pad, pages
from workshop.site.lessons import Writer


@pytest.fixture(scope="module")
def still():
    return pad.still()


def test_the_picture_of_a_pad_has_nothing_to_press_and_says_what_the_network_reads(still):
    assert (
        re.findall(r"<(button|input|select|summary|a)\b", still) == [] and "I read 5: 100\N{NO-BREAK SPACE}%" in still
    )
    assert set(re.findall(r"Undo|Clear|Picture file|MNIST sample|Take it home|Wrong\?", still)) == set()


def test_it_is_the_one_of_the_front_page_and_of_the_lessons(still):
    assert front.context()["still"] == still and "{{ still }}" in (pad.HERE / "templates/front.html").read_text()
    assert still in Writer(pages.lessons()[0], {}, root="../").pad()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_line_says_what_would_be_here_where_no_script_runs_and_only_there(browser, still, scripts):
    page = browser.new_page(java_script_enabled=scripts)
    page.goto(f"data:text/html;charset=utf-8,{quote(still)}")
    assert (pad.NO_SCRIPT in page.locator("p").inner_text()) == (not scripts)
    assert page.get_by_role("img", name="A five on the pad.").is_visible()
    page.close()
