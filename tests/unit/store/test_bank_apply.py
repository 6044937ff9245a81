"""A page costs what is on it, however large its bank is."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from havenwall.model.bank_entry import BankChange, KnownHash
from havenwall.store import Store


def test_what_is_known_of_a_page_is_found_by_its_names(store: Store) -> None:
    asked: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if "source_id IN" in statement:
            asked.append((statement, parameters))

    event.listen(sa.Engine, "before_cursor_execute", hear)
    try:
        seen = store.banks.state("own")
        known = KnownHash(kind="md5", value=f"{1:032x}")
        store.banks.apply(seen, seen, [BankChange(source_id="a", hashes=(known,))])
    finally:
        event.remove(sa.Engine, "before_cursor_execute", hear)
    ((statement, parameters),) = asked
    with store.banks._database.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    assert ["ix_bank_entry_source" in row[-1] for row in plan] == [True]
