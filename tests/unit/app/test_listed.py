"""Detection follows the sealed lists while it runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.web.serving import event, make_app

from havenwall.app import App
from havenwall.app.listed import SealedLists
from havenwall.engine import Batch, Output, Stream
from havenwall.errors import BadInput
from havenwall.guard.terms import seal_terms
from havenwall.intake import check_event


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = make_app(tmp_path)
    yield app
    app.close()


class Reader:
    name, reads, notice_only = "reader", (Stream.SIGNAL,), False

    def run(self, batch: Batch) -> Output:
        return Output()


def seal(app: App, term: str) -> Path:
    entry = {"id": f"id-{term}", "term": term, "severity": "block", "provenance": "test"}
    return seal_terms(
        app.config.terms_folder, "own.jsonl", json.dumps(entry).encode(), app.config.terms_key_file
    )


def post(app: App, number: int, text: str) -> list[str]:
    said = {"type": "post", "entity": "account:a", "target": f"post:{number}", "text": text}
    app.ingest_events([check_event(event(number, **said))])
    app.run(("detect",))
    batch, _ = app.store.streams.read(Reader(), 100)
    return [each.evidence["entry"] for each in batch.signals]


def test_a_list_that_changes_counts_from_the_next_events_on(app: App) -> None:
    assert post(app, 1, "a bluewhistle") == []
    seal(app, "bluewhistle")
    assert post(app, 2, "a b1uewhistle") == ["id-bluewhistle"]
    seal(app, "paperfinch")
    assert post(app, 3, "bluewhistle and paperfinch") == ["id-bluewhistle", "id-paperfinch"]


def test_a_list_that_does_not_open_leaves_the_old_ones_in_force(app: App) -> None:
    lists = SealedLists(app.config)
    path = seal(app, "bluewhistle")
    before = lists()
    path.write_bytes(b"broken")
    assert lists() is before
    with pytest.raises(BadInput):
        SealedLists(app.config)()
