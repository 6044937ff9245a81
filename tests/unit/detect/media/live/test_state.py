"""What is known of a stream outlives its process, is shared, bounded, and never half written."""

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import time

import msgspec
import pytest

from havenwall.detect.media.live import state as module
from havenwall.detect.media.live.state import SILENT, LiveState, LiveStates
from havenwall.detect.media.live.window import StreamWindow, WindowState
from havenwall.errors import StoreError

COUNTS = """
import sys
from pathlib import Path
import msgspec
from havenwall.detect.media.live.state import LiveStates
from havenwall.detect.media.live.window import StreamWindow

states = LiveStates(Path(sys.argv[1]))
print("ready", flush=True)
for _ in range(int(sys.argv[2])):
    with states.hold("live:s") as held:
        count = held.window.state.audience + 1
        held.window = StreamWindow(msgspec.structs.replace(held.window.state, audience=count, level=count))
"""


class Clock:
    def __init__(self):
        self.at = 1e9

    def __call__(self):
        return self.at


def counting(folder, times):
    return subprocess.Popen(
        [sys.executable, "-c", COUNTS, str(folder), str(times)], stdout=subprocess.PIPE, text=True
    )


def seen(states, stream="live:s"):
    with states.hold(stream) as held:
        return held.window.state.audience


def watch(states, stream, audience):
    with states.hold(stream) as held:
        held.window = StreamWindow(msgspec.structs.replace(held.window.state, audience=audience))


def test_processes_share_a_stream_and_no_change_is_lost(tmp_path):
    running = [counting(tmp_path, 150) for _ in range(2)]
    assert [process.wait(60) for process in running] == [0, 0]
    for process in running:
        process.stdout.close()
    assert seen(LiveStates(tmp_path)) == 300


@pytest.mark.slow
def test_killed_at_any_moment_what_was_kept_can_be_read(tmp_path):
    before = 0
    for pause in (0.0, 0.005, 0.02, 0.05):
        process = counting(tmp_path, 10**6)
        process.stdout.readline()
        time.sleep(pause)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(60)
        process.stdout.close()
        now = seen(LiveStates(tmp_path))
        assert now >= before
        before = now
    assert before > 0


def test_a_block_that_fails_changes_nothing(tmp_path):
    states = LiveStates(tmp_path)
    watch(states, "live:s", 7)
    with contextlib.suppress(ZeroDivisionError), states.hold("live:s") as held:
        held.window = StreamWindow(WindowState(audience=9))
        raise ZeroDivisionError
    assert seen(states) == 7


def test_a_stream_that_was_silent_is_another_one(tmp_path):
    clock = Clock()
    states = LiveStates(tmp_path, clock)
    watch(states, "live:s", 7)
    clock.at += SILENT - 1
    assert seen(states) == 7
    clock.at += SILENT
    assert seen(states) == 0


def test_a_file_that_cannot_be_read_begins_anew(tmp_path):
    states = LiveStates(tmp_path)
    watch(states, "live:s", 7)
    (path,) = tmp_path.glob("*.stream")
    path.write_bytes(b"broken")
    assert seen(states) == 0
    assert msgspec.msgpack.decode(path.read_bytes(), type=LiveState).stream == "live:s"


def test_the_most_silent_go_when_there_are_too_many(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_STREAMS", 3)
    states = LiveStates(tmp_path)
    for number in range(6):
        watch(states, f"live:{number}", number)
        for path in tmp_path.glob("*.stream"):
            older = path.stat().st_mtime - 10
            os.utime(path, (older, older))
    assert len(list(tmp_path.glob("*.stream"))) == 3
    assert seen(states, "live:5") == 5


def test_only_its_owner_may_look_into_the_folder(tmp_path):
    seen(LiveStates(tmp_path / "live"))
    assert (tmp_path / "live").stat().st_mode & 0o77 == 0


def test_a_disk_that_takes_nothing_is_told_after_the_frame_was_looked_up(tmp_path):
    name = hashlib.sha256(b"live:s").hexdigest()[:40]
    (tmp_path / f"{name}.new").mkdir()
    looked_up = []
    with pytest.raises(StoreError, match=name) as raised, LiveStates(tmp_path).hold("live:s"):
        looked_up.append("live:s")
    assert looked_up
    assert "disk" in raised.value.hint
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError, match="file"), LiveStates(tmp_path / "file").hold("live:s"):
        pass


def aged(path, by=SILENT + 60):
    os.utime(path, (path.stat().st_mtime - by,) * 2)


def test_a_stream_that_comes_back_while_silent_ones_go_stays(tmp_path):
    class Late(LiveStates):
        """A frame of another process comes just before a stream is cleared away."""

        @contextlib.contextmanager
        def _locked(self, path, *, wait=True):
            if not wait:
                os.utime(path)
            with super()._locked(path, wait=wait) as mine:
                yield mine

    watch(LiveStates(tmp_path), "live:back", 7)
    (path,) = tmp_path.glob("*.stream")
    aged(path)
    seen(Late(tmp_path), "live:new")
    assert path.exists()
    aged(path)
    seen(LiveStates(tmp_path), "live:other")
    assert not path.exists()


def test_what_a_crash_left_of_a_writing_goes(tmp_path):
    stale, fresh = tmp_path / f"{'a' * 40}.new", tmp_path / f"{'b' * 40}.new"
    for path in (stale, fresh):
        path.write_bytes(b"half")
    aged(stale)
    seen(LiveStates(tmp_path))
    assert (stale.exists(), fresh.exists()) == (False, True)
