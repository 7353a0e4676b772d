"""What the step-by-step network needs to know: its first numbers, their bounds, and what each step says."""

from nnlib.play import operations


def data():
    """The numbers, the bounds and the steps of `nnlib.play.operations`."""
    return {"start": operations.START, "limits": operations.LIMITS, "steps": operations.STEPS}
