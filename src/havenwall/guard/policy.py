"""What each surface does with each restriction: read from YAML once, compiled to one row per surface."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import numpy as np
import yaml
from numpy.typing import NDArray

from havenwall.errors import BadConfig, BadInput
from havenwall.guard.codes import CODES, RESTRICTIONS, code_of
from havenwall.guard.surface import Outcome, Surface
from havenwall.model import Restriction

_HINT: Final = "see surfaces.yaml in the package"


class Failure(StrEnum):
    """What a surface does when the guard's data is missing or too old."""

    CLOSED = "closed"
    """Drop everything not known clean."""
    OPEN = "open"
    """Allow what is not restricted, and flag the answer."""


class Demote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Demotion by a factor."""

    demote: Annotated[float, msgspec.Meta(gt=0, lt=1)]


class Cells(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Outcome per restriction; a stricter restriction must not get a milder outcome."""

    suppressed: Outcome | Demote
    restricted: Outcome | Demote
    removed: Outcome | Demote


class SurfaceRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules of one surface, as written in the YAML file."""

    max_age: Annotated[float, msgspec.Meta(gt=0)]
    """Seconds since the publisher's last sign of life after which `failure` holds."""
    failure: Failure
    candidate: Cells
    closed_to: tuple[Restriction, ...] = ()
    """Viewers under these restrictions get no candidates here."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One surface compiled: every field has one place per code of `havenwall.guard.codes`."""

    outcomes: tuple[Outcome, ...]
    factors: tuple[float, ...]
    """What to multiply a score with: 1 for allow and interstitial, 0 for drop."""
    closed_to: tuple[bool, ...]
    """Whether a viewer with this code gets nothing."""
    allowed: NDArray[np.bool_]
    """(10,) bool: the outcome is not drop."""


class Policy:
    """The rules of all surfaces, compiled for fresh and for outdated data."""

    def __init__(self, rules: Mapping[Surface, SurfaceRules]) -> None:
        self._max_age = {surface: rule.max_age for surface, rule in rules.items()}
        self._fresh = {surface: _row(rule, _fresh(rule)) for surface, rule in rules.items()}
        self._outdated = {surface: _row(rule, _outdated(rule)) for surface, rule in rules.items()}

    def row(self, surface: Surface, *, outdated: bool) -> Row:
        """The compiled rules of a surface; `outdated` gives those of its failure mode."""
        return (self._outdated if outdated else self._fresh)[surface]

    def max_age(self, surface: Surface) -> float:
        """Seconds after which the surface's failure mode holds.

        Raises:
            BadInput: no such surface.
        """
        limit = self._max_age.get(surface)
        if limit is None:
            raise BadInput(
                f"{surface!r} is not a surface", field="surface", hint=f"surfaces are {', '.join(Surface)}"
            )
        return limit


def load_policy(path: Path | None = None) -> Policy:
    """The policy in a YAML file; the one that ships with Havenwall when no path is given.

    Raises:
        BadConfig: the file cannot be read, a surface is missing or unknown, or a value is not allowed.
    """
    name = str(path or "surfaces.yaml")
    try:
        text = (path or files("havenwall.guard").joinpath("surfaces.yaml")).read_text("utf-8")
        return Policy(_checked(yaml.safe_load(text)))
    except OSError as error:
        raise BadConfig("cannot be read", field=name, hint=error.strerror) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadConfig(f"is not YAML: {error}", field=name, hint=_HINT) from error


def _checked(data: Any) -> dict[Surface, SurfaceRules]:
    if not isinstance(data, dict):
        raise BadConfig("is no mapping", field="surfaces", hint=_HINT)
    for name in data:
        if name not in tuple(Surface):
            raise BadConfig("is not a surface", field=str(name), hint=f"surfaces are {', '.join(Surface)}")
    rules = {surface: _converted(surface, data) for surface in Surface}
    for surface, rule in rules.items():
        _check_cells(surface, rule.candidate)
    return rules


def _converted(surface: Surface, data: dict[Any, Any]) -> SurfaceRules:
    if surface not in data:
        raise BadConfig("is missing", field=surface, hint="every surface needs its rules")
    try:
        return msgspec.convert(data[surface], SurfaceRules)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$")
        raise BadConfig(message, field=surface + place.strip("`"), hint=_HINT) from error


def _check_cells(surface: Surface, cells: Cells) -> None:
    before = Outcome.ALLOW
    for name in Cells.__struct_fields__:
        cell, field = getattr(cells, name), f"{surface}.candidate.{name}"
        if cell is Outcome.DEMOTE:
            raise BadConfig("has no factor", field=field, hint="write {demote: 0.2}")
        if _outcome(cell).severity < before.severity:
            raise BadConfig(
                f"is milder than {before}", field=field, hint="a stricter restriction needs as much"
            )
        before = _outcome(cell)


def _outcome(cell: Outcome | Demote) -> Outcome:
    return Outcome.DEMOTE if isinstance(cell, Demote) else cell


def _fresh(rule: SurfaceRules) -> list[Outcome | Demote]:
    cells = rule.candidate
    known = (Outcome.ALLOW, cells.suppressed, cells.restricted, cells.removed)
    return [Outcome.ALLOW, *(cell for cell in known for _confirmed in (False, True)), Outcome.DROP]


def _outdated(rule: SurfaceRules) -> list[Outcome | Demote]:
    if rule.failure is Failure.OPEN:
        return _fresh(rule)
    closed: list[Outcome | Demote] = [Outcome.DROP] * CODES
    # Only a clearance somebody stands behind outlives the data it came with.
    closed[code_of(Restriction.NONE, confirmed=True)] = Outcome.ALLOW
    return closed


def _row(rule: SurfaceRules, cells: list[Outcome | Demote]) -> Row:
    outcomes = tuple(_outcome(cell) for cell in cells)
    closed = [restriction in rule.closed_to for restriction in RESTRICTIONS for _confirmed in (False, True)]
    return Row(
        outcomes=outcomes,
        factors=tuple(_factor(cell) for cell in cells),
        closed_to=(False, *closed, False),
        allowed=np.array([outcome is not Outcome.DROP for outcome in outcomes]),
    )


def _factor(cell: Outcome | Demote) -> float:
    return cell.demote if isinstance(cell, Demote) else float(cell is not Outcome.DROP)
