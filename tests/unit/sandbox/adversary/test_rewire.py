import numpy as np
import pytest

from havenwall.engine import EVENT_SCHEMA
from havenwall.intake import check_event
from havenwall.sandbox import Platform
from havenwall.sandbox.adversary import MOVES, Scene, Step, churn, rewired, step_frames


def test_nothing_done_changes_nothing(platform: Platform) -> None:
    after = rewired(platform, Step.none())
    assert after.ids == platform.ids
    assert (after.follows != platform.follows).nnz == 0
    np.testing.assert_array_equal(after.followed_at, platform.followed_at)


@pytest.mark.parametrize("move", MOVES)
def test_events_told_one_after_the_other_give_the_follows(scene: Scene, move: str) -> None:
    before = scene.platform
    step = MOVES[move](scene, 1, 400, np.random.default_rng(3))
    after = rewired(before, step)
    place = {name: number for number, name in enumerate(after.ids)}
    n = len(after.ids)
    standing = set(zip(*before.follows.nonzero(), strict=True))
    standing = {(int(a), int(b)) for a, b in standing}
    for frame in step_frames(after.ids, step, "t"):
        assert frame.schema == EVENT_SCHEMA
        for row in frame.filter(frame["link"] == "follow").iter_rows(named=True):
            pair = (place[row["entity"]], place[row["target"]])
            (standing.add if row["type"] == "link" else standing.discard)(pair)
    assert standing == {(int(a), int(b)) for a, b in zip(*after.follows.nonzero(), strict=True)}
    assert after.follows.shape == (n, n)
    assert after.followed_at.size == after.follows.nnz


def test_new_accounts_have_names_of_their_own_and_no_audience_yet(scene: Scene) -> None:
    step = MOVES["re-registration"](scene, 1, 400, np.random.default_rng(3))
    after = rewired(scene.platform, step)
    assert len(set(after.ids) | set(after.former.ids)) == len(after.ids) + len(after.former.ids)
    assert after.member.sum() == scene.platform.member.sum() + step.rings.size
    for field in ("created_at", "role", "fresh", "community", "ring"):
        assert getattr(after, field).size == len(after.ids)


def test_one_step_after_the_other_makes_no_name_twice(scene: Scene) -> None:
    first = rewired(scene.platform, churn(scene, np.random.default_rng(1)))
    again = Scene(platform=first, hidden=scene.hidden, release=2, until=scene.until)
    second = rewired(first, churn(again, np.random.default_rng(2)))
    assert len(set(second.ids)) == len(second.ids)


def test_ordinary_people_follow_no_member_more_than_they_did(scene: Scene) -> None:
    step = churn(scene, np.random.default_rng(1))
    follows = step.follows
    assert (step.rings == -1).all()
    assert step.rings.size == 10
    known = follows.followed < len(scene.platform.ids)
    assert not scene.platform.member[follows.followed[known]].any()


def test_events_are_accepted_at_the_door(scene: Scene) -> None:
    step = MOVES["tag drift"](scene, 0, 8, np.random.default_rng(3))
    rows = [row for f in step_frames(scene.platform.ids, step, "t") for row in f.iter_rows(named=True)]
    assert len(rows) == 16
    for row in rows:
        told = {k: v for k, v in row.items() if v is not None} | {"at": row["at"].isoformat()}
        assert check_event(told).entity == row["entity"]
