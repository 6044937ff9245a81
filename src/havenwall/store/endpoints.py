"""Endpoints as they are kept: settings, the sealed secret, and how often they failed in a row."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa

from havenwall.errors import Conflict, NotFound
from havenwall.model import SYSTEM, Viewer
from havenwall.model.delivery import DeliveryState, Endpoint, EndpointStatus
from havenwall.store.database import Database
from havenwall.store.delivery_schema import DELIVERY as D
from havenwall.store.delivery_schema import ENDPOINT as E
from havenwall.store.outbox import put_out_planned
from havenwall.store.views.access import note

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Endpoint).decode


class Endpoints:
    """Where platforms take notices."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, endpoint: Endpoint, secret: bytes, *, by: Viewer = SYSTEM) -> None:
        """Keep a new endpoint with its sealed secret; it is told of what is planned already.

        Raises:
            Conflict: the name is taken.
        """
        with self._database.write() as connection:
            if connection.scalar(sa.select(E.c.name).where(E.c.name == endpoint.name)):
                raise Conflict(f"there is an endpoint {endpoint.name} already")
            row = {"name": endpoint.name, "on": endpoint.on, "secret": secret, "failures": 0}
            connection.execute(sa.insert(E).values(**row, body=_encode(endpoint)))
            note(connection, by, "endpoint added", endpoint.name)
            if endpoint.on:
                put_out_planned(connection, endpoint)

    def change(self, endpoint: Endpoint, secret: bytes | None = None, *, by: Viewer = SYSTEM) -> None:
        """Keep other settings of an endpoint; they hold from now on, and its circuit is closed again.

        Raises:
            NotFound: there is no such endpoint.
        """
        values = {"on": endpoint.on, "body": _encode(endpoint), "failures": 0, "shut_until": None}
        values |= {"secret": secret} if secret is not None else {}
        with self._database.write() as connection:
            changed = connection.execute(sa.update(E).where(E.c.name == endpoint.name).values(**values))
            if not changed.rowcount:
                raise NotFound(f"there is no endpoint {endpoint.name}")
            note(
                connection, by, f"endpoint {'changed' if secret is None else 'secret renewed'}", endpoint.name
            )
            if endpoint.on:
                put_out_planned(connection, endpoint)

    def endpoint(self, name: str) -> tuple[Endpoint, bytes]:
        """An endpoint and its sealed secret.

        Raises:
            NotFound: there is no such endpoint.
        """
        with self._database.read() as connection:
            row = connection.execute(sa.select(E.c.body, E.c.secret).where(E.c.name == name)).first()
        if row is None:
            raise NotFound(f"there is no endpoint {name}", hint="see havenwall endpoints list")
        return _decode(row.body), row.secret

    def due(self, at: datetime) -> list[str]:
        """Names of the endpoints to which something may be sent at a moment."""
        free = D.c.lease_until.is_(None) | (D.c.lease_until <= at)
        waits = (D.c.endpoint == E.c.name) & (D.c.state == DeliveryState.WAITING.value) & (D.c.due_at <= at)
        open_ones = E.c.on & (E.c.shut_until.is_(None) | (E.c.shut_until <= at))
        query = sa.select(E.c.name).where(open_ones, sa.exists().where(waits, free)).order_by(E.c.name)
        with self._database.read() as connection:
            return list(connection.scalars(query))

    def statuses(self) -> list[EndpointStatus]:
        """All endpoints, by name, with what waits and what failed."""
        counts = sa.select(D.c.endpoint, D.c.state, sa.func.count().label("n"))
        told = (DeliveryState.WAITING.value, DeliveryState.FAILED.value)
        with self._database.read() as connection:
            rows = connection.execute(sa.select(E).order_by(E.c.name)).all()
            grouped = counts.where(D.c.state.in_(told)).group_by(D.c.endpoint, D.c.state)
            n = {(row.endpoint, row.state): int(row.n) for row in connection.execute(grouped)}
        return [
            EndpointStatus(
                endpoint=_decode(row.body),
                waiting=n.get((row.name, DeliveryState.WAITING.value), 0),
                failed=n.get((row.name, DeliveryState.FAILED.value), 0),
                failures=row.failures,
                shut_until=row.shut_until,
            )
            for row in rows
        ]
