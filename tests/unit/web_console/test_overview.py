import pytest
from tests.unit.audit.test_chart import made_up

from havenwall.web.console.pages.overview import arm_figure, audit_sentence, case_tile, stage_row
from havenwall.web.worker import JobStatus


def test_an_audit_is_told_in_plain_words():
    told = audit_sentence(made_up(0.84, 0.78, 0.006, 0.0)).replace("\u00a0", " ")
    assert told == (
        "With no guard, 84 % of the accounts recommended to test accounts belonged to the network. "
        "Dropping only the accounts already known left 78 %. With Havenwall, 0.6 % remained."
    )


def test_an_arm_has_a_name_a_share_and_its_interval():
    figure = arm_figure("none", made_up(0.8, 0.6, 0.0, 0.0).arms["none"])
    assert (figure.label, figure.share) == ("No guard", "80\u00a0%")
    assert figure.between.replace("\u00a0", " ") == "95 % interval 40 % to 100 %"


@pytest.mark.parametrize(("found", "note"), [(2_499, "not decided yet"), (2_500, "or more, not decided yet")])
def test_a_count_that_stops_says_so(found, note):
    tile = case_tile("Open cases", found, "not decided yet", "/cases")
    assert (tile.value, tile.note) == (f"{found:,}", note)


def row(behind, tries=0):
    return stage_row("detect", JobStatus(name="detect", behind_seconds=behind, tries=tries), ["events to 5"])


def test_a_stage_says_how_it_stands():
    assert row(3.0).state == "caught up"
    assert row(240.0).state == "caught up 4 minutes ago"
    assert row(None).state == "has not finished its first round"
    assert (row(3.0, tries=2).state, row(3.0, tries=2).late) == ("failed 2 times in a row", True)
    assert stage_row("detect", None, []).state == "runs in another process"
