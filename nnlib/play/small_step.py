"""The step h of a numerical derivative: how far both differences are off, and which of two errors it is. Lesson 3.

Nothing here is modelled. The differences are taken in float64 or float32, and once more with fractions, which do not
round. What is off with fractions is the truncation, what comes on top in floats is the rounding.
"""

from fractions import Fraction
from functools import cache

import numpy as np
from ipywidgets import Checkbox, FloatLogSlider

from nnlib import plots
from nnlib._support.language import later, say
from nnlib.play.frame import Play
from nnlib.play.numbers import short
from nnlib.play.words import together

W, SLOPE = 2, 12  # f(w) = w³ at w = 2, where f' = 3w² = 12
STEPS = 10.0 ** np.arange(-12, 0.01, 0.125)
LOWEST, HIGHEST = 1e-13, 100  # of the picture; a difference that is exactly right stands on its lower edge
LOOKS = {"forward": (plots.ORANGE, "s"), "central": (plots.BLUE, "o")}  # as in the lesson's V
NAMES = {"forward": later("forward difference"), "central": later("central difference")}


def step_size():
    """A slider for h, and a box to tick for float32: see where the forward and the central difference stand."""
    h = FloatLogSlider(1e-5, min=-12, max=0, step=0.125, description="h", readout_format=".1e")
    # A list to choose from would be lost to the keyboard: JupyterLab takes its arrow keys to go to the next cell.
    return Play(
        lambda h, float32: draw(h, "float32" if float32 else "float64"),
        h=h,
        float32=Checkbox(description=say("float32 in place of float64")),
    )


def f(w):
    """The lesson's w³."""
    return w * w * w


def differences(w, h):
    """The forward and the central difference of f at w, in whatever numbers w and h are."""
    return {"forward": (f(w + h) - f(w)) / h, "central": (f(w + h) - f(w - h)) / (h + h)}


def errors(h, dtype):
    """For both differences: how far each is off, the truncation and the rounding in that, as floats of at least 0."""
    kind = np.dtype(dtype).type
    h = kind(h)
    in_floats, exact = differences(kind(W), h), differences(Fraction(W), Fraction(float(h)))
    found = {}
    for name, value in in_floats.items():
        value = Fraction(float(value))
        parts = value - SLOPE, exact[name] - SLOPE, value - exact[name]
        found[name] = tuple(float(abs(part)) for part in parts)
    return found


@cache
def curves(dtype):
    """For both differences: how far each is off at every step of the picture. Fractions take their time."""
    all_errors = [errors(step, dtype) for step in STEPS]
    return {name: np.array([found[name][0] for found in all_errors]) for name in LOOKS}


def draw(h, dtype):
    """Both Vs, light, and on each the point of this h."""
    here = errors(h, dtype)
    fig, ax = plots.figure(6.8, 4.4, layout="none")  # a fixed layout: to find one takes half of the time
    fig.subplots_adjust(left=0.101, right=0.978, bottom=0.11, top=0.945)
    for name, (colour, marker) in LOOKS.items():
        ax.plot(STEPS, np.maximum(curves(dtype)[name], LOWEST), color=colour, alpha=0.6, linewidth=1.4)
        ax.plot(
            h,
            max(here[name][0], LOWEST),
            marker,
            color=colour,
            markersize=12 if name == "forward" else 9,
            markeredgecolor="black",
            zorder=5,
            clip_on=False,
            label=say("{difference}: off by {off}", difference=say(NAMES[name]), off=short(here[name][0])),
        )
    ax.axvline(h, color="#777777", linewidth=1, linestyle=":")
    ax.set(
        xscale="log",
        yscale="log",
        xlim=(1e-12, 1),
        ylim=(LOWEST, HIGHEST),
        xlabel=say("step h"),
        ylabel=say("off by"),
        title=say("f(w) = w³ at w = 2, {dtype}, h = {h}", dtype=dtype, h=short(h)),
    )
    ax.legend(loc="lower left")
    return fig, sentence(h, dtype, here)


def sentence(h, dtype, here):
    """Where the two differences stand, and which part decides."""
    lines = [say("h = {h} in {dtype}.", h=short(h), dtype=dtype)]
    if too_small(h, dtype):
        lines[0] = together(
            lines[0],
            say(
                "This h is too small for {dtype}: 2 + h rounds to 2, f does not move, and the forward difference is 0.",
                dtype=dtype,
            ),
        )
    return "\n".join([*lines, *(about(name, *parts) for name, parts in here.items())])


def too_small(h, dtype):
    """Whether a step vanishes beside the w from which it is taken."""
    kind = np.dtype(dtype).type
    return bool(kind(W) + kind(h) == W)


def about(name, off, truncation, rounding):
    """How far one difference is off, and why."""
    more, less = max(truncation, rounding), min(truncation, rounding)
    values = {
        "difference": say(NAMES[name]),
        "off": short(off),
        "truncation": short(truncation),
        "rounding": short(rounding),
    }
    if more < 3 * less:
        decides = say("both count")
    else:
        decides = say("truncation decides") if more == truncation else say("rounding decides")
    return say(
        "The {difference} is off by {off}: truncation {truncation}, rounding {rounding}; here {decides}.",
        decides=decides,
        **values,
    )
