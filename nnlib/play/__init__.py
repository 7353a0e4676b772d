"""Things to play with. Each needs a running notebook; where none runs, its picture stands still.

A function makes a thing, and a module has one of them:

- `neuron` in ``neuron_line``: a neuron's weights and the line that it draws. Lesson 1.
- `backpropagation` in ``operations``: the way forward and back, one operation at a time. Lesson 2.
- `step_size` in ``small_step``: the step h of a numerical derivative, and two kinds of error. Lesson 3.
- `training` in ``live_training``: training while you watch, with its knobs. Lesson 4.
- `mistakes` in ``opened_matrix``: the confusion matrix, and the digits behind each cell. Lesson 5.
- `forward_pass` in ``one_digit``: a hidden neuron at work on one image. Lesson 5.
- `boundary` in ``moving_boundary``: a boundary that moves while a small network learns. Lessons 1 and 6.

They share ``frame`` (controls, a picture and its sentence: `Play`, and with buttons that run something, `Live`),
``learner`` (a network that takes one step at a time) and ``numbers`` (how a number is written).
"""

from nnlib.play.frame import Live, Play
from nnlib.play.live_training import training
from nnlib.play.moving_boundary import boundary
from nnlib.play.neuron_line import neuron
from nnlib.play.one_digit import forward_pass
from nnlib.play.opened_matrix import mistakes
from nnlib.play.operations import backpropagation
from nnlib.play.small_step import step_size

__all__ = ["Live", "Play", "backpropagation", "boundary", "forward_pass", "mistakes", "neuron", "step_size", "training"]
