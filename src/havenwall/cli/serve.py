"""`havenwall serve`: the API, the console and the worker in one process."""

from __future__ import annotations

from typing import Annotated

import typer

from havenwall.app import App, load_config
from havenwall.app.logs import set_up_logs
from havenwall.cli.common import ERR, ConfigFile, clear_errors


@clear_errors
def serve(
    worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Run the stages in this process.")
    ] = True,
    config: ConfigFile = None,
) -> None:
    """Serve the API and the console, and run the stages as events come in."""
    from havenwall.web import listen

    settings, _ = load_config(config)
    set_up_logs(settings.log_level)
    app = App(settings)
    if not app.store.people.all():
        ERR.print("nobody can sign in yet: havenwall person add NAME --role administrator")
    ERR.print(f"Console: {settings.url}", highlight=False)
    try:
        listen(app, worker=worker)
    finally:
        app.close()
