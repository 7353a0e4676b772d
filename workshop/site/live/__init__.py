"""The things to play with on a page without Python: classic scripts, which work from ``file://``, too.

``core.js`` says how a page has a thing, and what the things share. Each has a script of its name, and here a function
for what the script needs to know: computed by `nnlib`, so that nothing is typed twice.

A page in Chinese has the same scripts and the same data. Before ``core.js`` it has ``texts.zh.js``, which is made from
``locale/zh/play.po``: the scripts say each text as it stands there, character for character what a notebook says.
Its ``<html lang="zh-Hans">`` gives it Chinese fonts.
"""

import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from nnlib import play
from workshop.edition import LOCALE
from workshop.edition.catalogue import load, translations
from workshop.site.live import backpropagation, boundary, forward_pass, mistakes, neuron, step_size, training
from workshop.site.live.twin import twin

HERE = Path(__file__).parent
PLAY = Path(play.__file__).parent
STYLE = "live.css"
EXPORT = "export default { render };"  # the end of a widget's script


class Thing(NamedTuple):
    """What a thing needs.

    Attributes
    ----------
    scripts : list of str
        Its scripts, in order: of this folder, or a widget's of ``nnlib/play``. ``core.js`` comes before them.
    data : callable
        What they need to know, ready for JSON.
    styles : list of str
        Its own styles, after ``live.css``.
    """

    scripts: list[str]
    data: Callable
    styles: list[str] = []


THINGS = {
    "boundary": Thing(["raster.js", "learner.js", "boundary.js"], boundary.data, ["raster.css"]),
    "step_size": Thing(["step_size.js"], step_size.data),
    "mistakes": Thing(
        ["opened_matrix.js", "mistakes.js"], lambda: mistakes.data(*twin()), ["opened_matrix.css", "mistakes.css"]
    ),
    "forward_pass": Thing(["raster.js", "forward_pass.js"], lambda: forward_pass.data(*twin()), ["raster.css"]),
    "neuron": Thing(["raster.js", "neuron.js"], neuron.data, ["raster.css"]),
    "training": Thing(["raster.js", "learner.js", "training.js"], training.data, ["raster.css"]),
    "backpropagation": Thing(["backpropagation.js"], backpropagation.data, ["backpropagation.css"]),
}


def write(folder, names=tuple(THINGS), language="en"):
    """Write scripts, styles and data of these things.

    Parameters
    ----------
    folder : Path
    names : iterable of str
    language : str
        Of the pages: "en", or a folder of ``locale/``. Pages in two languages can share the folder.

    Returns
    -------
    dict of list of str
        For each thing the names of the files that its page needs, in order: styles and scripts. A page with two things
        has each file once: ``core.js`` a second time would forget what came before.
    """
    files = write_scripts(folder, names, language)
    for name in names:
        write_data(folder, name, THINGS[name].data())
    return files


def write_scripts(folder, names, language="en"):
    """The same without the data."""
    texts = [] if language == "en" else [f"texts.{language}.js"]
    files = {name: [STYLE, *THINGS[name].styles, *texts, "core.js", *THINGS[name].scripts] for name in names}
    for file in sorted(set().union(*files.values()).difference(texts)):
        (folder / file).write_text(text_of(file), encoding="utf-8")
    for file in texts:
        write_texts(folder / file, translations(load(LOCALE / language / "play.po")))
    return {name: [*needed, f"{name}.data.js"] for name, needed in files.items()}


def text_of(file):
    """A script or a style of this folder; or a widget's, as a classic script that offers its functions."""
    if (HERE / file).exists():
        return (HERE / file).read_text(encoding="utf-8")
    text = (PLAY / file).read_text(encoding="utf-8")
    if file.endswith(".css"):
        return text
    module, exported, rest = text.partition(EXPORT)
    if not exported or rest.strip() or "import " in module:
        raise ValueError(f"{file} must import nothing and end with {EXPORT!r} to become a classic script.")
    name = re.sub("_(.)", lambda match: match[1].upper(), file.removesuffix(".js"))
    says = "const speaker = () => nnlibLive.say;\n"  # what words.py puts before it in a notebook
    return f"(() => {{\n{says}{module}nnlibLive.{name} = {{ render }};\n}})();\n"


def write_texts(path, texts):
    """Write the texts of another language, ``{English: translation}``, as a script that comes before ``core.js``."""
    text = json.dumps(texts, ensure_ascii=False, separators=(",", ":"))
    path.write_text(f"window.nnlibTexts = {text};\n", encoding="utf-8")


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
