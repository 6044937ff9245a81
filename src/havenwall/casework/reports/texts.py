"""What reporters are told, by language. Nothing here says what was done to an account."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from havenwall.casework.messages import fill
from havenwall.errors import BadInput
from havenwall.model import ReportState
from havenwall.model.console import MessageTemplate


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A title and a text; `{number}` stands for the reference number."""

    title: str
    text: str


_ENGLISH = {
    ReportState.UPHELD: Message(
        title="Your report was right",
        text="A person looked at your report {number} and agrees with it. Something was done. We "
        "cannot say what, to protect everybody involved. Thank you.",
    ),
    ReportState.TURNED_DOWN: Message(
        title="We found nothing to act on",
        text="A person looked at your report {number} and found nothing to act on. If you think that is "
        "wrong, you can ask for a second look once: another person will then decide.",
    ),
    ReportState.NO_RULE: Message(
        title="Our rules do not cover this yet",
        text="A person looked at your report {number}. No rule covers what you reported, so somebody "
        "must now say what the rule is. Your report stays open until then.",
    ),
}
_ENGLISH_AGAIN = {
    ReportState.UPHELD: Message(
        title="You were right to ask again",
        text="Another person looked at your report {number} again and agrees with it. Something was done. "
        "We are sorry that it needed a second look.",
    ),
    ReportState.TURNED_DOWN: Message(
        title="The second look found nothing to act on",
        text="Another person looked at your report {number} again and also found nothing to act on. This"
        " ends our look at it. If you see something new, please send a new report.",
    ),
}
_ENGLISH_BEFORE = {
    ReportState.UPHELD: Message(
        title="What you reported was looked at before",
        text="A person has looked at what you reported as {number} before, and something was done. We cannot "
        "say what, to protect everybody involved. Thank you.",
    ),
    ReportState.TURNED_DOWN: Message(
        title="What you reported was looked at before",
        text="You reported the same before. A person looked at it then and found nothing to act on, so your "
        "report {number} gets the same answer. If you think that is wrong, you can ask for a second look "
        "once: another person will then decide.",
    ),
}
_GERMAN = {
    ReportState.UPHELD: Message(
        title="Ihre Meldung war berechtigt",
        text="Ein Mensch hat Ihre Meldung {number} geprüft und stimmt ihr zu. Es wurde etwas "
        "unternommen. Was genau, können wir zum Schutz aller Beteiligten nicht sagen. Vielen Dank.",
    ),
    ReportState.TURNED_DOWN: Message(
        title="Wir haben keinen Grund zum Eingreifen gefunden",
        text="Ein Mensch hat Ihre Meldung {number} geprüft und keinen Grund zum Eingreifen gefunden. "
        "Wenn Sie das für falsch halten, können Sie einmal um eine zweite Prüfung bitten: Dann "
        "entscheidet jemand anderes.",
    ),
    ReportState.NO_RULE: Message(
        title="Unsere Regeln erfassen das noch nicht",
        text="Ein Mensch hat Ihre Meldung {number} geprüft. Keine Regel erfasst, was Sie gemeldet haben."
        " Jemand muss nun festlegen, was gelten soll. Bis dahin bleibt Ihre Meldung offen.",
    ),
}
_GERMAN_AGAIN = {
    ReportState.UPHELD: Message(
        title="Ihre Nachfrage war berechtigt",
        text="Jemand anderes hat Ihre Meldung {number} noch einmal geprüft und stimmt ihr zu. Es wurde "
        "etwas unternommen. Wir bedauern, dass dafür eine zweite Prüfung nötig war.",
    ),
    ReportState.TURNED_DOWN: Message(
        title="Auch die zweite Prüfung fand keinen Grund zum Eingreifen",
        text="Jemand anderes hat Ihre Meldung {number} noch einmal geprüft und ebenfalls keinen Grund "
        "zum Eingreifen gefunden. Damit ist sie abgeschlossen. Wenn Sie etwas Neues sehen, melden "
        "Sie es bitte neu.",
    ),
}
_GERMAN_BEFORE = {
    ReportState.UPHELD: Message(
        title="Das Gemeldete wurde schon früher geprüft",
        text="Was Sie mit {number} gemeldet haben, hat ein Mensch schon früher geprüft, und es wurde etwas "
        "unternommen. Was genau, können wir zum Schutz aller Beteiligten nicht sagen. Vielen Dank.",
    ),
    ReportState.TURNED_DOWN: Message(
        title="Das Gemeldete wurde schon früher geprüft",
        text="Sie haben dasselbe schon früher gemeldet. Ein Mensch hat es damals geprüft und keinen Grund "
        "zum Eingreifen gefunden; Ihre Meldung {number} erhält dieselbe Antwort. Wenn Sie das für falsch "
        "halten, können Sie einmal um eine zweite Prüfung bitten: Dann entscheidet jemand anderes.",
    ),
}
LANGUAGES = {
    "en": (_ENGLISH, _ENGLISH_AGAIN, _ENGLISH_BEFORE),
    "de": (_GERMAN, _GERMAN_AGAIN, _GERMAN_BEFORE),
}
"""First and second answers by language, and those to reports of what was decided before they came; a language
that is not here is answered in English."""


Templates = Mapping[tuple[str, str], MessageTemplate]
"""The operator's messages by name and language."""


def message(
    state: ReportState,
    language: str,
    number: str,
    *,
    again: bool = False,
    before: bool = False,
    own: Templates | None = None,
) -> tuple[str, Message]:
    """The language used and what is said in it.

    Args:
        state: upheld, turned down or no rule.
        language: a tag; its first part counts.
        number: of the report.
        again: whether it answers a second look.
        before: whether nobody looked at this report, because what it is about was decided before it came.
        own: the operator's messages; one that cannot be filled is not sent.
    """
    wanted = language.partition("-")[0].lower()
    name = _name(state, again=again, before=before)
    # Who speaks neither language reads English; that too is the operator's, where there is one.
    for tag in dict.fromkeys((wanted, wanted if wanted in LANGUAGES else "en")):
        if said := _own(own or {}, name, tag, number):
            return tag, said
    used = wanted if wanted in LANGUAGES else "en"
    first, second, known = LANGUAGES[used]
    given = (known if before else second if again else first).get(state) or first[state]
    return used, Message(title=given.title, text=fill(given.text, {"number": number}))


def _name(state: ReportState, *, again: bool, before: bool) -> str:
    return f"report.{state.value}" + (".before" if before else ".again" if again else "")


def _own(own: Templates, name: str, language: str, number: str) -> Message | None:
    found = own.get((name, language))
    if found is None:
        return None
    try:
        values = {"number": number}
        return Message(title=fill(found.subject, values), text=fill(found.body, values))
    except BadInput:
        # A reporter must not wait because of a bad text: they get the one that comes with Havenwall.
        return None
