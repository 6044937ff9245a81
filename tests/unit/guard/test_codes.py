from havenwall.guard.codes import CODES, NO_CANDIDATE, RESTRICTIONS, UNKNOWN, code_of
from havenwall.model import Restriction


def test_file_numbers_of_restrictions_never_change() -> None:
    assert [restriction.value for restriction in RESTRICTIONS] == [
        "none",
        "suppressed",
        "restricted",
        "removed",
    ]
    assert set(RESTRICTIONS) == set(Restriction)


def test_codes_are_distinct_and_fill_the_range() -> None:
    codes = {code_of(restriction, confirmed=flag) for restriction in RESTRICTIONS for flag in (False, True)}
    assert codes | {UNKNOWN, NO_CANDIDATE} == set(range(CODES))
    assert len(codes) == CODES - 2
