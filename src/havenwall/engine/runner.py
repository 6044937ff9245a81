"""Moves each stage's cursor over the streams, in the order of the flow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import msgspec
import structlog

from havenwall.engine.aside import Culprit, Stumble, blames_record, filled, sift
from havenwall.engine.batch import Batch, Output, Stream
from havenwall.engine.stage import Stage
from havenwall.errors import Conflict
from havenwall.model import now

_log = structlog.get_logger()


class Source(Protocol):
    """Where batches come from and outputs go to."""

    def read(self, stage: Stage, limit: int, only: Stream | None = None) -> tuple[Batch, Any]:
        """The next batch for a stage, of all its streams or of one, and the positions to give back."""
        ...

    def commit(self, stage: Stage, positions: Any, output: Output) -> None:
        """Keep the output and the positions together, or raise Conflict and keep neither."""
        ...

    def stumbled(self, stage: Stage, positions: Any) -> Stumble:
        """Note durably that a stage failed on the batch it stands before; how often it has by now."""
        ...

    def set_aside(self, stage: Stage, positions: Any, output: Output, culprits: Sequence[Culprit]) -> None:
        """As `commit`, and keep what the stage cannot work on. Raises NotReady: that is too much."""
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

    A batch that a stage has failed on again and again is read in ever smaller parts, until the record that
    is at fault is alone. That one is set aside; the parts then grow again. Errors that lie in no record
    (`blames_record`) are raised, however often they come.

    Args:
        limit: records of each stream in a batch, at the most.
        enough: whether a stage has failed often enough to try the records of a batch apart.
    """

    def __init__(
        self,
        source: Source,
        stages: Sequence[Stage],
        *,
        limit: int = 250_000,
        enough: Callable[[Stumble], bool] = lambda stumble: stumble.is_enough(now()),
    ) -> None:
        self._source = source
        self._stages = stages
        self._limit = limit
        self._enough = enough
        # Of stages that are looking for what they fail on.
        self._limits: dict[str, int] = {}

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

    def _step(self, stage: Stage, tell: Callable[[Progress], None] | None, only: Stream | None = None) -> int:
        limit = self._limits.get(stage.name, self._limit)
        batch, positions = self._source.read(stage, limit, only)
        if not len(batch):
            return 0
        try:
            output = stage.run(batch)
            conflict = self._lost(stage, positions, output)
        except Exception as error:
            problem = error
        else:
            return 1 if conflict else self._done(stage, tell, batch, output)
        # Outside of the handler: what fails next did not come from this.
        return self._apart(stage, tell, batch, positions, problem)

    def _done(
        self, stage: Stage, tell: Callable[[Progress], None] | None, batch: Batch, output: Output
    ) -> int:
        self._grow(stage)
        if tell:
            tell(Progress(stage.name, len(batch), output))
        return len(batch)

    def _lost(self, stage: Stage, positions: Any, output: Output) -> bool:
        try:
            self._source.commit(stage, positions, output)
        except Conflict:
            # Another runner did this batch first. Our output is dropped; the next read starts after it.
            return True
        return False

    def _apart(
        self,
        stage: Stage,
        tell: Callable[[Progress], None] | None,
        batch: Batch,
        positions: Any,
        error: Exception,
    ) -> int:
        # A stage that reads the whole through its view has no part that could be tried alone.
        if stage.notice_only or not blames_record(error):
            raise error
        limit = self._limits.get(stage.name)
        if limit is None and not self._enough(self._source.stumbled(stage, positions)):
            raise error
        size, streams = limit or self._limit, filled(stage, batch)
        # More than was asked for is a segment, which comes whole.
        if size > 1 and not (len(streams) == 1 and len(batch) > size):
            self._limits[stage.name] = max(1, min(size, len(batch)) // 2)
            return self._step(stage, tell)
        if len(streams) > 1:
            return self._step(stage, tell, streams[0])
        self._set_aside(stage, streams[0], batch, positions, error)
        return len(batch)

    def _set_aside(
        self, stage: Stage, stream: Stream, batch: Batch, positions: Any, error: Exception
    ) -> None:
        output, culprits = sift(stage, stream, batch, error)
        try:
            self._source.set_aside(stage, positions, output, culprits)
        except Conflict:
            return
        for one in culprits:
            _log.error("record set aside", stage=stage.name, stream=one.stream.value, error=one.error)

    def _grow(self, stage: Stage) -> None:
        limit = self._limits.pop(stage.name, self._limit)
        if 2 * limit < self._limit:
            self._limits[stage.name] = 2 * limit
