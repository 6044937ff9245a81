"""PDQ is the reference's, bit for bit: against values it gave, and against itself where it is installed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from havenwall.errors import BadInput
from havenwall.match.image import Turn, dihedral, distance, pdq, poses
from havenwall.match.image.exact import _slide
from havenwall.match.image.exact import shrink as shrink_exactly
from havenwall.match.image.shrink import shrink, weights

# height, width, seed of the scene, quality, hash: all given by the reference (pdqhash 0.2.8).
SCENES = [
    (512, 512, 1, 100, "95a41c382a18f909ec79775181fb27fa3f4d71da40f86033cbc998be92b263e4"),
    (300, 700, 2, 100, "cad12470098e538396321a4cfb1c93c86f3b0dec99cf8370a68c8a6f75f72e3b"),
    (129, 90, 3, 100, "62fe074abf6295b8c2ed462e15f0e029e30fd8b5117877c29d532d586e9c4c1e"),
    (64, 64, 4, 100, "2e749057a81b005e0d8df7bac2bdf187f4968846fa37eeae51017c392848e7e5"),
    (37, 20, 5, 100, "399f496f39c2ec395d27278bca93a6cc35323e0ea2d41ea96c2f4623344fe4c1"),
    (270, 1280, 6, 100, "df6967722ddab03fae8ae43039d053e6645b945650309f2adc742d8c91cf368a"),
]
TURNED = [
    "cad12470098e538396321a4cfb1c93c86f3b0dec99cf8370a68c8a6f75f72e3b",
    "833c2d7d428be0d5a6e5b7149f9d4c09a16a3a8948d7356c27edd99138a76b58",
    "9f848eda5cdbf929c367b0e7ae4939623a6ea746cc9a29daf3d921c520a28491",
    "966987d6039e4a77f3b01d9e8ac866a3e43f902319829fc662b8733b64f2c1f2",
    "cad1198f098e8c741630c592fb1c6c356f3bd21399cf7c8fa68c749075f791c4",
    "9e8431255cdb065643674f18ae49c69d3a6e58b9c89ad625e3d9de3a20a27b6e",
    "8b3c9282428b1f22a6e548cb9f9d33f2b16ac57648d7ca9327ed266e38a790a7",
    "de69382817deb588f3b0e261cac8995ce43f6fdc1d82603972b88cc46df23e0d",
]
FLAT = "113411348200820011342c4b8200113411342c4b2c4b102f2c4b13a0c09c2c4b"
RING = "9a627ddd0988775d3488d777a728dd778b73288a3cb2f7dda3880a28df292082"
GREY = "33d32dea67bf4c917820bc07c6d9d53a5abdc218d70e91c8345d2d5acc1e5a25"

NO_REFERENCE = "pdqhash is not installed (it has no Linux wheel and compiles); recorded values still tell"
shapes = st.tuples(st.integers(5, 200), st.integers(5, 200))
small = st.tuples(st.integers(5, 128), st.integers(5, 128))


def drawn(shapes):
    return shapes.flatmap(lambda shape: arrays.arrays(np.uint8, (*shape, 3), fill=st.integers(0, 255)))


def ring():
    """Symmetric: half of its frequencies are nothing but rounding."""
    down, across = np.mgrid[:200, :301]
    inside = (across - 150) ** 2 + (down - 99.5) ** 2 < 60**2
    return np.where(inside[..., None], (253, 3, 77), (12, 250, 251)).astype(np.uint8)


def mirrored_scene(scene):
    half = scene(300, 200, 9)
    return np.concatenate((half, half[:, ::-1]), axis=1)


@pytest.mark.parametrize(("height", "width", "seed", "quality", "digits"), SCENES)
def test_the_hash_is_the_references(scene, height, width, seed, quality, digits):
    made = pdq(scene(height, width, seed))
    assert (made.hex, made.quality) == (digits, quality)


def test_rounding_is_the_references_where_it_alone_decides():
    assert pdq(np.full((300, 300, 3), (201, 33, 90), np.uint8)).hex == FLAT
    assert (pdq(ring()).hex, pdq(ring()).quality) == (RING, 51)


def test_grey_may_come_as_luma(scene):
    grey = scene(400, 400, 7)[..., 0]
    assert pdq(np.repeat(grey[..., None], 3, axis=2)).hex == GREY
    assert pdq(grey) == pdq(grey.astype(np.float32))


def test_the_forms_of_a_hash_agree(scene):
    made = pdq(scene(200, 200))
    assert bytes.fromhex(made.hex) == made.value
    assert [f"{word:016x}" for word in made.words.tolist()] == [
        made.hex[at : at + 16] for at in range(0, 64, 16)
    ]


def test_a_tiny_picture_has_no_hash():
    made = pdq(np.zeros((4, 900, 3), np.uint8))
    assert (made.value, made.quality) == (bytes(32), 0)


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((9, 9, 4), np.uint8),
        np.zeros((9, 9, 3), np.float32),
        np.zeros(9, np.uint8),
        np.zeros((9, 9), np.int64),
        np.full((300, 300), np.nan, np.float32),
    ],
)
def test_what_is_no_picture_is_refused(image):
    with pytest.raises(BadInput):
        pdq(image)


@given(length=st.integers(5, 3000))
@settings(max_examples=40)
def test_every_kept_pixel_is_a_mean(length):
    assert np.allclose(weights(length).sum(axis=1), 1)


def test_the_fast_way_shows_the_same_picture(scene):
    for shape in ((512, 512), (129, 640), (700, 333)):
        image = scene(*shape)
        assert np.allclose(shrink(image), shrink_exactly(image), atol=2e-3)


def test_the_kernel_gives_the_same_answers_interpreted(scene):
    plane = scene(300, 200)[..., 1].astype(np.float32)
    compiled, interpreted = np.empty_like(plane), np.empty_like(plane)
    _slide(plane, compiled, 3)
    getattr(_slide, "py_func", _slide)(plane, interpreted, 3)
    assert (compiled == interpreted).all()


def test_turned_hashes_are_the_references(scene):
    assert [made.hex for made in dihedral(scene(300, 700, 2)).values()] == TURNED


@given(drawn(small))
@settings(max_examples=25)
def test_turning_back_gives_the_same_hashes(image):
    """Small pictures, whose rounding is the reference's: mirrored twice, nothing has changed."""
    ways = poses(np.ascontiguousarray(image[:, ::-1]))
    assert ways[Turn.MIRRORED].value == pdq(image).value
    assert poses(image)[Turn.MIRRORED].value == ways[Turn.AS_IS].value
    assert {made.quality for made in dihedral(image).values()} == {pdq(image).quality}


@pytest.mark.parametrize(
    ("turn", "act"),
    [
        (Turn.ROTATED_90, np.rot90),
        (Turn.ROTATED_180, lambda image: np.rot90(image, 2)),
        (Turn.ROTATED_270, lambda image: np.rot90(image, 3)),
        (Turn.UPSIDE_DOWN, np.flipud),
        (Turn.MIRRORED, np.fliplr),
        (Turn.TRANSPOSED, lambda image: image.transpose(1, 0, 2)),
        (Turn.TRANSVERSED, lambda image: np.rot90(image.transpose(1, 0, 2), 2)),
    ],
)
def test_a_turned_form_is_the_hash_of_the_turned_picture(scene, turn, act):
    image = scene(512, 512, 11)
    there = pdq(np.ascontiguousarray(act(image)))
    assert distance(dihedral(image)[turn].value, there.value) <= 24
    assert distance(poses(image)[turn].value, there.value) <= 2


def test_the_reference_agrees_on_noise_drawings_and_symmetry(scene):
    reference = pytest.importorskip("pdqhash", reason=NO_REFERENCE)
    rng = np.random.default_rng(4)
    images = [rng.integers(0, 256, (*shape, 3), dtype=np.uint8) for shape in ((5, 5), (64, 64), (129, 300))]
    blocks = np.kron(rng.integers(0, 256, (8, 8, 3), dtype=np.uint8), np.ones((32, 50, 1), np.uint8))
    for image in (*images, blocks, ring(), mirrored_scene(scene), scene(640, 480, 12)):
        bits, quality = reference.compute(np.ascontiguousarray(image))
        made = pdq(image)
        assert (made.value, made.quality) == (np.packbits(bits.astype(np.uint8)).tobytes(), quality)


@given(drawn(shapes))
@settings(max_examples=40)
def test_the_reference_agrees_on_any_picture(image):
    reference = pytest.importorskip("pdqhash", reason=NO_REFERENCE)
    bits, quality = reference.compute(np.ascontiguousarray(image))
    made = pdq(image)
    assert (made.value, made.quality) == (np.packbits(bits.astype(np.uint8)).tobytes(), quality)
