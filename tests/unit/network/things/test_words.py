import pytest

from havenwall.model import EntityKind
from havenwall.network.things.config import ThingConfig
from havenwall.network.things.use import MEANS_USE
from havenwall.network.things.words import explained, percent


def say(counted, interval, kind=EntityKind.GROUP):
    return explained(kind, counted, interval, 0.004, ThingConfig())


def test_says_what_was_counted_and_compared():
    assert say((14, 3, 8, 11), (0.52, 0.93)) == (
        "11 of 14 members of the group are confirmed or likely (3 confirmed); platform average 0.4 %. "
        "The share of members is 52 % to 93 %."
    )


@pytest.mark.parametrize("kind", [kind for kind, _ in MEANS_USE])
def test_has_words_for_every_kind(kind):
    assert "3 of 5 " in say((5, 1, 2, 3), (0.2, 0.6), kind)


def test_says_what_keeps_it_below():
    assert say((4, 3, 0, 1), (0.3, 0.9)).endswith("Below the threshold: those accounts may be one person's.")
    assert say((40, 2, 0, 2), (0.021, 0.2)).endswith("Below the threshold: 2.1 % is less than 5.0 %.")


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "under 0.1 %"),
        (0.0042, "0.4 %"),
        (0.0999, "10.0 %"),
        (0.1, "10 %"),
        (0.526, "53 %"),
        (1, "over 99.9 %"),
    ],
)
def test_percent(share, text):
    assert percent(share) == text
