"""Figures: one style, and a sentence of alternative text for each.

The core never imports this module, so that a network can be trained where nothing can be drawn.
"""

import base64
import html
import io
from pathlib import Path

import numpy as np
from IPython.display import HTML
from matplotlib import rcParams, style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from nnlib._support.language import fonts, say

style.use(Path(__file__).parent / "_support" / "style.mplstyle")

BLUE, ORANGE, GREEN, PURPLE, SKY, YELLOW, BLACK = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
    "#E69F00",
    "#000000",
)
MOST_OFF = 12  # of 255, in a channel of a pixel: nobody sees it, beside the true colours either


class Picture(HTML):
    """A PNG with its alternative text: as HTML for a page, and as itself where there is no HTML, as in a PDF.

    Parameters
    ----------
    png : bytes
    alt : str
    width : int
        Of the picture on a page, in its pixels.
    """

    def __init__(self, png, alt, width):
        self.png, self.alt, self.width = base64.b64encode(png).decode(), alt, width
        # The white card and its round corners make the picture sit well on a dark page, too.
        style = "max-width:100%;height:auto;background:#fff;border-radius:6px"
        source = f"data:image/png;base64,{self.png}"
        super().__init__(f'<img alt="{html.escape(alt)}" width="{width}" style="{style}" src="{source}">')

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = {"text/html": self.data, "image/png": self.png, "text/plain": self.alt}
        return data, {"image/png": {"alt": self.alt, "width": self.width}}


def figure(width=6.4, height=3.4, rows=1, columns=1, layout="constrained", **options):
    """A matplotlib figure and its axes in the style of the series.

    Sizes are in inches, other options as in ``plt.subplots``. It is not one of pyplot's figures: those belong to the
    notebook, which draws and closes them whenever a message comes from the page, even halfway through a drawing.
    """
    if names := fonts():
        rcParams["font.family"] = names
    fig = Figure(figsize=(width, height), layout=layout)
    return fig, fig.subplots(rows, columns, **options)


def show(fig, alt):
    """The figure as a picture with alternative text: the last line of a cell.

    Parameters
    ----------
    fig : matplotlib figure
    alt : str
        What a reader who does not see the picture should know of it: one or two sentences.

    Returns
    -------
    Picture
    """
    if not isinstance(alt, str) or len(alt) < 10:
        raise ValueError(f"alt must say in a sentence what the picture shows; got {alt!r}.")
    return Picture(_png(fig), alt, width=round(fig.get_figwidth() * 100))


def _png(fig):
    """The figure as a PNG of at most 256 colours, which weighs a third; in true colours where they are needed."""
    dpi, canvas = fig.dpi, FigureCanvasAgg(fig)
    fig.set_dpi(150)
    canvas.draw()  # once: `savefig` gives the same, and lays everything out twice
    fig.set_dpi(dpi)
    colours = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    palette = colours.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    off = np.asarray(palette.convert("RGB"), np.int16) - np.asarray(colours, np.int16)
    packed = io.BytesIO()
    (palette if abs(off).max() <= MOST_OFF else colours).save(packed, format="png")
    return packed.getvalue()


def images(pictures, alt, titles=None, columns=10, size=0.85, colours=None):
    """A grid of 28 × 28 images, ink dark on white.

    Parameters
    ----------
    pictures : array, shape (n, 784) or (n, height, width)
        0 is white, 1 is black.
    alt : str
        See `show`.
    titles : list of n str, optional
        A line above each image.
    columns : int
    size : float
        Inches of one image.
    colours : list of n str, optional
        Colours of the titles.
    """
    pictures = np.asarray(pictures)
    if pictures.ndim == 2:
        pictures = pictures.reshape(-1, 28, 28)
    columns = min(columns, len(pictures))
    rows = -(-len(pictures) // columns)
    fig, axes = figure(columns * size, rows * (size + 0.25 * (titles is not None)), rows, columns, squeeze=False)
    for i, ax in enumerate(axes.flat):
        ax.set_axis_off()
        if i < len(pictures):
            ax.imshow(pictures[i], vmin=0, vmax=1, cmap="gray_r", interpolation="nearest")
            if titles is not None:
                ax.set_title(titles[i], fontsize=9, loc="center", color=colours[i] if colours else "#222222")
    return show(fig, alt)


def history(h):
    """Loss and accuracy of a `History` over the epochs, beside each other."""
    if not h.loss:
        return _nothing_yet(say("No whole epoch yet: train for at least one, and plot again."))
    epochs = np.arange(1, len(h.loss) + 1)
    fig, (left, right) = figure(8, 3, 1, 2)
    left.plot(epochs, h.loss, label=say("training"))
    right.plot(epochs, np.array(h.accuracy) * 100, label=say("training"))
    if h.val_loss:
        left.plot(epochs, h.val_loss, label=say("validation"), linestyle="--")
        right.plot(epochs, np.array(h.val_accuracy) * 100, label=say("validation"), linestyle="--")
        left.legend()
        right.legend()
    left.set(xlabel=say("epoch"), ylabel=say("loss"), title=say("Loss"))
    right.set(xlabel=say("epoch"), ylabel=say("accuracy in %"), title=say("Accuracy"))
    alt = say(
        "Two curves over {epochs} epochs: the training loss goes from {first_loss:.2g} to {last_loss:.2g}, the "
        "accuracy from {first:.0%} to {last:.0%}.",
        epochs=len(epochs),
        first_loss=h.loss[0],
        last_loss=h.loss[-1],
        first=h.accuracy[0],
        last=h.accuracy[-1],
    )
    if h.val_accuracy:
        alt += say(" The validation accuracy ends at {last:.0%}.", last=h.val_accuracy[-1])
    return show(fig, alt)


def _nothing_yet(text):
    """A picture of a sentence, for a cell that must show something and has nothing to draw."""
    fig, ax = figure(8, 1)
    ax.set_axis_off()
    ax.text(0.5, 0.5, text, ha="center", va="center")
    return show(fig, text)


def confusion(matrix):
    """A confusion matrix (10, 10) as a table of counts, the mistakes shaded."""
    matrix = np.asarray(matrix)
    mistakes = matrix * (1 - np.eye(len(matrix), dtype=int))
    fig, ax = figure(5.6, 5)
    ax.imshow(mistakes, cmap="Oranges", vmax=max(1, mistakes.max() * 1.3))
    for i, j in np.ndindex(matrix.shape):
        if matrix[i, j]:
            ax.text(j, i, matrix[i, j], ha="center", va="center", fontsize=8, color="#666666" if i == j else "#000000")
    ax.set(xlabel=say("read as"), ylabel=say("digit"), xticks=range(len(matrix)), yticks=range(len(matrix)))
    ax.grid(False)
    i, j = np.unravel_index(mistakes.argmax(), matrix.shape)
    return show(
        fig,
        say(
            "Confusion matrix: {right} of {all} digits are on the diagonal, read right. The most frequent mistake is a "
            "{i} read as a {j}, {times} times.",
            right=np.trace(matrix),
            all=matrix.sum(),
            i=i,
            j=j,
            times=mistakes[i, j],
        ),
    )
