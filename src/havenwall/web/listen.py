"""Serves the API and the console on an address of this machine."""

from __future__ import annotations

import socket

import uvicorn

from havenwall.app import App
from havenwall.errors import BadConfig
from havenwall.web.server import create_server


def listen(app: App, *, worker: bool = True) -> None:
    """Serve until interrupted, on the host and port of the configuration.

    Raises:
        BadConfig: the address is taken or not ours.
    """
    _check_address(app.config.host, app.config.port)
    server = create_server(app, worker=worker)
    uvicorn.run(server, host=app.config.host, port=app.config.port, log_level="warning", server_header=False)


def _check_address(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            hint = "set HAVENWALL_HOST or HAVENWALL_PORT"
            raise BadConfig(
                f"cannot listen on {host}:{port}: {problem.strerror}", field="port", hint=hint
            ) from problem
