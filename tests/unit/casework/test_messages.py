import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.casework.messages import PLACEHOLDERS, check_template, fill, placeholders
from havenwall.casework.reports.texts import LANGUAGES, message
from havenwall.errors import BadInput
from havenwall.model import ReportState, now
from havenwall.model.console import MessageTemplate


def template(**changes):
    given = {"name": "report.upheld", "language": "en", "subject": "Thanks", "body": "About {number}."}
    return MessageTemplate(**given | changes, by="user:mira", at=now())


def test_every_message_that_comes_along_can_be_filled():
    for answers in LANGUAGES.values():
        for when, each in zip(("", ".again", ".before"), answers, strict=True):
            for state, said in each.items():
                assert placeholders(said.text) <= PLACEHOLDERS[f"report.{state.value}{when}"]


@pytest.mark.parametrize("values", [{}, {"number": ""}, {"number": " "}, {"other": "x"}])
def test_a_message_with_an_unfilled_placeholder_is_not_made(values):
    with pytest.raises(BadInput, match=r"nothing fills \{number\}"):
        fill("About {number}.", values)


@pytest.mark.parametrize("text", ["{", "}", "{}", "{0}", "{a.b}", "{a[0]}", "{a!r}", "{a:>9}", "{a b}"])
def test_braces_hold_a_name_and_nothing_else(text):
    with pytest.raises(BadInput):
        placeholders(text)


@given(st.text())
def test_any_text_is_filled_or_refused(text):
    try:
        names = placeholders(text)
    except BadInput:
        return
    assert isinstance(fill(text, dict.fromkeys(names, "x")), str)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "report.other"}, "name"),
        ({"language": "german"}, "language"),
        ({"subject": ""}, "subject"),
        ({"body": "b" * 5001}, "body"),
        ({"body": "{account}"}, "body"),
        ({"subject": "{account}"}, "subject"),
    ],
)
def test_what_could_not_be_sent_is_not_kept(changes, field):
    check_template(template())
    with pytest.raises(BadInput) as told:
        check_template(template(**changes))
    assert told.value.field == field


def test_the_operators_words_are_sent_and_bad_ones_are_not():
    own = {("report.upheld", "fr"): template(language="fr", subject="Merci", body="Voir {number}.")}
    language, said = message(ReportState.UPHELD, "fr-CA", "R-1", own=own)
    assert (language, said.title, said.text) == ("fr", "Merci", "Voir R-1.")
    bad = {("report.upheld", "fr"): template(body="{account}")}
    assert message(ReportState.UPHELD, "fr", "R-1", own=bad) == message(ReportState.UPHELD, "en", "R-1")
    assert message(ReportState.UPHELD, "fr", "R-1", again=True, own=own)[0] == "en"
    assert message(ReportState.UPHELD, "fr", "R-1", before=True, own=own)[0] == "en"


def test_who_speaks_neither_language_gets_the_operators_english():
    own = {("report.upheld", "en"): template(subject="Thank you", body="See {number}.")}
    language, said = message(ReportState.UPHELD, "fr", "R-1", own=own)
    assert (language, said.title, said.text) == ("en", "Thank you", "See R-1.")
    assert message(ReportState.UPHELD, "de", "R-1", own=own)[0] == "de"
