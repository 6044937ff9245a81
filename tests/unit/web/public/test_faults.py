"""What a visitor may do wrong is told in their own language, and with the numbers that hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from tests.unit.casework.appeals.test_statement import AT, DRAFT, GROUNDS

from havenwall.casework.appeals import check_appeal
from havenwall.casework.reports import MOST_LINKS, check_report, contest
from havenwall.errors import HavenwallError
from havenwall.model import CONTEST_WITHIN, Report, ReportDraft, ReportReason, ReportSource, ReportState
from havenwall.model.appeal import APPEAL_WITHIN
from havenwall.web.public.faults import FAULTS

SENT = ReportDraft(source_id="1", subject="account:a", reason=ReportReason.SPAM)
KEPT = Report(
    id="R",
    number="HW-0000-0000",
    subject="account:a",
    reason=ReportReason.SPAM,
    text="",
    language="de",
    links=(),
    source=ReportSource.PUBLIC,
    sender="public",
    source_id="1",
    reporter="",
    has_contact=False,
    received_at=AT,
    state=ReportState.TURNED_DOWN,
    decided_at=AT,
)
LATE = timedelta(seconds=1)


def report(**changes: object) -> Callable[[], object]:
    return lambda: check_report(msgspec.structs.replace(SENT, **changes))


FAULTY: list[Callable[[], object]] = [
    report(subject="account:" + "x" * 300),
    report(text="x" * 10_001),
    report(contact="x" * 301),
    report(links=("https://a.example/" + "x" * 2000,)),
    report(links=("https://a.example/",) * (MOST_LINKS + 1)),
    lambda: contest(KEPT, " ", AT),
    lambda: contest(KEPT, "why", AT + CONTEST_WITHIN + LATE),
    lambda: contest(msgspec.structs.replace(KEPT, contested_at=AT), "why", AT),
    lambda: check_appeal(msgspec.structs.replace(DRAFT, text=" "), GROUNDS, AT),
    lambda: check_appeal(DRAFT, GROUNDS, AT + APPEAL_WITHIN + LATE),
    lambda: check_appeal(DRAFT, msgspec.structs.replace(GROUNDS, ended_at=AT, taken_back=True), AT),
]


@pytest.mark.parametrize("go_wrong", FAULTY)
def test_each_has_its_words_in_the_catalogues(go_wrong: Callable[[], object]) -> None:
    with pytest.raises(HavenwallError) as fault:
        go_wrong()
    assert fault.value.plain in FAULTS
    assert fault.value.hint is None or fault.value.hint in FAULTS
