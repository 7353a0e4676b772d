"""The lines below a lesson's title: how long it takes, and where else it is."""

import posixpath

from workshop.site.languages import edition, say
from workshop.site.links import relative

BROWSERS = (
    "This needs a desktop with Chromium or Firefox. "
    "The first visit loads about 60 MB: a minute at ten megabits a second."
)


def below_title(lesson, lite):
    """The bar of a lesson's page as HTML.

    Parameters
    ----------
    lesson : workshop.site.pages.Lesson
    lite : bool
        Whether the site has a JupyterLite, in which the lesson can be run.
    """
    note = ""
    if lite:
        run = run_link(in_lab(lesson.stem, lesson.name), say("Run this lesson in the browser"))
        own = say('Or <a href="{page}">run it on your own computer</a>.', page="../run.html")
        note = f'<p class="nnlib-note">{say(BROWSERS)} {own}</p>'
    else:
        run = run_link("../run.html", say("Run it on your computer"))
    to_read, to_do = say("{time} to read", time=lesson.to_read), say("{time} with the exercises", time=lesson.to_do)
    times = f"<span>{to_read}</span> <span>{to_do}</span>"
    talk = f'<a href="../{lesson.talk}.html">{say("Slides")}</a>'
    teacher = f'<a href="../{lesson.teacher}.html">{say("For teachers")}</a>'
    parts = " ".join([times, run, talk, teacher])  # the space is for the search, which reads the page as text
    return f'<div class="nnlib-bar">{parts}</div>{note}'


def in_browser(lite):
    """The bar of the page that says how to run the lessons; nothing without a JupyterLite."""
    if not lite:
        return ""
    run = run_link(in_lab("01_forward_pass", "run"), say("Run lesson 1 in the browser"))
    return f'<div class="nnlib-bar">{run}</div><p class="nnlib-note">{say(BROWSERS)}</p>'


def in_lab(stem, start):
    """The address of a lesson in JupyterLite, which stands beside the English pages, for a page of the edition."""
    folder = edition().folder
    lab = relative("lite/lab/index.html", posixpath.join(folder, start))
    return f"{lab}?path={posixpath.join('notebooks', folder, stem)}.ipynb"


def run_link(address, text):
    """The one link of a bar that looks like a button."""
    return f'<a class="nnlib-run" href="{address}">{text}</a>'
