from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.guard import lookup
from havenwall.guard.names import Names, Words, join, join_entities

texts = st.lists(st.text(st.characters(exclude_categories=()), max_size=6), max_size=40)
"""Zeros and lone surrogates included: a platform's ids are what they are."""


def table(names: list[str], seed: int = 0) -> Names:
    made = Names.of(Words.of(names), seed)
    assert made is not None
    return made


@given(words=texts)
def test_words_come_back(words: list[str]) -> None:
    packed = Words.of(words)
    assert [packed.word(row) for row in range(len(words))] == words
    assert packed.sound()


@given(known=texts, others=texts, seed=st.integers(0, 2**32 - 1))
def test_rows_are_those_of_a_dictionary(known: list[str], others: list[str], seed: int) -> None:
    names = list(dict.fromkeys(known))
    rows = {name: row for row, name in enumerate(names)}
    asked = others + names[::2] + others
    places, found = table(names, seed).hits(join(asked), len(asked))
    known = [(place, rows[name]) for place, name in enumerate(asked) if name in rows]
    assert list(zip(places.tolist(), found.tolist(), strict=True)) == known


@given(known=texts.filter(len))
def test_a_name_that_is_there_twice_makes_no_table(known: list[str]) -> None:
    assert Names.of(Words.of([*known, known[0]])) is None


def test_a_name_in_another_name_is_not_found() -> None:
    names = table(["account:12", "account:1\0", "tag:bluewhistle"])
    asked = ["account:1", "account:123", "account:1\0", ""]
    places, rows = names.hits(join(asked), len(asked))
    assert (places.tolist(), rows.tolist()) == ([2], [1])


def test_a_table_is_sound_as_built_and_not_when_changed() -> None:
    names = table([f"account:{number}" for number in range(1000)])
    assert names.sound()
    taken = np.flatnonzero(names.slots)
    for change in (0, int(names.slots[taken[1]]), -1, (5 << 32) | 2000):
        slots = names.slots.copy()
        slots[taken[0]] = change
        assert not Names(words=names.words, slots=slots, seed=0).sound()
    assert not Names(words=names.words, slots=names.slots, seed=1).sound()
    assert not Names(words=names.words, slots=names.slots[:-1], seed=0).sound()


def test_colons_are_counted_over_all_names() -> None:
    assert join_entities(["account:1", "tag:a:b", "\0"])[1] == 3
    assert join_entities(["account:1", "\ud800"])[1] == 1


def test_the_loops_answer_the_same_without_a_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    names = table([f"account:{number}" for number in range(50)])
    asked = [f"account:{number}" for number in range(0, 100, 3)]
    compiled = [found.tolist() for found in names.hits(join(asked), len(asked))]
    loops = ("fill", "find", "count", "_cut", "_folded", "_hash", "_place", "_same")
    for name in loops:
        monkeypatch.setattr(lookup, name, getattr(lookup, name).py_func)
    with np.errstate(over="ignore"):
        slots = np.zeros_like(names.slots)
        assert lookup.fill(names.words.blob, names.words.ends, slots, 0) == -1
        assert np.array_equal(slots, names.slots)
        assert [found.tolist() for found in names.hits(join(asked), len(asked))] == compiled
