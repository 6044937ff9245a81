"""Rights of roles, second factors, sign-in by others.

Revision ID: 0008
"""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Filled by its part."""
