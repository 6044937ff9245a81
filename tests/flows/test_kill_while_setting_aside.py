"""SIGKILL while records are found and set aside: each is worked on or aside, once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.contract.test_asides import names
from tests.contract.test_journal import link

from havenwall.store import Store
from havenwall.store.frames import to_frame

ROOT = Path(__file__).parents[2]


def child(url: str, folder: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.flows.run_picky", url, str(folder)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert process.stdout
    with process.stdout as said:
        assert said.readline() == b"ready\n"
    return process


@pytest.mark.slow
def test_kill_at_random_points(database_url: str, tmp_path: Path) -> None:
    chance, folder = random.Random(3), tmp_path / "data"
    store = Store.open(database_url, folder)
    store.journal.append([link(n) for n in range(120)])
    store.journal.append_frame(to_frame(link(n) for n in range(120, 200)))
    store.journal.append([link(n) for n in range(200, 300)])
    kills = 0
    while kills < 3:
        process = child(database_url, folder)
        time.sleep(chance.uniform(0.0, 0.2))
        if process.poll() is not None:
            break
        process.send_signal(signal.SIGKILL)
        process.wait()
        kills += 1
    assert kills, "the child ended before it could be killed: give it more work"
    assert child(database_url, folder).wait() == 0
    bad = range(0, 300, 17)
    assert sorted(names(store)) == sorted(f"e{n}" for n in range(300) if n not in bad)
    assert [one.record for one in store.asides.all()] == [f"forum e{n}" for n in bad]
    store.close()
