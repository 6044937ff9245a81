"""Pictures become what a model wants."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from havenwall.detect.classifiers.pixels import Pixels, as_tensor


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 32), st.integers(0, 255))
def test_a_plain_picture_stays_plain(tall, wide, side, value):
    tensor = as_tensor(np.full((tall, wide, 3), value, np.uint8), Pixels(side=side))
    assert tensor.shape == (3, side, side)
    assert tensor.dtype == np.float32
    np.testing.assert_allclose(tensor, value / 255, atol=1e-5)


def test_colours_keep_their_place_and_are_normalised():
    picture = np.zeros((4, 4, 3), np.uint8)
    picture[..., 2] = 255
    last = as_tensor(picture, Pixels(side=2, channels_first=False, mean=(0, 0, 0.5), deviation=(1, 1, 0.5)))
    assert last.shape == (2, 2, 3)
    np.testing.assert_allclose(last[0, 0], [0, 0, 1], atol=1e-6)


def test_left_stays_left():
    picture = np.zeros((8, 8, 3), np.uint8)
    picture[:, :4] = 255
    tensor = as_tensor(picture, Pixels(side=4))
    assert tensor[0, :, 0].min() > 0.9
    assert tensor[0, :, 3].max() < 0.1
