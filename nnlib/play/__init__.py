"""Things to play with, one a module. Each needs a running notebook; where none runs, its picture stands still."""

from nnlib.play.backpropagation import backpropagation
from nnlib.play.neuron import neuron
from nnlib.play.step_size import step_size

__all__ = ["backpropagation", "neuron", "step_size"]
