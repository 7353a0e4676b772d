"""The confusion matrix to play with: the digits of a cell, and what is said of them."""

import re

import numpy as np
import pytest
from matplotlib.colors import to_hex

import nnlib
from nnlib import play, plots
from nnlib.play.numbers import a_digit
from nnlib.play.opened_matrix import HEIGHT, MOST, WIDTH, digits_of, draw


@pytest.fixture(scope="module")
def answers():
    """Outputs of 3,000 images that say something of the label, labels without a 7, images that a pixel tells apart."""
    rng = np.random.default_rng(0)
    y = rng.choice([0, 1, 2, 3, 4, 5, 6, 8, 9], 3000, p=[0.05, 0.1, 0.1, 0.1, 0.3, 0.1, 0.1, 0.1, 0.05])
    a = (rng.random((3000, 10)) * 0.7 + 0.3 * np.eye(10)[y]).astype(np.float32)
    X = np.zeros((3000, 784), np.float32)
    X[:, 100] = np.arange(3000) / 3000
    return a, X, y


def test_each_cell_has_the_images_that_the_matrix_counts_surest_first(answers):
    a, _, y = answers
    counts = nnlib.confusion_matrix(y, a.argmax(axis=1))
    for digit, read_as in np.ndindex(10, 10):
        rows = digits_of(a, y, digit, read_as)
        assert len(rows) == len(set(rows)) == counts[digit, read_as]
        assert (y[rows] == digit).all() and (a[rows].argmax(axis=1) == read_as).all()
        assert (np.diff(a[rows, read_as]) <= 0).all()


def test_the_wrong_cells_together_are_the_surest_mistakes(answers):
    a, _, y = answers
    wrong = np.concatenate([digits_of(a, y, i, j) for i, j in np.ndindex(10, 10) if i != j])
    wrong = wrong[np.argsort(-a[wrong].max(axis=1), kind="stable")]
    assert a[wrong[:50]].max(axis=1) == pytest.approx(a[nnlib.surest_mistakes(a, y, 50)].max(axis=1))


def test_the_picture_shows_the_images_of_the_cell_in_their_order_with_their_outputs(answers):
    a, X, y = answers
    rows = digits_of(a, y, 4, 9)
    assert len(rows) > MOST
    fig, _ = draw(a, X, y, 4, 9)
    ax = fig.axes[0]
    paper = ax.images[0].get_array()
    shown = [
        paper[HEIGHT * (k // 4) + 3 + 3, WIDTH * (k % 4) + 16] for k in range(MOST)
    ]  # pixel 100 is row 3, column 16
    assert shown == pytest.approx(X[rows[:MOST], 100])
    expected = [f"{k}  {a[row, k]:.2f}" for row in rows[:MOST] for k in np.argsort(-a[row])[:3]]
    assert [text.get_text() for text in ax.texts] == expected
    lengths = [bar.get_width() / 11 for bar in ax.patches]
    assert lengths == pytest.approx([a[row, k] for row in rows[:MOST] for k in np.argsort(-a[row])[:3]], abs=1e-5)
    for bar, text in zip(ax.patches, ax.texts, strict=True):
        blue = to_hex(bar.get_facecolor()).upper() == plots.BLUE
        assert blue == text.get_text().startswith("4 ")


@pytest.mark.parametrize("digit, read_as", [(4, 9), (0, 1), (3, 3)])
def test_the_sentence_counts(answers, digit, read_as):
    a, X, y = answers
    fig, text = draw(a, X, y, digit, read_as)
    of_digit = y == digit
    cell = of_digit & (a.argmax(axis=1) == read_as)
    assert text.startswith(f"{cell.sum():,} of {of_digit.sum():,} images of {a_digit(digit)}: read as {read_as}.")
    best = np.sort(a[cell][a[cell].max(axis=1).argmax()])
    assert [float(x) for x in re.findall(r"\d\.\d\d", text)] == pytest.approx([best[-1], best[-2]], abs=0.0051)
    if digit != read_as:
        second = sum(sorted(range(10), key=lambda k: -row[k])[1] == digit for row in a[cell])
        assert text.endswith(f"The right digit, {digit}, has the second largest output in {second} of {cell.sum()}.")
    else:
        assert "second largest" not in text


def test_an_empty_cell_and_an_empty_row_are_told(answers):
    a, X, y = answers
    fig, text = draw(a, X, y, 7, 1)
    assert text == "None of the images is a 7: this row is empty."
    assert fig.axes[0].texts[0].get_text() == "No 7 was read as 1."
    sure = np.eye(10, dtype=np.float32)[y]
    fig, text = draw(sure, X, y, 4, 9)
    assert text == f"No 4 was read as 9: none of {np.sum(y == 4):,}. This cell is empty."


def test_it_begins_with_the_most_frequent_mistake_and_follows_the_matrix(mnist):
    net, X, y = nnlib.Network([784, 12, 10], seed=1), mnist.X_train[:500], mnist.y_train[:500]
    widget = play.mistakes(net, X, y)
    M = nnlib.confusion_matrix(y, net.predict(X))
    cell = widget.controls["cell"]
    assert cell.counts == M.tolist()
    np.fill_diagonal(M, 0)
    assert M[tuple(cell.value)] == M.max() > 0
    cell.value = [3, 3]
    assert "images of a 3: read as 3." in widget.text or widget.text.startswith("No 3 was read as 3")
    assert widget._repr_mimebundle_()[0]["text/html"].startswith("<img alt=")


def test_a_network_without_a_mistake_and_one_that_does_not_fit(mnist):
    net, X = nnlib.Network([784, 12, 10], seed=1), mnist.X_train[:50]
    assert play.mistakes(net, X, net.predict(X)).controls["cell"].value == [0, 0]
    with pytest.raises(ValueError, match="784 inputs"):
        play.mistakes(nnlib.Network([3, 10]), X[:, :3], mnist.y_train[:50])
    with pytest.raises(ValueError, match="one label per image"):
        play.mistakes(net, X, mnist.y_train[:49])
