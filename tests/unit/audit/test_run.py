import gc
import weakref

import msgspec
import pytest

from havenwall.audit import ARMS, AuditResult, run_audit
from havenwall.errors import BadInput


def test_the_audit_sees_what_was_planted(make_world, plan):
    result = run_audit(plan, [make_world(seed) for seed in range(3)])
    arms = result.arms
    assert tuple(arms) == ARMS
    assert arms["none"].exposure > arms["known"].exposure > arms["havenwall"].exposure
    assert arms["all_known"].exposure == 0
    assert result.prevalence == 30 / 240
    assert result.comparisons["none_vs_havenwall"].low > 0
    assert 0.8 < result.suppressed.precision < 1
    assert 0.6 < result.suppressed.recall_unknown < 1
    assert result.suppressed.bystander_share == 0.1
    assert result.suppressed.hard_negatives == 1
    assert result.plan == plan


def test_the_same_plan_gives_the_same_result(make_world, plan):
    first, again = (run_audit(plan, (make_world(seed) for seed in range(3))) for _ in range(2))
    assert msgspec.json.encode(first) == msgspec.json.encode(again)
    other = msgspec.structs.replace(plan, seed=1)
    assert run_audit(other, (make_world(seed) for seed in range(3))).arms != first.arms


def test_the_result_survives_json(make_world, plan):
    result = run_audit(plan, (make_world(seed) for seed in range(3)))
    assert msgspec.json.decode(msgspec.json.encode(result), type=AuditResult) == result


def test_progress_counts_every_round_once(make_world, plan):
    seen = []
    run_audit(plan, (make_world(seed) for seed in range(3)), lambda *step: seen.append(step))
    total = 3 * len(ARMS) * plan.rounds
    assert [done for _, done, _ in seen] == list(range(1, total + 1))
    assert {steps for _, _, steps in seen} == {total}
    assert seen[0][0] == "platform 1 of 3: none"
    assert seen[-1][0] == "platform 3 of 3: all_known"


def test_one_world_is_held_at_a_time(make_world, plan):
    made = []

    def worlds():
        for seed in range(3):
            gc.collect()
            assert not any(earlier() for earlier in made)
            world = make_world(seed)
            made.append(weakref.ref(world.histories.follows))
            yield world
            del world

    run_audit(plan, worlds())
    assert len(made) == 3


@pytest.mark.parametrize("seeds", [(), (0, 1), (0, 1, 2, 3)])
def test_more_or_fewer_platforms_than_planned_are_refused(make_world, plan, seeds):
    with pytest.raises(BadInput) as caught:
        run_audit(plan, (make_world(seed) for seed in seeds))
    assert caught.value.field == "platform_seeds"


def test_the_same_platform_twice_is_refused(make_world, plan):
    with pytest.raises(BadInput, match="came twice"):
        run_audit(plan, (make_world(seed) for seed in (4, 4, 5)))


def test_a_bad_plan_is_refused_before_any_platform_is_made(plan):
    def worlds():
        pytest.fail("a world was made")
        yield

    with pytest.raises(BadInput):
        run_audit(msgspec.structs.replace(plan, persona="shopper"), worlds())
