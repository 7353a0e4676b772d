"""What the things to play with have in common: controls, a picture, and a sentence that says what the picture shows.

Where a kernel runs, the picture follows the controls. Where none runs (GitHub, a print, a slide), the same output holds
a picture and its sentence as they stood when the notebook was stored.
"""

import asyncio
import html
import signal
import threading
import time
from contextlib import suppress
from contextvars import copy_context
from pathlib import Path

import traitlets
from anywidget import AnyWidget
from ipywidgets import (
    HTML,
    Button,
    FloatLogSlider,
    FloatSlider,
    HBox,
    IntSlider,
    SelectionSlider,
    ToggleButtons,
    VBox,
)

from nnlib import plots
from nnlib._support.arguments import check_callable
from nnlib._support.language import later, say, tag
from nnlib._support.reopened import WIDGET, display_with_still
from nnlib.play import words
from nnlib.play.numbers import number

AGAIN = later("Run the cell to play.")
SLIDERS = (FloatLogSlider, FloatSlider, IntSlider)  # whose number can be typed over
LONGEST = 600  # seconds of a run, which then pauses by itself: the page may have been closed


class Sentence(AnyWidget):
    """A sentence that a screen reader reads out when it changes, unless it is quiet.

    The element stays and its text changes: a screen reader may overlook a status that comes in with its text.
    """

    value = traitlets.Unicode().tag(sync=True)
    quiet = traitlets.Bool(False).tag(sync=True)
    _esm = Path(__file__).with_name("sentence.js")


class Access(AnyWidget):
    """It gives the controls of its `Play` what ipywidgets leaves out.

    Names that a screen reader says, a frame in focus, and lines where forced colours take the backgrounds away. Seen on
    the page is only a line, where a number was typed that does not fit: it says what fits, and what was got.
    """

    _esm = words.script("access.js")
    _css = Path(__file__).with_name("access.css")
    texts = traitlets.Dict().tag(sync=True)  # what the script says, in another language than English
    lang = traitlets.Unicode().tag(sync=True)
    sliders = traitlets.Dict().tag(sync=True)  # what fits into the number of each, by its label


def what_fits(slider):
    """The smallest and the largest number of a slider, and whether it must be whole."""
    ends = [slider.base**end if isinstance(slider, FloatLogSlider) else end for end in (slider.min, slider.max)]
    low, high = ({"value": end, "text": number(end)} for end in ends)
    return {"low": low, "high": high, "whole": isinstance(slider, IntSlider)}


def choice(description, options, value):
    """A row of buttons of which one is pressed: Tab goes from one to the next, Space presses it.

    The arrow keys, which a list or radio buttons need, are lost in JupyterLab: it takes them to go to another cell.
    """
    row = ToggleButtons(description=description, options=options, value=value, style={"button_width": "auto"})
    row.add_class("widget-inline-hbox")  # its label stands beside it, as that of a slider
    return row


def stepped(description, values, value):
    """A slider from one of these values to the next. They need not lie evenly: 0.1, 0.2, 0.5, 1."""
    slider = SelectionSlider(description=description, options=[(f"{v:.3g}", v) for v in values], value=value)
    slider.add_class("nnlib-stepped")
    return slider


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
        check_callable(draw, "from the controls' values to a figure and a sentence", "draw", optional=False)
        self.draw, self.controls = draw, controls
        self.thread, self.loop, self.context = threading.get_ident(), _loop(), copy_context()
        self.picture, self.sentence = HTML(), Sentence()
        sliders = {c.description: what_fits(c) for c in controls.values() if isinstance(c, SLIDERS)}
        self.access = Access(texts=words.texts("access.js"), lang=tag(), sliders=sliders)
        sides = [VBox([*self.rows(), self.access]), VBox([self.picture, self.sentence])]
        wrap = {"flex_flow": "row wrap"}  # beside each other where there is room
        super().__init__([HBox(sides, layout=wrap)])
        self.add_class("nnlib-play")
        for control in controls.values():
            control.observe(lambda change: self.here(lambda: self.show(change)), "value")
        self.show()

    def rows(self):
        """The controls as they stand on the page, from top to bottom."""
        return list(self.controls.values())

    def show(self, change=None):
        """Draw again, for the values that the controls have now."""
        fig, self.text = self.draw(**self.values())
        self.shown = plots.show(fig, self.text)
        self.picture.value = self.shown.data
        self.say()

    def here(self, do):
        """Do something in the thread, and on behalf of the cell, that made this.

        A message from the page may arrive in another thread (a subshell of the kernel), where matplotlib could be at
        work twice at once. And the kernel sends a widget's next message to the subshell on whose behalf the widget
        last changed, so that two buttons could end up in two threads and their clicks change places.
        """
        context = self.context.copy()
        if self.loop is None or threading.get_ident() == self.thread:
            context.run(do)
        else:
            self.loop.call_soon_threadsafe(do, context=context)

    def values(self):
        """What the controls stand at now, by name."""
        return {name: control.value for name, control in self.controls.items()}

    def say(self):
        """Put the sentence on the page."""
        self.sentence.value = self.text

    def still(self):
        """The picture, with its sentence, for where no kernel runs."""
        return self.shown

    def _repr_mimebundle_(self, **kwargs):
        still = self.still()
        page = f"{_page(still)}<p><em>{say(AGAIN)}</em></p>"
        view, metadata = self.sentence._repr_mimebundle_()  # anywidget knows what Colab wants to be told of a widget
        view = {WIDGET: {**view[WIDGET], "model_id": self.model_id}}
        return {**view, "text/html": page, "image/png": still.png, "text/plain": still.alt}, metadata

    def _ipython_display_(self):
        still = self.still()
        display_with_still(self, _page(still), say(AGAIN), {"image/png": still.png, "text/plain": still.alt})


def _page(still):
    """A picture and its sentence as HTML."""
    lines = html.escape(still.alt).replace("\n", "<br>")
    return f"{still.data}<p>{lines}</p>"


def _loop():
    try:
        return asyncio.get_running_loop()
    except RuntimeError:  # no kernel
        return None


class Live(Play):
    """A `Play` with buttons that run something step by step, while the page stays responsive.

    It runs in the kernel's own loop, between the messages from the page. Only one runs at a time: whichever is started,
    or made by running its cell again, pauses the one before. An interrupt of the kernel pauses it, and so does an
    error, which then stands in the sentence.

    Parameters
    ----------
    draw, controls
        As of `Play`.
    step : callable
        Do one step, for the values of the controls as they are now.
    restart : callable
        Begin again, for these values.
    epoch : int or callable
        So many steps are an epoch; or, where that changes, a function that returns how many epochs are done.
    every : int
        Draw after so many steps.
    """

    running = None

    def __init__(self, draw, step, restart, epoch, every, **controls):
        self.step, self.restart, self.every = step, restart, every
        self.epoch = epoch if callable(epoch) else lambda: self.steps / epoch
        self.steps, self.going, self.task, self.status = 0, False, None, say("Paused.")
        on_click = {
            later("Run"): self.run_or_pause,
            later("One step"): lambda: self.run(lambda: self.steps, 1),
            later("One epoch"): lambda: self.run(self.epoch, 1),
            later("Begin again"): self.begin_again,
        }
        self.buttons = {text: Button(description=say(text)) for text in on_click}
        for text, button in self.buttons.items():
            button.on_click(lambda _, do=on_click[text]: self.here(do))
        self._pause_the_other()
        super().__init__(draw, **controls)

    def rows(self):
        """The buttons, and below them the controls."""
        return [HBox(list(self.buttons.values()), layout={"flex_flow": "row wrap"}), *super().rows()]

    def show(self, change=None):
        """Draw again. While it runs, a moved control waits for the next picture, which comes soon enough."""
        if change is None or not self.going:
            super().show()

    def say(self):
        """Put the sentence on the page, with whether it runs."""
        # One button that says what it does next: a second one, disabled, would lose the keyboard's place on the page.
        self.buttons["Run"].description = say("Pause") if self.going else say("Run")
        with self.sentence.hold_sync():
            self.sentence.quiet = self.going  # nobody can listen to a sentence that changes ten times a second
            self.sentence.value = words.together(self.text, say("Running.") if self.going else self.status)

    def run_or_pause(self):
        """Run until something pauses it; or pause, if it runs."""
        if self.going:
            self.pause()
        else:
            self.run(lambda: self.steps, float("inf"))

    def run(self, count, more):
        """Step until ``count()`` has grown by ``more``."""
        goal, end = count() + more, time.monotonic() + LONGEST
        self.finished = lambda: count() > goal - 1e-9 or time.monotonic() > end
        if self.task is None or self.task.done():
            self.task = asyncio.get_running_loop().create_task(self._run())  # it begins when this message is done with
        self._pause_the_other()
        Live.running, self.going, self.status = self, True, say("Paused.")
        self.say()

    def pause(self):
        """Stop after the step that is being taken, and say so at once: the last picture takes its time."""
        self.going = False
        self.say()

    def begin_again(self):
        """Stop, and go back to the start."""
        self.pause()
        self.restart(**self.values())
        self.steps, self.status = 0, say("Paused.")
        self.show()

    def close(self):
        """Stop, and go from the page."""
        self.pause()
        super().close()

    async def _run(self):
        try:
            while self.going and not self.finished():
                _let_interrupts_pause()
                self.step(**self.values())
                self.steps += 1
                if self.steps % self.every == 0:
                    self.show()
                await asyncio.sleep(0)  # the kernel's turn: moved sliders, pressed buttons, other cells
            self._stop()
        except KeyboardInterrupt:
            self._stop()
        except Exception as error:  # nobody waits for this task, so the error has to be told here
            self.status = say("Stopped by an error. {type}: {error}", type=type(error).__name__, error=error)
            with suppress(Exception):  # it may be the drawing that fails
                self._stop()
            self.say()

    def _pause_the_other(self):
        if Live.running not in (None, self):
            Live.running.pause()

    def _stop(self):
        self.going = False
        if Live.running is self:
            Live.running = None
        self.show()


def _let_interrupts_pause():
    """Let an interrupt between cells pause what runs: a kernel ignores it there. Within a cell it stays the cell's."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, _interrupted)


def _interrupted(*_):
    if Live.running is not None:
        Live.running.going = False  # no more: an interrupt may come in the midst of a message to the page
