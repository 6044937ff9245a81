"""A record for every file: exact hashes always, PDQ of pictures, their pixels where PDQ says little."""

import hashlib
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

Image = pytest.importorskip("PIL.Image")
from havenwall.detect.media.hash import hash_bytes  # noqa: E402
from havenwall.detect.media.record import Outcome, Want  # noqa: E402
from havenwall.match.image import pdq  # noqa: E402


def saved(image, form="PNG", **options):
    room = io.BytesIO()
    image.save(room, form, **options)
    return room.getvalue()


@pytest.fixture(scope="module")
def noise():
    return Image.fromarray(np.random.default_rng(2).integers(0, 256, (150, 200, 3), dtype=np.uint8))


def test_a_picture_is_hashed(noise):
    data = saved(noise)
    record = hash_bytes(data)
    assert record.outcome is Outcome.HASHED
    assert record.size == len(data)
    assert record.digests.md5 == hashlib.md5(data).hexdigest()
    assert record.digests.sha1 == hashlib.sha1(data).hexdigest()
    assert record.digests.sha256 == hashlib.sha256(data).hexdigest()
    assert record.frames[0].pdq == pdq(np.asarray(noise)).hex
    assert record.frames[0].pixels is None


def test_variants_come_when_wanted(noise):
    frame = hash_bytes(saved(noise), Want(variants=True)).frames[0]
    assert frame.variants[0].pdq == frame.pdq
    assert len(frame.variants) == 16


def test_a_plain_picture_falls_back_to_its_pixels():
    plain = Image.new("RGB", (300, 300), (90, 120, 40))
    first, second = hash_bytes(saved(plain)), hash_bytes(saved(plain, "BMP"))
    assert first.outcome is second.outcome is Outcome.LOW_QUALITY
    assert "exact hashes" in first.reason
    assert first.frames[0].pixels == second.frames[0].pixels
    assert first.digests != second.digests


def test_pixels_tell_shapes_apart_and_forget_grey():
    def pixels(image):
        return hash_bytes(saved(image)).frames[0].pixels

    assert pixels(Image.new("L", (300, 200), 7)) == pixels(Image.new("RGB", (300, 200), (7, 7, 7)))
    assert pixels(Image.new("L", (300, 200), 7)) != pixels(Image.new("L", (200, 300), 7))


def test_pixels_of_a_jpeg_are_those_of_its_lossless_copy(noise):
    data = saved(noise, "JPEG")
    copy = saved(Image.open(io.BytesIO(data)))
    want = Want(pixels=True)
    assert hash_bytes(data, want).frames[0].pixels == hash_bytes(copy, want).frames[0].pixels


@given(st.binary(max_size=200))
@settings(max_examples=100)
def test_any_bytes_have_exact_hashes(data):
    record = hash_bytes(data, Want(variants=True))
    assert record.digests.sha256 == hashlib.sha256(data).hexdigest()
    assert record.outcome in Outcome
