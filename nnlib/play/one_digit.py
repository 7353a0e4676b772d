"""One hidden neuron at work on one image: pixels, weights, their products, the sum, and what comes of it. Lesson 5."""

from typing import NamedTuple

import numpy as np
from ipywidgets import BoundedIntText, IntSlider
from matplotlib import colormaps

from nnlib import plots
from nnlib._support.arguments import check_images, check_labels, check_weights
from nnlib._support.language import say
from nnlib.activations import ACTIVATIONS
from nnlib.play.frame import Play
from nnlib.play.numbers import a_digit, fixed, signed
from nnlib.play.words import together

NAMES = {"sigmoid": "σ", "tanh": "tanh", "relu": "ReLU"}
ABOVE, BELOW = colormaps["PuOr_r"]([0.85, 0.1])  # orange and purple, as the weights have them


def forward_pass(net, X, y):
    """Choose an image and a neuron of layer 1: how z1 = Σ x · w + b1 and a1 come about, and what the network answers.

    Parameters
    ----------
    net : Network
        With 784 inputs and at least one hidden layer.
    X : array, shape (n, 784)
    y : int array, shape (n,)
        The digits that the images are.
    """
    check_weights(net)
    if net.n_layers < 2 or net.sizes[0] != 784:
        raise ValueError(f"net must have 784 inputs and at least one hidden layer, like [784, 100, 10]; got {net!r}.")
    X = check_images(X, 784)
    y = check_labels(y, len(X), net.sizes[-1])
    return Play(
        lambda image, neuron: draw(net, X, y, image, neuron),
        image=BoundedIntText(0, min=0, max=len(X) - 1, description=say("image"), layout={"width": "12em"}),
        neuron=IntSlider(0, min=0, max=net.sizes[1] - 1, description=say("neuron")),
    )


class Work(NamedTuple):
    """What a neuron makes of an image, and what the network answers."""

    x: np.ndarray  # (784,), as the next two
    w: np.ndarray
    products: np.ndarray
    above: float  # the sum of the products above 0
    below: float
    b1: float
    z1: float
    a1: float
    answer: np.ndarray


def work(net, x, neuron):
    """The work of a neuron on an image x (784,), in float64: no machine and no page rounds three decimals otherwise."""
    net, x = net.copy(np.float64), x.astype(np.float64)
    cache = net.propagate(x[None, :])
    w = net.params["W1"][:, neuron]
    products = x * w
    above, below = float(products[products > 0].sum()), float(products[products < 0].sum())
    z1, a1 = float(cache["z1"][0, neuron]), float(cache["a1"][0, neuron])
    return Work(x, w, products, above, below, float(net.params["b1"][neuron]), z1, a1, cache[f"a{net.n_layers}"][0])


def draw(net, X, y, image, neuron):
    """Above the image, the weights and their products; below the sum, the activation and the network's answer."""
    found = work(net, X[image], neuron)
    fig, axes = plots.figure(
        8.2, 4.4, 2, 3, layout="none", height_ratios=(1.05, 1)
    )  # fixed: to find a layout takes half of the time
    fig.subplots_adjust(left=0.16, right=0.9, bottom=0.12, top=0.94, wspace=0.25, hspace=0.25)
    limit = 4 * net.params["W1"].std()  # the same colours for every neuron
    pictures(axes[0], found.x, found.w, found.products, limit)
    steps(axes[1, 0], found.above, found.below, found.b1, found.z1)
    curve(axes[1, 1], net.activation, found.z1, found.a1)
    outputs(axes[1, 2], found.answer, y[image])
    return fig, sentence(net, image, neuron, y[image], found)


def pictures(axes, x, w, products, limit):
    """x, w and x · w as 28 × 28 images; the last two in the same colours, white for 0."""
    titles = say("image x"), say("weights w"), say("products x · w")
    for ax, values, title in zip(axes, (x, w, products), titles, strict=True):
        colours = (
            {"cmap": "gray_r", "vmin": 0, "vmax": 1}
            if values is x
            else {"cmap": "PuOr_r", "vmin": -limit, "vmax": limit}
        )
        shown = ax.imshow(values.reshape(28, 28), **colours)
        ax.set_axis_off()
        ax.set_title(title, loc="center")
    for ax, sign in zip(axes[:2], "·=", strict=True):
        ax.text(1.125, 0.5, sign, transform=ax.transAxes, ha="center", va="center", fontsize=24)
    bar = axes[2].figure.colorbar(
        shown, cax=axes[2].inset_axes([1.06, 0, 0.05, 1]), extend="both", ticks=[-limit, 0, limit], format="%.2g"
    )
    bar.set_label(say("purple below 0, orange above"), fontsize=8)


def steps(ax, above, below, b1, z1):
    """The sum as steps: up by the products above 0, down by those below, then the bias; where it ends is z1."""
    parts = [(say("above 0"), 0, above), (say("below 0"), above, below), ("b1", above + below, b1), ("z1", 0, z1)]
    for row, (_, start, length) in enumerate(parts):
        ax.barh(row, length, left=start, color=ABOVE if length >= 0 else BELOW, height=0.6)
    ax.axvline(0, color=plots.BLACK, linewidth=1)
    ax.axvline(z1, color=plots.BLACK, linewidth=1, linestyle=":")
    ax.set_yticks(range(4), [f"{label}   {signed(length, 3)}" for label, _, length in parts])
    ax.set(ylim=(3.6, -0.6), title=say("the sum: z1"))


def curve(ax, activation, z1, a1):
    """The activation, with the point (z1, a1)."""
    reach = max(5, 1.15 * abs(z1))
    z = np.linspace(-reach, reach, 201)
    ax.plot(z, ACTIVATIONS[activation][0](z), color="#555555")
    ax.plot([z1, z1], [0, a1], ":", color=plots.BLACK, linewidth=1)
    ax.plot(z1, a1, "o", color=plots.BLACK, markersize=9, markerfacecolor="white", markeredgewidth=2)
    ax.locator_params(nbins=3)
    ax.set(xlabel="z1", title=f"a1 = {NAMES[activation]}(z1) = {fixed(a1, 3)}")


def outputs(ax, answer, label):
    """The network's outputs as bars; the largest is the answer."""
    read = answer.argmax()
    colours = [
        plots.ORANGE if k == read != label else plots.BLUE if k == read else plots.SKY for k in range(len(answer))
    ]
    ax.bar(range(len(answer)), answer, color=colours)
    ax.set(
        xlabel=say("output"),
        ylim=(0, 1),
        yticks=[0, 0.5, 1],
        xticks=range(len(answer)),
        title=say("it is {digit}, read as {read}", digit=a_digit(label), read=read),
    )


def sentence(net, image, neuron, label, found):
    """What the picture shows, in words."""
    above, below, b1, z1, a1 = (fixed(x, 3) for x in (found.above, found.below, found.b1, found.z1, found.a1))
    read = found.answer.argmax()
    z1 = f"{above} − {fixed(abs(found.below), 3)} {signed(found.b1, 3, ' ')} = {z1}"
    a1 = f"{NAMES[net.activation]}(z1) = {a1}"
    largest = fixed(found.answer[read], 3)
    return together(
        say("Image {image} is {digit}.", image=image, digit=a_digit(label)),
        say("Neuron {neuron} of layer 1 multiplies each pixel by its weight.", neuron=neuron),
        say(
            "The products above 0 add up to {above}, those below 0 to {below}, and b1 is {b1}.",
            above=above,
            below=below,
            b1=b1,
        ),
        say("Together: z1 = {z1}, and a1 = {a1}.", z1=z1, a1=a1),
        say(
            "The whole network reads it as {read}: output {read} is the largest, {largest}.", read=read, largest=largest
        ),
    )
