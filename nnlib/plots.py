"""Figures: one style, and a sentence of alternative text for each.

The core never imports this module, so that a network can be trained where nothing can be drawn.
"""

import base64
import html
import io
from pathlib import Path

import numpy as np
from IPython.display import HTML
from matplotlib import style
from matplotlib.figure import Figure

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


def figure(width=6.4, height=3.4, rows=1, columns=1, layout="constrained", **options):
    """A matplotlib figure and its axes in the style of the series; sizes in inches, other options as in ``plt.subplots``.

    It is not one of pyplot's figures: those belong to the notebook, which draws and closes them whenever a message comes
    from the page, also in the midst of a drawing.
    """
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
    IPython.display.HTML
    """
    if not alt or len(alt) < 10:
        raise ValueError(f"alt must say in a sentence what the picture shows. {alt!r} came.")
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=150)
    width = round(fig.get_figwidth() * 100)
    data = base64.b64encode(buffer.getvalue()).decode()
    # The white card and its round corners make the picture sit well on a dark page, too.
    style = "max-width:100%;height:auto;background:#fff;border-radius:6px"
    return HTML(f'<img alt="{html.escape(alt)}" width="{width}" style="{style}" src="data:image/png;base64,{data}">')


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
    epochs = np.arange(1, len(h.loss) + 1)
    fig, (left, right) = figure(8, 3, 1, 2)
    left.plot(epochs, h.loss, label="training")
    right.plot(epochs, np.array(h.accuracy) * 100, label="training")
    if h.val_loss:
        left.plot(epochs, h.val_loss, label="validation", linestyle="--")
        right.plot(epochs, np.array(h.val_accuracy) * 100, label="validation", linestyle="--")
        left.legend()
        right.legend()
    left.set(xlabel="epoch", ylabel="loss", title="Loss")
    right.set(xlabel="epoch", ylabel="accuracy in %", title="Accuracy")
    alt = f"Two curves over {len(epochs)} epochs: the training loss goes from {h.loss[0]:.2g} to {h.loss[-1]:.2g}, "
    alt += f"the accuracy from {h.accuracy[0]:.0%} to {h.accuracy[-1]:.0%}."
    if h.val_accuracy:
        alt += f" The validation accuracy ends at {h.val_accuracy[-1]:.0%}."
    return show(fig, alt)


def confusion(matrix):
    """A confusion matrix (10, 10) as a table of counts, the mistakes shaded."""
    matrix = np.asarray(matrix)
    mistakes = matrix * (1 - np.eye(len(matrix), dtype=int))
    fig, ax = figure(5.6, 5)
    ax.imshow(mistakes, cmap="Oranges", vmax=max(1, mistakes.max() * 1.3))
    for i, j in np.ndindex(matrix.shape):
        if matrix[i, j]:
            ax.text(j, i, matrix[i, j], ha="center", va="center", fontsize=8, color="#999999" if i == j else "#000000")
    ax.set(xlabel="read as", ylabel="digit", xticks=range(len(matrix)), yticks=range(len(matrix)))
    ax.grid(False)
    i, j = np.unravel_index(mistakes.argmax(), matrix.shape)
    return show(
        fig,
        f"Confusion matrix: {np.trace(matrix)} of {matrix.sum()} digits are on the diagonal, read right. "
        f"The most frequent mistake is a {i} read as a {j}, {mistakes[i, j]} times.",
    )
