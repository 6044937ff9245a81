"""The tables of what makes the work bearable: media exhibits, exposures, passed cases, preferences, saved
filters, who looks at which case, message templates."""

from __future__ import annotations

import sqlalchemy as sa

from havenwall.store.schema import METADATA
from havenwall.store.types import Moment

MEDIA_EXHIBIT = sa.Table(
    "media_exhibit",
    METADATA,
    sa.Column("exhibit_id", sa.String(64), primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),
    sa.Column("pdq", sa.String(64), nullable=False, server_default=""),
    sa.Column("cluster", sa.String(64), nullable=False, index=True),
)
"""Exhibits that are pictures. `cluster` is the first exhibit that was the same or nearly so; its own id for
the first."""

EXPOSURE = sa.Table(
    "exposure",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("person", sa.String(120), nullable=False),
    sa.Column("case_id", sa.String(64), nullable=False),
    sa.Column("exhibit_id", sa.String(64), nullable=False),
    sa.Column("cluster", sa.String(64), nullable=False),
    sa.Column("severity", sa.String(20), nullable=False),
    sa.Column("why", sa.String(2000), nullable=False),
    sa.Column("at", Moment, nullable=False, index=True),
    sa.Column("left_at", Moment),
    sa.Column("ticket", sa.String(64), nullable=False, server_default=""),
    sa.Index("ix_exposure_person", "person", "at"),
    sa.Index("ix_exposure_cluster", "person", "cluster"),
)
"""Who revealed which picture, why and for how long. `ticket` is the SHA-256 of what fetches the picture once,
and empty when that has been done."""

CASE_PASS = sa.Table(
    "case_pass",
    METADATA,
    sa.Column("person", sa.String(120), primary_key=True),
    sa.Column("case_id", sa.String(64), primary_key=True),
    sa.Column("until", Moment, nullable=False),
)
"""Cases that somebody passed, and until when they are not given to them again. Rows go away after that."""

PREFERENCE = sa.Table(
    "preference",
    METADATA,
    sa.Column("person", sa.String(120), primary_key=True),
    sa.Column("kind", sa.String(30), primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
)
"""What people set for themselves, as JSON; `kind` says what of: `comfort`, `console`."""

SAVED_FILTER = sa.Table(
    "saved_filter",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("owner", sa.String(120), nullable=False, index=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("query", sa.String(1000), nullable=False),
    sa.Column("role", sa.String(30), nullable=False, server_default="", index=True),
    sa.Column("at", Moment, nullable=False),
    sa.UniqueConstraint("owner", "name", name="uq_saved_filter_name"),
)
"""Narrowed lists of cases under a name. `role` is whom the owner shares it with."""

PRESENCE = sa.Table(
    "presence",
    METADATA,
    sa.Column("case_id", sa.String(64), primary_key=True),
    sa.Column("person", sa.String(120), primary_key=True),
    sa.Column("seen_at", Moment, nullable=False, index=True),
)
"""Who has a case open. Rows go away after a minute or two; nothing is counted from them."""

MESSAGE_TEMPLATE = sa.Table(
    "message_template",
    METADATA,
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("language", sa.String(10), primary_key=True),
    sa.Column("subject", sa.String(200), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("by", sa.String(120), nullable=False),
    sa.Column("at", Moment, nullable=False),
)
"""The operator's messages, instead of those that come with Havenwall."""
