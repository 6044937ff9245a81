"""Writes a stage's Output into the tables, projections included."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from havenwall.engine import Output, StandingChange
from havenwall.model import CaseClass, Decision, Member, Signal, Verb, now
from havenwall.model.case import Standing
from havenwall.store import schema as t
from havenwall.store.case_rows import keep_cases
from havenwall.store.moves import action_row
from havenwall.store.outbox import put_out
from havenwall.store.report_rows import keep_reports
from havenwall.store.review_rows import keep_reviews
from havenwall.store.rows import by_names, chunks
from havenwall.store.term_rows import keep_proposals

_encode = msgspec.json.Encoder().encode


_LABELS = {
    Verb.CONFIRM: "confirmed",
    Verb.RESTRICT: "confirmed",
    Verb.REMOVE: "confirmed",
    Verb.CLEAR: "cleared",
    Verb.CARE: "care",
}


def keep(connection: sa.Connection, output: Output) -> None:
    """Insert every record of an output; a record whose id is there already is left alone.

    Raises:
        Conflict: a case is not at the version the output was made from.
    """
    _insert(connection, t.SIGNAL, output.signals, _signal_row)
    _insert(connection, t.SCORE_RUN, output.runs, lambda run: {"id": run.id})
    _insert(connection, t.RISK, output.risks, lambda r: {"id": r.id, "run_id": r.run_id, "entity": r.entity})
    _insert(connection, t.DECISION, output.decisions, _decision_row)
    keep_cases(connection, output.cases)
    _keep_members(connection, output.members)
    _insert(connection, t.CASE_EVENT, output.case_events, lambda e: {"id": e.id, "case_id": e.case_id})
    _insert(connection, t.ACTION, output.actions, action_row)
    put_out(connection, output.actions)
    _insert(connection, t.EXHIBIT, output.exhibits, _exhibit_row)
    _keep_labels(connection, output)
    _keep_standing(connection, output.standing, now())
    keep_proposals(connection, output.proposals)
    keep_reports(connection, output)
    keep_reviews(connection, output.reviews)
    for rule, used in output.spent.items():
        _spend(connection, rule, used)


def _insert(
    connection: sa.Connection,
    table: sa.Table,
    records: Iterable[Any],
    columns: Callable[[Any], dict[str, Any]],
) -> None:
    rows = [{**columns(record), "body": _encode(record)} for record in records]
    if rows and table is not t.ACTION:
        there = _present(connection, table, [row["id"] for row in rows])
        rows = [row for row in rows if row["id"] not in there]
    if rows:
        connection.execute(sa.insert(table), rows)


def _present(connection: sa.Connection, table: sa.Table, ids: list[str]) -> set[str]:
    found: set[str] = set()
    for part in chunks(ids):
        found.update(connection.scalars(sa.select(table.c.id).where(table.c.id.in_(part))))
    return found


def _signal_row(signal: Signal) -> dict[str, Any]:
    return {"id": signal.id, "entity": signal.entity, "detector": signal.detector, "at": signal.at}


def _decision_row(decision: Decision) -> dict[str, Any]:
    verb = decision.verb.value
    return {
        "id": decision.id,
        "verb": verb,
        "by": decision.by,
        "case_id": decision.case_id,
        "at": decision.at,
    }


def _exhibit_row(exhibit: Any) -> dict[str, Any]:
    return {"id": exhibit.id, "case_id": exhibit.case_id, "action_id": exhibit.action_id}


def _keep_members(connection: sa.Connection, members: Iterable[Member]) -> None:
    rows = [
        {
            "case_id": member.case_id,
            "entity": member.entity,
            "state": member.state.value,
            "probability": member.probability,
            "body": _encode(member),
        }
        for member in members
    ]
    if not rows:
        return
    here = (t.MEMBER.c.case_id == sa.bindparam("of_case")) & (t.MEMBER.c.entity == sa.bindparam("who"))
    keys = [{"of_case": row["case_id"], "who": row["entity"]} for row in rows]
    connection.execute(sa.delete(t.MEMBER).where(here), keys)
    connection.execute(sa.insert(t.MEMBER), rows)


def _keep_labels(connection: sa.Connection, output: Output) -> None:
    listed = {row["entity"]: row for row in _listed_labels(output.signals)}
    decided = {row["entity"]: row for row in _decided_labels(output.decisions)}
    # What one of our reviewers decided is not overturned by a list that comes in later.
    settled = _settled(connection, list(listed)) | decided.keys()
    rows = [row for entity, row in listed.items() if entity not in settled] + list(decided.values())
    for part in chunks([row["entity"] for row in rows]):
        connection.execute(sa.delete(t.LABEL).where(t.LABEL.c.entity.in_(part)))
    if rows:
        connection.execute(sa.insert(t.LABEL), rows)


def _listed_labels(signals: Iterable[Signal]) -> Iterator[dict[str, Any]]:
    for signal in signals:
        if signal.detector in ("confirmed", "cleared"):
            yield _label_row(signal.entity, signal.detector, signal.id, signal.at, by_person=False)


def _decided_labels(decisions: Iterable[Decision]) -> Iterator[dict[str, Any]]:
    for decision in decisions:
        label = _LABELS.get(decision.verb)
        # Who decides general cases says nothing of the network, nor keeps its machines away from anybody.
        if label and decision.case_class is CaseClass.CHILD_SAFETY:
            for entity in decision.entities:
                yield _label_row(entity, label, decision.id, decision.at, by_person=True)


def _label_row(entity: str, label: str, origin: str, at: datetime, *, by_person: bool) -> dict[str, Any]:
    return {"entity": entity, "label": label, "by_person": by_person, "origin": origin, "at": at}


def _settled(connection: sa.Connection, entities: list[str]) -> set[str]:
    found = by_names(connection, [t.LABEL.c.entity], t.LABEL.c.entity, entities, where=t.LABEL.c.by_person)
    return {row.entity for row in found}


def _keep_standing(connection: sa.Connection, changes: Sequence[StandingChange], at: datetime) -> None:
    if not changes:
        return
    rows = [{"entity": change.entity, "at": at, "body": _encode(change)} for change in changes]
    added = sa.insert(t.STANDING_CHANGE).returning(t.STANDING_CHANGE.c.seq, sort_by_parameter_order=True)
    seqs = connection.execute(added, rows).scalars()
    # Of several changes to one entity the last one stands.
    newest = {change.entity: (seq, change) for seq, change in zip(seqs, changes, strict=True)}
    for part in chunks(list(newest)):
        connection.execute(sa.delete(t.STANDING).where(t.STANDING.c.entity.in_(part)))
    stand = [_standing_row(_standing(seq, change, at)) for seq, change in newest.values()]
    connection.execute(sa.insert(t.STANDING), stand)


def _standing(seq: int, change: StandingChange, at: datetime) -> Standing:
    return Standing(
        seq=seq,
        entity=change.entity,
        restriction=change.restriction,
        confirmed=change.confirmed,
        decision_id=change.decision_id,
        reason=change.reason,
        at=at,
    )


def _standing_row(standing: Standing) -> dict[str, Any]:
    return {
        "entity": standing.entity,
        "restriction": standing.restriction.value,
        "seq": standing.seq,
        "body": _encode(standing),
    }


def _spend(connection: sa.Connection, rule: str, used: int) -> None:
    day = now().date().isoformat()
    here = (t.QUOTA.c.rule == rule) & (t.QUOTA.c.day == day)
    if not connection.execute(sa.update(t.QUOTA).where(here).values(used=t.QUOTA.c.used + used)).rowcount:
        connection.execute(sa.insert(t.QUOTA).values(rule=rule, day=day, used=used))
