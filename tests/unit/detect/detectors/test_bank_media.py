"""Signals on accounts that share media a bank knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from havenwall.app import App, Config
from havenwall.detect.detectors.bank_media import BankMedia
from havenwall.engine import EVENT_SCHEMA
from havenwall.model import SYSTEM, now
from havenwall.model.bank import Bank, Verification
from havenwall.model.bank_entry import EntryState

ZERO, NEAR = "0" * 64, "0" * 63 + "1"
MD5 = "a" * 32


def event(n: int, attributes: str | None, **fields: Any) -> dict[str, Any]:
    known = {"source": "t", "source_id": f"e{n}", "type": "media", "at": now(), "entity": f"account:a{n}"}
    rest = dict.fromkeys(EVENT_SCHEMA)
    return rest | known | {"target": f"media:m{n}", "attributes": attributes} | fields


def frame(*events: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(events), schema=EVENT_SCHEMA)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = App(Config(data=tmp_path))
    app.banks.save(SYSTEM, Bank(name="own", verification=Verification.VERIFIED))
    app.banks.bring_in(SYSTEM, "own", f"md5:{MD5}\npdq:{ZERO}\n".encode())
    yield app
    app.close()


def test_equal_and_near_media_give_signals(app: App) -> None:
    told = [
        event(1, f'{{"md5": "{MD5.upper()}"}}'),
        event(2, f'{{"pdq": "{NEAR}", "width": 3}}'),
        event(3, '{"md5": "zz", "pdq": 7}'),
        event(4, "[]"),
        event(5, None),
        event(6, f'{{"md5": "{MD5}"}}', type="post"),
    ]
    found = BankMedia(app.banks).detect(frame(*told))
    assert [(s.entity, s.detector, s.evidence["distance"]) for s in found] == [
        ("account:a1", "media-hash", "0"),
        ("account:a2", "media-hash", "1"),
    ]
    assert found[0].evidence["list"] == "own"
    assert [s.id for s in BankMedia(app.banks).detect(frame(*told))] == [s.id for s in found]


@pytest.mark.parametrize(
    ("level", "bits", "firm"),
    [
        (Verification.VERIFIED, 10, True),
        (Verification.VERIFIED, 11, False),
        (Verification.REVIEWED, 0, True),
        (Verification.REVIEWED, 1, False),
    ],
)
def test_a_machine_goes_by_equal_hashes_and_by_copies_of_verified_entries(
    app: App, level: Verification, bits: int, firm: bool
) -> None:
    app.banks.save(SYSTEM, Bank(name="own", verification=level))
    media = frame(event(1, f'{{"pdq": "{(1 << bits) - 1:064x}"}}'))
    (found,) = BankMedia(app.banks).detect(media)
    assert (found.detector, found.evidence["distance"]) == ("media-hash", str(bits))
    assert ("firm" in found.evidence) is firm


def test_what_nobody_looked_at_or_floods_goes_to_a_person(app: App) -> None:
    media = frame(event(1, f'{{"md5": "{MD5}"}}'))
    app.banks.set_entry(SYSTEM, "own", 1, EntryState.SET_ASIDE, "too much")
    (aside,) = BankMedia(app.banks).detect(media)
    assert (aside.detector, aside.strength, aside.evidence["set_aside"]) == ("bank-match", 0.5, "yes")
    app.banks.set_entry(SYSTEM, "own", 1, EntryState.ACTIVE, "fine")
    app.banks.save(SYSTEM, Bank(name="own", verification=Verification.REPORTED))
    assert [s.detector for s in BankMedia(app.banks).detect(media)] == ["bank-match"]


def test_a_veto_leaves_no_signal(app: App) -> None:
    app.banks.save(SYSTEM, Bank(name="benign", negative=True))
    app.banks.bring_in(SYSTEM, "benign", f"md5:{MD5}\n".encode())
    assert BankMedia(app.banks).detect(frame(event(1, f'{{"md5": "{MD5}"}}'))) == []
