"""Lists of known media that the settings name are taken up when they change; what is not right is refused."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.web.serving import event, make_app

from havenwall.app import App
from havenwall.app.doctor import Check
from havenwall.app.media_lists import LOOK_EVERY, follow_media_lists
from havenwall.detect.banks import AskedHash
from havenwall.detect.media.record import Outcome
from havenwall.detect.media.video.clip import Clip, ClipFrame, clip_line
from havenwall.engine import Batch, Output, Stream
from havenwall.errors import BadInput
from havenwall.intake import check_event

ONE, TWO = "a" * 32, "b" * 32


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    (tmp_path / "own.txt").write_text(f"md5:{ONE}\n")
    return tmp_path / "own.txt"


@pytest.fixture
def app(tmp_path: Path, listed: Path) -> Iterator[App]:
    frames = tuple(ClipFrame(at=float(at), pdq=f"{at + 1:02x}" * 32, quality=90) for at in range(4))
    (tmp_path / "clips.jsonl").write_bytes(clip_line("c", Clip(outcome=Outcome.HASHED, frames=frames)))
    app = make_app(tmp_path, hash_lists=(listed,), clip_lists=(tmp_path / "clips.jsonl",))
    yield app
    app.close()


def is_known(app: App, value: str) -> bool:
    return bool(app.media.knows.look([AskedHash(kind="md5", value=value)]).matches)


def media(app: App) -> Check:
    return next(check for check in app.doctor() if check.name == "media")


def test_a_list_that_changes_counts(app: App, listed: Path) -> None:
    assert (is_known(app, ONE), is_known(app, TWO)) == (True, False)
    listed.write_text(f"md5:{TWO}\n")
    assert app.media.lists.refresh()
    assert (is_known(app, ONE), is_known(app, TWO)) == (False, True)
    assert (media(app).ok, "1 hashes and 1 clips" in media(app).detail) == (True, True)


def test_nobody_needs_to_ask_for_it(app: App, listed: Path) -> None:
    lists = follow_media_lists(app.config, every=0)
    listed.write_text(f"md5:{TWO}\n")
    deadline = time.monotonic() + 60
    while not lists.fresh().hashes.look([AskedHash(kind="md5", value=TWO)]).matches:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert LOOK_EVERY <= 2
    lists.close()


@pytest.mark.parametrize("content", [b"no hash\n", b"", b"\xff\xfe"])
def test_a_list_that_is_not_right_is_refused_and_told_of(app: App, listed: Path, content: bytes) -> None:
    assert is_known(app, ONE)
    listed.write_bytes(content)
    app.media.lists.refresh()
    assert is_known(app, ONE)
    check = media(app)
    assert not check.ok
    assert "own" in check.detail
    assert "are kept" in check.detail
    listed.write_text(f"md5:{TWO}\n")
    assert media(app).ok
    assert is_known(app, TWO)


def test_a_clip_list_that_is_not_right_keeps_the_clips(app: App) -> None:
    assert len(app.media.clips) == 1
    app.config.clip_lists[0].write_text("{}\n")
    app.media.lists.refresh()
    assert len(app.media.clips) == 1
    assert "clips.jsonl line 1" in media(app).detail


def test_not_right_from_the_first_is_an_error(app: App, listed: Path) -> None:
    listed.write_text("no hash\n")
    with pytest.raises(BadInput, match="own line 1"):
        app.media.lists.fresh()


class Reader:
    name, reads, notice_only = "reader", (Stream.SIGNAL,), False

    def run(self, batch: Batch) -> Output:
        return Output()


def test_detection_takes_a_changed_list_up_from_the_next_events_on(app: App, listed: Path) -> None:
    def signals(number: int, value: str) -> int:
        said = {
            "type": "media",
            "entity": "account:a",
            "target": f"media:{number}",
            "attributes": {"md5": value},
        }
        app.ingest_events([check_event(event(number, **said))])
        app.run(("detect",))
        batch, _ = app.store.streams.read(Reader(), 100)
        return len(batch.signals)

    assert (signals(1, ONE), signals(2, TWO)) == (1, 1)
    listed.write_text(f"md5:{TWO}\n")
    assert signals(3, TWO) == 2
    listed.write_text("no hash\n")
    assert signals(4, TWO) == 3
