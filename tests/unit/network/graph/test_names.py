import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.errors import BadGraph
from havenwall.network.graph import Names
from havenwall.network.graph.names import pack, unpack

TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=6), max_size=30)


@settings(max_examples=100)
@given(texts=TEXTS, others=TEXTS)
def test_names_are_a_sorted_set(texts, others):
    names = Names.from_list(texts)
    expected = sorted(set(texts))
    assert list(names) == expected
    assert len(names) == len(expected)
    row = {name: at for at, name in enumerate(expected)}
    asked = texts + others
    assert [names.row(name) for name in asked] == [row.get(name) for name in asked]
    assert [name in names for name in others] == [name in row for name in others]
    assert names.rows(asked).tolist() == sorted({row[name] for name in asked if name in row})
    assert names.places(pl.Series(asked, dtype=pl.String)).tolist() == [row.get(name, -1) for name in asked]


def test_equal_sets_give_equal_bytes():
    one, two = Names.from_list(["b", "a", "b"]), Names.from_list(["a", "b"])
    assert np.array_equal(one.blob, two.blob)
    assert np.array_equal(one.starts, two.starts)


def test_many_keeps_the_order():
    names = Names.from_list(["a", "b", "ö"])
    assert names.many(np.array([2, 0, 2], np.uint32)) == ["ö", "a", "ö"]


@pytest.mark.parametrize("row", [-1, 2])
def test_no_such_row(row):
    with pytest.raises(IndexError, match="of 2 names"):
        Names.from_list(["a", "b"])[row]


def test_nulls_are_no_names():
    names = Names.from_series(pl.Series(["b", None, ""]))
    assert list(names) == ["", "b"]
    assert names.places(pl.Series([None, "", "b"])).tolist() == [-1, 0, 1]
    assert 7 not in names


def test_only_text_can_be_names():
    with pytest.raises(BadGraph, match="names must be text, not Int64"):
        Names.from_series(pl.Series("ids", [1, 2]))


@settings(max_examples=50)
@given(texts=TEXTS)
def test_unpack_undoes_pack(texts):
    assert unpack(*pack(pl.Series(texts, dtype=pl.String))).to_list() == texts


def test_many_slices_pack_like_one(monkeypatch):
    texts = pl.Series([f"name-{'x' * (at % 7)}{at}" for at in range(100)])
    whole = pack(texts)
    monkeypatch.setattr("havenwall.network.graph.names._SLICE", 7)
    blob, starts = pack(texts)
    assert bytes(blob) == bytes(whole[0])
    assert np.array_equal(starts, whole[1])
    assert unpack(blob, starts).equals(texts)
