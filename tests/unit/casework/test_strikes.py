"""Strikes follow from the history alone: order and repetition change nothing, persons take them away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.casework.strikes import StrikePolicy, StrikeTally, count_strikes, load_strikes
from havenwall.errors import BadConfig
from havenwall.model import Decision, Verb

AT = datetime(2026, 3, 1, tzinfo=UTC)
WHO = "account:a"
POLICY = StrikePolicy(weights={"grave": 3, "light": 0.5})


def decision(
    number: int, verb: Verb, case: str = "C1", policy: str | None = None, by: str = "user:mira"
) -> Decision:
    return Decision(
        id=f"d{number:03}",
        verb=verb,
        entities=(WHO, "account:b"),
        by=by,
        why="seen",
        at=AT + timedelta(days=number),
        case_id=case,
        policy=policy,
    )


def tally(*decisions: Decision, days: float = 100, entity: str = WHO) -> StrikeTally:
    return count_strikes(decisions, entity, POLICY, AT + timedelta(days=days))


decisions = st.lists(
    st.builds(
        decision,
        st.integers(0, 90),
        st.sampled_from(list(Verb)),
        st.sampled_from(["C1", "C2"]),
        st.sampled_from([None, "grave", "light"]),
        st.sampled_from(["user:mira", "policy:rule"]),
    ),
    max_size=12,
    unique_by=lambda d: d.id,
)


@given(decisions, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(found: list[Decision], chance: object) -> None:
    mixed = [*found, *found]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert tally(*mixed) == tally(*found)


@given(decisions)
def test_points_are_those_that_count(found: list[Decision]) -> None:
    told = tally(*found)
    assert told.points == sum(strike.weight for strike in told.strikes if strike.counts) >= 0
    assert len({strike.decision_id for strike in told.strikes}) == len(told.strikes)


def test_deciding_further_on_the_same_is_one_strike() -> None:
    told = tally(decision(1, Verb.CONFIRM, policy="grave"), decision(2, Verb.RESTRICT, policy="grave"))
    assert (told.points, told.recommends) == (3, Verb.RESTRICT)
    assert tally(decision(1, Verb.CONFIRM), decision(2, Verb.CONFIRM, "C2")).points == 2


@pytest.mark.parametrize("verb", [Verb.CLEAR, Verb.LIFT, Verb.CARE])
def test_persons_take_strikes_away_and_may_give_them_again(verb: Verb) -> None:
    away = (decision(1, Verb.CONFIRM), decision(2, verb), decision(3, Verb.CONFIRM, "C2"))
    told = tally(*away)
    assert told.points == 1
    assert [strike.counts for strike in told.strikes] == [False, True]
    assert tally(*away, decision(4, Verb.CONFIRM)).points == 2


def test_machines_neither_give_strikes_nor_take_them_away() -> None:
    by = "policy:expiry"
    assert tally(decision(1, Verb.CONFIRM, by=by)).strikes == ()
    assert tally(decision(1, Verb.RESTRICT), decision(2, Verb.LIFT, by=by)).points == 1


def test_strikes_expire() -> None:
    assert tally(decision(0, Verb.CONFIRM), days=179).points == 1
    told = tally(decision(0, Verb.CONFIRM), days=181)
    assert (told.points, told.strikes[0].why_not) == (0, "expired")


def test_others_and_the_future_do_not_count() -> None:
    assert tally(decision(1, Verb.CONFIRM), entity="account:c").strikes == ()
    assert tally(decision(50, Verb.CONFIRM), days=10).strikes == ()


def test_the_highest_threshold_crossed_recommends() -> None:
    assert tally(decision(1, Verb.CONFIRM)).recommends is None
    twice = tally(decision(1, Verb.CONFIRM, policy="grave"), decision(2, Verb.CONFIRM, "C2", "grave"))
    assert twice.recommends is Verb.REMOVE


def test_the_operators_weights_are_read(tmp_path: Path) -> None:
    file = tmp_path / "strikes.yaml"
    file.write_text("weights: {grave: 3}\ndays: 30\nthresholds: [{points: 3, step: restrict}]\n")
    assert load_strikes(file).days == 30
    assert load_strikes(None) == StrikePolicy()
    for wrong in ("days: 0", "weights: {a: -1}", "nothing: 1", "thresholds: [{points: x}]", "[", "a"):
        file.write_text(wrong)
        with pytest.raises(BadConfig):
            load_strikes(file)
    with pytest.raises(BadConfig):
        load_strikes(tmp_path / "none.yaml")
