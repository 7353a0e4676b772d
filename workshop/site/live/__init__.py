"""The things to play with on a page without Python: classic scripts, which work from ``file://``, too.

``core.js`` says how a page has a thing, and what the things share. Each has a script of its name, and here a function
for what the script needs to know: computed by `nnlib`, so that nothing is typed twice.
"""

import html
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from workshop.site.live import step_size

HERE = Path(__file__).parent
STYLE = "live.css"


class Thing(NamedTuple):
    """What a thing needs.

    Attributes
    ----------
    scripts : list of str
        Its scripts in this folder, in order; ``core.js`` comes before them.
    data : callable
        What they need to know, ready for JSON.
    styles : list of str
        Its own styles, after ``live.css``.
    """

    scripts: list[str]
    data: Callable
    styles: list[str] = []


THINGS = {
    "step_size": Thing(["step_size.js"], step_size.data),
}


def write(folder, names=tuple(THINGS)):
    """Write scripts, styles and data of these things.

    Returns
    -------
    dict of list of str
        For each thing the names of the files that its page needs, in order: styles and scripts.
    """
    files = write_scripts(folder, names)
    for name in names:
        write_data(folder, name, THINGS[name].data())
    return files


def write_scripts(folder, names):
    """The same without the data."""
    files = {name: [STYLE, *THINGS[name].styles, "core.js", *THINGS[name].scripts] for name in names}
    for file in sorted(set().union(*files.values())):
        shutil.copy(HERE / file, folder / file)
    return {name: [*needed, f"{name}.data.js"] for name, needed in files.items()}


def write_data(folder, name, data):
    """Write what a thing needs to know, as a script: a page may not read any other file where it comes from a disk."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    (folder / f"{name}.data.js").write_text(f"nnlibLive.data.{name} = {text};\n", encoding="utf-8")


def element(name, still, **options):
    """The place of a thing on a page, as HTML.

    Parameters
    ----------
    name : str
    still : str
        HTML for where no script runs: the stored picture and its sentence.
    options
        The arguments of the lesson's call, by name.
    """
    chosen = f' data-options="{html.escape(json.dumps(options))}"' if options else ""
    return f'<div class="nnlib-live" data-thing="{name}"{chosen}>{still}</div>'
