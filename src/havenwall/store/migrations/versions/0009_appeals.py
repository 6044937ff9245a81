"""Appeals, second reviews, policy gaps.

Revision ID: 0009
"""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Filled by its part."""
