"""How the time of an epoch grows with images, units, layers and batch size, beside the operation count. Lesson 4.

    python -m uv run python -m workshop.benchmarks.growth

Every setting is one change away from BASE, and trains for one epoch on one BLAS thread. All settings take turns, so
that whatever else the machine does slows all of them alike; the median of the turns counts. What is measured goes to
the screen, to data/results/growth.json and, as a figure, to workshop/benchmarks/growth.png. The run takes about two
minutes.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits
from tqdm import tqdm

import nnlib
from nnlib import plots
from nnlib.data import training_digits
from workshop.results import store

FIGURE = Path(__file__).with_name("growth.png")
TURNS = 21
TICKS = (0.01, 0.03, 0.1, 0.3, 1)  # seconds, on the figure


@dataclass(frozen=True)
class Setting:
    """What decides how long an epoch takes."""

    images: int = 20_000
    hidden_units: int = 100
    hidden_layers: int = 1
    batch_size: int = 50

    @property
    def sizes(self):
        """The sizes of the layers, as `Network` takes them."""
        return [784, *[self.hidden_units] * self.hidden_layers, 10]

    def seconds(self, X, y):
        """How long one epoch takes."""
        history = nnlib.train(
            nnlib.Network(self.sizes),
            X[: self.images],
            y[: self.images],
            epochs=1,
            batch_size=self.batch_size,
            optimizer=nnlib.SGD(lr=0.5),
            progress=False,
        )
        return history.seconds[0]


BASE = Setting()
PANELS = {
    "images": (2_500, 5_000, 10_000, 20_000, 40_000),
    "hidden_units": (25, 50, 100, 200, 400, 800),
    "hidden_layers": (1, 2, 3, 4, 5, 6),
    "batch_size": (5, 10, 20, 50, 100, 200, 500),
}


def multiply_adds(sizes, images):
    """Multiplications, each with its addition, of one forward and one backward pass.

    For each image, a layer of n_in inputs and n_out units takes n_in · n_out of them for z = a W, as many for
    dW = aᵀ dz, and as many for da = dz Wᵀ, which the first layer does not need. Activations, biases and the optimiser's
    step are not counted.
    """
    of_layer = [n_in * n_out for n_in, n_out in pairwise(sizes)]
    return images * (3 * sum(of_layer) - of_layer[0])


def measure():
    """Seconds of each setting in each turn, as a dictionary of lists."""
    settings = list(
        dict.fromkeys(replace(BASE, **{panel: value}) for panel, values in PANELS.items() for value in values)
    )
    X, y = training_digits(max(setting.images for setting in settings))
    seconds = {setting: [] for setting in settings}
    with threadpool_limits(1, user_api="blas"):
        BASE.seconds(X, y)  # a process's first epoch is slower
        for _ in tqdm(range(TURNS), unit="turn"):
            for setting in settings:
                seconds[setting].append(setting.seconds(X, y))
    return seconds


def summary(seconds):
    """By panel its values, multiply-adds, medians and extremes; and the seconds of one multiply-add."""
    count = {setting: multiply_adds(setting.sizes, setting.images) for setting in seconds}
    result = {
        "turns": TURNS,
        "base": vars(BASE),
        # The median, because the settings with small batches are far from all others.
        "seconds_per_multiply_add": float(
            np.median([np.median(seconds[setting]) / count[setting] for setting in seconds])
        ),
        "panels": {},
    }
    for panel, values in PANELS.items():
        settings = [replace(BASE, **{panel: value}) for value in values]
        result["panels"][panel] = {
            "values": list(values),
            "multiply_adds": [count[setting] for setting in settings],
            "seconds": [float(np.median(seconds[setting])) for setting in settings],
            "fastest": [min(seconds[setting]) for setting in settings],
            "slowest": [max(seconds[setting]) for setting in settings],
        }
    return result


def draw(result):
    """The figure: a panel for each quantity, all with the same axis of seconds."""
    fig, axes = plots.figure(8, 5.6, 2, 2, sharey=True)
    constant = result["seconds_per_multiply_add"]
    for ax, (name, panel) in zip(axes.flat, result["panels"].items(), strict=True):
        x, seconds = panel["values"], np.array(panel["seconds"])
        spread = [seconds - panel["fastest"], panel["slowest"] - seconds]
        points = ax.errorbar(x, seconds, spread, fmt="o", color=plots.BLUE, markersize=5, elinewidth=1, zorder=3)
        (line,) = ax.plot(x, constant * np.array(panel["multiply_adds"]), color=plots.ORANGE)
        ax.set(yscale="log", xlabel=name.replace("_", " "))
        if name != "hidden_layers":
            ax.set_xscale("log")
            ax.set_xticks(x, [f"{value:,}" for value in x])
        ax.minorticks_off()
        ax.set_yticks(TICKS, [f"{tick:g}" for tick in TICKS])
    for ax in axes[:, 0]:
        ax.set_ylabel("seconds of an epoch")
    axes[0, 0].legend(
        [points, line], ["measured: median and range", f"multiply-adds × {constant * 1e9:.3f} ns"], loc="upper left"
    )
    fig.savefig(FIGURE, dpi=150)


def main():
    """Measure all settings, store the result and draw the figure."""
    result = summary(measure())
    for name, panel in result["panels"].items():
        print(name.replace("_", " "))
        for value, count, seconds in zip(panel["values"], panel["multiply_adds"], panel["seconds"], strict=True):
            print(f"  {value:6,}: {seconds:6.3f} s, {count / 1e9:6.2f} billion multiply-adds")
    print(f"one multiply-add: {result['seconds_per_multiply_add'] * 1e9:.3f} ns at the median of all settings")
    draw(result)
    store("growth", result)


if __name__ == "__main__":
    main()
