"""Tells platforms of actions: endpoints, the sending worker, the log, replay by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from havenwall.app.config import Config
from havenwall.app.courier import LONGEST_REASON, Courier, about
from havenwall.casework.patience import Patience
from havenwall.connect.reach import Reach, check_url, networks_of
from havenwall.errors import BadInput
from havenwall.model import Action, ActionKind, CaseClass, Right, Viewer, now
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
from havenwall.store.sealed import Sealer

R = TypeVar("R", bound=msgspec.Struct)
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


class DeliveryDesk:
    """What the platform is to do, on its way to the platform."""

    def __init__(
        self,
        config: Config,
        store: Store,
        sealer: Callable[[], Sealer],
        patience: Patience | None = None,
    ) -> None:
        self._store, self._sealer = store, sealer
        self._reach = Reach(http=config.endpoint_http, networks=networks_of(config.endpoint_networks))
        patience = patience or Patience(tries=config.delivery_tries)
        self._courier = Courier(store, sealer, patience, self._reach, config.delivery_timeout)

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
            Forbidden: the viewer may not manage, or it is to hear of child-safety cases and they may not see
                them.
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
        _check_sight(viewer, endpoint.classes)
        self._store.endpoints.add(endpoint, self._sealer().seal(secret.encode(), about(name)), by=viewer)
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
        if (changed.url, changed.classes) != (old.url, old.classes):
            # What waits goes to the new address, also of a class that is given up now.
            _check_sight(viewer, (*old.classes, *changed.classes))
        self._store.endpoints.change(self._checked(changed), by=viewer)
        return changed

    def renew(self, viewer: Viewer, name: str) -> str:
        """A fresh secret for an endpoint, in force at once; shown this once."""
        from havenwall.connect.webhook import new_secret

        viewer.need(Right.MANAGE)
        endpoint, _ = self._store.endpoints.endpoint(name)
        secret = new_secret()
        self._store.endpoints.change(endpoint, self._sealer().seal(secret.encode(), about(name)), by=viewer)
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
        return self._courier.test(endpoint, sealed, viewer.name)

    def log(
        self, viewer: Viewer, *, endpoint: str = "", state: str = "", limit: int = 50, offset: int = 0
    ) -> list[Delivery]:
        """Deliveries, newest first. Who may not see child-safety cases gets them without their entities."""
        viewer.need(Right.MANAGE)
        found = self._store.deliveries.newest(endpoint=endpoint, state=state, limit=limit, offset=offset)
        self._note(viewer, found, "deliveries", endpoint or "all")
        return [_masked(viewer, one, entity="") for one in found]

    def unable(self, viewer: Viewer) -> list[Action]:
        """Actions that the platform says it could not carry out, newest first. Who may not see child-safety
        cases gets them without entities, cases and reasons."""
        viewer.need(Right.MANAGE)
        found = self._store.deliveries.unable()
        self._note(viewer, found, "deliveries", "what the platform could not do")
        return [_masked(viewer, one, entity="", case_id=None, why="") for one in found]

    def tries(self, viewer: Viewer, delivery_id: str) -> list[DeliveryTry]:
        """Every try at a delivery, oldest first. Raises Forbidden."""
        viewer.need(Right.MANAGE)
        return self._store.deliveries.tries(delivery_id)

    def replay(self, viewer: Viewer, delivery_id: str) -> Delivery:
        """Let a delivery be sent once more, with the key it had; as in `log`.

        Raises:
            Forbidden: the viewer may not manage.
            NotFound, Conflict: as `Deliveries.replay`.
        """
        viewer.need(Right.MANAGE)
        return _masked(viewer, self._store.deliveries.replay(delivery_id), entity="")

    def notices(self, viewer: Viewer, after: int, limit: int) -> list[ActionNotice]:
        """For platforms that ask: what they are told, from a position on. Raises Forbidden."""
        viewer.need(Right.READ_ACTIONS)
        found = self._store.deliveries.notices(after, limit)
        if found:
            self._store.note(viewer, "notices of actions", f"{found[0].seq} to {found[-1].seq}")
        return found

    def confirm(self, viewer: Viewer, action_id: str, answer: Confirmation) -> Action:
        """A platform says that it has carried an action out (or taken it back), or why it could not.

        Raises:
            Forbidden: the viewer has not the right.
            BadInput: it failed, and there is no reason, or one that is too long.
            NotFound, Conflict: as `Deliveries.confirm`.
        """
        viewer.need(Right.READ_ACTIONS)
        if len(answer.reason) > LONGEST_REASON or (answer.state is Answered.FAILED and not answer.reason):
            raise BadInput(f"say why it failed, in up to {LONGEST_REASON} characters", field="reason")
        return self._store.deliveries.confirm(action_id, answer, viewer.name)

    def deliver(self) -> int:
        """Send what is due, to all endpoints at the same time; returns how many were tried."""
        return self._courier.deliver()

    def _note(self, viewer: Viewer, found: Sequence[object], what: str, subject: str) -> None:
        # Who is shown no entity has looked at nobody.
        if found and viewer.may(Right.SEE_CHILD_SAFETY):
            self._store.note(viewer, what, subject)

    def _checked(self, endpoint: Endpoint) -> Endpoint:
        check_url(endpoint.url, self._reach)
        if not endpoint.kinds or not set(endpoint.kinds) <= set(TOLD_KINDS):
            told = ", ".join(kind.value for kind in TOLD_KINDS)
            raise BadInput("choose among those a platform has a part in", field="kinds", hint=told)
        if not endpoint.classes:
            raise BadInput("choose at least one", field="classes")
        return endpoint


def _check_sight(viewer: Viewer, classes: Sequence[CaseClass]) -> None:
    # An endpoint shows whoever owns its address the accounts of the classes it hears of.
    if CaseClass.CHILD_SAFETY in classes:
        viewer.need(Right.SEE_CHILD_SAFETY)


def _masked(viewer: Viewer, one: R, **blank: str | None) -> R:
    return one if viewer.may(Right.SEE_CHILD_SAFETY) else msgspec.structs.replace(one, **blank)
