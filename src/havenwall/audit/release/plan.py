"""ReleasePlan: what the gate of a release does, registered in a file before it runs."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Any

import msgspec
import yaml

from havenwall.audit.adapter import AuditSurface
from havenwall.audit.adapters.spec import PlatformSpec, read_platform
from havenwall.audit.persona import PERSONAS
from havenwall.audit.plan import AuditPlan
from havenwall.audit.release.measures import METRICS
from havenwall.audit.threshold import Threshold
from havenwall.errors import BadInput

_NAME = r"^[a-z][a-z0-9_-]{0,39}$"
_Part = Annotated[str, msgspec.Meta(min_length=1, max_length=2048)]


class ArmPlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way in which the platform could serve. At most one of `drop`, `guard` and `drop_labelled`."""

    drop: _Part | None = None
    """Text file with one entity id per line, which are dropped from what the platform ranks."""
    drop_labelled: bool = False
    """Drop every member: the best that a gate could do."""
    guard: _Part | None = None
    """A folder that a guard reads."""
    platform: dict[str, Any] | None = None
    """Another platform than the plan's: a candidate release, or one with its own guard."""

    @property
    def gates(self) -> int:
        """How many gates it names."""
        return sum((self.drop is not None, self.drop_labelled, self.guard is not None))


class ReleasePlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A registered plan. Its hash is part of every result, so that nobody chooses a threshold afterwards."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    platform: dict[str, Any]
    """Which adapter, and what it needs: see `read_platform`."""
    labels: _Part
    """CSV file with the columns `entity` and `label`; `sandbox` for a sandbox's own truth."""
    arms: Annotated[dict[str, ArmPlan], msgspec.Meta(min_length=1, max_length=8)]
    """The first is what the others are compared with."""
    thresholds: Annotated[list[Threshold], msgspec.Meta(min_length=1, max_length=100)]
    personas: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)] = ("seek", "curious", "control")
    surfaces: Annotated[tuple[AuditSurface, ...], msgspec.Meta(min_length=1)] = (AuditSurface.ACCOUNTS,)
    queries: tuple[str, ...] = ()
    accounts: int = 20
    """Test accounts per persona and platform seed."""
    rounds: int = 10
    k: int = 20
    choices: int = 5
    """Entities chosen per round and surface, at most."""
    platform_seeds: int = 5
    seed: int = 0
    popular: _Part | None = None
    """Text file of entity ids, the most popular first: the list that is not personal to anybody."""
    ordinary: _Part | None = None
    """CSV file with the columns `account` and `target`: whom a sample of ordinary people follow."""

    @property
    def hash(self) -> str:
        """SHA-256 of the plan in one fixed form: neither spaces, comments nor the order of keys change it.

        The order of the arms does: the first is what the others are compared with.
        """
        form = msgspec.json.encode((self, list(self.arms)), order="sorted")
        return hashlib.sha256(form).hexdigest()

    def walks(self) -> list[AuditPlan]:
        """The walk of each persona.

        Raises:
            BadInput: a number is out of range; names the field.
        """
        return [
            AuditPlan(
                persona=persona,
                accounts=self.accounts,
                rounds=self.rounds,
                k=self.k,
                follows_per_round=self.choices,
                platform_seeds=self.platform_seeds,
                seed=self.seed,
                surfaces=self.surfaces,
                queries=self.queries,
            ).validated()
            for persona in self.personas
        ]

    def platforms(self) -> dict[str, PlatformSpec]:
        """The platform of each arm.

        Raises:
            BadInput: an adapter or one of its fields is wrong; names it.
        """
        own = read_platform(self.platform)
        return {
            name: own if arm.platform is None else read_platform(arm.platform)
            for name, arm in self.arms.items()
        }

    def validated(self) -> ReleasePlan:
        """This plan, if it can be run.

        Raises:
            BadInput: something in it is wrong; names the field and what to do.
        """
        for persona in self.personas:
            if persona not in PERSONAS:
                hint = "personas are " + ", ".join(PERSONAS)
                raise BadInput(f"{persona!r} is none", field="personas", hint=hint)
        if len(set(self.personas)) < len(self.personas):
            raise BadInput("one comes twice", field="personas", hint="name each persona once")
        for name, arm in self.arms.items():
            if arm.gates > 1:
                hint = "give one of drop, drop_labelled and guard"
                raise BadInput("more than one gate", field=f"arms.{name}", hint=hint)
        self.walks()
        self.platforms()
        for place, threshold in enumerate(self.thresholds):
            self._check(threshold.validated(), f"thresholds[{place}]")
        return self

    def _check(self, threshold: Threshold, where: str) -> None:
        names: dict[str, tuple[str | None, list[str | None]]] = {
            "metric": (threshold.metric, [*METRICS]),
            "arm": (threshold.arm, [*self.arms]),
            "against": (threshold.against, [None, *self.arms]),
            "surface": (threshold.surface, [None, *map(str, self.surfaces)]),
            "persona": (threshold.persona, [None, *self.personas]),
        }
        for field, (name, known) in names.items():
            if name not in known:
                hint = "give one of " + ", ".join(each for each in known if each)
                raise BadInput(f"there is no {field} {name!r}", field=f"{where}.{field}", hint=hint)


def read_plan(path: Path) -> ReleasePlan:
    """A plan from a YAML or JSON file.

    Raises:
        BadInput: the file cannot be read, or something in it is wrong; names the field and what to do.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(str(problem), field=str(path), hint="give a YAML file with a plan") from None
    return parse_plan(text, str(path))


def parse_plan(text: str, where: str = "plan") -> ReleasePlan:
    """A plan from text, such as an editor's.

    Raises:
        BadInput: as `read_plan`.
    """
    try:
        raw = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as problem:
        raise BadInput(" ".join(str(problem).split()), field=where, hint="mend the YAML") from None
    try:
        return msgspec.convert(raw, ReleasePlan).validated()
    except msgspec.ValidationError as problem:
        reason, _, place = str(problem).partition(" - at `")
        raise BadInput(reason, field=place.strip("`").removeprefix("$.") or where) from None
