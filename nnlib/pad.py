"""The drawing pad: draw a digit, and the network answers while you draw. Lesson 8.

The browser draws (``pad.js``, ``pad.css``) and sends the strokes, at most once a frame; Python turns them into the
image that the network sees, and sends back what the network says.
"""

from pathlib import Path

import anywidget
import numpy as np
import traitlets

from nnlib.checks import check_choice
from nnlib.drawing import PEN, strokes_to_image
from nnlib.network import Network

HERE = Path(__file__).parent


class DrawingPad(anywidget.AnyWidget):
    """A pad to draw a digit on, with the network's answer beside it.

    It shows the ten outputs as bars, the 28 × 28 image that the network sees, and its hidden layers. Draw with a
    mouse, a pen or a finger, or with the keyboard: the arrow keys move a cursor, the space bar lowers and lifts the
    pen, Ctrl+Z takes the last stroke back, Delete clears.

    Parameters
    ----------
    net : Network
        With 784 inputs and 10 outputs.
    width : float
        Width of the line, in pixels of the 28 × 28 image; 1 to 5.

    Attributes
    ----------
    strokes : list of strokes, each a list of [x, y]
        What is drawn; 0 to 1 across the pad, y downwards. Use `draw` to set it.
    image : float32 array, shape (28, 28)
        What the network sees.
    outputs : array, shape (10,), or None
        What the network says; None as long as the pad is empty.
    digit : int or None
        The largest output's label.
    """

    _esm = HERE / "pad.js"
    _css = HERE / "pad.css"

    strokes = traitlets.List().tag(sync=True)
    # The browser raises it with every change. A trait that is set to an equal value sends no message, so the number
    # says that something came, and which drawing an answer belongs to.
    count = traitlets.Int(0).tag(sync=True)
    width = traitlets.Float(PEN, min=1.0, max=5.0).tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)

    def __init__(self, net, width=PEN, **options):
        if not isinstance(net, Network):
            raise TypeError(f"net must be an nnlib.Network. {type(net).__name__} came.")
        check_choice((net.sizes[0], net.sizes[-1]), [(784, 10)], "net's numbers of inputs and outputs")
        self.net = net
        self.image = np.zeros((28, 28), np.float32)
        self.outputs = None
        super().__init__(width=width, **options)
        self._answer()

    @property
    def digit(self):
        return None if self.outputs is None else int(self.outputs.argmax())

    def draw(self, strokes):
        """Show these strokes instead of what is on the pad: x and y from 0 to 1, y downwards."""
        with self.hold_trait_notifications():
            self.strokes = [[[float(x), float(y)] for x, y in stroke] for stroke in strokes]
            self.count += 1

    @traitlets.observe("count", "width")
    def _answer(self, change=None):
        """Read the drawing, and send what there is to show."""
        try:
            self.image = strokes_to_image(self.strokes, self.width)
        except ValueError as error:  # what comes from a browser may be anything; the reader is told what was wrong
            self.answer = {"count": self.count, "error": str(error)}
            return
        cache = self.net.propagate(self.image.reshape(1, 784))
        last = self.net.n_layers
        self.outputs = cache[f"a{last}"][0] if self.image.any() else None
        self.answer = {
            "count": self.count,
            "outputs": [] if self.outputs is None else [round(float(a), 4) for a in self.outputs],
            "image": grey_bytes(self.image),
            "hidden": [grey_bytes(cache[f"a{l}"] if self.image.any() else 0 * cache[f"a{l}"]) for l in range(1, last)],
        }

    def __repr__(self):
        return f"DrawingPad({self.net!r}, {len(self.strokes)} strokes, reads {self.digit})"


def grey_bytes(values):
    """Values as bytes for the browser: 0 for 0 and below, 255 for the largest, or for 1 if none is larger."""
    scaled = np.clip(values / max(1.0, float(values.max())), 0, 1)
    return np.round(scaled * 255).astype(np.uint8).tobytes()
