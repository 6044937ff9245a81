"""Ways to show a picture: small, grey, still, and blurred so that nothing can be won back."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from tests.unit.match.image.conftest import scene

from havenwall.detect.media.looks import look_at
from havenwall.detect.media.pool import DecodePool
from havenwall.detect.media.record import Limits, Look, Outcome, Want

BLURRED = Look(name="blurred", side=200, cells=8, grey=True)
LARGE = Look(name="large", side=320)


def file_of(pixels: np.ndarray, form: str = "PNG", **options: object) -> bytes:
    room = io.BytesIO()
    Image.fromarray(pixels).save(room, form, **options)
    return room.getvalue()


def opened(jpeg: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(jpeg))
    assert image.format == "JPEG"
    return image


def test_nothing_finer_than_the_cells_is_left() -> None:
    # Stripes of one pixel over two halves: the halves stay, the stripes are gone.
    stripes = np.zeros((400, 400, 3), np.uint8)
    stripes[::2, 200:] = 255
    small = opened(look_at(file_of(stripes), Want(looks=(BLURRED,))).looks["blurred"])
    assert (small.mode, small.size) == ("L", (200, 200))
    grey = np.asarray(small, float)
    assert np.abs(np.diff(grey[:, 150])).max() < 8
    assert grey[:, 20].mean() < 20 < 100 < grey[:, 180].mean()


def test_two_pictures_with_the_same_cells_give_the_same_thumbnail() -> None:
    rng = np.random.default_rng(1)
    shuffled = np.arange(2500)
    rng.shuffle(shuffled)
    picture = scene(400, 400, 3)
    blocks = picture.reshape(8, 50, 8, 50, -1).swapaxes(1, 2).reshape(8, 8, 2500, -1)[:, :, shuffled]
    mixed = blocks.reshape(8, 8, 50, 50, -1).swapaxes(1, 2).reshape(picture.shape)
    first, second = (
        np.asarray(opened(look_at(file_of(p), Want(looks=(BLURRED,))).looks["blurred"]), float)
        for p in (picture, mixed)
    )
    assert np.abs(first - second).max() <= 6


def test_an_animation_stands_still() -> None:
    frames = [Image.fromarray(np.full((60, 60), level, np.uint8)) for level in (40, 220)]
    room = io.BytesIO()
    frames[0].save(room, "GIF", save_all=True, append_images=frames[1:])
    still = opened(look_at(room.getvalue(), Want(looks=(LARGE,))).looks["large"])
    assert getattr(still, "n_frames", 1) == 1
    assert abs(float(np.asarray(still).mean()) - 40) < 5


def test_metadata_stays_behind_and_small_pictures_are_not_blown_up() -> None:
    exif = Image.Exif()
    exif[0x010E] = "somewhere"
    shown = look_at(file_of(scene(90, 120, 2), "JPEG", exif=exif), Want(looks=(LARGE,))).looks["large"]
    assert b"somewhere" not in shown
    assert opened(shown).size == (120, 90)


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_what_cannot_be_read_shows_nothing(data: bytes) -> None:
    made = look_at(data, Want(looks=(BLURRED,)))
    assert (made.outcome, made.looks) == (Outcome.UNREADABLE, {})


def test_the_child_process_shows_and_hashes_in_turn() -> None:
    data = file_of(scene(300, 400, 5))
    with DecodePool() as pool:
        before = pool.hash_bytes(data)
        made = pool.look_at(data, Want(looks=(BLURRED, LARGE)))
        assert set(made.looks) == {"blurred", "large"}
        assert made.frames == ()
        assert opened(made.looks["large"]).size == (320, 240)
        assert pool.hash_bytes(data) == before
        refused = pool.look_at(data, Want(looks=(LARGE,), limits=Limits(most_bytes=10)))
        assert refused.outcome is Outcome.TOO_LARGE
