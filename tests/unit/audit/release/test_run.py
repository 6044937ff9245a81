import msgspec
import numpy as np
import pytest

from havenwall.audit import AuditSurface
from havenwall.audit.release import Finding, run_release
from havenwall.audit.release.measures import METRICS, Seen, first_rounds, rank_weights
from havenwall.audit.threshold import Measure
from havenwall.errors import BadInput


def cell(finding, persona, arm):
    return next(c for c in finding.cells if (c.persona, c.arm) == (persona, arm))


def test_the_gate_sees_what_was_planted(release):
    finding = release.finding
    seek, best = cell(finding, "seek", "none"), cell(finding, "seek", "best")
    assert seek.low < seek.exposure < seek.high
    assert seek.exposure > 0.3
    assert best.exposure == 0
    assert 0 < best.high < 0.1
    assert finding.verdict.outcome == "pass"
    assert finding.prevalence == 30 / 240
    assert seek.amplification == pytest.approx(seek.exposure * 8)
    assert seek.beyond_popular == pytest.approx(seek.exposure * 10)
    assert seek.known_exposure + seek.unknown_exposure == pytest.approx(seek.exposure)


def test_the_twin_starts_where_those_who_are_led_start(release):
    ways = {
        (w.persona, w.platform_seed, w.account): w.start for w in release.finding.replays if w.arm == "none"
    }
    both = [key for key in ways if key[0] == "twin" and ("seek", *key[1:]) in ways]
    assert both
    assert all(ways[key] == ways["seek", *key[1:]] for key in both)
    assert cell(release.finding, "seek", "none").beyond_twin.difference > 0
    assert cell(release.finding, "control", "none").beyond_twin is None


def test_each_arm_is_compared_with_the_first_and_costs_what_it_costs(release):
    found = {(c.persona, c.arm): c for c in release.finding.comparisons}
    assert found["seek", "best"].gap.low > 0
    assert found["seek", "best"].gap.p < 0.01
    (cost,) = release.finding.costs
    assert cost.arm == "best"
    assert 0 < cost.slots_changed < cost.changed <= 1
    assert (cost.lookalikes_lost, cost.bystanders_lost) == (0, 0)


def test_a_replay_leads_to_a_member_that_was_shown(release):
    for way in release.finding.replays:
        assert way.arm == "none"
        assert way.member.partition(":")[2] in {str(n) for n in range(30)}
        assert len({step.round for step in way.steps}) == len(way.steps) == way.round - 1


def test_thresholds_may_speak_of_any_metric_everywhere(release, release_plan):
    for metric in METRICS:
        for persona in (None, *release_plan.personas):
            for surface in (None, "accounts"):
                measure = Measure(metric=metric, arm="none", persona=persona, surface=surface)
                accounts = 12 if persona else 36
                assert release.values[measure].shape == (4, accounts)


def test_the_same_plan_gives_the_same_finding(release, release_plan, worlds):
    again = run_release(release_plan, worlds(4), labels_hash="truth", version="1.2.3")
    assert again.finding.verdict == release.finding.verdict
    assert again.finding.replays == release.finding.replays


def test_a_finding_survives_json(release):
    encoded = msgspec.json.encode(release.finding)
    assert msgspec.json.decode(encoded, type=Finding) == release.finding


def test_progress_counts_every_round_once(release_plan, worlds):
    seen = []
    run_release(release_plan, worlds(4), labels_hash="", version="", progress=lambda *step: seen.append(step))
    total = 4 * 3 * 2 * 3
    assert [done for _, done, _ in seen] == list(range(1, total + 1))
    assert seen[0] == ("platform 1 of 4: control, none", 1, total)


def test_worlds_that_do_not_fit_the_plan_are_refused(release_plan, worlds):
    with pytest.raises(BadInput) as caught:
        run_release(release_plan, worlds(3), labels_hash="", version="")
    assert caught.value.field == "platform_seeds"
    other = msgspec.structs.replace(release_plan, surfaces=(AuditSurface.GROUPS,))
    with pytest.raises(BadInput) as caught:
        run_release(other, worlds(4), labels_hash="", version="")
    assert caught.value.field == "surfaces"
    arms = dict.fromkeys(("none", "best", "more"), release_plan.arms["none"])
    with pytest.raises(BadInput) as caught:
        run_release(msgspec.structs.replace(release_plan, arms=arms), worlds(4), labels_hash="", version="")
    assert caught.value.field == "arms"


def seen(member, known=None):
    member = np.array(member, dtype=bool)
    return Seen(
        member=member,
        known=member if known is None else np.array(known, dtype=bool),
        distinct=np.zeros(len(member), dtype=np.int64),
    )


def test_upper_places_count_more():
    top, bottom = seen([[[1, 0, 0, 0]]]), seen([[[0, 0, 0, 1]]])
    assert METRICS["exposure"](top) == METRICS["exposure"](bottom) == 0.25
    assert METRICS["weighted_exposure"](top)[0] > 0.25 > METRICS["weighted_exposure"](bottom)[0]
    assert rank_weights(7).sum() == pytest.approx(1)


def test_metrics_of_one_account():
    one = seen([[[0, 0], [1, 0], [1, 1]]], [[[0, 0], [1, 0], [0, 0]]])
    found = {name: float(metric(one)[0]) for name, metric in METRICS.items()}
    assert found["exposure"] == pytest.approx(0.5)
    assert (found["ever_exposed"], found["saturated"]) == (1, 1)
    assert found["known_exposure"] == pytest.approx(1 / 6)
    assert found["unknown_exposure"] == pytest.approx(2 / 6)
    rounds, ever = first_rounds(one)
    assert (rounds.tolist(), ever.tolist()) == ([2], [True])


def test_who_was_never_exposed_was_watched_to_the_end():
    rounds, ever = first_rounds(seen([[[0, 0], [0, 0], [0, 0]]]))
    assert (rounds.tolist(), ever.tolist()) == ([3], [False])
