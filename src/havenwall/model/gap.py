"""PolicyGap: something no rule covers, with somebody who has to say by when what the rule is."""

from __future__ import annotations

from datetime import datetime

import msgspec


class PolicyGap(msgspec.Struct, frozen=True, kw_only=True):
    """Opened by the decision that no rule covers a case."""

    id: str
    case_id: str
    opened_by: str
    opened_at: datetime
    what: str
    """What the rules say nothing about."""
    owner: str
    """`user:NAME`, who has to close the gap."""
    due_at: datetime
    closed_at: datetime | None = None
    closed_by: str | None = None
    outcome: str = ""
    """What was settled; empty while it is open."""
