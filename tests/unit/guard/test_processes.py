from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from havenwall.guard import Guard, Outcome, Surface, publish

FORBIDDEN = ("polars", "sqlalchemy", "fastapi", "sklearn", "starlette", "havenwall.engine")

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from havenwall.guard import append_delta
from havenwall.model import Restriction, Standing
row = Standing(
    seq=1, entity="account:1", restriction=Restriction.SUPPRESSED, confirmed=False,
    decision_id="decision-1", reason="rule", at=datetime.now(UTC),
)
append_delta(Path(sys.argv[1]), [row])
"""


def test_the_guard_is_importable_alone() -> None:
    code = "import sys; from havenwall.guard import Guard; print(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert "havenwall.guard.guard" in loaded
    assert loaded.isdisjoint(FORBIDDEN)


def test_a_decision_made_in_another_process_reaches_a_reader(tmp_path: Path) -> None:
    publish(tmp_path, [], list, watermark=0)
    guard = Guard.open(tmp_path, refresh_every=0.05)
    assert guard.check("account:1", Surface.TRENDS).outcome is Outcome.ALLOW
    subprocess.run([sys.executable, "-c", WRITER, str(tmp_path)], check=True, timeout=60)
    deadline = time.monotonic() + 60
    while guard.check("account:1", Surface.TRENDS).outcome is Outcome.ALLOW:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert guard.check("account:1", Surface.TRENDS).decision_id == "decision-1"
