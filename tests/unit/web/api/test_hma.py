"""Answers have the shapes that clients of HMA expect; what is unsafe there is refused here."""

import io

import numpy as np
import pytest
from PIL import Image
from tests.unit.match.image.conftest import scene
from tests.unit.web.serving import client_of, key, make_app

from havenwall.match.image import pdq
from havenwall.model import Right
from havenwall.web import create_server

KITE = pdq(scene(300, 400, 1)).hex


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hma")
    (folder / "hotline.txt").write_text(f"pdq:{KITE}\nmd5:{'ab' * 16}\n")
    app = make_app(folder, hash_lists=(folder / "hotline.txt",))
    client = client_of(create_server(app, worker=False))
    client.headers.update(key(app, Right.MATCH_MEDIA))
    yield client
    app.close()


def photo(pixels, name="photo"):
    room = io.BytesIO()
    Image.fromarray(pixels).save(room, "PNG")
    return {name: ("x.png", room.getvalue(), "image/png")}


def test_hashing(client):
    assert client.post("/h/hash", files=photo(scene(300, 400, 1))).json() == {"pdq": KITE}
    plain = photo(np.zeros((200, 200, 3), np.uint8))
    assert client.post("/h/hash", files=plain).json() == {"pdq": ""}
    assert client.post("/h/hash?types=video_md5", files=photo(scene(99, 99, 1))).json() == {}


def test_raw_lookup(client):
    assert client.get(f"/m/raw_lookup?signal={KITE}&signal_type=pdq").json() == {"matches": [0]}
    near = client.get(f"/m/raw_lookup?signal={KITE.upper()}&include_distance=true").json()
    assert near == {"matches": [{"bank_content_id": 0, "distance": "0"}]}
    assert client.get(f"/m/raw_lookup?signal={'0f' * 32}").json() == {"matches": []}
    md5 = client.get(f"/m/raw_lookup?signal={'ab' * 16}&signal_type=video_md5").json()
    assert md5 == {"matches": [1]}


def test_lookup_by_bank(client):
    found = {"hotline": [{"bank_content_id": 0, "distance": "0"}]}
    assert client.get(f"/m/lookup?signal={KITE}&signal_type=pdq").json() == found
    assert client.get(f"/m/lookup?signal={KITE}&banks=OTHER").json() == {}
    answer = client.post("/m/lookup?seed=1&bypass_coinflip=true", files=photo(scene(300, 400, 1)[:, ::-1]))
    (match,) = answer.json()["pdq"]["hotline"]
    assert (match["bank_content_id"], int(match["distance"]) <= 31) == (0, True)
    assert client.post("/m/lookup", files=photo(np.zeros((99, 99, 3), np.uint8))).json() == {"pdq": {}}


def test_compare_and_status(client):
    other = f"{int(KITE, 16) ^ 0b1111:064x}"
    assert client.post("/m/compare", json={"pdq": [KITE, other]}).json() == {"pdq": [True, {"distance": 4}]}
    far = client.post("/m/compare", json={"pdq": ["00" * 32, "ff" * 32]}).json()
    assert far == {"pdq": [False, {"distance": 256}]}
    assert client.get("/status").text == "I-AM-ALIVE"


def test_what_is_unsafe_or_wrong_is_refused(client):
    assert client.get("/h/hash?url=http://127.0.0.1:9/x").status_code == 422
    assert client.get("/m/lookup?url=http://127.0.0.1:9/x").status_code == 422
    assert client.get("/m/lookup?signal=zz").status_code == 422
    assert client.get(f"/m/raw_lookup?signal={KITE}&signal_type=nothing").status_code == 422
    junk = {"photo": ("x", b"junk", "image/png")}
    assert client.post("/h/hash", files=junk).status_code == 422
    assert client.post("/m/lookup", files=junk).status_code == 422
    assert client.post("/h/hash", files=photo(scene(99, 99, 1), "other")).status_code == 422
    assert client.post("/h/hash", content=b"x").status_code == 400
    assert client.post("/m/compare", json={"pdq": [KITE]}).status_code == 422
    assert client.get("/status", headers={"Authorization": "Bearer x"}).status_code == 401
