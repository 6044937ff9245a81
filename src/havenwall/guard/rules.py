"""The rules of one surface as written in YAML, and what makes them valid."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

import msgspec

from havenwall.errors import BadConfig
from havenwall.guard.surface import Outcome, Surface, ViewerClass
from havenwall.model import Restriction


class Failure(StrEnum):
    """What a surface does when the guard's data is missing or too old."""

    CLOSED = "closed"
    """Drop everything not known clean."""
    TIES = "ties"
    """What is not known clean gets no new edge: existing ties go on, and nobody is introduced."""
    OPEN = "open"
    """Allow what is not restricted, and flag the answer."""


class Demote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Demotion by a factor."""

    demote: Annotated[float, msgspec.Meta(gt=0, lt=1)]


class Cells(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Outcome per restriction; a stricter restriction must not get a milder outcome."""

    unknown: Outcome | Demote = Outcome.ALLOW
    """Nothing was ever decided about the candidate. What somebody cleared is allowed whatever this says."""
    suppressed: Outcome | Demote
    restricted: Outcome | Demote
    removed: Outcome | Demote


class Override(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Cells that differ for one class of viewers; what is left out is as for everybody."""

    unknown: Outcome | Demote | None = None
    suppressed: Outcome | Demote | None = None
    restricted: Outcome | Demote | None = None
    removed: Outcome | Demote | None = None


class SurfaceRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules of one surface, as written in the YAML file."""

    max_age: Annotated[float, msgspec.Meta(gt=0)]
    """Seconds since the publisher's last sign of life after which `failure` holds."""
    failure: Failure
    candidate: Cells
    viewers: dict[ViewerClass, Override] = {}
    """Minor and restricted never milder than `candidate`; a reviewer never less than an interstitial."""
    closed_to: tuple[Restriction, ...] = ()
    """Viewers under these restrictions get no candidates here."""


CELLS: Final = Cells.__struct_fields__
"""Names of the cells, mildest standing first."""


def outcome_of(cell: Outcome | Demote) -> Outcome:
    """The outcome in a cell, without its factor."""
    return Outcome.DEMOTE if isinstance(cell, Demote) else cell


def factor_of(cell: Outcome | Demote) -> float:
    """What to multiply a score with: 0 when the candidate is not shown."""
    return cell.demote if isinstance(cell, Demote) else float(cell.shows())


def severity(cell: Outcome | Demote) -> tuple[int, float]:
    """To compare cells by; a smaller factor is more severe."""
    return outcome_of(cell).severity, -factor_of(cell)


def stricter(one: Outcome | Demote, other: Outcome | Demote) -> Outcome | Demote:
    """The more severe of two cells."""
    return max(one, other, key=severity)


def seen_by(rule: SurfaceRules, viewer: ViewerClass) -> Cells:
    """The cells for a class of viewers."""
    override = rule.viewers.get(viewer, Override())
    return Cells(**{name: _cell(rule.candidate, override, viewer, name) for name in CELLS})


def check_rules(surface: Surface, rule: SurfaceRules) -> None:
    """Refuse rules that contradict themselves.

    Raises:
        BadConfig: demotion without a factor, a stricter restriction with a milder outcome, a minor or
            restricted viewer better off than an ordinary one, or a reviewer who gets no warning.
    """
    _check_cells(f"{surface}.candidate", rule.candidate)
    for viewer, override in rule.viewers.items():
        field = f"{surface}.viewers.{viewer}"
        if viewer is ViewerClass.ORDINARY:
            raise BadConfig("is not an exception", field=field, hint="write it under candidate")
        _check_factors(field, override)
        cells = seen_by(rule, viewer)
        _check_cells(field, cells)
        _check_floor(field, viewer, cells, rule.candidate)


def _cell(base: Cells, override: Override, viewer: ViewerClass, name: str) -> Outcome | Demote:
    written: Outcome | Demote | None = getattr(override, name)
    if written is not None:
        return written
    cell: Outcome | Demote = getattr(base, name)
    # Whoever works with restricted entities is told that they are, also where others are not.
    return stricter(cell, _floor(viewer, base, name))


def _floor(viewer: ViewerClass, base: Cells, name: str) -> Outcome | Demote:
    if viewer is not ViewerClass.REVIEWER:
        cell: Outcome | Demote = getattr(base, name)
        return cell
    return Outcome.ALLOW if name == "unknown" else Outcome.INTERSTITIAL


def _check_floor(field: str, viewer: ViewerClass, cells: Cells, base: Cells) -> None:
    for name in CELLS:
        floor = _floor(viewer, base, name)
        if severity(getattr(cells, name)) < severity(floor):
            raise BadConfig(
                f"is milder than {outcome_of(floor)}",
                field=f"{field}.{name}",
                hint="a reviewer needs a warning; other viewers need as much as ordinary ones",
            )


def _check_factors(field: str, cells: Cells | Override) -> None:
    for name in CELLS:
        if getattr(cells, name) is Outcome.DEMOTE:
            raise BadConfig("has no factor", field=f"{field}.{name}", hint="write {demote: 0.2}")


def _check_cells(field: str, cells: Cells) -> None:
    _check_factors(field, cells)
    before: Outcome | Demote = Outcome.ALLOW
    for name in CELLS:
        cell = getattr(cells, name)
        if severity(cell) < severity(before):
            raise BadConfig(
                f"is milder than {outcome_of(before)}",
                field=f"{field}.{name}",
                hint="a stricter restriction needs as much",
            )
        before = cell
