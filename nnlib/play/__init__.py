"""Things to play with, one a module. Each needs a running notebook; where none runs, its picture stands still."""

from nnlib.play.frame import Live, Play
from nnlib.play.live_training import training
from nnlib.play.moving_boundary import boundary
from nnlib.play.neuron_line import neuron
from nnlib.play.one_digit import forward_pass
from nnlib.play.opened_matrix import mistakes
from nnlib.play.operations import backpropagation
from nnlib.play.small_step import step_size

__all__ = ["Live", "Play", "backpropagation", "boundary", "forward_pass", "mistakes", "neuron", "step_size", "training"]
