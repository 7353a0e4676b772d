"""The confusion matrix, and the digits behind each of its cells with what the network thought of them. Lesson 5."""

from pathlib import Path

import anywidget
import numpy as np
import traitlets

from nnlib import plots
from nnlib._support.arguments import check_images, check_labels, check_weights
from nnlib.evaluation import confusion_matrix
from nnlib.play.frame import Play
from nnlib.play.numbers import a_digit

MOST, COLUMNS, OUTPUTS = 20, 4, 3  # so many digits are shown, in so many columns, each with its largest outputs
WIDTH, HEIGHT = 62, 34  # of one digit with its outputs, in pixels of the image


class Matrix(anywidget.AnyWidget):
    """A confusion matrix whose cells can be chosen: with the mouse, or with Tab, the arrow keys and Enter.

    Attributes
    ----------
    counts : list of lists of int
    value : list of two int
        The chosen cell: the digit, and what it was read as.
    """

    _esm = Path(__file__).with_suffix(".js")
    _css = Path(__file__).with_suffix(".css")
    counts = traitlets.List().tag(sync=True)
    value = traitlets.List().tag(sync=True)


def mistakes(net, X, y):
    """Choose a cell of the confusion matrix, and see the digits that it counts and the network's outputs for them.

    Parameters
    ----------
    net : Network
        With 784 inputs.
    X : array, shape (n, 784)
        Images that trained nothing. The test set stays closed until the last section of lesson 5.
    y : int array, shape (n,)
        The digits that the images are.
    """
    check_weights(net)
    if net.sizes[0] != 784:
        raise ValueError(f"net must have 784 inputs, one per pixel; got {net!r}.")
    X = check_images(X, 784)
    y = check_labels(y, len(X), net.sizes[-1])
    a = net.forward(X)  # (n, 10)
    counts = confusion_matrix(y, a.argmax(axis=1), net.sizes[-1])  # (10, 10)
    wrong = counts * (1 - np.eye(len(counts), dtype=int))
    most = [int(k) for k in np.unravel_index(wrong.argmax(), wrong.shape)]
    return Play(lambda cell: draw(a, X, y, *cell), cell=Matrix(counts=counts.tolist(), value=most))


def draw(a, X, y, digit, read_as):
    """The digits of one cell, surest first, each with its three largest outputs."""
    rows = digits_of(a, y, digit, read_as)
    text = sentence(a, rows, int(np.sum(y == digit)), digit, read_as)
    if len(rows) == 0:
        fig, ax = plots.figure(5.2, 0.8)
        ax.set_axis_off()
        ax.text(0, 0.5, title(rows, digit, read_as), va="center", fontsize=11)
        return fig, text
    shown = rows[:MOST]
    lines = -(-len(shown) // COLUMNS)
    fig, ax = plots.figure(
        5.2, 0.45 + 0.71 * lines, layout="none"
    )  # a fixed layout: to find one takes half of the time
    fig.subplots_adjust(left=0.01, right=0.99, bottom=0.01, top=1 - 0.42 / fig.get_figheight())
    paper = np.zeros((lines * HEIGHT, COLUMNS * WIDTH))
    for place, row in enumerate(shown):
        top, left = HEIGHT * (place // COLUMNS) + 3, WIDTH * (place % COLUMNS)
        paper[top : top + 28, left : left + 28] = X[row].reshape(28, 28)
        outputs(ax, a[row], digit, top, left + 30)
    ax.imshow(paper, vmin=0, vmax=1, cmap="gray_r", aspect="auto")
    ax.set_axis_off()
    ax.set_title(title(rows, digit, read_as), fontsize=9)
    return fig, text


def title(rows, digit, read_as):
    """How many digits the cell has, and what stands beside them."""
    if len(rows) == 0:
        return f"No {digit} was read as {read_as}."
    which = f"the {MOST} surest of {len(rows)}" if len(rows) > MOST else f"{len(rows)}, surest first"
    return f"{digit} read as {read_as}: {which}\nthe three largest outputs of each; blue: that of the right digit"


def digits_of(a, y, digit, read_as):
    """The indices of the images of ``digit`` that were read as ``read_as``, surest first."""
    rows = np.flatnonzero((y == digit) & (a.argmax(axis=1) == read_as))
    return rows[np.argsort(-a[rows, read_as], kind="stable")]


def outputs(ax, answer, digit, top, left):
    """The largest outputs beside an image, as numbers and as bars: blue for the right digit, orange for others."""
    largest = np.argsort(-answer, kind="stable")[:OUTPUTS]
    y = top + 5 + 9 * np.arange(OUTPUTS)
    for k, middle in zip(largest, y, strict=True):
        ax.text(left, middle, f"{k}  {answer[k]:.2f}", va="center", fontsize=7.5)
    ax.barh(
        y,
        11 * answer[largest],
        left=left + 19.5,
        height=6,
        color=[plots.BLUE if k == digit else plots.ORANGE for k in largest],
    )


def sentence(a, rows, total, digit, read_as):
    """What the picture shows, in words."""
    if total == 0:
        return f"None of the images is {a_digit(digit)}: this row is empty."
    if len(rows) == 0:
        return f"No {digit} was read as {read_as}: none of {total:,}. This cell is empty."
    best = a[rows[0]]
    second = int(np.argsort(-best, kind="stable")[1])
    said = (
        f"{len(rows):,} of {total:,} images of {a_digit(digit)}: read as {read_as}. "
        f"The surest: output {read_as} is {best[read_as]:.2f}, and next comes output {second} with {best[second]:.2f}."
    )
    if digit != read_as:
        came_second = int(np.sum(np.argsort(-a[rows], axis=1, kind="stable")[:, 1] == digit))
        said += f" The right digit, {digit}, has the second largest output in {came_second} of {len(rows)}."
    return said
