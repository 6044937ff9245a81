"""A live stream that shows a listed picture is hidden, and its account preserved and before a person."""

import io
import signal
import sqlite3
import subprocess
import sys
from itertools import chain, repeat

import msgspec
import numpy as np
import pytest
from PIL import Image
from tests.unit.detect.media.video.films import film
from tests.unit.match.image.conftest import scene
from tests.unit.web.serving import client_of, key, make_app

from havenwall.app import App
from havenwall.app.live import Frame, LiveDesk
from havenwall.detect.media.record import Outcome
from havenwall.errors import BadInput
from havenwall.guard import Outcome as Verdict
from havenwall.guard import Surface
from havenwall.match.image import distance, pdq
from havenwall.model import SYSTEM, ActionKind, Right
from havenwall.web import create_server


def picture(seed, form="PNG"):
    room = io.BytesIO()
    Image.fromarray(scene(300, 400, seed)).save(room, form)
    return room.getvalue()


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("live")
    (folder / "hotline.txt").write_text(f"pdq:{pdq(scene(300, 400, 1)).hex}\n")
    app = make_app(folder, hash_lists=(folder / "hotline.txt",))
    app.media.warm_up()
    yield app
    app.close()


def frame(stream="s", at=None, audience=None):
    return Frame(stream=f"live:{stream}", account="account:host", at=at, audience=audience)


def test_the_first_match_hides_the_stream_and_preserves(app):
    quiet = app.live.take(frame(at=0), picture(5))
    assert (quiet.outcome, quiet.looked_up, quiet.told) == (Outcome.HASHED, 1, False)
    answer = app.live.take(frame(at=1, audience=300), picture(1, "JPEG"))
    assert answer.told
    assert (answer.matches[0].bank, answer.matches[0].distance <= 31) == ("hotline", True)
    assert answer.stand.urgency > answer.stand.risk > 0.5
    app.run()
    app.guard.refresh()
    assert app.guard.check("live:s", Surface.LIVE_DISCOVERY).outcome is Verdict.DROP
    view = app.store.cases(SYSTEM)
    members = {m.entity for case in view.cases() for m in view.members(case.id)}
    assert members == {"live:s", "account:host"}
    kept = {a.entity for a in app.store.casework.actions(members) if a.kind is ActionKind.PRESERVE}
    assert kept == members


def near_picture(seed, bits):
    """A drawing whose hash is `bits` or a little more from the listed one's, by laying a patch on it."""
    plain = pdq(scene(300, 400, seed)).value
    for size in range(4, 300, 4):
        pixels = scene(300, 400, seed).copy()
        pixels[:size, :size] = 255 - pixels[:size, :size]
        if distance(plain, pdq(pixels).value) >= bits:
            return pixels
    raise AssertionError("no such patch")


def sent(pixels):
    room = io.BytesIO()
    Image.fromarray(pixels).save(room, "PNG")
    return room.getvalue()


def test_one_frame_that_is_merely_near_goes_to_a_person_and_two_hide_the_stream(app):
    one, other = near_picture(1, 14), near_picture(1, 22)
    first = app.live.take(frame("near", 0), sent(one))
    assert (first.told, first.stand.firm) == (True, False)
    app.run()
    app.guard.refresh()
    assert app.guard.check("live:near", Surface.LIVE_DISCOVERY).outcome is not Verdict.DROP
    assert [
        case
        for case in app.store.cases(SYSTEM).cases()
        if "live:near" in {m.entity for m in app.store.cases(SYSTEM).members(case.id)}
    ]
    second = app.live.take(frame("near", 2), sent(other))
    assert (second.told, second.stand.firm) == (True, True)
    app.run()
    app.guard.refresh()
    assert app.guard.check("live:near", Surface.LIVE_DISCOVERY).outcome is Verdict.DROP


def test_a_stream_goes_on_in_another_process_where_it_was(app):
    app.live.take(frame("on", 0), picture(1))
    other = App(app.config)
    try:
        after = other.live.take(frame("on", 30), picture(9))
        assert (after.stand.level >= 1, after.stand.firm, after.told) == (True, True, False)
        assert after.stand.risk > 0.8
    finally:
        other.close()


def told_of(app, stream):
    with sqlite3.connect(app.config.data / "havenwall.db") as database:
        return [row for row in database.iterdump() if f"live:{stream}/" in row and "INSERT" in row]


@pytest.mark.slow
def test_killed_between_telling_and_keeping_it_is_told_once(app, tmp_path):
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    (tmp_path / "frame.png").write_bytes(picture(1))
    listed, data = str(app.config.hash_lists[0]), str(app.config.data)
    run = [sys.executable, str(script), data, listed, str(tmp_path / "frame.png")]
    assert subprocess.run(run, check=False).returncode == -signal.SIGKILL
    before = told_of(app, "killed")
    assert before
    again = app.live.take(frame("killed", 1), picture(1))
    assert (again.told, again.stand.firm) == (True, True)
    assert told_of(app, "killed") == before


KILLED = """
import os, signal, sys
from pathlib import Path
from havenwall.app import App, Config
from havenwall.app.live import Frame, LiveDesk

app = App(Config(data=Path(sys.argv[1]), hash_lists=(Path(sys.argv[2]),)))

def ingest(events):
    app.ingest_events(events)
    os.kill(os.getpid(), signal.SIGKILL)

live = LiveDesk(app.media, ingest, app.config.data / "live")
live.take(Frame(stream="live:killed", account="account:host", at=1.0), Path(sys.argv[3]).read_bytes())
"""


def test_a_firm_match_is_told_after_a_crash_behind_one_that_was_merely_near(app):
    near, copy = sent(near_picture(1, 14)), picture(1)

    def dies(events):
        app.ingest_events(events)
        raise KeyboardInterrupt

    dying = LiveDesk(app.media, dies, app.config.data / "live")
    with pytest.raises(KeyboardInterrupt):
        dying.take(frame("late", 0, audience=10**9), near)
    again = app.live.take(frame("late", 1, audience=10**9), copy)
    assert (again.stand.level, again.stand.firm) == (4, True)
    app.run()
    app.guard.refresh()
    assert app.guard.check("live:late", Surface.LIVE_DISCOVERY).outcome is Verdict.DROP


def mirrored_piece(folder):
    """The listed picture, mirrored, from half a second on: its first frame is not one with variants."""
    pictures = chain([scene(300, 400, 40)] * 5, repeat(scene(300, 400, 1)[:, ::-1]))
    return film(folder / "piece.mp4", [(0, 2)], change=lambda _: next(pictures))


@pytest.mark.slow
def test_pieces_of_a_stream_are_looked_up_in_all_variants(app, tmp_path):
    path = mirrored_piece(tmp_path)
    answer = app.live.take(frame("piece", 10), path.read_bytes())
    assert (answer.told, answer.stand.firm) == (True, True)
    assert answer.matches[0].form == "at 11.0 s, whole, mirrored"
    heard = []
    assert app.live.watch(frame("watched"), path, heard.append).stand.firm
    assert [match.form for each in heard for match in each.matches] == ["at 1.0 s, whole, mirrored"]


def test_the_same_scene_and_a_flat_frame_are_not_looked_up(app):
    app.live.take(frame("calm", 0), picture(7))
    assert app.live.take(frame("calm", 1), picture(7, "JPEG")).looked_up == 0
    room = io.BytesIO()
    Image.fromarray(np.zeros((300, 300, 3), np.uint8)).save(room, "PNG")
    flat = app.live.take(frame("calm", 2), room.getvalue())
    assert (flat.outcome, flat.looked_up) == (Outcome.LOW_QUALITY, 0)


def test_what_is_no_frame_has_an_outcome_and_changes_nothing(app):
    answer = app.live.take(frame("junk", 0), b"not a picture")
    assert (answer.outcome, answer.stand.risk) == (Outcome.UNREADABLE, 0)


@pytest.mark.parametrize(
    "wrong", [{"stream": "account:x"}, {"account": "live:x"}, {"at": -1.0}, {"at": float("nan")}]
)
def test_a_wrong_frame_is_refused(app, wrong):
    with pytest.raises(BadInput, match=next(iter(wrong))):
        app.live.take(msgspec.structs.replace(frame(), **wrong), b"x")


def test_over_the_api(app):
    client = client_of(create_server(app, worker=False))
    headers = key(app, Right.MATCH_MEDIA)
    path = "/v1/live/api/frames?account=account:h&audience=10&at="
    assert client.post(path + "0", content=picture(8), headers=headers).json()["told"] is False
    answer = client.post(path + "1", content=picture(1), headers=headers).json()
    assert (answer["stream"], answer["told"], answer["stand"]["level"] >= 1) == ("live:api", True, True)
    assert client.post(path + "-1", content=b"x", headers=headers).status_code == 422
    assert client.post(path + "1", content=picture(1), headers=key(app, Right.ASK_GUARD)).status_code == 403


def test_streams_are_bounded_and_the_silent_one_goes(app, monkeypatch):
    monkeypatch.setattr("havenwall.detect.media.live.state.MOST_STREAMS", 2)
    for stream in ("x", "y", "z"):
        app.live.take(frame(stream, 0), picture(5))
    assert app.live.take(frame("z", 1), picture(5)).looked_up == 0
    assert app.live.take(frame("x", 1), picture(5)).looked_up == 1
