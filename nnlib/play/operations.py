"""Backpropagation, one operation at a time, on a network so small that every number can be shown. Lesson 2.

There is one image, so its index is left out: z1[1] is the weighted input of hidden neuron 1. ``W1[0, 1]`` leads from
input 0 to hidden neuron 1, as everywhere.
"""

import numpy as np
from ipywidgets import BoundedFloatText, Button, HBox, IntSlider, VBox
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from nnlib import plots
from nnlib._support.language import later, say
from nnlib.network import Network
from nnlib.play.frame import Play
from nnlib.play.numbers import factor, number

START = {
    "X": [1.0, 0.5],
    "W1": [[0.5, -1.0], [1.0, 2.0]],
    "b1": [-0.5, 0.2],
    "W2": [[1.0, -2.0], [-1.5, 0.5]],
    "b2": [0.1, 0.4],
    "Y": [1.0, 0.0],
}
LIMITS = {"X": (0, 1), "Y": (0, 1)}  # pixels and targets
LIMITS |= dict.fromkeys(("W1", "b1", "W2", "b2"), (-20, 20))

# name, the operation, and what to say about it: on the way back, the local derivative
STEPS = [
    ("z1", "z1 = X W1 + b1", later("Each input times its weight, and the bias, added.")),
    ("a1", "a1 = σ(z1)", later("The sigmoid of each weighted input.")),
    ("z2", "z2 = a1 W2 + b2", later("As in the layer before, with a1 in the place of X.")),
    ("a2", "a2 = σ(z2)", later("The sigmoid again. These are the two answers.")),
    ("L", "L = ½ ‖a2 − Y‖²", later("Half the squared error. This is the end of the way forward.")),
    ("da2", "da2 = a2 − Y", later("The local derivative ∂L/∂a2 is a2 − Y: the ½ cancels the 2 of the square.")),
    ("dz2", "dz2 = da2 ⊙ σ′(z2)", later("The local derivative is the slope of the sigmoid, σ′(z2) = a2 (1 − a2).")),
    ("dW2", "dW2 = a1ᵀ dz2", later("The local derivative of z2 for a weight is the a1 that it is multiplied by.")),
    (
        "db2",
        "db2 = dz2",
        later("A bias is added as it is: its local derivative is 1. With one image there is nothing to sum."),
    ),
    (
        "da1",
        "da1 = dz2 W2ᵀ",
        later(
            "The local derivative of z2 for a1 is the weight between them. Each a1 acts in two ways: the paths add up."
        ),
    ),
    ("dz1", "dz1 = da1 ⊙ σ′(z1)", later("The local derivative is the slope of the sigmoid, σ′(z1) = a1 (1 − a1).")),
    ("dW1", "dW1 = Xᵀ dz1", later("The local derivative of z1 for a weight is the input that it is multiplied by.")),
    ("db1", "db1 = dz1", later("The local derivative is 1 again. Now every weight and bias has its derivative.")),
]
ORDER = [name for name, *_ in STEPS]


def backpropagation():
    """Buttons that go through a 2-2-2 network operation by operation, forward and back; its numbers can be typed in."""
    return Steps()


class Steps(Play):
    """Buttons and a slider for the step above the picture, the network's numbers below it."""

    def __init__(self):
        numbers = {
            name: BoundedFloatText(
                value,
                min=low,
                max=high,
                step=0.1,
                description=name,
                layout={"width": "10.3em"},
                style={"description_width": "4.5em"},
            )
            for name, value, (low, high) in entries(START, LIMITS.get)
        }
        step = IntSlider(0, 0, len(STEPS), description=say("step"))
        super().__init__(draw, step=step, **numbers)
        buttons = []
        for text, target in (
            (say("First"), lambda: 0),
            (say("Back"), lambda: step.value - 1),
            (say("Next"), lambda: step.value + 1),
            (say("Last"), lambda: len(STEPS)),
        ):
            button = Button(description=text, layout={"width": "6em"})
            button.on_click(lambda _, target=target: setattr(step, "value", target()))  # the slider keeps to its ends
            buttons.append(button)
        wrap = {"flex_flow": "row wrap"}
        groups = [
            HBox([numbers[n] for n in numbers if n[:2].rstrip("[") in group], layout=wrap)
            for group in (("X", "Y"), ("W1", "b1"), ("W2", "b2"))
        ]
        self.children = [
            HBox([*buttons, step], layout=wrap),
            self.picture,
            self.sentence,
            VBox([*groups, self.access]),
        ]

    def still(self):
        """The step at which two paths meet, da1: who cannot press Next sees the idea, without the crowd of the end."""
        step = ORDER.index("da1") + 1
        fig, text = draw(**{name: control.value for name, control in self.controls.items()} | {"step": step})
        return plots.show(fig, text)


def entries(arrays, extra):
    """(name of the entry, its value, extra(name of the array)) for every entry of the arrays."""
    for name, array in arrays.items():
        array = np.asarray(array)
        for index in np.ndindex(array.shape):
            yield f"{name}[{', '.join(map(str, index))}]" if index else name, float(array[index]), extra(name)


def both_ways(numbers):
    """Every value and every derivative of the network with these numbers, by name: ``values["dW1[0, 1]"]``."""
    given = {name: np.array(array) for name, array in START.items()}
    for name, array in given.items():
        array.flat = [numbers[entry] for entry, *_ in entries({name: array}, lambda _: None)]
    net = Network([2, 2, 2]).copy(np.float64)
    net.params = {name: given[name] for name in net.params}
    X, Y = given["X"][None], given["Y"][None]  # (1, 2)
    cache = net.propagate(X)
    grads = net.backward(cache, Y)
    arrays = {**given, "L": net.data_loss(cache, Y), **{name: cache[name][0] for name in ("z1", "a1", "z2", "a2")}}
    arrays |= {f"d{name}": grad for name, grad in grads.items()}
    arrays |= {
        "dz1": grads["b1"],
        "dz2": grads["b2"],
    }  # a bias's slope is the sum of dz over the images, and there is one
    arrays |= {"da1": grads["b2"] @ net.params["W2"].T, "da2": arrays["a2"] - given["Y"]}
    return {entry: value for entry, value, _ in entries(arrays, lambda _: None)}


# In words


def written_out(name, v):
    """The operation in numbers, a line for each entry of what it computes."""
    if name == "L":
        squares = " + ".join(f"({number(v[f'a2[{k}]'])} − {number(v[f'Y[{k}]'])})²" for k in (0, 1))
        return [f"L = ½ ({squares}) = {number(v['L'])}"]
    layer, before = name[-1], "X" if name[-1] == "1" else "a1"
    lines = []
    for entry in (entry for entry in v if entry.startswith(f"{name}[")):
        index = entry.removeprefix(name)  # [k], or [j, k] of a weight
        k = index[-2]
        if name in ("z1", "z2"):
            terms = [f"{factor(v[f'{before}[{j}]'])} · {factor(v[f'W{layer}[{j}, {k}]'])}" for j in (0, 1)]
            right = " + ".join([*terms, factor(v[f"b{layer}[{k}]"])])
        elif name in ("a1", "a2"):
            right = f"σ({number(v[f'z{layer}[{k}]'])})"
        elif name == "da2":
            right = f"{factor(v[f'a2[{k}]'])} − {number(v[f'Y[{k}]'])}"
        elif name in ("dz1", "dz2"):
            a = v[f"a{layer}[{k}]"]
            slope = f"σ′(z{layer}[{k}]) = {factor(a)} · {factor(1 - a)} = {number(a * (1 - a))}"
            right = f"da{layer}[{k}] · σ′(z{layer}[{k}]) = {factor(v[f'da{layer}[{k}]'])} · {number(a * (1 - a))}"
        elif name in ("dW1", "dW2"):
            j = index[1]
            right = f"{before}[{j}] · dz{layer}[{k}] = {factor(v[f'{before}[{j}]'])} · {factor(v[f'dz{layer}[{k}]'])}"
        elif name in ("db1", "db2"):
            right = f"dz{layer}[{k}]"
        elif name == "da1":
            names = " + ".join(f"dz2[{m}] · W2[{k}, {m}]" for m in (0, 1))
            right = (
                names + " = " + " + ".join(f"{factor(v[f'dz2[{m}]'])} · {factor(v[f'W2[{k}, {m}]'])}" for m in (0, 1))
            )
        line = f"{entry} = {right} = {number(v[entry])}"
        lines.append(say("{first}, so {then}", first=slope, then=line) if name in ("dz1", "dz2") else line)
    return lines


def sentence(step, v):
    """What this step does, in words and in numbers."""
    if step == 0:
        return say(
            "Before the first step: the two inputs X, the weights, the biases and the two targets Y. "
            "Press Next to go forward, one operation at a time."
        )
    name, operation, words = STEPS[step - 1]
    values = {"step": step, "steps": len(STEPS), "operation": operation, "words": say(words)}
    if step <= ORDER.index("L") + 1:
        first = say("Step {step} of {steps}, forward: {operation}. {words}", **values)
    else:
        first = say("Step {step} of {steps}, back: {operation}. {words}", **values)
    return "\n".join([first, *written_out(name, v)])


# The picture

HALF_WIDTH, HALF_HEIGHT = 0.5, 0.33  # of a box, in inches as everything here
COLUMNS = {"X": 0, "z1": 2.3, "a1": 4.05, "z2": 6.4, "a2": 8.15, "L": 9.95}
PLACES = {f"{name}[{k}]": (x, 3.05 - 1.6 * k) for name, x in COLUMNS.items() for k in (0, 1) if name != "L"}
for l, x in ((1, COLUMNS["z1"]), (2, COLUMNS["z2"])):
    for k, y in ((0, 4.6), (1, -0.1)):  # what leads to neuron 0 stands above it, what leads to neuron 1 below it
        PLACES |= {f"W{l}[0, {k}]": (x - 1.08, y), f"W{l}[1, {k}]": (x, y), f"b{l}[{k}]": (x + 1.08, y)}
PLACES |= {"L": (COLUMNS["L"], 2.25), "Y[0]": (COLUMNS["L"], 3.8), "Y[1]": (COLUMNS["L"], 0.7)}
PALE = "#cfcfcf"


def links(v):
    """Each arrow of the graph.

    Yields
    ------
    from, to : str
    forward, back : str, and str or None
        The steps that go along it.
    local : str
        The local derivative, in words and as a number.
    along : float
        Where along the arrow that stands, 0 to 1.
    """
    for k in (0, 1):
        for l, before in ((1, "X"), (2, "a1")):
            for j in (0, 1):
                back = "da1" if l == 2 else None  # nothing needs the slope for the inputs
                weight, value = v[f"W{l}[{j}, {k}]"], v[f"{before}[{j}]"]
                yield (
                    f"{before}[{j}]",
                    f"z{l}[{k}]",
                    f"z{l}",
                    back,
                    f"· W{l}[{j}, {k}]\n= {number(weight)}",
                    0.5 if j == k else 0.22 if j == 0 else 0.3,
                )
                yield (
                    f"W{l}[{j}, {k}]",
                    f"z{l}[{k}]",
                    f"z{l}",
                    f"dW{l}",
                    f"· {before}[{j}]\n= {number(value)}",
                    (0.3, 0.2)[j],
                )
            yield f"b{l}[{k}]", f"z{l}[{k}]", f"z{l}", f"db{l}", "· 1", 0.3
            a = v[f"a{l}[{k}]"]
            yield f"z{l}[{k}]", f"a{l}[{k}]", f"a{l}", f"dz{l}", f"· a (1 − a)\n= {number(a * (1 - a))}", 0.5
        yield f"a2[{k}]", "L", "L", "da2", f"· (a2 − Y)\n= {number(v[f'da2[{k}]'])}", 0.5
        yield f"Y[{k}]", "L", "L", None, "", 0


def draw(step, **numbers):
    """The network as a graph after so many steps: what is known by then, and in bold what the last step did."""
    v = both_ways(numbers)
    known, now = ORDER[:step], ORDER[step - 1] if step else None
    fig, ax = plots.figure(11.05, 5.6, layout="none")
    ax.set_position([0, 0, 1, 1])
    ax.set(xlim=(-0.55, 10.5), ylim=(-0.55, 5.05))
    ax.set_axis_off()
    for start, end, forth, back, local, along in links(v):
        p, q, aside = ends(start, end)
        arrow(ax, p + aside, q + aside, "black" if forth in known else PALE, forth == now, "-")
        if back in known:
            arrow(ax, q - aside, p - aside, plots.ORANGE, back == now, "--")
            away, alignment = beside(p, q, start)
            ax.text(
                *(p + along * (q - p) - aside + away),
                local,
                color=plots.ORANGE,
                fontsize=8,
                weight="bold" if back == now else "normal",
                **alignment,
                bbox=dict(facecolor="white", edgecolor="none", pad=0.8),
                zorder=3,
            )
    for name, (x, y) in PLACES.items():
        box(ax, x, y, name, v, known, now)
    return fig, sentence(step, v)


def ends(start, end):
    """Where an arrow leaves its box and meets the other, and how far the ways forward and back stand aside.

    An arrow goes sideways from layer to layer, and up or down from W, b and Y.
    """
    (x0, y0), (x1, y1) = PLACES[start], PLACES[end]
    if start[0] in "WbY":
        down = HALF_HEIGHT * np.sign(y1 - y0)
        return (
            np.array([x0, y0 + down]),
            np.array([x1 + 0.28 * np.clip(x0 - x1, -1, 1), y1 - down]),
            np.array([0.05, 0]),
        )
    meet = 0.17 * np.clip(y0 - y1, -1, 1)
    return np.array([x0 + HALF_WIDTH, y0 - meet]), np.array([x1 - HALF_WIDTH, y1 + meet]), np.array([0, 0.05])


def beside(p, q, start):
    """How far from the way back its local derivative stands, and how it is aligned: beside it, where there is room."""
    if start[0] in "Wb":
        outer = p[0] < q[0] - 0.1  # the arrow leans towards its label: it makes room above or below
        return np.array([-0.09, 0]), dict(ha="right", va=("top" if p[1] > q[1] else "bottom") if outer else "center")
    if start[0] == "a" and p[1] != q[1]:
        if start.startswith("a1"):  # of the two that cross: below or above a1, where no arrow runs
            return np.array([-0.24 if p[1] > q[1] else -0.32, 0]), dict(ha="right", va="center")
        return np.array([0, -0.07]), dict(ha="right" if p[1] > q[1] else "left", va="top")
    return np.array([0, -0.07]), dict(ha="center", va="top")


def arrow(ax, start, end, colour, bold, line):
    """An arrow from one point to another, bold if it belongs to this step."""
    ax.add_artist(
        FancyArrowPatch(  # add_patch would fit the limits of the axes, which are fixed, and takes its time
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=10,
            color=colour,
            linestyle=line,
            linewidth=2.2 if bold else 1.1,
            shrinkA=0,
            shrinkB=0,
        )
    )


def box(ax, x, y, name, v, known, now):
    """A box with the name, below it the value, and below that the derivative, as far as they are known."""
    array = name.split("[")[0]
    given, derivative = array in START, f"d{array}"
    ax.add_artist(
        FancyBboxPatch(
            (x - HALF_WIDTH + 0.05, y - HALF_HEIGHT + 0.05),
            2 * HALF_WIDTH - 0.1,
            2 * HALF_HEIGHT - 0.1,
            boxstyle="round,pad=0.05",
            facecolor="#fdf3dc" if given else "#f4f4f4",
            zorder=4,
            edgecolor=plots.ORANGE if derivative == now else "black" if array == now else "#999999",
            linewidth=2.2 if now in (array, derivative) else 0.8,
        )
    )
    lines = [(name, 8, "#555555", False)]
    if given or array in known:
        lines.append((number(v[name]), 10, "black", array == now))
    if derivative in known:
        lines.append((f"{derivative} = {number(v[f'd{name}'])}", 8, plots.ORANGE, derivative == now))
    elif name == "L" and "da2" in known:
        lines.append(("∂L/∂L = 1", 8, plots.ORANGE, False))
    for (text, size, colour, bold), height in zip(lines, (0.2, 0.01, -0.2)[: len(lines)], strict=True):
        room = 98 if bold else 108  # in characters times points
        ax.text(
            x,
            y + height,
            text,
            fontsize=min(size, room / len(text)),
            color=colour,
            ha="center",
            va="center",
            weight="bold" if bold else "normal",
            zorder=5,
        )
