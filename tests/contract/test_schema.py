"""The migrations give the schema that the code expects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from tests.postgres import fresh_database
from tests.unit.casework.cases import case, proposed

from havenwall.model import SYSTEM, CaseClass, CaseTopic, now
from havenwall.store import Store, migrate, tables
from havenwall.store.database import Database, _postgres, _sqlite
from havenwall.store.schema import METADATA
from havenwall.store.views.case_list import CaseFilter


def test_migrated_database_has_the_declared_schema(database_url: str) -> None:
    database = Database.open(database_url)
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"target_metadata": METADATA})
        assert compare_metadata(context, METADATA) == []
    database.close()


def test_a_fresh_database_is_what_the_migrations_make(
    database_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if database_url.startswith("sqlite"):
        migrated = f"sqlite:///{tmp_path}/migrated.db"
    else:
        migrated = fresh_database(request.getfixturevalue("postgres"))
    fill(migrated, "head", {})
    Database.open(database_url).close()
    assert made(database_url) == made(migrated)


def test_every_file_that_declares_tables_is_known() -> None:
    folder = Path(migrate.__file__).parent
    texts = {path.stem: path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    declaring = {name for name, text in texts.items() if "sa.Table(" in text}
    assert declaring - {"migrate"} == set(tables.FILES)


def options(index: Any) -> list[str]:
    return sorted(f"{name} {value}" for name, value in index.get("dialect_options", {}).items())


def made(url: str) -> dict[str, object]:
    """Everything the database itself says of its tables, whatever order they and their columns stand in."""
    engine = (_sqlite if url.startswith("sqlite") else _postgres)(url)
    look = sa.inspect(engine)
    told = {
        table: [
            sorted(
                (c["name"], str(c["type"]), c["nullable"], str(c["default"])) for c in look.get_columns(table)
            ),
            sorted(look.get_pk_constraint(table)["constrained_columns"]),
            sorted(str(index | {"dialect_options": options(index)}) for index in look.get_indexes(table)),
            sorted(map(str, look.get_unique_constraints(table))),
            sorted(map(str, look.get_foreign_keys(table))),
            sorted(map(str, look.get_check_constraints(table))),
        ]
        for table in look.get_table_names()
    }
    with engine.connect() as connection:
        version = sa.text("SELECT version_num FROM alembic_version")
        told["version"] = [connection.scalar(version)]
        if url.startswith("sqlite"):
            numbered = "SELECT count(*) FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'"
            told["numbered"] = [connection.scalar(sa.text(numbered))]
    engine.dispose()
    return dict(told)


def test_the_shortcut_knows_the_newest_version() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == migrate.HEAD


def test_cases_from_before_queues_are_found_and_taken_up_again(database_url: str, tmp_path: Path) -> None:
    old = {"one": ["account:a"], "stream": ["live:s"], "two": ["account:b", "account:c"]}
    fill(database_url, "0004", old)
    store = Store.open(database_url, tmp_path)
    live, single = store.casework.live_case, (CaseClass.CHILD_SAFETY, CaseTopic.SINGLE)
    found = {entity: live(*single, entity) for entity in ("account:a", "account:b", "live:s")}
    assert {entity: case and case.id for entity, case in found.items()} == {
        "account:a": "one",
        "account:b": None,
        "live:s": None,
    }
    stream = live(CaseClass.CHILD_SAFETY, CaseTopic.LIVE, "live:s")
    assert stream is not None
    assert (stream.id, stream.key, stream.topic) == ("stream", "live:s", CaseTopic.LIVE)
    for text, ids in (("tin-lantern", {"one", "stream", "two"}), ("account:a", {"one"})):
        assert {case.id for case in store.cases(SYSTEM).cases(asked=CaseFilter(text=text))} == ids
    store.close()


def fill(url: str, version: str, cases: dict[str, list[str]]) -> None:
    """Make a database of an old version, with open cases and their members."""
    engine = (_sqlite if url.startswith("sqlite") else _postgres)(url)
    writing = {"havenwall_write": True, "havenwall_lasting": False}
    with engine.connect().execution_options(**writing) as connection, connection.begin():
        config = Config()
        config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        for case_id, entities in cases.items():
            kept = case(id=case_id, title="Tin-Lantern", opened_at=now())
            told = {"case_class": "child_safety", "topic": "single", "state": "open", "opened_at": 1}
            row = {"id": case_id, "priority": 0.0, "version": 1, "body": msgspec.json.encode(kept)}
            insert(connection, "case_file", told | row)
            for entity in entities:
                body = msgspec.json.encode(proposed(entity, case_id=case_id))
                told = {"case_id": case_id, "entity": entity, "state": "proposed", "probability": 0.5}
                insert(connection, "member", told | {"body": body})
    engine.dispose()


def insert(connection: sa.Connection, table: str, row: dict[str, object]) -> None:
    connection.execute(sa.insert(sa.table(table, *map(sa.column, row))).values(row))


def test_opening_twice_changes_nothing(database_url: str) -> None:
    Database.open(database_url).close()
    Database.open(database_url).close()
