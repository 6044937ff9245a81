"""Closing, merging, splitting and gaps, kept whole or not at all; on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from tests.contract.test_casework import FOUND, SEED, Upstream, machine, send
from tests.contract.test_queues import GENERAL, made

from havenwall.casework import CaseworkStage, Clocks, review, steps
from havenwall.casework.strikes import StrikePolicy, count_strikes
from havenwall.disclose import draft_referral
from havenwall.engine import Output, Runner
from havenwall.errors import BadInput, Conflict, NotFound
from havenwall.model import (
    SYSTEM,
    Case,
    CaseClass,
    CaseSource,
    CaseState,
    CaseTopic,
    Exhibit,
    MediaFacts,
    MemberState,
    PolicyGap,
    Right,
    Verb,
    Viewer,
    new_id,
    now,
)
from havenwall.store import Store
from havenwall.store.case_rows import line

MIRA = Viewer(name="user:mira", rights=frozenset(Right))
ROBIN = Viewer(name="user:robin", rights=frozenset(Right))


def by(viewer: Viewer = MIRA) -> steps.Given:
    return steps.given(viewer, "looked at it", now(), Clocks())


def read(store: Store, case_id: str) -> Case:
    return store.cases(SYSTEM).case(case_id)


def keep(store: Store, step: steps.Stepped, viewer: Viewer = MIRA) -> None:
    store.case_steps.commit(step.output, viewer.name, gone=step.gone, gap=step.gap)


def members(store: Store, case_id: str) -> steps.Members:
    return store.casework.members(case_id)


def carry_out(store: Store) -> None:
    Runner(store.streams, [CaseworkStage(store.casework)]).run()


def network(store: Store) -> Case:
    send(store, machine(Verb.OPEN_CASE))
    (case,) = [c for c in store.cases(SYSTEM).cases() if c.topic is CaseTopic.NETWORK]
    return case


def decided(store: Store, case: Case, verb: Verb, *entities: str) -> None:
    store.ledger.add_decision(
        review(case, members(store, case.id), verb, entities, MIRA, "seen"), case.version
    )


def test_closing_and_opening_again_are_in_the_history(any_store: Store) -> None:
    case = made(any_store, "a")
    any_store.leases.take(case.id, MIRA.name, timedelta(minutes=5))
    keep(any_store, steps.close(case, members(any_store, case.id), by()))
    closed = read(any_store, case.id)
    assert (closed.state, closed.priority, closed.held_by) == (CaseState.CLOSED, 0, None)
    assert any_store.casework.live_case(case.case_class, case.topic, case.key) is None
    keep(any_store, steps.reopen(closed, members(any_store, case.id), by()))
    again = read(any_store, case.id)
    assert (again.state, again.priority, again.version) == (CaseState.OPEN, case.priority, 3)
    lines = [(e.what, e.old, e.new) for e in any_store.cases(SYSTEM).history(case.id)]
    assert lines[:2] == [("state", "closed", "open"), ("state", "open", "closed")]


def test_a_step_on_an_old_version_changes_nothing(any_store: Store) -> None:
    case = made(any_store, "a")
    late = steps.no_rule(case, members(any_store, case.id), by(), "user:tom", now() + timedelta(days=1))
    keep(any_store, steps.close(case, members(any_store, case.id), by()))
    with pytest.raises(Conflict):
        keep(any_store, late)
    assert any_store.cases(SYSTEM).gaps() == []
    assert any_store.cases(SYSTEM).decisions(case.id) == []


def test_nobody_steps_on_a_case_in_other_hands(any_store: Store) -> None:
    case = made(any_store, "a")
    any_store.leases.take(case.id, ROBIN.name, timedelta(minutes=5))
    with pytest.raises(Conflict, match="robin works on this case now"):
        keep(any_store, steps.close(case, members(any_store, case.id), by()))


def test_a_decision_that_waits_holds_up_a_step(any_store: Store) -> None:
    case = network(any_store)
    decided(any_store, case, Verb.CONFIRM, FOUND[0])
    split = steps.split(case, members(any_store, case.id), FOUND[:1], "Apart", by())
    with pytest.raises(Conflict, match="being carried out"):
        keep(any_store, split)
    carry_out(any_store)
    case = read(any_store, case.id)
    keep(any_store, steps.split(case, members(any_store, case.id), FOUND[:1], "Apart", by()))
    assert read(any_store, case.id).members == 3


def test_no_rule_closes_the_case_and_opens_a_gap_for_those_who_may_see_it(any_store: Store) -> None:
    case = made(any_store, "a")
    due = now() + timedelta(days=7)
    step = steps.no_rule(case, members(any_store, case.id), by(), "user:tom", due)
    keep(any_store, step)
    carry_out(any_store)
    assert read(any_store, case.id).state is CaseState.CLOSED
    (gap,) = any_store.cases(MIRA).gaps()
    assert (gap.owner, gap.due_at, gap.what, gap.case_id) == ("user:tom", due, "looked at it", case.id)
    (decision,) = any_store.cases(MIRA).decisions(case.id)
    assert (decision.verb, decision.entities) == (Verb.NO_RULE, ("account:a",))
    assert members(any_store, case.id)["account:a"].state is MemberState.PROPOSED
    assert any_store.cases(GENERAL).gaps() == []
    with pytest.raises(NotFound):
        any_store.cases(GENERAL).gap(gap.id)
    assert any_store.case_steps.gap_counts() == (1, 0)
    settle(any_store, gap)
    assert any_store.cases(MIRA).gaps() == []
    assert any_store.cases(MIRA).gaps(is_open=False)[0].outcome == "a rule was made"
    with pytest.raises(NotFound):
        settle(any_store, gap)


def settle(store: Store, gap: PolicyGap) -> None:
    closed = msgspec.structs.replace(gap, closed_at=now(), closed_by="user:tom", outcome="a rule was made")
    store.case_steps.change_gap(closed, line(gap.case_id, "user:tom", "gap_closed", "a rule was made"))


def test_merging_moves_members_history_and_what_comes_later(any_store: Store) -> None:
    into, case = network(any_store), made(any_store, "left", topic=CaseTopic.REPORT)
    other = made(any_store, "right", topic=CaseTopic.REPORT)
    keep(any_store, steps.merge(case, members(any_store, case.id), other, members(any_store, other.id), by()))
    case = read(any_store, case.id)
    both = members(any_store, case.id)
    keep(any_store, steps.merge(into, members(any_store, into.id), case, both, by()))
    grown, gone = read(any_store, into.id), read(any_store, case.id)
    assert set(members(any_store, into.id)) == {*FOUND, SEED, "account:left", "account:right"}
    assert members(any_store, case.id) == {}
    assert (gone.state, gone.merged_into) == (CaseState.CLOSED, into.id)
    assert read(any_store, other.id).merged_into == into.id
    assert (grown.members, gone.members) == (6, 0)
    assert {line.case_id for line in any_store.cases(SYSTEM).history(into.id)} == {into.id, case.id, other.id}
    found = any_store.casework.live_case(CaseClass.CHILD_SAFETY, CaseTopic.REPORT, "account:right")
    assert found is not None
    assert found.id == into.id
    with pytest.raises(BadInput):
        steps.reopen(gone, {}, by())


def test_what_a_person_decided_survives_a_merger(any_store: Store) -> None:
    into, case = network(any_store), made(any_store, "left")
    decided(any_store, case, Verb.CLEAR, "account:left")
    carry_out(any_store)
    case = read(any_store, case.id)
    keep(any_store, steps.merge(into, members(any_store, into.id), case, members(any_store, case.id), by()))
    assert members(any_store, into.id)["account:left"].state is MemberState.CLEARED


def strikes(store: Store, entity: str) -> list[str]:
    decisions, families = store.decisions_on(entity, list(CaseClass))
    tally = count_strikes(decisions, entity, StrikePolicy(), now() + timedelta(seconds=1), families)
    return [strike.why_not for strike in tally.strikes]


def test_strikes_go_along_when_cases_are_merged_and_split(any_store: Store) -> None:
    into, case = network(any_store), made(any_store, "left")
    decided(any_store, case, Verb.CONFIRM, "account:left")
    carry_out(any_store)
    assert strikes(any_store, "account:left") == [""]
    case = read(any_store, case.id)
    keep(any_store, steps.merge(into, members(any_store, into.id), case, members(any_store, case.id), by()))
    assert strikes(any_store, "account:left") == [""]
    for apart in (["account:left", FOUND[0]], ["account:left"]):
        here = newest_of(any_store, "account:left")
        keep(any_store, steps.split(here, members(any_store, here.id), apart, "Apart", by()))
    assert strikes(any_store, "account:left") == [""]
    assert any_store.decisions_on("account:left", [CaseClass.GENERAL])[0] == []
    decided(any_store, newest_of(any_store, "account:left"), Verb.CLEAR, "account:left")
    assert strikes(any_store, "account:left") == ["cleared"], "what is cleared here was a strike there"


def exhibit(case_id: str, entity: str, **told: Any) -> Exhibit:
    plain = {"sha256": entity.encode().hex(), "size": 1, "path": "x", "key_id": "k"}
    times = {"at": now(), "hold_until": now() + timedelta(days=365)}
    exhibit_id = new_id()
    return Exhibit(
        id=exhibit_id, action_id=exhibit_id, case_id=case_id, entity=entity, **plain, **times, **told
    )


def test_evidence_is_seen_where_its_account_went(any_store: Store) -> None:
    case, view = network(any_store), any_store.cases(MIRA)
    facts = MediaFacts(kind="picture", pdq="0" * 64, quality=100)
    picture = any_store.exhibits.attach(exhibit(case.id, FOUND[0], media=facts), MIRA.name, 31)
    records = [exhibit(case.id, entity) for entity in FOUND]
    any_store.streams.commit(Upstream(), any_store.streams.read(Upstream(), 10)[1], Output(exhibits=records))
    for apart in (FOUND[:2], FOUND[:1]):
        here = newest_of(any_store, FOUND[0])
        keep(any_store, steps.split(here, members(any_store, here.id), apart, "Apart", by()))
    here = newest_of(any_store, FOUND[0])
    assert [one.id for one in view.exhibits(here.id)] == [picture.id, records[0].id]
    assert (view.exhibit_count(here.id), view.exhibit_count(case.id)) == (2, 4)
    assert [one.id for one in view.pictures(here.id)] == [picture.id]
    assert view.pictures(here.id, offset=1) == []
    assert view.picture(here.id, picture.id) == picture
    other = newest_of(any_store, FOUND[1])
    assert [one.id for one in view.exhibits(other.id)] == [records[1].id]
    with pytest.raises(NotFound):
        view.picture(other.id, picture.id)
    stranger = any_store.cases(GENERAL)
    assert (stranger.exhibits(here.id), stranger.pictures(here.id), stranger.exhibit_count(here.id)) == (
        [],
        [],
        0,
    )
    decided(any_store, here, Verb.CONFIRM, FOUND[0])
    carry_out(any_store)
    here = read(any_store, here.id)
    referral = draft_referral(here, [*members(any_store, here.id).values()], view.exhibits(here.id))
    assert referral.exhibits == (picture.id, records[0].id)


def newest_of(store: Store, entity: str) -> Case:
    return read(store, store.cases(SYSTEM).cases_of([entity])[entity])


def test_a_merger_keeps_the_more_pressing_source_and_a_language(any_store: Store) -> None:
    into, case = network(any_store), made(any_store, "left")
    case = msgspec.structs.replace(case, source=CaseSource.AUTHORITY, language="de")
    step = steps.merge(into, members(any_store, into.id), case, members(any_store, case.id), by())
    keep(any_store, step)
    grown = read(any_store, into.id)
    assert (grown.source, grown.language) == (CaseSource.AUTHORITY, "de")
    assert "an authority asked" in grown.clock


def test_cases_of_two_classes_are_never_merged(any_store: Store) -> None:
    case, other = made(any_store, "a"), made(any_store, "b", CaseClass.GENERAL)
    with pytest.raises(BadInput):
        steps.merge(other, members(any_store, other.id), case, members(any_store, case.id), by())


def test_who_was_split_off_does_not_come_back(any_store: Store) -> None:
    case = network(any_store)
    keep(any_store, steps.split(case, members(any_store, case.id), FOUND[:2], "Apart", by()))
    new = next(c for c in any_store.cases(SYSTEM).cases() if c.split_from == case.id)
    assert (new.title, new.members, new.proposed) == ("Apart", 2, 2)
    assert set(members(any_store, case.id)) == {FOUND[2], SEED}
    send(any_store, machine(Verb.OPEN_CASE, (*FOUND, "account:late")))
    assert set(members(any_store, case.id)) == {FOUND[2], SEED, "account:late"}
    assert read(any_store, new.id).members == 2


def test_who_was_split_off_twice_comes_back_neither_here_nor_into_the_next_case(any_store: Store) -> None:
    case = network(any_store)
    keep(any_store, steps.split(case, members(any_store, case.id), FOUND[:2], "Apart", by()))
    apart = newest_of(any_store, FOUND[1])
    keep(any_store, steps.split(apart, members(any_store, apart.id), FOUND[1:2], "Alone", by()))
    send(any_store, machine(Verb.OPEN_CASE, (*FOUND, "account:late")))
    assert set(members(any_store, case.id)) == {FOUND[2], SEED, "account:late"}
    case = read(any_store, case.id)
    keep(any_store, steps.close(case, members(any_store, case.id), by()))
    send(any_store, machine(Verb.OPEN_CASE, (*FOUND, "account:late")))
    anew = any_store.casework.live_case(CaseClass.CHILD_SAFETY, CaseTopic.NETWORK)
    assert anew is not None
    assert anew.id != case.id
    assert set(members(any_store, anew.id)) == {FOUND[2], SEED, "account:late"}


def test_who_was_split_off_stays_away_when_the_case_is_merged(any_store: Store) -> None:
    case, other = network(any_store), made(any_store, "left")
    keep(any_store, steps.split(case, members(any_store, case.id), FOUND[:1], "Apart", by()))
    case = read(any_store, case.id)
    keep(any_store, steps.merge(other, members(any_store, other.id), case, members(any_store, case.id), by()))
    send(any_store, machine(Verb.OPEN_CASE, FOUND))
    assert set(members(any_store, other.id)) == {*FOUND[1:], SEED, "account:left"}


@pytest.mark.parametrize("entities", [(), (*FOUND, SEED), ("account:stranger",)])
def test_an_impossible_split_is_refused(any_store: Store, entities: tuple[str, ...]) -> None:
    case = network(any_store)
    with pytest.raises(BadInput):
        steps.split(case, members(any_store, case.id), entities, "Apart", by())


def test_a_note_does_not_stand_in_the_way_of_a_decision(any_store: Store) -> None:
    case = made(any_store, "a")
    decision = review(case, members(any_store, case.id), Verb.CLEAR, ["account:a"], MIRA, "seen")
    any_store.case_steps.add_note(line(case.id, ROBIN.name, "note", "reads on"))
    any_store.leases.take(case.id, MIRA.name, timedelta(minutes=5))
    any_store.ledger.add_decision(decision, case.version)
