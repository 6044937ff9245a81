"""Runs the Alembic migrations on a connection we already hold."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

_FOLDER = Path(__file__).parent / "migrations"


def upgrade(connection: sa.Connection) -> None:
    """Bring the schema to the newest version; does nothing when it is there already."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
