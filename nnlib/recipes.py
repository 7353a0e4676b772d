"""Recipes: the training runs that take longer than a lesson, as data, and what came of them. Lessons 4 and 7.

``python -m workshop.train`` runs them. Every choice in them was made on images held back from the training set.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from nnlib._support.language import later, say
from nnlib.augmentation import Augment, deslant
from nnlib.data import DATA
from nnlib.evaluation import mean_over_shifts
from nnlib.network import Network
from nnlib.optimizers import SGD, Adam, Momentum, cosine
from nnlib.training import train

RESULTS = DATA / "results"
SEEDS = range(5)
OPTIMIZERS = {"SGD": SGD, "momentum": Momentum, "Adam": Adam}


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a training run, but for the seed and the images.

    The parameters are those of `Network`, `train` and the optimiser; ``optimizer`` is a name in ``OPTIMIZERS``. Biases
    start at 0, or normally distributed with the standard deviation ``bias_std``. With ``deslant`` the network sees
    upright digits, in training (before they are distorted) and afterwards; with ``shifts`` it answers with
    `mean_over_shifts`.
    """

    name: str
    sizes: tuple = (784, 100, 10)
    activation: str = "sigmoid"
    output: str = "sigmoid"
    init_std: float | None = None
    bias_std: float = 0.0
    l2: float = 0.0
    dropout: float = 0.0
    optimizer: str = "SGD"
    lr: float = 0.5
    schedule: bool = False
    epochs: int = 20
    batch_size: int = 50
    augment: Augment | None = None
    deslant: bool = False
    shifts: bool = False

    @property
    def label(self):
        """The name, in the reader's language."""
        return say(self.name)

    def start(self, seed=0):
        """The network before its first step."""
        options = {"init_std": self.init_std, "l2": self.l2, "dropout": self.dropout, "seed": seed}
        net = Network(self.sizes, self.activation, self.output, **options)
        rng = np.random.default_rng([seed, 3])  # neither the weights' numbers nor those of `train`
        for l in range(1, net.n_layers + 1) if self.bias_std else ():
            net.params[f"b{l}"] += rng.normal(0, self.bias_std, net.params[f"b{l}"].shape).astype(np.float32)
        return net

    def run(self, X, y, seed=0, validation=None, checkpoint=None, progress=False):
        """Train a network by this recipe; the arguments are those of `train`. `outputs` tells what it answers.

        Returns
        -------
        net : Network
        history : History
        """
        net = self.start(seed)
        history = train(
            net,
            self._see(X),
            y,
            epochs=self.epochs,
            batch_size=self.batch_size,
            optimizer=OPTIMIZERS[self.optimizer](self.lr),
            schedule=cosine if self.schedule else None,
            augment=self.augment,
            validation=validation and (self._see(validation[0]), validation[1]),
            checkpoint=checkpoint,
            progress=progress,
        )
        return net, history

    def outputs(self, net, X):
        """What a network of this recipe answers for X (n, 784), shape (n, 10)."""
        return mean_over_shifts(net, self._see(X)) if self.shifts else net.forward(self._see(X))

    def _see(self, X):
        return deslant(X) if self.deslant else X


# Lesson 4: chapter 1 of Michael Nielsen's book "Neural Networks and Deep Learning" (2015) trains this network on 50,000
# images and reports the best epoch on the test set: 95.42 %. With 100 hidden neurons, 96.59 %.
NIELSEN_30 = Recipe("Nielsen, 30 hidden", (784, 30, 10), init_std=1.0, bias_std=1.0, lr=3.0, epochs=30, batch_size=10)
NIELSEN_100 = replace(NIELSEN_30, name="Nielsen, 100 hidden", sizes=(784, 100, 10))
NIELSEN_SEEDS = range(20)

# Lesson 7's table. Each recipe is one change away from the one that `replace` starts from.
START = Recipe("lesson 4's network")
SOFTMAX = replace(START, name="softmax and cross-entropy", output="softmax", lr=1.0)
RELU = replace(SOFTMAX, name="ReLU and its initialisation", activation="relu", lr=0.2)
MOMENTUM = replace(RELU, name="momentum", optimizer="momentum", lr=0.02)
ADAM = replace(RELU, name="Adam", optimizer="Adam", lr=0.001)
SCHEDULE = replace(MOMENTUM, name="cosine schedule", schedule=True)
LARGER = replace(SCHEDULE, name="more units: 784-400-200-10", sizes=(784, 400, 200, 10))
L2 = replace(LARGER, name="L2", l2=0.0002)
DROPOUT = replace(LARGER, name="dropout", dropout=0.3)
SHIFT = replace(LARGER, name="shifts", augment=Augment(shift=1))
ROTATION = replace(SHIFT, name="rotation, size and slant", augment=Augment(shift=1, rotation=12, scale=0.15, shear=0.2))
ELASTIC = replace(ROTATION, name="elastic distortion", augment=replace(ROTATION.augment, elastic=1.0))

# (recipe, the recipe it is compared with)
ABLATION = [
    (START, None),
    (SOFTMAX, START),
    (RELU, SOFTMAX),
    (MOMENTUM, RELU),
    (ADAM, RELU),
    (SCHEDULE, MOMENTUM),
    (LARGER, SCHEDULE),
    (L2, LARGER),
    (DROPOUT, LARGER),
    (SHIFT, LARGER),
    (ROTATION, SHIFT),
    (ELASTIC, ROTATION),
]
# Lesson 7 beside the table: one network on 100 to 50,000 images, and how much L2, dropout and augmentation are worth.
IMAGES = (100, 500, 2000, 10_000, 50_000)
FEW = replace(SCHEDULE, name="few images", sizes=(784, 200, 10), lr=0.05)
FEW_SEARCH = {"lr": (0.02, 0.05, 0.1, 0.2, 0.5), "l2": (1e-5, 1e-4, 1e-3, 1e-2), "dropout": (0.1, 0.3, 0.5, 0.7)}
# Chapter 3 of Nielsen's book: with λ = 5 / 50,000 a network gains a point. Is it the weights that it starts from?
LARGE_START = Recipe(
    "large first weights", (784, 30, 10), output="softmax", init_std=1.0, bias_std=1.0, epochs=30, batch_size=10
)
SMALL_START = replace(LARGE_START, name="first weights that fit", init_std=None, bias_std=0.0)
NIELSEN_L2 = 0.0001
LEARNING_RATES = {
    START: (0.5, 1.0, 2.0, 4.0),
    SOFTMAX: (0.2, 0.5, 1.0, 2.0),
    RELU: (0.05, 0.1, 0.2, 0.5),
    MOMENTUM: (0.005, 0.01, 0.02, 0.05),
    ADAM: (0.0005, 0.001, 0.002, 0.005),
}
PLAIN = replace(DROPOUT, name="plain")
AUGMENTED = replace(ELASTIC, name="augmented", sizes=(784, 1200, 500, 10), epochs=100, batch_size=100, lr=0.1)
BEST = replace(
    AUGMENTED,
    name="best",
    sizes=(784, 1500, 1000, 500, 10),
    epochs=120,
    batch_size=200,
    lr=0.15,
    deslant=True,
    shifts=True,
)
AS_WRITTEN = replace(AUGMENTED, name="as written", epochs=60, shifts=True)  # sees what is slanted, in a committee
BEST_SEEDS = range(3)
BEGINNING = replace(BEST, name="beginning of the best", epochs=5, batch_size=50)  # on few images, for a test
BEGINNING_SEEDS = range(100, 112)
OTHER_HANDS = 0.6  # the share of the training digits 0, 1 and 7 that come again in another hand
DRAWN_HANDS = 9000  # digits drawn from strokes, in the forms of `nnlib.pad.hands`
RUBBISH = 9000  # drawings that are no digits
TURNED_AWAY = 0.02  # of distorted validation digits and other hands, by the threshold
PRETRAINED = replace(
    ELASTIC,
    name="pretrained",
    sizes=(784, 800, 300, 10),
    epochs=160,
    batch_size=100,
    lr=0.1,
)
PRETRAINED_SEEDS = range(3)
STAND_INS = {  # what lessons 4 and 6 end with: for readers who begin later
    4: Recipe("lesson 4", init_std=0.01, epochs=30),
    6: replace(MOMENTUM, name="lesson 6", sizes=(784, 200, 100, 10), lr=0.05, schedule=True, epochs=8),
}
MY_NETWORKS = Path("my_networks")  # beside the notebooks
SEEN = frozenset(  # keys of stored results that lessons print or draw
    [
        later("squared error"),
        later("logistic"),
        later("lesson 4"),
        later("lesson 5"),
        later("lesson 6"),
        later("shipped"),
        later("all"),
        later("students"),
        later("employees"),
        later("nothing"),
        later("augmentation"),
        later("large first weights"),
        later("first weights that fit"),
        later("raw"),
        later("filled"),
        later("boxed"),
        later("steps"),
    ]
)


class _Result(dict):
    """A dictionary whose keys a reader sees in their own language; it is asked in that or in English."""

    def __init__(self, pairs):
        super().__init__((say(key) if key in SEEN else key, value) for key, value in pairs)

    def __missing__(self, key):
        if key in SEEN and say(key) != key:
            return self[say(key)]
        raise KeyError(key)


def load_result(name):
    """A stored result, as a dictionary. The lessons read them."""
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"), object_pairs_hook=_Result)


def my_network(lesson):
    """The network that you saved at the end of a lesson; where there is none, a stand-in. One line tells which.

    Parameters
    ----------
    lesson : int
        4 for ``my_networks/lesson4.npz`` (784-100-10, sigmoids), 6 for ``my_networks/lesson6.npz`` (784-200-100-10,
        ReLU and softmax). The stand-ins in ``data/`` are made by ``python -m workshop.train stand-ins``.

    Returns
    -------
    net : Network
        A file that is damaged, or whose network does not make 10 outputs of 784 pixels, is not taken.

    Raises
    ------
    ValueError
        ``lesson`` is neither 4 nor 6.
    """
    if lesson not in STAND_INS:
        raise ValueError(f"lesson must be one of {', '.join(map(str, STAND_INS))}, got {lesson!r}.")
    path, stand_in = MY_NETWORKS / f"lesson{lesson}.npz", DATA / f"lesson{lesson}.npz"
    try:
        net = Network.load(path)
        if (net.sizes[0], net.sizes[-1]) != (784, 10):
            raise ValueError(f"{path.as_posix()} holds {net!r}, which does not read digits")
    except FileNotFoundError:
        why = say("There is no {path}", path=path.as_posix())
    except (OSError, ValueError) as error:
        why = str(error).rstrip(".")
    else:
        print(say("Yours, from {path}: {layers}", path=path.as_posix(), layers=_layers(net)))
        return net
    net = Network.load(stand_in)
    print(say("{why}; a stand-in by lesson {lesson}'s recipe: {layers}", why=why, lesson=lesson, layers=_layers(net)))
    return net


def _layers(net):
    """Short enough for a line of a narrow page."""
    return "-".join(map(str, net.sizes))
