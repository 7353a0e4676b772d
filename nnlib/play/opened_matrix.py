"""The confusion matrix, and the digits behind each of its cells with what the network thought of them. Lesson 5."""

from pathlib import Path

import anywidget
import numpy as np
import traitlets

from nnlib import plots
from nnlib._support.arguments import check_images, check_labels, check_weights
from nnlib._support.language import say
from nnlib.evaluation import confusion_matrix
from nnlib.play import words
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

    _esm = words.script("opened_matrix.js")
    _css = Path(__file__).with_suffix(".css")
    counts = traitlets.List().tag(sync=True)
    value = traitlets.List().tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)  # what the script says, in another language than English


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
    matrix = Matrix(counts=counts.tolist(), value=most, texts=words.texts("opened_matrix.js"))
    return Play(lambda cell: draw(a, X, y, *cell), cell=matrix)


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
    values = {"digit": digit, "other": read_as, "count": len(rows)}
    if len(rows) == 0:
        return say("No {digit} was read as {other}.", **values)
    if len(rows) > MOST:
        which = say("{digit} read as {other}: the {most} surest of {count}", most=MOST, **values)
    else:
        which = say("{digit} read as {other}: {count}, surest first", **values)
    return f"{which}\n{say('the three largest outputs of each; blue: that of the right digit')}"


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
        return say("None of the images is {digit}: this row is empty.", digit=a_digit(digit))
    if len(rows) == 0:
        values = {"digit": digit, "other": read_as, "total": total}
        return say("No {digit} was read as {other}: none of {total:,}. This cell is empty.", **values)
    best = a[rows[0]]
    second = int(np.argsort(-best, kind="stable")[1])
    return words.together(
        say(
            "{count:,} of {total:,} images of {digit}: read as {other}.",
            count=len(rows),
            total=total,
            digit=a_digit(digit),
            other=read_as,
        ),
        say(
            "The surest: output {first} is {largest:.2f}, and next comes output {second} with {next:.2f}.",
            first=read_as,
            largest=best[read_as],
            second=second,
            next=best[second],
        ),
        "" if digit == read_as else narrowly(digit, came_second(a, rows, digit), len(rows)),
    )


def came_second(a, rows, digit):
    """For how many of these images the digit has the second largest output."""
    return int(np.sum(np.argsort(-a[rows], axis=1, kind="stable")[:, 1] == digit))


def narrowly(digit, times, count):
    """How often the right digit came second."""
    return say(
        "The right digit, {digit}, has the second largest output in {times} of {count}.",
        digit=digit,
        times=times,
        count=count,
    )
