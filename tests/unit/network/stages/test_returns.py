"""When returns are looked for, and what is told of one."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
import polars as pl
import pytest
from tests.unit.network.returns.town import REMOVED, Town, days, town_with_former

from havenwall.engine import Batch
from havenwall.model import FoundReturn
from havenwall.network import ReturnsStage

NOTICE = Batch(new=1)


class View:
    """The store as the stage sees it, which counts how often the whole is read."""

    def __init__(self, events: pl.DataFrame, confirmed: Collection[str] = ("account:gone",)) -> None:
        self.events, self.names, self.position, self.read = events, [*confirmed], 1, 0

    def confirmed(self) -> list[str]:
        return self.names

    def removed(self) -> pl.DataFrame:
        return self.events.filter(pl.col("type") == "removed").select("entity", "at")

    def mark(self) -> tuple[int, int]:
        return self.position, 0

    def history(self) -> pl.DataFrame:
        self.read += 1
        return self.events


def back() -> Town:
    town = town_with_former()
    town.account("account:new", ["sunnyharbour77"], days(9), follows=range(12), audience=range(100, 130))
    return town


def test_a_return_is_told_with_the_former_account_and_why() -> None:
    (signal,) = ReturnsStage(View(back().events())).run(NOTICE).signals
    assert (signal.entity, signal.detector) == ("account:new", "return")
    assert 0.9 < signal.strength <= 1
    found = FoundReturn.of(signal)
    assert (found.former, found.newcomer, found.days) == ("account:gone", "account:new", 9.0)
    assert any("30 of the 80" in text and "account:p1" in text for text in found.reasons)
    assert all(text.endswith(".") and text[0].isupper() for text in found.reasons)


def test_the_same_return_has_the_same_id() -> None:
    first, again = (ReturnsStage(View(back().events())).run(NOTICE).signals for _ in range(2))
    assert [one.id for one in first] == [one.id for one in again]
    assert again[0].at >= first[0].at


def test_nothing_is_read_while_no_confirmed_account_was_removed() -> None:
    for confirmed in ((), ("account:p001",)):
        view = View(back().events(), confirmed)
        assert ReturnsStage(view).run(NOTICE).signals == ()
        assert view.read == 0


def test_everything_is_read_again_only_when_something_that_matters_is_new() -> None:
    view = View(back().events())
    stage = ReturnsStage(view)
    assert stage.run(Batch()).signals == ()
    # Told again while nothing was kept: the store drops what it has, and a failed commit loses nothing.
    assert stage.run(NOTICE).signals == stage.run(NOTICE).signals
    assert view.read == 1
    view.position += 1
    stage.run(NOTICE)
    view.names.append("account:p002")
    stage.run(NOTICE)
    assert view.read == 3


def test_a_removed_account_that_nobody_confirmed_is_not_told_of_but_stays_a_rival() -> None:
    town = back()
    town.account("account:twin", ["sunny_harbour"], days(-300), removed=REMOVED, follows=range(25))
    for person in range(100, 180):
        town.tie(f"account:p{person:03}", "account:twin")
    alone = ReturnsStage(View(back().events())).run(NOTICE).signals
    signals = ReturnsStage(View(town.events())).run(NOTICE).signals
    assert all(signal.strength < alone[0].strength for signal in signals)
    assert {FoundReturn.of(signal).former for signal in signals} <= {"account:gone"}


@pytest.mark.parametrize("kind", ["family", "fan"])
def test_relatives_and_fans_are_not_told(kind: str) -> None:
    town = town_with_former()
    if kind == "family":
        town.account("account:kin", ["sunny_harbour_2"], days(5), follows=range(300, 312))
        town.tie("account:kin", "domain:device-7", "shared_contact")
    else:
        town.account("account:fan", ["sunny_harbour"], days(5), follows=range(25), audience=range(200, 260))
    assert ReturnsStage(View(town.events())).run(NOTICE).signals == ()


def test_what_is_not_known_is_left_open() -> None:
    signal = ReturnsStage(View(back().events())).run(NOTICE).signals[0]
    dateless = msgspec.structs.replace(signal, evidence={**signal.evidence, "days": ""})
    assert FoundReturn.of(dateless).days is None
