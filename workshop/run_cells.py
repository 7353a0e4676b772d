"""Run a notebook in a process of its own, as a reader may: twice, each cell twice, from another folder."""

import argparse
import os
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError


def main():
    """Run the notebook that the command line names; the exit status is 1 if a cell fails."""
    parser = argparse.ArgumentParser()
    parser.add_argument("path")
    parser.add_argument("--folder", help="the kernel's working directory", default=".")
    parser.add_argument("--rounds", type=int, default=1, help="so often from the first cell to the last, in one kernel")
    parser.add_argument("--each", type=int, default=1, help="so often each cell before the next")
    options = parser.parse_args()
    os.environ.pop("DISPLAY", None)
    notebook = nbformat.read(options.path, as_version=4)
    client = NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": options.folder}}
    )
    client.reset_execution_trackers()
    with client.setup_kernel():
        for round in range(options.rounds):
            for i, cell in enumerate(notebook.cells):
                for time in range(options.each):
                    try:
                        client.execute_cell(cell, i)
                    except CellExecutionError as error:
                        sys.exit(f"{options.path}, cell {i}, round {round + 1}, time {time + 1}:\n{error}")


if __name__ == "__main__":
    main()
