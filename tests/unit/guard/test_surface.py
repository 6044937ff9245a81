import msgspec
import pytest

from havenwall.guard import Outcome, Surface


def test_outcomes_rise_in_severity() -> None:
    assert [outcome.severity for outcome in Outcome] == list(range(6))
    assert list(Outcome)[2:] == [
        Outcome.INTERSTITIAL,
        Outcome.NO_NEW_EDGE,
        Outcome.DROP,
        Outcome.DROP_AND_REFER,
    ]


def test_only_a_tie_gets_past_no_new_edge_and_nothing_past_drop() -> None:
    assert [outcome.shows() for outcome in Outcome] == [True, True, True, False, False, False]
    assert [outcome.shows(tied=True) for outcome in Outcome] == [True, True, True, True, False, False]


def test_the_earlier_name_of_message_still_works_on_the_wire_and_in_code() -> None:
    assert Surface.CONTACT is Surface.MESSAGE
    assert msgspec.json.decode(b'"contact"', type=Surface) is Surface.MESSAGE
    with pytest.raises(ValueError, match="nowhere"):
        Surface("nowhere")
