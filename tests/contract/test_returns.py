"""What the search for returns reads of the store, in bulk and one by one; on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.contract.test_journal import Reader, link

from havenwall.engine import Output, StandingChange
from havenwall.model import RETURN, Event, EventType, FoundReturn, Restriction, Signal, now
from havenwall.network.returns import history_of
from havenwall.store import Store
from havenwall.store.frames import to_frame

AT = now().replace(microsecond=0)


def event(type: EventType, entity: str, **fields: object) -> Event:
    return Event(source="forum", source_id=f"{type}-{entity}", type=type, at=AT, entity=entity, **fields)  # type: ignore[arg-type]


EVENTS = [
    event(EventType.ACCOUNT, "account:gone", text="x" * 500, attributes={"handle": "sunny"}),
    event(EventType.REMOVED, "account:gone"),
    event(EventType.REMOVED, "post:1"),
    event(EventType.POST, "account:a1", target="post:1", text="hello"),
    link(1),
]


def commit(store: Store, output: Output) -> None:
    store.journal.append([link(100 + store.journal.count())])
    store.streams.commit(Reader(), store.streams.read(Reader(), 10)[1], output)


@pytest.fixture(params=["bulk", "single"])
def told(request: pytest.FixtureRequest, any_store: Store) -> Store:
    if request.param == "bulk":
        any_store.journal.append_frame(to_frame(EVENTS))
    else:
        any_store.journal.append(EVENTS)
    return any_store


def test_the_history_has_what_is_needed_and_no_more(told: Store) -> None:
    history = told.returns.history()
    assert history.columns == ["type", "at", "entity", "target", "link", "text", "attributes"]
    assert sorted(history["type"].to_list()) == ["account", "link", "removed", "removed"]
    assert history["text"].drop_nulls().to_list() == ["x" * 80]
    past = history_of(history)
    assert sorted(past.graph.names) == ["account:a1", "account:b"]
    assert told.returns.removed().rows() == [("account:gone", AT), ("post:1", AT)]


def test_a_removal_of_ours_counts_like_the_platforms(told: Store) -> None:
    change = StandingChange(
        entity="account:a1", restriction=Restriction.REMOVED, confirmed=True, decision_id="d", reason="remove"
    )
    before = told.returns.mark()
    commit(told, Output(standing=(change,)))
    assert told.returns.mark() != before
    assert "account:a1" in told.returns.removed()["entity"]
    past = history_of(told.returns.history())
    assert past.graph.names[int(past.former[0])] == "account:a1"


def test_the_mark_moves_with_what_matters_only(told: Store) -> None:
    before = told.returns.mark()
    told.journal.append([event(EventType.POST, "account:a2", target="post:2")])
    assert told.returns.mark() == before
    told.journal.append([event(EventType.ACCOUNT, "account:a3")])
    assert told.returns.mark() != before


def test_returns_are_read_back_newest_first_and_are_no_evidence(told: Store) -> None:
    signals = [
        Signal(
            id=f"s{n}",
            entity=f"account:a{n}",
            detector=RETURN,
            version="1",
            strength=0.9,
            at=AT + timedelta(days=n),
            evidence={"former": "account:gone", "days": "3.5", "audience": "Is followed by the same."},
        )
        for n in (1, 2)
    ]
    before = told.network.mark()
    commit(told, Output(signals=tuple(signals)))
    commit(told, Output(signals=tuple(signals)))
    assert told.returns.found() == [FoundReturn.of(signal) for signal in reversed(signals)]
    assert told.returns.found()[0].reasons == ("Is followed by the same.",)
    assert told.network.mark()[0] == before[0]
    assert told.network.seeds() == []
    assert told.network.signals().is_empty()
