"""What the things to play with say, and what their scripts need to say it in the reader's language."""

import json
import re
from pathlib import Path

from nnlib._support.language import chosen, say

HERE = Path(__file__).parent
SAID = re.compile(r"\bsay\(\s*(\"(?:[^\"\\]|\\.)*\")")


def together(*sentences):
    """Sentences one after the other, without those that are empty."""
    first, *others = filter(None, sentences)
    for second in others:
        first = say("{first} {second}", first=first, second=second)
    return first


def script(name):
    """A widget's script, with the function by which it says what `texts` holds."""
    return f"{_source('language.js')}\n{_source(name)}"


def texts(name):
    """What a script says, from the English to the reader's language; nothing for English."""
    if chosen() == "en":
        return {}
    return {text: say(text) for text in map(json.loads, SAID.findall(_source(name)))}


def _source(name):
    return (HERE / name).read_text(encoding="utf-8")
