"""Things to play with, one a module. Each needs a running notebook; where none runs, its picture stands still."""

from nnlib.play.forward_pass import forward_pass
from nnlib.play.mistakes import mistakes
from nnlib.play.neuron import neuron

__all__ = ["forward_pass", "mistakes", "neuron"]
