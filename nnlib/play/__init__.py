"""Things to play with, one a module. Each needs a running notebook; where none runs, its picture stands still."""

from nnlib.play.boundary import boundary
from nnlib.play.neuron import neuron
from nnlib.play.training import training

__all__ = ["boundary", "neuron", "training"]
