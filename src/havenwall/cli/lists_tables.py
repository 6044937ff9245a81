"""Tables of `havenwall lists`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from havenwall.cli.common import ERR, print_table
from havenwall.model.bank import BankStatus
from havenwall.model.bank_entry import BankReject

if TYPE_CHECKING:
    from havenwall.app.banks import BankDetail
    from havenwall.detect.banks import ImportResult, Looked


def show_import(result: ImportResult, aside: Path | None) -> None:
    """What an import did."""
    done = result.done
    columns = ("list", "added", "changed", "withdrawn", "same", "malformed", "skipped")
    numbers = (done.added, done.changed, done.withdrawn, done.same, done.rejected, done.skipped)
    print_table("Imported", columns, [(result.bank, *(f"{number:,}" for number in numbers))])
    if aside and done.rejected:
        ERR.print(f"malformed records are in {aside}", highlight=False)


def show_lists(statuses: list[BankStatus]) -> None:
    """All lists, a row each."""
    columns = (
        "list",
        "source",
        "radius",
        "level",
        "active",
        "set aside",
        "withdrawn",
        "malformed",
        "imported",
    )
    rows = [
        (
            status.bank.name + (" (benign)" if status.bank.negative else ""),
            status.bank.source.kind.value + ("" if status.bank.enabled else " (off)"),
            str(status.bank.radius),
            status.bank.verification.value,
            f"{status.active:,}",
            f"{status.set_aside:,}",
            f"{status.withdrawn:,}",
            f"{status.rejected:,}",
            f"{status.completed_at:%Y-%m-%d %H:%M}" if status.completed_at else "never",
        )
        for status in statuses
    ]
    print_table("Lists", columns, rows)


def show_detail(found: BankDetail) -> None:
    """A list with entries and malformed records."""
    show_lists([found.status])
    rows = [
        (
            str(e.id),
            e.source_id[:40],
            e.hash.kind,
            e.hash.value[:16],
            e.state.value,
            ", ".join(e.labels),
            e.why,
        )
        for e in found.entries
    ]
    print_table("Newest entries", ("entry", "source id", "kind", "hash", "state", "labels", "why"), rows)
    show_rejects("Newest malformed records", found.rejects)


def show_rejects(title: str, rejects: tuple[BankReject, ...]) -> None:
    """Malformed records, if there are any."""
    if rejects:
        print_table(title, ("where", "reason"), [(each.where, each.reason) for each in rejects])


def show_found(found: Looked) -> None:
    """Matches of a hash, then what vetoes them."""
    told = [(match, "") for match in found.matches] + [(match, "vetoes") for match in found.vetoes]
    rows = [
        (
            match.bank,
            str(match.entry),
            match.kind,
            f"{match.distance:g}",
            match.verification.value,
            ", ".join(match.labels),
            veto or ("set aside" if match.set_aside else ""),
        )
        for match, veto in told
    ]
    print_table("Matches", ("list", "entry", "kind", "distance", "level", "labels", ""), rows)
