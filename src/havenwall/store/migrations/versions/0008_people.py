"""Rights of roles, second factors, sign-in by others; sessions and keys with their device and last use.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the tables, and what a list of sessions and keys shows."""
    _tokens()
    op.create_table(
        "role_right",
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("rights", sa.String(length=1000), nullable=False),
        sa.Column("second_factor", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("role", name=op.f("pk_role_right")),
    )
    _sign_in()


def _tokens() -> None:
    # 200 characters hold no longer all rights; SQLite cannot widen a column.
    op.add_column("token", sa.Column("rights", sa.String(length=1000), nullable=False, server_default=""))
    op.execute("UPDATE token SET rights = scopes")
    op.drop_column("token", "scopes")
    op.add_column("token", sa.Column("last_seen", sa.BigInteger()))
    op.add_column("token", sa.Column("device", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("token", sa.Column("made_by", sa.String(length=120), nullable=False, server_default=""))
    op.create_index("ix_token_kind_person", "token", ["kind", "person"], unique=False)


def _sign_in() -> None:
    op.create_table(
        "second_factor",
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger()),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("person", "hash", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "identity",
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_identity")),
        sa.UniqueConstraint("person", name=op.f("uq_identity_person")),
    )
