"""Factors of pairs: each says what it is meant to say, and only that."""

from __future__ import annotations

import numpy as np
import pytest
from tests.unit.network.returns.town import REMOVED, Town, days, town_with_former

from havenwall.network.returns import ReturnConfig, compare, factors
from havenwall.network.returns.factors import COLUMN
from havenwall.network.returns.pairs import lead_days, possible


def judged(town: Town, name: str = "account:other") -> dict[str, float]:
    history = town.history()
    former, other = (history.graph.index([entity]) for entity in ("account:gone", name))
    row = factors(compare(history, ReturnConfig()), former, other)[0]
    return {factor: float(row[place]) for factor, place in COLUMN.items()}


def test_nothing_in_common_says_nothing() -> None:
    town = town_with_former()
    town.account(
        "account:other", ["velvet quill"], days(400), follows=range(300, 320), audience=range(330, 350)
    )
    values = judged(town)
    assert values.pop("timing") < 0
    assert values.pop("fan") > 0
    assert not any(values.values())


def test_company_name_media_and_contact_count_each_by_themselves() -> None:
    town = town_with_former()
    town.account("account:other", ["sunnyharbour9"], days(400), follows=range(25), audience=range(100, 150))
    town.tie("account:other", "media:m1", "shared_media")
    town.tie("account:other", "domain:device-7", "shared_contact")
    values = judged(town)
    assert values["follows"] > 0.7
    assert values["audience"] > 0.8
    assert values["name"] == pytest.approx(1)
    assert 0.3 < values["media"] < 1
    assert 0.3 < values["contact"] < 1
    assert values["household"] < 0.1
    assert values["tie"] == values["together"] == values["talk"] == values["circles"] == 0


def test_a_contact_of_many_accounts_says_nothing() -> None:
    town = town_with_former()
    town.account("account:other", [], days(3), follows=range(300, 310))
    town.tie("account:other", "domain:device-7", "shared_contact")
    assert judged(town)["contact"] > 0
    for person in range(30):
        town.tie(f"account:p{person:03}", "domain:device-7", "shared_contact")
    assert judged(town)["contact"] == 0


@pytest.mark.parametrize(
    ("day", "least", "most"), [(1, 0.7, 1), (8, 0.5, 1), (300, -1, 0), (-30, 0.3, 1), (-290, -1, 0.1)]
)
def test_timing_favours_soon_after_and_some_weeks_before(day: float, least: float, most: float) -> None:
    town = town_with_former()
    town.account("account:other", [], days(day), follows=range(300, 310))
    assert least <= judged(town)["timing"] <= most


def test_an_unknown_date_says_nothing() -> None:
    town = town_with_former()
    town._accounts.append(("account:other", [], None, None))
    town.tie("account:other", "account:p300")
    assert judged(town)["timing"] == judged(town)["together"] == 0


def test_a_tie_counts_only_for_accounts_from_before_the_removal() -> None:
    for day, told in ((-30, 1.0), (5, 0.0)):
        town = town_with_former()
        town.account("account:other", [], days(day), follows=range(300, 310))
        town.tie("account:gone", "account:other")
        assert judged(town)["tie"] == told
    town = town_with_former()
    town.account("account:other", [], days(-30), follows=range(300, 310))
    town.tie("account:other", "account:gone")
    assert judged(town)["tie"] == judged(town)["talk"] == 0


def test_two_who_followed_each_other_for_long_are_two_people() -> None:
    for day, long in ((-20, False), (-250, True)):
        town = town_with_former()
        town.account("account:other", [], days(day), follows=range(300, 310))
        town.tie("account:other", "account:gone")
        town.tie("account:gone", "account:other")
        values = judged(town)
        assert (values["talk"] > 0.5) is long
        assert values["tie"] == pytest.approx(1 - values["talk"])
        assert values["together"] == pytest.approx(-day / 365, abs=0.01)


def test_a_fan_is_known_by_an_audience_of_its_own() -> None:
    own, none = town_with_former(), town_with_former()
    own.account("account:other", [], days(3), follows=range(25), audience=range(300, 330))
    none.account("account:other", [], days(3), follows=range(25))
    assert judged(own)["fan"] > 0.4
    assert judged(none)["fan"] == 0


def test_moments_and_who_can_be_a_return_at_all() -> None:
    town = town_with_former()
    town.account("account:older", [], days(-301), follows=range(300, 310))
    town.account("account:newer", [], days(12), follows=range(300, 310))
    history = town.history()
    gone, older, newer = (history.graph.index([f"account:{name}"]) for name in ("gone", "older", "newer"))
    assert lead_days(history, gone, newer) == pytest.approx(-12)
    assert possible(history, gone, newer).all()
    assert not possible(history, gone, older).any()
    assert REMOVED.timestamp() == history.removed[gone][0]
    assert np.isnan(lead_days(history, newer, newer)).all()
