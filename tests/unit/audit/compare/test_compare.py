from __future__ import annotations

import msgspec
import pytest
from tests.unit.audit.compare.samples import (
    FIRST,
    NO_DETECTION_PRIOR,
    SECOND,
    platform,
    request,
    seen,
    with_canaries,
)

from havenwall.audit.compare import Compared, Ratio, Span, compare
from havenwall.audit.compare.order import closed, places


def test_raw_counts_are_never_ranked() -> None:
    found = compare(request(FIRST, SECOND, canaries=None))
    (pair,) = found.ratios
    assert (pair.sign, pair.corrected, pair.chance_higher) == ("undetermined", None, None)
    assert "first and second" in pair.why
    assert pair.tips_at == pytest.approx(2.60, abs=0.005)
    assert pair.needed is not None
    assert pair.needed.canaries is not None
    assert "canaries each" in pair.needed.words
    assert found.order[0].unranked_against == ["second"]
    assert "Plant canaries" in found.caveats[1]


def test_the_sign_of_the_research_is_undetermined() -> None:
    for prior in (NO_DETECTION_PRIOR, msgspec.structs.replace(NO_DETECTION_PRIOR, detection=0.5)):
        (pair,) = compare(request(*with_canaries(), prior=prior)).ratios
        assert pair.sign == "undetermined"
        assert 0.8 < pair.chance_higher < 0.95
        assert pair.needed.canaries[0] > 30
        assert pair.needed.canaries[1] > 20


def test_enough_canaries_rank() -> None:
    first = msgspec.structs.replace(FIRST, detection=seen(600, 360))
    second = msgspec.structs.replace(SECOND, detection=seen(600, 180))
    found = compare(request(first, second))
    assert found.ratios[0].sign == "higher"
    assert found.ratios[0].needed is None
    assert found.order[0].higher_than == ["second"]
    assert found.order[1].lower_than == ["first"]
    assert compare(request(second, first)).ratios[0].sign == "lower"


def test_what_is_needed_settles_it() -> None:
    (pair,) = compare(request(*with_canaries())).ratios
    planted = pair.needed.canaries
    first = msgspec.structs.replace(FIRST, detection=seen(planted[0], round(planted[0] * 0.6)))
    second = msgspec.structs.replace(SECOND, detection=seen(planted[1], round(planted[1] * 0.3)))
    assert compare(request(first, second)).ratios[0].sign == "higher"


def test_alike_platforms_are_told_that_nothing_helps() -> None:
    a, b = (platform(name, 100, detection=seen(50, 25)) for name in "ab")
    (pair,) = compare(request(a, b)).ratios
    assert pair.needed.words.startswith("nothing practical")
    assert (pair.needed.canaries, pair.needed.effort_times, pair.needed.both_times) == (None, None, None)


def test_effort_helps_where_finds_are_few() -> None:
    a, b = platform("a", 9, detection=seen(900, 450)), platform("b", 5, detection=seen(900, 450))
    (met,) = compare(request(a, b, canaries="encounter")).ratios
    assert met.needed.effort_times > 2
    assert "times the effort" in met.needed.words
    # A whole search that found half of what is there cannot find ten times as many.
    (there,) = compare(request(a, b)).ratios
    assert there.needed.effort_times is None


def test_more_pairs_need_wider_intervals() -> None:
    both = with_canaries()
    two = compare(request(*both)).ratios[0]
    three = compare(request(*both, platform("third", 5, detection=seen(20, 10)))).ratios[0]
    assert two.together == two.corrected == three.corrected
    assert three.together.low < two.together.low
    assert three.together.high > two.together.high


def test_order_in_the_file_changes_nothing() -> None:
    first, second = with_canaries()
    one, other = compare(request(first, second)).ratios[0], compare(request(second, first)).ratios[0]
    assert one.corrected.low * other.corrected.high == pytest.approx(1)
    assert one.corrected.value * other.corrected.value == pytest.approx(1)


def pair(first: str, second: str, sign: str) -> Ratio:
    one = Span(value=1, low=1, high=1)
    return Ratio(
        first=first,
        second=second,
        found=one,
        corrected=one,
        together=one,
        sign=sign,
        chance_higher=0.5,
        why="",
        tips_at=None,
        needed=None,
    )


def test_what_follows_is_ranked() -> None:
    signs = [pair("a", "b", "higher"), pair("a", "c", "undetermined"), pair("c", "b", "lower")]
    ratios = closed([*signs, pair("c", "d", "higher"), pair("d", "a", "undetermined")])
    assert [(r.sign, r.follows) for r in ratios[1:]] == [
        ("higher", True),
        ("lower", False),
        ("higher", False),
        ("lower", True),
    ]
    order = places("abcd", ratios)
    assert order[0].higher_than == ["b", "c", "d"]
    assert order[3].lower_than == ["a", "c"]


def test_a_result_survives_json() -> None:
    found = compare(request(*with_canaries()))
    assert msgspec.json.decode(msgspec.json.encode(found), type=Compared) == found
