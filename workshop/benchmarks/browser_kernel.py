"""How long each lesson takes with the kernel in the browser: JupyterLite in Chromium, and no network but the loopback.

    python -m uv run python -m workshop.benchmarks.browser_kernel

It assembles the site from the package registries, and runs every lesson from its first cell to its last in a page of
its own, one after the other.
"""

import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from workshop import ROOT
from workshop.lite import visit
from workshop.results import store

AIM = 300  # seconds


def main():
    """Measure and store; the exit status is 1 if a lesson fails, takes too long, or reaches for a network."""
    lessons = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    starts, seconds, failed = {}, {}, False
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = visit.from_registries(Path(folder))
        size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
        with visit.visiting(playwright, site) as (context, address, refused):
            for lesson in lessons:
                started = time.perf_counter()
                page = visit.opened(context, address, lesson)
                starts[lesson] = round(time.perf_counter() - started, 1)
                took, wrong = visit.run_all(page)
                seconds[lesson] = round(took, 1)
                print(
                    f"{lesson}: kernel after {starts[lesson]} s, all cells in {seconds[lesson]} s", *wrong, flush=True
                )
                failed |= bool(wrong) or took > AIM
                page.close()
    if failed or refused:
        sys.exit(f"A lesson failed, or took longer than {AIM} s, or the page asked for what is elsewhere: {refused}")
    store("browser_kernel", {"aim": AIM, "start": starts, "seconds": seconds, "site_bytes": size, "refused": refused})


if __name__ == "__main__":
    main()
