"""`havenwall terms`: terms that a machine proposed, and what people make of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from havenwall.app import App
from havenwall.cli.common import OUT, ConfigFile, JsonFlag, clear_errors, open_app, print_json, print_table
from havenwall.errors import Forbidden
from havenwall.model import SYSTEM, TermProposal, TermState, Viewer

cli = typer.Typer(help="New terms, found and proposed.", no_args_is_help=True)
proposals = typer.Typer(help="Look at proposed terms, accept and reject them.", no_args_is_help=True)
cli.add_typer(proposals, name="proposals")

Id = Annotated[str, typer.Argument(help="Id of the proposal, or its beginning.")]
By = Annotated[str, typer.Option("--by", help="Name of the person who decides.")]
Why = Annotated[str, typer.Option("--why", help="The reason; kept with the proposal.")]


@cli.command("search")
@clear_errors
def search(config: ConfigFile = None, json: JsonFlag = False) -> None:
    """Look for new terms and variants of listed ones now; nothing enters a list."""
    with open_app(config) as app:
        found = app.terms.search(SYSTEM)
    _tell(found, json)


@proposals.command("list")
@clear_errors
def show(
    state: Annotated[TermState, typer.Option(help="Proposals in this state.")] = TermState.OPEN,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """List proposed terms with their evidence."""
    with open_app(config) as app:
        found = app.terms.proposals(SYSTEM, state)
    _tell(found, json)


@proposals.command("accept")
@clear_errors
def accept(
    proposal: Id,
    by: By,
    why: Why,
    severity: Annotated[str, typer.Option(help="block, or suppress: suggestions only.")] = "suppress",
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Put a proposed term on the sealed list of accepted terms; guards take it up by themselves."""
    with open_app(config) as app:
        _decided(_decide(app, proposal, by, TermState.ACCEPTED, why, severity), json)


@proposals.command("reject")
@clear_errors
def reject(proposal: Id, by: By, why: Why, config: ConfigFile = None, json: JsonFlag = False) -> None:
    """Set a proposed term aside; it comes back only if far more accounts of the network use it."""
    with open_app(config) as app:
        _decided(_decide(app, proposal, by, TermState.REJECTED, why, ""), json)


def _decide(app: App, proposal: str, by: str, state: TermState, why: str, severity: str) -> TermProposal:
    found = app.store.terms.named(proposal)
    return app.terms.decide(_person(app, by), found.id, found.version, state, why, severity)


def _person(app: App, name: str) -> Viewer:
    person = app.store.people.person(name)
    if person.disabled_at is not None:
        raise Forbidden(f"{name} is shut out")
    return person.viewer()


def _tell(found: Sequence[TermProposal], json: bool) -> None:
    if json:
        print_json(found)
    elif not found:
        OUT.print("No proposals. They need confirmed accounts, and posts or tags they used: havenwall run")
    else:
        columns = ("term", "id", "state", "network", "others", "evidence")
        print_table(f"Proposed terms ({len(found)})", columns, map(_row, found))


def _row(one: TermProposal) -> tuple[str, ...]:
    counts = (str(one.evidence.network), str(one.evidence.others))
    return (one.term, one.id[:12], one.state, *counts, one.sentence)


def _decided(one: TermProposal, json: bool) -> None:
    if json:
        print_json(one)
        return
    OUT.print(f"{one.term} was {one.state} by {one.by.removeprefix('user:')}.", highlight=False)
