"""Training while you watch: the loss, the accuracy, and the weights of hidden neurons as they form. Lesson 4."""

import numpy as np

from nnlib import plots
from nnlib._support.arguments import check_images, check_labels, check_number
from nnlib._support.language import say
from nnlib.network import Network
from nnlib.play.frame import Live, choice, stepped
from nnlib.play.learner import RATES, ROUGH, Learner
from nnlib.play.numbers import percent
from nnlib.play.words import together

EVERY = 25  # steps from one picture to the next
MEASURED = 1000  # validation images on which the accuracy is measured, for each picture
NEURONS = 12  # hidden neurons whose weights are shown
KEPT = 600  # steps until the picture that stays where no kernel runs
# Fixed: to fit them anew to each picture takes as long as to draw it, and the panels would tremble.
SIDES = {"left": 0.05, "right": 0.985, "bottom": 0.17, "top": 0.88, "wspace": 0.22, "width_ratios": [1, 1, 1.2]}


def training(X, y, X_val, y_val, hidden=30):
    """Train a network with one hidden layer, sigmoids and the squared error, and turn the knobs while it runs.

    Parameters
    ----------
    X, y : arrays, shapes (n, 784) and (n,)
        Images to learn from, and their labels.
    X_val, y_val : arrays, shapes (m, 784) and (m,)
        The accuracy is measured on the first 1,000 of them.
    hidden : int
        Hidden neurons.
    """
    X, X_val = check_images(X, 784), check_images(X_val, 784, "X_val")
    y, y_val = check_labels(y, len(X), 10), check_labels(y_val, len(X_val), 10, "y_val")
    check_number(hidden, "hidden", low=1, integer=True)
    run = Run(X, y, X_val[:MEASURED], y_val[:MEASURED], hidden)
    live = Training(
        run.draw,
        run.step,
        run.restart,
        lambda: run.learner.epochs,
        EVERY,
        lr=stepped("lr", RATES, 0.5),
        batch_size=choice(say("batch size"), [1, 10, 50, 200, 1000], 50),
    )
    live.training = run
    return live


class Training(Live):
    """A `Live` that shows a reader without a kernel what becomes of the weights: a run of its own, some steps on."""

    def still(self):
        """The picture after 600 steps with the knobs as they stand; of a run that has begun, its last one."""
        run, values = self.training, self.values()
        if run.learner.losses:
            return super().still()
        later = Run(*run.data, *run.validation, run.hidden)
        for _ in range(KEPT):
            later.step(**values)
        return plots.show(*later.draw(**values))


class Run:
    """One training, from its first step on, with what was measured."""

    def __init__(self, X, y, X_val, y_val, hidden):
        self.data, self.validation, self.hidden = (X, y), (X_val, y_val), hidden
        self.restart()

    def restart(self, **values):
        """Back to the same first weights."""
        self.learner = Learner(Network([784, self.hidden, 10]), *self.data)
        self.accuracies = {}  # by step
        self.measure()

    def measure(self):
        """The share of the validation images that is read right after the last step. It is measured once, and kept."""
        steps = len(self.learner.losses)
        if steps not in self.accuracies:
            self.accuracies[steps] = self.learner.right(*self.validation)
        return self.accuracies[steps]

    def step(self, lr, batch_size):
        """One step; from time to time the accuracy after it, for its curve."""
        self.learner.step(lr, batch_size)
        if len(self.learner.losses) % EVERY == 0:
            self.measure()

    def draw(self, lr, batch_size):
        """Loss, accuracy, and the weights of the first hidden neurons."""
        self.measure()
        fig, axes = plots.figure(9, 3, 1, 3, layout="none", gridspec_kw=SIDES)
        draw_losses(axes[0], self.learner)
        draw_accuracies(axes[1], self.accuracies)
        draw_weights(axes[2], self.learner.net.params["W1"])
        return fig, self.sentence(lr, batch_size)

    def sentence(self, lr, batch_size):
        """What the picture shows, in words."""
        learner = self.learner
        right = {"share": percent(self.measure()), "count": len(self.validation[0])}
        if not learner.losses:
            text = say("Before the first step {share} of {count:,} validation images are read right.", **right)
        else:
            text = say(
                "Step {steps:,}, {epochs:.2f} epochs: the loss is {loss:.3f}, "
                "and {share} of {count:,} validation images are read right.",
                steps=len(learner.losses),
                epochs=learner.epochs,
                loss=learner.loss,
                **right,
            )
        knobs = say("The learning rate is {lr:.3g}, the batch size {batch_size}.", lr=lr, batch_size=batch_size)
        return together(text, knobs, self.dead() if learner.dead() else "")

    def dead(self):
        """That the network learns nothing any more, and what to do."""
        return say(
            "The network is as good as dead: in {steps} steps no gradient was above {largest:.1g}, "
            "so the steps change next to nothing. Begin again with a smaller learning rate.",
            steps=ROUGH,
            largest=max(self.learner.gradients[-ROUGH:]),
        )


def draw_losses(ax, learner):
    """The loss of each step, thin, its mean, and dotted lines where a knob was turned."""
    losses = np.array(learner.losses)
    steps = np.arange(1, len(losses) + 1)
    few = slice(None, None, 1 + len(losses) // 1000)  # a thousand points fill the panel
    ax.plot(steps[few], losses[few], color=plots.SKY, linewidth=0.7, label=say("each step"))
    if len(losses) >= ROUGH:
        mean = np.convolve(losses, np.full(ROUGH, 1 / ROUGH), "valid")
        ax.plot(steps[ROUGH - 1 :][few], mean[few], color=plots.BLUE, label=say("mean of {count}", count=ROUGH))
    turned = np.array(learner.changed()) + 0.5
    ax.vlines(turned, 0, 1, transform=ax.get_xaxis_transform(), color="#777777", linestyle=":", linewidth=1)
    ax.set(
        xlabel=say("step"), title=say("Loss"), ylim=(0, 1.1 * max(losses, default=1.2)), xlim=(0, max(100, len(losses)))
    )
    ax.locator_params(nbins=4)  # each number at an axis takes its time to draw
    if len(losses):
        ax.legend(loc="upper right")


def draw_accuracies(ax, accuracies):
    """The accuracy on the validation images, wherever it was measured."""
    steps, shares = np.array(list(accuracies)), 100 * np.array(list(accuracies.values()))
    ax.plot(steps, shares, "-o" if len(steps) < 20 else "-", color=plots.ORANGE, markersize=3)
    ax.set(xlabel=say("step"), title=say("Validation accuracy in %"), ylim=(0, 100), xlim=(0, max(100, steps[-1])))
    ax.locator_params(nbins=4)


def draw_weights(ax, W1):
    """The weights of the first hidden neurons, each as an image of its 784 inputs."""
    limit = np.abs(W1[:, :NEURONS]).max()
    ax.imshow(mosaic(W1[:, :NEURONS]), cmap="PuOr_r", vmin=-limit, vmax=limit)
    ax.set_axis_off()
    count = min(NEURONS, W1.shape[1])
    ax.set_title(say("Weights of {count} neurons, −{limit:.1f} to {limit:.1f}", count=count, limit=limit))


def mosaic(W1, columns=4):
    """The columns of W1 (784, neurons) as 28 × 28 images side by side, with a line of NaN between them."""
    rows = -(-W1.shape[1] // columns)
    tiles = np.full((rows * columns, 30, 30), np.nan)
    tiles[: W1.shape[1], 1:-1, 1:-1] = W1.T.reshape(-1, 28, 28)
    return tiles.reshape(rows, columns, 30, 30).swapaxes(1, 2).reshape(rows * 30, columns * 30)
