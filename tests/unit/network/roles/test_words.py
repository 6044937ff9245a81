import pytest

from havenwall.network.roles import CARD, FEATURES, Hints
from havenwall.network.roles.words import sentence, unknown

VALUES = {feature.name: 1.0 for feature in FEATURES}


@pytest.mark.parametrize("feature", sorted({line.feature for line in CARD}))
def test_every_line_of_the_card_has_a_sentence(feature):
    for count in (0.0, 1.0, 12.4):
        text = sentence(feature, dict.fromkeys(VALUES, count))
        assert text
        assert "nan" not in text


def test_counts_read_as_english():
    assert sentence("buyers", VALUES | {"buyers": 12.2, "buyers_answered": 1}) == (
        "12 likely buyers follow it; it follows 1 of them back"
    )
    assert sentence("buyers", VALUES | {"buyers_answered": 0}) == (
        "1 likely buyer follows it; it follows 0 of them back"
    )
    assert sentence("seeds_followed", VALUES | {"seeds_followed": 0}) == "it follows no confirmed account"


def test_what_is_not_known_is_said():
    said = unknown(Hints().missing)
    assert len(said) == 5
    assert any("minor" in text for text in said)
