"""What is sealed opens unchanged, only under its own name and key, and once is enough."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from havenwall.disclose import Vault, load_key
from havenwall.errors import BadConfig, NotFound, StoreError

KEY = bytes(range(32))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=2000), name=st.from_regex(r"[a-z0-9]{8,20}", fullmatch=True))
def test_what_is_sealed_opens_unchanged(tmp_path: Path, content: bytes, name: str) -> None:
    vault = Vault(tmp_path / "v" / str(hash(content)), KEY)
    vault.seal(name, content)
    assert vault.open(name) == content


def test_sealing_again_keeps_the_first(tmp_path: Path) -> None:
    vault = Vault(tmp_path, KEY)
    vault.seal("one", b"first")
    before = (tmp_path / "one.sealed").read_bytes()
    vault.seal("one", b"second")
    assert (tmp_path / "one.sealed").read_bytes() == before
    assert b"first" not in before


def test_a_changed_swapped_or_foreign_file_does_not_open(tmp_path: Path) -> None:
    vault = Vault(tmp_path, KEY)
    vault.seal("one", b"first")
    vault.seal("two", b"second")
    with pytest.raises(StoreError, match="another key"):
        Vault(tmp_path, bytes(32)).open("one")
    (tmp_path / "one.sealed").write_bytes((tmp_path / "two.sealed").read_bytes())
    with pytest.raises(StoreError):
        vault.open("one")
    sealed = bytearray((tmp_path / "two.sealed").read_bytes())
    sealed[-1] ^= 1
    (tmp_path / "two.sealed").write_bytes(sealed)
    with pytest.raises(StoreError):
        vault.open("two")
    with pytest.raises(NotFound):
        vault.open("three")


def test_two_runners_may_seal_the_same_exhibit_at_once(tmp_path: Path) -> None:
    vault = Vault(tmp_path, KEY)
    contents = [bytes([n]) * 200_000 for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        for number in range(20):
            assert len(set(pool.map(partial(vault.seal, f"exhibit{number}"), contents))) == 1
            assert vault.open(f"exhibit{number}") in contents
    assert len(list(tmp_path.iterdir())) == 20


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "vault.key"
    key = load_key(path)
    assert load_key(path) == key
    assert len(key) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(BadConfig, match="vault_key"):
        Vault(tmp_path, b"short")
