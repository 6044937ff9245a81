"""What a report must be before it is kept."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import msgspec

from havenwall.casework.tidy import TAG, tidy
from havenwall.errors import BadInput
from havenwall.model import EntityKind, ReportDraft

MOST_TEXT = 10_000
MOST_LINKS = 20
_SUBJECTS = tuple(kind for kind in EntityKind if kind is not EntityKind.DOMAIN)
_HINT = "name it as kind:id; kinds are " + ", ".join(_SUBJECTS)


def check_report(draft: ReportDraft) -> ReportDraft:
    """The report, tidied: blanks at the ends and control characters are gone.

    Raises:
        BadInput: it cannot be kept; names the field and the remedy.
    """
    plain = msgspec.structs.replace(
        draft,
        source_id=tidy(draft.source_id),
        subject=tidy(draft.subject),
        text=tidy(draft.text),
        links=tuple(link for raw in draft.links if (link := tidy(raw))),
        contact=tidy(draft.contact or "") or None,
        reporter=tidy(draft.reporter or "") or None,
    )
    for check in _CHECKS:
        check(plain)
    return plain


def _source_id(draft: ReportDraft) -> None:
    _length(draft.source_id, "source_id", 1, 200)


def _subject(draft: ReportDraft) -> None:
    _length(draft.subject, "subject", 1, 300)
    kind, _, key = draft.subject.partition(":")
    if not key or kind not in _SUBJECTS:
        raise BadInput("is nothing that can be reported", field="subject", hint=_HINT)


def _text(draft: ReportDraft) -> None:
    _length(draft.text, "text", 0, MOST_TEXT)


def _language(draft: ReportDraft) -> None:
    if not TAG.fullmatch(draft.language):
        raise BadInput("is no language tag", field="language", hint="use one such as en or de-AT")


def _links(draft: ReportDraft) -> None:
    if len(draft.links) > MOST_LINKS:
        raise BadInput(f"are more than {MOST_LINKS}", field="links", hint="put the others into the text")
    for link in draft.links:
        _length(link, "links", 1, 2000)
        if not _is_address(link):
            raise BadInput(f"{link[:80]!r} is no address", field="links", hint="begin with https://")


def _is_address(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _contact(draft: ReportDraft) -> None:
    _length(draft.contact or "", "contact", 0, 300)


def _reporter(draft: ReportDraft) -> None:
    if draft.reporter is None:
        return
    _length(draft.reporter, "reporter", 1, 300)
    kind, _, key = draft.reporter.partition(":")
    if kind != EntityKind.ACCOUNT or not key:
        raise BadInput("is not account:id", field="reporter", hint="leave it out if nobody knows who reports")


def _length(value: str, field: str, least: int, most: int) -> None:
    if not least <= len(value) <= most:
        raise BadInput(f"must have {least:,} to {most:,} characters", field=field)


_CHECKS: tuple[Callable[[ReportDraft], None], ...] = (
    _source_id,
    _subject,
    _text,
    _language,
    _links,
    _reporter,
    _contact,
)
