"""StopNCII's interface as its clients tell: records by their last change, pages by a token."""

from __future__ import annotations

import json
from typing import Any

from tests.sources.serving import Reply


class FakeStopNcii:
    """Records by (type, value); the newest state of each stands at its last change."""

    def __init__(self, subscription: str = "sub", function: str = "fun", size: int = 2) -> None:
        self.records: dict[tuple[str, str], dict[str, Any]] = {}
        self.keys, self.size, self.round = (subscription, function), size, 0

    def put(self, at: int, value: str, status: str = "Active", kind: str = "ImagePDQ", **more: Any) -> None:
        record = {"lastModtimestamp": at, "signalType": kind, "hashValue": value, "hashStatus": status}
        self.records.pop((kind, value), None)
        self.records[kind, value] = record | {"caseNumbers": {}} | more

    def forget_tokens(self) -> None:
        """Tokens given out so far are of no use any more."""
        self.round += 1

    def respond(self, path: str, query: dict[str, str], headers: Any, base: str) -> Reply:
        if (headers.get("Ocp-Apim-Subscription-Key"), headers.get("x-functions-key")) != self.keys:
            return Reply(b"", 401)
        if path != "/v1/FetchHashes":
            return Reply(b"", 404)
        start = int(query["startTimestamp"])
        found = sorted(
            (r for r in self.records.values() if r["lastModtimestamp"] >= start),
            key=lambda record: record["lastModtimestamp"],
        )
        turn, _, place = query.get("nextPageToken", f"{self.round}-0").partition("-")
        if int(turn) != self.round:
            return Reply(b"", 400)
        first = int(place)
        page, more = found[first : first + self.size], len(found) > first + self.size
        answer = {
            "count": len(page),
            "nextPageToken": f"{self.round}-{first + self.size}",
            # On a page that is not the last, this may lie beyond what is still to come.
            "nextSetTimestamp": max((r["lastModtimestamp"] for r in found), default=start),
            "hasMoreRecords": more,
            "hashRecords": page,
        }
        return Reply(json.dumps(answer).encode())
