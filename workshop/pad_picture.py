"""The picture of the pad that the README and two lessons show: ``notebooks/images/pad.png``.

    python -m uv run python -m workshop.pad_picture

It is taken in JupyterLab, as a reader has it: with a choice of who reads, and a five that lies on the pad.
"""

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from workshop import ROOT
from workshop.pad_page import draw, open_notebook, pad_of
from workshop.servers import jupyterlab, launch
from workshop.site.front import five

PATH = ROOT / "notebooks" / "images" / "pad.png"
CELLS = ["import nnlib", 'nnlib.DrawingPad({"shipped": nnlib.load_pretrained(), "lesson 4": nnlib.my_network(4)})']


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
        draw(page, five(), left=0, top=0, size=1)  # the one that lies on the front page's pad
        page.mouse.move(0, 0)
        page.wait_for_timeout(1000)  # the image and the journey come after the answer
        pad.screenshot(path=PATH)
        browser.close()
    print(PATH)


if __name__ == "__main__":
    main()
