"""The picture of the pad that the README and two lessons show: ``notebooks/images/pad.png``.

    python -m uv run python -m workshop.pad_picture

It is taken in JupyterLab, as a reader has it: with a choice of who reads, and a five that lies on the pad.
"""

import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from workshop import ROOT
from workshop.pad_page import draw, open_notebook, pad_of
from workshop.servers import jupyterlab, launch

PATH = ROOT / "notebooks" / "images" / "pad.png"
CELLS = ["import nnlib", 'nnlib.DrawingPad({"shipped": nnlib.load_pretrained(), "lesson 4": nnlib.my_network(4)})']


def five():
    """The strokes of a five, 0 to 1, y downwards."""
    angle = np.radians(np.linspace(-125, 140, 40))
    bowl = np.stack([0.46 + 0.3 * np.cos(angle), 0.68 + 0.3 * np.sin(angle)], axis=1)
    return [[(0.72, 0.0), (0.32, 0.05), (0.26, 0.45), *map(tuple, bowl)]]


def main():
    """Draw the five in JupyterLab, and take the picture."""
    with (
        tempfile.TemporaryDirectory() as folder,
        jupyterlab(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        page = open_notebook(browser, (address, Path(folder)), CELLS, device_scale_factor=2)
        pad = pad_of(page)
        draw(page, five())
        page.mouse.move(0, 0)
        page.wait_for_timeout(1000)  # the image and the journey come after the answer
        pad.screenshot(path=PATH)
        browser.close()
    print(PATH)


if __name__ == "__main__":
    main()
