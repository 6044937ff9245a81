"""Meta's ThreatExchange: the updates of a privacy group, JSON over HTTPS, with an access token.

The token goes into a header. The interface puts it into the addresses of further pages too; from those it is
taken out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec

from havenwall.connect.http import Http
from havenwall.detect.banks import Page, read_item, reject, withdrawal
from havenwall.detect.banks.hashes import Item
from havenwall.errors import BadConfig, SourceFailed

_FORGETS: Final = timedelta(days=85)
"""Deletions are told of for 90 days."""
_PAGE: Final = 500
_FIELDS: Final = (
    "id,indicator,type,last_updated,should_delete,descriptors{id,owner{id},status,tags,reactions}"
)
_KINDS: Final = {
    "HASH_PDQ": "pdq",
    "HASH_MD5": "md5",
    "HASH_VIDEO_MD5": "md5",
    "HASH_SHA1": "sha1",
    "HASH_SHA256": "sha256",
    "HASH_VIDEO_SHA256": "sha256",
    "HASH_TMK": "tmk",
}


class Cursor(msgspec.Struct, frozen=True, kw_only=True):
    """Updates come in the order of their time, in seconds since 1970; all before it are done."""

    time: int = 0


class Paging(msgspec.Struct, frozen=True):
    """Where the next page is."""

    next: str | None = None


class Answer(msgspec.Struct, frozen=True):
    """A page as the interface gives it."""

    data: list[msgspec.Raw]
    paging: Paging = Paging()


class Update(msgspec.Struct, frozen=True):
    """One indicator and what members say of it."""

    id: str
    last_updated: int | None = None
    type: str = ""
    indicator: str = ""
    should_delete: bool = False
    descriptors: dict[str, list[dict[str, Any]]] | None = None


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Cursor).decode
_decode_answer = msgspec.json.Decoder(Answer).decode
# Numbers come as numbers and as text.
_decode_update = msgspec.json.Decoder(Update, strict=False).decode


class ThreatExchange:
    """One privacy group (option `privacy_group`). The address ends with the version, such as `…/v26.0`."""

    whole = True

    def __init__(self, http: Http, options: Mapping[str, str] | None = None) -> None:
        group = (options or {}).get("privacy_group", "")
        if not group.isdigit():
            raise BadConfig("is missing", field="options", hint="set privacy_group to the group's number")
        self._http, self._group = http, group

    def stale(self, cursor: str, fetched_at: datetime | None, now: datetime) -> bool:
        """Whether deletions since the last fetch may have been forgotten."""
        return fetched_at is None or now - fetched_at > _FORGETS

    def pages(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Page after page. Raises SourceFailed as `Feed.pages`."""
        done = (_decode(cursor) if cursor else Cursor()).time
        query = {"limit": str(_PAGE), "fields": _FIELDS}
        if done:
            # Others of the same second may not have been told yet.
            query["start_time"] = str(done - 1)
        path = f"{self._group}/threat_updates/?{urlencode(query)}"
        seen: set[str] = set()
        while path:
            if path in seen:
                raise SourceFailed("paging does not move on", hint="tell the source")
            seen.add(path)
            answer = _read(self._http.get(path).body)
            page, newest = _page(answer)
            done = max(done, newest)
            yield msgspec.structs.replace(page, cursor=_encode(Cursor(time=done)).decode())
            path = without_token(answer.paging.next or "")


def without_token(address: str) -> str:
    """The address of a page without the access token the interface puts into it."""
    parts = urlsplit(address)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name != "access_token"]
    return parts._replace(query=urlencode(kept)).geturl() if address else ""


def _read(body: bytes) -> Answer:
    try:
        return _decode_answer(body)
    except msgspec.MsgspecError as error:
        raise SourceFailed(f"the answer is not as documented: {error}") from error


def _page(answer: Answer) -> tuple[Page, int]:
    items: list[Item | None] = []
    newest = 0
    for raw in answer.data:
        try:
            update = _decode_update(raw)
        except msgspec.MsgspecError as error:
            text = bytes(raw)[:200].decode(errors="replace")
            items.append(Item(None, (reject("update", str(error), text),)))
            continue
        newest = max(newest, update.last_updated or 0)
        items.append(_item(update))
    return Page(
        cursor="",
        changes=tuple(item.change for item in items if item and item.change),
        rejects=tuple(one for item in items if item for one in item.rejects),
        skipped=sum(item is None for item in items),
    ), newest


def _item(update: Update) -> Item | None:
    """What an update says; None when it is no hash of media."""
    at = datetime.fromtimestamp(update.last_updated, UTC) if update.last_updated else None
    if update.should_delete or update.descriptors is None:
        return Item(withdrawal(update.id, "deleted at the source", at), ())
    kind = _KINDS.get(update.type)
    if kind is None:
        return None
    opinions = [each for each in update.descriptors.get("data", ()) if each.get("owner")]
    if not opinions:
        # Members' opinions come and go from sight at times; that is no withdrawal.
        return None
    statuses = {str(each.get("status", "UNKNOWN")) for each in opinions}
    if statuses == {"NON_MALICIOUS"}:
        return Item(withdrawal(update.id, "all who share it say it is harmless", at), ())
    labels = {f"status:{status}" for status in statuses} | {f"type:{update.type}"}
    labels |= {f"tag:{tag}" for each in opinions for tag in _tags(each.get("tags"))}
    disputed = "NON_MALICIOUS" in statuses or any(map(_disagrees, opinions))
    labels |= {"disputed"} if disputed else set()
    return read_item(update.id, [(kind, update.indicator)], labels=labels, at=at)


def _tags(told: object) -> list[str]:
    """Tags come as a list of texts, or as `{"data": [{"text": …}]}`."""
    if isinstance(told, dict):
        rows = told.get("data")
        return (
            [str(row.get("text", "")) for row in rows if isinstance(row, dict)]
            if isinstance(rows, list)
            else []
        )
    return [str(tag) for tag in told] if isinstance(told, list) else []


def _disagrees(opinion: dict[str, Any]) -> bool:
    reactions = opinion.get("reactions")
    rows = reactions if isinstance(reactions, list) else []
    return any(isinstance(row, dict) and row.get("key") == "DISAGREE_WITH_TAGS" for row in rows)
