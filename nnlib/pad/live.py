"""The pad on a page that has no kernel: its script, its style, and the network as data. Lesson 9.

``reader.js`` reads as `nnlib.pad.drawing` and `nnlib.network` do, ``mount.js`` stands where the widget stands, and
``pad.js`` is the pad of the notebooks. A page needs all three as one script, since a file on a disk may load no other.
"""

import base64
import json
import re
from pathlib import Path

import numpy as np

from nnlib._support.arguments import check_choice, check_weights, describe
from nnlib._support.language import say, tag
from nnlib.network import Network

HERE = Path(__file__).parent
PAGE = ("language", "pad", "reader", "mount")  # the modules of a page; each imports only what stands before it
NOTEBOOK = ("language", "pad", "notebook")
SAID = re.compile(r"\bsay\(\s*(\"(?:[^\"\\]|\\.)*\")")
LARGEST_HALF = float(np.finfo(np.float16).max)  # 65504


def script():
    """The pad as one classic script, which also runs from a file.

    It defines ``nnlibPad`` and no other name. ``nnlibPad.mount(element, network, options)`` puts a pad into an element
    of the page and returns a function that takes it away. ``network`` is what `pack` gives, or ``{name: network}``,
    and then the pad has a choice of who reads. The options are ``strokes``, which lie on the pad at first,
    ``preprocess`` and ``width`` as of `nnlib.DrawingPad`, and ``language`` as `language` gives it. Any number of pads
    may stand on a page, all in one language. ``unpack``, ``propagate``, ``strokesToImage`` and whatever else
    ``reader.js`` exports are there, too.

    Returns
    -------
    script : str
        It holds no ``</script``, so it may stand between two such tags.
    """
    parts = _parts(PAGE)
    return f"globalThis.nnlibPad = (() => {{\n{parts}return {{ ...reader, ...mount }};\n}})();\n"


def module():
    """The pad of the notebooks as the one module that anywidget needs.

    Returns
    -------
    module : str
    """
    return f"{_parts(NOTEBOOK)}export default () => pad.makePad(notebook);\n"


def language(modules=PAGE):
    """What a pad needs to speak the language that `nnlib.language` has chosen, ready for JSON.

    Parameters
    ----------
    modules : sequence of str
        Whose texts it needs: ``PAGE`` or ``NOTEBOOK``.

    Returns
    -------
    language : dict
        ``lang``, as HTML says it, and ``texts`` from the English. Empty for English.
    """
    if tag() == "en":
        return {}
    english = [json.loads(text) for name in modules for text in SAID.findall(source_of(name))]
    return {"lang": tag(), "texts": {text: say(text) for text in english}}


def source_of(name):
    """The code of a module of the pad."""
    return (HERE / f"{name}.js").read_text(encoding="utf-8")


def _parts(names):
    """Modules as constants of their names, each with what it exports: so no name in one meets a name in another."""
    return "".join(f"const {name} = (() => {{\n{_as_body(name)}}})();\n" for name in names)


def _as_body(name):
    """The code of a module as that of a function. What it imports is part of a constant that stands before it."""
    code = without_comments(source_of(name))
    exported = re.findall(r"^export (?:async )?(?:function|class|const) (\w+)", code, flags=re.M)
    code = re.sub(r'^import (\{.*?\}) from "\./(\w+)\.js";$', r"const \1 = \2;", code, flags=re.M | re.S)
    return f"{re.sub('^export ', '', code, flags=re.M)}return {{ {', '.join(exported)} }};\n"


def without_comments(code):
    """Code without its indentation and its comments: a phone loads it all. No string of ours has two slashes in it."""
    code = re.sub(r"^\s*/\*\*.*?\*/\n|\s*//[^\n]*$", "", code, flags=re.M | re.S)
    return re.sub(r"^\s+", "", code, flags=re.M)


def style():
    """The pad's style sheet. Colours are those of the variables ``--jp-…``, where the page has them.

    It is dark below an element with ``data-jp-theme-light="false"``, as JupyterLab's page says it.

    Returns
    -------
    style : str
    """
    return lean_style("pad")


def lean_style(name):
    """A style sheet without its indentation and its comments, as `without_comments` makes a script."""
    css = re.sub(r"\s*/\*.*?\*/", "", (HERE / f"{name}.css").read_text(encoding="utf-8"), flags=re.S)
    return re.sub(r"^\s+", "", css, flags=re.M)


def pack(net, bits=16):
    """A network as data for a page, ready for JSON.

    Parameters
    ----------
    net : Network
        With 784 inputs and 10 outputs.
    bits : {16, 8}
        Of a weight. 16 are a float16. 8 are a whole number from −127 to 127, and each unit has a scale for its own
        weights: half as large, and an answer in a thousand may differ.

    Returns
    -------
    packed : dict
        ``sizes``, ``activation``, ``output``, ``threshold``, ``bits``, and ``layers``: for each its weights ``W``, its
        biases ``b`` and, with 8 bits, the ``scale`` of each unit, as texts in base 64.

    Raises
    ------
    TypeError
        ``net`` is no network.
    ValueError
        It has other inputs or outputs, a weight is NaN, infinite or too large for a float16, or ``bits`` does not fit.
    """
    check_reader(net, bits)
    layers = []
    for W, scale, b in _stored(net, bits):
        layer = {"W": _text(W), "b": _text(b.astype("<f4"))}
        layers.append(layer if scale is None else {**layer, "scale": _text(scale.astype("<f4"))})
    return {
        "sizes": [int(size) for size in net.sizes],
        "activation": net.activation,
        "output": net.output,
        "threshold": float(net.threshold),
        "bits": bits,
        "layers": layers,
    }


def as_packed(net, bits=16):
    """A network with the weights that it has on the page, as `pack` rounds them.

    Returns
    -------
    net : Network
    """
    check_reader(net, bits)
    packed = net.copy(np.float32)
    for l, (W, scale, _) in enumerate(_stored(net, bits), start=1):
        packed.params[f"W{l}"] = W.astype(np.float32) if scale is None else W * scale
    return packed


def check_reader(net, bits):
    """Raise an error if ``net`` is not a network of finite weights that reads digits, or cannot be had in ``bits``."""
    if not isinstance(net, Network):
        inside = " Pass its .net." if isinstance(getattr(net, "net", None), Network) else ""
        raise TypeError(f"net must be an nnlib.Network, got {describe(net)}.{inside}")
    check_weights(net)
    check_choice(bits, [16, 8], "bits")
    if (net.sizes[0], net.sizes[-1]) != (784, 10):
        raise ValueError(f"net must have 784 inputs, one per pixel, and 10 outputs, one per digit; got {net!r}.")
    for name, p in net.params.items():
        largest = float(np.abs(p).max())
        if bits == 16 and name.startswith("W") and largest > LARGEST_HALF:
            raise ValueError(
                f"net must have weights up to {LARGEST_HALF:,.0f} for bits=16, got {largest:,.0f} in {name}: its "
                "training diverged, or pass bits=8, which scales them."
            )


def _stored(net, bits):
    """For each layer what is stored of it: W, the scale of each unit (None with 16 bits), and b."""
    for l in range(1, net.n_layers + 1):
        W, b = net.params[f"W{l}"], net.params[f"b{l}"]
        if bits == 16:
            yield W.astype("<f2"), None, b
            continue
        scale = (np.abs(W).max(axis=0) / 127).astype(np.float32)  # (n_out,)
        yield np.round(W / np.where(scale > 0, scale, 1)).astype(np.int8), scale, b


def _text(array):
    return base64.b64encode(array.tobytes()).decode("ascii")
