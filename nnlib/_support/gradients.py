"""What `check_gradients` found, and how it says so: a table, ReLU's kinks, and what is not finite."""

from dataclasses import dataclass, field

import numpy as np


@dataclass
class ParameterCheck:
    """The worst entry of one parameter: where it is, both its gradients, and how many entries were compared."""

    error: float
    index: tuple
    backprop: float
    numerical: float
    compared: int
    kink: str = ""  # if ±h crosses the kink of a ReLU there: of which, and what to do


@dataclass
class GradientReport:
    """What `check_gradients` found: ``report.parameters["W1"].error``, and ``report.worst`` over all.

    If kinks of ReLU spoilt the comparison, ``report.beside`` is the report of a second one, beside the kinks.
    """

    parameters: dict = field(default_factory=dict)
    beside: "GradientReport | None" = None

    @property
    def worst(self):
        """The largest relative error of all."""
        return max(check.error for check in self.parameters.values())

    @property
    def has_kinks(self):
        """Whether a parameter's worst entry is at a kink."""
        return any(check.kink for check in self.parameters.values())

    def is_wrong(self, tolerance):
        """Whether an error above ``tolerance`` is not explained by a kink: here, or beside the kinks."""
        here = any(check.error > tolerance and not check.kink for check in self.parameters.values())
        return here or (self.beside is not None and self.beside.is_wrong(tolerance))

    def __str__(self):
        lines = ["      relative error   where        backprop      numerical     compared"]
        for name, c in self.parameters.items():
            where = ", ".join(map(str, c.index))
            lines.append(
                f"{name:<4}  {c.error:14.1e}   {where:<10}  {c.backprop:+.5e}  {c.numerical:+.5e}  {c.compared:,}"
            )
        lines += [f"{name}: {c.kink}" for name, c in self.parameters.items() if c.kink]
        if self.beside is not None:
            lines.append(f"With the biases moved off the kinks, the worst relative error is {self.beside.worst:.1e}.")
        return "\n".join(lines)

    __repr__ = __str__


def kink_between(here, above, below, n_layers, h):
    """Say where the step from θ − h to θ + h takes a ReLU across its kink; an empty string if it takes none.

    Parameters
    ----------
    here, above, below : dict
        What `Network.propagate` returned at θ, θ + h and θ − h.
    n_layers : int
    h : float
    """
    for l in range(1, n_layers):
        crossed = np.argwhere((above[f"z{l}"] > 0) != (below[f"z{l}"] > 0))  # rows of (image, neuron)
        if len(crossed):
            image, neuron = crossed[0]
            z = here[f"z{l}"][image, neuron]
            what = f"z{l} is exactly 0" if z == 0 else f"z{l} is {z:.1e}, so near to 0 that h = {h:g} crosses it,"
            do = "Another h would not help: move" if z == 0 else "Take a smaller h, move"
            return (
                f"{what} for image {image}, neuron {neuron}. ReLU has no derivative at 0, and the central difference "
                f"mixes the slopes on both sides. {do} b{l} a little, or take other images."
            )
    return ""


def not_finite(name, check, share):
    """Say which of the two gradients is not finite, where, and what to look for.

    Parameters
    ----------
    name : str
        The parameter's.
    check : ParameterCheck
        Of the entry.
    share : str
        In how many of its entries backpropagation is not finite.
    """
    entry, look = f"{name}[{', '.join(map(str, check.index))}]", f"on the way back to {name}"
    if not np.isfinite(check.numerical):
        look = "in the forward pass or the loss"
    if np.isfinite(check.backprop):
        what = f"{name}'s central difference must be finite; got {check.numerical:g} at {entry}, where backpropagation"
        what += f" gives {check.backprop:g}"
    else:
        what = (
            f"{name}'s gradient from backpropagation must be finite; got {check.backprop:g} at {entry} ({share} entries"
        )
        what += f" are NaN or infinite), where the central difference gives {check.numerical:g}"
    return f"{what}. Look for a division by 0, a logarithm of 0 or an overflow {look}."
