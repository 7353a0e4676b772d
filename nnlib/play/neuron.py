"""A neuron with two inputs: its weighted input, its output, and the line that it draws. Lesson 1."""

import numpy as np
from ipywidgets import FloatSlider

from nnlib import plots
from nnlib.activations import sigmoid
from nnlib.play.frame import Play

SPAN = np.linspace(-3, 3, 121)


def neuron():
    """Sliders for two inputs, two weights and the bias. The picture shows the answer to every pair of inputs."""
    start = {"x1": 1.0, "x2": 0.5, "w1": 1.0, "w2": -2.0, "b": 0.5}
    return Play(draw, **{name: FloatSlider(value, min=-3, max=3, step=0.1, description=name) for name, value in start.items()})


def draw(x1, x2, w1, w2, b):
    """The plane of inputs, coloured by a = σ(x1 w1 + x2 w2 + b), with the line where a = ½."""
    z = x1 * w1 + x2 * w2 + b
    a = float(sigmoid(z))
    fig, ax = plots.figure(5.4, 4.2)
    colours = ax.imshow(
        sigmoid(SPAN * w1 + SPAN[:, None] * w2 + b), extent=(-3, 3, -3, 3), origin="lower", cmap="PuOr_r", vmin=0, vmax=1, alpha=0.8
    )  # fmt: skip
    if (w1, w2) != (0, 0):
        ax.plot(*points_on_line(w1, w2, b), color=plots.BLACK, label="z = 0, a = ½")
        ax.legend(loc="upper right", frameon=True)
    ax.plot(x1, x2, "o", color=plots.BLACK, markersize=9, markerfacecolor="white", markeredgewidth=2)
    ax.set(xlabel="x1", ylabel="x2", xlim=(-3, 3), ylim=(-3, 3), title=f"z = {z:.2f}, a = σ(z) = {a:.2f}")
    fig.colorbar(colours, label="a")
    return fig, sentence(x1, x2, w1, w2, b, z, a)


def points_on_line(w1, w2, b):
    """Two far points of x1 w1 + x2 w2 + b = 0: from the foot of the perpendicular, along the line, both ways."""
    foot = -b * np.array([w1, w2]) / (w1**2 + w2**2)
    along = 20 * np.array([-w2, w1]) / np.hypot(w1, w2)
    return np.array([foot - along, foot + along]).T


def sentence(x1, x2, w1, w2, b, z, a):
    """What the picture shows, in words."""
    sum_ = f"z = ({x1:.1f})·({w1:.1f}) + ({x2:.1f})·({w2:.1f}) + ({b:.1f}) = {z:.2f}, so a = {a:.2f}.".replace("-", "−")
    if (w1, w2) == (0, 0):
        return f"{sum_} Both weights are 0: the neuron gives the same answer everywhere, and draws no line."
    side = "on the line" if abs(z) < 1e-9 else "on the side where a is above ½" if z > 0 else "on the side where a is below ½"
    point = f"({x1:.1f}, {x2:.1f})".replace("-", "−")
    return f"{sum_} The line where z = 0 cuts the plane in two, and the point {point} is {side}."
