"""What the things to play with have in common: controls, a picture, and a sentence that says what the picture shows.

Where a kernel runs, the picture follows the controls. Where none runs (GitHub, a print, a slide), the same output holds
a picture and its sentence as they stood when the notebook was stored.
"""

import asyncio
import html
import signal
from pathlib import Path

from anywidget import AnyWidget
from ipywidgets import HTML, Button, HBox, VBox

from nnlib import plots


class Names(AnyWidget):
    """Not seen on the page: it gives the sliders of its `Play` the names that a screen reader says."""

    _esm = Path(__file__).with_name("names.js")


class Play(VBox):
    """Controls above a picture and a sentence.

    Parameters
    ----------
    draw : callable
        From the values of the controls, by name, to a matplotlib figure and a sentence that says what it shows. The
        sentence is the picture's alternative text, and a screen reader reads it out when it changes.
    controls : ipywidgets by name
        Each needs a ``description``: its label on the page.
    """

    def __init__(self, draw, **controls):
        self.draw, self.controls = draw, controls
        self.picture, self.sentence = HTML(), HTML()
        sides = [VBox(self.rows()), VBox([self.picture, self.sentence])]
        super().__init__([HBox(sides, layout={"flex_flow": "row wrap"}), Names()])  # beside each other where there is room
        self.add_class("nnlib-play")
        for control in controls.values():
            control.observe(self.show, "value")
        self.show()

    def rows(self):
        """The controls as they stand on the page, from top to bottom."""
        return list(self.controls.values())

    def show(self, change=None):
        """Draw again, for the values that the controls have now."""
        fig, self.text = self.draw(**{name: control.value for name, control in self.controls.items()})
        self.picture.value = plots.show(fig, self.text).data
        self.sentence.value = f'<p role="status" aria-live="polite" style="max-width: 40em; line-height: 1.4; white-space: normal">{html.escape(self.text)}</p>'

    def _repr_mimebundle_(self, **kwargs):
        still = f"{self.picture.value}<p>{html.escape(self.text)} <em>Run the cell to play.</em></p>"
        return {**super()._repr_mimebundle_(**kwargs), "text/html": still, "text/plain": self.text}


class Live(Play):
    """A `Play` with buttons that run something step by step, while the page stays responsive.

    Parameters
    ----------
    draw, controls
        As of `Play`.
    step : callable
        Do one step, for the values of the controls as they are now.
    restart : callable
        Begin again.
    epoch : int
        So many steps are an epoch.
    every : int
        Draw after so many steps.
    """

    def __init__(self, draw, step, restart, epoch, every, **controls):
        self.step, self.restart, self.epoch, self.every = step, restart, epoch, every
        self.left = 0  # steps still to go
        self.buttons = {text: Button(description=text) for text in ("Run", "Pause", "One step", "One epoch", "Begin again")}
        for text, steps in (("Run", float("inf")), ("One step", 1), ("One epoch", epoch)):
            self.buttons[text].on_click(lambda _, steps=steps: self.run(steps))
        self.buttons["Pause"].on_click(lambda _: self.pause())
        self.buttons["Begin again"].on_click(lambda _: self.begin_again())
        self.pause()
        super().__init__(draw, **controls)

    def rows(self):
        return [HBox(list(self.buttons.values()), layout={"flex_flow": "row wrap"}), *super().rows()]

    def run(self, steps):
        """Take so many steps from now on."""
        running, self.left = self.left > 0, steps
        self.buttons["Run"].disabled, self.buttons["Pause"].disabled = True, False
        if not running:
            self.task = asyncio.get_running_loop().create_task(self._run())

    def pause(self):
        """Stop after the step that is being taken."""
        self.left = 0
        self.buttons["Run"].disabled, self.buttons["Pause"].disabled = False, True

    def begin_again(self):
        """Stop, and go back to the start."""
        self.pause()
        self.restart()
        self.show()

    async def _run(self):
        # Between cells the kernel ignores interrupts. While this runs, an interrupt is a pause.
        before = signal.signal(signal.SIGINT, lambda *_: self.pause())
        try:
            count = 0
            while self.left > 0:
                self.step()
                self.left, count = self.left - 1, count + 1
                if count % self.every == 0:
                    self.show()
                await asyncio.sleep(0)  # the kernel's turn: moved sliders, pressed buttons, other cells
        finally:
            signal.signal(signal.SIGINT, before)
            self.pause()
            self.show()
