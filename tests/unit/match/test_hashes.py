"""Hashes are normalised, their kind is told or refused, and look-up is exact."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.errors import BadInput
from havenwall.match import HashKind, HashSet, hash_kind, normalise_hash

LENGTHS = {HashKind.MD5: 32, HashKind.SHA1: 40, HashKind.SHA256: 64, HashKind.PDQ: 64}


@pytest.mark.parametrize("kind", HashKind)
def test_a_hash_is_lower_case_of_its_length(kind):
    assert normalise_hash(kind, " " + "AB" * (LENGTHS[kind] // 2)) == "ab" * (LENGTHS[kind] // 2)


@pytest.mark.parametrize("value", ["", "ab", "g" * 32, "a" * 33, "\uff41" * 32])
def test_what_is_no_hash_is_refused_with_the_remedy(value):
    with pytest.raises(BadInput) as refused:
        normalise_hash(HashKind.MD5, value)
    assert "32 hexadecimal digits" in refused.value.hint


def test_the_length_tells_the_kind():
    assert hash_kind("a" * 32) is HashKind.MD5
    assert hash_kind("a" * 40) is HashKind.SHA1


def test_a_length_two_kinds_share_is_refused():
    with pytest.raises(BadInput) as refused:
        hash_kind("a" * 64)
    assert "sha256 or pdq" in refused.value.hint


def test_the_set_keeps_kinds_apart():
    known = HashSet([(HashKind.PDQ, "A" * 64)])
    assert (HashKind.PDQ, "a" * 64) in known
    assert (HashKind.SHA256, "a" * 64) not in known
    assert known.kinds == (HashKind.PDQ,)
    assert len(known) == 1


@given(st.text(max_size=70) | st.sampled_from(["AB" * 16, f" {'ab' * 16}\n", "ab" * 15]))
@settings(max_examples=50)
def test_look_up_takes_any_text_and_forgives_case_and_space(value):
    known = HashSet([(HashKind.MD5, "ab" * 16)])
    assert ((HashKind.MD5, value) in known) == (value.strip().lower() == "ab" * 16)
