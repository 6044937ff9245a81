"""What is drawn: a floor of each stratum, a share of the rest, and all that cannot be undone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from tests.unit.casework.cases import case

from havenwall.casework.quality import DrawConfig, QualityStage
from havenwall.engine import Batch
from havenwall.model import Case, Decision, Verb
from havenwall.model.quality import Judged

AT = datetime(2026, 1, 5, tzinfo=UTC)


CASE = case(opened_at=AT - timedelta(hours=1))


class View:
    def __init__(self, drawn: int = 0) -> None:
        self._drawn = drawn

    def drawn(self, strata: Iterable[str]) -> dict[str, int]:
        return dict.fromkeys(strata, self._drawn)

    def cases_for(self, decisions: Iterable[Decision]) -> dict[tuple[str, str], Case]:
        return {}

    def later(self, decisions: Iterable[Decision]) -> set[tuple[str, str]]:
        return set()


def decision(verb: Verb, count: int = 1, *, rule: str | None = None, by: str = "user:mira") -> Decision:
    names = tuple(f"account:{n}" for n in range(count))
    return Decision(id=f"{verb}{rule}{by}", verb=verb, entities=names, by=by, why="x", at=AT, rule=rule)


def drawn(*decisions: Decision, share: float = 0.05, floor: int = 20, before: int = 0) -> list[float]:
    stage = QualityStage(View(before), DrawConfig(share=share, floor=floor))
    first, again = (stage.run(Batch(decisions=decisions)) for _ in range(2))
    if before >= floor:
        assert first == again, "repeated work draws the same"
    return [review.probability for review in first.reviews]


def test_the_floor_is_drawn_for_certain_and_then_a_share() -> None:
    found = drawn(decision(Verb.CONFIRM, 2000))
    assert found[:20] == [1.0] * 20
    assert set(found[20:]) == {0.05}
    assert 60 < len(found[20:]) < 140


def test_each_stratum_has_its_own_floor() -> None:
    found = drawn(
        decision(Verb.CONFIRM, 5), decision(Verb.CLEAR, 5), decision(Verb.SUPPRESS, 5, by="policy:p")
    )
    assert found == [1.0] * 15


def test_removals_and_upheld_appeals_are_all_drawn() -> None:
    full = decision(Verb.REMOVE, 50), decision(Verb.CLEAR, 50, rule="appeal")
    assert drawn(*full, share=0.001, before=99) == [1.0] * 100


def test_what_judges_nobody_is_not_drawn() -> None:
    assert drawn(*(decision(verb) for verb in (Verb.OPEN_CASE, Verb.LIFT, Verb.NO_RULE))) == []


def test_the_first_answer_follows_from_the_verb() -> None:
    wanted = {Verb.SUPPRESS: Judged.CONFIRMED, Verb.CLEAR: Judged.CLEARED, Verb.CARE: Judged.CARE}
    batch = Batch(decisions=tuple(map(decision, wanted)))
    found = QualityStage(View()).run(batch).reviews
    assert {review.verb: review.first for review in found} == wanted
    assert len({review.stratum for review in found}) == 3


class Cases(View):
    """All are of one case; accounts whose names end in 1 were decided on before."""

    def cases_for(self, decisions: Iterable[Decision]) -> dict[tuple[str, str], Case]:
        return {(one.id, entity): CASE for one in decisions for entity in one.entities}

    def later(self, decisions: Iterable[Decision]) -> set[tuple[str, str]]:
        return {(one.id, entity) for one in decisions for entity in one.entities if entity.endswith("1")}


def test_time_to_decision_is_of_first_decisions_and_not_of_appeals() -> None:
    batch = Batch(decisions=(decision(Verb.CONFIRM, 2), decision(Verb.CLEAR, 2, rule="appeal")))
    found = QualityStage(Cases()).run(batch).reviews
    waited = {(review.verb, review.entity): review.waited_seconds for review in found}
    assert waited.pop((Verb.CONFIRM, "account:0")) == 3600
    assert set(waited.values()) == {None}
