"""Arrays as text, for the scripts of a page: `nnlibLive.unpacked` reads them."""

import base64

import numpy as np


def packed(array, kind):
    """The numbers in a row, as base64 of ``kind``: "f4", "f8", "u1", "u2", with the smallest byte first."""
    return base64.b64encode(np.asarray(array, f"<{kind}").tobytes()).decode()
