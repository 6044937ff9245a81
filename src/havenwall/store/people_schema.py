"""Tables of rights, second factors and sign-in by others. A role without a row is as Havenwall comes."""

from __future__ import annotations

import sqlalchemy as sa

from havenwall.store.schema import METADATA
from havenwall.store.types import Moment

ROLE_RIGHT = sa.Table(
    "role_right",
    METADATA,
    sa.Column("role", sa.String(40), primary_key=True),
    sa.Column("rights", sa.String(1000), nullable=False),
    sa.Column("second_factor", sa.Boolean, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("changed_by", sa.String(120), nullable=False),
)

SECOND_FACTOR = sa.Table(
    "second_factor",
    METADATA,
    sa.Column("person", sa.String(60), primary_key=True),
    sa.Column("seed", sa.LargeBinary, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("confirmed_at", Moment),
    sa.Column("last_step", sa.BigInteger, nullable=False),
)
"""Sealed seeds. `last_step` is the time step of the newest code that was taken: none is taken twice."""

RECOVERY_CODE = sa.Table(
    "recovery_code",
    METADATA,
    sa.Column("person", sa.String(60), primary_key=True),
    sa.Column("hash", sa.String(64), primary_key=True),
    sa.Column("used_at", Moment),
)

IDENTITY = sa.Table(
    "identity",
    METADATA,
    sa.Column("issuer", sa.String(300), primary_key=True),
    sa.Column("subject", sa.String(255), primary_key=True),
    sa.Column("person", sa.String(60), nullable=False, unique=True),
    sa.Column("made_at", Moment, nullable=False),
)
"""Whom a sign-in server means by its own name for somebody."""
