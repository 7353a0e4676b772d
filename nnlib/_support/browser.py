"""Whether Python itself runs in a browser. There it has no other thread, no other process and no socket."""

import logging
import sys

IN_BROWSER = sys.platform == "emscripten"  # CPython as WebAssembly, which Pyodide is

if IN_BROWSER:  # a browser keeps no font cache, and Matplotlib would say so in red at each start
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
