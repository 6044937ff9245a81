"""/v1/media takes a file's bytes from those who may, up to a size, and logs nothing of them."""

import io

import numpy as np
import pytest
from PIL import Image
from tests.unit.match.image.conftest import scene
from tests.unit.web.serving import client_of, key, make_app

from havenwall.match.image import pdq
from havenwall.model import Right
from havenwall.web import create_server


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("media")
    lines = f"pdq:{pdq(scene(300, 400, 1)).hex}\tkite\nmd5:{'ab' * 16}\n"
    (folder / "hotline.txt").write_text(lines)
    app = make_app(folder, hash_lists=(folder / "hotline.txt",), media_most_bytes=11_000_000)
    yield app
    app.close()


@pytest.fixture(scope="module")
def client(app):
    client = client_of(create_server(app, worker=False))
    client.headers.update(key(app, Right.MATCH_MEDIA))
    return client


def png(pixels):
    room = io.BytesIO()
    Image.fromarray(pixels).save(room, "PNG")
    return room.getvalue()


def test_a_picture_is_hashed(client):
    data = png(scene(300, 400, 3))
    found = client.post("/v1/media/hash", content=data).json()["media"]
    assert found["outcome"] == "hashed"
    assert found["frames"][0]["pdq"] == pdq(scene(300, 400, 3)).hex
    assert (len(found["digests"]["sha256"]), found["size"]) == (64, len(data))


def test_a_framed_mirrored_picture_is_matched_and_says_why(client):
    framed = np.zeros((500, 500, 3), np.uint8)
    framed[100:400, 50:450] = scene(300, 400, 1)[:, ::-1]
    found = client.post("/v1/media/match", content=png(framed)).json()
    (match,) = found["matches"]
    assert (match["bank"], match["source_id"], match["kind"]) == ("hotline", "entry 1", "pdq")
    assert match["distance"] <= 31
    assert match["form"] == "frame 0, trimmed, mirrored"
    assert found["acts"] is True
    assert found["media"]["frames"][0]["variants"] == []


def test_others_match_nothing_whatever_they_are(client):
    for data, outcome in ((png(scene(300, 400, 9)), "hashed"), (b"junk", "unreadable")):
        found = client.post("/v1/media/match", content=data).json()
        assert (found["matches"], found["media"]["outcome"], found["acts"]) == ([], outcome, False)
    playlist = client.post("/v1/media/match", content=b"#EXTM3U\nhttp://127.0.0.1/x\n").json()
    assert "not fetched" in playlist["media"]["reason"]


def test_an_empty_and_a_large_body_are_refused(app, client):
    assert client.post("/v1/media/match", content=b"").status_code == 422
    assert client.post("/v1/media/match", content=bytes(11_000_000)).status_code == 200
    assert client.post("/v1/media/match", content=bytes(11_020_000)).status_code == 413
    events = client.post("/v1/events", content=bytes(10_000_001), headers=key(app, Right.SEND_EVENTS))
    assert events.status_code == 413


def test_other_keys_are_kept_out_and_nothing_is_logged(app, client, logged):
    headers = key(app, *(set(Right) - {Right.MATCH_MEDIA}))
    assert client.post("/v1/media/match", content=b"x", headers=headers).status_code == 403
    data = png(scene(300, 400, 1))
    digest = client.post("/v1/media/match", content=data).json()["media"]["digests"]["sha256"]
    assert digest not in logged()
    assert pdq(scene(300, 400, 1)).hex not in logged()
