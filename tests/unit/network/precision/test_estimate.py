import numpy as np
import pytest

from havenwall.errors import BadInput, NotReady
from havenwall.network.precision import Audits, Bucket, Part, SamplingPlan, World, estimate, simulate


def bucket(number: int, size: int, part: Part = Part.FLAGGED) -> Bucket:
    return Bucket(number=number, part=part, size=size, low=0.0, high=1.0)


def audits(numbers, member, chance=0.1, cluster=None) -> Audits:
    numbers = np.asarray(numbers)
    return Audits(
        bucket=numbers,
        member=np.asarray(member, bool),
        probability_of_selection=np.broadcast_to(np.asarray(chance, float), numbers.shape).copy(),
        cluster=cluster,
    )


def covered(rng, sizes, shares, taken, times=150) -> float:
    buckets = [bucket(i, size) for i, size in enumerate(sizes)]
    hits = 0
    for _ in range(times):
        members = rng.binomial(sizes, shares)
        found = rng.hypergeometric(members, sizes - members, taken)
        numbers = np.repeat(np.arange(len(sizes)), taken)
        outcome = np.concatenate([np.arange(n) < k for n, k in zip(taken, found, strict=True)])
        got = estimate(buckets, audits(numbers, outcome), draws=400, seed=int(rng.integers(1 << 30)))
        hits += got.precision.low <= members.sum() / sizes.sum() <= got.precision.high
    return hits / times


@pytest.mark.parametrize("shares", [[0.97] * 6, [1, 0.95, 0.9, 0.8, 0.6, 0.3]])
def test_intervals_of_the_precision_cover(shares):
    rng = np.random.default_rng(4)
    sizes, taken = np.full(6, 130), np.full(6, 20)
    assert 0.91 <= covered(rng, sizes, np.array(shares, float), taken) <= 0.99


def test_unequal_buckets_are_weighed_by_their_size():
    numbers, member = np.repeat([0, 1], 50), np.arange(100) < 60
    got = estimate([bucket(0, 100), bucket(1, 900)], audits(numbers, member))
    assert got.precision.value == pytest.approx(0.1 + 0.9 * 0.2)
    assert 0.15 < got.precision.low < 0.28 < got.precision.high < 0.45


def test_a_census_leaves_no_doubt():
    member = np.arange(40) < 30
    got = estimate([bucket(0, 40)], audits(np.zeros(40, int), member, 1.0))
    assert (got.precision.low, got.precision.value, got.precision.high) == (0.75, 0.75, 0.75)
    assert got.buckets[0].low == got.buckets[0].high == 0.75


def test_reviewers_who_pick_the_worst_do_not_flatter_the_figure():
    rng = np.random.default_rng(5)
    member = rng.random(2000) < 0.4
    chance = np.where(member ^ (rng.random(2000) < 0.2), 0.4, 0.05)
    taken = rng.random(2000) < chance
    got = estimate([bucket(0, 2000)], audits(np.zeros(taken.sum(), int), member[taken], chance[taken]))
    assert member[taken].mean() > 0.6
    assert got.precision.low < member.mean() < got.precision.high
    assert got.precision.value == pytest.approx(member.mean(), abs=0.1)


def test_accounts_reviewed_for_sure_stand_only_for_themselves():
    chance = np.repeat([1.0, 0.1], [50, 45])
    member = np.repeat([True, False], [50, 45])
    got = estimate([bucket(0, 500)], audits(np.zeros(95, int), member, chance))
    assert got.precision.value == pytest.approx(50 / 500)


def test_half_finished_audits_are_no_bias():
    numbers, member = np.zeros(100, int), np.arange(100) % 10 > 0
    whole = estimate([bucket(0, 1000)], audits(numbers, member))
    half = estimate([bucket(0, 1000)], audits(numbers[:50], member[:50]))
    assert whole.precision.value == half.precision.value == pytest.approx(0.9)
    assert half.precision.low < whole.precision.low


def test_clusters_widen_the_interval():
    rng = np.random.default_rng(6)
    member = np.repeat(rng.random(20) < 0.7, 5)
    alone = estimate([bucket(0, 5000)], audits(np.zeros(100, int), member))
    tied = estimate(
        [bucket(0, 5000)], audits(np.zeros(100, int), member, cluster=np.repeat(np.arange(20), 5))
    )
    assert tied.correlation > 0.9
    assert tied.precision.high - tied.precision.low > 1.8 * (alone.precision.high - alone.precision.low)


def test_recall_counts_what_lies_below_the_threshold():
    people = simulate(np.random.default_rng(7), World.STRONG, accounts=20_000, members=200)
    flagged = people.top(150)
    plan = SamplingPlan(flagged_buckets=3)
    buckets, _ = plan.cut(people.score, flagged)
    drawn = plan.draw(people.score, flagged, range(20_000), 400, 3, people.probability)
    rows = np.array([one.row for one in drawn])
    chance = [one.probability_of_selection for one in drawn]
    got = estimate(buckets, audits([one.bucket for one in drawn], people.member[rows], chance))
    truth = people.member[flagged].sum() / people.member.sum()
    assert got.recall.low <= truth <= got.recall.high
    assert got.recall_reported.low <= truth <= got.recall_reported.high
    assert got.recall_reported.high - got.recall_reported.low < 0.3
    assert got.recall.low < got.recall_reported.low
    assert len(got.buckets) == len(buckets)
    assert got.flagged == 150


def test_finding_nobody_below_does_not_rule_out_that_all_were_found():
    below = [bucket(0, 100), bucket(1, 300, Part.NEAR), bucket(2, 9000, Part.FAR)]
    numbers = np.repeat([0, 1, 2], 60)
    got = estimate(below, audits(numbers, numbers == 0))
    assert got.recall.high == got.recall_reported.high == 1
    assert got.recall.low < 0.7


def test_a_bucket_without_audits_may_hold_anything():
    got = estimate([bucket(0, 100), bucket(1, 100)], audits(np.zeros(50, int), np.ones(50)))
    assert got.buckets[1].low == 0
    assert got.buckets[1].high == 1
    assert got.precision.low < 0.55
    assert got.precision.high > 0.95


def test_same_input_same_answer():
    given = audits(np.zeros(50, int), np.arange(50) < 40)
    assert estimate([bucket(0, 500)], given) == estimate([bucket(0, 500)], given)


def test_refuses_what_cannot_be():
    one = [bucket(0, 10)]
    with pytest.raises(NotReady):
        estimate(one, audits(np.zeros(0, int), []))
    with pytest.raises(NotReady):
        estimate([*one, bucket(1, 10, Part.NEAR)], audits([1], [True]))
    with pytest.raises(BadInput, match="does not exist"):
        estimate(one, audits([1], [True]))
    with pytest.raises(BadInput, match="more audits"):
        estimate(one, audits(np.zeros(11, int), np.ones(11)))
    with pytest.raises(BadInput):
        audits([0], [True], 0.0)
    with pytest.raises(BadInput):
        audits([0, 0], [True])
