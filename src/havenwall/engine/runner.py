"""Moves each stage's cursor over the streams, in the order of the flow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import msgspec

from havenwall.engine.batch import Batch, Output
from havenwall.engine.stage import Stage
from havenwall.errors import Conflict


class Source(Protocol):
    """Where batches come from and outputs go to."""

    def read(self, stage: Stage, limit: int) -> tuple[Batch, Any]:
        """The next batch for a stage, and the positions to give back with its output."""
        ...

    def commit(self, stage: Stage, positions: Any, output: Output) -> None:
        """Keep the output and the positions together, or raise Conflict and keep neither."""
        ...


class Progress(msgspec.Struct, frozen=True):
    """One batch done."""

    stage: str
    records: int
    output: Output


class Runner:
    """Runs stages until none has anything new to read.

    A crash at any point repeats the batch whose cursors were not committed: its output was not kept
    either, so nothing is lost and nothing doubled.
    """

    def __init__(self, source: Source, stages: Sequence[Stage], *, limit: int = 250_000) -> None:
        self._source = source
        self._stages = stages
        self._limit = limit

    def run(self, tell: Callable[[Progress], None] | None = None) -> int:
        """Run every stage until all is quiet; returns how many records were read."""
        total = 0
        while done := sum(self._drain(stage, tell) for stage in self._stages):
            total += done
        return total

    def _drain(self, stage: Stage, tell: Callable[[Progress], None] | None) -> int:
        total = 0
        while done := self._step(stage, tell):
            total += done
        return total

    def _step(self, stage: Stage, tell: Callable[[Progress], None] | None) -> int:
        batch, positions = self._source.read(stage, self._limit)
        if not len(batch):
            return 0
        output = stage.run(batch)
        try:
            self._source.commit(stage, positions, output)
        except Conflict:
            # Another runner did this batch first. Our output is dropped; the next read starts after it.
            return 1
        if tell:
            tell(Progress(stage.name, len(batch), output))
        return len(batch)
