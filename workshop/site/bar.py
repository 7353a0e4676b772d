"""The lines below a lesson's title: how long it takes, and where else it is."""

VISIT = "57 MB, a minute or two at the first visit"  # what a browser loads of JupyterLite and Pyodide
BROWSERS = f"Needs a desktop with Chromium or Firefox; {VISIT}."


def below_title(lesson, lite):
    """The bar of a lesson's page as HTML; ``lite``: whether the lesson can be run in the browser."""
    stem = lesson.name.partition("/")[2]
    links = [
        f'<a href="../slides/{stem}.html">Slides</a>',
        f'<a href="../teaching/lesson_{lesson.number}.html">For teachers</a>',
    ]
    note = ""
    if lite:
        links.insert(
            0,
            f'<a class="nnlib-run" href="../lite/lab/index.html?path={stem}.ipynb">Run this lesson in the browser</a>',
        )
        note = f'<p class="nnlib-note">{BROWSERS} Or <a href="../run.html">run it on your own computer</a>.</p>'
    else:
        links.insert(0, '<a class="nnlib-run" href="../run.html">Run it on your computer</a>')
    times = f"<span>{lesson.to_read} to read</span><span>{lesson.to_do} with the exercises</span>"
    return f'<div class="nnlib-bar">{times}{"".join(links)}</div>{note}'
