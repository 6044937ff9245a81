"""A decision is journalled first and carried out after; what builds on a case waits until that is done."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from havenwall.engine import Stream
from havenwall.errors import Conflict
from havenwall.store.schema import CURSOR, DECISION

_STAGE = "casework"


def check_quiet(connection: sa.Connection, case_ids: Sequence[str], *, persons_only: bool = False) -> None:
    """Do nothing if every decision on these cases was carried out.

    Args: `persons_only`: what machines decided does not count.

    Raises:
        Conflict: one was not.
    """
    here = (CURSOR.c.stage == _STAGE) & (CURSOR.c.stream == Stream.DECISION.value)
    read_to = int(connection.scalar(sa.select(CURSOR.c.seq).where(here)) or 0)
    open_ones = DECISION.c.case_id.in_(case_ids) & (DECISION.c.seq > read_to)
    if persons_only:
        open_ones &= DECISION.c.by.startswith("user:")
    if connection.scalar(sa.select(DECISION.c.seq).where(open_ones).limit(1)) is not None:
        raise Conflict("a decision on this case is being carried out", hint="try again in a moment")
