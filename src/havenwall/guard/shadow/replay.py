"""Asks the questions of a shadow log again, of the snapshots they were asked of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from havenwall.errors import HavenwallError, NotReady, SnapshotRefused
from havenwall.guard.contact import judge_contact
from havenwall.guard.delta import DeltaReader
from havenwall.guard.judge import Ground, judge
from havenwall.guard.names import join
from havenwall.guard.policy import Policy
from havenwall.guard.shadow.entry import Ask, ShadowEntry, digest_of, policy_mark
from havenwall.guard.snapshot import read_snapshot
from havenwall.guard.state import State, merged
from havenwall.guard.surface import Outcome, ViewerClass
from havenwall.guard.verdict import Verdict
from havenwall.guard.viewer import viewer_of
from havenwall.model import Standing

_VERSION: Final = re.compile(r"(none|(\d+)-[0-9a-f]{16})\+(\d+)")
_SHOWN: Final = 20

Changes = Callable[[int], Iterable[Standing]]
"""Every change after a position of the feed, by rising seq."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that is answered otherwise now."""

    entry: int
    """Its place in the log, from 1."""
    version: str
    other_policy: bool
    """The policy is not the one it was logged under, which may be all there is to it."""
    logged: Sequence[Verdict]
    now: Sequence[Verdict]


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """What a replay found; every line of the log is in exactly one of the first six counts."""

    same: int
    different: int
    gone: int
    """Their snapshot, or a change after it, is not kept any more."""
    nameless: int
    """Logged without names."""
    refused: int
    """The question is not one the guard takes: the line was changed, or another version wrote it."""
    damaged: int
    """No entry could be read."""
    other_policy: int
    """Of those asked again: logged under another policy than the one in force."""
    differences: list[Difference]
    """The first twenty."""


def replay(
    entries: Iterable[ShadowEntry | None], root: Path, policy: Policy, changes: Changes | None = None
) -> Replayed:
    """Answer each entry again from the snapshot and the changes its version names.

    `root` is the snapshot folder. `changes` is the feed; without it the folder's change file serves, which
    reaches back to the newest snapshot only. Nothing is written.
    """
    states = _States(root, changes or _from_file(root))
    mark, counts, other = policy_mark(policy), dict.fromkeys(_KINDS, 0), 0
    differences: list[Difference] = []
    for number, entry in enumerate(entries, 1):
        kind, answer = _again(entry, states, policy)
        counts[kind] += 1
        if entry is None or kind not in ("same", "different"):
            continue
        other += entry.policy != mark
        if answer is not None and len(differences) < _SHOWN:
            differences.append(
                Difference(
                    entry=number,
                    version=entry.version,
                    other_policy=entry.policy != mark,
                    logged=entry.verdicts,
                    now=answer,
                )
            )
    return Replayed(**counts, other_policy=other, differences=differences)


_KINDS: Final = ("same", "different", "gone", "nameless", "refused", "damaged")


def _again(
    entry: ShadowEntry | None, states: _States, policy: Policy
) -> tuple[str, Sequence[Verdict] | None]:
    """What became of an entry, and the new answer where it differs."""
    if entry is None:
        return "damaged", None
    if entry.candidates is None:
        return "nameless", None
    if digest_of(entry.candidates) != entry.digest:
        return "damaged", None
    try:
        state = states.at(entry.version)
    except (NotReady, SnapshotRefused):
        return "gone", None
    try:
        answers = [_answer(entry, state, policy, outdated) for outdated in _modes(entry, state)]
    except HavenwallError:
        return "refused", None
    logged = list(entry.verdicts)
    return ("same", None) if logged in answers else ("different", answers[0])


def _modes(entry: ShadowEntry, state: State) -> tuple[bool, ...]:
    if state.snapshot is None:
        return (True,)
    # "Stale" says that data was missing or old, not whether it was beyond the surface's limit.
    return (False, True) if entry.stale else (False,)


def _answer(entry: ShadowEntry, state: State, policy: Policy, outdated: bool) -> list[Verdict]:
    def ground(entity: str | None, kind: ViewerClass | None) -> Ground:
        viewer = viewer_of(state, entity, kind)
        row = policy.row(entry.surface, outdated=outdated, viewer=viewer.kind, restricted=viewer.restricted)
        return Ground(state=state, row=row, viewer=viewer, version=entry.version, outdated=outdated)

    names = entry.candidates or ()
    to_viewer = ground(entry.viewer, entry.viewer_class)
    if entry.ask is Ask.FILTER or entry.viewer is None or not names:
        return judge(to_viewer, names, join(names), frozenset(names[place] for place in entry.tied))
    to_sender = ground(names[0], entry.sender_class)
    found = judge_contact(names[0], entry.viewer, to_viewer, to_sender, tied=bool(entry.tied))
    return [found] if found.outcome is not Outcome.ALLOW else []


class _States:
    """States by version. A log asks of few versions and in order, so the last one is kept."""

    def __init__(self, root: Path, changes: Changes) -> None:
        self._root, self._changes = root, changes
        self._held: tuple[str, State] | None = None

    def at(self, version: str) -> State:
        """The state that a version names.

        Raises:
            NotReady, SnapshotRefused: what it takes is not there any more, or the version is none.
        """
        if self._held is None or self._held[0] != version:
            self._held = (version, self._made(version))
        return self._held[1]

    def _made(self, version: str) -> State:
        found = _VERSION.fullmatch(version)
        if found is None:
            raise NotReady(f"{version} is not a version")
        newest = int(found[3])
        if found[1] == "none":
            if newest:
                raise NotReady("changes without a snapshot cannot be told from missing ones")
            return State()
        snapshot = read_snapshot(self._root, version=found[1])
        after = snapshot.info.watermark
        rows = [row for row in self._changes(after) if row.seq <= newest] if newest > after else []
        if newest > after and (not rows or rows[-1].seq != newest):
            raise NotReady(f"the changes after {after} are not kept any more")
        return State(
            snapshot=snapshot, overlay=merged(snapshot, {}, rows), seq=newest, newest=newest, complete=True
        )


def _from_file(root: Path) -> Changes:
    def changes(after: int) -> list[Standing]:
        reader = DeltaReader(root)
        rows = reader.read()
        if reader.after is None or reader.after > after or reader.damage:
            raise NotReady(f"the change file does not reach back to {after}")
        return [row for row in rows if row.seq > after]

    return changes
