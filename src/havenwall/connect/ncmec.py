"""The hash sharing interface of NCMEC, version 2: XML over HTTPS, with a user name and a password.

Entries of a span of time come in no order, so only a span that was read to its end counts as done. Where a
span is full, it is cut: shrunk fast, grown slowly. All moments are UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from havenwall.connect.http import Http
from havenwall.connect.ncmec_xml import Answered, read_answer
from havenwall.detect.banks import Page
from havenwall.errors import SourceFailed

OVERLAP: Final = timedelta(minutes=15)
"""Read again at the next import: clocks differ, and what is told twice changes nothing."""
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PAGING_LIVES: Final = timedelta(hours=12)
"""A place in a span may be used again so long."""
_MOST_IN_SPAN: Final = 400_000
_FEW_IN_SPAN: Final = 50_000
_SHORTEST: Final = timedelta(minutes=1)
_OK: Final = 200
_PLACE_GONE: Final = frozenset({400, 404, 410})


class Cursor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All before `start` is done; `next` is the place in the span from `start` to `end`."""

    start: datetime = _BEGINNING
    end: datetime | None = None
    next: str = ""
    next_at: datetime | None = None


class _Track(msgspec.Struct, frozen=True, kw_only=True):
    """One import: from where to where, and when."""

    begin: datetime
    end: datetime
    now: datetime


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Cursor).decode


class Ncmec:
    """One environment of the interface. Option `members`: only entries of these members (ids with commas)."""

    whole = True

    def __init__(self, http: Http, options: Mapping[str, str] | None = None) -> None:
        self._http = http
        members = (options or {}).get("members", "")
        self._members = frozenset(filter(None, (part.strip() for part in members.split(","))))

    def stale(self, cursor: str, fetched_at: datetime | None, now: datetime) -> bool:
        """Never: deleted entries are told of for ever."""
        return False

    def pages(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Span after span up to now. Raises SourceFailed as `Feed.pages`."""
        at = _decode(cursor) if cursor else Cursor()
        track = _Track(begin=at.start, end=now.replace(microsecond=0), now=now)
        reached, length = at.start, track.end - at.start
        while reached < track.end:
            resumed = self._resume(at, now)
            stop = at.end if resumed and at.end else min(track.end, reached + max(length, _SHORTEST))
            first = resumed or self._ask("v2/entries", {"from": _text(reached), "to": _text(stop)})
            if not resumed and expected_in_span(first) > _MOST_IN_SPAN and stop - reached > _SHORTEST:
                length = (stop - reached) / 4
                continue
            yield from self._span(first, reached, stop, track)
            length = (stop - reached) * (2 if expected_in_span(first) < _FEW_IN_SPAN else 1)
            at, reached = Cursor(start=stop), stop

    def _resume(self, at: Cursor, now: datetime) -> Answered | None:
        """The page at the place where the last import was cut off, if the place still counts."""
        if not at.next or at.end is None or at.next_at is None or now - at.next_at > _PAGING_LIVES:
            return None
        answer = self._http.get(at.next, take=_PLACE_GONE)
        return read_answer(answer.body) if answer.status == _OK else None

    def _span(self, answer: Answered, start: datetime, stop: datetime, track: _Track) -> Iterator[Page]:
        while True:
            yield self._page(answer, _after(start, stop, answer.next, track), stop, track)
            if not answer.next:
                return
            further = self._ask(answer.next, {})
            if further.next == answer.next:
                raise SourceFailed("paging does not move on", hint="tell the source")
            answer = further

    def _ask(self, path: str, query: dict[str, str]) -> Answered:
        return read_answer(self._http.get(path, query).body)

    def _page(self, answer: Answered, at: Cursor, stop: datetime, track: _Track) -> Page:
        kept = [change for member, change in answer.changes if self._wanted(member)]
        return Page(
            cursor=_encode(at).decode(),
            changes=tuple(kept),
            rejects=answer.rejects,
            skipped=len(answer.changes) - len(kept),
            done=int(((at.start if answer.next else stop) - track.begin).total_seconds()),
            total=int((track.end - track.begin).total_seconds()),
        )

    def _wanted(self, member: str) -> bool:
        return not self._members or member in self._members


def _after(start: datetime, stop: datetime, after: str, track: _Track) -> Cursor:
    if after:
        return Cursor(start=start, end=stop, next=after, next_at=track.now)
    # The newest span ends now: what is entered at this moment may show later.
    return Cursor(start=max(_BEGINNING, stop - OVERLAP) if stop >= track.end else stop)


def expected_in_span(first: Answered) -> int:
    """About how many entries a span has, by its first page and the place of its second."""
    given = len(first.changes) + len(first.rejects)
    query = parse_qs(urlsplit(first.next).query)
    try:
        return given + int(query["max"][0]) - int(query["start"][0]) + 1
    except (KeyError, ValueError):
        return given


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
