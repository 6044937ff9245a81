import numpy as np
import pytest

from havenwall.audit import PERSONAS, Label, LabelService
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
        ("minor", [200, 3]),
        ("one-view", [200, 3]),
        ("twin", [40, 200]),
        ("curious", [200, 3]),
        ("neighbourhood", [3, 40]),
        ("seek", [3, 7]),
    ],
)
def test_whom_each_persona_follows(world, name, followed):
    prefer = PERSONAS[name].prefer(world.labels, SHOWN, DRAWS)
    assert picks(prefer, SHOWN, 2).tolist() == [followed, NOBODY]


def test_a_persona_follows_no_more_than_it_wants(world):
    prefer = PERSONAS["seek"].prefer(world.labels, SHOWN, DRAWS)
    assert picks(prefer, SHOWN, 4).tolist()[0] == [3, 7, -1, -1]


@pytest.mark.parametrize(
    ("name", "pool", "size"),
    [
        ("control", range(30, 240), 5),
        ("adjacent", range(30, 70), 5),
        ("minor", range(30, 70), 5),
        ("one-view", range(30), 1),
        ("twin", range(30), 1),
        ("curious", range(30), 1),
        ("neighbourhood", range(30), 1),
        ("seek", range(30), 1),
    ],
)
def test_where_each_persona_starts(world, name, pool, size):
    start = PERSONAS[name].start(world.labels, 50, np.random.default_rng(1))
    assert start.shape == (50, size)
    assert np.isin(start, list(pool)).all()
    assert all(len(set(row)) == size for row in start.tolist())


def test_only_the_minor_is_introduced_as_one():
    assert [name for name, persona in PERSONAS.items() if persona.viewer == "minor"] == ["minor"]


def test_a_platform_without_a_place_to_start_is_refused():
    labels = LabelService({"account:a": [Label.MEMBER], "account:b": [Label.ORDINARY]})
    with pytest.raises(BadInput) as caught:
        PERSONAS["adjacent"].start(labels, 2, np.random.default_rng(1))
    assert caught.value.field == "neighbour"
