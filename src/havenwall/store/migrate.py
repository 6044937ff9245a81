"""Brings the schema of a database up to date: an empty one at once, an older one by Alembic migrations."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from havenwall.store.tables import METADATA

HEAD = "0012"
"""The newest version; a test compares it with the files."""
_VERSION = sa.Table(
    "alembic_version", sa.MetaData(), sa.Column("version_num", sa.String(32), primary_key=True)
)
_FOLDER = Path(__file__).parent / "migrations"


def upgrade(connection: sa.Connection) -> None:
    """Bring the schema to the newest version; does nothing when it is there already."""
    if _version(connection) == HEAD:
        return
    if sa.inspect(connection).get_table_names():
        _migrate(connection)
    else:
        _create(connection)


def _create(connection: sa.Connection) -> None:
    METADATA.create_all(connection)
    _VERSION.create(connection)
    connection.execute(sa.insert(_VERSION).values(version_num=HEAD))


def _migrate(connection: sa.Connection) -> None:
    # Only the first start after an update pays for this import.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table(_VERSION.name):
        return None
    version: str | None = connection.scalar(sa.select(_VERSION.c.version_num))
    return version
