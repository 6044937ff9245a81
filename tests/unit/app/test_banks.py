"""Banks from a file to a match, floods and the index, as the application puts them together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from tests.sources.serving import Reply, serving

from havenwall.app import App, Config, banks
from havenwall.app.bank_index import BankIndex
from havenwall.detect.banks import AskedHash, Asking
from havenwall.errors import Forbidden, NotFound, StoreError
from havenwall.intake import check_event
from havenwall.model import SYSTEM, Event, Right, Viewer
from havenwall.model.bank import Backfill, Bank, BankSource, SourceKind, Verification
from havenwall.model.bank_entry import EntryState
from havenwall.store.schema import SIGNAL

ZERO = "0" * 64
NEAR = "0" * 60 + "00ff"
FAR = "0" * 56 + "ffffffff"
NOBODY = Viewer(name="key:nobody", rights=frozenset({Right.SEND_EVENTS}))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = App(Config(data=tmp_path / "data"))
    yield app
    app.close()


def pdq(value: str) -> list[AskedHash]:
    return [AskedHash(kind="pdq", value=value, form="frame 1")]


def test_an_entry_is_found_near_and_gone_once_withdrawn(app: App) -> None:
    app.banks.bring_in(SYSTEM, "own", f"pdq:{ZERO}\n".encode())
    (match,) = app.banks.look(pdq(NEAR)).matches
    assert (match.bank, match.distance, match.form) == ("own", 8, "frame 1")
    assert not app.banks.look(pdq(FAR)).matches
    app.banks.bring_in(SYSTEM, "own", b"# nothing\n")
    assert not app.banks.look(pdq(NEAR)).matches


def test_each_bank_has_its_radius(app: App) -> None:
    for name, radius in (("wide", 31), ("narrow", 4), ("exact", 0)):
        app.banks.save(SYSTEM, Bank(name=name, radius=radius))
        app.banks.bring_in(SYSTEM, name, f"pdq:{ZERO}\n".encode())
    assert [m.bank for m in app.banks.look(pdq(NEAR)).matches] == ["wide"]
    assert len(app.banks.look(pdq(ZERO)).matches) == 3


def test_a_benign_bank_vetoes(app: App) -> None:
    app.banks.bring_in(SYSTEM, "own", f"pdq:{ZERO}\n".encode())
    assert app.banks.look(pdq(NEAR)).acts
    app.banks.save(SYSTEM, Bank(name="benign", negative=True))
    app.banks.bring_in(SYSTEM, "benign", f"pdq:{NEAR}\n".encode())
    looked = app.banks.look(pdq(NEAR))
    assert not looked.acts
    assert [m.bank for m in looked.vetoes] == ["benign"]
    assert [m.bank for m in looked.matches] == ["own"]


def test_purposes_and_opt_outs_keep_a_bank_out(app: App) -> None:
    app.banks.save(SYSTEM, Bank(name="own", purposes=("child-safety",), opt_outs=("live",)))
    app.banks.bring_in(SYSTEM, "own", f"pdq:{ZERO}\n".encode())
    right = Asking(purpose="child-safety")
    assert app.banks.look(pdq(ZERO), right).matches
    for wrong in (None, Asking(purpose="other"), msgspec.structs.replace(right, use="live")):
        assert not app.banks.look(pdq(ZERO), wrong).matches
    assert not app.banks.look(pdq(ZERO), msgspec.structs.replace(right, without=("own",))).matches
    off = msgspec.structs.replace(app.store.bank_view.bank("own"), enabled=False)
    app.banks.save(SYSTEM, off)
    assert not app.banks.look(pdq(ZERO), right).matches


def test_an_entry_that_floods_is_set_aside_and_alarms(app: App) -> None:
    app.banks.save(SYSTEM, Bank(name="own", flood=5))
    app.banks.bring_in(SYSTEM, "own", f"pdq:{ZERO}\n".encode())
    answers = [app.banks.look(pdq(NEAR)) for _ in range(7)]
    assert [looked.acts for looked in answers] == [True] * 6 + [False]
    assert answers[-1].matches[0].set_aside
    (trouble,) = app.store.ledger.troubles()
    assert "entry 1 of the list own" in trouble.message
    app.banks.set_entry(SYSTEM, "own", 1, EntryState.ACTIVE, "it is what it should be")
    assert not app.store.ledger.troubles()
    assert all(app.banks.look(pdq(NEAR)).acts for _ in range(20))


def test_looking_up_by_hand_is_no_flood(app: App) -> None:
    app.banks.save(SYSTEM, Bank(name="own", flood=1))
    app.banks.bring_in(SYSTEM, "own", f"pdq:{ZERO}\n".encode())
    assert all(app.banks.find(SYSTEM, f"pdq:{NEAR}").acts for _ in range(5))


def test_other_kinds_taken_later_are_fetched_then(app: App) -> None:
    content = b"a" * 32 + f"\npdq:{ZERO}\n".encode()
    app.banks.save(SYSTEM, Bank(name="own", kinds=("md5",)))
    app.banks.bring_in(SYSTEM, "own", content)
    app.banks.save(SYSTEM, Bank(name="own"))
    app.banks.bring_in(SYSTEM, "own", content)
    assert app.store.bank_view.status("own").hashes == {"md5": 1, "pdq": 1}


def test_another_process_searches_what_one_writes(app: App, tmp_path: Path) -> None:
    other = BankIndex(tmp_path / "data" / "bank-index", app.store.bank_view)
    app.banks.bring_in(SYSTEM, "own", f"pdq:{ZERO}\n".encode())
    assert other.catch_up() == 0
    assert len(other.search_many([ZERO])[0]) == 1
    other.close()


def test_the_index_is_built_anew_from_the_database(app: App, tmp_path: Path) -> None:
    app.banks.bring_in(SYSTEM, "own", f"pdq:{ZERO}\npdq:{FAR}\n".encode())
    app.banks.bring_in(SYSTEM, "own", f"pdq:{FAR}\n".encode())
    fresh = BankIndex(tmp_path / "fresh", app.store.bank_view)
    assert fresh.catch_up() == 3
    assert [len(found) for found in fresh.search_many([ZERO, FAR], 0)] == [0, 1]
    (tmp_path / "fresh" / "followed").write_text("99")
    with pytest.raises(StoreError, match="more than the database"):
        fresh.catch_up()
    fresh.close()


class Broken:
    def respond(self, path: str, query: dict[str, str], headers: Any, base: str) -> Reply:
        return Reply(b"", 404) if "bad" in path else Reply(b"md5\n" + b"a" * 32 + b"\n")


def test_one_failing_source_stops_no_other(app: App) -> None:
    with serving(Broken()) as served:
        for name in ("bad", "good"):
            address = f"{served.address}/{name}.csv"
            app.banks.save(SYSTEM, Bank(name=name, source=BankSource(kind=SourceKind.CSV, address=address)))
        assert app.banks.bring_in_all() == 2
    assert app.store.bank_view.status("good").active == 1
    (trouble,) = app.store.ledger.troubles()
    assert (trouble.what, "404" in trouble.message) == ("list bad", True)


def test_rights_are_needed(app: App) -> None:
    app.banks.bring_in(SYSTEM, "own", b"a" * 32)
    for call in (
        lambda: app.banks.save(NOBODY, Bank(name="own")),
        lambda: app.banks.statuses(NOBODY),
        lambda: app.banks.detail(NOBODY, "own"),
        lambda: app.banks.bring_in(NOBODY, "own", b"b" * 32),
        lambda: app.banks.find(NOBODY, "a" * 32),
        lambda: app.banks.set_entry(NOBODY, "own", 1, EntryState.ACTIVE, ""),
    ):
        with pytest.raises(Forbidden):
            call()
    with pytest.raises(NotFound):
        app.banks.set_entry(SYSTEM, "own", 99, EntryState.ACTIVE, "")


def shared(n: int, **attributes: str) -> Event:
    return check_event(
        {
            "source": "t",
            "source_id": f"e{n}",
            "type": "media",
            "at": "2026-01-01T00:00:00Z",
            "entity": f"account:a{n}",
            "target": f"media:m{n}",
            "attributes": attributes,
        }
    )


def signals(app: App) -> list[tuple[str, str]]:
    with app.store._database.read() as connection:
        rows = connection.execute(sa.select(SIGNAL.c.entity, SIGNAL.c.detector).order_by(SIGNAL.c.entity))
        return [(row.entity, row.detector) for row in rows]


def test_a_new_entry_finds_what_was_already_seen(app: App) -> None:
    app.ingest_events([shared(1, pdq=NEAR), shared(2, pdq=FAR), shared(3, md5="a" * 32)])
    app.run(["detect"])
    assert signals(app) == []
    app.banks.save(SYSTEM, Bank(name="own", verification=Verification.VERIFIED))
    app.banks.bring_in(SYSTEM, "own", f"pdq:{ZERO}\n".encode())
    told: list[Backfill] = []
    done = app.banks.search_seen(told.append)
    assert done is not None
    assert (done.done, done.found, done.position >= done.end) == (True, 1, True)
    assert told
    assert signals(app) == [("account:a1", "media-hash")]
    app.banks.bring_in(SYSTEM, "own", f"pdq:{ZERO}\nmd5:{'a' * 32}\n".encode())
    app.banks.search_seen()
    assert app.banks.search_seen() is None
    assert signals(app) == [("account:a1", "media-hash"), ("account:a3", "media-hash")]


def test_what_is_found_live_and_by_the_search_is_told_once(app: App) -> None:
    app.banks.save(SYSTEM, Bank(name="own", verification=Verification.VERIFIED))
    app.banks.bring_in(SYSTEM, "own", f"pdq:{ZERO}\n".encode())
    app.ingest_events([shared(1, pdq=NEAR)])
    app.run(["detect"])
    app.banks.search_seen()
    assert signals(app) == [("account:a1", "media-hash")]


def test_a_search_cut_off_goes_on(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(banks, "_EVENTS", 2)
    app.ingest_events([shared(n, pdq=NEAR) for n in range(7)])
    app.banks.bring_in(SYSTEM, "own", f"pdq:{ZERO}\n".encode())

    def stop(at: Backfill) -> None:
        if at.position >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        app.banks.search_seen(stop)
    assert len(signals(app)) == 4
    app.banks.search_seen()
    assert [name for name, _ in signals(app)] == [f"account:a{n}" for n in range(7)]
