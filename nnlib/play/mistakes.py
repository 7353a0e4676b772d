"""The confusion matrix, opened: choose a cell, and see those digits and what the network thought of each. Lesson 5."""

import numpy as np
from ipywidgets import Button, GridBox, HTML, IntSlider
from matplotlib import colormaps
from matplotlib.colors import to_hex

from nnlib import plots
from nnlib.evaluation import confusion_matrix
from nnlib.play.frame import Play

SHOWN = 10  # images of a cell


def mistakes(net, X, y):
    """The matrix as buttons, and two sliders that choose a cell by the keyboard.

    Parameters
    ----------
    net : Network
        With ten outputs.
    X : array, shape (n, 784)
        Images that the network has not trained on.
    y : int array, shape (n,)
        Their labels.
    """
    return Mistakes(net.forward(X), X, y)


class Mistakes(Play):
    """A `Play` whose picture shows the images of one cell of the confusion matrix.

    Parameters
    ----------
    outputs : array, shape (n, 10)
    X, y : arrays, shapes (n, 784) and (n,)
    """

    def __init__(self, outputs, X, y):
        self.outputs, self.X, self.y = outputs, X, y
        self.M = confusion_matrix(y, outputs.argmax(axis=1))
        off = self.M - np.diag(np.diag(self.M))
        worst = np.unravel_index(off.argmax(), off.shape)  # begin where there is most to see
        self.cells = {(i, j): self.cell(i, j, off.max()) for i in range(10) for j in range(10)}
        names = ("digit", "read as")
        digit, read_as = (IntSlider(int(at), min=0, max=9, description=name) for at, name in zip(worst, names))
        super().__init__(self.draw_cell, digit=digit, read_as=read_as)

    def cell(self, i, j, most):
        """The button of one cell: the count, on the darker an orange the more mistakes there are."""
        share = 0 if i == j else self.M[i, j] / max(most, 1)
        button = Button(description=str(self.M[i, j]) if self.M[i, j] else "·", tooltip=f"{i} read as {j}: {self.M[i, j]}")
        button.layout = {"width": "3.2em", "height": "2em", "padding": "0", "margin": "1px"}
        button.style = {"button_color": to_hex(colormaps["Oranges"](0.7 * share)), "text_color": "#767676" if i == j else "#222222"}
        button.on_click(lambda _: self.choose(i, j))
        return button

    def choose(self, i, j):
        """Show the cell in row i and column j."""
        with self.hold_trait_notifications():
            self.controls["digit"].value, self.controls["read_as"].value = i, j

    def rows(self):
        head = [HTML(f'<div style="text-align:center">{text}</div>') for text in ["", *range(10)]]
        body = [child for i in range(10) for child in [HTML(f"{i}&nbsp;"), *(self.cells[i, j] for j in range(10))]]
        matrix = GridBox([*head, *body], layout={"grid_template_columns": "1.5em repeat(10, 3.4em)"})
        return [HTML("Rows: the digit. Columns: what it was read as."), matrix, *super().rows()]

    def draw_cell(self, digit, read_as):
        """The images of a cell: of mistakes the surest first, of right answers the least sure."""
        for place, button in self.cells.items():
            button.layout.border = "2px solid #0072B2" if place == (digit, read_as) else None
        largest = self.outputs.max(axis=1)
        found = np.flatnonzero((self.y == digit) & (self.outputs.argmax(axis=1) == read_as))
        found = found[np.argsort(largest[found] if digit == read_as else -largest[found], kind="stable")]
        return draw(self.X[found[:SHOWN]], self.outputs[found[:SHOWN]]), sentence(digit, read_as, len(found), int((self.y == digit).sum()), largest[found])


def draw(images, outputs):
    """Up to ten images, each with its two largest outputs."""
    fig, axes = plots.figure(6.4, 3.2, 2, SHOWN // 2)
    for ax in axes.flat:
        ax.set_axis_off()
    for ax, image, a in zip(axes.flat, images, outputs):
        first, second = np.argsort(-a)[:2]
        ax.imshow(image.reshape(28, 28), vmin=0, vmax=1, cmap="gray_r", interpolation="nearest")
        ax.set_title(f"{first}: {a[first]:.2f}\n{second}: {a[second]:.2f}", fontsize=9, loc="center")
    if len(images) == 0:
        axes[0, 2].text(0.5, 0.5, "no such image", ha="center", transform=axes[0, 2].transAxes)
    return fig


def sentence(digit, read_as, count, of, largest):
    """What the picture shows, in words."""
    if count == 0:
        return f"None of the {of} images of a {digit} is read as {read_as}."
    says = f"{count} of the {of} images of a {digit} {'is' if count == 1 else 'are'} read as {read_as}."
    which = "of which the network is least sure" if digit == read_as else "of which the network is surest"
    shown = "It is shown" if count == 1 else f"Shown are the {min(count, SHOWN)} {which}" if count > SHOWN else "All are shown"
    return f"{says} {shown}, with the two largest outputs; the largest of the first is {largest[0]:.2f}."
