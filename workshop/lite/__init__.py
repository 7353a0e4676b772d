"""The kernel in the browser: JupyterLite with Pyodide, the lessons and `nnlib`, as files for any web server.

    python -m uv run python -m workshop.lite                        # into build/site/lite
    python -m uv run python -m workshop.lite --packages a/folder    # Pyodide's packages from a folder

Nothing that is fetched is used before its SHA-256 is known to be right: ``requirements.txt`` beside this file has those
of JupyterLite and of what `nnlib` needs, `workshop.lite.pyodide` has that of Pyodide's runtime, whose own lock file has
those of its packages. It needs npm.
"""

from workshop.lite.assemble import main

__all__ = ["main"]
