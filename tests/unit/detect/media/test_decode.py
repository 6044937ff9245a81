"""Every kind of picture comes out upright and in 8 bits; every kind of rubbish has an outcome."""

import io
import struct
import warnings
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

Image = pytest.importorskip("PIL.Image")
from havenwall.detect.media.decode import decode  # noqa: E402
from havenwall.detect.media.record import Limits, Outcome  # noqa: E402
from havenwall.match.image import distance, pdq  # noqa: E402

LIMITS = Limits()


def saved(image, form="PNG", **options):
    room = io.BytesIO()
    image.save(room, form, **options)
    return room.getvalue()


@pytest.fixture(scope="module")
def photo():
    coarse = np.random.default_rng(8).integers(0, 256, (18, 24, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((320, 240), Image.Resampling.BICUBIC)


def value(frame):
    return pdq(frame.pixels).value


def test_every_mode_hashes_like_the_picture_it_shows(photo):
    plain = value(decode(saved(photo), LIMITS).frames[0])
    grey = photo.convert("L")
    deep = Image.fromarray(np.asarray(grey, np.uint16) * 257)
    shapes = {
        "palette": saved(photo.convert("P", palette=Image.Palette.ADAPTIVE), "GIF"),
        "palette png": saved(photo.quantize(256)),
        "cmyk": saved(photo.convert("CMYK"), "JPEG", quality=95),
        "jpeg": saved(photo, "JPEG", quality=95),
        "grey": saved(grey),
        "16 bit": saved(deep),
        "float": saved(Image.fromarray(np.asarray(grey, np.float32) / 255), "TIFF"),
        "opaque alpha": saved(photo.convert("RGBA")),
        "webp": saved(photo, "WEBP", lossless=True),
        "bmp": saved(photo, "BMP"),
        "lab": saved(photo.convert("YCbCr"), "TIFF"),
    }
    far = {name: distance(plain, value(decode(data, LIMITS).frames[0])) for name, data in shapes.items()}
    assert max(far.values()) <= 10, far


def test_one_bit_pictures_are_read(photo):
    found = decode(saved(photo.convert("1")), LIMITS)
    assert found.frames[0].pixels.max() == 255


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("reference", [True, False])
def test_a_turned_camera_makes_no_difference(photo, orientation, reference):
    turns = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    held = photo if orientation == 1 else photo.transpose(Image.Transpose(turns[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    frame = decode(saved(held, "JPEG", quality=95, exif=exif), LIMITS, reference=reference).frames[0]
    assert frame.pixels.shape[:2] == (240, 320)
    assert distance(value(frame), pdq(np.asarray(photo)).value) <= 10


def test_transparency_is_looked_at_over_two_backgrounds(photo):
    clear = photo.convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(clear.size))
    found = decode(saved(clear), LIMITS)
    assert [frame.name for frame in found.frames] == ["frame 0 over white", "frame 0 over black"]


def test_an_animation_is_several_pictures_and_not_too_many(photo):
    turned = [photo.resize((80, 60)).rotate(10 * step) for step in range(20)]
    for form in ("GIF", "WEBP"):
        data = saved(turned[0], form, save_all=True, append_images=turned[1:])
        found = decode(data, Limits(most_frames=4))
        assert [frame.name for frame in found.frames] == ["frame 0", "frame 6", "frame 12", "frame 19"]


def test_a_jpeg_cut_off_is_still_looked_at(photo):
    data = saved(photo, "JPEG", quality=95)
    found = decode(data[: len(data) * 4 // 5], LIMITS)
    assert found.outcome is Outcome.HASHED
    assert found.reason == "the end of the file is missing"


def test_limits_are_told_from_rubbish(photo):
    data = saved(photo)
    assert decode(data, Limits(most_pixels=1000)).outcome is Outcome.TOO_LARGE
    assert decode(data, Limits(most_bytes=1000)).outcome is Outcome.TOO_LARGE
    assert decode(data[:200], LIMITS).outcome is Outcome.UNREADABLE
    assert decode(b"", LIMITS).reason == "no picture in a known format"


def test_a_bomb_is_too_large():
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    for side in (12_000, 60_000):
        head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
        data = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(99))) + chunk(b"IEND", b"")
        assert decode(data, LIMITS).outcome is Outcome.TOO_LARGE


def test_formats_that_start_programs_are_not_tried():
    assert decode(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", LIMITS).outcome is Outcome.UNREADABLE


STARTS = st.sampled_from(
    [
        b"",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"BM",
        b"II*\0",
        b"MM\0*",
        b"P6 9 9 255\n",
        b"RIFF",
    ]
)


@given(STARTS, st.binary(max_size=300))
@settings(max_examples=150)
def test_any_bytes_have_an_outcome(start, rest):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert decode(start + rest, LIMITS).outcome in Outcome


@given(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP"]), st.data())
@settings(max_examples=150)
def test_any_broken_picture_has_an_outcome(form, data):
    whole = bytearray(saved(Image.linear_gradient("L").resize((40, 30)), form))
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(whole)))
    assert decode(bytes(whole[:cut]), LIMITS).outcome in Outcome
