"""The members of a case in their order, most probable first: narrowed, and what stands beside one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from itertools import islice

import msgspec
import sqlalchemy as sa

from havenwall.model import Member, MemberState
from havenwall.store.rows import decode_all
from havenwall.store.schema import MEMBER

_M = MEMBER.c
_ORDER = (_M.probability.desc(), _M.entity)
_BACK = (_M.probability, _M.entity.desc())
_ROWS = 1000
"""Read at once where each must be looked at."""
Fits = Callable[[Member], bool]


class MemberPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where a member stands among those of its case."""

    number: int
    """From 1."""
    total: int
    previous: str | None
    next: str | None
    next_proposed: str | None
    """The next that waits for a decision, or the first of all; never the member itself."""


def listed(
    connection: sa.Connection,
    here: sa.ColumnElement[bool],
    state: MemberState | None,
    text: str,
    fits: Fits | None,
    span: tuple[int, int],
) -> list[Member]:
    """Members `here`, most probable first.

    Args:
        text: part of the entity, in small or large letters.
        fits: what no column tells; members are read one after the other until the page is full.
        span: how many, and after how many.
    """
    query = sa.select(_M.body).where(here).order_by(*_ORDER)
    query = query.where(_M.state == state.value) if state else query
    if text:
        place = sa.func.strpos if connection.dialect.name == "postgresql" else sa.func.instr
        query = query.where(place(sa.func.lower(_M.entity), text.lower()) > 0)
    limit, offset = span
    if fits is None:
        return decode_all(connection.scalars(query.limit(limit).offset(offset)), Member)
    decoder = msgspec.json.Decoder(Member)
    with closing(connection.execution_options(yield_per=_ROWS).scalars(query)) as bodies:
        return list(islice(filter(fits, map(decoder.decode, bodies)), offset, offset + limit))


def place_of(connection: sa.Connection, here: sa.ColumnElement[bool], member: Member) -> MemberPlace:
    """Where a member stands among those `here`; reads no other member's record."""
    alike = _M.probability == member.probability
    before = here & ((_M.probability > member.probability) | (alike & (_M.entity < member.entity)))
    after = here & ((_M.probability < member.probability) | (alike & (_M.entity > member.entity)))
    waits = _M.state == MemberState.PROPOSED.value

    def first(where: sa.ColumnElement[bool], *order: sa.ColumnElement[object]) -> str | None:
        return connection.scalar(sa.select(_M.entity).where(where).order_by(*order).limit(1))

    def count(where: sa.ColumnElement[bool]) -> int:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(MEMBER).where(where)) or 0)

    return MemberPlace(
        number=count(before) + 1,
        total=count(here),
        previous=first(before, *_BACK),
        next=first(after, *_ORDER),
        next_proposed=first(after & waits, *_ORDER) or first(before & waits, *_ORDER),
    )
