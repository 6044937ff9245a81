"""A live stream that shows a listed picture is hidden, and its account preserved and before a person."""

import io

import msgspec
import numpy as np
import pytest
from PIL import Image
from tests.unit.match.image.conftest import scene
from tests.unit.web.serving import client_of, key, make_app

from havenwall.app.live import Frame
from havenwall.detect.media.record import Outcome
from havenwall.errors import BadInput
from havenwall.guard import Outcome as Verdict
from havenwall.guard import Surface
from havenwall.match.image import pdq
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
    (case,) = app.store.cases(SYSTEM).cases()
    members = {m.entity for m in app.store.cases(SYSTEM).members(case.id)}
    assert members == {"live:s", "account:host"}
    kept = {a.entity for a in app.store.casework.actions(members) if a.kind is ActionKind.PRESERVE}
    assert kept == members


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
    monkeypatch.setattr("havenwall.app.live.MOST_STREAMS", 2)
    for stream in ("x", "y", "z"):
        app.live.take(frame(stream, 0), picture(5))
    assert app.live.take(frame("z", 1), picture(5)).looked_up == 0
    assert app.live.take(frame("x", 1), picture(5)).looked_up == 1
