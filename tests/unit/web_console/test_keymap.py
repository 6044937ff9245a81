import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.errors import BadInput
from havenwall.web.console.keymap import ACTS, NAMES, checked, shown

DEFAULTS = {act.name: act.key for act in ACTS}


def test_the_keys_that_come_with_havenwall_do_not_clash():
    assert len(set(DEFAULTS.values())) == len(ACTS)
    assert checked(DEFAULTS) == {}


def test_only_what_differs_is_kept():
    own = checked(DEFAULTS | {"next": "ö", "skip": ""})
    assert own == {"next": "ö", "skip": ""}
    assert {line.act.name: line.key for line in shown(own)} == DEFAULTS | own


def test_a_key_used_twice_is_named_with_both_uses():
    with pytest.raises(BadInput, match=r"the key j is used twice: next row.*; open what") as told:
        checked({"open": "j"})
    assert told.value.field == "open"


def test_any_character_may_be_the_one_used_twice():
    with pytest.raises(BadInput, match=r"the key % is used twice"):
        checked({"open": "%", "find": "%"})


@pytest.mark.parametrize("key", ["jj", "\x07"])
def test_a_key_is_one_character(key):
    with pytest.raises(BadInput, match="one character"):
        checked({"open": key})


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=2)))
def test_whatever_is_sent_no_two_acts_share_a_key(sent):
    try:
        own = checked(sent)
    except BadInput:
        return
    keys = [line.key for line in shown(own) if line.key]
    assert len(set(keys)) == len(keys)
