"""The command adapter: over the documented program, and over programs that misbehave."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.unit.audit.adapters.platforms import IDS, example

from havenwall.audit.adapter import Act, ActKind, Ask, AuditSurface, Profile
from havenwall.audit.adapters.command import CommandCarrier, command_adapter
from havenwall.audit.adapters.remote import RemoteAdapter
from havenwall.audit.adapters.wire import Route
from havenwall.errors import BadInput, SourceFailed

GOOD = """
import json, sys
def reply(line, **said):
    print(json.dumps({"id": json.loads(line)["id"], **said}), flush=True)
reply(sys.stdin.readline(), answer={"snapshot": "one"})
"""


def program(text: str, **settings: float) -> RemoteAdapter:
    """A program that answers the first question, and then does as the text says."""
    carrier = CommandCarrier([sys.executable, "-c", GOOD + text], **{"timeout": 5.0, **settings})  # type: ignore[arg-type]
    adapter = RemoteAdapter("scripted", carrier)
    assert adapter.snapshot_id() == "one"
    return adapter


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("print('Loading the model', flush=True)", "snapshot: line 2: not JSON .*'Loading the model'"),
        ("print(flush=True)", "snapshot: line 2: not JSON"),
        ("print('[1]', flush=True)", "snapshot: line 2: answer: Expected `object`, got `array`"),
        ("print('{}', flush=True)", "snapshot: line 2: .*`id`"),
        ("reply(sys.stdin.readline(), answer=[])", "snapshot: line 2: answer: Expected `object`"),
        (
            "reply(sys.stdin.readline(), answer={'snapshot': 3})",
            "line 2: snapshot: Expected `str`, got `int`",
        ),
        ("reply(sys.stdin.readline())", "line 2: .*`snapshot`"),
        ("reply(sys.stdin.readline(), error='no model')", "line 2: the program says: no model"),
        ("reply('{\"id\": 1}', answer={'snapshot': 'old'})", "line 2: id: 1, the question was 2"),
        ("sys.stdout.buffer.write(bytes([255, 254, 10])); sys.stdout.flush()", "line 2: not JSON"),
        ("sys.stdout.write('x' * 99)", "snapshot: .*: it ended, exit status 0"),
    ],
)
def test_a_malformed_line_is_named(text: str, named: str) -> None:
    with program(text) as adapter, pytest.raises(SourceFailed, match=named):
        adapter.snapshot_id()


def test_a_crash_tells_why() -> None:
    text = "sys.stdin.readline(); print('out of memory', file=sys.stderr); sys.exit(3)"
    with program(text) as adapter, pytest.raises(SourceFailed, match="it ended, exit status 3") as found:
        adapter.snapshot_id()
    assert found.value.hint == "its standard error ends: out of memory"


def test_a_crash_in_the_middle_of_a_line() -> None:
    text = "sys.stdout.write('{'); sys.stdout.flush(); import os; os.kill(os.getpid(), 9)"
    with program(text) as adapter, pytest.raises(SourceFailed, match="it ended, exit status -9"):
        adapter.snapshot_id()


def test_a_hang_has_a_deadline() -> None:
    with (
        program("import time; time.sleep(60)", timeout=0.2) as adapter,
        pytest.raises(SourceFailed, match=r"snapshot: .*: no answer within 0\.2 seconds"),
    ):
        adapter.snapshot_id()


def test_a_program_that_stops_reading_has_a_deadline() -> None:
    profiles = [Profile(name="x" * 1_000) for _ in range(250)]
    with (
        program("import time; time.sleep(60)", timeout=0.2) as adapter,
        pytest.raises(SourceFailed, match=r"accounts: .*: no answer within 0\.2 seconds"),
    ):
        adapter.create_accounts(profiles)


def test_loading_may_take_longer_than_an_answer() -> None:
    slow = "import time; time.sleep(1.5)" + GOOD + "sys.stdin.read()"
    carrier = CommandCarrier([sys.executable, "-c", slow], timeout=1.0, start=60.0)
    with RemoteAdapter("slow", carrier) as adapter:
        assert adapter.snapshot_id() == "one"


def test_a_line_may_not_be_endless() -> None:
    with (
        program("sys.stdin.readline(); sys.stdout.write('x' * 100_000)", most_bytes=50_000) as adapter,
        pytest.raises(SourceFailed, match="a line longer than 50000 bytes"),
    ):
        adapter.snapshot_id()


def test_much_on_standard_error_does_not_block() -> None:
    text = """
line = sys.stdin.readline()
sys.stderr.write("noise " * 100_000)
reply(line, answer={"snapshot": "two"})
"""
    with program(text) as adapter:
        assert adapter.snapshot_id() == "two"


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_endless_noise_has_an_end(stream: str) -> None:
    with (
        program(f"while True: sys.{stream}.write('noise ' * 1_000)", timeout=0.3) as adapter,
        pytest.raises(SourceFailed, match=r"no answer within|a line longer than"),
    ):
        adapter.snapshot_id()


def test_a_long_question_and_a_long_answer_pass() -> None:
    text = """
question = json.loads(sys.stdin.readline())
names = [profile["name"] for profile in question["body"]["profiles"]]
print(json.dumps({"id": question["id"], "answer": {"accounts": names}}), flush=True)
"""
    names = [f"{n:01000d}" for n in range(250)]
    with program(text) as adapter:
        assert adapter.create_accounts([Profile(name=name) for name in names]) == names


def test_after_an_error_it_is_not_asked_again() -> None:
    with program("print('?', flush=True)") as adapter:
        with pytest.raises(SourceFailed, match="not JSON"):
            adapter.snapshot_id()
        with pytest.raises(SourceFailed, match="has ended"):
            adapter.snapshot_id()


def test_all_it_started_ends_with_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    text = f"""
import subprocess
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open({str(note)!r}, "w").write(str(child.pid))
line = sys.stdin.readline()
reply(line, answer={{"snapshot": "two"}})
import time; time.sleep(60)
"""
    with program(text) as adapter:
        assert adapter.snapshot_id() == "two"
        grandchild = int(note.read_text())
        assert _lives(grandchild)
        carrier = adapter._carrier
    carrier.close()  # closing twice is closing once
    assert _within(5.0, lambda: not _lives(grandchild))


def test_it_may_end_by_itself(tmp_path: Path) -> None:
    note = tmp_path / "bye"
    with program(f"sys.stdin.read(); open({str(note)!r}, 'w').write('bye')"):
        pass
    assert note.read_text() == "bye"


@pytest.mark.parametrize(
    ("command", "named"),
    [([], "names no program"), ([""], "names no program"), (["/no/such/program"], "cannot start")],
)
def test_a_program_that_cannot_be_started(command: list[str], named: str) -> None:
    with pytest.raises(BadInput, match=named):
        CommandCarrier(command).carry(Route.SNAPSHOT, b"")


def test_the_example_tells_its_own_errors(tmp_path: Path) -> None:
    with command_adapter(example(tmp_path), folder=tmp_path) as adapter:
        (account,) = adapter.create_accounts([Profile(name="t1")])
        adapter.act([Act(account=account, kind=ActKind.FOLLOW, target=IDS[0])])
        assert adapter.recommend([Ask(account=account, surface=AuditSurface.ACCOUNTS, k=2)])[0]
    with (
        command_adapter([sys.executable, "recommender.py", "none.csv"], folder=tmp_path) as adapter,
        pytest.raises(SourceFailed, match="exit status 1") as found,
    ):
        adapter.reset(1)
    assert found.value.hint is not None
    assert "none.csv" in found.value.hint


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # Where nobody collects orphans, a killed one stays in the table.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def _within(seconds: float, check: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not (good := check()) and time.monotonic() < end:
        time.sleep(0.02)
    return good
