"""What the front page says of each lesson, and what its template needs to know."""

import json

import numpy as np

import nnlib
from workshop.site import book, pages
from workshop.site.lessons import PAD_ALT
from workshop.site.pad import NETWORKS

HOOKS = (
    "Draw a digit, be read, and build the machine that did it.",
    "Which number is to blame? The chain rule knows, for all of them.",
    "Seven networks learn happily, six have a bug. Which has none?",
    "Downhill, fifty images at a time, to a network of your own.",
    "What it confuses, how sure you may be, and how to fool it.",
    "A sure mistake teaches least. Mend that, and see what follows.",
    "Learned or memorised? Eleven improvements, one honest table.",
    "Your digit is misread: a detective story with three ways out.",
    "Your networks behind the pad, taught your hand, and counted.",
)


def five():
    """A five that lies on the pad at first, so that a visitor sees at once what the page does: strokes, 0 to 1."""
    angles = np.radians(np.linspace(-125, 140, 40))
    bowl = np.stack([0.5 + 0.19 * np.cos(angles), 0.6 + 0.2 * np.sin(angles)], axis=1)
    hook = [(0.36, 0.2), *bowl[:1] - [0.02, 0], *bowl]
    return [np.round(stroke, 3).tolist() for stroke in (hook, [(0.36, 0.2), (0.64, 0.18)])]


def context(picture_size):
    """The values in the template ``front.html``."""
    network = nnlib.load_pretrained()
    return {
        "lessons": pages.lessons(),
        "hooks": HOOKS,
        "book": book.NAME,
        "networks": ",".join(NETWORKS),
        "strokes": json.dumps(five()),
        "parameters": f"{sum(p.size for p in network.params.values()):,}",
        "pad_alt": PAD_ALT,
        "pad_size": picture_size,
    }
