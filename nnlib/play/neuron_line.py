"""A neuron with two inputs: its weighted input, its output, and the line that it draws. Lesson 1."""

import numpy as np
from ipywidgets import FloatSlider

from nnlib import plots
from nnlib._support.language import say
from nnlib.activations import sigmoid
from nnlib.play.frame import Play
from nnlib.play.numbers import factor, fixed
from nnlib.play.words import together

SPAN = np.linspace(-3, 3, 121)
START = {"x1": 1.0, "x2": 0.5, "w1": 1.0, "w2": -2.0, "b": 0.5}  # of the sliders


def neuron():
    """Sliders for two inputs, two weights and the bias. The picture shows the answer to every pair of inputs."""
    return Play(
        draw,
        **{
            name: FloatSlider(value, min=-3, max=3, step=0.1, description=name, readout_format=".1f")
            for name, value in START.items()
        },
    )


def draw(x1, x2, w1, w2, b):
    """The plane of inputs, coloured by a = σ(x1 w1 + x2 w2 + b), the line where a = ½, and the weights as an arrow."""
    x1, x2, w1, w2, b = (round(value, 1) + 0.0 for value in (x1, x2, w1, w2, b))  # a slider's 0 may be 1e-16, or −0
    z, a = answer(x1, x2, w1, w2, b)
    fig, ax = plots.figure(5.4, 4.4, layout="none")  # a fixed layout: to find one takes half of the time
    fig.subplots_adjust(left=0.1, right=0.93, bottom=0.11, top=0.84)
    colours = ax.imshow(
        sigmoid(SPAN * w1 + SPAN[:, None] * w2 + b),
        extent=(-3, 3, -3, 3),
        origin="lower",
        cmap="PuOr_r",
        vmin=0,
        vmax=1,
        alpha=0.8,
    )
    ax.grid(False)
    if (w1, w2) != (0, 0):
        ax.plot(*points_on_line(w1, w2, b), color=plots.BLACK, label="z = 0, a = ½")
        ax.annotate(
            "", (w1, w2), (0, 0), arrowprops={"arrowstyle": "-|>", "color": plots.BLACK, "shrinkA": 0, "shrinkB": 0}
        )
        ax.plot([], [], color=plots.BLACK, marker=">", markersize=5, linewidth=1, label="(w1, w2)")
    ax.plot(
        x1,
        x2,
        "o",
        color=plots.BLACK,
        markersize=9,
        markerfacecolor="white",
        markeredgewidth=2,
        linestyle="",
        label="(x1, x2)",
    )
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.08), ncols=3, columnspacing=1.2)
    ax.set(xlabel="x1", ylabel="x2", xlim=(-3, 3), ylim=(-3, 3), title=f"z = {fixed(z, 2)}, a = σ(z) = {a:.3f}")
    fig.colorbar(colours, label=say("a: orange near 1, purple near 0"))
    return fig, sentence(x1, x2, w1, w2, b, z, a)


def answer(x1, x2, w1, w2, b):
    """The weighted input z, exact, and the output a = σ(z)."""
    z = round(x1 * w1 + x2 * w2 + b, 2) + 0.0  # products of tenths have two decimals
    return z, float(sigmoid(z))


def points_on_line(w1, w2, b):
    """Two far points of x1 w1 + x2 w2 + b = 0: from the foot of the perpendicular, along the line, both ways."""
    foot = -b * np.array([w1, w2]) / (w1**2 + w2**2)
    along = 20 * np.array([-w2, w1]) / np.hypot(w1, w2)
    return np.array([foot - along, foot + along]).T


def sentence(x1, x2, w1, w2, b, z, a):
    """What the picture shows, in words."""
    products = f"{factor(x1, fixed)} · {factor(w1, fixed)} + {factor(x2, fixed)} · {factor(w2, fixed)}"
    right = f"{products} + {factor(b, fixed)} = {fixed(z, 2)}"
    return together(say("z = {sum}, so a = σ(z) = {a:.3f}.", sum=right, a=a), *about_the_line(x1, x2, w1, w2, b, z))


def about_the_line(x1, x2, w1, w2, b, z):
    """Where the line runs, if there is one, and on which side of it the point is."""
    if (w1, w2) == (0, 0):
        return [say("Both weights are 0: the neuron gives the same answer everywhere, and draws no line.")]
    if abs(b) > 3 * (abs(w1) + abs(w2)) + 1e-9:  # for inputs from −3 to 3, x1 w1 + x2 w2 is at most this far from 0
        if b > 0:
            return [say("The line where z = 0 is outside the picture: a is above ½ everywhere in it.")]
        return [say("The line where z = 0 is outside the picture: a is below ½ everywhere in it.")]
    point = {"x1": fixed(x1), "x2": fixed(x2)}
    if z == 0:
        side = say("The point ({x1}, {x2}) is on the line: a is ½.", **point)
    elif z > 0:
        side = say("The point ({x1}, {x2}) is on the side where a is above ½.", **point)
    else:
        side = say("The point ({x1}, {x2}) is on the side where a is below ½.", **point)
    return [say("The line where z = 0 cuts the plane in two, at a right angle to the arrow of the weights."), side]
