"""By when a case must be answered."""

from __future__ import annotations

import pytest
from tests.unit.casework.cases import case

from havenwall.casework.queues import Clocks, clock_of
from havenwall.model import Case, CaseClass, CaseSource, CaseTopic

GENERAL = CaseClass.GENERAL


@pytest.mark.parametrize(
    ("asked", "hours", "law"),
    [
        (case(), 24, "18 USC 2258A"),
        (case(imminent=True), 1, "Art. 18 DSA"),
        (case(topic=CaseTopic.LIVE, case_class=GENERAL), 1, "Art. 18 DSA"),
        (case(source=CaseSource.FLAGGER), 12, "Art. 22 DSA"),
        (case(source=CaseSource.AUTHORITY), 4, "authority"),
        (case(source=CaseSource.REPORT, case_class=GENERAL), 48, "Art. 16 DSA"),
        (case(case_class=GENERAL), 72, "not child safety"),
        (case(topic=CaseTopic.AUDIT), 168, "audit"),
    ],
)
def test_the_shortest_clock_that_fits_holds_and_names_its_law(asked: Case, hours: float, law: str) -> None:
    found, why = clock_of(Clocks(), asked)
    assert found == hours
    assert law in why
    assert f"Within {hours} hours" in why


def test_settings_change_which_clock_is_shortest() -> None:
    slow = Clocks(flagger=30)
    assert clock_of(slow, case(source=CaseSource.FLAGGER))[0] == 24
