"""A sealed secret opens unchanged, only for what it is about, and only under its own key."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.errors import BadConfig, StoreError
from havenwall.store.sealed import Sealer, load_key

KEY = bytes(range(32))


@given(content=st.binary(max_size=300), about=st.text(max_size=40))
def test_what_is_sealed_opens_unchanged_and_hidden(content: bytes, about: str) -> None:
    sealed = Sealer(KEY).seal(content, about)
    assert Sealer(KEY).open(sealed, about) == content
    assert len(sealed) == len(content) + 29
    assert Sealer(KEY).seal(content, about) != sealed


@given(content=st.binary(max_size=60), at=st.integers(0), bit=st.integers(0, 7))
def test_any_changed_bit_is_noticed(content: bytes, at: int, bit: int) -> None:
    sealed = bytearray(Sealer(KEY).seal(content, "totp:ada"))
    sealed[at % len(sealed)] ^= 1 << bit
    with pytest.raises(StoreError, match="totp:ada"):
        Sealer(KEY).open(bytes(sealed), "totp:ada")


@given(sealed=st.binary(max_size=60))
def test_anything_else_does_not_open(sealed: bytes) -> None:
    with pytest.raises(StoreError):
        Sealer(KEY).open(sealed, "totp:ada")


def test_a_seal_holds_for_its_subject_and_key_only() -> None:
    sealed = Sealer(KEY).seal(b"seed", "totp:ada")
    with pytest.raises(StoreError):
        Sealer(KEY).open(sealed, "totp:eve")
    with pytest.raises(StoreError, match="another key"):
        Sealer(bytes(32)).open(sealed, "totp:ada")
    with pytest.raises(BadConfig, match="sealing_key"):
        Sealer(b"short")


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "sealing.key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(load_key, [path] * 8))
    assert keys == {path.read_bytes()}
    assert len(path.read_bytes()) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["sealing.key"]
