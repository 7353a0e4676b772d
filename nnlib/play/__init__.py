"""Things to play with, one a module. Each needs a running notebook; where none runs, its picture stands still."""

from nnlib.play.backpropagation import backpropagation
from nnlib.play.boundary import boundary
from nnlib.play.forward_pass import forward_pass
from nnlib.play.frame import Live, Play
from nnlib.play.mistakes import mistakes
from nnlib.play.neuron import neuron
from nnlib.play.step_size import step_size
from nnlib.play.training import training

__all__ = ["Live", "Play", "backpropagation", "boundary", "forward_pass", "mistakes", "neuron", "step_size", "training"]
