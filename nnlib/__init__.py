"""From one neuron to a network that reads the digits you draw, in plain NumPy.

The modules stand in the order in which the lessons teach them:

``data`` → ``activations`` → ``losses`` → ``network`` → ``gradcheck`` → ``optimizers`` → ``batches``
→ ``checkpoint`` → ``training`` → ``evaluation`` → ``augmentation`` → ``drawing`` → ``hands`` → ``photo`` → ``adaptation`` → ``pad``

Beside them stand ``checks`` (what comes in is looked at once, at the door), ``check`` (the answers, hints and progress of
the exercises), ``exercises`` (the exercises themselves, as data), ``record`` (the file that holds a reader's progress),
``museum`` (nine networks with a bug), ``plots`` (the figures), ``recipes`` (the long training runs) and ``server`` (which
makes the pad's answers quick).

Everything that a reader needs is a name of this package: ``nnlib.Network``, ``nnlib.train`` and so on. The two
parts that need a plotting library or a widget are imported when they are first used.
"""

import importlib

from nnlib.activations import relu, sigmoid, softmax, tanh
from nnlib.adaptation import adapt
from nnlib.augmentation import Augment
from nnlib.data import DataError, Mnist, load_mnist, one_hot, split
from nnlib.drawing import picture_to_image, strokes_to_image
from nnlib.evaluation import (
    accuracy,
    accuracy_interval,
    calibrate,
    calibration_curve,
    calibration_error,
    confusion_matrix,
    surest_mistakes,
    threshold_for,
)
from nnlib.gradcheck import GradientError, check_gradients, numerical_gradient, relative_error
from nnlib.losses import cross_entropy, squared_error
from nnlib.network import Network, load_pretrained
from nnlib.optimizers import SGD, Adam, Momentum, cosine
from nnlib.photo import photo_to_image
from nnlib.training import History, train

__version__ = "0.1.0"

_WHEN_NEEDED = {
    "DrawingPad": ("nnlib.pad", "DrawingPad"),
    "check": ("nnlib.check", None),
    "museum": ("nnlib.museum", None),
    "pad": ("nnlib.pad", None),
    "plots": ("nnlib.plots", None),
    "recipes": ("nnlib.recipes", None),
}

__all__ = [
    "Adam", "Augment", "DataError", "DrawingPad", "GradientError", "History", "Mnist", "Momentum", "Network",
    "SGD", "accuracy", "accuracy_interval", "adapt", "calibrate", "calibration_curve", "calibration_error",
    "check_gradients", "confusion_matrix", "cosine", "cross_entropy", "load_mnist", "load_pretrained",
    "numerical_gradient", "one_hot", "photo_to_image", "picture_to_image", "relative_error", "relu",
    "sigmoid", "softmax", "split", "squared_error", "strokes_to_image", "surest_mistakes", "tanh",
    "threshold_for", "train",
]  # fmt: skip


def __getattr__(name):
    """Import a plot or a widget at its first use, so that ``import nnlib`` stays quick."""
    if name not in _WHEN_NEEDED:
        raise AttributeError(f"nnlib has no {name!r}; it has {', '.join(__all__)}")
    module_name, attribute = _WHEN_NEEDED[name]
    module = importlib.import_module(module_name)
    return getattr(module, attribute) if attribute else module


def __dir__():
    return sorted({*globals(), *__all__, *_WHEN_NEEDED})
