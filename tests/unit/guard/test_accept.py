"""Which snapshots a guard takes over."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest

from havenwall.errors import BadConfig, BadInput
from havenwall.guard import Guard, Outcome, Surface
from havenwall.guard.shrink import OVERRIDE, Override, allow_shrink, make_key
from havenwall.model import now

HOUR = timedelta(hours=1)


@pytest.fixture
def feed(standing):
    return [standing(seq, f"account:{seq}") for seq in range(1, 501)]


@pytest.fixture
def key(tmp_path: Path) -> Path:
    make_key(tmp_path / "keys" / "guard.key")
    return tmp_path / "keys" / "guard.key"


def lifts(standing, count: int, *, after: int = 500):
    return [standing(after + number, f"account:{number}", "none") for number in range(1, count + 1)]


def successor(root: Path, bring, feed) -> None:
    """A snapshot that comes without its changes having been seen one by one."""
    assert bring(root, feed, max_lines=0).rebuilt


@pytest.mark.parametrize(("lost", "refused"), [(99, False), (100, False), (101, True), (500, True)])
def test_losing_more_than_a_fifth_at_once_is_refused_and_the_old_kept(
    ram_path: Path, feed, bring, standing, lost: int, refused: bool
) -> None:
    bring(ram_path, feed)
    guard = Guard.open(ram_path, refresh_every=3600)
    successor(ram_path, bring, [*feed, *lifts(standing, lost)])
    guard.refresh()
    verdict = guard.check("account:1", Surface.TRENDS)
    assert (verdict.outcome is Outcome.DROP) == refused
    status = guard.status()
    assert status.complete is not refused
    assert ("havenwall guard allow-shrink" in str(status.problem)) == refused


def test_a_small_set_may_be_lifted_as_a_whole(ram_path: Path, feed, bring, standing) -> None:
    bring(ram_path, feed[:99])
    guard = Guard.open(ram_path, refresh_every=3600)
    successor(ram_path, bring, [*feed[:99], *lifts(standing, 99)])
    guard.refresh()
    assert guard.status().problem is None


def test_what_was_lifted_one_by_one_is_not_lost(ram_path: Path, feed, bring, standing) -> None:
    bring(ram_path, feed)
    guard = Guard.open(ram_path, refresh_every=3600)
    feed += lifts(standing, 400)
    bring(ram_path, feed)
    guard.refresh()
    successor(ram_path, bring, [*feed, standing(901, "account:x")])
    guard.refresh()
    assert (guard.status().problem, guard.status().changes) == (None, 0)


def test_the_share_is_the_operators(ram_path: Path, feed, bring, standing) -> None:
    bring(ram_path, feed)
    guards = {share: Guard.open(ram_path, refresh_every=3600, max_shrink=share) for share in (0.5, 0.6, 1.0)}
    successor(ram_path, bring, [*feed, *lifts(standing, 275)])
    for guard in guards.values():
        guard.refresh()
    assert {share: guard.status().complete for share, guard in guards.items()} == {
        0.5: False,
        0.6: True,
        1.0: True,
    }
    for share in (-0.1, 1.1, float("nan")):
        with pytest.raises(BadConfig, match="max_shrink"):
            Guard.open(ram_path, max_shrink=share)


def test_a_signed_override_lets_it_in(
    ram_path: Path, key: Path, feed, bring, standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("havenwall.guard.watch._RETRY", 0.0)
    bring(ram_path, feed)
    guard, keyless = (Guard.open(ram_path, refresh_every=3600, shrink_key=k) for k in (key, None))
    successor(ram_path, bring, [*feed, *lifts(standing, 300)])
    guard.refresh()
    assert guard.status().complete is False
    allow_shrink(ram_path, key, to=201, lasting=HOUR)
    guard.refresh()
    assert guard.status().complete is False, "200 are left, 201 were asked for"
    allow_shrink(ram_path, key, to=200, lasting=HOUR)
    guard.refresh()
    keyless.refresh()
    assert (guard.status().complete, keyless.status().complete) == (True, False)
    assert guard.check("account:1", Surface.TRENDS).outcome is Outcome.ALLOW


def forged(signed: Override) -> Override:
    return msgspec.structs.replace(signed, to=0)


def expired(signed: Override) -> Override:
    return msgspec.structs.replace(signed, until=now() - HOUR)


def unsigned(signed: Override) -> Override:
    return msgspec.structs.replace(signed, mac="")


@pytest.mark.parametrize("change", [forged, expired, unsigned])
def test_an_override_that_was_changed_counts_for_nothing(
    ram_path: Path, key: Path, feed, bring, standing, change
) -> None:
    bring(ram_path, feed)
    guard = Guard.open(ram_path, refresh_every=3600, shrink_key=key)
    signed = allow_shrink(ram_path, key, to=300 if change is forged else 0, lasting=HOUR)
    (ram_path / OVERRIDE).write_bytes(msgspec.json.encode(change(signed)))
    successor(ram_path, bring, [*feed, *lifts(standing, 300)])
    guard.refresh()
    assert guard.status().complete is False


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b'{"to":0,"until":"2099-01-01T00:00:00","mac":"\xc3\xa4"}']
)
def test_an_override_that_cannot_be_read_counts_for_nothing(
    ram_path: Path, key: Path, feed, bring, standing, content: bytes
) -> None:
    bring(ram_path, feed)
    guard = Guard.open(ram_path, refresh_every=3600, shrink_key=key)
    (ram_path / OVERRIDE).write_bytes(content)
    successor(ram_path, bring, [*feed, *lifts(standing, 300)])
    guard.refresh()
    assert guard.status().complete is False


def test_an_override_ends_and_another_key_does_not_sign(
    ram_path: Path, tmp_path: Path, key: Path, feed, bring, standing
) -> None:
    bring(ram_path, feed)
    other = tmp_path / "other.key"
    other.write_text("another-key-of-some-length")
    guard = Guard.open(ram_path, refresh_every=3600, shrink_key=key)
    allow_shrink(ram_path, other, to=0, lasting=HOUR)
    successor(ram_path, bring, [*feed, *lifts(standing, 300)])
    guard.refresh()
    assert guard.status().complete is False


def test_the_key_is_for_its_owner_and_made_once(key: Path, tmp_path: Path) -> None:
    assert key.stat().st_mode & 0o077 == 0
    before = key.read_bytes()
    make_key(key)
    assert key.read_bytes() == before
    (tmp_path / "short").write_text("short")
    for path in (tmp_path / "short", tmp_path / "absent"):
        with pytest.raises(BadConfig, match="guard_shrink_key"):
            allow_shrink(tmp_path, path, to=1, lasting=HOUR)
    for to, lasting, field in ((-1, HOUR, "to"), (1, timedelta(0), "hours")):
        with pytest.raises(BadInput) as caught:
            allow_shrink(tmp_path, key, to=to, lasting=lasting)
        assert caught.value.field == field


CASES = """
- {entity: "account:1", verdicts: {trends: drop, hashtag_page: demote}}
- {entity: "account:canary", verdicts: {trends: allow}}
"""


@pytest.mark.parametrize("beside", [True, False])
def test_a_snapshot_that_fails_a_golden_case_is_refused(
    ram_path: Path, tmp_path: Path, feed, bring, standing, beside: bool
) -> None:
    path = ram_path / "golden.yaml" if beside else tmp_path / "mine.yaml"
    bring(ram_path, feed)
    path.write_text(CASES)
    guard = Guard.open(ram_path, refresh_every=3600, golden=None if beside else path)
    assert guard.status().problem is None
    successor(ram_path, bring, [*feed, standing(501, "account:canary")])
    guard.refresh()
    assert guard.status().complete is False
    assert "golden case account:canary on trends: drop, not allow" in str(guard.status().problem)
    assert guard.check("account:canary", Surface.TRENDS).outcome is Outcome.ALLOW
    fresh = Guard.open(ram_path, refresh_every=3600, golden=None if beside else path)
    assert fresh.check("account:9", Surface.TRENDS).reason == "guard:no-snapshot"
    successor(ram_path, bring, [*feed, *lifts(standing, 0), standing(502, "account:canary", "none")])
    guard.refresh()
    assert guard.status().problem is None


@pytest.mark.parametrize("content", [b"- [", b"\xff", b"a: 1", b"- {entity: a, verdicts: {nowhere: drop}}"])
def test_golden_cases_that_cannot_be_read_refuse(ram_path: Path, feed, bring, content: bytes) -> None:
    bring(ram_path, feed)
    (ram_path / "golden.yaml").write_bytes(content)
    assert "cannot be read" in str(Guard.open(ram_path).status().problem)
    (ram_path / "golden.yaml").write_bytes(b"")
    assert Guard.open(ram_path).status().problem is None


def test_no_question_mixes_two_versions(ram_path: Path, standing, bring) -> None:
    """Snapshots alternate between restricting all odd and all even accounts, while four threads ask."""
    names = [f"account:{number}" for number in range(20)]
    seq = 0

    def turn(parity: int) -> list:
        nonlocal seq
        rows = []
        for number, name in enumerate(names):
            seq += 1
            rows.append(standing(seq, name, "suppressed" if number % 2 == parity else "none"))
        return rows

    feed = turn(0)
    bring(ram_path, feed)
    guard = Guard.open(ram_path, refresh_every=3600)
    bound = guard.bind(names)
    whole = ([*range(0, 20, 2)], [*range(1, 20, 2)])
    mixed: list[object] = []
    asked, stop = [0] * 4, threading.Event()

    def ask(place: int) -> None:
        while not stop.is_set():
            asked[place] += 1
            listed = guard.filter(names, Surface.TRENDS)
            versions = {verdict.version for verdict in listed.verdicts}
            masked = np.flatnonzero(bound.allowed(np.arange(20), Surface.TRENDS)).tolist()
            if listed.keep not in whole or masked not in whole or versions != {listed.version}:
                mixed.append((listed.keep, masked, versions))

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for number in range(1, 40):
        feed = [*feed, *turn(number % 2)]
        bring(ram_path, feed, max_lines=0 if number % 3 else 5_000)
        guard.refresh()
    stop.set()
    for thread in threads:
        thread.join()
    assert mixed == []
    assert min(asked) > 10
