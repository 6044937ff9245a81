"""Each view undoes its disguise, and doing it twice changes nothing more."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.match.disguises import VIEWS, BaseText, Disguise
from havenwall.match.lookalikes import lookalikes
from havenwall.match.tables import LEET, SOUNDS

LOOKALIKES = lookalikes().letters

_hard = st.text(st.one_of(st.characters(), st.sampled_from([*LOOKALIKES, *LEET, *SOUNDS])), max_size=40)


@pytest.mark.parametrize(
    ("disguise", "text", "undone"),
    [
        (Disguise.CASE, "BlueWhistle", "bluewhistle"),
        (Disguise.WIDTH, "ｂｌｕｅ", "blue"),
        (Disguise.INVISIBLE, "bl\u200bue", "blue"),
        (Disguise.DIACRITICS, "blüé", "blue"),
        (Disguise.LOOKALIKES, "bluе", "blue"),
        (Disguise.LEET, "b1u3", "biue"),
        (Disguise.SPACING, "b.l-u e", "blue"),
        (Disguise.REPEATS, "bluuue", "blue"),
        (Disguise.TRANSLITERATION, "блуе", "blue"),
    ],
)
def test_a_view_undoes_its_disguise(disguise: Disguise, text: str, undone: str) -> None:
    assert VIEWS[disguise](text) == undone


@given(_hard, st.sampled_from(Disguise))
@settings(max_examples=200)
def test_a_view_twice_is_as_once(text: str, disguise: Disguise) -> None:
    once = VIEWS[disguise](text)
    assert VIEWS[disguise](once) == once


@given(_hard)
@settings(max_examples=100)
def test_the_base_form_twice_is_as_once(text: str) -> None:
    table = BaseText()
    once = text.translate(table)
    assert once.translate(table) == once


def test_every_disguise_has_its_view() -> None:
    assert VIEWS.keys() == set(Disguise)


def test_tables_lead_to_latin_letters() -> None:
    for letters in (*LOOKALIKES.values(), *LEET.values(), *SOUNDS.values()):
        assert all("a" <= letter <= "z" for letter in letters)
