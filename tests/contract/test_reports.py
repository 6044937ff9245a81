"""Reports are kept once, become one case for each entity, and are answered; on both databases."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tests.contract.reporting import FORUM, GROUP, HOTLINE, MIRA, ROBIN, Office, draft
from tests.contract.test_casework import Upstream

from havenwall.casework import check_still, review
from havenwall.casework.ladder import Footing
from havenwall.casework.queues import Clocks
from havenwall.casework.reports import contest
from havenwall.casework.steps import Given, close, merge, no_rule, split
from havenwall.casework.steps import given as steps_given
from havenwall.errors import BadInput, Conflict, Forbidden, NotFound
from havenwall.model import (
    SYSTEM,
    CaseClass,
    CaseSource,
    CaseState,
    CaseTopic,
    MemberState,
    ReportSource,
    ReportState,
    Restriction,
    Right,
    Verb,
    Viewer,
    now,
)
from havenwall.store import Store
from havenwall.store.views.reports import ReportFilter


@pytest.fixture
def office(any_store: Store, tmp_path: Path) -> Office:
    return Office(any_store, tmp_path)


def test_a_report_in_words_opens_a_case_of_its_entity(office: Office) -> None:
    (receipt,) = office.send(draft())
    report, case = office.report(receipt), office.case(receipt)
    assert (report.state, report.number) == (ReportState.IN_REVIEW, receipt.number)
    assert (case.topic, case.key, case.case_class) == (CaseTopic.REPORT, GROUP, CaseClass.CHILD_SAFETY)
    assert (case.members, case.proposed, case.source) == (1, 1, CaseSource.REPORT)


def test_sending_again_gives_the_same_receipt_and_changes_nothing(office: Office) -> None:
    first = office.send(draft())[0]
    again, other = office.send(draft(text="changed"), draft("2"))
    assert msgspec.structs.replace(again, new=True) == first
    assert not again.new
    assert other.new
    assert office.report(first).text == "They share bluewhistle."
    assert office.store.reports_for(SYSTEM).count() == 2
    assert office.store.journal.count() == 2


@pytest.mark.parametrize("other", [{"subject": "group:g2"}, {"reason": "spam"}])
def test_an_id_that_was_used_for_another_report_is_refused(office: Office, other: dict[str, str]) -> None:
    office.send(draft())
    with pytest.raises(Conflict, match="another report") as problem:
        office.send(draft("2"), draft(**other))
    assert problem.value.hint == "give each report its own id"
    assert office.store.reports_for(SYSTEM).count() == 1, "all of a call are kept, or none"


def test_who_goes_back_in_the_form_and_reports_something_else_is_heard(office: Office) -> None:
    first, again = (office.desk.take_public(draft("x" * 32)) for _ in range(2))
    other = office.desk.take_public(draft("x" * 32, subject="group:g2"))
    assert (first.new, again.new, other.new) == (True, False, True)
    assert again.code == first.code != other.code


def test_two_senders_may_use_the_same_id(office: Office) -> None:
    one, other = office.send(draft())[0], office.send(draft(), sender=HOTLINE)[0]
    assert len({one.id, other.id}) == len({one.code, other.code}) == 2


def test_general_reasons_have_a_case_for_other_eyes(office: Office) -> None:
    child, spam = office.send(draft(), draft("2", reason="spam"))
    assert office.case(child).id != office.case(spam).id
    assert office.case(spam).case_class is CaseClass.GENERAL
    general = Viewer(name="user:gen", rights=frozenset({Right.SEE_GENERAL}))
    seen = office.store.reports_for(general)
    assert [one.id for one in seen.reports()] == [spam.id]
    assert seen.count() == seen.of_subject(GROUP).reports == 1
    with pytest.raises(NotFound):
        seen.report(child.id)
    assert seen.outcomes_of(child.id) == []


def test_a_key_sees_what_it_sent_and_no_more(office: Office) -> None:
    mine, theirs = office.send(draft())[0], office.send(draft(), sender=HOTLINE)[0]
    view = office.store.reports_for(FORUM)
    assert [one.id for one in view.reports()] == [mine.id]
    with pytest.raises(NotFound):
        view.report(theirs.id)
    with pytest.raises(NotFound):
        office.desk.contest(FORUM, theirs.id, "please")


def test_all_reports_of_an_entity_are_in_one_case_and_counted(office: Office) -> None:
    receipts = office.send(*(draft(str(n), reporter=f"account:r{n % 3}", text=f"t{n}") for n in range(6)))
    receipts += office.send(draft("x"))
    assert len({office.case(receipt).id for receipt in receipts}) == 1
    found = office.store.reports_for(MIRA).of_subject(GROUP)
    assert (found.reports, found.reporters, found.reasons) == (7, 4, {"child_group": 7})


def test_the_same_words_of_the_same_reporter_are_a_repetition(office: Office) -> None:
    first, again, other = office.send(
        draft("1", reporter="account:r"),
        draft("2", reporter="account:r", text=" they SHARE  bluewhistle."),
        draft("3", reporter="account:s"),
    )
    assert office.report(again).again_of == first.number
    assert office.report(other).again_of is None
    assert office.case(again) == office.case(first)
    assert office.store.journal.count() == 2


def test_reporters_are_told_what_a_person_decided(office: Office) -> None:
    first, other = office.send(draft("1"), draft("2", language="de-AT", text="anders"))
    assert office.told(first) == []
    office.decide(first, Verb.CONFIRM)
    assert [office.report(one).state for one in (first, other)] == [ReportState.UPHELD] * 2
    assert [told.language for one in (first, other) for told in office.told(one)] == ["en", "de"]
    office.run()
    assert len(office.told(first)) == 1


def test_outcomes_are_a_feed_for_the_sender(office: Office) -> None:
    receipts = office.send(draft("1"), draft("2", text="b"))
    office.send(draft("1"), sender=HOTLINE)
    office.decide(receipts[0], Verb.CLEAR)
    view = office.store.reports_for(FORUM)
    first = view.outcomes(limit=1)
    rest = view.outcomes(after=first[-1].seq)
    assert [one.source_id for one in first + rest] == ["1", "2"]
    assert {one.state for one in rest} == {ReportState.TURNED_DOWN}
    assert view.outcomes(after=rest[-1].seq) == []
    with pytest.raises(Forbidden):
        office.store.reports_for(MIRA).outcomes()


def test_a_report_of_what_is_confirmed_is_right_at_once(office: Office) -> None:
    office.decide(office.send(draft())[0], Verb.CONFIRM)
    late = office.send(draft("2"))[0]
    assert office.report(late).state is ReportState.UPHELD
    assert office.told(late)[0].title == "What you reported was looked at before"
    assert office.case(late).members == 1


def test_a_child_in_danger_now_brings_up_what_is_confirmed(office: Office) -> None:
    first = office.send(draft(subject="account:kid", reporter="account:r"))[0]
    office.decide(first, Verb.CONFIRM)
    danger = {"subject": "account:kid", "reason": "child_danger", "reporter": "account:s"}
    late = office.send(draft("2", text="They meet today.", **danger))[0]
    assert (office.case(late).state, office.case(late).proposed) == (CaseState.OPEN, 1)
    assert office.report(late).state is ReportState.IN_REVIEW
    assert office.store.guard.restricted() == {"account:kid"}, "what is in force stays"
    office.decide(late, Verb.CONFIRM)
    assert office.report(late).state is ReportState.UPHELD
    again = office.send(draft("3", text="They meet today.", **danger))[0]
    assert office.case(again).proposed == 0, "a repetition brings nothing up"
    assert office.report(again).state is ReportState.UPHELD


def test_a_report_does_not_stop_a_removal_that_waits(office: Office) -> None:
    first = office.send(draft(subject="account:kid"))[0]
    office.decide(first, Verb.CONFIRM)
    case, members = office.case(first), office.store.casework.members
    in_force = {"account:kid": Restriction.SUPPRESSED}
    footing = Footing(restrictions=in_force, preserved=("account:kid",), referred=True)
    removal = review(case, members(case.id), Verb.REMOVE, ["account:kid"], MIRA, "seen", footing=footing)
    late = office.send(draft("2", subject="account:kid", reason="child_danger", text="now"))[0]
    assert office.case(late).proposed == 1
    check_still(removal, members(case.id), footing)
    office.decide(late, Verb.CLEAR)
    with pytest.raises(BadInput, match="not confirmed"):
        check_still(removal, members(case.id), footing)


def test_care_is_told_as_right_and_a_new_report_brings_it_up_again(office: Office) -> None:
    first = office.send(draft(subject="account:kid"))[0]
    office.decide(first, Verb.CARE)
    assert office.report(first).state is ReportState.UPHELD
    late = office.send(draft("2", subject="account:kid", reason="child_danger", text="now"))[0]
    assert (office.case(late).state, office.case(late).proposed) == (CaseState.OPEN, 1)
    assert office.report(late).state is ReportState.IN_REVIEW


def test_what_this_case_cleared_comes_up_again_whatever_another_confirmed(office: Office) -> None:
    spam, child = office.send(draft("1", reason="spam"), draft("2"))
    office.decide(spam, Verb.CLEAR)
    office.decide(child, Verb.CONFIRM)
    late = office.send(draft("3", reason="fraud"))[0]
    assert office.case(late).id == office.case(spam).id
    assert (office.case(late).proposed, office.report(late).state) == (1, ReportState.IN_REVIEW)
    office.decide(late, Verb.CLEAR)
    office.desk.contest(FORUM, spam.id, "Look again.")
    office.run()
    assert office.case(spam).proposed == 1


def test_a_new_report_brings_up_again_what_was_cleared(office: Office) -> None:
    first = office.send(draft())[0]
    office.decide(first, Verb.CLEAR)
    late = office.send(draft("2", text="new words"))[0]
    assert office.report(late).state is ReportState.IN_REVIEW
    assert office.case(late).proposed == 1
    assert office.report(first).state is ReportState.TURNED_DOWN
    office.decide(late, Verb.CONFIRM)
    assert office.report(late).state is ReportState.UPHELD


def test_a_repetition_after_the_decision_gets_the_same_answer(office: Office) -> None:
    first = office.send(draft(reporter="account:r"))[0]
    office.decide(first, Verb.CLEAR)
    again = office.send(draft("2", reporter="account:r"))[0]
    assert office.report(again).state is ReportState.TURNED_DOWN
    assert office.told(again)[0].may_contest
    assert office.case(again).proposed == 0


def test_only_what_was_looked_at_of_late_is_a_repetition(office: Office) -> None:
    office.send(draft("0", reporter="account:r", reason="spam", subject="account:b"))
    reporter = office.store.reports_for(SYSTEM).reports()[0].reporter
    office.desk.mute(MIRA, reporter, "false ones", 7)
    aside = office.send(draft("1", reporter="account:r", reason="spam"))[0]
    office.desk.mute(MIRA, reporter, "talked to them", 0)
    heard = office.send(draft("2", reporter="account:r", reason="spam"))[0]
    assert office.report(aside).state is ReportState.SET_ASIDE
    assert office.report(heard).again_of is None, "nobody looked at the one that was set aside"
    new = office.desk._new(
        draft("3", reporter="account:r", reason="spam"), "key:forum", ReportSource.PLATFORM
    )
    for days, earlier in ((29, heard.number), (31, None)):
        report = msgspec.structs.replace(
            new.report, received_at=now() + timedelta(days=days), source_id=f"later {days}", id=f"later{days}"
        )
        code = msgspec.structs.replace(new, report=report, code=f"code {days}")
        ((kept, _),) = office.store.reports.add([code], iter([f"HW-{days}"]).__next__)
        assert kept.again_of == earlier


def test_what_came_while_a_person_decided_is_not_cleared_with_it(office: Office) -> None:
    first = office.send(draft())[0]
    case = office.case(first)
    late = office.desk.take(FORUM, [draft("2", text="new words")])[0]
    office.store.casework.members(case.id)
    office.decide(first, Verb.CLEAR)
    assert office.report(late).state is ReportState.IN_REVIEW
    (member,) = office.store.casework.members(case.id).values()
    assert member.state is MemberState.PROPOSED
    office.decide(late, Verb.CLEAR)
    assert {office.report(one).state for one in (first, late)} == {ReportState.TURNED_DOWN}


def test_a_second_look_is_another_persons(office: Office) -> None:
    receipt = office.send(draft())[0]
    office.decide(receipt, Verb.CLEAR, MIRA)
    contested = office.desk.contest_by_code(receipt.code.lower().replace("-", " "), "Look at the links.")
    office.run()
    assert contested.due_at == contested.contested_at + timedelta(hours=72)
    assert office.report(receipt).state is ReportState.CONTESTED
    assert office.case(receipt).proposed == 1
    with pytest.raises(Forbidden, match="you turned it down"):
        office.decide(receipt, Verb.CLEAR, MIRA)
    with pytest.raises(Forbidden):
        office.decide(receipt, Verb.CONFIRM, MIRA)
    office.decide(receipt, Verb.CONFIRM, ROBIN)
    first, second = office.told(receipt)
    assert (first.may_contest, first.second_look) == (True, False)
    assert (second.state, second.may_contest, second.second_look) == (ReportState.UPHELD, False, True)
    assert office.report(receipt).due_at is None


def test_a_report_can_be_contested_once_and_only_when_turned_down(office: Office) -> None:
    receipt = office.send(draft())[0]
    with pytest.raises(Conflict, match="turned down"):
        office.desk.contest(FORUM, receipt.id, "why not")
    office.decide(receipt, Verb.CLEAR, MIRA)
    with pytest.raises(BadInput, match="why"):
        office.desk.contest(FORUM, receipt.id, " ")
    office.desk.contest(FORUM, receipt.id, "please")
    with pytest.raises(Conflict):
        office.desk.contest(FORUM, receipt.id, "please")
    office.run()
    office.decide(receipt, Verb.CLEAR, ROBIN)
    assert not office.told(receipt)[-1].may_contest
    with pytest.raises(Conflict, match="already"):
        office.desk.contest(FORUM, receipt.id, "please")


def test_muted_reporters_are_counted_apart_but_never_about_children(office: Office) -> None:
    before = office.send(draft("0", reporter="account:r", reason="spam"))[0]
    reporter = office.report(before).reporter
    office.desk.mute(MIRA, reporter, "a hundred false ones", 7)
    spam, child = office.send(
        draft("1", reporter="account:r", reason="fraud"),
        draft("2", reporter="account:r", reason="child_danger", subject="account:x"),
    )
    assert office.report(spam).state is ReportState.SET_ASIDE
    assert office.report(spam).case_id is None
    assert office.case(child).source is CaseSource.MACHINE
    assert not office.case(child).imminent
    found = office.store.reports_for(MIRA).reporters.reputation(reporter)
    assert (found.reports, found.set_aside, found.undecided) == (3, 1, 2)
    assert found.mute is not None
    assert office.store.reports_for(MIRA).of_subject(GROUP).set_aside == 1
    assert office.store.journal.count() == 1, "no report of somebody muted feeds detection"
    office.desk.mute(MIRA, reporter, "talked to them", 0)
    assert office.store.reports_for(MIRA).reporters.mute(reporter) is None
    assert office.report(office.send(draft("3", reporter="account:r", reason="spam"))[0]).case_id


def test_a_child_in_danger_is_read_though_the_reporter_is_muted_and_all_is_confirmed(office: Office) -> None:
    first = office.send(draft(subject="account:kid", reporter="account:r"))[0]
    office.decide(first, Verb.CONFIRM)
    office.desk.mute(MIRA, office.report(first).reporter, "a hundred false ones", 7)
    said = {"subject": "account:kid", "reporter": "account:r"}
    known = office.send(draft("2", text="Others too.", **said))[0]
    assert office.report(known).state is ReportState.UPHELD, "what is confirmed is answered at once"
    late = office.send(draft("3", text="They meet today.", reason="child_danger", **said))[0]
    assert office.report(late).muted
    assert (office.report(late).state, office.told(late)) == (ReportState.IN_REVIEW, [])
    case = office.case(late)
    assert (case.state, case.proposed, case.imminent) == (CaseState.OPEN, 1, False), "read, but after others"
    assert office.store.guard.restricted() == {"account:kid"}, "what is in force stays"
    office.decide(late, Verb.CLEAR)
    assert [told.state for told in office.told(late)] == [ReportState.TURNED_DOWN]


def test_muting_takes_the_right_a_reason_and_somebody_who_reported(office: Office) -> None:
    reporter = office.report(office.send(draft(reporter="account:r"))[0]).reporter
    with pytest.raises(Forbidden):
        office.desk.mute(FORUM, reporter, "why", 1)
    for why, days, field in (("", 1, "why"), ("why", 366, "days"), ("why", -1, "days")):
        with pytest.raises(BadInput) as refused:
            office.desk.mute(MIRA, reporter, why, days)
        assert refused.value.field == field
    with pytest.raises(NotFound):
        office.desk.mute(MIRA, "r-nobody", "why", 1)


def test_reputation_is_the_share_of_upheld_reports(office: Office) -> None:
    good, bad = office.send(
        draft("1", reporter="account:r"), draft("2", reporter="account:r", subject="account:b")
    )
    reporter = office.report(good).reporter
    view = office.store.reports_for(MIRA).reporters
    assert view.reputation(reporter).share == 0.5
    office.decide(good, Verb.CONFIRM)
    assert view.reputation(reporter).share == pytest.approx(2 / 3)
    office.decide(bad, Verb.CLEAR)
    found = view.reputation(reporter)
    assert (found.upheld, found.turned_down, found.undecided) == (1, 1, 0)
    assert found.low < found.share == 0.5 < found.high
    assert view.reputations() == [found]
    assert view.count() == 1


def test_trusted_flaggers_have_their_own_priority(office: Office) -> None:
    assert office.desk.set_flagger(MIRA, "hotline", trusted=True) == ["hotline"]
    flagged = office.send(draft(), sender=HOTLINE)[0]
    user = office.send(draft(subject="account:b"))[0]
    assert office.report(flagged).source is ReportSource.FLAGGER
    assert office.report(flagged).reporter.startswith("flagger-")
    assert office.case(flagged).source is CaseSource.FLAGGER
    assert office.case(flagged).priority > office.case(user).priority
    assert office.desk.set_flagger(MIRA, "hotline", trusted=False) == []
    with pytest.raises(Forbidden):
        office.desk.set_flagger(FORUM, "forum", trusted=True)


def test_who_reported_is_sealed_and_looking_is_logged(office: Office) -> None:
    receipt = office.desk.take_public(draft("token", contact="Ada@example.org"))
    again = office.desk.take_public(draft("token2", contact="ada@example.org", subject="account:b"))
    bare = office.desk.take_public(draft("token3"))
    one, other = office.report(receipt), office.report(again)
    assert one.reporter == other.reporter != ""
    assert office.report(bare).reporter == ""
    assert "ada" not in msgspec.json.encode(one).decode().lower()
    assert "token" not in msgspec.json.encode(one).decode()
    assert office.desk.reveal(MIRA, one.id).contact == "Ada@example.org"
    newest = office.store.access_log(1)[0]
    assert (newest.by, newest.what, newest.subject) == ("user:mira", "report contact", one.id)
    with pytest.raises(NotFound):
        office.desk.reveal(MIRA, bare.id)
    with pytest.raises(NotFound):
        office.desk.reveal(FORUM, one.id)


def test_the_journal_does_not_say_who_reported(office: Office) -> None:
    office.send(draft(reporter="account:ada"), draft("2", subject="account:b"))
    events = office.store.streams.read(Upstream(), 10)[0].events
    assert ['"reporter":"known"' in said for said in events["attributes"]] == [True, False]
    assert events["target"].to_list() == [None, None]
    assert "ada" not in str(events.to_dicts())


def test_lists_are_narrowed(office: Office) -> None:
    a, b = office.send(draft("1"), draft("2", reason="spam", subject="account:b"))
    view = office.store.reports_for(MIRA)
    assert [one.id for one in view.reports()] == [b.id, a.id]
    assert [one.id for one in view.reports(limit=1, offset=1)] == [a.id]
    for narrowed in (
        ReportFilter(subject=GROUP),
        ReportFilter(reason=office.report(a).reason),
        ReportFilter(case_id=office.case(a).id),
        ReportFilter(state=ReportState.IN_REVIEW, source=ReportSource.PLATFORM, subject=GROUP),
    ):
        assert [one.id for one in view.reports(narrowed)] == [a.id]
        assert view.count(narrowed) == 1
    assert view.reports(ReportFilter(state=ReportState.UPHELD)) == []
    assert view.report(a.number).id == a.id


def test_an_unknown_code_is_nobodys(office: Office) -> None:
    with pytest.raises(NotFound):
        office.desk.status("AAAAA-AAAAA")


def test_number_clashes_are_drawn_again(office: Office) -> None:
    new = [office.desk._new(draft(str(n)), "key:f", ReportSource.PLATFORM) for n in range(2)]
    numbers = iter(["HW-1", "HW-1", "HW-2"])
    kept = office.store.reports.add(new, lambda: next(numbers))
    assert [report.number for report, _ in kept] == ["HW-1", "HW-2"]
    assert kept[0][0].received_at <= now()


def given(viewer: Viewer) -> Given:
    return steps_given(viewer, "looked", now(), Clocks())


def test_reports_follow_their_entity_into_another_case(office: Office) -> None:
    one, other = office.send(draft("1"), draft("2", subject="account:b"))
    into, case = office.case(one), office.case(other)
    members = office.store.casework.members
    step = merge(into, members(into.id), case, members(case.id), given(MIRA))
    office.store.case_steps.commit(step.output, MIRA.name, gone=step.gone)
    office.run()
    assert office.case(other).id == into.id
    office.decide(other, Verb.CLEAR)
    assert office.report(other).state is ReportState.TURNED_DOWN
    assert office.report(one).state is ReportState.IN_REVIEW
    grown = office.case(one)
    apart = split(grown, members(grown.id), ["account:b"], "Apart", given(MIRA))
    office.store.case_steps.commit(apart.output, MIRA.name, gone=apart.gone)
    assert office.case(other).split_from == grown.id


def test_a_contest_goes_where_its_case_went_in_the_meantime(office: Office) -> None:
    one, other = office.send(draft("1"), draft("2", subject="account:b"))
    office.decide(other, Verb.CLEAR)
    seen = office.report(other)
    into, case = office.case(one), office.case(other)
    members = office.store.casework.members
    step = merge(into, members(into.id), case, members(case.id), given(MIRA))
    contested, reopening = contest(seen, "Look again.", now())
    office.store.case_steps.commit(step.output, MIRA.name, gone=step.gone)
    office.store.reports.contest(contested, reopening)
    assert office.report(other).case_id == into.id


def test_who_closes_a_case_answers_its_reports(office: Office) -> None:
    receipt = office.send(draft())[0]
    for viewer, again in ((MIRA, False), (ROBIN, True)):
        case = office.case(receipt)
        step = close(case, office.store.casework.members(case.id), given(viewer))
        office.store.case_steps.commit(step.output, viewer.name)
        office.run()
        assert office.report(receipt).state is ReportState.TURNED_DOWN
        assert office.told(receipt)[-1].second_look is again
        if not again:
            office.desk.contest(FORUM, receipt.id, "Not looked at.")
            office.run()
            fresh = office.case(receipt)
            own = close(fresh, office.store.casework.members(fresh.id), given(MIRA))
            with pytest.raises(Forbidden, match="you turned it down"):
                office.store.case_steps.commit(own.output, MIRA.name)


def test_where_no_rule_is_reporters_are_told_and_not_turned_down(office: Office) -> None:
    receipt = office.send(draft())[0]
    case = office.case(receipt)
    due = now() + timedelta(days=7)
    step = no_rule(case, office.store.casework.members(case.id), given(MIRA), MIRA.name, due)
    office.store.case_steps.commit(step.output, MIRA.name, gap=step.gap)
    office.run()
    assert office.report(receipt).state is ReportState.NO_RULE
    assert "No rule covers" in office.told(receipt)[0].text
    late = office.send(draft("2", text="now there is one"))[0]
    office.decide(late, Verb.CONFIRM)
    assert office.report(receipt).state is ReportState.UPHELD
    assert len(office.told(receipt)) == 2
