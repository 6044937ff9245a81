"""Figures of quality: weights, intervals, and silence where there is too little to say."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score
from tests.unit.casework.quality.krippendorff import alpha

from havenwall.casework.quality import Reviewed, figures, resample
from havenwall.model import CaseClass, CaseTopic, Verb
from havenwall.model.quality import Answer, Judged, Review, ReviewState

AT = datetime(2026, 1, 5, tzinfo=UTC)
C, N = Judged.CONFIRMED, Judged.CLEARED


def review(n: int, first: Judged, final: Judged | None, **more: object) -> Review:
    made = Review(
        id=f"r{n}",
        decision_id=f"d{n}",
        entity=f"account:{n}",
        case_id="c",
        case_class=CaseClass.CHILD_SAFETY,
        topic=CaseTopic.NETWORK,
        verb=Verb.CONFIRM if first is C else Verb.CLEAR,
        by_person=True,
        policy="shops",
        first=first,
        decided_at=AT,
        waited_seconds=3600.0 * (n + 1),
        probability=1.0,
        at=AT,
        state=ReviewState.SETTLED if final else ReviewState.WAITING,
        final=final,
    )
    return msgspec.structs.replace(made, **more)


def reviewed(
    n: int, first: Judged, second: Judged, *, third: Judged | None = None, **more: object
) -> Reviewed:
    answers = (Answer(judged=second, why="x", part=2),)
    answers += (Answer(judged=third, why="x", part=3),) if third else ()
    final = second if first is second else third
    return Reviewed(review=review(n, first, final, **more), answers=answers)


def mixed() -> list[Reviewed]:
    pairs = [(C, C)] * 12 + [(N, N)] * 5 + [(C, N)] * 3
    return [reviewed(n, a, b, third=None if a is b else b) for n, (a, b) in enumerate(pairs)]


def test_they_are_the_library_s_with_intervals_around_them() -> None:
    found, said = mixed(), figures(mixed())
    first = [one.review.first.value for one in found]
    expected = cohen_kappa_score(first, [one.second for one in found])
    assert said.kappa.value == pytest.approx(expected)
    units = [(one.review.first.value, one.second) for one in found]
    assert said.alpha.value == pytest.approx(alpha(units))
    assert said.overturned.value == pytest.approx(3 / 20)
    for one in (said.kappa, said.alpha, said.overturned):
        assert one.value is not None
        assert one.low is not None
        assert one.high is not None
        assert one.low <= one.value <= one.high
    assert (said.drawn, said.waiting, said.differ) == (20, 0, 0)
    assert (said.median_hours, said.slow_hours) == (10, 18)


def test_what_was_drawn_rarely_counts_for_more() -> None:
    found = [reviewed(n, C, C, probability=0.1) for n in range(10)]
    found += [reviewed(n, C, N, third=N) for n in range(10, 20)]
    said = figures(found)
    assert said.overturned.value == pytest.approx(10 / 110)
    (policy,) = said.policies
    assert policy.shares["confirmed"] == pytest.approx({"confirmed": 100 / 110, "cleared": 10 / 110})


def test_few_reviews_say_nothing() -> None:
    said = figures([reviewed(n, C, N, third=N) for n in range(9)])
    assert {one.value for one in (said.kappa, said.alpha, said.overturned, said.golden_right)} == {None}
    assert said.median_hours is None
    assert figures([]).drawn == 0


def test_few_of_a_stratum_or_policy_say_nothing_either() -> None:
    said = figures([*mixed(), *(reviewed(n, C, N, third=N, policy="rare") for n in range(50, 59))])
    strata = {row.stratum: row.overturned for row in said.strata}
    assert strata == {"confirm/network/person": 12, "clear/network/person": None}
    assert {row.policy: bool(row.shares) for row in said.policies} == {"shops": True, "rare": False}


def test_those_that_wait_for_a_third_person_are_not_left_out() -> None:
    agreed = [reviewed(n, C, C) for n in range(80)]
    waiting = [
        msgspec.structs.replace(one, review=msgspec.structs.replace(one.review, state=ReviewState.DIFFERS))
        for one in (reviewed(n, C, N) for n in range(100, 116))
    ]
    settled = [reviewed(n, C, N, third=N if n < 203 else C) for n in range(200, 204)]
    said = figures([*agreed, *waiting, *settled]).overturned
    assert said.value == pytest.approx(0.2 * 3 / 4), "one in five differs, three of four of those are wrong"
    assert said.low is not None
    assert said.high is not None
    assert said.low < 0.15 < said.high
    assert figures([*agreed, *waiting]).overturned.value is None, "nobody knows how they come out"


def test_what_is_resampled_are_counts_so_that_many_cost_no_more() -> None:
    shapes: set[tuple[int, ...]] = set()

    def seen(counts: np.ndarray) -> float:
        shapes.add(counts.shape)
        return float(counts[1])

    cells = [(n % 2, 1.0) for n in range(5000)]
    told = resample.estimate(cells, 2, seen)
    assert shapes == {(2,)}
    assert (told.value, told.reviews) == (2500, 5000)
    assert told.low is not None
    assert 2400 < told.low < 2500


def test_agreement_without_variation_has_no_kappa() -> None:
    said = figures([reviewed(n, C, C) for n in range(12)])
    assert (said.kappa.value, said.alpha.value, said.overturned.value) == (None, None, 0)


def test_golden_cases_count_apart() -> None:
    answers = tuple(Answer(judged=C if n < 9 else N, why="x", part=0) for n in range(12))
    golden = Reviewed(review=review(1, C, None, golden=True), answers=answers)
    said = figures([golden])
    assert (said.drawn, said.golden_right.value, said.golden_right.reviews) == (0, 0.75, 12)


def test_figures_name_nobody() -> None:
    assert b"user:" not in msgspec.json.encode(figures(mixed()))
