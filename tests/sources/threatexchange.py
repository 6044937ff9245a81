"""ThreatExchange's updates of a privacy group: in the order of time, the token in the next page's address."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from tests.sources.serving import Reply


class FakeThreatExchange:
    """Updates by id; the newest state of each stands at its last change."""

    def __init__(self, token: str = "app|secret", group: str = "77", size: int = 2) -> None:
        self.updates: dict[str, dict[str, Any]] = {}
        self.token, self.group, self.size = token, group, size

    def put(self, at: int, name: str, kind: str, value: str, *opinions: dict[str, Any]) -> None:
        told = [{"id": f"d{name}", "owner": {"id": "1"}, "status": "MALICIOUS", "tags": ["a"]}]
        self._put(name, at, type=kind, indicator=value, descriptors={"data": [*opinions] or told})

    def delete(self, at: int, name: str) -> None:
        self._put(name, at, type=self.updates[name]["type"], should_delete=True)

    def _put(self, name: str, at: int, **fields: Any) -> None:
        self.updates.pop(name, None)
        self.updates[name] = {"id": name, "last_updated": at, "should_delete": False} | fields

    def respond(self, path: str, query: dict[str, str], headers: Any, base: str) -> Reply:
        if headers.get("Authorization") != f"Bearer {self.token}" or "access_token" in query:
            return Reply(b"", 403)
        if path != f"/v26.0/{self.group}/threat_updates/":
            return Reply(b"", 404)
        start, after = int(query.get("start_time", "0")), int(query.get("after", "0"))
        found = [u for u in self.updates.values() if u["last_updated"] > start]
        found.sort(key=lambda update: update["last_updated"])
        answer: dict[str, Any] = {"data": found[after : after + self.size], "paging": {}}
        if len(found) > after + self.size:
            place = urlencode(query | {"after": after + self.size, "access_token": self.token})
            answer["paging"] = {"next": f"{base}{path}?{place}"}
        return Reply(json.dumps(answer).encode())
