"""`havenwall audit release | check | verify`: the gate of a release, its plan, and its evidence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from havenwall.cli.common import (
    ERR,
    OUT,
    ConfigFile,
    JsonFlag,
    clear_errors,
    open_app,
    print_json,
    print_table,
    steps,
)

if TYPE_CHECKING:
    from havenwall.audit.release import Release, ReleasePlan

PlanFile = Annotated[Path, typer.Argument(help="YAML file with the registered plan.")]


@clear_errors
def release(
    plan_file: PlanFile,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML for a CI server.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the report, one HTML file.")] = None,
    bundle: Annotated[Path | None, typer.Option(help="Write the signed evidence, a ZIP file.")] = None,
    key: Annotated[
        Path | None, typer.Option(help="Key file that signs the evidence; made on first use.")
    ] = None,
    save: Annotated[bool, typer.Option(help="Keep the finding for the console and its trend.")] = False,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Run a registered plan: exit code 0 for pass, 10 for fail, 11 for inconclusive."""
    from havenwall.audit.release import read_plan
    from havenwall.errors import BadInput

    if bundle and not key:
        raise BadInput("is missing", field="key", hint="name a key file; it is made on first use")
    plan = read_plan(plan_file)
    done = _run(plan, plan_file.parent)
    _write(done, junit, html, bundle, key)
    if save:
        with open_app(config) as app:
            app.audits.keep(done.finding)
    _show(done, json=json)
    raise typer.Exit(done.finding.verdict.exit_code)


def _run(plan: ReleasePlan, folder: Path) -> Release:
    from havenwall.app.release import Bench

    with steps() as progress:
        walk = progress.add_task("test accounts", total=None)

        def walked(what: str, done: int, total: int) -> None:
            progress.update(walk, description=what, completed=done, total=total)

        return Bench(plan, folder).run(walked)


def _write(
    done: Release, junit: Path | None, html: Path | None, bundle: Path | None, key: Path | None
) -> None:
    from havenwall.audit.release.bundle import pack, signing_key
    from havenwall.audit.release.junit import junit_xml
    from havenwall.audit.release.page import report_page

    if junit:
        junit.write_text(junit_xml(done.finding), encoding="utf-8")
    if html:
        html.write_text(report_page(done.finding), encoding="utf-8")
    if bundle and key:
        bundle.write_bytes(pack(done, signing_key(key)))


def _show(done: Release, *, json: bool) -> None:
    if json:
        print_json(done.finding)
        return
    from havenwall.audit.release.tables import release_tables

    OUT.print(f"{done.finding.plan.name}: {done.finding.verdict.outcome}", style="bold", highlight=False)
    for table in release_tables(done.finding):
        print_table(table.title, table.columns, table.rows)


@clear_errors
def check(plan_file: PlanFile, json: JsonFlag = False) -> None:
    """Check a plan without running it, and print its hash."""
    from havenwall.audit.release import read_plan

    plan = read_plan(plan_file)
    if json:
        print_json({"name": plan.name, "hash": plan.hash})
        return
    OUT.print(f"{plan.name}: good; SHA-256 {plan.hash}", highlight=False)


@clear_errors
def verify(
    bundle: Annotated[Path, typer.Argument(help="Evidence that an audit wrote.")],
    public_key: Annotated[
        str, typer.Option(help="Base64 of the key that it must be signed with, from whom you trust.")
    ] = "",
    json: JsonFlag = False,
) -> None:
    """Check evidence: its signature, that nothing was changed, and that its values give its verdict."""
    from havenwall.audit.release.bundle import verify as verified

    found = verified(bundle, public_key)
    if json:
        print_json(found)
        return
    OUT.print(f"good: {found.finding.plan.name}, {found.finding.verdict.outcome}", highlight=False)
    OUT.print(f"signed with {found.public_key}", highlight=False)
    if not found.trusted:
        ERR.print("[dim]hint:[/dim] give --public-key, or anybody could have signed it", highlight=False)
