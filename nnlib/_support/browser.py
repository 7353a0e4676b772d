"""Whether Python itself runs in a browser. There it has no other thread, no other process and no socket."""

import sys

IN_BROWSER = sys.platform == "emscripten"  # CPython as WebAssembly, which Pyodide is
