"""Run the notebooks without a screen, from top to bottom, with progress.

    python -m uv run python -m workshop.run_notebooks            # run all, change nothing
    python -m uv run python -m workshop.run_notebooks 04 --write # run lesson 4 and store its outputs

A cell that fails stops the run and is shown. Stored outputs leave out what differs from run to run and shows
nothing on a page: progress bars, the state of widgets, times of execution.
"""

import argparse
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from tqdm import tqdm

from workshop import ROOT

WIDGET = "application/vnd.jupyter.widget-view+json"
NOTEBOOKS = ROOT / "notebooks"


def run(path, write, folder=None):
    """Run one notebook, in its own folder or in another; return the seconds it took."""
    notebook = nbformat.read(path, as_version=4)
    cells = sum(cell.cell_type == "code" for cell in notebook.cells)
    started = time.perf_counter()
    with tqdm(total=cells, desc=path.name, unit="cell") as bar:
        client = NotebookClient(
            notebook,
            timeout=600,
            kernel_name="python3",
            store_widget_state=True,
            coalesce_streams=True,
            resources={"metadata": {"path": str(folder or path.parent)}},
            on_cell_executed=lambda **_: bar.update(),
        )
        client.execute()
    if write:
        tidy(notebook)
        nbformat.write(notebook, path)
    return time.perf_counter() - started


def tidy(notebook):
    """Leave out what differs between runs without saying anything."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {  # as a kernel says it, but for versions; nbconvert's --to script looks here
            "file_extension": ".py",
            "mimetype": "text/x-python",
            "name": "python",
            "nbconvert_exporter": "python",
            "pygments_lexer": "ipython3",
        },
    }
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not is_progress_bar(output)]
            for output in cell.outputs:  # a widget lives only as long as its kernel; the picture beside it stays
                output.get("data", {}).pop(WIDGET, None)
            cell.outputs = [output for output in cell.outputs if output.get("data") != {}]


def is_progress_bar(output):
    """Whether this output is a progress bar of tqdm, as text or as a widget."""
    text = output.get("text", "") or output.get("data", {}).get("text/plain", "")
    widget = WIDGET in output.get("data", {})
    return output.get("name") == "stderr" or (widget and "| " in text and (" left" in text or "it/s" in text))


def main():
    """Run the notebooks that the command line names, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", help="like 01 or 04_training; all if left out")
    parser.add_argument("--write", action="store_true", help="store the outputs in the notebooks")
    options = parser.parse_args()
    paths = sorted(NOTEBOOKS.glob("*.ipynb"))
    if options.lessons:
        paths = [p for p in paths if any(p.name.startswith(lesson) for lesson in options.lessons)]
    if not paths:
        sys.exit(f"No notebook in {NOTEBOOKS} starts with {' or '.join(options.lessons)}.")
    for path in paths:
        try:
            print(f"{path.name}: {run(path, options.write):.0f} s")
        except CellExecutionError as error:
            sys.exit(f"{path.name} failed:\n{error}")


if __name__ == "__main__":
    main()
