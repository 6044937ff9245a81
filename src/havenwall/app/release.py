"""The gate of a release: opens the platforms, gates and truth that a registered plan names, and runs it."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np
from scipy.sparse import csr_array

from havenwall.app.guard_gate import GuardGate
from havenwall.app.platforms import sandbox_adapter, sandbox_of
from havenwall.app.trial import choose_known, truth
from havenwall.audit import (
    OPEN,
    Adapter,
    Arm,
    Gate,
    Histories,
    Label,
    LabelService,
    MaskGate,
    World,
)
from havenwall.audit.adapters.load import opened
from havenwall.audit.adapters.spec import PlatformSpec, SandboxSpec
from havenwall.audit.labels import read_labels
from havenwall.audit.release import ArmPlan, Progress, Release, ReleasePlan, run_release
from havenwall.errors import BadInput
from havenwall.guard import Guard
from havenwall.sandbox import Platform, generate

SANDBOX = "sandbox"
"""Where a plan names its labels: the truth of the sandbox itself."""
Spec = TypeVar("Spec")
KNOWN_SHARE = 0.3
"""Share of a sandbox's network that counts as known before."""


class Bench:
    """What a plan needs, opened for one run after another.

    Args:
        plan: registered and valid.
        folder: of the plan's file; its paths begin there.
    """

    def __init__(self, plan: ReleasePlan, folder: Path) -> None:
        self._plan, self._folder = plan.validated(), folder
        self._platforms: dict[int, Platform] = {}

    def run(self, progress: Progress | None = None) -> Release:
        """Run the plan.

        Raises:
            BadInput: a file of the plan cannot be read, or something in it does not fit.
            NotReady: a library that an adapter needs is not installed.
            SourceFailed: a platform did not answer.
        """
        plan = self._plan
        with ExitStack() as stack:
            return run_release(
                plan,
                self._worlds(stack),
                labels_hash=self._labels_hash(),
                version=version("havenwall"),
                popular=_lines(self._folder / plan.popular) if plan.popular else (),
                progress=progress,
            )

    def _labels_hash(self) -> str:
        if self._plan.labels == SANDBOX:
            return SANDBOX
        path = self._folder / self._plan.labels
        try:
            return hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as problem:
            raise BadInput(str(problem), field="labels", hint="give a CSV file of labels") from None

    def _worlds(self, stack: ExitStack) -> Iterator[World]:
        specs = self._plan.platforms()
        fixed = self._opened(stack, specs)
        for number in range(self._plan.platform_seeds):
            self._platforms.clear()
            seed = self._plan.seed * 1_000 + number
            labels = LabelService(self._labels(specs, seed))
            adapters = fixed | self._sandboxes(specs, seed)
            arms = {
                name: Arm(adapter=adapters[name], gate=self._gate(arm, labels))
                for name, arm in self._plan.arms.items()
            }
            yield World(
                platform_seed=seed, labels=labels, arms=arms, histories=self._histories(labels, specs, seed)
            )

    def _opened(self, stack: ExitStack, specs: Mapping[str, PlatformSpec]) -> dict[str, Adapter]:
        """Adapters that outlive a platform seed; arms of the same platform share one."""

        def open_(spec: PlatformSpec) -> Adapter:
            return stack.enter_context(opened(spec, self._folder, _no_sandbox))

        return _shared({n: spec for n, spec in specs.items() if not isinstance(spec, SandboxSpec)}, open_)

    def _sandboxes(self, specs: Mapping[str, PlatformSpec], seed: int) -> dict[str, Adapter]:
        def train(spec: SandboxSpec) -> Adapter:
            return sandbox_adapter(spec, self._platform(spec, seed))

        return _shared({n: spec for n, spec in specs.items() if isinstance(spec, SandboxSpec)}, train)

    def _platform(self, spec: SandboxSpec, seed: int) -> Platform:
        if seed not in self._platforms:
            self._platforms[seed] = generate(sandbox_of(spec), spec.seed + seed)
        return self._platforms[seed]

    def _labels(self, specs: Mapping[str, PlatformSpec], seed: int) -> Mapping[str, set[Label]]:
        if self._plan.labels != SANDBOX:
            return read_labels(self._folder / self._plan.labels)
        platform = self._platform(_only_sandbox(specs), seed)
        found = truth(platform, choose_known(platform, KNOWN_SHARE))
        return {entity: set(labels) for entity, labels in found.items()}

    def _gate(self, arm: ArmPlan, labels: LabelService) -> Gate:
        if arm.guard is not None:
            folder = self._folder / arm.guard
            if not folder.is_dir():
                raise BadInput(
                    f"there is no folder {folder}", field="arms.guard", hint="name a guard's folder"
                )
            # No publisher runs beside an audit, so the sign of life must not count.
            return GuardGate(Guard.open(folder, max_age=None), labels)
        if arm.drop is not None:
            return _dropping(labels.numbers(_lines(self._folder / arm.drop)), labels)
        if arm.drop_labelled:
            return _dropping(labels.having(Label.MEMBER).tolist(), labels)
        return OPEN

    def _histories(
        self, labels: LabelService, specs: Mapping[str, PlatformSpec], seed: int
    ) -> Histories | None:
        if self._plan.ordinary is not None:
            return read_histories(self._folder / self._plan.ordinary, labels)
        if self._plan.labels != SANDBOX:
            return None
        platform = self._platform(_only_sandbox(specs), seed)
        return _past(platform.follows, labels)


def _shared(specs: Mapping[str, Spec], make: Callable[[Spec], Adapter]) -> dict[str, Adapter]:
    """An adapter by arm, one for all arms of equal specs."""
    made: dict[bytes, Adapter] = {}
    found: dict[str, Adapter] = {}
    for name, spec in specs.items():
        key = msgspec.json.encode(spec)
        if key not in made:
            made[key] = make(spec)
        found[name] = made[key]
    return found


def _no_sandbox(spec: SandboxSpec) -> Adapter:
    raise BadInput("is made anew for each platform seed", field="platform.adapter")


def _only_sandbox(specs: Mapping[str, PlatformSpec]) -> SandboxSpec:
    found = [spec for spec in specs.values() if isinstance(spec, SandboxSpec)]
    if not found:
        hint = "give a CSV file with the columns entity and label"
        raise BadInput("the plan has no sandbox platform", field="labels", hint=hint)
    if len({(spec.accounts, spec.camouflage, spec.seed) for spec in found}) > 1:
        hint = "arms may differ by recommender alone"
        raise BadInput("the arms have different sandboxes", field="arms", hint=hint)
    return found[0]


def _lines(path: Path) -> list[str]:
    try:
        return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(
            str(problem), field=str(path), hint="give a text file, one entity id per line"
        ) from None


def _dropping(numbers: Sequence[int], labels: LabelService) -> Gate:
    dropped = np.zeros(len(labels.ids), dtype=np.bool_)
    dropped[np.array(numbers, dtype=np.int64)] = True
    return MaskGate(dropped)


def _past(follows: csr_array, labels: LabelService) -> Histories:
    n = follows.shape[0]
    ordinary = ~labels.are(Label.MEMBER)[:n]
    people = np.flatnonzero((np.diff(follows.indptr) > 0) & ordinary)
    return Histories(people=people, follows=follows, suppressed=np.zeros(n, dtype=np.bool_))


def read_histories(path: Path, labels: LabelService) -> Histories:
    """Whom ordinary people follow, from a CSV file with the columns `account` and `target`.

    Raises:
        BadInput: the file cannot be read, a column is missing, or a line is not whole; names the line.
    """
    accounts, targets = _pairs(path)
    rows, columns = np.array(labels.numbers(accounts)), np.array(labels.numbers(targets))
    n = len(labels.ids)
    follows = csr_array((np.ones(rows.size, dtype=np.int8), (rows, columns)), shape=(n, n))
    return _past(follows, labels)


def _pairs(path: Path) -> tuple[list[str], list[str]]:
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            if not {"account", "target"} <= set(reader.fieldnames or ()):
                raise BadInput("columns account and target are needed", field=str(path))
            found = [_pair(row, f"{path}:{reader.line_num}") for row in reader]
    except OSError as problem:
        raise BadInput(str(problem.strerror), field=str(path), hint="give a CSV file of follows") from None
    return [account for account, _ in found], [target for _, target in found]


def _pair(row: Mapping[str, str | None], where: str) -> tuple[str, str]:
    account, target = (row["account"] or "").strip(), (row["target"] or "").strip()
    if not (account and target):
        raise BadInput("account or target is missing", field=where)
    return account, target
