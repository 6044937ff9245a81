"""The command line: one file per verb."""

from __future__ import annotations

import typer

from havenwall.cli import (
    actions,
    appeals,
    aside,
    audit,
    case,
    config,
    endpoints,
    guard,
    key,
    lists,
    live,
    media,
    network,
    person,
    proposals,
    queues,
    reports,
    role,
)
from havenwall.cli.compare import compare
from havenwall.cli.demo import demo
from havenwall.cli.doctor import doctor
from havenwall.cli.ingest import ingest
from havenwall.cli.quality import quality
from havenwall.cli.run import run
from havenwall.cli.serve import serve

cli = typer.Typer(
    name="havenwall",
    help="Finds networks of accounts that trade in child-exploitation material and cuts them out.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
for verb in (demo, serve, ingest, run, doctor, quality, compare):
    cli.command()(verb)
for name, group in (
    ("network", network.cli),
    ("guard", guard.cli),
    ("media", media.cli),
    ("live", live.cli),
    ("audit", audit.cli),
    ("lists", lists.cli),
    ("terms", proposals.cli),
    ("aside", aside.cli),
    ("appeals", appeals.cli),
    ("case", case.cli),
    ("queues", queues.cli),
    ("actions", actions.cli),
    ("endpoints", endpoints.cli),
    ("reports", reports.cli),
    ("config", config.cli),
    ("person", person.cli),
    ("role", role.cli),
    ("key", key.cli),
):
    cli.add_typer(group, name=name)


def main() -> None:
    """Entry point of the `havenwall` command."""
    cli()
