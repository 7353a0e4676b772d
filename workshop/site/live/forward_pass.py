"""What a hidden unit at work needs on a page: a network, and the first images that the lesson looks at."""

import numpy as np

from workshop.site.live.arrays import packed

IMAGES = 100


def data(net, X, y):
    """The network's weights, and the first 100 images with their labels.

    The weights go there as float16, so they are exact where the network was stored so. The biases are float32.
    """

    def names(letter):
        return [f"{letter}{l}" for l in range(1, net.n_layers + 1)]

    return {
        "sizes": net.sizes,
        "activation": net.activation,
        "output": net.output,
        "weights": {name: packed(net.params[name].astype(np.float16).view(np.uint16), "u2") for name in names("W")},
        "biases": {name: packed(net.params[name], "f4") for name in names("b")},
        "pixels": packed(np.rint(X[:IMAGES] * 255), "u1"),
        "labels": y[:IMAGES].tolist(),
        "in_notebook": len(X),
    }
