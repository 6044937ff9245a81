from datetime import timedelta

import pytest
from tests.unit.web_console.made import AT, case, graph, member

from havenwall.casework.queues import explained
from havenwall.model import ActionKind, ActionState, CaseEvent, CaseState, MemberState, Restriction
from havenwall.web.console import words


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0 %"),
        (0.0001, "under 0.1 %"),
        (0.006, "0.6 %"),
        (0.0994, "9.9 %"),
        (0.0996, "10 %"),
        (0.845, "84 %"),
        (0.993, "99.3 %"),
        (0.9999, "over 99.9 %"),
        (1.0, "100 %"),
    ],
)
def test_a_share_is_exact_where_it_matters(share, text):
    assert words.percent(share).replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("probability", "text"), [(1.0, "over 99 %"), (0.994, "99 %"), (0.5, "50 %"), (0.0, "under 1 %")]
)
def test_no_probability_is_told_as_certain(probability, text):
    assert words.likelihood(probability).replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("minutes", "text", "late"),
    [
        (-61, "overdue by 1 hour", True),
        (0, "due in less than a minute", False),
        (3000, "due in 2 days", False),
    ],
)
def test_a_case_says_how_long_is_left(minutes, text, late):
    due = AT + timedelta(minutes=minutes)
    assert words.due_words(case(due_at=due), AT) == (text, late)


def test_a_decided_case_is_not_late():
    assert words.due_words(case(state=CaseState.DECIDED, due_at=AT - timedelta(days=9)), AT) == (
        "decided",
        False,
    )


def test_the_priority_is_explained_by_its_heaviest_parts():
    asked = case(proposed=40)
    parts = explained(asked, [member(f"account:{i}", probability=0.6) for i in range(40)], AT)
    text = words.priority_words(case(priority_parts=parts, proposed=40))
    assert text == "Severity 32 of 40; velocity 8 of 10."


def test_a_change_is_told_with_what_was_before():
    def told(what, old, new):
        line = CaseEvent(id="E", case_id="C1", at=AT, by="user:mira", what=what, why="so", old=old, new=new)
        return words.change_words(line)

    assert told("taken", None, "user:mira") == "nobody → mira"
    assert told("queue", "general", "german") == "general → german"
    assert told("opened", None, "open_case") == ""


def test_nobody_left_to_review_needs_no_halves():
    assert words.priority_words(case(proposed=0, priority=0.0)) == "Nobody is left to review."


def test_every_value_has_words():
    assert all(words.state_word(state) for state in (*MemberState, *CaseState))
    assert len({words.standing_sentence(r) for r in Restriction}) == len(Restriction)
    assert all(all(words.action_words(kind, state)) for kind in ActionKind for state in ActionState)


@pytest.mark.parametrize(
    ("by", "text"),
    [
        ("user:anna", "anna"),
        ("policy:known-media", "rule known-media"),
        ("key:feed", "API key feed"),
        ("platform", "the platform\u2019s own team"),
        ("system", "the command line"),
        ("elsewhere", "elsewhere"),
    ],
)
def test_who_did_it_is_named(by, text):
    assert words.who(by) == text


def test_preserved_evidence_is_done_and_a_restriction_is_in_force():
    assert words.action_words(ActionKind.PRESERVE, ActionState.CONFIRMED)[1] == "done"
    assert words.action_words(ActionKind.SUPPRESS, ActionState.CONFIRMED)[1] == "in force"


def test_a_drawing_says_what_it_leaves_out():
    picture = graph(("account:a", "account:b"), ("account:b", "account:a"))
    assert words.drawing_words(picture, 2) == "All 2 accounts of this case and 1 tie among them."
    assert words.drawing_words(picture, 1200).startswith("The 2 most probable of 1,200 accounts")
