import msgspec
import numpy as np
import pytest

from havenwall.audit import PERSONAS
from havenwall.audit.persona import picks
from havenwall.errors import BadInput

SHOWN = np.array([[200, 3, 40, 7, -1], [-1, -1, -1, -1, -1]])
DRAWS = np.array([[0.9, 0.5, 0.1, 0.7, 0.0], [0.1, 0.2, 0.3, 0.4, 0.5]])
NOBODY = [-1, -1]


@pytest.mark.parametrize(
    ("name", "followed"),
    [
        ("control", [40, 3]),
        ("adjacent", [200, 3]),
        ("curious", [200, 3]),
        ("neighbourhood", [3, 40]),
        ("seek", [3, 7]),
    ],
)
def test_whom_each_persona_follows(world, name, followed):
    prefer = PERSONAS[name].prefer(world, SHOWN, DRAWS)
    assert picks(prefer, SHOWN, 2).tolist() == [followed, NOBODY]


def test_a_persona_follows_no_more_than_it_wants(world):
    prefer = PERSONAS["seek"].prefer(world, SHOWN, DRAWS)
    assert picks(prefer, SHOWN, 4).tolist()[0] == [3, 7, -1, -1]


@pytest.mark.parametrize(
    ("name", "pool", "size"),
    [
        ("control", range(30, 240), 5),
        ("adjacent", range(30, 70), 5),
        ("curious", range(30), 1),
        ("neighbourhood", range(30), 1),
        ("seek", range(30), 1),
    ],
)
def test_where_each_persona_starts(world, name, pool, size):
    start = PERSONAS[name].start(world, 50, np.random.default_rng(1))
    assert start.shape == (50, size)
    assert np.isin(start, list(pool)).all()
    assert all(len(set(row)) == size for row in start.tolist())


def test_a_platform_without_a_place_to_start_is_refused(world):
    bare = msgspec.structs.replace(world, neighbourhood=np.zeros(240, dtype=bool))
    with pytest.raises(BadInput) as caught:
        PERSONAS["adjacent"].start(bare, 2, np.random.default_rng(1))
    assert caught.value.field == "neighbourhood"
