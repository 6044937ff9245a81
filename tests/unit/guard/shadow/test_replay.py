"""A guard on trial drops nothing, and what it logged is answered the same again."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import numpy as np
import pytest

from havenwall.errors import BadInput
from havenwall.guard import Guard, Outcome, Surface, ViewerClass, load_policy
from havenwall.guard.shadow import ShadowEntry, ShadowGuard, ShadowLog, read_entries, replay

NAMES = ["account:clean", "account:out", "account:gone", "tag:tin-lantern"]
LIST = Surface.RECOMMENDED_ACCOUNTS


@pytest.fixture
def feed(standing):
    return [
        standing(1, "account:out"),
        standing(2, "account:gone", "removed", confirmed=True),
        standing(3, "account:lifted", "none", confirmed=True),
        standing(4, "account:held", "restricted", confirmed=True),
    ]


@pytest.fixture
def trial(tmp_path: Path, feed, bring):
    """A guard on trial that logs everything, with the real one behind it."""
    bring(tmp_path / "guard", feed)
    with Guard.open(tmp_path / "guard", refresh_every=0) as guard, ShadowLog(tmp_path / "log", rate=1) as log:
        yield ShadowGuard(guard, log), guard, log


def logged(tmp_path: Path, log: ShadowLog) -> list[ShadowEntry]:
    log.close()
    return [entry for entry in read_entries(tmp_path / "log") if entry is not None]


def again(tmp_path: Path, changes=None):
    return replay(read_entries(tmp_path / "log"), tmp_path / "guard", load_policy(), changes)


def ask_everything(shadow: ShadowGuard) -> int:
    for surface in Surface:
        for viewer in (None, "account:nobody", "account:held"):
            for viewer_class in (None, *ViewerClass):
                answer = shadow.filter(
                    NAMES, surface, viewer, viewer_class=viewer_class, tied=["account:out"]
                )
                assert answer.keep == [0, 1, 2, 3]
                assert answer.verdicts == []
    return len(Surface) * 3 * 5


def test_nothing_is_dropped_and_all_is_answered_the_same_again(tmp_path: Path, trial) -> None:
    shadow, guard, log = trial
    asked = ask_everything(shadow)
    entries = logged(tmp_path, log)
    assert len(entries) == asked
    assert entries[0].verdicts == guard.filter(NAMES, entries[0].surface).verdicts
    assert any(entry.verdicts for entry in entries)
    result = again(tmp_path)
    assert (result.same, result.different, result.other_policy) == (asked, 0, 0)


def test_the_other_questions(tmp_path: Path, trial) -> None:
    shadow, guard, log = trial
    assert shadow.check("account:out", LIST).outcome is Outcome.ALLOW
    assert guard.check("account:out", LIST).outcome is Outcome.DROP
    assert shadow.sources(NAMES).keep.tolist() == [True] * 4
    for receiver_class in (None, ViewerClass.MINOR):
        verdict = shadow.contact(
            "account:gone", "account:held", Surface.MESSAGE, receiver_class=receiver_class
        )
        assert (verdict.outcome, verdict.factor) == (Outcome.ALLOW, 1)
    assert shadow.contact("account:clean", "account:nobody", Surface.FOLLOW).outcome is Outcome.ALLOW
    # The check and two contacts; who reached for whom without cause is not written down.
    assert [len(entry.verdicts) for entry in logged(tmp_path, log)] == [1, 1, 1]
    assert (again(tmp_path).same, again(tmp_path).different) == (3, 0)


def test_arrays(tmp_path: Path, trial) -> None:
    shadow, guard, log = trial
    places = np.array([[0, 1], [2, -1], [3, 9]])
    tied = np.zeros(places.shape, dtype=bool)
    bound = shadow.bind(NAMES)
    mask = bound.allowed(places, LIST, tied=tied)
    assert mask.tolist() == [[True, True], [True, False], [True, False]]
    assert not guard.bind(NAMES).allowed(places, LIST).all(where=mask)
    [entry] = logged(tmp_path, log)
    assert entry.candidates == NAMES
    assert [verdict.entity for verdict in entry.verdicts] == ["account:out", "account:gone"]
    with pytest.raises(BadInput):
        bound.allowed(np.array([0.5]), LIST)


def test_the_viewer_is_named_only_where_its_standing_counts(tmp_path: Path, trial) -> None:
    shadow, _, log = trial
    shadow.filter(NAMES, LIST, viewer="account:nobody")
    shadow.filter(NAMES, LIST, viewer="account:held")
    assert [entry.viewer for entry in logged(tmp_path, log)] == [None, "account:held"]
    assert "nobody" not in "".join(path.read_text() for path in (tmp_path / "log").iterdir())


def test_a_log_without_names(tmp_path: Path, trial) -> None:
    _, guard, _ = trial
    with ShadowLog(tmp_path / "log", rate=1, names=False) as log:
        ShadowGuard(guard, log).filter(NAMES, LIST, viewer="account:held")
        ShadowGuard(guard, log).contact("account:gone", "account:held", Surface.MESSAGE)
    text = "".join(path.read_text() for path in (tmp_path / "log").iterdir())
    assert "account" not in text.replace(LIST, "")
    assert again(tmp_path).nameless == 2


def test_a_question_the_guard_refuses_is_refused_in_the_trial_too(trial) -> None:
    shadow, _, _ = trial
    with pytest.raises(BadInput):
        shadow.filter(["nokind"], LIST)


def test_changes_after_the_snapshot_are_part_of_the_version(
    tmp_path: Path, trial, feed, bring, standing
) -> None:
    shadow, _, log = trial
    shadow.filter(NAMES, LIST)
    later = [*feed, standing(5, "account:clean"), standing(6, "account:out", "none")]
    bring(tmp_path / "guard", later)
    shadow.filter(NAMES, LIST)
    first, second = logged(tmp_path, log)
    assert first.verdicts != second.verdicts
    assert (again(tmp_path).same, again(tmp_path).different) == (2, 0)


def test_gone_snapshots_are_counted_and_the_feed_brings_back_changes(
    tmp_path: Path, trial, feed, bring, standing
) -> None:
    shadow, _, log = trial
    bring(tmp_path / "guard", grown := [*feed, standing(5, "account:clean")])
    shadow.filter(NAMES, LIST)
    log.close()
    for seq in range(6, 9):
        grown = [*grown, standing(seq, f"account:more{seq}")]
        bring(tmp_path / "guard", grown, max_lines=0)
        if seq == 6:
            # The snapshot is kept, but the change file now begins after it.
            assert again(tmp_path).gone == 1
            feed_of = again(tmp_path, lambda after, rows=grown: [row for row in rows if row.seq > after])
            assert (feed_of.same, feed_of.gone) == (1, 0)
    assert (again(tmp_path).gone, again(tmp_path).same) == (1, 0)


def test_without_a_snapshot(tmp_path: Path) -> None:
    with Guard.open(tmp_path / "guard") as guard, ShadowLog(tmp_path / "log", rate=1) as log:
        asked = ask_everything(ShadowGuard(guard, log))
    assert (again(tmp_path).same, again(tmp_path).different) == (asked, 0)


def test_changed_lines_are_found(tmp_path: Path, trial) -> None:
    shadow, _, log = trial
    for _ in range(5):
        shadow.filter(NAMES, LIST)
    entries = logged(tmp_path, log)
    [file] = (tmp_path / "log").iterdir()
    changed = [
        entries[0],
        msgspec.structs.replace(entries[1], verdicts=[], policy="other"),
        msgspec.structs.replace(entries[2], candidates=["account:clean"]),
        msgspec.structs.replace(entries[3], version="../../etc+1"),
    ]
    file.write_bytes(b"".join(msgspec.json.encode(entry) + b"\n" for entry in changed) + b'{"torn')
    result = again(tmp_path)
    assert (result.same, result.different, result.damaged, result.gone) == (1, 1, 2, 1)
    [difference] = result.differences
    assert (difference.entry, difference.other_policy, len(difference.now)) == (2, True, 2)


def test_a_snapshot_that_was_deleted_or_damaged_is_gone(tmp_path: Path, trial) -> None:
    shadow, _, log = trial
    shadow.filter(NAMES, LIST)
    log.close()
    shutil.rmtree(tmp_path / "guard" / "snapshots")
    assert again(tmp_path).gone == 1


def test_no_such_log(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        list(read_entries(tmp_path / "none.jsonl"))
