"""What a hidden unit at work needs on a page: a network, as float16, and the first images that the lesson looks at."""

import numpy as np

from workshop.site.live.arrays import packed

IMAGES = 100


def data(net, X, y):
    """The network's weights, and the first 100 images with their labels.

    The weights are exact only where the network was stored as float16.
    """
    return {
        "sizes": net.sizes,
        "activation": net.activation,
        "output": net.output,
        "params": {name: packed(p.astype(np.float16).view(np.uint16), "u2") for name, p in net.params.items()},
        "pixels": packed(np.rint(X[:IMAGES] * 255), "u1"),
        "labels": y[:IMAGES].tolist(),
        "in_notebook": len(X),
    }
