"""Who is told as a return, and who is not: returns and backups, families, twins, fans, look-alikes."""

from __future__ import annotations

import numpy as np
import pytest
from tests.unit.network.returns.town import REMOVED, Town, days, person_name, town_with_former

from havenwall.network.returns import PRIOR, Return, ReturnConfig, compare, find_returns, judge


def found(town: Town, config: ReturnConfig | None = None) -> tuple[Return, ...]:
    return find_returns(town.history(), config=config)


def test_an_account_that_comes_back_is_told_with_its_reasons() -> None:
    town = town_with_former()
    town.account("account:new", ["sunnyharbour77"], days(9), follows=range(12), audience=range(100, 130))
    (told,) = found(town)
    assert (told.former, told.successor) == ("account:gone", "account:new")
    assert told.probability > 0.9
    assert not told.backup
    factors = [reason.factor for reason in told.reasons]
    assert {"audience", "follows", "name", "timing"} <= set(factors)
    assert told.kinds == 3
    texts = {reason.factor: reason for reason in told.reasons}
    assert "30 of the 80" in texts["audience"].text
    assert len(texts["audience"].shared) == 3
    assert texts["name"].shared == ("sunny_harbour", "sunnyharbour77")
    assert "9 days after" in texts["timing"].text


def test_a_return_under_another_name_is_told_by_whom_it_follows_and_who_follows_it() -> None:
    town = town_with_former()
    town.account("account:new", ["quiet copper"], days(20), follows=range(14), audience=range(110, 150))
    assert [told.successor for told in found(town)] == ["account:new"]


def test_a_backup_made_ready_before_the_removal_is_told() -> None:
    town = town_with_former()
    town.account("account:spare", ["sunny.harbour.two"], days(-40), audience=range(100, 140))
    town.tie("account:gone", "account:spare")
    town.tie("account:spare", "account:gone")
    (told,) = found(town)
    assert told.backup
    assert "tie" in [reason.factor for reason in told.reasons]


def test_a_name_alone_makes_no_link() -> None:
    town = town_with_former()
    town.account(
        "account:same", ["sunny_harbour"], days(2), follows=range(300, 320), audience=range(330, 350)
    )
    assert found(town, ReturnConfig(threshold=0)) == ()


def test_shared_company_alone_makes_no_link_when_it_is_of_one_kind() -> None:
    town = town_with_former()
    town.account("account:fan", ["blue kettle"], days(3), follows=range(25))
    assert found(town, ReturnConfig(threshold=0)) == ()


def test_a_household_with_a_life_of_its_own_is_not_told() -> None:
    town = town_with_former()
    town.account(
        "account:brother", ["windy_harbour"], days(-700), follows=range(200, 230), audience=range(240, 260)
    )
    town.account(
        "account:sister", ["rosy_harbour"], days(5), follows=range(300, 330), audience=range(340, 360)
    )
    for name in ("account:brother", "account:sister"):
        town.tie(name, "domain:device-7", "shared_contact")
    assert found(town) == ()


def test_twins_who_were_there_together_are_not_told() -> None:
    town = town_with_former()
    town.account(
        "account:twin", ["rainy_harbour"], days(-290), follows=range(5, 30), audience=range(120, 170)
    )
    town.tie("account:twin", "domain:device-7", "shared_contact")
    town.tie("account:twin", "account:gone")
    town.tie("account:gone", "account:twin")
    assert found(town) == ()


def test_a_fan_with_an_audience_of_its_own_is_not_told() -> None:
    town = town_with_former()
    town.account("account:fan", ["velvet fern"], days(6), follows=range(25), audience=range(300, 340))
    town.account("account:old-fan", ["mossy stone"], days(-200), follows=range(25), audience=range(340, 380))
    town.tie("account:old-fan", "account:gone")
    assert found(town) == ()


def test_an_imitator_is_not_told_whatever_it_copies() -> None:
    town = town_with_former()
    town.account("account:copy", ["sunny_harbour"], days(3), follows=range(25), audience=range(200, 203))
    for media in ("media:m1", "media:m2"):
        town.tie("account:copy", media, "shared_media")
    assert found(town, ReturnConfig(threshold=0)) == ()


def test_an_account_older_than_the_former_is_no_return() -> None:
    town = town_with_former()
    town.account("account:old", ["sunny_harbour_1"], days(-800), follows=range(12), audience=range(100, 150))
    assert found(town, ReturnConfig(threshold=0)) == ()


def test_a_former_account_has_one_return_and_a_newcomer_one_former() -> None:
    town = town_with_former()
    town.account("account:new-a", ["sunnyharbour77"], days(9), follows=range(15), audience=range(100, 150))
    town.account("account:new-b", ["sunnyharbor"], days(30), follows=range(6), audience=range(100, 118))
    (one,) = found(town)
    assert one.successor == "account:new-a"
    both = found(town, ReturnConfig(successors=2))
    assert [told.successor for told in both] == ["account:new-a", "account:new-b"]
    assert both[0].probability > one.probability


def test_two_formers_that_fit_alike_leave_the_newcomer_in_doubt() -> None:
    town = town_with_former()
    town.account(
        *("account:gone-too", ["plain_pebble"], days(-200)),
        **{"removed": REMOVED, "follows": range(25), "audience": range(100, 180)},
    )
    town.account("account:new", ["copper quill"], days(9), follows=range(12), audience=range(100, 140))
    assert found(town, ReturnConfig(threshold=0.6)) == ()
    (guess,) = found(town, ReturnConfig(threshold=0.3))
    assert guess.probability == pytest.approx(0.5, abs=0.06)


def test_reasons_sum_to_the_log_odds() -> None:
    town = town_with_former()
    town.account("account:new", ["sunnyharbour77"], days(9), follows=range(12), audience=range(100, 130))
    (told,) = found(town)
    assert sum(reason.log_odds for reason in told.reasons) + PRIOR.intercept == pytest.approx(told.log_odds)


def test_only_the_accounts_asked_for_are_compared() -> None:
    town = town_with_former()
    town.account("account:new", ["sunnyharbour77"], days(9), follows=range(12), audience=range(100, 130))
    history = town.history()
    row = history.graph.index(["account:new"])
    assert len(find_returns(history, newcomers=row)) == 1
    assert find_returns(history, newcomers=history.graph.index([person_name(3)])) == ()
    assert find_returns(history, former=np.empty(0, np.int64)) == ()


def test_the_order_of_input_changes_nothing() -> None:
    results = []
    for seed in (0, 1):
        town = town_with_former(seed=1)
        town.account("account:new", ["sunnyharbour77"], days(9), follows=range(12), audience=range(100, 130))
        rng = np.random.default_rng(seed)
        town._links = [town._links[i] for i in rng.permutation(len(town._links))]
        town._accounts = [town._accounts[i] for i in rng.permutation(len(town._accounts))]
        results.append(found(town))
    assert results[0] == results[1]


def test_an_account_is_no_return_of_itself() -> None:
    history = town_with_former().history()
    assert find_returns(history, newcomers=history.former, config=ReturnConfig(threshold=0)) == ()


def test_the_evidence_of_unlikely_pairs_is_forgotten() -> None:
    town = town_with_former()
    town.account("account:new", ["sunnyharbour77"], days(9), follows=range(12), audience=range(100, 130))
    for stranger in range(20):
        town.account(f"account:s{stranger}", [], days(-250), audience=range(98 - stranger, 101))
    history = town.history()
    all_pairs = judge(compare(history, ReturnConfig(least=0, sketch=200)))
    likely = judge(compare(history, ReturnConfig(sketch=200)))
    assert len(all_pairs.former) > 18 > len(likely.former) > 0
    assert likely.log_odds.min() > np.log(0.001)
