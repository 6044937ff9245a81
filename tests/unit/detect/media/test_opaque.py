"""Licensed hashes are near by the operator's word; what it answers is checked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.detect.media.opaque import (
    Licensed,
    OpaqueIndex,
    check_distance,
    load_distance,
    read_licensed,
)
from havenwall.errors import BadConfig
from havenwall.model.bank_entry import KnownHash

PLUGIN = "tests.unit.app.licensed_plugin"
KIND = Licensed(kind="photodna", function=f"{PLUGIN}:distance", radius=3)


def known(value, kind="photodna"):
    return KnownHash(kind=kind, value=value.hex())


def found(index, value, kind="photodna"):
    return sorted((entry, distance) for _, entry, distance in index.near([known(value, kind)]))


def test_near_ones_are_found_and_unreadable_ones_passed_over():
    index = OpaqueIndex([KIND])
    for entry, value in enumerate((b"\0\0", b"\0\3", b"unreadable", b"\0\0", b"\0\4")):
        index.add(entry, known(value))
    assert found(index, b"\0\0") == [(0, 0), (1, 3), (3, 0)]
    assert found(index, b"\0\0", "other") == []
    index.withdraw(0)
    index.withdraw(0)
    index.withdraw(99)
    assert found(index, b"\0\0") == [(1, 3), (3, 0)]


@given(st.lists(st.tuples(st.integers(0, 5), st.binary(min_size=2, max_size=2), st.booleans())))
def test_the_index_is_what_a_table_would_be(steps):
    index, table = OpaqueIndex([KIND]), {}
    for entry, value, add in steps:
        if not add:
            index.withdraw(entry)
            table.pop(entry, None)
        elif entry not in table:
            index.add(entry, known(value))
            table[entry] = value
    near = {(e, float(abs(v[0] - 7) + abs(v[1] - 7))) for e, v in table.items()}
    assert set(found(index, b"\7\7")) == {(e, apart) for e, apart in near if apart <= 3}


def test_the_setting():
    told = read_licensed(" photodna =operator_hashes.v2:distance<= 12.5 ")
    assert told == Licensed(kind="photodna", function="operator_hashes.v2:distance", radius=12.5)


@pytest.mark.parametrize(
    "text", ["", "photodna", "photodna = f <= 3", "photodna = m:f", "pdq = m:f <= 3", "photodna = m:f <= -1"]
)
def test_a_wrong_setting_is_refused_with_the_remedy(text):
    with pytest.raises(BadConfig) as refused:
        read_licensed(text)
    assert refused.value.hint


def test_the_distance_is_named():
    assert load_distance("operator:sub")(7, 4) == 3


@pytest.mark.parametrize(
    "name", ["", "operator", ":sub", "no.such.module:f", "operator:no_such", "string:digits"]
)
def test_a_wrong_name_is_refused_with_the_remedy(name):
    with pytest.raises(BadConfig) as refused:
        load_distance(name)
    assert refused.value.hint


def test_a_sane_function_is_told_of():
    assert "2 listed hashes" in check_distance(KIND, [b"\0\0", b"\0\3"])
    assert check_distance(KIND, [])


@pytest.mark.parametrize(
    ("name", "what"),
    [("lopsided", "the other"), ("never_equal", "equal hashes"), ("broken", "raises"), ("text", "equal")],
)
def test_an_odd_answer_is_told_of(name, what):
    odd = Licensed(kind="photodna", function=f"{PLUGIN}:{name}", radius=3)
    with pytest.raises(BadConfig, match=what):
        check_distance(odd, [b"\5\0", b"\1\0"])
