"""SIGKILL at random moments: every event is processed, nothing twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from havenwall.model import SYSTEM, ActionKind, ActionState, Event, EventType
from havenwall.store import Store
from havenwall.store.frames import to_frame

_CHILD = Path(__file__).with_name("run_stages.py")
_AT = datetime(2026, 1, 1, tzinfo=UTC)


def confirmed(number: int) -> Event:
    return Event(
        source="forum", source_id=f"c{number}", type=EventType.CONFIRMED, at=_AT, entity=f"account:a{number}"
    )


def report(number: int, about: int) -> Event:
    return Event(
        source="forum",
        source_id=f"r{number}",
        type=EventType.REPORT,
        at=_AT,
        entity=f"account:b{about}",
        text="please look",
    )


def account(number: int) -> Event:
    return Event(
        source="forum", source_id=f"u{number}", type=EventType.ACCOUNT, at=_AT, entity=f"account:u{number}"
    )


def child(url: str, folder: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, str(_CHILD), url, str(folder)], stdout=subprocess.PIPE)
    assert process.stdout
    with process.stdout as said:
        assert said.readline() == b"ready\n"
    return process


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_kill_at_random_points(database_url: str, tmp_path: Path, seed: int) -> None:
    chance, folder = random.Random(seed), tmp_path / "data"
    store = Store.open(database_url, folder)
    singles = [confirmed(n) for n in range(60)] + [report(n, n // 4) for n in range(60)]
    store.journal.append(singles)
    # A tenth of the accounts may be suppressed a day: the quota must not be what decides here.
    bulk = [account(n) for n in range(1000)] + [confirmed(n) for n in range(60, 90)]
    store.journal.append_frame(to_frame(bulk))

    kills = 0
    while kills < 12:
        process = child(database_url, folder)
        time.sleep(chance.uniform(0.0, 0.15))
        if process.poll() is not None:
            break
        process.send_signal(signal.SIGKILL)
        process.wait()
        kills += 1
    assert kills, "the child ended before it could be killed: give it more work"
    assert child(database_url, folder).wait() == 0

    everyone = {f"account:a{n}" for n in range(90)}
    assert set(store.network.seeds()) == everyone
    start, end = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    assert store.figures.signals(start, end) == {"confirmed": 90, "report": 60}
    assert store.guard.restricted() == everyone
    assert len(store.guard.changes(0)) == 90
    suppressions = [a for a in store.figures.actions(start, end) if a.kind is ActionKind.SUPPRESS]
    assert sorted(a.entity for a in suppressions) == sorted(everyone)

    cases = store.cases(SYSTEM).cases(limit=100)
    assert sorted(case.key for case in cases) == sorted({f"account:b{n // 4}" for n in range(60)})
    for case in cases:
        preserved = [a for a in store.cases(SYSTEM).actions(case.id) if a.state is ActionState.CONFIRMED]
        assert {e.action_id for e in store.cases(SYSTEM).exhibits(case.id)} == {
            a.id for a in preserved if a.kind is ActionKind.PRESERVE
        }
        assert case.members == len(store.casework.members(case.id)) == 1
    store.close()
