"""`havenwall serve`: the API, the console and the worker in one process."""

from __future__ import annotations

import socket
from typing import Annotated

import typer
import uvicorn

from havenwall.app import App, load_config
from havenwall.app.logs import set_up_logs
from havenwall.cli.common import ERR, ConfigFile, clear_errors
from havenwall.errors import BadConfig
from havenwall.web import create_server


@clear_errors
def serve(
    worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Run the stages in this process.")
    ] = True,
    config: ConfigFile = None,
) -> None:
    """Serve the API and the console, and run the stages as events come in."""
    settings, _ = load_config(config)
    set_up_logs(settings.log_level)
    app = App(settings)
    if not app.store.people.all():
        ERR.print("nobody can sign in yet: havenwall person add NAME --role administrator")
    ERR.print(f"Console: {settings.url}", highlight=False)
    serve_app(app, worker=worker)


def serve_app(app: App, *, worker: bool = True) -> None:
    """Serve until interrupted.

    Raises:
        BadConfig: the address is taken or not ours.
    """
    _check_address(app.config.host, app.config.port)
    server = create_server(app, worker=worker)
    try:
        uvicorn.run(
            server, host=app.config.host, port=app.config.port, log_level="warning", server_header=False
        )
    finally:
        app.close()


def _check_address(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise BadConfig(
                f"cannot listen on {host}:{port}: {problem.strerror}", field="port", hint="set HAVENWALL_PORT"
            ) from problem
