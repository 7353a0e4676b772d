"""The pad on the site: its script, its style, the two networks behind it, and what stands there without a script."""

import json
import shutil
from pathlib import Path

import numpy as np

import nnlib
from nnlib._support.language import say
from nnlib.data import DATA
from nnlib.pad import live
from nnlib.pad.drawing import PEN
from nnlib.pad.widget import PAPER_PEN
from nnlib.plots import BLUE
from workshop.site import languages

HERE = Path(__file__).parent
FILES = ("pad/pad.css", "pad/pad.js", "pad/start.js")  # what a page with a pad needs; start.js gets the networks
NETWORKS = {  # what the choice on the pad says, by the name in a page's data-networks
    "pretrained": "the shipped one",
    "lesson4": "lesson 4's",
}
NO_SCRIPT = "With JavaScript, which is not running here, this is a pad to draw on: your digit is read while you draw."


def network(name):
    """One of the networks."""
    return nnlib.load_pretrained() if name == "pretrained" else nnlib.Network.load(DATA / "lesson4.npz")


def write(folder):
    """Write the files below ``folder``; returns those that a page with a pad needs, in order."""
    place = folder / "pad"
    place.mkdir(parents=True, exist_ok=True)
    (place / "pad.js").write_text(live.script(), encoding="utf-8")
    (place / "pad.css").write_text(live.style(), encoding="utf-8")
    shutil.copy(HERE / "static" / "start.js", place / "start.js")
    for name, title in NETWORKS.items():
        data = json.dumps({"title": title, "network": live.pack(network(name), bits=8)}, separators=(",", ":"))
        (place / f"{name}.js").write_text(f"nnlibNetworks.{name} = {data};\n", encoding="utf-8")
    return list(FILES)


def five():
    """A five that lies on the pad at first, so that a visitor sees at once what the page does: strokes, 0 to 1."""
    angles = np.radians(np.linspace(-125, 140, 40))
    bowl = np.stack([0.5 + 0.19 * np.cos(angles), 0.6 + 0.2 * np.sin(angles)], axis=1)
    hook = [(0.36, 0.2), *bowl[:1] - [0.02, 0], *bowl]
    return [np.round(stroke, 3).tolist() for stroke in (hook, [(0.36, 0.2), (0.64, 0.18)])]


def still():
    """What stands in the place of a pad until its script runs: the five, and how it is read. HTML.

    It has no buttons, as nothing could answer them. Where no script runs, a line says what would be here.
    """
    strokes = five()
    image = nnlib.strokes_to_image(strokes).reshape(1, 784)
    (outputs,) = live.as_packed(network("pretrained"), bits=8).forward(image)
    return f"<p>{_paper(strokes)} {_bars(outputs)}<noscript><br>{languages.say(NO_SCRIPT)}</noscript></p>"


def _paper(strokes):
    """The pad with strokes on it, as SVG."""
    lines = "".join(f'<path d="M{" ".join(f"{x} {y}" for x, y in stroke)}"/>' for stroke in strokes)
    ink = f'stroke-width="{PAPER_PEN * PEN / 28:.3f}" stroke-linecap="round" stroke-linejoin="round"'
    name = languages.say("A five on the pad.")
    return (
        f'<svg role="img" aria-label="{name}" width="308" height="280" viewBox="0 0 1.1 1" fill="none">'
        '<rect x="0.004" y="0.004" width="0.992" height="0.992" rx="0.03" stroke="#8a8a8a" stroke-width="0.007"/>'
        f'<g stroke="currentColor" {ink}>{lines}</g></svg>'
    )


def _bars(outputs):
    """What the pad says of ten outputs, and their bars, as SVG."""
    best = int(outputs.argmax())
    says = say("I read {digit}: {share}", digit=best, share=percent(outputs[best]))
    rows = "".join(_row(digit, output, digit == best) for digit, output in enumerate(outputs))
    return (
        f'<svg role="img" aria-label="{says}" width="240" height="280" viewBox="0 0 240 280" fill="currentColor">'
        f'<text y="20" font-size="20" font-weight="600">{says}</text>{rows}</svg>'
    )


def _row(digit, output, best):
    """One row of the bars: the digit, its track with the bar in it, and the output in per cent."""
    top = 34 + 25 * digit
    weight = ' font-weight="700"' if best else ""
    colour = BLUE if best else "currentColor"
    return (
        f'<g font-size="14"{weight}><text y="{top + 12}">{digit}</text>'
        f'<rect x="17" y="{top}" width="163" height="14" rx="3" opacity="0.12"/>'
        f'<rect x="17" y="{top}" width="{163 * output:.1f}" height="14" rx="3" fill="{colour}"/>'
        f'<text x="240" y="{top + 12}" text-anchor="end">{percent(output)}</text></g>'
    )


def percent(share):
    """A share from 0 to 1 as the pad writes it; no line ends before the sign."""
    return say("{n} %", n=f"{100 * share:.0f}").replace(" ", "\N{NO-BREAK SPACE}")
