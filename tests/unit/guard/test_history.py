"""Whatever happens between publisher and guard, a guard that caught up equals the dict of last writes."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from havenwall.guard import Guard, Surface, publish, published
from havenwall.model import Restriction, Standing, now

# Syncing hundreds of small files to a disk would take most of the time.
RAM = Path("/dev/shm")
ENTITIES = [f"account:{number}" for number in range(6)]


class History(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(dir=RAM if RAM.is_dir() else None))
        self.feed: list[Standing] = []
        self.visible: dict[str, Standing] = {}
        self.publish(max_lines=3)
        self.reopen()

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    @rule(entity=st.sampled_from(ENTITIES), restriction=st.sampled_from(Restriction), confirmed=st.booleans())
    def change(self, entity: str, restriction: Restriction, confirmed: bool) -> None:
        seq = len(self.feed) + 1
        row = Standing(
            seq=seq,
            entity=entity,
            restriction=restriction,
            confirmed=confirmed,
            decision_id=f"decision-{seq}",
            reason="rule",
            at=now(),
        )
        self.feed.append(row)

    @rule(max_lines=st.integers(0, 4))
    def publish(self, max_lines: int) -> None:
        self.visible = {row.entity: row for row in self.feed}
        changes = self.feed[published(self.root) :]
        publish(self.root, changes, self.visible.values, watermark=len(self.feed), max_lines=max_lines)

    @rule()
    def publish_all_again(self) -> None:
        self.visible = {row.entity: row for row in self.feed}
        publish(self.root, self.feed, self.visible.values, watermark=len(self.feed))

    @rule(junk=st.binary(min_size=1, max_size=20).filter(lambda junk: b"\n" not in junk))
    def tear(self, junk: bytes) -> None:
        with (self.root / "delta.jsonl").open("ab") as file:
            file.write(junk)

    @rule()
    def reopen(self) -> None:
        self.guard = Guard.open(self.root, refresh_every=0)
        self.bound = self.guard.bind(ENTITIES)

    @invariant()
    def verdicts_are_those_of_the_last_writes(self) -> None:
        bad = {e for e, row in self.visible.items() if row.restriction is not Restriction.NONE}
        answer = self.guard.filter(ENTITIES, Surface.TRENDS)
        assert [ENTITIES[index] for index in answer.keep] == [e for e in ENTITIES if e not in bad]
        assert all(v.decision_id == self.visible[v.entity].decision_id for v in answer.verdicts)
        assert answer.stale is False
        allowed = self.bound.allowed(np.arange(len(ENTITIES)), Surface.TRENDS)
        assert np.flatnonzero(allowed).tolist() == answer.keep


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=25, stateful_step_count=20)
