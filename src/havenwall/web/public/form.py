"""What stands in the public form, and how it becomes a report."""

from __future__ import annotations

import secrets
from typing import Annotated

import msgspec
from fastapi import Form

from havenwall.casework.reports import LANGUAGES
from havenwall.errors import BadInput
from havenwall.model import ReportDraft, ReportReason
from havenwall.web import tongue
from havenwall.web.tongue import N_, language

KINDS = {
    "account": N_("An account"),
    "post": N_("A post or comment"),
    "media": N_("A picture or video"),
    "group": N_("A group or channel"),
    "tag": N_("A tag or search word"),
    "live": N_("A live stream"),
}
"""What can be reported, in a visitor's words."""
CHILD_REASONS = {
    ReportReason.CHILD_DANGER: N_("A child may be in danger now"),
    ReportReason.CHILD_MEDIA: N_("Pictures or videos that harm a child"),
    ReportReason.CHILD_TRADE: N_("Somebody offers, asks for or points to such material"),
    ReportReason.CHILD_CONTACT: N_("An adult seeks contact with a child that is not right"),
    ReportReason.CHILD_GROUP: N_("An account, group or tag devoted to this"),
    ReportReason.CHILD_OTHER: N_("Something else about the safety of a child"),
}
GENERAL_REASONS = {
    ReportReason.VIOLENCE: N_("Violence or threats"),
    ReportReason.SELF_HARM: N_("Self-harm or suicide"),
    ReportReason.HARASSMENT: N_("Bullying or harassment"),
    ReportReason.HATE: N_("Hate"),
    ReportReason.PRIVACY: N_("Private information of somebody"),
    ReportReason.FRAUD: N_("Fraud"),
    ReportReason.SPAM: N_("Spam"),
    ReportReason.OTHER: N_("Something else"),
}
TONGUES = {tag: tongue.LANGUAGES[tag] for tag in LANGUAGES}
"""Languages of the answers, by their own names."""
_FIELDS = {"subject": "what", "source_id": "once"}
"""Fields of a report by their name in the form."""
_MARKS = {"account": "@", "tag": "#"}
_LONGEST_TOKEN = 100
_SHORTEST_TOKEN = 20


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """The form as somebody filled it in."""

    once: str = ""
    """Drawn when the form is shown: pressing twice sends once."""
    kind: str = "account"
    what: str = ""
    reason: str = ""
    text: str = ""
    links: str = ""
    contact: str = ""
    language: str = "en"
    website: str = ""
    """No person sees this field; programs fill it in."""


def filled(
    once: Annotated[str, Form()] = "",
    kind: Annotated[str, Form()] = "",
    what: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
    links: Annotated[str, Form()] = "",
    contact: Annotated[str, Form()] = "",
    language: Annotated[str, Form()] = "en",
    website: Annotated[str, Form()] = "",
) -> Filled:
    """The dependency of the route that takes the form."""
    return Filled(
        once=once,
        kind=kind,
        what=what,
        reason=reason,
        text=text,
        links=links,
        contact=contact,
        language=language,
        website=website,
    )


def blank(subject: str = "") -> Filled:
    """A fresh form; `subject` as `kind:id` fills in what it is about."""
    kind, _, what = subject.partition(":")
    known = kind if kind in KINDS else "account"
    return Filled(
        once=secrets.token_urlsafe(24), kind=known, what=what if kind in KINDS else "", language=language()
    )


def draft_of(form: Filled) -> ReportDraft:
    """The report in a form.

    Raises:
        BadInput: something is missing; names the field of the form.
    """
    if form.website:
        raise BadInput(
            N_("must stay empty"), field="website", hint=N_("empty the last field and send it again")
        )
    if form.kind not in KINDS:
        raise BadInput(N_("choose what it is"), field="kind")
    if not (what := form.what.strip().removeprefix(_MARKS.get(form.kind, "\0"))):
        raise BadInput(N_("say which one: its name, number or address"), field="what")
    if form.reason not in set(ReportReason):
        raise BadInput(N_("choose what it is about"), field="reason")
    # A token of another length was made up; two people may have made up the same.
    once = form.once if _SHORTEST_TOKEN <= len(form.once) <= _LONGEST_TOKEN else secrets.token_urlsafe(24)
    return ReportDraft(
        source_id=once,
        subject=f"{form.kind}:{what}",
        reason=ReportReason(form.reason),
        text=form.text,
        language=form.language if form.language in LANGUAGES else "en",
        links=tuple(form.links.split()),
        contact=form.contact or None,
    )


def field_of_form(field: str | None) -> str:
    """The field of the form that a field of a report comes from."""
    return _FIELDS.get(field or "", field or "")
