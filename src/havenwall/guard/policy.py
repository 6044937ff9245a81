"""What each surface does with each restriction for each viewer: read from YAML once, compiled to rows."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import yaml
from numpy.typing import NDArray

from havenwall.errors import BadConfig, BadInput
from havenwall.guard.codes import NO_CANDIDATE, RESTRICTIONS, code_of
from havenwall.guard.rules import (
    Cells,
    Demote,
    Failure,
    SurfaceRules,
    check_rules,
    factor_of,
    outcome_of,
    seen_by,
    stricter,
)
from havenwall.guard.surface import Outcome, Surface, ViewerClass
from havenwall.model import Restriction

__all__ = ["Failure", "Policy", "Row", "load_policy"]

_HINT: Final = "see surfaces.yaml in the package"
_Line = list[Outcome | Demote]
_BOTH: Final = (False, True)
_CLASSES: Final = tuple(ViewerClass)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One surface for one kind of viewer: every field has one place per code of `havenwall.guard.codes`."""

    outcomes: tuple[Outcome, ...]
    factors: tuple[float, ...]
    """What to multiply a score with: 1 for allow and interstitial, 0 for what is not shown."""
    closed_to: tuple[bool, ...]
    """Whether a viewer with this code gets nothing."""
    allowed: NDArray[np.bool_]
    """(10,) bool: shown to a viewer without a tie."""
    tied: NDArray[np.bool_]
    """(10,) bool: shown to a viewer who is tied to the candidate already."""
    severities: NDArray[np.uint8]
    """(10,) uint8: the outcomes, by their severity."""
    weights: NDArray[np.float32]
    """(10,) float32: the factors."""


class Compiled(msgspec.Struct, frozen=True, kw_only=True):
    """All rows of one surface."""

    max_age: float
    """Seconds after which the failure mode holds."""
    fresh: tuple[Row, ...]
    """By `place_of` the viewer."""
    outdated: tuple[Row, ...]


def place_of(viewer: ViewerClass, *, restricted: bool) -> int:
    """The place of a kind of viewer among a surface's rows; 0 is an ordinary one without restriction."""
    return 2 * _CLASSES.index(viewer) + restricted


class Policy:
    """The rules of all surfaces, compiled for every kind of viewer, for fresh and for outdated data."""

    def __init__(self, rules: Mapping[Surface, SurfaceRules]) -> None:
        self._rules = dict(rules)
        self._compiled = {
            surface: Compiled(
                max_age=rule.max_age, fresh=_rows(rule, outdated=False), outdated=_rows(rule, outdated=True)
            )
            for surface, rule in rules.items()
        }

    def row(
        self,
        surface: Surface,
        *,
        outdated: bool,
        viewer: ViewerClass = ViewerClass.ORDINARY,
        restricted: bool = False,
    ) -> Row:
        """The compiled rules of a surface; `outdated` gives those of its failure mode.

        `restricted` says that the viewer is under a restriction, whatever else it is: of both classes'
        cells the more severe one counts.
        """
        compiled, place = self._compiled[surface], place_of(viewer, restricted=restricted)
        return compiled.outdated[place] if outdated else compiled.fresh[place]

    def compiled(self, surface: Surface) -> Compiled:
        """All rows of a surface: one look-up for callers that count microseconds.

        Raises:
            BadInput: no such surface.
        """
        compiled = self._compiled.get(surface)
        if compiled is None:
            raise BadInput(
                f"{surface!r} is not a surface", field="surface", hint=f"surfaces are {', '.join(Surface)}"
            )
        return compiled

    def max_age(self, surface: Surface) -> float:
        """Seconds after which the surface's failure mode holds.

        Raises:
            BadInput: no such surface.
        """
        return self.compiled(surface).max_age

    def failure(self, surface: Surface) -> Failure:
        """What the surface does when data is missing or too old."""
        return self._rules[surface].failure


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
        check_rules(surface, rule)
    return rules


def _converted(surface: Surface, data: dict[Any, Any]) -> SurfaceRules:
    if surface not in data:
        raise BadConfig("is missing", field=surface, hint="every surface needs its rules")
    try:
        return msgspec.convert(data[surface], SurfaceRules)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$")
        raise BadConfig(message, field=surface + place.strip("`"), hint=_HINT) from error


def _rows(rule: SurfaceRules, *, outdated: bool) -> tuple[Row, ...]:
    return tuple(
        _row(rule, _line(rule, outdated, viewer, restricted))
        for viewer, restricted in product(_CLASSES, _BOTH)
    )


def _line(rule: SurfaceRules, outdated: bool, viewer: ViewerClass, restricted: bool) -> _Line:
    line = _fresh(seen_by(rule, viewer))
    if restricted:
        own = _fresh(seen_by(rule, ViewerClass.RESTRICTED))
        line = [stricter(one, other) for one, other in zip(line, own, strict=True)]
    return _outdated(rule.failure, line) if outdated else line


def _fresh(cells: Cells) -> _Line:
    known = (Outcome.ALLOW, cells.suppressed, cells.restricted, cells.removed)
    return [cells.unknown, *(cell for cell in known for _confirmed in _BOTH), Outcome.DROP]


def _outdated(failure: Failure, fresh: _Line) -> _Line:
    if failure is Failure.OPEN:
        return fresh
    floor = Outcome.DROP if failure is Failure.CLOSED else Outcome.NO_NEW_EDGE
    line = [stricter(cell, floor) for cell in fresh]
    # Only a clearance somebody stands behind outlives the data it came with.
    line[code_of(Restriction.NONE, confirmed=True)] = Outcome.ALLOW
    return line


def _row(rule: SurfaceRules, cells: _Line) -> Row:
    outcomes = tuple(outcome_of(cell) for cell in cells)
    closed = [restriction in rule.closed_to for restriction in RESTRICTIONS for _confirmed in _BOTH]
    assert len(outcomes) == NO_CANDIDATE + 1
    return Row(
        outcomes=outcomes,
        factors=tuple(factor_of(cell) for cell in cells),
        closed_to=(False, *closed, False),
        allowed=np.array([outcome.shows() for outcome in outcomes]),
        tied=np.array([outcome.shows(tied=True) for outcome in outcomes]),
        severities=np.array([outcome.severity for outcome in outcomes], dtype=np.uint8),
        weights=np.array([factor_of(cell) for cell in cells], dtype=np.float32),
    )
