"""An extension of the Jupyter server that makes the pad's answers quick. Lesson 8's pad works without it, only slower.

A server's socket holds each small message back until the browser has acknowledged the one before (Nagle's algorithm), and
a browser that only listens acknowledges after 40 ms. A kernel's answer is always the second message: first it says that
it is busy. Here the socket is told to wait for nothing. Jupyter loads this by ``jupyter-config/nnlib.json``.
"""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class QuickConnection(ZMQChannelsWebsocketConnection):
    """Jupyter's connection between a page and its kernel, with TCP's no-delay option set."""

    def connect(self):
        self.websocket_handler.set_nodelay(True)
        return super().connect()


def _jupyter_server_extension_points():
    return [{"module": "nnlib.pad.server"}]


def _load_jupyter_server_extension(server):
    if server.kernel_websocket_connection_class is ZMQChannelsWebsocketConnection:  # nobody has chosen another one
        server.web_app.settings["kernel_websocket_connection_class"] = QuickConnection
