"""Tells platforms of actions: endpoints, the sending worker, the log, replay by hand."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from havenwall.app.config import Config
from havenwall.casework.patience import Patience
from havenwall.connect.reach import Reach, check_url, networks_of
from havenwall.errors import BadInput
from havenwall.model import Action, ActionKind, ActionState, CaseClass, Right, Viewer, new_id, now
from havenwall.model.delivery import (
    TOLD_KINDS,
    ActionNotice,
    Answered,
    Confirmation,
    Delivery,
    DeliveryTry,
    Endpoint,
    EndpointStatus,
)
from havenwall.store import Store
from havenwall.store.deliveries import Due
from havenwall.store.sealed import Sealer

if TYPE_CHECKING:
    from havenwall.connect.webhook import Outcome, Sender

T = TypeVar("T")
AT_ONCE = 16
"""Deliveries to one endpoint that are on their way at the same time."""
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_LONGEST_REASON = 2000
_encode = msgspec.json.Encoder().encode
_decode_answer = msgspec.json.Decoder(Confirmation).decode


class DeliveryDesk:
    """What the platform is to do, on its way to the platform."""

    def __init__(
        self,
        config: Config,
        store: Store,
        sealer: Callable[[], Sealer],
        patience: Patience | None = None,
    ) -> None:
        self._store, self._sealer, self._config = store, sealer, config
        self._patience = patience or Patience(tries=config.delivery_tries)
        self._reach = Reach(http=config.endpoint_http, networks=networks_of(config.endpoint_networks))

    def add(
        self,
        viewer: Viewer,
        name: str,
        url: str,
        kinds: Sequence[ActionKind] = (),
        classes: Sequence[CaseClass] = (),
    ) -> tuple[Endpoint, str]:
        """Keep a new endpoint; returns it and its secret, which is shown this once.

        Args:
            kinds: of the actions it is told of; none means all that a platform has a part in.
            classes: of the cases; none means all.

        Raises:
            Forbidden: the viewer may not manage.
            BadInput: a setting is not valid; names the field.
            Conflict: the name is taken.
        """
        from havenwall.connect.webhook import new_secret

        viewer.need(Right.MANAGE)
        if not _NAME.fullmatch(name):
            raise BadInput("use 1 to 40 of a-z, 0-9, dash; a letter first", field="name")
        at, secret = now(), new_secret()
        endpoint = self._checked(
            Endpoint(
                name=name,
                url=url,
                kinds=tuple(dict.fromkeys(kinds)) or TOLD_KINDS,
                classes=tuple(dict.fromkeys(classes)) or tuple(CaseClass),
                on=True,
                created_at=at,
                changed_at=at,
            )
        )
        self._store.endpoints.add(endpoint, self._sealer().seal(secret.encode(), _about(name)))
        return endpoint, secret

    def change(
        self,
        viewer: Viewer,
        name: str,
        *,
        url: str | None = None,
        kinds: Sequence[ActionKind] | None = None,
        classes: Sequence[CaseClass] | None = None,
        on: bool | None = None,
    ) -> Endpoint:
        """Change an endpoint's settings, those that are given. Also closes its circuit.

        Raises: as `add`; NotFound: there is no such endpoint.
        """
        viewer.need(Right.MANAGE)
        old, _ = self._store.endpoints.endpoint(name)
        changed = Endpoint(
            name=name,
            url=old.url if url is None else url,
            kinds=old.kinds if kinds is None else tuple(dict.fromkeys(kinds)),
            classes=old.classes if classes is None else tuple(dict.fromkeys(classes)),
            on=old.on if on is None else on,
            created_at=old.created_at,
            changed_at=now(),
        )
        self._store.endpoints.change(self._checked(changed))
        return changed

    def renew(self, viewer: Viewer, name: str) -> str:
        """A fresh secret for an endpoint, in force at once; shown this once."""
        from havenwall.connect.webhook import new_secret

        viewer.need(Right.MANAGE)
        endpoint, _ = self._store.endpoints.endpoint(name)
        secret = new_secret()
        self._store.endpoints.change(endpoint, self._sealer().seal(secret.encode(), _about(name)))
        return secret

    def endpoints(self, viewer: Viewer) -> list[EndpointStatus]:
        """All endpoints, and how deliveries to them stand. Raises Forbidden."""
        viewer.need(Right.MANAGE)
        return self._store.endpoints.statuses()

    def test(self, viewer: Viewer, name: str) -> DeliveryTry:
        """Send a signed message that asks for nothing, and tell what came of it; it is not repeated.

        Raises:
            Forbidden, NotFound: as `change`.
        """
        viewer.need(Right.MANAGE)
        endpoint, sealed = self._store.endpoints.endpoint(name)
        body = _encode({"type": "test", "endpoint": name, "at": now()})
        outcome = _run(self._send(endpoint, sealed, f"test:{new_id()}", body))
        return _try("", viewer.name, outcome)

    def log(
        self, viewer: Viewer, *, endpoint: str = "", state: str = "", limit: int = 50, offset: int = 0
    ) -> list[Delivery]:
        """Deliveries, newest first. Who may not see child-safety cases gets them without their entities."""
        viewer.need(Right.MANAGE)
        found = self._store.deliveries.newest(endpoint=endpoint, state=state, limit=limit, offset=offset)
        if viewer.may(Right.SEE_CHILD_SAFETY):
            return found
        return [msgspec.structs.replace(one, entity="") for one in found]

    def unable(self, viewer: Viewer) -> list[Action]:
        """Actions that the platform says it could not carry out, newest first; entities as in `log`."""
        viewer.need(Right.MANAGE)
        found = self._store.deliveries.unable()
        if viewer.may(Right.SEE_CHILD_SAFETY):
            return found
        return [msgspec.structs.replace(one, entity="") for one in found]

    def tries(self, viewer: Viewer, delivery_id: str) -> list[DeliveryTry]:
        """Every try at a delivery, oldest first. Raises Forbidden."""
        viewer.need(Right.MANAGE)
        return self._store.deliveries.tries(delivery_id)

    def replay(self, viewer: Viewer, delivery_id: str) -> Delivery:
        """Let a delivery be sent once more, with the key it had.

        Raises:
            Forbidden: the viewer may not manage.
            NotFound, Conflict: as `Deliveries.replay`.
        """
        viewer.need(Right.MANAGE)
        return self._store.deliveries.replay(delivery_id)

    def notices(self, viewer: Viewer, after: int, limit: int) -> list[ActionNotice]:
        """For platforms that ask: what they are told, from a position on. Raises Forbidden."""
        viewer.need(Right.READ_ACTIONS)
        return self._store.deliveries.notices(after, limit)

    def confirm(self, viewer: Viewer, action_id: str, answer: Confirmation) -> Action:
        """A platform says that it has carried an action out (or taken it back), or why it could not.

        Raises:
            Forbidden: the viewer has not the right.
            BadInput: it failed, and there is no reason, or one that is too long.
            NotFound, Conflict: as `Deliveries.confirm`.
        """
        viewer.need(Right.READ_ACTIONS)
        if len(answer.reason) > _LONGEST_REASON or (answer.state is Answered.FAILED and not answer.reason):
            raise BadInput(f"say why it failed, in up to {_LONGEST_REASON} characters", field="reason")
        action = self._store.deliveries.confirm(action_id, answer, viewer.name)
        self._note_undone(action, answer)
        return action

    def deliver(self) -> int:
        """Send what is due, to all endpoints at the same time; returns how many were tried."""
        return _run(self._deliver())

    async def _deliver(self) -> int:
        names = [status.endpoint.name for status in self._store.endpoints.statuses() if status.waiting]
        return sum(await asyncio.gather(*(self._deliver_to(name) for name in names)))

    async def _deliver_to(self, name: str) -> int:
        # The lease outlives the longest try, so that two workers never send the same at the same time.
        lease = timedelta(seconds=3 * self._config.delivery_timeout)
        take = self._store.deliveries.take
        due = await asyncio.to_thread(take, name, AT_ONCE, lease, self._patience.shut_after)
        if due:
            endpoint, sealed = self._store.endpoints.endpoint(name)
            await asyncio.gather(*(self._one(endpoint, sealed, each) for each in due))
        return len(due)

    async def _one(self, endpoint: Endpoint, sealed: bytes, due: Due) -> None:
        outcome = await self._send(endpoint, sealed, due.notice.key, _body(due.notice))
        # The database must not hold up the loop: others on their way would seem to take too long.
        await asyncio.to_thread(self._settle, due, outcome)

    def _settle(self, due: Due, outcome: Outcome) -> None:
        one, log = due.delivery, _try(due.delivery.id, "worker", outcome)
        trouble = f"endpoint {one.endpoint}"
        if not outcome.error:
            answer = _answer(outcome.body)
            self._store.deliveries.arrived(due, log, answer)
            if answer and one.told is ActionState.REVERSED:
                self._note_undone_of(one, answer)
            if not self._store.deliveries.failed(one.endpoint):
                self._store.ledger.well_again(trouble)
            return
        wait = self._patience.wait(one.tries + 1, outcome.wait)
        if self._store.deliveries.missed(due, log, wait, self._patience.shut):
            self._store.ledger.trouble(trouble, f"a delivery failed for good: {outcome.error}")

    async def _send(self, endpoint: Endpoint, sealed: bytes, key: str, body: bytes) -> Outcome:
        from havenwall.connect.webhook import Message

        secret = self._sealer().open(sealed, _about(endpoint.name)).decode()
        return await self._sender.send(endpoint.url, secret, Message(key=key, body=body))

    @cached_property
    def _sender(self) -> Sender:
        # httpx takes a while to import, and certificates to load; most commands send nothing.
        from havenwall.connect.webhook import Sender

        return Sender(self._reach, self._config.delivery_timeout)

    def _checked(self, endpoint: Endpoint) -> Endpoint:
        check_url(endpoint.url, self._reach)
        if not endpoint.kinds or not set(endpoint.kinds) <= set(TOLD_KINDS):
            told = ", ".join(kind.value for kind in TOLD_KINDS)
            raise BadInput("choose among those a platform has a part in", field="kinds", hint=told)
        if not endpoint.classes:
            raise BadInput("choose at least one", field="classes")
        return endpoint

    def _note_undone(self, action: Action, answer: Confirmation) -> None:
        # A reversal has no later state of its own, so one that fails must show as trouble.
        if action.state is not ActionState.REVERSED:
            return
        what = f"taking back {action.id[:40]}"
        if answer.state is Answered.FAILED:
            self._store.ledger.trouble(what, f"{action.kind.value} of {action.entity}: {answer.reason}")
        else:
            self._store.ledger.well_again(what)

    def _note_undone_of(self, one: Delivery, answer: Confirmation) -> None:
        self._note_undone(self._store.deliveries.confirm(one.action_id, answer, ""), answer)


def _about(name: str) -> str:
    return f"endpoint:{name}"


def _body(notice: ActionNotice) -> bytes:
    return _encode({"type": "action", "notice": notice})


def _answer(body: bytes) -> Confirmation | None:
    with suppress(msgspec.DecodeError, msgspec.ValidationError, UnicodeError, RecursionError):
        answer = _decode_answer(body)
        return msgspec.structs.replace(answer, reason=answer.reason[:_LONGEST_REASON])
    return None


def _try(delivery: str, by: str, outcome: Outcome) -> DeliveryTry:
    return DeliveryTry(
        delivery=delivery,
        at=now(),
        by=by,
        status=outcome.status,
        millis=outcome.millis,
        error=outcome.error,
    )


def _run(work: Coroutine[Any, Any, T]) -> T:
    # A thread of its own: the caller's may have a loop already, as a notebook's has.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
