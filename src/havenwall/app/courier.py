"""Sends what is due to the platform's endpoints, and keeps what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from havenwall.app.alone import run_alone
from havenwall.casework.patience import Patience
from havenwall.connect.reach import Reach
from havenwall.errors import StoreError
from havenwall.model import new_id, now
from havenwall.model.delivery import ActionNotice, Answered, Confirmation, DeliveryTry, Endpoint
from havenwall.store import Store
from havenwall.store.deliveries import Due
from havenwall.store.sealed import Sealer

if TYPE_CHECKING:
    from havenwall.connect.webhook import Found, Outcome, Sender

AT_ONCE = 16
"""Deliveries to one endpoint that are on their way at the same time."""
LONGEST_REASON = 2000
"""Characters of what a platform says of a failure."""
_LOOK = 0.2
"""Seconds between two looks at what became due while a slow endpoint holds a round open."""
_BRISK = 1.0
"""Seconds; an endpoint that took longer for its share waits for the next round."""
_encode = msgspec.json.Encoder().encode
_decode_answer = msgspec.json.Decoder(Confirmation).decode


class Courier:
    """Takes deliveries from the outbox to where they are to go.

    Args: `timeout`: seconds that an endpoint has for one.
    """

    def __init__(
        self, store: Store, sealer: Callable[[], Sealer], patience: Patience, reach: Reach, timeout: float
    ) -> None:
        self._store, self._sealer, self._patience = store, sealer, patience
        self._reach, self._timeout = reach, timeout

    def deliver(self) -> int:
        """Send what is due, to all endpoints at the same time; returns how many were tried."""
        names = self._store.endpoints.due(now())
        return run_alone(self._round(names)) if names else 0

    def test(self, endpoint: Endpoint, sealed: bytes, by: str) -> DeliveryTry:
        """Send a signed message that asks for nothing."""
        body = _encode({"type": "test", "endpoint": endpoint.name, "at": now()})
        return _try("", by, run_alone(self._send(endpoint, sealed, f"test:{new_id()}", body, None)))

    async def _round(self, names: Iterable[str]) -> int:
        """One share to each endpoint; while a slow one has not done, the brisk ones get more."""
        clock = asyncio.get_running_loop().time
        running = {asyncio.create_task(self._share(name)): (name, clock()) for name in names}
        first, ended, slow = set(running), list[asyncio.Task[int]](), set[str]()
        while running:
            done, _ = await asyncio.wait(running, timeout=_LOOK, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                name, began = running.pop(task)
                slow |= {name} if clock() - began > _BRISK else set()
            ended += done
            if first & running.keys():
                busy = slow.union(name for name, _ in running.values())
                due = await asyncio.to_thread(self._store.endpoints.due, now())
                fresh = [name for name in due if name not in busy]
                running |= {asyncio.create_task(self._share(name)): (name, clock()) for name in fresh}
        return sum(task.result() for task in ended)

    async def _share(self, name: str) -> int:
        # The lease outlives the longest try, so that two workers never send the same at the same time.
        lease = timedelta(seconds=3 * self._timeout)
        take = self._store.deliveries.take
        due = await asyncio.to_thread(take, name, AT_ONCE, lease, self._patience.shut_after)
        if due:
            endpoint, sealed = self._store.endpoints.endpoint(name)
            found = asyncio.ensure_future(self._sender.find(endpoint.url))
            # Where all run out of time before, nobody asks it any more.
            found.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
            await _all(self._one(endpoint, sealed, each, found) for each in due)
        return len(due)

    async def _one(self, endpoint: Endpoint, sealed: bytes, due: Due, found: Found) -> None:
        outcome = await self._send(endpoint, sealed, due.notice.key, _body(due.notice), found)
        # The database must not hold up the loop: others on their way would seem to take too long.
        await asyncio.to_thread(self._settle, due, outcome)

    def _settle(self, due: Due, outcome: Outcome) -> None:
        one, log = due.delivery, _try(due.delivery.id, "worker", outcome)
        trouble = f"endpoint {one.endpoint}"
        if not outcome.error:
            self._store.deliveries.arrived(due, log, _answer(outcome.body))
            if not self._store.deliveries.failed(one.endpoint):
                self._store.ledger.well_again(trouble)
            return
        wait = self._patience.wait(one.tries + 1, outcome.wait)
        if self._store.deliveries.missed(due, log, wait, self._patience.shut):
            self._store.ledger.trouble(trouble, f"a delivery failed for good: {outcome.error}")

    async def _send(
        self, endpoint: Endpoint, sealed: bytes, key: str, body: bytes, found: Found | None
    ) -> Outcome:
        from havenwall.connect.webhook import Message, Outcome

        try:
            secret = self._sealer().open(sealed, about(endpoint.name)).decode()
        except StoreError as problem:
            return Outcome(status=None, error=problem.message)
        return await self._sender.send(endpoint.url, secret, Message(key=key, body=body), found)

    @cached_property
    def _sender(self) -> Sender:
        # httpx takes a while to import, and certificates to load; most commands send nothing.
        from havenwall.connect.webhook import Sender

        return Sender(self._reach, self._timeout)


def about(name: str) -> str:
    """What the sealed secret of an endpoint is about."""
    return f"endpoint:{name}"


async def _all(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Do all; one that fails holds up no other. Raises what the first of those raised."""
    for ended in await asyncio.gather(*work, return_exceptions=True):
        if ended is not None:
            raise ended


def _body(notice: ActionNotice) -> bytes:
    return _encode({"type": "action", "notice": notice})


def _answer(body: bytes) -> Confirmation | None:
    with suppress(msgspec.DecodeError, msgspec.ValidationError, UnicodeError, RecursionError):
        answer = _decode_answer(body)
        # Without one the action would go on to tell the reviewer's reason, as if it were the platform's.
        none = "no reason given" if answer.state is Answered.FAILED else ""
        return msgspec.structs.replace(answer, reason=answer.reason[:LONGEST_REASON] or none)
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
