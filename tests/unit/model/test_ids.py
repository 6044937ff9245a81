"""Names of entities, and ids that repeat with what they rest on."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.errors import BadInput
from havenwall.model import EntityKind, derived_id, entity_id, new_id, now, split_entity


@settings(max_examples=50)
@given(kind=st.sampled_from(list(EntityKind)), key=st.text(min_size=1))
def test_a_name_splits_into_what_it_was_made_of(kind: EntityKind, key: str) -> None:
    assert split_entity(entity_id(kind, key)) == (kind, key)


@pytest.mark.parametrize("name", ["", "bob", "account:", "person:bob", ":x"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(BadInput, match="entity"):
        split_entity(name)


@settings(max_examples=50)
@given(parts=st.lists(st.text(), max_size=4), others=st.lists(st.text(), max_size=4))
def test_derived_ids_agree_only_with_themselves(parts: list[str], others: list[str]) -> None:
    assert derived_id(*parts) == derived_id(*parts)
    assert (derived_id(*parts) == derived_id(*others)) == (parts == others)


def test_fresh_ids_sort_by_time_and_moments_have_a_zone() -> None:
    assert len(new_id()) == 26
    assert new_id() != new_id()
    assert now().tzinfo is not None
