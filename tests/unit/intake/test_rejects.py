from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.intake.samples import rejects_in

from havenwall.intake import Reject, RejectWriter
from havenwall.intake.draft import Fault
from havenwall.intake.rejects import reject

FAULT = Fault("at", "is missing", "give it")


def test_the_file_comes_with_the_first_reject(tmp_path: Path) -> None:
    path = tmp_path / "rejects.jsonl"
    with RejectWriter(path) as writer:
        writer.write([])
        assert not path.exists()
        writer.write([reject(3, FAULT, b"\xff{}\n")])
        writer.write([reject(4, FAULT, "x" * 600)])
    assert writer.count == 2
    first, second = rejects_in(path)
    assert first == {"line": 3, "field": "at", "reason": "is missing; give it", "raw": "�{}"}
    assert len(second["raw"]) == 500


def test_only_the_owner_may_read_it_even_where_an_older_one_lay(tmp_path: Path) -> None:
    path = tmp_path / "rejects.jsonl"
    path.write_text("old")
    path.chmod(0o644)
    with RejectWriter(path) as writer:
        writer.write([reject(1, FAULT, "")])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(rejects_in(path)) == 1


def test_the_file_is_closed_when_the_work_fails(tmp_path: Path) -> None:
    path = tmp_path / "rejects.jsonl"

    def failing() -> Iterator[Reject]:
        yield reject(1, FAULT, "")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), RejectWriter(path) as writer:
        writer.write(failing())
    assert len(rejects_in(path)) == 1
