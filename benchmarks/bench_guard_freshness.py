"""From a decision being published in one process to the verdict changing in another: p50 and p99 of 200.

The peer is a reader that polls a SQLite table of standings as often as the guard looks for news.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from havenwall.guard import Guard, Outcome, Surface, publish
from havenwall.model import Restriction, Standing, now

DECISIONS = 200
EVERY = 0.1
LOOK = 0.002
"""Seconds between two questions of the reader."""


def write(kind: str, root: Path) -> None:
    """The writing process: a decision per line of input; prints its start on the shared monotonic clock."""
    rows: list[Standing] = []
    for _line in sys.stdin:
        seq = len(rows) + 1
        row = Standing(
            seq=seq,
            entity=f"account:{seq}",
            restriction=Restriction.SUPPRESSED,
            confirmed=False,
            decision_id=f"decision-{seq}",
            reason="over_threshold",
            at=now(),
        )
        rows.append(row)
        start = time.monotonic_ns()
        if kind == "guard":
            publish(root, [row], lambda: rows, watermark=seq)
        else:
            insert(root, row)
        print(start, flush=True)


def insert(root: Path, row: Standing) -> None:
    with sqlite3.connect(root / "peer.db") as database:
        database.execute("insert into standing values (?, ?)", (row.seq, row.entity))
    database.close()


class Peer:
    """Polls the table at most every `EVERY` seconds."""

    def __init__(self, root: Path) -> None:
        self._database = sqlite3.connect(root / "peer.db")
        self._database.execute("pragma journal_mode = wal")
        self._database.execute("create table standing (seq integer primary key, entity text)")
        self._known: set[str] = set()
        self._seq, self._due = 0, 0.0

    def dropped(self, entity: str) -> bool:
        if time.monotonic() >= self._due:
            for seq, name in self._database.execute(
                "select seq, entity from standing where seq > ? order by seq", (self._seq,)
            ):
                self._seq = seq
                self._known.add(name)
            self._due = time.monotonic() + EVERY
        return entity in self._known


def measure(kind: str, root: Path, dropped: Callable[[str], bool]) -> np.ndarray:
    """Milliseconds from the start of publishing to the first `drop`, for each decision."""
    command = [sys.executable, __file__, kind, str(root)]
    spent, rng = [], np.random.default_rng(7)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        for seq in range(1, DECISIONS + 1):
            # Decisions do not wait for the reader's clock.
            time.sleep(rng.uniform(0, EVERY))
            writer.stdin.write("\n")
            writer.stdin.flush()
            while not dropped(f"account:{seq}"):
                time.sleep(LOOK)
            seen = time.monotonic_ns()
            spent.append((seen - int(writer.stdout.readline())) / 1e6)
        writer.stdin.close()
    return np.array(spent)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        publish(root, [], list, watermark=0)
        guard, peer = Guard.open(root, refresh_every=EVERY), Peer(root)
        ours = measure(
            "guard", root, lambda entity: guard.check(entity, Surface.TRENDS).outcome is Outcome.DROP
        )
        theirs = measure("peer", root, peer.dropped)
    for title, spent in (("guard", ours), ("polled SQLite", theirs)):
        p50, p99 = np.percentile(spent, [50, 99])
        print(f"{title}, news every {EVERY} s, {DECISIONS} decisions: p50 {p50:.0f} ms, p99 {p99:.0f} ms")
    print(f"ratio of p50, ours / peer: {np.median(ours) / np.median(theirs):.2f}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        write(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
