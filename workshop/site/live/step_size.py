"""What the step of a numerical derivative looks like, for each of its states: there are few enough."""

import numpy as np

from nnlib.play import small_step
from nnlib.play.numbers import short


def data():
    """For both types, and each step h of the slider: how far the differences are off, and why."""
    return {
        "exponents": np.log10(small_step.STEPS).round(3).tolist(),
        "limits": [small_step.LOWEST, small_step.HIGHEST],
        "states": {dtype: [state(float(h), dtype) for h in small_step.STEPS] for dtype in ("float64", "float32")},
    }


def state(h, dtype):
    """One state of the controls: in six digits, of which two are said, and a picture shows no more."""
    errors = {name: [float(f"{off:.6g}") for off in parts] for name, parts in small_step.errors(h, dtype).items()}
    return {"h": short(h), "too_small": small_step.too_small(h, dtype), **errors}
