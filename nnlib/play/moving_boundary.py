"""A boundary that moves while a small network learns where it must run. Lessons 1 and 6."""

import numpy as np
from ipywidgets import IntSlider

from nnlib import plots
from nnlib._support.arguments import check_choice, check_number
from nnlib._support.language import later, say
from nnlib.activations import ACTIVATIONS
from nnlib.network import Network
from nnlib.play.frame import Live, choice, stepped
from nnlib.play.learner import RATES, Learner
from nnlib.play.neuron_line import points_on_line
from nnlib.play.numbers import percent
from nnlib.play.words import together

POINTS = 200
BATCH = 20
EPOCH = POINTS // BATCH  # steps
UP_TO_10 = [rate for rate in RATES if rate <= 10]
# Fixed: to fit them anew to each picture takes as long as to draw it, and the panels would tremble.
SIDES = {"left": 0.08, "right": 0.975, "bottom": 0.13, "top": 0.91, "wspace": 0.16, "width_ratios": [1.4, 1]}
SPAN = np.linspace(-1.5, 1.5, 61)
GRID = np.stack(np.meshgrid(SPAN, SPAN), axis=-1).reshape(-1, 2).astype(np.float32)  # (3721, 2)


def moons(rng):
    """Two half circles that reach into each other."""
    y = np.arange(POINTS) % 2
    angle = rng.uniform(0, np.pi, POINTS) + np.pi * y
    return np.stack([0.7 * np.cos(angle) + 0.7 * y - 0.35, 0.7 * np.sin(angle) + 0.25 * y - 0.12], axis=1), y


def ring(rng):
    """A disc, and a ring around it."""
    y = np.arange(POINTS) % 2
    angle = rng.uniform(0, 2 * np.pi, POINTS)
    radius = np.where(y, rng.uniform(0.8, 1.1, POINTS), 0.45 * np.sqrt(rng.uniform(0, 1, POINTS)))
    return radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1), y


def xor(rng):
    """Four squares; those that lie across from each other belong together."""
    X = rng.uniform(0.15, 1, (POINTS, 2)) * rng.choice([-1, 1], (POINTS, 2))
    return X, (X[:, 0] * X[:, 1] > 0).astype(int)


DATA = {later("two moons"): moons, later("disc in a ring"): ring, "XOR": xor}


def toy(data):
    """The points of a data set, X (200, 2) and y (200,): by its rule, a little noise, and always the same."""
    rng = np.random.default_rng(0)
    X, y = DATA[data](rng)
    return (X + rng.normal(0, 0.06, X.shape)).astype(np.float32), y


def boundary(activation="tanh", epochs=0):
    """Two inputs, one hidden layer, two classes: see where the network draws the line, and with which lines.

    Parameters
    ----------
    activation : {"sigmoid", "tanh", "relu"}
        Of the hidden layer, to begin with.
    epochs : int
        So many are trained before it is shown. *Begin again* goes back to the first weights.
    """
    check_choice(activation, ACTIVATIONS, "activation")
    epochs = check_number(epochs, "epochs", low=0, high=1000, integer=True)
    run = Run("disc in a ring", 3, activation)
    for _ in range(epochs * EPOCH):
        run.step(1.0)
    play = Boundary(
        run.draw,
        run.step,
        run.restart,
        EPOCH,
        EPOCH,
        data=choice(say("data"), [(say(name), name) for name in DATA], "disc in a ring"),
        hidden=IntSlider(3, min=1, max=12, description=say("hidden neurons"), style={"description_width": "initial"}),
        activation=choice(say("activation"), [("sigmoid", "sigmoid"), ("tanh", "tanh"), ("ReLU", "relu")], activation),
        lr=stepped("lr", UP_TO_10, 1),
    )
    play.steps = epochs * EPOCH
    return play


class Boundary(Live):
    """A `Live` that begins again for other data and another network; the learning rate changes on the way."""

    def show(self, change=None):
        """Draw again; for other data or another network, from the start."""
        if change is None or change.owner is self.controls["lr"]:
            super().show(change)
        else:
            self.begin_again()


class Run:
    """One training on one of the data sets."""

    def __init__(self, data, hidden, activation):
        self.restart(data, hidden, activation)

    def restart(self, data, hidden, activation, lr=None):
        """New first weights, the same for the same choice."""
        self.learner = Learner(Network([2, hidden, 2], activation, "softmax"), *toy(data))

    def step(self, lr, **choice):
        """One step with 20 points."""
        self.learner.step(lr, BATCH)

    def draw(self, lr, **choice):
        """The plane coloured by the answer, the lines of the hidden neurons, and the loss beside it."""
        fig, (left, right) = plots.figure(7.4, 4, 1, 2, layout="none", gridspec_kw=SIDES)
        with np.errstate(all="ignore"):  # a network that has blown up can still be looked at
            draw_plane(left, self.learner)
            draw_loss(right, self.learner.losses)
            return fig, self.sentence(lr)

    def sentence(self, lr):
        """What the picture shows, in words."""
        learner = self.learner
        right = percent(learner.right(learner.X, learner.y))
        values = {"done": done(learner), "neurons": neurons(learner.net), "share": right, "points": POINTS}
        if learner.losses:
            text = say(
                "{done} with {neurons}: loss {loss:.3f}, {share} of {points} points on the right side.",
                loss=learner.loss,
                **values,
            )
        else:
            text = say("{done} with {neurons}: {share} of {points} points on the right side.", **values)
        answers = learner.outputs(GRID).argmax(axis=1)
        same = answers.min() == answers.max()
        return together(
            text,
            say("The learning rate is {lr:.3g}.", lr=lr),
            say("The network puts every point on the same side: it draws no boundary.") if same else "",
        )


def done(learner):
    """How much was learned: 3 steps, 1 epoch, 2.5 epochs."""
    steps = len(learner.losses)
    if 0 < steps < EPOCH:
        return say("1 step") if steps == 1 else say("{steps} steps", steps=steps)
    return say("1 epoch") if learner.epochs == 1 else say("{epochs:g} epochs", epochs=learner.epochs)


def neurons(net):
    """How many hidden neurons a network has, and of which kind."""
    activation = "ReLU" if net.activation == "relu" else net.activation
    if net.sizes[1] == 1:
        return say("1 hidden neuron ({activation})", activation=activation)
    return say("{count} hidden neurons ({activation})", count=net.sizes[1], activation=activation)


def draw_plane(ax, learner):
    """The answers, the boundary where both outputs are ½, the points, and each hidden neuron's line z = 0."""
    net, X, y = learner.net, learner.X, learner.y
    share = learner.outputs(GRID)[:, 1].reshape(len(SPAN), len(SPAN))
    look = {
        "cmap": "PuOr_r",
        "vmin": -0.5,
        "vmax": 1.5,
        "alpha": 0.9,
        "interpolation": "bilinear",
    }  # its lighter colours
    ax.imshow(share, extent=(-1.5, 1.5, -1.5, 1.5), origin="lower", **look)
    for (w1, w2), b in zip(net.params["W1"].T, net.params["b1"], strict=True):
        ax.plot(*points_on_line(w1, w2, b), "--", color="#555555", linewidth=1)
    if share.min() < 0.5 < share.max():
        ax.contour(SPAN, SPAN, share, levels=[0.5], colors=plots.BLACK, linewidths=2.2)
    for label, marker, colour in ((0, "o", plots.BLUE), (1, "^", plots.ORANGE)):
        ax.plot(*X[y == label].T, marker, color=colour, markersize=5, markeredgecolor=plots.BLACK, markeredgewidth=0.5)
    title = say("Boundary, and the hidden neurons' lines")
    ax.set(xlabel="x1", ylabel="x2", xlim=(-1.5, 1.5), ylim=(-1.5, 1.5), title=title)
    ax.grid(False)
    ax.locator_params(nbins=4)


def draw_loss(ax, losses):
    """The mean loss of each epoch."""
    means = np.reshape(losses[: len(losses) // EPOCH * EPOCH], (-1, EPOCH)).mean(axis=1)
    ax.plot(np.arange(1, len(means) + 1), means, color=plots.BLUE)
    ax.set(
        xlabel=say("epoch"), title=say("Loss"), ylim=(0, 1.1 * max(means, default=0.7)), xlim=(0, max(20, len(means)))
    )
    ax.locator_params(nbins=4)
