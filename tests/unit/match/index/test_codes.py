"""A hash keeps its bits through every form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.errors import BadInput
from havenwall.match.index import code_of, codes_of_bytes, hex_of


@given(st.binary(min_size=32, max_size=32))
def test_forms_agree(raw: bytes) -> None:
    code = code_of(raw)
    assert code[0] == int.from_bytes(raw[:8], "big")
    assert hex_of(code) == raw.hex()
    assert (code_of(raw.hex().upper()) == code).all()
    assert (codes_of_bytes(raw + raw) == code).all()


@given(st.one_of(st.text(max_size=70), st.binary(max_size=31)))
def test_anything_else_is_refused(value: str | bytes) -> None:
    with pytest.raises(BadInput, match="hash"):
        code_of(value)


@pytest.mark.parametrize("value", ["ab " * 21 + "a", "0" * 63 + "\n", "0" * 65, ""])
def test_nearly_right_is_refused(value: str) -> None:
    with pytest.raises(BadInput, match="hash"):
        code_of(value)


def test_half_a_hash_is_refused() -> None:
    with pytest.raises(BadInput, match="hashes"):
        codes_of_bytes(b"0" * 48)
