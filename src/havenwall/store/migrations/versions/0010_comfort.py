"""Exposure of reviewers, saved filters, templates, presence.

Revision ID: 0010
"""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Filled by its part."""
