"""`havenwall endpoints`: where the platform takes notices of actions, and what became of each."""

from __future__ import annotations

from typing import Annotated

import typer

from havenwall.cli.common import OUT, ConfigFile, JsonFlag, clear_errors, open_app, print_json, print_table
from havenwall.model import SYSTEM, ActionKind, CaseClass
from havenwall.model.delivery import Delivery, DeliveryState

cli = typer.Typer(help="Webhooks of the platform.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="Name of the endpoint.")]


@cli.command("add")
@clear_errors
def add(
    name: Name,
    url: Annotated[str, typer.Argument(help="Where notices go: https://...")],
    kind: Annotated[list[ActionKind] | None, typer.Option(help="Only these kinds of actions.")] = None,
    case_class: Annotated[
        list[CaseClass] | None, typer.Option("--class", help="Only cases of these classes.")
    ] = None,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Make an endpoint and print its secret, this once."""
    with open_app(config) as app:
        endpoint, secret = app.deliveries.add(SYSTEM, name, url, kind or (), case_class or ())
    if json:
        print_json({"endpoint": endpoint, "secret": secret})
    else:
        OUT.print(f"{name} is told of {', '.join(endpoint.kinds)}. Its secret, shown only now:")
        OUT.print(secret, highlight=False, soft_wrap=True)


@cli.command("list")
@clear_errors
def list_endpoints(
    state: Annotated[DeliveryState | None, typer.Option(help="Also deliveries in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Deliveries to print.")] = 50,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """List endpoints, and with --state the deliveries that wait, arrived or failed."""
    with open_app(config) as app:
        found = app.deliveries.endpoints(SYSTEM)
        log = app.deliveries.log(SYSTEM, state=state.value, limit=limit) if state else []
    if json:
        print_json({"endpoints": found, "deliveries": log})
    elif not found:
        OUT.print("No endpoints. Add one: havenwall endpoints add NAME https://...")
    else:
        rows = [
            (s.endpoint.name, s.endpoint.url, "on" if s.endpoint.on else "off", str(s.waiting), str(s.failed))
            for s in found
        ]
        print_table("Endpoints", ("name", "address", "state", "waiting", "failed"), rows)
        _print_log(log)


@cli.command("test")
@clear_errors
def try_out(name: Name, config: ConfigFile = None, json: JsonFlag = False) -> None:
    """Send a signed message that asks for nothing, and tell what came of it."""
    with open_app(config) as app:
        tried = app.deliveries.test(SYSTEM, name)
    if json:
        print_json(tried)
    else:
        OUT.print(f"{tried.error or 'arrived'} ({tried.millis} ms)", highlight=False)
    if tried.error:
        raise typer.Exit(1)


@cli.command("replay")
@clear_errors
def replay(
    delivery: Annotated[
        str, typer.Argument(help="Id of the delivery, from `endpoints list --state failed`.")
    ],
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Let a delivery be sent once more, with the idempotency key it had."""
    with open_app(config) as app:
        one = app.deliveries.replay(SYSTEM, delivery)
    if json:
        print_json(one)
    else:
        OUT.print(f"{one.kind} of {one.entity} is sent to {one.endpoint} again.", highlight=False)


def _print_log(log: list[Delivery]) -> None:
    if log:
        rows = [(d.id, d.endpoint, d.kind, d.entity, d.told, d.state, str(d.tries)) for d in log]
        print_table("Deliveries", ("id", "endpoint", "kind", "entity", "tells of", "state", "tries"), rows)
