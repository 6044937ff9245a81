from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.web.console.layout import Box, places

BOX = Box(width=960, height=600)
NAMES = [f"account:{i}" for i in range(12)]


@settings(max_examples=50)
@given(
    st.integers(0, 12),
    st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda tie: tie[0] < tie[1])),
)
def test_everybody_has_a_place_inside_the_box(count, ties):
    names = NAMES[:count]
    inside = {(NAMES[a], NAMES[b]) for a, b in ties if b < count}
    found = places(names, inside, BOX)
    assert set(found) == set(names)
    assert all(0 < x < BOX.width and 0 < y < BOX.height for x, y in found.values())


def test_the_same_case_gives_the_same_picture():
    ties = {(NAMES[i], NAMES[i + 1]) for i in range(11)}
    assert places(NAMES, ties, BOX) == places(NAMES, ties, BOX)


def test_accounts_without_a_path_stand_below_the_others_and_apart():
    ring = {(NAMES[i], NAMES[i + 1]) for i in range(5)}
    found = places(NAMES, ring, BOX)
    joined, alone = NAMES[:6], NAMES[6:]
    assert max(found[name][1] for name in joined) < min(found[name][1] for name in alone)
    assert len({found[name] for name in alone}) == len(alone)


def test_many_lonely_accounts_need_more_than_one_row():
    names = [f"account:{i}" for i in range(100)]
    found = places(names, set(), BOX)
    assert len({y for _, y in found.values()}) == 4
    assert len(set(found.values())) == 100
