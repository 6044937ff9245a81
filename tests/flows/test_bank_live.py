"""A running server takes up what another process imports, within a second or so, and finds what was seen."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from havenwall.app import App, Config
from havenwall.detect.banks import AskedHash
from havenwall.intake import check_event
from havenwall.model import SYSTEM
from havenwall.model.bank import Bank, Verification
from havenwall.web.worker import build_worker

ZERO = "0" * 64
_PATIENCE = 60.0


def wait_for(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def test_an_import_beside_a_running_server(tmp_path: Path) -> None:
    server, machine = App(Config(data=tmp_path)), App(Config(data=tmp_path))
    seen = {"source": "t", "type": "media", "at": "2026-01-01T00:00:00Z", "target": "media:m"}
    event = seen | {"source_id": "e1", "entity": "account:a1", "attributes": {"pdq": ZERO[:-1] + "1"}}
    asked = [AskedHash(kind="pdq", value=ZERO)]
    worker = build_worker(server)
    try:
        server.ingest_events([check_event(event)])
        worker.start()
        wait_for(lambda: server.store.streams.cursors())
        machine.banks.save(SYSTEM, Bank(name="own", verification=Verification.VERIFIED))
        machine.banks.bring_in(SYSTEM, "own", f"pdq:{ZERO}\n".encode())
        wait_for(lambda: server.banks.look(asked).matches)
        wait_for(lambda: machine.banks.look(asked).matches)
        wait_for(
            lambda: (search := server.store.bank_backfills.newest()) and search.done and search.found == 1
        )
        machine.banks.bring_in(SYSTEM, "own", b"# nothing\n")
        wait_for(lambda: not server.banks.look(asked).matches)
    finally:
        worker.stop()
        machine.close()
        server.close()
