"""The runner keeps output and cursor together, and lets another runner win."""

from __future__ import annotations

from typing import Any

import pytest

from havenwall.engine import Batch, Output, Progress, Runner, Stage, Stream, Stumble
from havenwall.errors import Conflict
from havenwall.model import now


class Numbers:
    """A source of ten numbers, with a fault on demand."""

    def __init__(self) -> None:
        self.at = 0
        self.kept: list[tuple[int, int]] = []
        self.rivals = 0

    def read(self, stage: Stage, limit: int, only: Stream | None = None) -> tuple[Batch, Any]:
        end = min(10, self.at + limit)
        return Batch(new=end - self.at), (self.at, end)

    def commit(self, stage: Stage, positions: tuple[int, int], output: Output) -> None:
        if self.rivals:
            self.rivals -= 1
            self.at = positions[1]
            raise Conflict
        self.at = positions[1]
        self.kept.append(positions)

    def stumbled(self, stage: Stage, positions: tuple[int, int]) -> Stumble:
        return Stumble(tries=1, since=now())

    def set_aside(self, *_: Any) -> None:
        raise AssertionError("nothing is set aside so soon")


class Echo(Stage):
    name = "echo"
    reads = (Stream.EVENT,)
    notice_only = False

    def __init__(self, fails: int = 0) -> None:
        self.fails = fails

    def run(self, batch: Batch) -> Output:
        if self.fails:
            self.fails -= 1
            raise RuntimeError("no")
        return Output()


def test_everything_is_read_once_in_batches() -> None:
    source, told = Numbers(), list[Progress]()
    assert Runner(source, [Echo()], limit=4).run(told.append) == 10
    assert source.kept == [(0, 4), (4, 8), (8, 10)]
    assert [p.records for p in told] == [4, 4, 2]
    assert Runner(source, [Echo()]).run() == 0


def test_a_failing_stage_leaves_its_batch_where_it_was() -> None:
    source = Numbers()
    with pytest.raises(RuntimeError):
        Runner(source, [Echo(fails=1)], limit=4).run()
    assert (source.at, source.kept) == (0, [])
    Runner(source, [Echo()], limit=4).run()
    assert source.at == 10


def test_what_another_runner_did_is_not_done_again() -> None:
    source = Numbers()
    source.rivals = 1
    Runner(source, [Echo()], limit=4).run()
    assert source.kept == [(4, 8), (8, 10)]
