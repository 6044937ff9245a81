"""What discovery asks of the store, and what it shows of communities, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from havenwall.engine import Output, Stream
from havenwall.errors import Forbidden, NotFound
from havenwall.model import (
    SYSTEM,
    Decision,
    Event,
    EventType,
    LinkKind,
    Right,
    Risk,
    ScoreRun,
    Signal,
    ThingKind,
    Verb,
    Viewer,
)
from havenwall.store import Store
from havenwall.store.views import network as network_view

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


class _Stage:
    name, reads, notice_only = "told", (Stream.DECISION,), True


def keep(store: Store, **output: object) -> None:
    store.streams.commit(_Stage(), {}, Output(**output))


def signal(entity: str, detector: str, strength: float = 1.0, n: int = 0, **evidence: str) -> Signal:
    return Signal(
        id=f"{detector}-{entity}-{n}",
        entity=entity,
        detector=detector,
        version="1",
        strength=strength,
        at=AT + timedelta(minutes=n),
        evidence=evidence,
    )


def told(entity: str, community: str, strength: float = 0.6, own: str = "no", n: int = 0) -> Signal:
    return signal(
        entity, "community", strength, n, community=community, own_signal=own, why=f"{community} {n}"
    )


def link(n: int, at: datetime = AT, *, undone: bool = False) -> Event:
    return Event(
        source="s",
        source_id=f"{n}",
        type=EventType.UNLINK if undone else EventType.LINK,
        at=at,
        entity="account:a",
        target="tag:t",
        link=LinkKind.TAG_USE,
    )


def test_the_strongest_signal_of_each_detector_counts(
    any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network_view, "_PART", 2)
    signals = (
        signal("account:a", "term", 0.3, 1),
        signal("account:a", "term", 0.5, 2),
        signal("account:a", "report", 0.3, 3),
        signal("group:g", "term", 0.5, 4),
        signal("account:b", "term", 0.4, 5),
        told("account:c", "C1"),
    )
    keep(any_store, signals=signals)
    assert sorted(any_store.network.signals().rows()) == [
        ("account:a", "report", 0.3),
        ("account:a", "term", 0.5),
        ("account:b", "term", 0.4),
    ]


def test_the_mark_moves_with_signals_and_links_but_not_with_communities(any_store: Store) -> None:
    view = any_store.network
    assert view.mark() == (0, 0)
    keep(any_store, signals=(signal("account:a", "term"),))
    one = view.mark()
    keep(any_store, signals=(told("account:a", "C1"),))
    assert view.mark() == one
    any_store.journal.append([link(1), link(2, undone=True)])
    keep(any_store, signals=(signal("account:b", "term"),))
    assert view.mark()[0] > one[0]
    assert view.mark()[1] == 2


def test_a_tie_has_the_date_it_was_first_told_with_until_it_is_undone(any_store: Store) -> None:
    any_store.journal.append([link(1), link(2, AT + timedelta(days=1))])
    assert any_store.network.links()["since"].to_list() == [AT]
    any_store.journal.append([link(3, AT + timedelta(days=2), undone=True), link(4, AT + timedelta(days=3))])
    assert any_store.network.links()["since"].to_list() == [AT + timedelta(days=3)]


def test_communities_are_put_together_from_their_signals(any_store: Store) -> None:
    signals = (
        told("account:a", "C1", 0.4),
        told("account:b", "C1", 0.6, "yes", 1),
        told("account:c", "C2", 0.9),
    )
    keep(any_store, signals=signals)
    assert any_store.network.communities() == {"account:a": "C1", "account:b": "C1", "account:c": "C2"}
    second, first = any_store.communities(SYSTEM).communities()
    assert (second.id, first.id) == ("C2", "C1")
    assert (first.strength, first.sentence) == (0.6, "C1 1")
    assert [(m.entity, m.own_signal) for m in first.members] == [("account:b", True), ("account:a", False)]


def test_one_that_is_decided_is_no_longer_listed_but_can_be_opened(any_store: Store) -> None:
    keep(any_store, signals=(told("account:a", "C1"), told("account:b", "C1")))
    view = any_store.communities(SYSTEM)
    keep(any_store, decisions=(_decision(Verb.CONFIRM, "account:a"),))
    assert view.communities()[0].counts == {"confirmed": 1, "proposed": 1}
    keep(any_store, decisions=(_decision(Verb.CLEAR, "account:b"),))
    assert view.communities() == []
    assert view.community("C1").counts == {"confirmed": 1, "cleared": 1}
    with pytest.raises(NotFound):
        view.community("C3")


def _decision(verb: Verb, entity: str) -> Decision:
    name = f"{verb}-{entity}"
    return Decision(id=name, verb=verb, entities=(entity,), by="user:robin", why="seen", at=AT)


def test_only_those_who_may_see_cases_see_communities_and_it_is_written_down(any_store: Store) -> None:
    with pytest.raises(Forbidden):
        any_store.communities(Viewer(name="user:a", rights=frozenset({Right.SEE_FIGURES})))
    keep(any_store, signals=(told("account:a", "C1"),))
    any_store.communities(SYSTEM).community("C1")
    assert [(line.what, line.subject) for line in any_store.access_log()] == [("community", "C1")]


def test_things_and_accounts_are_kept_apart(any_store: Store) -> None:
    run = ScoreRun(
        id="R",
        at=AT,
        model="m",
        version="1",
        accounts=3,
        links=3,
        seeds=1,
        cleared=0,
        threshold=0.0,
        over_threshold=0,
        held_out_recall=0.0,
    )
    names = ("tag:low", "account:a", "group:g", "tag:high")
    risks = tuple(_risk(name, float(n)) for n, name in enumerate(names))
    keep(any_store, runs=(run,), risks=risks)
    figures = any_store.figures
    assert [risk.entity for risk in figures.risks_of("R")] == ["account:a"]
    assert [risk.entity for risk in figures.things_of("R")] == ["tag:high", "group:g", "tag:low"]
    assert [risk.entity for risk in figures.things_of("R", ThingKind.TAG)] == ["tag:high", "tag:low"]
    assert figures.things_of("R", ThingKind.LIVE) == []


def _risk(entity: str, score: float) -> Risk:
    return Risk(
        id=f"R:{entity}",
        run_id="R",
        entity=entity,
        probability=0.5,
        score=score,
        over_threshold=False,
        at=AT,
    )
