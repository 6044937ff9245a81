"""Proposals that wait for a second person, strikes, deliveries to the platform.

Revision ID: 0007
"""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Filled by its part."""
