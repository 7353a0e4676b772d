"""What a neuron and its line need on a page: nothing but where the sliders stand at first."""

from nnlib.play import neuron_line


def data():
    """The values of `nnlib.play.neuron`'s sliders."""
    return {"start": neuron_line.START}
