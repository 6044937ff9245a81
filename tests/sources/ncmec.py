"""NCMEC's hash sharing interface as its documentation tells: spans of time, pages, deleted entries."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import msgspec
from tests.sources.serving import Reply

_SPACE = "https://hashsharing.ncmec.org/hashsharing/v2"


class Entry(msgspec.Struct):
    """One entry; `hashes` None: deleted."""

    id: str
    at: datetime
    hashes: dict[str, str] | None
    member: str = "42"
    video: bool = False
    extra: str = ""


class FakeNcmec:
    """Entries of a span in the order they were put in, which is not that of time, `size` a page."""

    def __init__(self, user: str = "us", password: str = "pass:word", size: int = 2) -> None:
        self.entries: dict[tuple[str, str], Entry] = {}
        self.user, self.password, self.size = user, password, size

    def put(self, *entries: Entry) -> None:
        for entry in entries:
            self.entries.pop((entry.member, entry.id), None)
            self.entries[entry.member, entry.id] = entry

    def respond(self, path: str, query: dict[str, str], headers: Any, base: str) -> Reply:
        token = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        if headers.get("Authorization") != f"Basic {token}":
            return Reply(b"", 401)
        if path != "/hashsharing/v2/entries":
            return Reply(b"", 404)
        start, stop = (datetime.fromisoformat(query[name]) for name in ("from", "to"))
        assert start.tzinfo
        assert stop.tzinfo
        found = [entry for entry in self.entries.values() if start <= entry.at <= stop]
        first = int(query.get("start", "1")) - 1
        page, rest = found[first : first + self.size], len(found) - first - self.size
        following = ""
        if rest > 0:
            place = {"from": query["from"], "to": query["to"], "start": first + self.size + 1}
            place |= {"size": self.size, "max": len(found)}
            following = f"<paging><next>{escape('/v2/entries?' + urlencode(place))}</next></paging>"
        body = _group("images", [e for e in page if not e.video]) + _group(
            "videos", [e for e in page if e.video]
        )
        return Reply(
            f'<?xml version="1.0"?>\n<queryResult xmlns="{_SPACE}">{body}{following}</queryResult>'.encode()
        )


def _group(name: str, entries: list[Entry]) -> str:
    return f'<{name} count="{len(entries)}">{"".join(map(_entry, entries))}</{name}>'


def _entry(entry: Entry) -> str:
    kind = "video" if entry.video else "image"
    tag = kind if entry.hashes is not None else f"deleted{kind.capitalize()}"
    prints = "".join(f"<{name}>{value}</{name}>" for name, value in (entry.hashes or {}).items())
    told = f"<fingerprints>{prints}</fingerprints>" if prints else ""
    moment = entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'<{tag}><member id="{entry.member}">Example</member><timestamp>{moment}</timestamp>'
        f"<id>{entry.id}</id>{entry.extra}{told}</{tag}>"
    )
