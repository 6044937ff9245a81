"""Numbers in plans: what is out of range is named with its remedy."""

import msgspec
import pytest

from havenwall.audit.ranges import check_known_share, check_whole
from havenwall.errors import BadInput


class Small(msgspec.Struct):
    rounds: int = 1


@pytest.mark.parametrize("rounds", [1, 2_000])
def test_both_ends_are_within(rounds):
    check_whole(Small(rounds), (("rounds", 1, 2_000),))


@pytest.mark.parametrize("rounds", [0, 2_001])
def test_what_is_outside_is_named(rounds):
    with pytest.raises(BadInput, match=f"rounds: {rounds} is out of range") as caught:
        check_whole(Small(rounds), (("rounds", 1, 2_000),))
    assert (caught.value.field, caught.value.hint) == (
        "rounds",
        "set rounds to a whole number from 1 to 2,000",
    )


@pytest.mark.parametrize("share", [0.0, 1.0, -1.0, float("nan")])
def test_some_of_the_network_is_known_and_not_all(share):
    with pytest.raises(BadInput, match="known_share"):
        check_known_share(share)


def test_a_share_between_is_fine():
    check_known_share(0.3)
