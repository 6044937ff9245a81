"""Runs the Alembic migrations on a connection we already hold."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

HEAD = "0012"
"""The newest version; a test compares it with the files."""
_FOLDER = Path(__file__).parent / "migrations"


def upgrade(connection: sa.Connection) -> None:
    """Bring the schema to the newest version; does nothing when it is there already."""
    if _version(connection) == HEAD:
        return
    # Only the first start and the first after an update pay for this import.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return version
