"""Deliveries as a worker takes and settles them, and as people look at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from havenwall.errors import Conflict, NotFound
from havenwall.model import Action, ActionState, now
from havenwall.model.delivery import (
    ActionNotice,
    Confirmation,
    Delivery,
    DeliveryState,
    DeliveryTry,
)
from havenwall.store import schema as t
from havenwall.store.database import Database
from havenwall.store.delivery_rows import delivery_of, held, newest, notice_of, overtaken, ready
from havenwall.store.delivery_schema import DELIVERY as D
from havenwall.store.delivery_schema import DELIVERY_TRY
from havenwall.store.delivery_schema import ENDPOINT as E
from havenwall.store.moves import confirm, move
from havenwall.store.outbox import classes_of, told_rows
from havenwall.store.rows import decode_all
from havenwall.store.undone import note_undone

_encode = msgspec.json.Encoder().encode
_decode_action = msgspec.json.Decoder(Action).decode
_WAITING = DeliveryState.WAITING.value


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that a worker has taken, with all it takes to send it."""

    delivery: Delivery
    notice: ActionNotice
    lease: datetime
    """It is this worker's until then."""


class Deliveries:
    """The outbox from its other end."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, endpoint: str, most: int, lease: timedelta, shut_after: int) -> list[Due]:
        """Up to `most` deliveries that are due, taken by the caller for a while; oldest first.

        An entity's deliveries go out in their order, one at a time. Who is to be restricted or removed is
        not told of before evidence is preserved. One only, where `shut_after` tries in a row have failed.
        """
        at = now()
        with self._database.write() as connection:
            state = connection.execute(sa.select(E).where(E.c.name == endpoint, E.c.on)).first()
            if state is None or (state.shut_until is not None and state.shut_until > at):
                return []
            connection.execute(overtaken(endpoint, at))
            query = sa.select(D).where(ready(endpoint, at)).order_by(D.c.seq)
            rows = connection.execute(query.limit(1 if state.failures >= shut_after else most)).all()
            mine = D.c.id.in_([row.id for row in rows])
            connection.execute(sa.update(D).where(mine).values(lease_until=at + lease))
            notices = [notice_of(connection, row.action_id, row.told) for row in rows]
        return [
            Due(delivery=delivery_of(row), notice=notice, lease=at + lease)
            for row, notice in zip(rows, notices, strict=True)
        ]

    def arrived(self, due: Due, log: DeliveryTry, answer: Confirmation | None) -> None:
        """A delivery arrived: the action is sent, or what the answer says; the endpoint's circuit closes."""
        one = due.delivery
        with self._database.write() as connection:
            self._log(connection, log)
            done = {"state": DeliveryState.DELIVERED.value, "lease_until": None}
            connection.execute(sa.update(D).where(D.c.id == one.id).values(**done, tries=D.c.tries + 1))
            well = sa.update(E).where(E.c.name == one.endpoint).values(failures=0, shut_until=None)
            connection.execute(well)
            if one.told is ActionState.PLANNED:
                move(connection, one.action_id, ActionState.SENT, f"endpoint:{one.endpoint}", "")
            if answer:
                # A replay may be answered otherwise than the first time. What was confirmed stays so.
                with suppress(Conflict):
                    _confirm(connection, one.action_id, answer, f"endpoint:{one.endpoint}", one.told)

    def missed(
        self,
        due: Due,
        log: DeliveryTry,
        wait: timedelta | None,
        shut: Callable[[int], timedelta | None],
    ) -> bool:
        """A delivery did not arrive: it is tried again after `wait`, or has failed for good without one.

        Args: `shut`: for how long nothing more is sent to the endpoint after so many failures in a row.
        Returns whether it has failed for good.
        """
        one, at = due.delivery, now()
        with self._database.write() as connection:
            self._log(connection, log)
            self._worse(connection, one.endpoint, at, shut)
            # Who has lost the lease meanwhile leaves the delivery to the one who has it now.
            mine = (D.c.id == one.id) & (D.c.state == _WAITING) & (D.c.lease_until == due.lease)
            state = self._after(connection, one, wait)
            later = {} if wait is None else {"due_at": at + wait}
            changed = (
                sa.update(D)
                .where(mine)
                .values(state=state.value, lease_until=None, tries=D.c.tries + 1, **later)
            )
            return bool(connection.execute(changed).rowcount) and state is DeliveryState.FAILED

    @staticmethod
    def _worse(
        connection: sa.Connection, name: str, at: datetime, shut: Callable[[int], timedelta | None]
    ) -> None:
        here = E.c.name == name
        row = connection.execute(sa.select(E.c.failures, E.c.shut_until).where(here)).one()
        # What was on its way when it was shut tells nothing new: one bad moment is one failure.
        if row.shut_until is not None and row.shut_until > at:
            return
        failures = row.failures + 1
        length = shut(failures)
        until = at + length if length else None
        connection.execute(sa.update(E).where(here).values(failures=failures, shut_until=until))

    @staticmethod
    def _after(connection: sa.Connection, one: Delivery, wait: timedelta | None) -> DeliveryState:
        newer = (D.c.endpoint == one.endpoint) & (D.c.action_id == one.action_id) & (D.c.id != one.id)
        back = D.c.told == ActionState.REVERSED.value
        if one.told is not ActionState.REVERSED and connection.scalar(sa.select(D.c.id).where(newer, back)):
            return DeliveryState.OVERTAKEN
        return DeliveryState.FAILED if wait is None else DeliveryState.WAITING

    @staticmethod
    def _log(connection: sa.Connection, log: DeliveryTry) -> None:
        connection.execute(sa.insert(DELIVERY_TRY).values(delivery=log.delivery, body=_encode(log)))

    def replay(self, delivery_id: str) -> Delivery:
        """Let a delivery be sent once more, from the first try on.

        Raises:
            NotFound: there is no such delivery.
            Conflict: it is on its way, or the action was taken back since.
        """
        with self._database.write() as connection:
            row = connection.execute(sa.select(D).where(D.c.id == delivery_id)).first()
            if row is None:
                raise NotFound(f"there is no delivery {delivery_id}")
            if row.state == _WAITING:
                raise Conflict("this delivery is on its way already")
            present = newest(connection, row.action_id)
            if present.state is ActionState.REVERSED and row.told != ActionState.REVERSED.value:
                raise Conflict("the action was taken back since", hint="replay the newer delivery")
            again = {"state": _WAITING, "tries": 0, "due_at": now(), "lease_until": None}
            connection.execute(sa.update(D).where(D.c.id == delivery_id).values(**again))
            return delivery_of(connection.execute(sa.select(D).where(D.c.id == delivery_id)).one())

    def failed(self, endpoint: str) -> int:
        """How many deliveries to an endpoint have failed for good."""
        here = (D.c.endpoint == endpoint) & (D.c.state == DeliveryState.FAILED.value)
        with self._database.read() as connection:
            return int(connection.scalar(sa.select(sa.func.count()).select_from(D).where(here)) or 0)

    def newest(
        self, *, endpoint: str = "", state: str = "", limit: int = 50, offset: int = 0
    ) -> list[Delivery]:
        """Deliveries, newest first."""
        query = sa.select(D).order_by(D.c.seq.desc()).limit(limit).offset(offset)
        query = query.where(D.c.endpoint == endpoint) if endpoint else query
        query = query.where(D.c.state == state) if state else query
        with self._database.read() as connection:
            return [delivery_of(row) for row in connection.execute(query)]

    def tries(self, delivery_id: str) -> list[DeliveryTry]:
        """Every try at a delivery, oldest first."""
        query = sa.select(DELIVERY_TRY.c.body).where(DELIVERY_TRY.c.delivery == delivery_id)
        with self._database.read() as connection:
            return decode_all(connection.scalars(query.order_by(DELIVERY_TRY.c.seq)), DeliveryTry)

    def notices(self, after: int, limit: int) -> list[ActionNotice]:
        """What a platform is told that asks for it, from a position on.

        Ends before the first action that waits for evidence to be preserved, so that a reader who goes on
        from the last one misses none.
        """
        return list(self._open(after, limit))

    def _open(self, after: int, limit: int) -> Iterator[ActionNotice]:
        a = t.ACTION.c
        query = sa.select(a.seq, a.body, held(t.ACTION).label("held")).where(a.seq > after, told_rows())
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(a.seq).limit(limit)).all()
            actions = [_decode_action(row.body) for row in rows]
            classes = classes_of(connection, {action.case_id for action in actions})
        for row, action in zip(rows, actions, strict=True):
            if row.held:
                return
            yield ActionNotice.of(action, row.seq, classes[action.case_id])

    def confirm(self, action_id: str, answer: Confirmation, by: str) -> Action:
        """Keep what a platform says of an action; saying it again changes nothing. Returns its state then.

        Raises:
            NotFound: there is no such action that a platform has a part in.
            Conflict: the action is not one the platform can speak of now.
        """
        with self._database.write() as connection:
            return _confirm(connection, action_id, answer, by)

    def unable(self, limit: int = 50) -> list[Action]:
        """Actions that a platform says it could not carry out, newest first."""
        later, a = t.ACTION.alias(), t.ACTION.c
        newer = sa.exists().where(later.c.id == a.id, later.c.seq > a.seq)
        query = sa.select(a.body).where(a.state == ActionState.FAILED.value, ~newer)
        with self._database.read() as connection:
            return decode_all(connection.scalars(query.order_by(a.seq.desc()).limit(limit)), Action)


def _confirm(
    connection: sa.Connection,
    action_id: str,
    answer: Confirmation,
    by: str,
    told: ActionState = ActionState.REVERSED,
) -> Action:
    action = confirm(connection, action_id, answer, by)
    # A reversal has no later state of its own, so one that fails must show as trouble.
    if action.state is ActionState.REVERSED and told is ActionState.REVERSED:
        note_undone(connection, action, answer, by)
    return action
