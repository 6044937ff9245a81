"""A shift by API, step by step: each step may be sent again by whoever got no answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import httpx
import msgspec
from tests.receiving import Receiver
from tests.unit.web.serving import cookie, key, make_app

from havenwall.app import App
from havenwall.model import Right, Role
from havenwall.web.security import CSRF_HEADER, csrf_token

WHO = "account:lantern"
QUEUE = "accounts"
SETTINGS = {"HAVENWALL_ENDPOINT_HTTP": "1", "HAVENWALL_DELIVERY_TIMEOUT": "0.3"}
Headers = dict[str, str]


class Staff(msgspec.Struct, frozen=True, kw_only=True):
    """What each sends along: three who decide, one who sets up, and the platform's program."""

    ann: Headers
    ben: Headers
    eve: Headers
    root: Headers
    platform: Headers


class Line(Protocol):
    """Speaks to a server."""

    def ask(self, method: str, path: str, headers: Headers, json: Any = None) -> tuple[httpx.Response, bool]:
        """The answer, and whether it was asked for more than once because none came."""


class Straight:
    """To a server that nobody kills."""

    def __init__(self, port: int) -> None:
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)

    def ask(self, method: str, path: str, headers: Headers, json: Any = None) -> tuple[httpx.Response, bool]:
        return self._client.request(method, path, headers=headers, json=json), False

    def close(self) -> None:
        self._client.close()


def staff(folder: Path) -> Staff:
    """Signs everybody in, while no server runs."""
    app = make_app(folder)
    try:
        people = {name: _person(app, name, Role.SPECIALIST) for name in ("ann", "ben", "eve")}
        rights = (Right.SEND_REPORTS, Right.READ_ACTIONS, Right.ASK_GUARD)
        return Staff(**people, root=_person(app, "root", Role.ADMINISTRATOR), platform=key(app, *rights))
    finally:
        app.close()


def _person(app: App, name: str, role: Role) -> Headers:
    session = app.store.people.new_session(app.store.people.add(name, role))
    return cookie(app, session) | {"Sec-Fetch-Site": "same-origin", CSRF_HEADER: csrf_token(session)}


class Shift:
    """One report's way, from the report to the appeal that takes everything back."""

    def __init__(self, line: Line, who: Staff, receiver: Receiver, subject: str = WHO) -> None:
        self._line, self._who, self._receiver, self._subject = line, who, receiver, subject
        self.case: dict[str, Any] = {}
        self.number = self.proposal = self.appeal = ""
        self.steps: tuple[Callable[[], None], ...] = (
            self.report,
            self.take,
            self.restrict,
            self.refer,
            self.propose,
            self.approve,
            self.told_to_remove,
            self.ask_again,
            self.uphold,
            self.told_to_take_back,
            self.allowed_again,
        )

    def set_up(self) -> None:
        """A queue for accounts, and the platform's endpoint."""
        rule = {"case_class": "child_safety", "position": 10, "rule": {"kinds": ["account"]}}
        self._send("PUT", f"/v1/queues/{QUEUE}", self._who.root, rule, 200)
        endpoint = {"name": "platform", "url": self._receiver.url}
        self._receiver.secret = self._send("POST", "/v1/endpoints", self._who.root, endpoint, 201)["secret"]

    def report(self) -> None:
        draft = {
            "source_id": self._subject,
            "subject": self._subject,
            "reason": "child_trade",
            "text": "They sell bluewhistle.",
            "reporter": "account:ada",
        }
        answer, again = self._line.ask("POST", "/v1/reports", self._who.platform, draft)
        assert answer.status_code == 201 or (again and answer.status_code == 200), answer.text
        self.number = answer.json()["number"]

    def take(self) -> None:
        """The reviewer is given the case: from a queue that is empty until the report is routed there."""

        def given() -> bool:
            took = self._send("POST", f"/v1/queues/{QUEUE}/next", self._who.ann, {}, 200)["case"]
            # Whoever got no answer finds what was given among what is theirs.
            mine = self._get("/v1/cases?mine=true", self._who.ann)["items"]
            self.case = took or next(iter(mine), {})
            return bool(self.case)

        until(given)
        held = self._send("POST", f"/v1/cases/{self.case['id']}/lease/heartbeat", self._who.ann, None, 200)
        assert held["held_until"]
        self.case = self._get(f"/v1/cases/{self.case['id']}", self._who.ann)
        assert (self.case["queue"], self.case["case_class"]) == (QUEUE, "child_safety")
        other, _ = self._line.ask("POST", f"/v1/cases/{self.case['id']}/lease", self._who.ben)
        assert other.status_code == 409, other.text

    def restrict(self) -> None:
        self._decide("restrict", 201)
        until(lambda: self._standing() == "restricted")

    def refer(self) -> None:
        self._send("POST", f"/v1/cases/{self.case['id']}/referral", self._who.ann, None, 201)

    def propose(self) -> None:
        self.case = self._get(f"/v1/cases/{self.case['id']}", self._who.ann)
        self._decide("remove", 202)
        self.proposal = self._get("/v1/proposals?state=waiting", self._who.ben)["items"][0]["id"]
        own, _ = self._line.ask("POST", f"/v1/proposals/{self.proposal}/approve", self._who.ann, {"why": "I"})
        assert own.status_code == 403, own.text
        assert self._standing() == "restricted", "nothing happens before a second person agrees"

    def approve(self) -> None:
        agreed = {"why": "I agree"}
        where = f"/v1/proposals/{self.proposal}/approve"
        answer, again = self._line.ask("POST", where, self._who.ben, agreed)
        assert answer.status_code == 200 or (again and answer.status_code == 409), answer.text
        until(lambda: self._standing() == "removed")

    def told_to_remove(self) -> None:
        until(lambda: self._has_told(("remove", "planned")))
        assert not self._recommended()

    def ask_again(self) -> None:
        """The platform hands the statement over, and brings the appeal of the person restricted."""
        notice = next(n for n in self._carried_out() if n["kind"] == "remove")
        told = self._get(f"/v1/actions/{notice['action_id']}/statement", self._who.platform)
        assert told["code"]
        assert told["grounds"]["two_persons"]
        draft = {"source_id": self._subject, "action_id": told["reference"], "text": "That is my shop."}
        answer, again = self._line.ask("POST", "/v1/appeals", self._who.platform, draft)
        assert answer.status_code == 201 or (again and answer.status_code == 200), answer.text
        self.appeal = answer.json()["id"]

    def uphold(self) -> None:
        where, finding = f"/v1/appeals/{self.appeal}/decision", {"finding": "mistaken", "why": "another shop"}
        for partner in (self._who.ann, self._who.ben):
            refused, _ = self._line.ask("POST", where, partner, finding)
            assert refused.status_code == 403, refused.text
        answer, again = self._line.ask("POST", where, self._who.eve, finding)
        assert answer.status_code == 200 or (again and answer.status_code == 409), answer.text
        assert self._get(f"/v1/appeals/{self.appeal}", self._who.eve)["state"] == "upheld"

    def told_to_take_back(self) -> None:
        until(lambda: self._has_told(("remove", "reversed"), ("restrict", "reversed")))

    def allowed_again(self) -> None:
        until(self._recommended)
        until(lambda: self._standing() == "none")
        seen = self._get(f"/v1/appeals/{self.appeal}", self._who.platform)
        assert seen["state"] == "upheld"
        assert "decided_by" not in seen

    def told(self) -> list[tuple[str, str]]:
        """Kinds and states of what the receiver carried out for this account, in their order."""
        return [(one["kind"], one["state"]) for one in self._carried_out()]

    def _has_told(self, *wanted: tuple[str, str]) -> bool:
        # A dead server tells nobody anything, and is only started again by whoever asks it something.
        self._get("/v1/health", self._who.platform)
        return set(wanted) <= set(self.told())

    def _carried_out(self) -> list[dict[str, Any]]:
        return [one for one in list(self._receiver.carried_out) if one["entity"] == self._subject]

    def _decide(self, verb: str, status: int) -> None:
        wanted = {"verb": verb, "entities": [self._subject], "why": "seen", "version": self.case["version"]}
        where, repeated = f"/v1/cases/{self.case['id']}/decisions", False

        def heard() -> bool:
            nonlocal repeated
            answer, again = self._line.ask("POST", where, self._who.ann, wanted)
            repeated |= again
            if "not in the vault yet" in answer.text:
                return False
            # A decision that was kept before the server died is refused the second time: never doubled.
            fine = answer.status_code == status or (repeated and answer.status_code in (409, 422))
            assert fine, answer.text
            return True

        until(heard)

    def _standing(self) -> str:
        answer = self._get(f"/v1/guard/standing/{self._subject}", self._who.platform)
        return (answer["standing"] or {"restriction": "none"})["restriction"]

    def _recommended(self) -> bool:
        asked = {"surface": "recommended_accounts", "candidates": [self._subject]}
        return bool(self._send("POST", "/v1/guard/filter", self._who.platform, asked, 200)["keep"])

    def _get(self, path: str, headers: Headers) -> Any:
        return self._send("GET", path, headers, None, 200)

    def _send(self, method: str, path: str, headers: Headers, json: Any, status: int) -> Any:
        answer, _ = self._line.ask(method, path, headers, json)
        assert answer.status_code == status, answer.text
        return answer.json()


def until(done: Callable[[], bool], looks: int = 900) -> None:
    """Wait for what the worker brings about. Counts looks, not seconds: a restart takes its time."""
    for _ in range(looks):
        if done():
            return
        time.sleep(0.05)
    raise AssertionError("it never came about")
