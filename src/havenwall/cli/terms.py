"""`havenwall guard query` and `havenwall guard terms`: queries, suggestions and tags."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from havenwall.app import load_config
from havenwall.cli.common import OUT, ConfigFile, JsonFlag, clear_errors, open_app, print_json, print_table

if TYPE_CHECKING:
    from havenwall.guard.query import QueryGuard

terms = typer.Typer(help="Term lists of the query guard.", no_args_is_help=True)
File = Annotated[
    Path, typer.Argument(help="Plain list: JSON lines or YAML. Keep it outside the data folder.")
]


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What a check of a list found."""

    terms: int
    expired: int
    false_hits: float
    """In 1,000 benign texts."""
    version: str
    sealed: str | None = None
    """The sealed file."""


@clear_errors
def query(
    text: Annotated[str, typer.Argument(help="What was typed, would be suggested, or is the tag.")],
    surface: Annotated[
        str, typer.Option(help="search_query, autocomplete, related_searches or hashtag_page.")
    ] = "search_query",
    country: Annotated[str | None, typer.Option(help="Country of the viewer, such as de.")] = None,
    language: Annotated[
        str | None, typer.Option(help="Language of the viewer: terms of others rest.")
    ] = None,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Say what the guard does with a query, a suggestion or a tag, and which views it took."""
    from havenwall.guard.query import as_surface

    with open_app(config) as app:
        verdict = app.query_guard.query(text, as_surface(surface), country=country, language=language)
    if json:
        print_json(verdict)
        return
    views = ", ".join(verdict.views)
    row = (verdict.surface, verdict.outcome, verdict.term or "", verdict.severity or "", views)
    print_table("Verdict", ("surface", "outcome", "term", "severity", "views"), [row])
    for resource in verdict.help:
        OUT.print(f"{resource.name}: {resource.url} {resource.phone}".rstrip(), highlight=False)
    OUT.print(f"[dim]terms {verdict.version or 'none'}[/dim]", highlight=False)


@terms.command("check")
@clear_errors
def check(file: File, config: ConfigFile = None, json: JsonFlag = False) -> None:
    """Read a term list as the guard would, measure its false hits, and keep nothing."""
    from havenwall.app.terms import check_terms

    _tell(check_terms(load_config(config)[0], file)[0], None, json)


@terms.command("seal")
@clear_errors
def seal(file: File, config: ConfigFile = None, json: JsonFlag = False) -> None:
    """Check a term list and keep it encrypted in the data folder; servers take it up by themselves."""
    from havenwall.app.terms import seal_list

    path, guard = seal_list(load_config(config)[0], file)
    _tell(guard, path, json)


def _tell(guard: QueryGuard, sealed: Path | None, json: bool) -> None:
    found = Checked(
        terms=len(guard.terms.entries),
        expired=guard.expired(),
        false_hits=guard.false_hits,
        version=guard.terms.version,
        sealed=str(sealed) if sealed else None,
    )
    if json:
        print_json(found)
        return
    OUT.print(
        f"{found.terms:,} terms, {found.expired:,} expired; {found.false_hits:.1f} false hits in "
        f"1,000 benign texts; version {found.version}",
        highlight=False,
    )
    if sealed:
        OUT.print(f"sealed as {sealed}", highlight=False, soft_wrap=True)
