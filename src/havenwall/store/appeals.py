"""Appeals: kept durably, once for each restriction; decided by somebody who had no part in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec
import sqlalchemy as sa

from havenwall.engine import Output
from havenwall.errors import Conflict, Forbidden, NotFound
from havenwall.model import CaseClass, Decision, Viewer, now
from havenwall.model.appeal import Appeal, AppealCount, AppealState
from havenwall.store.appeal_facts import Contested, contested, involved, keeping
from havenwall.store.appeal_schema import APPEAL
from havenwall.store.case_rows import log
from havenwall.store.database import Database
from havenwall.store.keep import keep
from havenwall.store.views.access import note_access

_encode = msgspec.json.Encoder().encode
decode_appeal = msgspec.json.Decoder(Appeal).decode
_WAITING = AppealState.WAITING.value


class Appeals:
    """Writes appeals, and reads what they are about."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def contested(self, action_id: str) -> Contested:
        """What an action restricts, and why. Raises NotFound: it restricts nobody."""
        with self._database.read() as connection:
            return contested(connection, action_id)

    def handed_over(self, viewer: Viewer, action_id: str) -> None:
        """Note in the access log that somebody got a statement of reasons with its secret."""
        note_access(self._database, viewer, "statement", action_id)

    def add(self, appeal: Appeal, draw: Callable[[], str]) -> tuple[Appeal, bool]:
        """Keep an appeal; as it is kept now, and whether it was new. Durable when it returns.

        Raises:
            Conflict: the restriction was appealed before.
        """
        a = APPEAL.c
        sent = (a.sender == appeal.sender) & (a.source_id == appeal.source_id)
        with self._database.write() as connection:
            old = connection.scalar(sa.select(a.body).where(sent))
            if old is not None:
                return _same(decode_appeal(old), appeal), False
            if other := _of_action(connection, appeal.grounds.action_id):
                raise Conflict(f"this was appealed already, as {other.number}")
            appeal = msgspec.structs.replace(appeal, number=_number(connection, draw))
            connection.execute(sa.insert(APPEAL).values(**_row(appeal)))
            _log(
                connection,
                appeal,
                appeal.sender,
                "appealed",
                f"Appeal {appeal.number} about {appeal.entity}.",
            )
        return appeal, True

    def of_action(self, action_id: str) -> Appeal | None:
        """The appeal about an action."""
        with self._database.read() as connection:
            return _of_action(connection, action_id)

    def decide(
        self,
        answer: Appeal,
        reversals: Callable[[Appeal, Mapping[str | None, CaseClass]], Sequence[Decision]],
        may: Callable[[CaseClass], None],
    ) -> Appeal:
        """Keep an answer and, in the same transaction, the decisions that carry it out.

        Args:
            answer: the appeal as decided.
            reversals: makes the decisions, given the cases that keep something in force.
            may: raises Forbidden where the person may not decide cases of a class.

        Raises:
            NotFound: there is no such appeal.
            Conflict: it was decided already.
            Forbidden: a machine decides, somebody who decided or approved before, or `may` says so.
        """
        by = answer.decided_by or ""
        with self._database.write() as connection:
            _check_waiting(connection, answer.id)
            if not by.startswith("user:"):
                raise Forbidden("a person must decide an appeal")
            if by in involved(connection, answer.entity):
                hint = "somebody who had no part in it must decide"
                raise Forbidden("you decided or approved something about this before", hint=hint)
            may(answer.case_class)
            if answer.state is AppealState.UPHELD:
                cases = keeping(connection, answer.entity, answer.case_class)
                for case_class in cases.values():
                    may(case_class)
                keep(connection, Output(decisions=tuple(reversals(answer, cases))))
            else:
                _log(connection, answer, by, "appeal_turned_down", answer.why)
            connection.execute(sa.update(APPEAL).where(APPEAL.c.id == answer.id).values(**_row(answer)))
        return answer

    def counts(self) -> AppealCount:
        """How many wait, of all classes."""
        late = sa.func.coalesce(sa.func.sum(sa.case((APPEAL.c.due_at < now(), 1), else_=0)), 0)
        query = sa.select(sa.func.count().label("waiting"), late.label("overdue"))
        with self._database.read() as connection:
            row = connection.execute(query.where(APPEAL.c.state == _WAITING)).one()
        return AppealCount(waiting=int(row.waiting), overdue=int(row.overdue))


def _of_action(connection: sa.Connection, action_id: str) -> Appeal | None:
    body = connection.scalar(sa.select(APPEAL.c.body).where(APPEAL.c.action_id == action_id))
    return decode_appeal(body) if body is not None else None


def _same(old: Appeal, sent: Appeal) -> Appeal:
    if old.grounds.action_id != sent.grounds.action_id:
        raise Conflict("this id was used for an appeal of another action", hint="give each appeal its own id")
    return old


def _check_waiting(connection: sa.Connection, appeal_id: str) -> None:
    state = connection.scalar(sa.select(APPEAL.c.state).where(APPEAL.c.id == appeal_id))
    if state is None:
        raise NotFound(f"there is no appeal {appeal_id}")
    if state != _WAITING:
        raise Conflict("this appeal was decided already", hint="look at it again")


def _number(connection: sa.Connection, draw: Callable[[], str]) -> str:
    number = draw()
    while connection.scalar(sa.select(APPEAL.c.seq).where(APPEAL.c.number == number)) is not None:
        number = draw()
    return number


def _log(connection: sa.Connection, appeal: Appeal, by: str, what: str, why: str) -> None:
    if appeal.case_id:
        log(connection, appeal.case_id, by, what, why, new=appeal.id)


def _row(appeal: Appeal) -> dict[str, object]:
    return {
        "id": appeal.id,
        "number": appeal.number,
        "sender": appeal.sender,
        "source_id": appeal.source_id,
        "action_id": appeal.grounds.action_id,
        "entity": appeal.entity,
        "case_id": appeal.case_id,
        "case_class": appeal.case_class.value,
        "state": appeal.state.value,
        "due_at": appeal.due_at,
        "body": _encode(appeal),
    }
