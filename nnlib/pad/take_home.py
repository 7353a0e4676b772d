"""A network to take home: one HTML file that draws and reads digits on any phone or computer. Lesson 9.

The page needs no Python, no network and no other file. It has the pad of the notebooks; `nnlib.pad.live` says how.
"""

import base64
import hashlib
import html
import json
from string import Template

import numpy as np

from nnlib._support.arguments import check_folder, check_number, describe
from nnlib._support.files import replacing
from nnlib._support.language import later, say, tag
from nnlib.data import training_digits
from nnlib.pad.live import HERE, as_packed, language, lean_style, pack, script, source_of, style, without_comments

TITLE = later("A network that reads your digits")
TROUBLE = later(
    "This page reads digits with JavaScript, which is not running here. "
    "If this is a preview of a file, open the file in a browser."
)
DIGITS = 10_000  # training digits on which a network of 8 bits is compared with itself
ICON = (  # a seven on a blue tile
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0072b2"/>'
    '<path d="M9 9h14l-8 15" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round" '
    'stroke-linejoin="round"/></svg>'
)


def take_home(net, path="my_network.html", *, title=TITLE, author=None, accuracy=None, threshold=None, bits=16):
    """Write a page on which ``net`` reads what is drawn, on any phone or computer, without Python. Lesson 9.

    It is one file, works without a network, and sends nothing anywhere. One line says how large it is. The page speaks
    the language that `nnlib.language` has chosen.

    Parameters
    ----------
    net : Network
        With 784 inputs and 10 outputs. What the pad has taught is in ``pad.net``.
    path : path
        Of the file, ``.html``; its folder must be there. An old file is replaced in one step.
    title : str
        Stands above the pad.
    author : str, optional
        Who trained it.
    accuracy : float in [0, 1], optional
        On MNIST's test digits, as `accuracy` gives it; the page says it.
    threshold : float in [0, 1], optional
        The largest output must reach it for an answer to count as sure; left out, ``net.threshold``.
    bits : {16, 8}
        Of a weight. With 8 the file is half as large, and a line says how many of 10,000 training digits are then read
        differently.

    Returns
    -------
    path : Path

    Raises
    ------
    TypeError, ValueError
        ``net`` is no network that reads digits, has weights that are NaN, too large for a float16 or so large that
        sums overflow, or another argument does not fit: nothing is written.
    OSError
        The folder takes no new file, or the disk is full. An old file stays as it was.

    Examples
    --------
    >>> nnlib.take_home(net, "my_network.html", title="Anna's network", accuracy=0.9660)  # doctest: +SKIP
    """
    path = check_folder(path, "path")
    if path.suffix != ".html":
        raise ValueError(f"path must end in .html, or a browser will not know what it is; got {str(path)!r}.")
    page = page_of(net, title=title, author=author, accuracy=accuracy, threshold=threshold, bits=bits)
    changed = changed_answers(net) if bits == 8 else None  # before the file: it may raise an error, too
    with replacing(path) as file:
        file.write(page)
    print(
        say(
            "{path}, {size:.2f} MB: open it in a browser, on any phone or computer.",
            path=path.as_posix(),
            size=len(page) / 1e6,
        )
    )
    if changed is not None:
        print(
            say(
                "With 8 bits a weight, {changed:,} of {count:,} training digits are read differently.",
                changed=changed,
                count=DIGITS,
            )
        )
    return path


def changed_answers(net):
    """How many of so many training digits are read differently with the weights of 8 bits that the page has."""
    X, _ = training_digits(DIGITS)
    return np.count_nonzero(net.predict(X) != as_packed(net, bits=8).predict(X))


def page_of(net, *, title=TITLE, author=None, accuracy=None, threshold=None, bits=16):
    """The page that `take_home` writes and the pad's button sends, as bytes; or an error that says what is wrong."""
    network = pack(net, bits)
    check_sums(as_packed(net, bits))
    network["threshold"] = check_share(net.threshold if threshold is None else threshold, "threshold")
    check_text(title, "title")
    title = say(TITLE) if title == TITLE else title
    if author is not None:
        check_text(author, "author")
    if accuracy is not None:
        check_share(accuracy, "accuracy")
    facts = facts_of(net, accuracy, network["threshold"])
    spoken = language()
    code = script() + without_comments(source_of("page"))
    look = lean_style("page") + style()
    page = Template((HERE / "page.html").read_text(encoding="utf-8")).substitute(
        lang=tag(),
        policy=policy_for(code, look),
        title=html.escape(title),
        author=f'<p class="by">{html.escape(say("Trained by {author}", author=author))}</p>\n' if author else "",
        lead=html.escape(say("Draw a digit with finger, pen or mouse.")),
        trouble=html.escape(say(TROUBLE)),
        inside=html.escape(say("What reads your digits")),
        icon=f"data:image/svg+xml;base64,{_base64(ICON.encode())}",
        style=look,
        facts="\n".join(f"<li>{html.escape(fact)}</li>" for fact in facts),
        network=json.dumps(network, allow_nan=False),  # numbers, base 64 and our own names: no "<" ends its element
        language=f'<script type="application/json" id="language">{_json(spoken)}</script>\n' if spoken else "",
        script=code,
    )
    return page.encode("utf-8", "replace")  # a title may hold half a character


def facts_of(net, accuracy, threshold):
    """What the page says of its network, in sentences."""
    facts = [
        say(
            "A neural network: 28 × 28 pixels, {layers}, ten outputs. {count:,} numbers are all that it knows.",
            layers=hidden_layers([f"{size:,}" for size in net.sizes[1:-1]]),
            count=sum(p.size for p in net.params.values()),
        )
    ]
    if accuracy is not None:
        facts.append(say("It reads {share:.2f} % of MNIST’s test digits correctly.", share=100 * accuracy))
    if threshold > 0:
        facts.append(say("If no output reaches {share:.3g} %, it says that it is not sure.", share=100 * threshold))
    return [
        *facts,
        say("All of it is in this file. It works without internet, and what you draw stays on your device."),
    ]


def hidden_layers(sizes):
    """The hidden layers in words, from the number of neurons in each."""
    if not sizes:
        return say("no hidden neurons")
    if sizes == ["1"]:
        return say("1 hidden neuron")
    *first, last = sizes
    listed = say("{first} and {last}", first=say(", ").join(first), last=last) if first else last
    return say("{listed} hidden neurons", listed=listed)


def policy_for(code, look):
    """A content security policy: this script and this style alone are used, and nothing is loaded but the icon."""
    return (
        f"default-src 'none'; script-src '{_digest(code)}'; style-src '{_digest(look)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def check_sums(net):
    """Raise a ValueError if there is an image for which a sum in ``net`` overflows.

    No sum is larger than that of a page full of ink with all weights and biases positive: |z| ≤ a |W| + |b|.
    """
    positive = net.copy()
    positive.params = {name: np.abs(p) for name, p in net.params.items()}
    with np.errstate(over="ignore", invalid="ignore"):
        sums = positive.propagate(np.ones((1, 784), np.float32))
    for l in range(1, net.n_layers + 1):
        if not np.isfinite(sums[f"z{l}"]).all():
            raise ValueError(
                f"net must give finite outputs for all that can be drawn, got weights with which the sums of layer {l} "
                "overflow: its training diverged. Make a new network, and take smaller steps."
            )


def check_share(value, name):
    """Return a share from 0 to 1 as a float, or raise an error."""
    if check_number(value, name, low=0) > 1:
        raise ValueError(f"{name} must be a share from 0 to 1, got {value!r}. Divide per cent by 100.")
    return float(value)


def check_text(text, name):
    """Raise an error if ``text`` is no text, or has nothing in it."""
    if not isinstance(text, str):
        raise TypeError(f"{name} must be a text, got {describe(text)}.")
    if not text.strip():
        raise ValueError(f"{name} must not be blank, got {text!r}.")


def _json(content):
    """JSON that may stand inside an element of a page."""
    return json.dumps(content, ensure_ascii=False).replace("<", "\\u003c")


def _digest(text):
    return f"sha256-{_base64(hashlib.sha256(text.encode()).digest())}"


def _base64(data):
    return base64.b64encode(data).decode("ascii")
