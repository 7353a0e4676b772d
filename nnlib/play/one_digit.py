"""One hidden neuron at work on one image: pixels, weights, their products, the sum, and what comes of it. Lesson 5."""

import numpy as np
from ipywidgets import BoundedIntText, IntSlider
from matplotlib import colormaps

from nnlib import plots
from nnlib._support.arguments import check_images, check_labels, check_weights
from nnlib.activations import ACTIVATIONS
from nnlib.play.frame import Play
from nnlib.play.numbers import fixed, signed

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
        image=BoundedIntText(0, min=0, max=len(X) - 1, description="image", layout={"width": "12em"}),
        neuron=IntSlider(0, min=0, max=net.sizes[1] - 1, description="neuron"),
    )


def draw(net, X, y, image, neuron):
    """Above the image, the weights and their products; below the sum, the activation and the network's answer."""
    cache = net.propagate(X[image : image + 1])
    z1, a1, answer = float(cache["z1"][0, neuron]), float(cache["a1"][0, neuron]), cache[f"a{net.n_layers}"][0]
    w, b1 = net.params["W1"][:, neuron], float(net.params["b1"][neuron])
    products = X[image] * w  # (784,)
    above, below = float(products[products > 0].sum()), float(products[products < 0].sum())
    fig, axes = plots.figure(
        8.2, 4.4, 2, 3, layout="none", height_ratios=(1.05, 1)
    )  # fixed: to find a layout takes half of the time
    fig.subplots_adjust(left=0.16, right=0.9, bottom=0.12, top=0.94, wspace=0.25, hspace=0.25)
    pictures(axes[0], X[image], w, products, limit=4 * net.params["W1"].std())  # the same colours for every neuron
    steps(axes[1, 0], above, below, b1, z1)
    curve(axes[1, 1], net.activation, z1, a1)
    outputs(axes[1, 2], answer, y[image])
    return fig, sentence(net, image, neuron, y[image], above, below, b1, z1, a1, answer)


def pictures(axes, x, w, products, limit):
    """x, w and x · w as 28 × 28 images; the last two in the same colours, white for 0."""
    for ax, values, title in zip(axes, (x, w, products), ("image x", "weights w", "products x · w"), strict=True):
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
    bar.set_label("purple below 0, orange above", fontsize=8)


def steps(ax, above, below, b1, z1):
    """The sum as steps: up by the products above 0, down by those below, then the bias; where it ends is z1."""
    parts = [("above 0", 0, above), ("below 0", above, below), ("b1", above + below, b1), ("z1", 0, z1)]
    for row, (_, start, length) in enumerate(parts):
        ax.barh(row, length, left=start, color=ABOVE if length >= 0 else BELOW, height=0.6)
    ax.axvline(0, color=plots.BLACK, linewidth=1)
    ax.axvline(z1, color=plots.BLACK, linewidth=1, linestyle=":")
    ax.set_yticks(range(4), [f"{label}   {signed(length, 3)}" for label, _, length in parts])
    ax.set(ylim=(3.6, -0.6), title="the sum: z1")


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
        xlabel="output",
        ylim=(0, 1),
        yticks=[0, 0.5, 1],
        xticks=range(len(answer)),
        title=f"it is a {label}, read as {read}",
    )


def sentence(net, image, neuron, label, above, below, b1, z1, a1, answer):
    """What the picture shows, in words."""
    read = answer.argmax()
    return (
        f"Image {image} is a {label}. Neuron {neuron} of layer 1 multiplies each pixel by its weight. "
        f"The products above 0 add up to {fixed(above, 3)}, those below 0 to {fixed(below, 3)}, "
        f"and b1 is {fixed(b1, 3)}. Together: z1 = {fixed(above, 3)} − {fixed(abs(below), 3)} "
        f"{signed(b1, 3, ' ')} = {fixed(z1, 3)}, and a1 = {NAMES[net.activation]}(z1) = {fixed(a1, 3)}. "
        f"The whole network reads it as {read}: output {read} is the largest, {fixed(answer[read], 3)}."
    )
