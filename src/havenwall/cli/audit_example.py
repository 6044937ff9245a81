"""`havenwall audit serve-example`: a sandbox recommender behind the audit's HTTP routes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, cast

import typer

from havenwall.cli.common import ERR, clear_errors

if TYPE_CHECKING:
    from havenwall.audit.adapters.spec import SandboxSpec


@clear_errors
def serve_example(
    recommender: Annotated[str, typer.Option(help="als, cofollow, friends or walk.")] = "als",
    accounts: Annotated[int, typer.Option(help="Accounts of the sandbox platform.")] = 2_000,
    seed: Annotated[int, typer.Option(help="Of the platform.")] = 0,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 8099,
    token_env: Annotated[
        str, typer.Option(help="Environment variable with the bearer token that callers must bring.")
    ] = "",
) -> None:
    """Serve a sandbox recommender as the audit's HTTP adapter asks for it: an example to copy."""
    from havenwall.app.platforms import sandbox_platform
    from havenwall.audit.adapters.spec import read_platform
    from havenwall.errors import BadInput
    from havenwall.web.reference_recommender import PREFIX, listening, serve_recommender

    token = os.environ.get(token_env, "") if token_env else ""
    if token_env and not token:
        raise BadInput(f"{token_env} is empty", field="token-env", hint=f"set {token_env} first")
    raw = {"adapter": "sandbox", "recommender": recommender, "accounts": accounts, "seed": seed}
    spec = cast("SandboxSpec", read_platform(raw))
    at = listening(host, port)
    ERR.print("training the recommender", highlight=False)
    adapter = sandbox_platform(spec)
    shown = f"[{host}]" if ":" in host else host
    typer.echo(f"http://{shown}:{at.getsockname()[1]}{PREFIX}")
    serve_recommender(adapter, at, token)
