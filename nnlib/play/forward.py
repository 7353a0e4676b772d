"""The way of one digit through the first layer: 784 pixels, the 784 weights of a unit, and the sum that they make. Lesson 5."""

import numpy as np
from ipywidgets import IntSlider

from nnlib import plots
from nnlib.play.frame import Play


def forward_pass(net, X, y):
    """Sliders choose an image and a hidden unit of layer 1.

    Parameters
    ----------
    net : Network
        With 784 inputs and at least one hidden layer.
    X : array, shape (n, 784)
        Images to choose from.
    y : int array, shape (n,)
        Their labels.
    """
    return Play(
        lambda image, unit: draw(net, X[image], int(y[image]), image, unit),
        image=IntSlider(0, min=0, max=len(X) - 1, description="image"),
        unit=IntSlider(0, min=0, max=net.sizes[1] - 1, description="unit"),
    )


def draw(net, x, label, image, unit):
    """Ink, weights, their products pixel by pixel, and the ten outputs."""
    w, b = net.params["W1"][:, unit], float(net.params["b1"][unit])
    cache = net.propagate(x[None, :])
    z, a = float(cache["z1"][0, unit]), float(cache["a1"][0, unit])
    outputs = cache[f"a{net.n_layers}"][0]
    products = x * w
    fig, axes = plots.figure(9.4, 2.9, 1, 4, width_ratios=(1, 1, 1, 1.3))
    axes[0].imshow(x.reshape(28, 28), vmin=0, vmax=1, cmap="gray_r", interpolation="nearest")
    axes[0].set_title(f"image {image}, a {label}")
    limit = float(np.abs(w).max()) or 1.0
    for ax, values, title in ((axes[1], w, f"weights of unit {unit}"), (axes[2], products, "ink × weight")):
        ax.imshow(values.reshape(28, 28), vmin=-limit, vmax=limit, cmap="PuOr_r", interpolation="nearest")
        ax.set_title(title)
    for ax in axes[:3]:
        ax.set(xticks=[], yticks=[])
        ax.grid(False)
    bars = axes[3].bar(range(10), outputs, color=plots.SKY)
    bars[int(outputs.argmax())].set_color(plots.BLUE)
    axes[3].set(xticks=range(10), ylim=(0, 1), xlabel="digit", title="the ten outputs")
    return fig, sentence(image, label, unit, products, b, z, a, int(outputs.argmax()), net.activation)


def sentence(image, label, unit, products, b, z, a, digit, activation):
    """What the picture shows, in words. Orange weights are positive, purple ones negative."""
    f = {"sigmoid": "σ(z1)", "tanh": "tanh(z1)", "relu": "max(0, z1)"}[activation]
    up, down = float(products[products > 0].sum()), float(products[products < 0].sum())
    says = (
        f"Image {image} is a {label}. Ink on the orange weights of unit {unit} adds {up:.2f} to its sum, ink on the purple ones {down:.2f}, "
        f"and the bias {b:.2f}: z1 = {z:.2f}, so a1 = {f} = {a:.2f}. The whole network reads a {digit}."
    )
    return says.replace("-", "−")
