"""A video that is read several times costs the one who waits no more than one budget, and is told of once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.unit.detect.media.video.films import film, mirrored
from tests.unit.web.serving import make_app

from havenwall.app import App
from havenwall.app import media as module
from havenwall.detect.media.file import hash_file
from havenwall.detect.media.matching import HashedMedia
from havenwall.detect.media.video.clip import ClipFrame, clip_line
from havenwall.detect.media.video.reader import VideoBudget, read_clip

SCENES = [(40, 1.5), (41, 1.5), (42, 1.5)]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with film(tmp_path / "known.mp4", SCENES).open("rb") as file:
        (tmp_path / "clips.jsonl").write_bytes(clip_line("k", read_clip(file)))
    film(tmp_path / "mirrored.mp4", SCENES, change=mirrored)
    app = make_app(tmp_path, clip_lists=(tmp_path / "clips.jsonl",))
    yield app
    app.close()


@pytest.mark.slow
def test_all_readings_of_what_was_sent_share_one_budget(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    budgets: list[VideoBudget] = []

    def reading(*args: Any, **options: Any) -> HashedMedia:
        budgets.append(options["budget"])
        return hash_file(*args, **options)

    monkeypatch.setattr(module, "hash_file", reading)
    found = app.media.match_bytes((tmp_path / "mirrored.mp4").read_bytes())
    assert [clip.form for clip in found.clips] == ["whole, mirrored"]
    left = [budget.clock_seconds for budget in budgets]
    assert len(left) > 1
    assert left == sorted(set(left), reverse=True)
    assert max(left) <= 90


@pytest.mark.slow
def test_each_frame_is_told_of_once(app: App, tmp_path: Path) -> None:
    heard: list[float] = []

    def tell(frame: ClipFrame, *_: object) -> None:
        heard.append(frame.at)

    assert app.media.match_path(tmp_path / "mirrored.mp4", tell=tell).clips
    assert heard == sorted(set(heard))
