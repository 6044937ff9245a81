"""Draws and the answers that stand, on each kind of database."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.contract.test_journal import Reader, link

from havenwall.engine import Output
from havenwall.model import (
    Bucket,
    Case,
    CaseClass,
    CaseState,
    CaseTopic,
    Decision,
    Draw,
    Drawn,
    Lane,
    Member,
    MemberState,
    Part,
    Risk,
    ScoreRun,
    Signal,
    Verb,
    now,
)
from havenwall.store import Store

AT = now() - timedelta(hours=2)


def keep(store: Store, output: Output) -> None:
    store.journal.append([link(store.journal.count())])
    _, positions = store.streams.read(Reader(), 10)
    store.streams.commit(Reader(), positions, output)


def scoring(name: str, *drawn: str, before: str = "", drawn_in: str = "", **fields: object) -> ScoreRun:
    buckets = (Bucket(number=0, part=Part.FLAGGED, size=9, low=0.0, high=1.0),)
    sample = tuple(Drawn(entity=one, bucket=0, chance=0.3, score=1.0, probability=0.9) for one in drawn)
    known: dict[str, object] = {"id": name, "at": AT, "model": "m", "version": "1", "accounts": 9, "links": 9}
    known |= {"seeds": 3, "cleared": 0, "threshold": 0.5, "over_threshold": 9, "held_out_recall": 0.9}
    draw = Draw(buckets=buckets, drawn=sample, before=before) if drawn else None
    return ScoreRun(**known | {"draw": draw, "drawn_in": drawn_in or name} | fields)  # type: ignore[arg-type]


def decided(name: str, verb: Verb, at: datetime, by: str = "user:mira") -> Decision:
    return Decision(id=f"{name}-{verb}-{at:%H%M}", verb=verb, entities=(name,), by=by, why="seen", at=at)


def test_nothing_drawn_yet(any_store: Store) -> None:
    assert any_store.audits.newest_run() is None
    assert any_store.audits.draws() == []
    assert any_store.audits.drawn() == frozenset()


def test_draws_come_newest_first_and_through_scorings_without_one(any_store: Store) -> None:
    runs = (scoring("r1", "account:a"), scoring("r2", "account:b", before="r1"), scoring("r3", drawn_in="r2"))
    keep(any_store, Output(runs=runs))
    assert [draw.run_id for draw in any_store.audits.draws()] == ["r2", "r1"]
    assert [draw.run_id for draw in any_store.audits.draws(1)] == ["r2"]
    assert any_store.audits.drawn() == {"account:a", "account:b"}


def test_an_answer_is_what_a_person_said_last_and_after_the_draw(any_store: Store) -> None:
    names = [f"account:{letter}" for letter in "abcde"]
    keep(any_store, Output(runs=(scoring("r1", *names),)))
    later, earlier = AT + timedelta(hours=1), AT - timedelta(hours=1)
    told = (
        decided("account:a", Verb.CONFIRM, later),
        decided("account:b", Verb.CONFIRM, later),
        decided("account:b", Verb.CLEAR, later + timedelta(minutes=5)),
        decided("account:c", Verb.CLEAR, earlier),
    )
    heard = Signal(id="s", entity="account:d", detector="confirmed", version="1", strength=1.0, at=later)
    keep(any_store, Output(decisions=told, signals=(heard,)))
    (draw,) = any_store.audits.draws()
    assert draw.answers == (True, False, None, None, None)
    assert draw.open == 3


def test_who_is_decided_on_no_more_counts_as_changed(any_store: Store) -> None:
    def risk(name: str, lane: Lane = Lane.NONE, *, over: bool = True) -> Risk:
        known = {
            "id": f"r1:{name}",
            "run_id": "r1",
            "entity": name,
            "probability": 0.9,
            "score": 1.0,
            "at": AT,
        }
        return Risk(**known, over_threshold=over, lane=lane)  # type: ignore[arg-type]

    risks = (
        risk("account:a"),
        risk("account:b"),
        risk("account:c", over=False),
        risk("account:d", Lane.PROTECTIVE),
        risk("tag:t"),
    )
    keep(any_store, Output(runs=(scoring("r1", "account:a"),), risks=risks))
    assert any_store.audits.flagged("r1") == {"account:a", "account:b"}
    keep(any_store, Output(decisions=(decided("account:a", Verb.CONFIRM, now()),)))
    assert any_store.audits.flagged("r1") == {"account:b"}


def test_figures_name_nobody(any_store: Store) -> None:
    keep(any_store, Output(runs=(scoring("r1", "account:a"),)))
    run = any_store.figures.newest_run()
    assert run
    assert run.draw
    assert run.draw.drawn == ()
    assert run.draw.buckets


def test_policy_hears_what_the_newest_scoring_made_of_audits(any_store: Store) -> None:
    assert any_store.policy.may_widen()
    keep(any_store, Output(runs=(scoring("r1"), scoring("r2", may_widen=False))))
    assert not any_store.policy.may_widen()


def test_in_case_is_who_waits_in_a_case_that_is_not_closed(any_store: Store) -> None:
    counts = {"version": 1, "members": 1, "proposed": 1, "confirmed": 0, "cleared": 0, "priority": 1.0}
    times = {"opened_at": AT, "updated_at": AT, "due_at": AT}
    cases = tuple(
        Case(
            id=state.value,
            title="t",
            case_class=CaseClass.CHILD_SAFETY,
            topic=CaseTopic.AUDIT,
            state=state,
            **counts,  # type: ignore[arg-type]
            **times,
        )
        for state in (CaseState.OPEN, CaseState.CLOSED)
    )
    kinds = (("open", "a", "PROPOSED"), ("open", "b", "CLEARED"), ("closed", "c", "PROPOSED"))
    members = tuple(
        Member(
            case_id=case,
            entity=f"account:{name}",
            state=MemberState[state],
            probability=0.5,
            risk_id=None,
            added_at=AT,
        )
        for case, name, state in kinds
    )
    keep(any_store, Output(cases=cases, members=members))
    assert any_store.policy.in_case([f"account:{name}" for name in "abcd"]) == {"account:a"}
