"""What a stage cannot work on: found among what it can, and set aside so that the rest goes on."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from havenwall.engine.batch import Batch, Output, Stream
from havenwall.engine.stage import Stage
from havenwall.errors import (
    BadConfig,
    BadRulePack,
    Conflict,
    Forbidden,
    HavenwallError,
    NotReady,
    RecordRefused,
    SnapshotRefused,
    SourceFailed,
    StoreError,
    Unauthenticated,
)

TRIES: Final = 5
"""Failures of one batch before its records are tried apart."""
LEAST: Final = timedelta(seconds=10)
"""What must have passed since the first of them: a burst of tries proves nothing."""
MOST_ASIDE: Final = 100
"""Records of one stage that may wait set aside. Beyond that the stage is at fault, not they."""
LONGEST_ERROR: Final = 500

_NOT_THE_RECORD: Final = (
    # Full disks, networks, time-outs; then what is set up wrong, and what others do at the same time.
    OSError,
    MemoryError,
    ImportError,
    subprocess.SubprocessError,
    StoreError,
    SourceFailed,
    NotReady,
    BadConfig,
    BadRulePack,
    SnapshotRefused,
    Conflict,
    Unauthenticated,
    Forbidden,
)


class Culprit(msgspec.Struct, frozen=True, kw_only=True):
    """One record that a stage failed on when it was alone."""

    stream: Stream
    record: Batch
    """A batch of just this."""
    error: str


class SetAside(msgspec.Struct, frozen=True, kw_only=True):
    """A record that a stage could not work on. It waits until somebody has it tried again."""

    id: str
    stage: str
    stream: Stream
    record: str
    """Id of the record; of an event its source and the source's id."""
    error: str
    at: datetime
    """When it was set aside."""
    tried_at: datetime
    tries: int
    """How often the stage failed on it alone."""


class Stumble(msgspec.Struct, frozen=True, kw_only=True):
    """How often a stage has failed on the batch it stands before."""

    tries: int
    since: datetime

    def is_enough(self, at: datetime, tries: int = TRIES, least: timedelta = LEAST) -> bool:
        """Whether to try the records of the batch apart."""
        return self.tries >= tries and at - self.since >= least


def told(error: BaseException) -> str:
    """An error in one line."""
    words = error.message if isinstance(error, HavenwallError) else f"{type(error).__name__}: {error}"
    return printable(words)[:LONGEST_ERROR]


def printable(text: str) -> str:
    """A text that every database takes: what is at fault may be what it would not."""
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()


def blames_record(error: BaseException) -> bool:
    """Whether an error may lie in a record, and not in what is around it (disk, network, database, settings).

    What an error came from counts too: a full disk stays one, whatever it was taken for on the way.
    """
    for each in _chain(error):
        if isinstance(each, (RecordRefused, _NOT_THE_RECORD)):
            return isinstance(each, RecordRefused)
    return True


def sift(stage: Stage, stream: Stream, batch: Batch, error: Exception) -> tuple[Output, list[Culprit]]:
    """What a stage makes of those records of one stream that it can work on, and those that it cannot.

    Args: `error`: what it failed with on the whole batch. Only events come several at a time.

    Raises:
        NotReady: more than `MOST_ASIDE` of them fail, which is the stage's fault.
    """
    output, culprits, waiting = Output(), list[Culprit](), [(batch, error)]
    while waiting:
        part, problem = waiting.pop()
        if len(part) == 1:
            culprits.append(Culprit(stream=stream, record=part, error=told(problem)))
            check_few(len(culprits), stage.name, problem)
            continue
        for half in reversed(_halves(part)):
            try:
                output = merged((output, stage.run(half)))
            except Exception as failed:
                if not blames_record(failed):
                    raise
                waiting.append((half, failed))
    return output, culprits


def check_few(waiting: int, stage: str, error: object) -> None:
    """Do nothing if a stage may have so many records set aside. Raises NotReady."""
    if waiting > MOST_ASIDE:
        raise NotReady(
            f"{stage} fails on more than {MOST_ASIDE} records, so it waits: {error}"[:LONGEST_ERROR],
            hint="mend the cause, then havenwall aside retry",
        )


def merged(outputs: Sequence[Output]) -> Output:
    """One output of several."""
    parts = [name for name in Output.__struct_fields__ if name != "spent"]
    spent: dict[str, int] = {}
    for output in outputs:
        for rule, used in output.spent.items():
            spent[rule] = spent.get(rule, 0) + used
    fields = {name: tuple(one for each in outputs for one in getattr(each, name)) for name in parts}
    return Output(**fields, spent=spent)


def try_alone(stage: Stage, stream: Stream, record: Batch) -> Output | Culprit:
    """What a stage makes of one record, or what it fails with.

    Raises: what does not lie in the record (`blames_record`).
    """
    try:
        return stage.run(record)
    except Exception as error:
        if not blames_record(error):
            raise
        return Culprit(stream=stream, record=record, error=told(error))


def filled(stage: Stage, batch: Batch) -> list[Stream]:
    """The streams of a stage that a batch brings something of."""
    return [stream for stream in stage.reads if len(getattr(batch, FIELDS[stream]))]


FIELDS: Final[dict[Stream, str]] = {
    Stream.EVENT: "events",
    Stream.SIGNAL: "signals",
    Stream.RISK: "risks",
    Stream.DECISION: "decisions",
    Stream.REVIEW: "decisions",
    Stream.ACTION: "actions",
    Stream.REPORT: "reports",
    Stream.CASE_EVENT: "case_events",
}
"""Where each stream's records stand in a batch. Reviews are decisions: no stage reads both."""


def _halves(batch: Batch) -> list[Batch]:
    at = len(batch) // 2
    frames = (batch.events[:at], batch.events[at:])
    return [Batch(events=frame, new=frame.height) for frame in frames]


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
