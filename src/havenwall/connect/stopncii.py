"""The hash interface of StopNCII.org: JSON over HTTPS, with a subscription key and a function key.

People send in hashes of their own intimate images and take them back when they like: a withdrawn case must
stop matching at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from havenwall.connect.http import Http
from havenwall.detect.banks import Page, read_item, reject, withdrawal
from havenwall.detect.banks.hashes import Item
from havenwall.errors import SourceFailed

_PAGE: Final = 800
_BEGINNING: Final = 10
"""The earliest start the interface takes."""
_FORGETS: Final = timedelta(days=30)
"""Withdrawals are told of so long."""
_TOKEN_LIVES: Final = timedelta(hours=1)
_OK: Final = 200
_PLACE_GONE: Final = frozenset({400, 404, 410})
_KINDS: Final = {"ImagePDQ": "pdq", "VideoMD5": "md5", "VideoTMK": "tmk"}
_OTHERS: Final = frozenset({"Text", "URL", "Unknown"})
_GONE: Final = frozenset({"Withdrawn", "Deleted"})


class Cursor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All before `start` (seconds since 1970) is done; `token` is a place in what came after."""

    start: int = _BEGINNING
    token: str = ""
    token_at: datetime | None = None


class Answer(msgspec.Struct, frozen=True):
    """A page as the interface gives it."""

    hashRecords: list[msgspec.Raw]  # noqa: N815
    hasMoreRecords: bool  # noqa: N815
    nextSetTimestamp: int  # noqa: N815
    nextPageToken: str | None = None  # noqa: N815


class Record(msgspec.Struct, frozen=True):
    """One hash with its cases."""

    signalType: str  # noqa: N815
    hashValue: str  # noqa: N815
    hashStatus: str = "Unknown"  # noqa: N815
    lastModtimestamp: int | None = None  # noqa: N815
    CSPFeedbacks: list[dict[str, Any]] = []


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Cursor).decode
_decode_answer = msgspec.json.Decoder(Answer).decode
_decode_record = msgspec.json.Decoder(Record).decode


class StopNcii:
    """The interface. The address ends before `FetchHashes`."""

    whole = True

    def __init__(self, http: Http) -> None:
        self._http = http

    @staticmethod
    def headers(subscription: str, function: str) -> dict[str, str]:
        """The headers with the two keys, which are given as `subscription:function`."""
        return {"Ocp-Apim-Subscription-Key": subscription, "x-functions-key": function}

    def stale(self, cursor: str, fetched_at: datetime | None, now: datetime) -> bool:
        """Whether withdrawals since the last fetch may have been forgotten."""
        return fetched_at is None or now - fetched_at > _FORGETS

    def pages(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Page after page. Raises SourceFailed as `Feed.pages`."""
        at = _decode(cursor) if cursor else Cursor()
        if at.token_at is None or now - at.token_at > _TOKEN_LIVES:
            at = Cursor(start=at.start)
        while True:
            answer = self._ask(at)
            if answer.hasMoreRecords and (not answer.nextPageToken or answer.nextPageToken == at.token):
                raise SourceFailed("paging does not move on", hint="tell the source")
            # Only the last page's time counts: on a page before it, it may lie beyond records still to come.
            done = Cursor(start=max(at.start, answer.nextSetTimestamp))
            more = Cursor(start=at.start, token=answer.nextPageToken or "", token_at=now)
            at = more if answer.hasMoreRecords else done
            yield _page(answer, _encode(at).decode())
            if not answer.hasMoreRecords:
                return

    def _ask(self, at: Cursor) -> Answer:
        query = {"startTimestamp": str(at.start), "pageSize": str(_PAGE)}
        if at.token:
            answer = self._http.get("FetchHashes", query | {"nextPageToken": at.token}, take=_PLACE_GONE)
            if answer.status == _OK:
                return _read(answer.body)
        return _read(self._http.get("FetchHashes", query).body)


def _read(body: bytes) -> Answer:
    try:
        return _decode_answer(body)
    except msgspec.MsgspecError as error:
        raise SourceFailed(f"the answer is not as documented: {error}") from error


def _page(answer: Answer, cursor: str) -> Page:
    items = [_item(raw) for raw in answer.hashRecords]
    return Page(
        cursor=cursor,
        changes=tuple(item.change for item in items if item and item.change),
        rejects=tuple(one for item in items if item for one in item.rejects),
        skipped=sum(item is None for item in items),
    )


def _item(raw: msgspec.Raw) -> Item | None:
    """What a record says; None when it is no hash of media."""
    try:
        record = _decode_record(raw)
    except msgspec.MsgspecError as error:
        return Item(None, (reject("record", str(error), bytes(raw)[:200].decode(errors="replace")),))
    kind = _KINDS.get(record.signalType)
    if kind is None:
        known = record.signalType in _OTHERS
        return None if known else Item(None, (reject(record.signalType, "unknown type of hash"),))
    name, at = f"{record.signalType}:{record.hashValue.strip().lower()}", _moment(record.lastModtimestamp)
    if kind == "tmk":
        name = f"{record.signalType}:{record.hashValue.strip()}"
    if record.hashStatus in _GONE:
        return Item(withdrawal(name, f"the person's case is {record.hashStatus.lower()}", at), ())
    return read_item(name, [(kind, record.hashValue)], labels=_labels(record), at=at, where=name)


def _labels(record: Record) -> list[str]:
    told = [f"status:{record.hashStatus}"]
    for feedback in record.CSPFeedbacks:
        told.append(f"feedback:{feedback.get('feedbackValue', 'Unknown')}")
        tags = feedback.get("tags")
        told += [f"tag:{tag}" for tag in tags] if isinstance(tags, list) else []
    return told


def _moment(seconds: int | None) -> datetime | None:
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
