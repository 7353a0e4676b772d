"""The confusion matrix of a network, and the digits behind each cell, as `nnlib.play.mistakes` shows them."""

import base64
import io

import numpy as np
from PIL import Image

from nnlib.play import opened_matrix
from nnlib.play.opened_matrix import MOST, OUTPUTS

COLUMNS = 32  # digits beside each other in the picture of all of them


def data(net, X, y):
    """The matrix, and the digits of each cell: their outputs here, their pixels in one picture."""
    play = opened_matrix.mistakes(net, X, y)
    a = net.forward(X)
    classes = range(net.sizes[-1])
    found = [[cell(a, y, digit, read_as) for read_as in classes] for digit in classes]
    shown = np.concatenate([rows[:MOST] for line in found for _, rows in line])
    matrix = play.controls["cell"]
    return {
        "counts": matrix.counts,
        "value": matrix.value,
        "cells": [[told for told, _ in line] for line in found],
        "digits": f"data:image/png;base64,{base64.b64encode(sheet(X[shown])).decode()}",
        "columns": COLUMNS,
        "height": 28 * -(-len(shown) // COLUMNS),
    }


def cell(a, y, digit, read_as):
    """What there is to say of a cell, and the rows of its images. The outputs are rounded as they are written."""
    rows = opened_matrix.digits_of(a, y, digit, read_as)
    largest = [[int(k) for k in np.argsort(-a[row], kind="stable")[:OUTPUTS]] for row in rows[:MOST]]
    told = {
        "came_second": opened_matrix.came_second(a, rows, digit) if len(rows) else 0,
        "outputs": [
            [[k, round(float(a[row, k]), 2)] for k in order] for row, order in zip(rows[:MOST], largest, strict=True)
        ],
    }
    return told, rows


def sheet(images):
    """Images (n, 784) beside and below each other as a PNG: ink white, as it is used as a mask."""
    lines = -(-len(images) // COLUMNS)
    tiles = np.zeros((lines * COLUMNS, 28, 28), np.uint8)
    tiles[: len(images)] = np.round(255 * images.reshape(-1, 28, 28))
    whole = tiles.reshape(lines, COLUMNS, 28, 28).swapaxes(1, 2).reshape(lines * 28, COLUMNS * 28)
    png = io.BytesIO()
    Image.fromarray(whole).save(png, format="png", optimize=True)
    return png.getvalue()
