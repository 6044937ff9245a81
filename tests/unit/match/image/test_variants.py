"""What was put around a picture, or done to it, is undone by one of the variants."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from havenwall.match.image import Turn, View, distance, pdq, trim, variants
from havenwall.match.image.trim import unbar


def framed(image, top=0, bottom=0, left=0, right=0, colour=0):
    return np.pad(image, ((top, bottom), (left, right), (0, 0)), constant_values=colour)


def with_text(image, height, colour=250):
    """A band below with two lines of dark marks in it, as a caption has."""
    band = np.full((height, image.shape[1], 3), colour, np.uint8)
    for start in (height // 5, 3 * height // 5):
        band[start : start + height // 6, 20:-20:3] = 20
    return np.concatenate((image, band))


def best(image, query):
    plain = pdq(image).value
    return min(variants(query), key=lambda variant: distance(plain, variant.value)), plain


CHANGES = {
    "padding": (lambda image: framed(image, 40, 40, 60, 60), View.TRIMMED, Turn.AS_IS, False),
    "letterbox": (lambda image: framed(image, 90, 90, colour=255), View.TRIMMED, Turn.AS_IS, False),
    "letterbox in padding": (
        lambda image: framed(framed(image, 90, 90), 30, 30, 30, 30, 255),
        View.UNFRAMED,
        Turn.AS_IS,
        False,
    ),
    "caption": (lambda image: with_text(image, 80), View.WITHOUT_BARS, Turn.AS_IS, False),
    "mirrored": (lambda image: image[:, ::-1], View.WHOLE, Turn.MIRRORED, False),
    "turned": (lambda image: np.rot90(image), View.WHOLE, Turn.ROTATED_270, False),
    "inverted": (lambda image: 255 - image, View.WHOLE, Turn.AS_IS, True),
    "inverted, turned, framed": (
        lambda image: framed(255 - np.rot90(image, 2), 50, 50),
        View.TRIMMED,
        Turn.ROTATED_180,
        True,
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_picture_is_found_and_the_variant_says_how(scene, change):
    act, view, turn, inverted = CHANGES[change]
    image = scene(480, 640, 3)
    found, plain = best(image, np.ascontiguousarray(act(image)))
    assert distance(plain, found.value) <= 16
    assert (found.view, found.turn, found.inverted) == (view, turn, inverted)


def test_the_plain_hash_comes_first_and_none_twice(scene):
    image = framed(scene(300, 300, 5), 40, 40)
    made = variants(image)
    assert made[0].value == pdq(image).value
    assert made[0].name == "whole"
    assert len({variant.value for variant in made}) == len(made) <= 96


def test_a_plain_picture_is_not_turned_into_many_hashes():
    assert [variant.name for variant in variants(np.full((300, 300, 3), 90, np.uint8))] == ["whole"]


def test_what_would_leave_a_sliver_is_no_border(scene):
    image = framed(scene(60, 600, 2), 300, 300)
    box = trim(image[..., 1])
    assert (box.top, box.bottom) == (0, 660)


def test_names_are_for_people(scene):
    names = [variant.name for variant in variants(scene(300, 300, 5))]
    assert "whole, rotated 90, inverted" in names


@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 90), st.integers(1, 90)), fill=st.integers(0, 255)))
@settings(max_examples=40)
def test_trimming_stays_inside_any_picture(plane):
    for box in (trim(plane), trim(plane, bridged=True, rounds=4), unbar(plane)):
        assert 0 <= box.top < box.bottom <= plane.shape[0]
        assert 0 <= box.left < box.right <= plane.shape[1]
    assert variants(plane)[0].value == pdq(plane).value
