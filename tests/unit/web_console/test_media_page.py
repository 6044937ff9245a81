"""The page that says whether a picture is known, and why; nothing of the picture stays."""

import io
import re

import pytest
from PIL import Image, ImageOps
from tests.unit.match.image.conftest import scene
from tests.unit.web.serving import add_person, client_of, cookie, make_app

from havenwall.match.image import pdq
from havenwall.model import Role
from havenwall.web import create_server


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    (folder / "hotline.txt").write_text(f"pdq:{pdq(scene(300, 400, 1)).hex}\n")
    app = make_app(folder, hash_lists=(folder / "hotline.txt",))
    yield app
    app.close()


@pytest.fixture(scope="module")
def client(app):
    return client_of(create_server(app, worker=False))


@pytest.fixture(scope="module")
def analyst(app):
    session = add_person(app, Role.ANALYST)
    return cookie(app, session) | {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def send(client, headers, data, **fields):
    page = client.get("/media", headers=headers).text
    token = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
    file = {"file": ("<b>.jpg", data, "image/jpeg")}
    return client.post("/media", data={"csrf": token} | fields, files=file, headers=headers)


def picture(seed):
    room = io.BytesIO()
    Image.fromarray(scene(300, 400, seed)).save(room, "PNG")
    return room.getvalue()


def test_a_known_picture_says_list_entry_distance_and_form(client, analyst):
    page = send(client, analyst, picture(1))
    assert page.status_code == 200
    assert re.search(r"Known It was read .* hotline entry 1 PDQ \d+ frame 0", text_of(page.text))
    assert "<b>" not in page.text


def padded(image):
    return ImageOps.expand(image, border=60, fill=(255, 255, 255))


def between_bars(image):
    shown = Image.new("RGB", (image.width, image.height + 160), (20, 20, 20))
    shown.paste(image, (0, 80))
    return shown


CHANGES = {
    "half size": (lambda image: image.resize((200, 150)), ""),
    "strong compression": (lambda image: reopened(image, "JPEG", quality=30), ""),
    "animation": (lambda image: reopened(image, "GIF"), ""),
    "padding": (padded, "trimmed"),
    "letterbox": (between_bars, "trimmed"),
    "mirrored": (ImageOps.mirror, "mirrored"),
    "upside down": (ImageOps.flip, "upside down"),
    "quarter turn": (lambda image: image.rotate(90, expand=True), "rotated"),
    "inverted": (ImageOps.invert, "inverted"),
    "padded, mirrored, inverted": (
        lambda image: padded(ImageOps.invert(ImageOps.mirror(image))),
        "trimmed, mirrored, inverted",
    ),
}


def reopened(image, form, **options):
    room = io.BytesIO()
    image.save(room, form, **options)
    return Image.open(io.BytesIO(room.getvalue())).convert("RGB")


@pytest.mark.parametrize("change", CHANGES)
def test_a_known_picture_is_found_whatever_was_done_to_it(client, analyst, change):
    made, undone = CHANGES[change]
    room = io.BytesIO()
    made(Image.fromarray(scene(300, 400, 1))).save(room, "PNG")
    page = text_of(send(client, analyst, room.getvalue()).text)
    found = re.search(r"Known It was read .* hotline entry 1 PDQ \d+ (frame 0.*)", page)
    assert found, page
    assert undone in found[1]


def test_an_unknown_an_unreadable_and_no_file(client, analyst):
    assert "Not known" in send(client, analyst, picture(4)).text
    junk = send(client, analyst, b"\xff\xd8\xffjunk")
    assert "could not be read as a picture" in junk.text
    empty = send(client, analyst, b"")
    assert empty.status_code == 422
    assert 'role="alert"' in empty.text


def test_who_may_not_is_kept_out_and_other_pages_take_no_file(app, client, analyst):
    auditor = cookie(app, add_person(app, Role.AUDITOR)) | {"Sec-Fetch-Site": "same-origin"}
    assert client.get("/media", headers=auditor).status_code == 403
    file = {"file": ("x", b"x", "image/png")}
    assert client.post("/media", files=file, headers=auditor).status_code == 403
    assert client.post("/media", files=file, headers=analyst).status_code == 403
    assert client.post("/guard/query", files=file, headers=analyst).status_code == 403
    two = [("file", ("x", b"x", "image/png")), ("other", ("x", b"x", "image/png"))]
    assert client.post("/media", files=two, headers=analyst).status_code == 400


def test_without_a_list_it_says_so(tmp_path):
    app = make_app(tmp_path)
    headers = cookie(app, add_person(app, Role.ANALYST)) | {"Accept": "text/html"}
    page = client_of(create_server(app, worker=False)).get("/media", headers=headers)
    app.close()
    assert "No list is loaded" in page.text
