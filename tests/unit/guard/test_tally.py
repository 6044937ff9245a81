"""Counts by hour and surface, from several threads and processes."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from pathlib import Path

import msgspec

from havenwall.guard import Guard, Surface
from havenwall.guard.tally import FILE, KEPT, Tallied, Tally
from havenwall.model import now


def sums(tally: Tally) -> dict[str, tuple[int, int, int]]:
    found: dict[str, tuple[int, int, int]] = {}
    for row in tally.rows():
        old = found.get(row.surface, (0, 0, 0))
        found[row.surface] = (old[0] + row.judged, old[1] + row.dropped, old[2] + row.changed)
    return found


def test_it_counts_what_a_guard_answers(tmp_path: Path) -> None:
    guard, tally = Guard.open(tmp_path / "guard"), Tally(tmp_path / "tally")
    answer = guard.filter(["account:a", "account:b"], Surface.RECOMMENDED_ACCOUNTS)
    tally.note(Surface.RECOMMENDED_ACCOUNTS, 2, answer.verdicts)
    tally.note(Surface.TRENDS, 3, [])
    tally.add("search_query", 1, 0, 1)
    assert sums(tally) == {"recommended_accounts": (2, 2, 0), "trends": (3, 0, 0), "search_query": (1, 0, 1)}
    assert not (tmp_path / "tally").exists()


def test_two_processes_add_up(tmp_path: Path) -> None:
    one, other = Tally(tmp_path), Tally(tmp_path)
    for tally in (one, other, one):
        tally.add("trends", 2, 1)
        assert tally.flush()
    other.add("trends", 1, 0)
    assert sums(other) == {"trends": (7, 3, 0)}
    assert sums(one) == {"trends": (6, 3, 0)}
    assert not one.flush()


def test_threads_lose_nothing(tmp_path: Path) -> None:
    tally = Tally(tmp_path)
    tally.follow(0.001)

    def count() -> None:
        for _ in range(2_000):
            tally.add("trends", 1, 1)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tally.close()
    assert sums(Tally(tmp_path)) == {"trends": (8_000, 8_000, 0)}


def test_what_cannot_be_written_stays_counted(tmp_path: Path) -> None:
    (tmp_path / "tally").write_text("in the way")
    tally = Tally(tmp_path / "tally")
    tally.add("trends", 1, 1)
    tally.flush()
    (tmp_path / "tally").unlink()
    tally.flush()
    assert sums(Tally(tmp_path / "tally")) == {"trends": (1, 1, 0)}


def test_a_damaged_file_costs_the_past_only(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\xff[")
    tally = Tally(tmp_path)
    tally.add("trends", 1, 0)
    tally.flush()
    assert sums(Tally(tmp_path)) == {"trends": (1, 0, 0)}


def test_old_hours_go(tmp_path: Path) -> None:
    old = Tallied(hour=now() - KEPT - timedelta(hours=2), surface="trends", judged=1, dropped=1, changed=0)
    (tmp_path / FILE).write_bytes(msgspec.json.encode([old]))
    tally = Tally(tmp_path)
    assert tally.rows() == []
    tally.add("digests", 1, 0)
    tally.flush()
    assert b"trends" not in (tmp_path / FILE).read_bytes()


def test_counting_costs_little(tmp_path: Path) -> None:
    tally = Tally(tmp_path)
    began = time.process_time()
    for _ in range(1_000):
        tally.note("trends", 500, [])
    assert time.process_time() - began < 0.5
