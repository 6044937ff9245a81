"""Proposed terms and what the search for them sees, on each kind of database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import polars as pl
import pytest
from tests.contract.test_audits import keep, scoring

from havenwall.engine import Output
from havenwall.errors import Conflict, NotFound
from havenwall.model import (
    Event,
    EventType,
    LinkKind,
    Risk,
    Signal,
    TermEvidence,
    TermProposal,
    TermState,
    now,
)
from havenwall.store import Store
from havenwall.store.frames import to_frame

AT = datetime(2026, 3, 1, tzinfo=UTC)


def proposed(name: str = "paperfinch", network: int = 4) -> TermProposal:
    seen = TermEvidence(
        network=network,
        others=2,
        companions=1,
        uses=5,
        z=4.0,
        companion_z=1.0,
        first_seen=AT,
        examples=("account:a",),
    )
    made = {"id": f"id-{name}", "term": name, "kind": "tag", "state": TermState.OPEN, "sentence": "Seen."}
    return TermProposal(**made, proposed_at=AT, seen_at=AT, evidence=seen)  # type: ignore[arg-type]


def following(one: TermProposal, **changes: object) -> TermProposal:
    return msgspec.structs.replace(one, version=one.version + 1, **changes)


def test_a_stage_keeps_proposals_and_they_are_read_by_state(any_store: Store) -> None:
    few, many = proposed("slate-orchard", 3), proposed("paperfinch", 9)
    keep(any_store, Output(proposals=(few, many)))
    assert any_store.terms.proposals() == [many, few]
    assert any_store.terms.proposals(TermState.ACCEPTED) == []
    assert any_store.terms.proposal(few.id) == few
    assert any_store.terms.named("id-sl") == few


@pytest.mark.parametrize("beginning", ["", "id-", "other"])
def test_a_name_that_is_not_one_proposals_is_not_found(any_store: Store, beginning: str) -> None:
    any_store.terms.add([proposed("slate-orchard"), proposed("paperfinch")])
    with pytest.raises(NotFound):
        any_store.terms.named(beginning)
    with pytest.raises(NotFound):
        any_store.terms.proposal(beginning)


def test_repeated_work_changes_nothing_and_news_replaces(any_store: Store) -> None:
    first = proposed()
    grown = following(proposed(network=7))
    for each in (first, first, grown, grown, first):
        any_store.terms.add([each])
    assert any_store.terms.proposals() == [grown]


def test_a_search_does_not_overwrite_a_decision_made_meanwhile(any_store: Store) -> None:
    first = proposed()
    any_store.terms.add([first])
    rejected = following(first, state=TermState.REJECTED, by="user:mira")
    any_store.terms.decide(rejected)
    any_store.terms.add([following(proposed(network=9))])
    assert any_store.terms.proposals() == [rejected]


def test_of_two_decisions_the_second_is_told(any_store: Store) -> None:
    any_store.terms.add([proposed()])
    any_store.terms.decide(following(proposed(), state=TermState.ACCEPTED))
    with pytest.raises(Conflict):
        any_store.terms.decide(following(proposed(), state=TermState.REJECTED))
    assert any_store.terms.proposals()[0].state is TermState.ACCEPTED


def test_what_was_said_is_read_from_rows_and_segments(any_store: Store) -> None:
    post = {"source": "s", "type": EventType.POST, "entity": "account:a", "tags": ("kite",)}
    old = Event(source_id="1", at=AT - timedelta(days=300), target="post:1", text="long ago", **post)  # type: ignore[arg-type]
    new = Event(source_id="2", at=AT, target="post:2", text="today", **post)  # type: ignore[arg-type]
    link = {"source": "s", "type": EventType.LINK, "entity": "account:a", "at": AT}
    tagged = Event(source_id="3", target="tag:kite", link=LinkKind.TAG_USE, **link)  # type: ignore[arg-type]
    follow = Event(source_id="4", target="account:b", link=LinkKind.FOLLOW, **link)  # type: ignore[arg-type]
    before = any_store.terms.mark()
    any_store.journal.append_frame(to_frame([old, follow]))
    any_store.journal.append([new, tagged])
    spoken = any_store.terms.spoken(timedelta(days=100))
    assert spoken.columns == ["type", "at", "entity", "target", "tags", "text"]
    told = [("post:1", None), ("post:2", "today"), ("tag:kite", None)]
    assert spoken.select("target", "text").rows() == told
    assert spoken["tags"].dtype == pl.List(pl.String())
    assert any_store.terms.mark() != before


def test_nothing_was_said_yet(any_store: Store) -> None:
    assert any_store.terms.spoken(timedelta(days=1)).height == 0
    assert any_store.terms.network() == frozenset()


def test_the_network_is_who_is_confirmed_or_over_the_threshold(any_store: Store) -> None:
    told = {"version": "1", "strength": 1.0, "at": now()}
    sure = Signal(id="s1", entity="account:sure", detector="confirmed", **told)  # type: ignore[arg-type]
    clear = Signal(id="s2", entity="account:clear", detector="cleared", **told)  # type: ignore[arg-type]
    risks = tuple(_risk(name, over) for name, over in (("over", True), ("clear", True), ("under", False)))
    keep(any_store, Output(runs=(scoring("r1"),), risks=risks, signals=(sure, clear)))
    assert any_store.terms.network() == {"account:sure", "account:over"}
    assert any_store.terms.mark()[1] == "r1"


def _risk(name: str, over: bool) -> Risk:
    return Risk(
        id=f"r1/{name}",
        run_id="r1",
        entity=f"account:{name}",
        score=1.0,
        probability=0.9,
        over_threshold=over,
        at=now(),
    )
