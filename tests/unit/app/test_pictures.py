"""Pictures that come with an account's name go to classifiers after the answer, and none is lost unseen."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.unit.detect.classifiers.conftest import Server, image_model, onnx_helper
from tests.unit.match.image.conftest import scene
from tests.unit.web.serving import TestClient, client_of, key, make_app

from havenwall.app import App
from havenwall.app.pictures import PictureDesk
from havenwall.app.unclassified import Counted, Unclassified
from havenwall.detect.classifiers import Breaker, Kind, Plugged, Score, Shown
from havenwall.detect.media.looks import look_at
from havenwall.detect.media.record import Pictures, Want
from havenwall.errors import SourceFailed
from havenwall.match.image import pdq
from havenwall.model import SYSTEM, Right, now
from havenwall.web import create_server

__all__ = ["image_model", "onnx_helper"]
_ENTRY = """
[[classifier]]
name = "safety"
kind = "image"
address = "{address}"
http = {{category = "Harm", seconds = 1, tries = 1}}
"""
_ACCOUNT = {"account": "account:ash", "media": "media:1"}


def png(seed: int) -> bytes:
    room = io.BytesIO()
    Image.fromarray(scene(300, 400, seed)).save(room, "PNG")
    return room.getvalue()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def app(tmp_path: Path, server: Server) -> Iterator[App]:
    (tmp_path / "c.toml").write_text(_ENTRY.format(address=server.address))
    (tmp_path / "hotline.txt").write_text(f"pdq:{pdq(scene(300, 400, 1)).hex}\n")
    app = make_app(tmp_path, classifiers=tmp_path / "c.toml", hash_lists=(tmp_path / "hotline.txt",))
    yield app
    app.close()


@pytest.fixture
def client(app: App) -> TestClient:
    client = client_of(create_server(app, worker=False))
    client.headers.update(key(app, Right.MATCH_MEDIA))
    return client


def signals(app: App, account: str = "account:ash") -> int:
    return app.store.policy.signal_counts([account]).get(account, {}).get("classifier", 0)


def test_a_picture_of_an_account_becomes_a_signal(app: App, client: TestClient, server: Server) -> None:
    assert client.post("/v1/media/match", params=_ACCOUNT, content=png(5)).json()["matches"] == []
    assert app.pictures.settle(20)
    assert (signals(app), len(server.sent)) == (1, 1)
    assert app.pictures.counted() == Counted(waiting=0, left=0)
    # Sent again, it is the same finding.
    client.post("/v1/media/match", params=_ACCOUNT, content=png(5))
    assert app.pictures.settle(20)
    assert (signals(app), len(server.sent)) == (1, 1)
    live = {"account": "account:birch"}
    client.post("/v1/live/s1/frames", params=live, content=png(6))
    assert app.pictures.settle(20)
    assert signals(app, "account:birch") == 1


def test_known_and_nameless_and_broken_ones_are_not_sent_on(
    app: App, client: TestClient, server: Server
) -> None:
    assert client.post("/v1/media/match", params=_ACCOUNT, content=png(1)).json()["matches"]
    client.post("/v1/media/match", content=png(5))
    client.post("/v1/media/match", params=_ACCOUNT, content=b"junk")
    assert app.pictures.settle(20)
    assert server.sent == []
    wrong = {"account": "tag:ash"}
    assert client.post("/v1/media/match", params=wrong, content=png(5)).status_code == 422
    nowhere = {"account": "account:ash", "media": "tag:x"}
    assert client.post("/v1/media/match", params=nowhere, content=png(5)).status_code == 422


def test_a_server_that_fails_changes_no_answer_and_is_told_of(
    app: App, client: TestClient, server: Server
) -> None:
    server.script = [500, 200]
    found = client.post("/v1/media/match", params=_ACCOUNT, content=png(5))
    assert found.status_code == 200
    assert app.pictures.counted().waiting == 1
    assert app.pictures.settle(20)
    assert signals(app) == 1
    assert (app.store.ledger.troubles(), len(server.sent)) == ([], 2)


class Ledger:
    """Keeps what it is told in memory."""

    def __init__(self) -> None:
        self.signals: list[Any] = []
        self.troubles: set[str] = set()
        self.broken = False
        self.heard, self.told = threading.Event(), threading.Event()

    def add_signals(self, signals: Any) -> None:
        if self.broken:
            self.heard.set()
            raise OSError("full")
        self.signals += signals
        self.heard.set()

    def trouble(self, what: str, message: str) -> None:
        self.troubles.add(what)
        self.told.set()

    def well_again(self, what: str) -> None:
        self.troubles.discard(what)


class Brightness:
    """The mean of all pixels; fails while it is told to."""

    version, kind = "1", Kind.IMAGE

    def __init__(self, name: str = "brightness") -> None:
        self.name, self.failing = name, False

    def scores(self, inputs: Any) -> list[Score]:
        if self.failing:
            raise SourceFailed("away")
        return [Score(float(picture.mean()) / 255) for picture in inputs]


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def notes(tmp_path: Path) -> Unclassified:
    return Unclassified(tmp_path / "unclassified")


class Here:
    """Decodes in this process: a process of its own takes a second to start."""

    def look_at(self, data: bytes, want: Want) -> Pictures:
        return look_at(data, want)


Make = Callable[..., PictureDesk]


@pytest.fixture
def desk(ledger: Ledger, notes: Unclassified) -> Iterator[Make]:
    made: list[PictureDesk] = []

    def make(*classifiers: Brightness, **more: Any) -> PictureDesk:
        plugged = [Plugged(each, threshold=0.1, breaker=Breaker(10_000)) for each in classifiers]
        more |= {"pause": 0.02, "patience": 0.5, "decoder": lambda: nullcontext(Here())}
        made.append(PictureDesk(lambda: plugged, ledger, notes, **more))
        return made[-1]

    yield make
    for each in made:
        each.close()


def shown(number: int = 1) -> Shown:
    return Shown(account="account:ash", where=f"post:{number}", sha256=f"{number:064x}", at=now())


def plain(value: int, size: tuple[int, int] = (900, 1200)) -> bytes:
    room = io.BytesIO()
    Image.fromarray(np.full((*size, 3), value, np.uint8)).save(room, "JPEG")
    return room.getvalue()


def test_one_that_is_away_holds_up_no_other(desk: Make, ledger: Ledger, notes: Unclassified) -> None:
    away, there = Brightness("away"), Brightness("there")
    away.failing = True
    pictures = desk(away, there)
    assert pictures.take(shown(), plain(102))
    assert ledger.heard.wait(60)
    (signal,) = ledger.signals
    assert (signal.evidence["classifier"], signal.evidence["post"]) == ("there", "post:1")
    assert (signal.entity, signal.evidence["field"]) == ("account:ash", "picture")
    assert signal.strength == pytest.approx(0.4, abs=0.01)
    assert ledger.troubles == {"classifier away, pictures"}
    assert notes.counted() == Counted(waiting=1, left=0)


def test_it_is_asked_again_and_told_well(desk: Make, ledger: Ledger, notes: Unclassified) -> None:
    one = Brightness()
    one.failing = True
    pictures = desk(one)
    pictures.take(shown(), plain(102))
    assert ledger.told.wait(60)
    one.failing = False
    assert pictures.settle(20)
    assert len(ledger.signals) == 1
    assert (ledger.troubles, notes.counted()) == (set(), Counted(waiting=0, left=0))


def test_what_waits_too_long_or_finds_no_room_is_counted(desk: Make, notes: Unclassified) -> None:
    one = Brightness()
    one.failing = True
    pictures = desk(one, longest=0.2)
    pictures.take(shown(), plain(102))
    assert pictures.settle(20)
    assert notes.counted() == Counted(waiting=0, left=1)
    narrow = desk(one, most_bytes=10)
    assert narrow.take(shown(2), plain(102))
    assert not narrow.take(shown(3), plain(102))
    assert notes.counted().left == 2
    # Sent again and classified, they are counted no more.
    again = desk(Brightness())
    for number in (1, 2, 3):
        again.take(shown(number), plain(102))
        assert again.settle(20)
    assert notes.counted().left == 0


def test_a_finding_that_cannot_be_kept_now_is_kept_later(desk: Make, ledger: Ledger) -> None:
    ledger.broken = True
    pictures = desk(Brightness())
    pictures.take(shown(), plain(102))
    assert ledger.heard.wait(60)
    ledger.broken = False
    assert pictures.settle(20)
    assert len(ledger.signals) == 1


def test_what_is_no_picture_after_all_ends(desk: Make, ledger: Ledger, notes: Unclassified) -> None:
    pictures = desk(Brightness())
    pictures.take(shown(), b"junk")
    assert pictures.settle(20)
    assert (ledger.signals, notes.counted()) == ([], Counted(waiting=0, left=0))


_CRASH = """
import os, sys
from pathlib import Path
from havenwall.app.pictures import PictureDesk
from havenwall.app.unclassified import Unclassified
from tests.unit.app.test_pictures import Brightness, Ledger, plain, shown
PictureDesk(lambda: os._exit(9), Ledger(), Unclassified(Path(sys.argv[1]))).take(shown(), plain(102))
import time
time.sleep(60)
"""


@pytest.mark.slow
def test_what_a_crash_cut_off_is_counted(tmp_path: Path, notes: Unclassified) -> None:
    folder = tmp_path / "unclassified"
    ended = subprocess.run([sys.executable, "-c", _CRASH, str(folder)], timeout=60)
    assert ended.returncode == 9
    assert notes.counted() == Counted(waiting=1, left=0)
    (note,) = folder.iterdir()
    os.utime(note, (note.stat().st_mtime - 1000,) * 2)
    assert notes.counted() == Counted(waiting=0, left=1)
    assert b"account:ash" in note.read_bytes()


def test_the_doctor_and_the_metrics_count(app: App, client: TestClient) -> None:
    notes = Unclassified(app.config.data / "unclassified")
    notes.note(shown())
    notes.leave(shown())
    (check,) = (each for each in app.doctor() if each.name == "pictures")
    assert not check.ok
    assert check.detail.startswith("1 pictures were let go")
    client.headers.update(key(app, Right.SEE_FIGURES))
    assert 'havenwall_pictures_unclassified{state="left"} 1.0' in client.get("/metrics").text


def test_more_notes_than_may_be_are_not_made(notes: Unclassified, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("havenwall.app.unclassified.MOST", 2)
    assert [notes.note(shown(number)) for number in (1, 2, 2, 3)] == [True, True, True, False]
    notes.done(shown(1))
    assert notes.note(shown(3))


def test_a_model_in_a_file_brings_an_account_to_a_person(tmp_path: Path, image_model: Path) -> None:
    lines = "".join("0.4,1\n0.1,0\n" for _ in range(600))
    (tmp_path / "labelled.csv").write_text("score,label\n" + lines)
    (tmp_path / "c.toml").write_text(
        f'[[classifier]]\nname = "bright"\nkind = "image"\nmodel = "{image_model}"\n'
        'onnx = {pixels = {side = 8}}\nlabelled = "labelled.csv"\n'
    )
    app = make_app(tmp_path, classifiers=tmp_path / "c.toml")
    client = client_of(create_server(app, worker=False))
    client.headers.update(key(app, Right.MATCH_MEDIA))
    client.post("/v1/media/match", params=_ACCOUNT, content=plain(120))
    assert app.pictures.settle(20)
    app.run()
    (case,) = app.store.cases(SYSTEM).cases()
    assert set(app.store.casework.members(case.id)) == {"account:ash"}
    app.close()
