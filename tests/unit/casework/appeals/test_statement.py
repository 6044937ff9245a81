"""Statements of reasons are made from facts, in each language, and name nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from havenwall.casework.appeals import answered, check_appeal, outcome, reversals, statement
from havenwall.casework.appeals.texts import LANGUAGES
from havenwall.errors import BadInput, Conflict, Forbidden
from havenwall.model import ActionKind, CaseClass, CaseTopic, Verb, Viewer
from havenwall.model.appeal import APPEAL_WITHIN, Appeal, AppealDraft, AppealState, Finding, Grounds

AT = datetime(2026, 1, 5, 12, tzinfo=UTC)
GROUNDS = Grounds(
    action_id="a1",
    entity="account:x",
    kind=ActionKind.RESTRICT,
    at=AT,
    expires_at=None,
    case_class=CaseClass.CHILD_SAFETY,
    topic=CaseTopic.NETWORK,
    policy=None,
    rule="rule",
    machine_found=True,
    machine_decided=False,
    two_persons=True,
)
DRAFT = AppealDraft(source_id="1", action_id="a1", text=" It is my shop. ")
ROBIN = Viewer(name="user:robin", rights=frozenset())


def appeal(**changes: object) -> Appeal:
    made = Appeal(
        id="p1",
        number="HW-1",
        sender="key:forum",
        source_id="1",
        entity="account:x",
        text="It is my shop.",
        language="en",
        grounds=GROUNDS,
        case_id="c1",
        case_class=CaseClass.CHILD_SAFETY,
        received_at=AT,
        due_at=AT + timedelta(days=14),
    )
    return msgspec.structs.replace(made, **changes)


@pytest.mark.parametrize("language", [*LANGUAGES, "de-AT", "xx"])
@pytest.mark.parametrize("kind", [ActionKind.SUPPRESS, ActionKind.RESTRICT, ActionKind.REMOVE])
def test_every_restriction_has_words_in_every_language(language: str, kind: ActionKind) -> None:
    said = statement(msgspec.structs.replace(GROUNDS, kind=kind), language, AT, "CODE")
    whole = " ".join([said.title, said.restriction, said.facts, said.ground, said.automation, said.redress])
    assert "{" not in whole
    assert "2026-01-05" in said.restriction
    assert said.language == (language[:2] if language[:2] in LANGUAGES else "en")
    assert said.may_appeal


def test_it_says_who_found_and_who_decided() -> None:
    machine = msgspec.structs.replace(GROUNDS, machine_decided=True, two_persons=False)
    assert "machine decided" in statement(machine, "en", AT).automation
    assert "second person" in statement(GROUNDS, "en", AT).automation
    reported = msgspec.structs.replace(GROUNDS, machine_found=False, policy="Shops", expires_at=AT)
    said = statement(reported, "en", AT)
    assert said.facts == "People reported account:x."
    assert "Shops" in said.ground
    assert "ends by itself on 2026-01-05" in said.restriction


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [ActionKind.SUPPRESS, ActionKind.RESTRICT, ActionKind.REMOVE])
def test_what_was_taken_back_is_told_so_and_leaves_no_appeal(language: str, kind: ActionKind) -> None:
    changes = {"kind": kind, "ended_at": AT + timedelta(days=2), "taken_back": True, "machine_decided": True}
    over = msgspec.structs.replace(GROUNDS, **changes)
    now, then = (statement(grounds, language, AT) for grounds in (GROUNDS, over))
    assert "2026-01-07" in then.restriction
    assert then.title != now.title
    assert "until it is taken back" not in then.restriction
    assert "yet" not in then.automation, "who took it back has looked"
    assert (then.may_appeal, "2026-07" in then.redress) == (False, False)
    with pytest.raises(Conflict, match="taken back"):
        check_appeal(DRAFT, over, AT)
    assert check_appeal(DRAFT, over, AT, known=True), "one that was kept can be sent again"


def test_what_ran_out_can_still_be_appealed() -> None:
    over = msgspec.structs.replace(GROUNDS, ended_at=AT + timedelta(days=2), expires_at=AT)
    said = statement(over, "en", AT)
    assert "ended by itself on 2026-01-07" in said.restriction
    assert said.may_appeal, "its strike counts on"


def test_an_upheld_appeal_says_that_it_is_over() -> None:
    later = AT + timedelta(days=3)
    upheld = answered(appeal(), ROBIN, Finding.NO_BREACH, "a shop", later).statement
    stands = answered(appeal(), ROBIN, Finding.STANDS, "no shop", later).statement
    assert upheld is not None
    assert stands is not None
    assert "taken back on 2026-01-08" in upheld.restriction
    assert "until it is taken back" in stands.restriction


def test_after_its_time_there_is_no_appeal() -> None:
    late = AT + APPEAL_WITHIN + timedelta(seconds=1)
    assert not statement(GROUNDS, "en", late).may_appeal
    with pytest.raises(Conflict):
        check_appeal(DRAFT, GROUNDS, late)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source_id", " \x00"),
        ("source_id", "x" * 201),
        ("text", " "),
        ("text", "x" * 10_001),
        ("language", "?"),
    ],
)
def test_what_cannot_be_kept_is_named(field: str, value: str) -> None:
    with pytest.raises(BadInput) as problem:
        check_appeal(msgspec.structs.replace(DRAFT, **{field: value}), GROUNDS, AT)
    assert problem.value.field == field


def test_a_draft_is_tidied() -> None:
    assert check_appeal(DRAFT, GROUNDS, AT).text == "It is my shop."


@pytest.mark.parametrize("finding", list(Finding))
def test_every_finding_has_words(finding: Finding) -> None:
    for language in LANGUAGES:
        said = outcome(appeal(language=language), finding, AT)
        assert "{" not in said.facts + said.redress
        assert not said.may_appeal
        assert "robin" not in msgspec.json.encode(said).decode()


def test_only_an_upheld_appeal_changes_anything() -> None:
    cases = {"c1": CaseClass.CHILD_SAFETY, None: CaseClass.GENERAL}
    upheld = answered(appeal(), ROBIN, Finding.CONTEXT, "news", AT)
    made = reversals(upheld, cases)
    assert [(d.verb, d.case_id, d.case_class) for d in made] == [
        (Verb.CLEAR, None, CaseClass.GENERAL),
        (Verb.CLEAR, "c1", CaseClass.CHILD_SAFETY),
    ]
    assert made == reversals(upheld, cases), "repeated work gives the same decisions"
    assert reversals(answered(appeal(), ROBIN, Finding.STANDS, "holds", AT), cases) == ()


def test_a_person_with_a_reason_answers() -> None:
    with pytest.raises(BadInput):
        answered(appeal(), ROBIN, Finding.STANDS, " ", AT)
    with pytest.raises(Forbidden):
        answered(appeal(), Viewer(name="key:k", rights=frozenset()), Finding.STANDS, "why", AT)


def test_overdue_is_what_waits_past_its_day() -> None:
    late = AT + timedelta(days=15)
    assert appeal().overdue(late)
    assert not appeal().overdue(AT)
    assert not appeal(state=AppealState.UPHELD).overdue(late)
