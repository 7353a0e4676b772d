"""How a test looks at a thing to play with on a page without Python."""

from tests import axe
from workshop.site import live

PAGE = """<!doctype html>
<html lang="en-GB">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{name}</title>
{links}
<style>
:root {{ color-scheme: light dark }}
body {{ margin: 0; background: light-dark(#fff, #131416) }}
main {{ max-width: 736px; margin: auto; padding: 8px }}
</style>
<main><h1>{name}</h1>{element}</main>
{scripts}
"""
STILL = "<p>A stored picture.</p>"


def write_page(folder, name, data=None, still=STILL, **options):
    """Write a page with one thing, and what it needs, into a folder; its address. Other data are for the tests."""
    files = live.write_scripts(folder, [name])
    live.write_data(folder, name, live.THINGS[name].data() if data is None else data)
    links = "\n".join(f'<link rel="stylesheet" href="{file}">' for file in files[name] if file.endswith(".css"))
    scripts = "\n".join(f'<script src="{file}"></script>' for file in files[name] if file.endswith(".js"))
    page = folder / f"{name}.html"
    element = live.element(name, still, **options)
    page.write_text(PAGE.format(name=name, links=links, element=element, scripts=scripts), encoding="utf-8")
    return page.as_uri()


def open_page(browser, address, **context):
    """A page of its own, on which an error, a warning or a request to elsewhere fails the test at `close_page`."""
    page = browser.new_page(**context)
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on(
        "request", lambda request: request.url.startswith(("file:", "data:")) or page.complaints.append(request.url)
    )
    page.goto(address)
    return page


def close_page(page):
    """Close it; nothing may have been complained about."""
    page.close()
    assert page.complaints == [], page.complaints


def said(page, which=0):
    """The sentence of the first thing, or of another; it is the picture's text, apart from whether something runs."""
    text = page.get_by_role("status").nth(which).text_content()
    shown = page.locator(".nnlib-live-picture [role=img]").nth(which).get_attribute("aria-label")
    assert text == shown or text.startswith(f"{shown} ")
    return text


def violations(page):
    """What axe complains about, in light and in dark."""
    found = []
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        complaints = axe.violations(page, preload=False)  # it would fetch the styles, which a disk refuses
        found += [(scheme, *complaint) for complaint in complaints]
    return found
