"""The discover stage over a real store."""

import polars as pl
import pytest
from tests.unit.network.town import MEMBERS, OTHERS, signal_on, town_frame, town_signals

from havenwall.engine import Batch, Output, Runner
from havenwall.engine.runner import Progress
from havenwall.model import Community, Signal
from havenwall.network import DiscoverStage, find_communities
from havenwall.network.stages import discover as discover_stage
from havenwall.store import Store


class _Told:
    """A stage that hands over given signals, as detection would."""

    name, reads, notice_only = "told", (), False

    def __init__(self, *signals: Signal) -> None:
        self.signals = signals


def keep(store: Store, *signals: Signal) -> None:
    store.streams.commit(_Told(), {}, Output(signals=signals))


def label(store: Store, detector: str, *entities: str) -> None:
    keep(store, *(signal_on(entity, detector, 1.0) for entity in entities))


def caught_up(store: Store, stage: DiscoverStage) -> list[Progress]:
    told: list[Progress] = []
    Runner(store.streams, [stage]).run(told.append)
    return told


@pytest.fixture
def town(store: Store) -> Store:
    store.journal.append_frame(town_frame())
    keep(store, *town_signals())
    return store


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry per search that the stage made."""
    made: list[int] = []

    def counted(view):
        made.append(1)
        return find_communities(view)

    monkeypatch.setattr(discover_stage, "find_communities", counted)
    return made


def test_a_community_becomes_a_signal_for_each_member(town: Store) -> None:
    output = caught_up(town, DiscoverStage(town.network))[0].output
    found = {signal.entity for signal in output.signals}
    assert len(found) >= 15
    assert found <= set(MEMBERS)
    one = output.signals[0]
    assert one.detector == "community"
    assert 0.5 <= one.strength <= 1
    assert one.evidence["own_signal"] == "yes"
    assert "alike in" in one.evidence["why"]
    named = {signal.evidence["community"] for signal in output.signals}
    assert 1 <= len(named) <= 3


def test_it_comes_to_rest_with_one_search(town: Store, searches: list[int]) -> None:
    stage = DiscoverStage(town.network)
    assert len(caught_up(town, stage)) == 2  # the town, then what it said itself
    assert caught_up(town, stage) == []
    assert searches == [1]


def test_what_was_not_kept_is_given_again(town: Store, searches: list[int]) -> None:
    stage = DiscoverStage(town.network)
    first, again = stage.run(Batch(new=1)), stage.run(Batch(new=1))
    assert first.signals
    assert again == first
    assert searches == [1]


def test_news_starts_a_search_and_its_own_signals_do_not(town: Store, searches: list[int]) -> None:
    stage = DiscoverStage(town.network)
    caught_up(town, stage)
    keep(town, signal_on(MEMBERS[20], "report", 0.3))
    caught_up(town, stage)
    assert len(searches) == 2


def test_a_few_links_more_start_no_search_and_many_do(town: Store, searches: list[int]) -> None:
    stage = DiscoverStage(town.network)
    caught_up(town, stage)
    more = town_frame().with_columns(source=pl.lit("more"), entity=pl.lit("account:x") + pl.col("source_id"))
    town.journal.append_frame(more[:50])
    caught_up(town, stage)
    assert len(searches) == 1
    town.journal.append_frame(more[:3000])
    caught_up(town, stage)
    assert len(searches) == 2


def test_a_new_process_repeats_the_search_and_doubles_nothing(town: Store) -> None:
    before = {s.id for s in caught_up(town, DiscoverStage(town.network))[0].output.signals}
    keep(town, signal_on(OTHERS[800], "term", 0.3))
    after = caught_up(town, DiscoverStage(town.network))[0].output.signals
    assert before <= {signal.id for signal in after}
    assert town.network.communities().keys() == {signal.entity for signal in after}


@pytest.mark.parametrize(
    ("told", "taken", "name"),
    [
        ({}, set(), "new"),
        ({"account:a": "old"}, set(), "old"),
        ({"account:a": "one", "account:b": "two", "account:c": "two"}, set(), "two"),
        ({"account:a": "one", "account:b": "two", "account:c": "two"}, {"two"}, "one"),
        ({"account:a": "old"}, {"old"}, "new"),
    ],
)
def test_a_community_keeps_the_name_that_most_of_it_had(told, taken, name):
    members = ("account:a", "account:b", "account:c")
    community = Community(id="new", members=members, signalled=2, expected=0.1)
    assert discover_stage._same(community, told, taken) == name


def test_confirmed_and_cleared_accounts_are_left_out(town: Store) -> None:
    label(town, "confirmed", MEMBERS[0], MEMBERS[25])
    label(town, "cleared", MEMBERS[1])
    output = caught_up(town, DiscoverStage(town.network))[0].output
    found = {signal.entity for signal in output.signals}
    assert found
    assert not found & {MEMBERS[0], MEMBERS[1], MEMBERS[25]}


def test_nothing_is_sought_once_enough_are_confirmed(town: Store, searches: list[int]) -> None:
    label(town, "confirmed", *MEMBERS[:10])
    assert not caught_up(town, DiscoverStage(town.network))[0].output.signals
    assert searches == []


def test_without_signals_the_graph_is_not_read(store: Store) -> None:
    store.journal.append_frame(town_frame())
    found = find_communities(store.network)
    assert (found.links, found.found) == (0, ())
    assert "fewer than two accounts have a signal" in found.reason


def test_signals_in_common_with_nobody_are_no_community(store: Store) -> None:
    store.journal.append_frame(town_frame())
    keep(store, *(signal_on(OTHERS[n], "media-hash", 1.0) for n in range(300, 900, 60)))
    found = find_communities(store.network)
    assert not found.found
    assert found.reason


def test_its_own_signals_are_no_anchors_labels_or_own_signals(town: Store) -> None:
    before = town.network.signals()
    profiles = town.network.profiles().sort("entity")
    caught_up(town, DiscoverStage(town.network))
    assert town.network.communities()
    assert town.network.signals().equals(before)
    assert town.network.profiles().sort("entity").equals(profiles)
    assert town.network.seeds() == town.network.cleared() == []


def test_a_listed_tag_alone_makes_no_community(store: Store) -> None:
    """Whoever uses it has a signal because of it, so having it in common says nothing."""
    fans = pl.col("entity").is_in(OTHERS[:100]) & (pl.col("link") == "follow")
    store.journal.append_frame(town_frame().filter(~fans))
    keep(store, *(signal_on(entity, "term", 0.5) for entity in MEMBERS[:20]))
    assert not find_communities(store.network).found
