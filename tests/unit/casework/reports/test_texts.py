"""What reporters are told, in each language."""

from __future__ import annotations

import pytest

from havenwall.casework.reports.texts import LANGUAGES, message
from havenwall.model import ReportState

ANSWERS = (ReportState.UPHELD, ReportState.TURNED_DOWN, ReportState.NO_RULE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", ANSWERS)
@pytest.mark.parametrize("again", [False, True])
def test_every_answer_is_there_and_names_the_number(language: str, state: ReportState, again: bool) -> None:
    used, said = message(state, language, "HW-0000-0000", again=again)
    assert used == language
    assert said.title
    assert "HW-0000-0000" in said.text


@pytest.mark.parametrize(("asked", "used"), [("de-AT", "de"), ("DE", "de"), ("xx", "en"), ("", "en")])
def test_the_nearest_language_is_used(asked: str, used: str) -> None:
    assert message(ReportState.UPHELD, asked, "n")[0] == used


def test_the_second_answer_does_not_offer_a_third_look() -> None:
    assert "second look once" in message(ReportState.TURNED_DOWN, "en", "n")[1].text
    assert "second look once" not in message(ReportState.TURNED_DOWN, "en", "n", again=True)[1].text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", ANSWERS[:2])
def test_what_was_decided_before_is_not_said_to_have_been_read(language: str, state: ReportState) -> None:
    said = message(state, language, "HW-0000-0000", before=True)[1]
    assert said != message(state, language, "HW-0000-0000")[1]
    assert "HW-0000-0000" in said.text


@pytest.mark.parametrize("again", [False, True])
def test_help_for_an_account_is_no_step_against_it(again: bool) -> None:
    assert "against" not in message(ReportState.UPHELD, "en", "n", again=again)[1].text
