"""The pad's quick answers: a Jupyter server is changed only if it is asked to."""

import logging
import subprocess
import sys
from types import SimpleNamespace

import pytest

from nnlib.pad import server
from tests import tries

ASK = "--ServerApp.jpserver_extensions=nnlib.pad.server=True"
APPS = {"JupyterLab": "jupyterlab.labapp.LabApp", "Notebook 7": "notebook.app.JupyterNotebookApp"}
# The names of the server's class of connections and of its classes of origin, once it is ready to start.
CLASS = """
import sys
from importlib import import_module
module, name = sys.argv[1].rsplit(".", 1)
app = getattr(import_module(module), name)
server = app.initialize_server(argv=["--allow-root", "--no-browser", "--port=0", *sys.argv[2:]])
print([kind.__name__ for kind in server.web_app.settings["kernel_websocket_connection_class"].mro()[:2]])
"""


def connections(app, folder, *options):
    options = [f"--ServerApp.root_dir={folder}", *options]
    command = [sys.executable, "-c", CLASS, APPS[app], *options]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1]


@pytest.mark.parametrize("app", tries(["JupyterLab"], APPS))
def test_a_server_that_is_asked_has_quick_connections(app, tmp_path):
    assert connections(app, tmp_path, ASK) == "['QuickConnection', 'ZMQChannelsWebsocketConnection']"


def test_a_plain_server_keeps_its_own_connections(tmp_path):
    assert connections("JupyterLab", tmp_path).startswith("['ZMQChannelsWebsocketConnection'")


@pytest.mark.parametrize("missing", [True, False], ids=["the class is missing", "another class was chosen"])
def test_connections_that_are_not_known_are_left_alone_with_a_warning(missing, monkeypatch, caplog):
    if missing:
        monkeypatch.setattr(server, "ZMQChannelsWebsocketConnection", None)
    settings = {server.SETTING: object}
    app = SimpleNamespace(web_app=SimpleNamespace(settings=settings), log=logging.getLogger("server"))
    server._load_jupyter_server_extension(app)
    assert settings[server.SETTING] is object and "leaves them as they are" in caplog.text


def test_a_quick_connection_sets_no_delay_and_connects():
    class Known:
        websocket_handler = SimpleNamespace(set_nodelay=lambda on: calls.append(("no delay", on)))

        def connect(self):
            calls.append("connected")

    calls = []
    server.quick(Known)().connect()
    assert calls == [("no delay", True), "connected"]
