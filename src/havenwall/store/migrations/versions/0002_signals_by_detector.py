"""Signals of one detector are found without reading all.

Revision ID: 0002
"""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_index("ix_signal_detector_seq", "signal", ["detector", "seq"], unique=False)
