"""An extension of the Jupyter server that makes the pad's answers quick. Lesson 9's pad works without it, only slower.

A server's socket holds each small message back until the browser has acknowledged the one before (Nagle's algorithm),
and a browser that only listens acknowledges after 40 ms. A kernel's answer is always the second message: first it says
that it is busy. Here the socket is told to wait for nothing.

A server is changed only if it is asked to, by ``--ServerApp.jpserver_extensions=nnlib.pad.server=True``.
"""

try:  # jupyter_server does not promise this class
    from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
except ImportError:
    ZMQChannelsWebsocketConnection = None

SETTING = "kernel_websocket_connection_class"


def quick(connection):
    """A class of connections between a page and its kernel, with TCP's no-delay option set."""

    class QuickConnection(connection):
        def connect(self):
            self.websocket_handler.set_nodelay(True)
            return super().connect()

    return QuickConnection


def _jupyter_server_extension_points():
    return [{"module": "nnlib.pad.server"}]


def _load_jupyter_server_extension(server):
    """Make the server's connections quick, if they are of the kind that we know."""
    known = ZMQChannelsWebsocketConnection
    if known is None or server.web_app.settings.get(SETTING) is not known:
        server.log.warning(
            "nnlib.pad.server does not know this server's kernel connections, and leaves them as they are."
        )
        return
    server.web_app.settings[SETTING] = quick(known)
