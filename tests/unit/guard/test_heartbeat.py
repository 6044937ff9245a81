from __future__ import annotations

import math
import os
import time
from pathlib import Path

from havenwall.guard import beat
from havenwall.guard.heartbeat import Sighting, last_beat, sight


def test_no_sign_of_life_is_infinitely_old(tmp_path: Path) -> None:
    assert last_beat(tmp_path) is None
    assert sight(None).age() == math.inf


def test_a_beat_moves_the_stamp(tmp_path: Path) -> None:
    beat(tmp_path / "new")
    os.utime(tmp_path / "new" / "heartbeat", (1, 1))
    assert last_beat(tmp_path / "new") == 1_000_000_000
    beat(tmp_path / "new")
    assert sight(last_beat(tmp_path / "new")).age() < sight(1_000_000_000).age()


def test_a_stamp_from_the_future_does_not_stay_fresh() -> None:
    ahead = sight(time.time_ns() + 10**15)
    assert ahead.age_then == 0.0
    seen_long_ago = Sighting(stamp=ahead.stamp, age_then=0.0, seen_at=ahead.seen_at - 500)
    assert seen_long_ago.age() >= 500
