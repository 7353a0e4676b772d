"""From one neuron to a network that reads the digits you draw, in plain NumPy.

The modules on this level are the book. They stand in the order in which the lessons teach them:

``data`` → ``activations`` → ``losses`` → ``network`` → ``gradcheck`` → ``optimizers`` → ``training`` → ``evaluation``
→ ``augmentation``

Beside them stand ``plots`` (the figures), ``museum`` (networks with a bug each) and ``recipes`` (the long training
runs, as data). Four folders hold the rest: ``pad`` (from pen to pixels, and the drawing pad), ``check`` (what answers
an exercise), ``play`` (the things to play with) and ``_support`` (what the book leans on and does not teach).

Everything that a reader needs is a name of this package: ``nnlib.Network``, ``nnlib.train`` and so on. What belongs to
the pad, needs a plotting library or a widget is imported when it is first used.
"""

import importlib

from nnlib._support.language import language
from nnlib.activations import relu, sigmoid, softmax, tanh
from nnlib.augmentation import Augment, deslant
from nnlib.data import DataError, Mnist, load_mnist, one_hot, split
from nnlib.evaluation import (
    accuracy,
    accuracy_interval,
    calibrate,
    calibration_curve,
    calibration_error,
    confusion_matrix,
    mean_over_shifts,
    surest_mistakes,
    threshold_for,
)
from nnlib.gradcheck import GradientError, check_gradients, numerical_gradient, relative_error
from nnlib.losses import cross_entropy, squared_error
from nnlib.network import Network, load_pretrained
from nnlib.optimizers import SGD, Adam, Momentum, cosine
from nnlib.training import History, train

__version__ = "0.1.0"

_WHEN_NEEDED = {  # a module or a room, and what it has
    "nnlib": ["check", "museum", "pad", "play", "plots", "recipes"],
    "nnlib.pad": ["adaptation", "drawing", "hands", "photo"],
    "nnlib.pad.adaptation": ["adapt"],
    "nnlib.pad.drawing": ["picture_to_image", "strokes_to_image"],
    "nnlib.pad.photo": ["photo_to_image"],
    "nnlib.pad.take_home": ["take_home"],
    "nnlib.pad.widget": ["DrawingPad"],
    "nnlib.recipes": ["my_network"],
}
_HOMES = {name: home for home, names in _WHEN_NEEDED.items() for name in names}

__all__ = [
    "SGD", "Adam", "Augment", "DataError", "DrawingPad", "GradientError", "History", "Mnist", "Momentum", "Network",
    "accuracy", "accuracy_interval", "adapt", "calibrate", "calibration_curve", "calibration_error",
    "check_gradients", "confusion_matrix", "cosine", "cross_entropy", "deslant", "language", "load_mnist",
    "load_pretrained", "mean_over_shifts", "my_network", "numerical_gradient", "one_hot", "photo_to_image",
    "picture_to_image", "relative_error", "relu", "sigmoid", "softmax", "split", "squared_error", "strokes_to_image",
    "surest_mistakes", "take_home", "tanh", "threshold_for", "train",
]  # fmt: skip


def __getattr__(name):
    """Import what belongs to the pad, a plot or a widget at its first use, so that ``import nnlib`` stays quick."""
    if name not in _HOMES:
        raise AttributeError(f"nnlib has no {name!r}; it has {', '.join(__all__)}")
    home = _HOMES[name]
    if home in ("nnlib", "nnlib.pad"):
        return importlib.import_module(f"{home}.{name}")
    return getattr(importlib.import_module(home), name)


def __dir__():
    return sorted({*globals(), *__all__, *_HOMES})
