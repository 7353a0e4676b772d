"""The lines below a lesson's title: how long it takes, and where else it is."""

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
        run = run_link(f"../lite/lab/index.html?path=notebooks/{lesson.stem}.ipynb", "Run this lesson in the browser")
        note = f'<p class="nnlib-note">{BROWSERS} Or <a href="../run.html">run it on your own computer</a>.</p>'
    else:
        run = run_link("../run.html", "Run it on your computer")
    times = f"<span>{lesson.to_read} to read</span> <span>{lesson.to_do} with the exercises</span>"
    talk = f'<a href="../{lesson.talk}.html">Slides</a>'
    teacher = f'<a href="../{lesson.teacher.replace(".md", ".html")}">For teachers</a>'
    parts = " ".join([times, run, talk, teacher])  # the space is for the search, which reads the page as text
    return f'<div class="nnlib-bar">{parts}</div>{note}'


def in_browser(lite):
    """The bar of the page that says how to run the lessons; nothing without a JupyterLite."""
    if not lite:
        return ""
    run = run_link("lite/lab/index.html?path=notebooks/01_forward_pass.ipynb", "Run lesson 1 in the browser")
    return f'<div class="nnlib-bar">{run}</div><p class="nnlib-note">{BROWSERS}</p>'


def run_link(address, text):
    """The one link of a bar that looks like a button."""
    return f'<a class="nnlib-run" href="{address}">{text}</a>'
