"""Standings in one line, and a publisher over a list of them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from havenwall.guard import Published, publish, published
from havenwall.model import Restriction, Standing

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def ram_path(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: for tests that would sync hundreds of files to a disk."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else tmp_path))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def standing() -> Callable[..., Standing]:
    def make(seq: int, entity: str, restriction: str = "suppressed", *, confirmed: bool = False) -> Standing:
        return Standing(
            seq=seq,
            entity=entity,
            restriction=Restriction(restriction),
            confirmed=confirmed,
            decision_id=f"decision-{seq}",
            reason=f"rule-{seq % 3}",
            at=AT,
        )

    return make


@pytest.fixture(scope="session")
def bring() -> Callable[..., Published]:
    def bring(root: Path, feed: Sequence[Standing], *, max_lines: int = 5_000) -> Published:
        """Publish a feed (rising seq) the way the application does: what is new since last time."""
        last = published(root)
        changes = [row for row in feed if row.seq > last]
        latest = {row.entity: row for row in feed}
        watermark = max((row.seq for row in feed), default=0)
        return publish(root, changes, latest.values, watermark=watermark, max_lines=max_lines)

    return bring
