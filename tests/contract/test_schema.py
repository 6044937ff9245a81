"""The migrations give the schema that the code expects."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from havenwall.store import migrate
from havenwall.store.database import Database
from havenwall.store.schema import METADATA


def test_migrated_database_has_the_declared_schema(database_url: str) -> None:
    database = Database.open(database_url)
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"target_metadata": METADATA})
        assert compare_metadata(context, METADATA) == []
    database.close()


def test_the_shortcut_knows_the_newest_version() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == migrate.HEAD


def test_opening_twice_changes_nothing(database_url: str) -> None:
    Database.open(database_url).close()
    Database.open(database_url).close()
