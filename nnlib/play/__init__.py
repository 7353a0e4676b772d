"""Things to play with, one a module. Each needs a running notebook; where none runs, its picture stands still."""

from nnlib.play.neuron import neuron

__all__ = ["neuron"]
