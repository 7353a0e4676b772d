"""What the front page says of each lesson, and what its template needs to know."""

import json

import nnlib
from workshop.site import book, pages
from workshop.site.languages import say
from workshop.site.pad import NETWORKS, five, still

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


def context():
    """The values in the template ``front.html``."""
    network = nnlib.load_pretrained()
    return {
        "lessons": pages.lessons(),
        "hooks": [say(hook) for hook in HOOKS],
        "book": book.file_name(),
        "networks": ",".join(NETWORKS),
        "strokes": json.dumps(five()),
        "parameters": f"{sum(p.size for p in network.params.values()):,}",
        "still": still(),
    }
