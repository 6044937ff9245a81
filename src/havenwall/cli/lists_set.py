"""`havenwall lists set`: make a list of known media, or change its settings."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import typer

from havenwall.cli.common import OUT, ConfigFile, JsonFlag, clear_errors, open_app, print_json
from havenwall.errors import BadInput, NotFound
from havenwall.model import SYSTEM
from havenwall.model.bank import Bank, BankSource, SourceKind, Verification

OWNER = SYSTEM
"""Who works at the machine itself may do everything."""
Words = list[str] | None


@clear_errors
def set_list(
    name: Annotated[str, typer.Argument(help="2 to 60 of a-z, 0-9, dash, underscore.")],
    source: Annotated[
        SourceKind | None, typer.Option(help="file, csv, ncmec, stopncii or threatexchange.")
    ] = None,
    address: Annotated[str | None, typer.Option(help="https address, or path of a file.")] = None,
    credentials: Annotated[str | None, typer.Option(help="env:NAME or file:/path of the secret.")] = None,
    option: Annotated[Words, typer.Option(help="name=value of the source, such as privacy_group=1.")] = None,
    kind: Annotated[Words, typer.Option(help="A kind of hash to take; all if none is given.")] = None,
    radius: Annotated[int | None, typer.Option(help="Bits a PDQ hash may differ, 0 to 31.")] = None,
    level: Annotated[Verification | None, typer.Option(help="reported, reviewed or verified.")] = None,
    purpose: Annotated[Words, typer.Option(help="What its matches may be used for.")] = None,
    opt_out: Annotated[Words, typer.Option(help="A use it is kept out of, such as live.")] = None,
    negative: Annotated[bool | None, typer.Option(help="Known benign: its matches veto others.")] = None,
    enabled: Annotated[bool | None, typer.Option(help="Whether it is asked at all.")] = None,
    flood: Annotated[int | None, typer.Option(help="Matches in an hour that set an entry aside.")] = None,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Make a list of known media, or change what is given of its settings; older settings are kept."""
    fields = {
        "kinds": _words(kind),
        "radius": radius,
        "verification": level,
        "purposes": _words(purpose),
        "opt_outs": _words(opt_out),
        "negative": negative,
        "enabled": enabled,
        "flood": flood,
    }
    places = {"kind": source, "address": address, "credentials": credentials, "options": _pairs(option)}
    with open_app(config) as app:
        try:
            old = app.store.bank_view.bank(name)
        except NotFound:
            old = Bank(name=name)
        fresh: BankSource = msgspec.structs.replace(old.source, **_given(places))
        status = app.banks.save(OWNER, msgspec.structs.replace(old, source=fresh, **_given(fields)))
    if json:
        print_json(status)
    else:
        OUT.print(f"the list {name} is set: {status.active:,} entries", highlight=False)


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _words(given: Words) -> tuple[str, ...] | None:
    """None where nothing is given; one empty word empties the setting."""
    return tuple(filter(None, given)) if given else None


def _pairs(given: Words) -> dict[str, str] | None:
    if not given:
        return None
    pairs = [text.partition("=") for text in given]
    if not all(sign for _, sign, _ in pairs):
        raise BadInput("is not of the form name=value", field="option")
    return {name.strip(): value.strip() for name, _, value in pairs}
