"""Lists at rest open with their key and under their name only."""

from __future__ import annotations

from pathlib import Path

import pytest

from havenwall.errors import BadConfig, BadInput
from havenwall.guard.terms import open_terms, seal_terms

PLAIN = b'{"id": "t1", "term": "bluewhistle", "severity": "block", "provenance": "test"}'


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    return seal_terms(tmp_path / "terms", "list.jsonl", PLAIN, tmp_path / "terms.key")


def test_what_is_sealed_opens_and_cannot_be_read(sealed: Path, tmp_path: Path) -> None:
    assert open_terms(sealed, tmp_path / "terms.key") == PLAIN
    assert not any(b"bluewhistle" in file.read_bytes() for file in sealed.parent.iterdir())
    assert (tmp_path / "terms.key").stat().st_mode & 0o077 == 0


def test_sealing_again_takes_the_same_key_and_another_nonce(sealed: Path, tmp_path: Path) -> None:
    before = sealed.read_bytes()
    seal_terms(sealed.parent, "list.jsonl", PLAIN, tmp_path / "terms.key")
    assert sealed.read_bytes() != before
    assert open_terms(sealed, tmp_path / "terms.key") == PLAIN


def test_a_key_beside_the_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="guard_terms_key"):
        seal_terms(tmp_path, "list.jsonl", PLAIN, tmp_path / "terms.key")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("change", ["flip", "rename", "plain", "missing", "short"])
def test_a_list_that_is_not_as_sealed_does_not_open(sealed: Path, tmp_path: Path, change: str) -> None:
    data = sealed.read_bytes()
    if change == "flip":
        sealed.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    elif change == "rename":
        sealed = sealed.rename(sealed.with_name("other.jsonl.sealed"))
    elif change == "plain":
        sealed.write_bytes(PLAIN)
    elif change == "missing":
        sealed.unlink()
    else:
        sealed.write_bytes(data[:20])
    with pytest.raises(BadInput) as refused:
        open_terms(sealed, tmp_path / "terms.key")
    assert "bluewhistle" not in str(refused.value)


@pytest.mark.parametrize("key", [b"short", None, bytes(32)])
def test_another_key_does_not_open(sealed: Path, tmp_path: Path, key: bytes | None) -> None:
    (tmp_path / "terms.key").unlink()
    if key is not None:
        (tmp_path / "terms.key").write_bytes(key)
    with pytest.raises(BadInput):
        open_terms(sealed, tmp_path / "terms.key")
