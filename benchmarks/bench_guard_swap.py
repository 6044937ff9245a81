"""Snapshots of a million entities swapped under load: no request may fail, wait long or mix two of them.

Three threads ask the guard for 500 candidates each while snapshots replace each other. Every entity's
decision names its snapshot, so an answer that rests on two shows it. The peer keeps the same in a dictionary,
which a thread reads again from JSON: what its requests wait for is the interpreter's lock.
"""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np

from havenwall.guard import Guard, Surface, write_snapshot
from havenwall.guard.snapshot import POINTER
from havenwall.model import Restriction, Standing, now

SIZE = 1_000_000
SNAPSHOTS = 3
SWAPS = 5
THREADS = 3
PAUSE = 1.0
SURFACE = Surface.RECOMMENDED_ACCOUNTS


def standings(turn: int) -> list[Standing]:
    at = now()
    return [
        Standing(
            seq=turn * SIZE + number,
            entity=f"account:{number}",
            restriction=Restriction.SUPPRESSED,
            confirmed=False,
            decision_id=f"{turn}-{number // 50}",
            reason="over_threshold",
            at=at,
        )
        for number in range(SIZE)
    ]


class Load:
    """Threads that ask, and what they saw."""

    def __init__(self, ask: Callable[[list[str]], bool]) -> None:
        self.ask, self.waits, self.wrong, self.failed = ask, [], 0, 0
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(seed,)) for seed in range(THREADS)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _run(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        lists = [[f"account:{n}" for n in rng.integers(0, 40 * SIZE, 490)] for _ in range(20)]
        lists = [names + [f"account:{n}" for n in rng.integers(0, SIZE, 10)] for names in lists]
        turn = 0
        while not self._ended.is_set():
            start = time.perf_counter()
            try:
                self.wrong += not self.ask(lists[turn % len(lists)])
            except Exception:
                self.failed += 1
            self.waits.append(time.perf_counter() - start)
            turn += 1
            time.sleep(0.002)


def guarded(root: Path, versions: list[str]) -> Load:
    guard = Guard.open(root, refresh_every=0.05, max_age=None)
    guard.follow()

    def ask(names: list[str]) -> bool:
        found = guard.filter(names, SURFACE)
        turns = {verdict.decision_id.partition("-")[0] for verdict in found.verdicts}
        number = found.version.partition("-")[0]
        return len(turns) == 1 and not found.stale and {str(int(number) // SIZE - 1)} == turns

    with Load(ask) as load:
        for turn in range(SWAPS):
            # Only forward: a guard refuses what is older than what it has.
            if turn < len(versions):
                (root / POINTER).write_text(versions[turn])
            time.sleep(PAUSE)
    guard.close()
    return load


def plain(path: Path) -> Load:
    held = {"names": json.loads(path.read_text())}

    def ask(names: list[str]) -> bool:
        known = held["names"]
        return len([name for name in names if name in known]) >= 10

    with Load(ask) as load:
        for _ in range(SNAPSHOTS):
            held["names"] = json.loads(path.read_text())
            time.sleep(PAUSE)
    return load


def report(title: str, load: Load) -> float:
    waits = np.array(load.waits) * 1000
    p50, p99, p999 = np.percentile(waits, [50, 99, 99.9])
    print(
        f"{title}: {len(waits):,} requests, {load.failed} failed, {load.wrong} mixed or stale; "
        f"p50 {p50:.2f} ms, p99 {p99:.2f} ms, p99.9 {p999:.1f} ms, longest {waits.max():.1f} ms"
    )
    return float(waits.max())


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "guard"
        versions = []
        for turn in range(SNAPSHOTS):
            rows, built = standings(turn), now() + timedelta(seconds=turn)
            versions.append(write_snapshot(root, rows, watermark=(turn + 1) * SIZE, built_at=built).version)
        (root / POINTER).write_text(versions[0])
        ours = report(f"guard, {SNAPSHOTS - 1} swaps of {SIZE:,} entities", guarded(root, versions))
        listing = Path(name) / "names.json"
        listing.write_text(json.dumps({row.entity: row.decision_id for row in standings(0)}))
        peer = report(f"dictionary read again from JSON {SNAPSHOTS} times", plain(listing))
        print(f"longest wait, ours / peer: {ours / peer:.2f}")


if __name__ == "__main__":
    main()
