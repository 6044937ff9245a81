from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from havenwall.errors import BadConfig, BadInput
from havenwall.guard import Guard, Outcome, Surface, append_delta, beat, published, write_snapshot
from havenwall.model import now


def age_heartbeat(root: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(root / "heartbeat", (then, then))


def damage_snapshot(root: Path) -> None:
    (root / "snapshots" / (root / "current").read_text() / "seq.npy").write_bytes(b"")


@pytest.fixture
def feed(standing):
    return [
        standing(1, "account:1"),
        standing(2, "account:2", "restricted", confirmed=True),
        standing(3, "account:3", "none", confirmed=True),
        standing(4, "account:4", "none"),
    ]


def test_filter_keeps_the_rest_and_explains_what_it_did(tmp_path: Path, feed, bring) -> None:
    bring(tmp_path, feed)
    candidates = ["account:9", "account:1", "account:2", "account:3", "account:1"]
    answer = Guard.open(tmp_path).filter(candidates, Surface.RECOMMENDED_ACCOUNTS)
    assert answer.keep == [0, 3]
    assert [(v.index, v.entity, v.outcome, v.factor) for v in answer.verdicts] == [
        (1, "account:1", Outcome.DROP, 0.0),
        (2, "account:2", Outcome.DROP, 0.0),
        (4, "account:1", Outcome.DROP, 0.0),
    ]
    assert [(v.reason, v.decision_id) for v in answer.verdicts[:2]] == [
        ("rule-1", "decision-1"),
        ("rule-2", "decision-2"),
    ]
    assert answer.stale is False
    assert answer.version == f"{(tmp_path / 'current').read_text()}+4"


def test_milder_outcomes_are_kept_and_carry_a_factor(tmp_path: Path, feed, bring) -> None:
    bring(tmp_path, feed)
    answer = Guard.open(tmp_path).filter(["account:1", "account:2", "account:9"], Surface.NOTIFICATIONS)
    assert answer.keep == [0, 1, 2]
    assert [(v.outcome, v.factor) for v in answer.verdicts] == [
        (Outcome.DEMOTE, 0.3),
        (Outcome.INTERSTITIAL, 1.0),
    ]


def test_check_agrees_with_filter_on_every_surface(tmp_path: Path, feed, bring) -> None:
    bring(tmp_path, feed)
    guard = Guard.open(tmp_path)
    for surface in Surface:
        for entity in [f"account:{number}" for number in range(6)]:
            verdict = guard.check(entity, surface)
            answer = guard.filter([entity], surface)
            assert answer.verdicts == ([] if verdict.outcome is Outcome.ALLOW else [verdict])
            assert answer.keep == ([0] if verdict.outcome.shows() else [])
            assert answer.version == verdict.version


def test_a_restricted_viewer_is_handed_nobody_new(tmp_path: Path, feed, bring) -> None:
    bring(tmp_path, feed)
    guard = Guard.open(tmp_path)
    answer = guard.filter(["account:8", "account:9"], Surface.PEOPLE_YOU_MAY_KNOW, viewer="account:2")
    assert answer.keep == []
    assert {(v.reason, v.decision_id) for v in answer.verdicts} == {("guard:viewer", "decision-2")}
    for viewer, surface in [
        ("account:1", Surface.PEOPLE_YOU_MAY_KNOW),
        ("account:9", Surface.CONTACT),
        ("account:2", Surface.SEARCH_RESULTS),
    ]:
        assert guard.filter(["account:8"], surface, viewer=viewer).keep == [0]


def test_changes_take_effect_and_a_lift_lifts(tmp_path: Path, feed, bring, standing) -> None:
    bring(tmp_path, feed)
    guard = Guard.open(tmp_path, refresh_every=3600)
    assert guard.refresh() is False
    feed += [standing(5, "account:1", "none"), standing(6, "account:7")]
    assert bring(tmp_path, feed).rebuilt is False
    assert guard.filter(["account:1", "account:7"], Surface.TRENDS).keep == [1]
    assert guard.refresh() is True
    answer = guard.filter(["account:1", "account:7"], Surface.TRENDS)
    assert answer.keep == [0]
    assert answer.version.endswith("+6")
    assert bring(tmp_path, feed, max_lines=0).rebuilt is True
    guard.refresh()
    status = guard.status()
    assert (status.changes, status.entries, status.watermark, status.problem) == (0, 5, 6, None)
    assert guard.filter(["account:1", "account:7"], Surface.TRENDS).keep == [0]


def test_it_looks_for_news_by_itself_when_asked(tmp_path: Path, feed, bring, standing) -> None:
    bring(tmp_path, feed)
    guard = Guard.open(tmp_path, refresh_every=0)
    bring(tmp_path, [*feed, standing(5, "account:7")])
    assert guard.check("account:7", Surface.TRENDS).outcome is Outcome.DROP


def test_a_snapshot_that_ran_ahead_of_its_watermark_is_not_undone_by_old_changes(
    tmp_path: Path, standing
) -> None:
    write_snapshot(tmp_path, [standing(5, "account:1", "none")], watermark=2, built_at=now())
    append_delta(tmp_path, [standing(3, "account:1", "removed")])
    guard = Guard.open(tmp_path, max_age=None)
    assert guard.check("account:1", Surface.TRENDS).outcome is Outcome.ALLOW


def test_without_a_snapshot_each_surface_fails_as_declared(tmp_path: Path, standing) -> None:
    guard = Guard.open(tmp_path / "nowhere", refresh_every=0, max_age=None)
    closed = guard.filter(["account:1"], Surface.PEOPLE_YOU_MAY_KNOW)
    assert (closed.keep, closed.stale, closed.verdicts[0].reason) == ([], True, "guard:no-snapshot")
    opened = guard.filter(["account:1"], Surface.SEARCH_RESULTS)
    assert (opened.keep, opened.stale, opened.verdicts) == ([0], True, [])
    append_delta(tmp_path / "nowhere", [standing(1, "account:1")])
    assert guard.filter(["account:1", "account:2"], Surface.SEARCH_RESULTS).keep == [1]
    assert "no snapshot" in str(guard.status().problem)


def test_a_silent_publisher_sends_closed_surfaces_to_their_failure_mode(tmp_path: Path, feed, bring) -> None:
    bring(tmp_path, feed)
    age_heartbeat(tmp_path, 200)
    guard = Guard.open(tmp_path, refresh_every=0)
    candidates = [f"account:{number}" for number in range(1, 6)]
    closed = guard.filter(candidates, Surface.TRENDS)
    assert (closed.keep, closed.stale) == ([2], True)
    assert [v.reason for v in closed.verdicts] == ["rule-1", "rule-2", "rule-1", "guard:outdated"]
    assert guard.filter(candidates, Surface.SEARCH_RESULTS).stale is False
    age_heartbeat(tmp_path, 700)
    opened = guard.filter(candidates, Surface.SEARCH_RESULTS)
    assert (opened.keep, opened.stale) == ([2, 3, 4], True)
    beat(tmp_path)
    assert guard.filter(candidates, Surface.TRENDS).keep == [2, 3, 4]


def test_no_heartbeat_at_all_counts_as_outdated_unless_switched_off(tmp_path: Path, standing) -> None:
    write_snapshot(tmp_path, [standing(1, "account:1")], watermark=1, built_at=now())
    append_delta(tmp_path, [])
    assert Guard.open(tmp_path).filter(["account:2"], Surface.TRENDS).keep == []
    answer = Guard.open(tmp_path, max_age=None).filter(["account:1", "account:2"], Surface.TRENDS)
    assert (answer.keep, answer.stale) == ([1], False)
    beat(tmp_path)
    age_heartbeat(tmp_path, 50)
    assert Guard.open(tmp_path, max_age=40).filter(["account:2"], Surface.TRENDS).keep == []
    assert Guard.open(tmp_path, max_age=4000).filter(["account:2"], Surface.TRENDS).keep == [0]


def test_a_damaged_successor_leaves_the_loaded_snapshot_in_force_but_flags_it(
    tmp_path: Path, feed, bring, standing, caplog: pytest.LogCaptureFixture
) -> None:
    bring(tmp_path, feed)
    guard = Guard.open(tmp_path, refresh_every=0)
    feed.append(standing(5, "account:5"))
    bring(tmp_path, feed, max_lines=0)
    damage_snapshot(tmp_path)
    answer = guard.filter(["account:1", "account:9"], Surface.TRENDS)
    assert (answer.keep, answer.stale) == ([1], True)
    status = guard.status()
    assert (status.complete, status.watermark) == (False, 4)
    assert "seq.npy is damaged" in str(status.problem)
    assert "seq.npy is damaged" in caplog.text
    feed.append(standing(6, "account:6"))
    bring(tmp_path, feed, max_lines=0)
    answer = guard.filter(["account:5", "account:6", "account:9"], Surface.TRENDS)
    assert (answer.keep, answer.stale) == ([2], False)
    assert guard.status().problem is None


def test_incomplete_data_does_not_stay_fresh_while_the_publisher_beats(
    tmp_path: Path, feed, bring, standing
) -> None:
    bring(tmp_path, feed)
    age_heartbeat(tmp_path, 100)
    guard = Guard.open(tmp_path, refresh_every=0)
    bring(tmp_path, [*feed, standing(5, "account:5")], max_lines=0)
    damage_snapshot(tmp_path)
    beat(tmp_path)
    assert guard.status().age >= 100


def test_changes_that_went_into_an_unreadable_snapshot_are_known_to_be_missing(
    tmp_path: Path, feed, bring, standing
) -> None:
    bring(tmp_path, feed)
    old = (tmp_path / "current").read_bytes()
    guard = Guard.open(tmp_path, refresh_every=0)
    feed.append(standing(5, "account:5"))
    bring(tmp_path, feed, max_lines=0)
    (tmp_path / "current").write_bytes(old)
    assert "changes 5 to 5 are missing" in str(guard.status().problem)
    assert guard.filter(["account:9"], Surface.TRENDS).stale is True
    assert bring(tmp_path, feed).rebuilt is True
    assert guard.status().complete is True


def test_an_older_snapshot_is_refused_and_the_newer_kept(tmp_path: Path, feed, bring, standing) -> None:
    bring(tmp_path, feed)
    old = (tmp_path / "current").read_bytes()
    bring(tmp_path, [*feed, standing(5, "account:5")], max_lines=0)
    guard = Guard.open(tmp_path, refresh_every=0)
    (tmp_path / "current").write_bytes(old)
    assert guard.check("account:5", Surface.TRENDS).outcome is Outcome.DROP
    assert "older than the one loaded" in str(guard.status().problem)


@pytest.mark.parametrize("name", ["current", "delta.jsonl", "heartbeat"])
def test_nothing_that_lies_in_the_folder_makes_it_raise(tmp_path: Path, feed, bring, name: str) -> None:
    bring(tmp_path, feed)
    guard = Guard.open(tmp_path, refresh_every=0)
    (tmp_path / name).unlink()
    (tmp_path / name).mkdir()
    for opened in (guard, Guard.open(tmp_path, refresh_every=0)):
        assert opened.check("account:1", Surface.TRENDS).outcome is Outcome.DROP
    assert name == "heartbeat" or guard.status().problem


def test_a_lost_change_file_lifts_nothing(tmp_path: Path, feed, bring, standing) -> None:
    bring(tmp_path, feed)
    guard = Guard.open(tmp_path, refresh_every=0)
    bring(tmp_path, [*feed, standing(5, "account:5")])
    assert guard.check("account:5", Surface.TRENDS).outcome is Outcome.DROP
    (tmp_path / "delta.jsonl").unlink()
    assert guard.check("account:5", Surface.TRENDS).outcome is Outcome.DROP
    assert published(tmp_path) == 4


def test_misuse_is_refused(tmp_path: Path, feed, bring) -> None:
    bring(tmp_path, feed)
    guard = Guard.open(tmp_path)
    with pytest.raises(BadInput, match="kind:id"):
        guard.filter(["1", "2"], Surface.TRENDS)
    with pytest.raises(BadInput, match="kind:id"):
        guard.filter(["account:1"], Surface.TRENDS, viewer="2")
    with pytest.raises(BadInput, match="one string"):
        guard.filter("account:1", Surface.TRENDS)
    with pytest.raises(BadInput, match="kind:id"):
        guard.check("1", Surface.TRENDS)
    with pytest.raises(BadInput, match="surface"):
        guard.check("account:1", "frontpage")  # type: ignore[arg-type]
    with pytest.raises(BadConfig, match="max_age"):
        Guard.open(tmp_path, max_age=float("nan"))
    with pytest.raises(BadConfig, match="refresh_every"):
        Guard.open(tmp_path, refresh_every=-1)
    assert guard.filter([], Surface.TRENDS).keep == []


def test_a_reader_sees_all_of_a_change_or_nothing(ram_path: Path, standing, bring) -> None:
    pairs = [(f"account:a{turn}", f"account:b{turn}") for turn in range(15)]
    flat = [entity for pair in pairs for entity in pair]
    bring(ram_path, [])
    guard = Guard.open(ram_path, refresh_every=3600)
    halves: list[list[int]] = []
    answers, stop = [0], threading.Event()

    def read() -> None:
        while not stop.is_set():
            keep = guard.filter(flat, Surface.TRENDS).keep
            answers[0] += 1
            if len(keep) % 2:
                halves.append(keep)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    feed = [standing(seq, entity) for seq, entity in enumerate(flat, start=1)]
    for end in range(2, len(feed) + 1, 2):
        bring(ram_path, feed[:end], max_lines=9)
        guard.refresh()
    stop.set()
    for reader in readers:
        reader.join()
    assert halves == []
    assert answers[0] > 0
    assert guard.filter(flat, Surface.TRENDS).keep == []


def test_a_following_guard_has_the_news_before_anybody_asks(tmp_path: Path, standing, bring) -> None:
    before = set(threading.enumerate())
    feed = [standing(1, "account:1")]
    bring(tmp_path, feed)
    with Guard.open(tmp_path, refresh_every=0.01) as guard:
        guard.follow()
        guard.follow()
        for attempt in range(100):
            feed.append(standing(len(feed) + 1, f"account:{attempt}x"))
            bring(tmp_path, feed)
            time.sleep(0.1)
            # Nothing is left to find when the thread has been here first.
            if not guard.refresh():
                break
        else:
            pytest.fail("the background thread never came first")
        assert guard.check(feed[-1].entity, Surface.TRENDS).outcome is Outcome.DROP
    fresh = set(threading.enumerate()) - before
    assert not [thread for thread in fresh if thread.name == "havenwall-guard"]
    feed.append(standing(len(feed) + 1, "account:last"))
    bring(tmp_path, feed)
    assert guard.refresh() is True
