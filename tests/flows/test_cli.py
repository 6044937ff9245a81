"""The command line as a person types it: output, exit codes, errors with a remedy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

GOOD = (
    '{{"source":"forum","source_id":"{n}","type":"link","at":"2026-01-05T10:00:00Z",'
    '"entity":"account:a{n}","target":"account:b","link":"follow"}}'
)


@pytest.fixture
def run(tmp_path: Path):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HAVENWALL_")}

    def call(*words: str, fails: int = 0, **variables: str) -> str:
        command = [sys.executable, "-W", "error", "-m", "havenwall", *words]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment | variables, capture_output=True, text=True
        )
        assert done.returncode == fails, done.stdout + done.stderr
        return done.stderr if fails else done.stdout

    return call


def test_a_bad_line_is_set_aside_and_the_rest_goes_in(run, tmp_path: Path) -> None:
    lines = [GOOD.format(n=1), "not json", GOOD.format(n=2), GOOD.format(n=3).replace("follow", "adore")]
    (tmp_path / "events.jsonl").write_text("\n".join(lines))
    summary = json.loads(run("ingest", "events.jsonl", "--json"))["events.jsonl"]
    assert (summary["read"], summary["accepted"], summary["rejected"]) == (4, 2, 2)
    rejects = [
        json.loads(line) for line in (tmp_path / "events.jsonl.rejects.jsonl").read_text().splitlines()
    ]
    assert [(r["line"], r["field"]) for r in rejects][1] == (4, "link")
    again = json.loads(run("ingest", "events.jsonl", "--json"))["events.jsonl"]
    assert (again["accepted"], again["duplicates"]) == (0, 2)


@pytest.mark.slow
def test_errors_are_one_line_with_a_hint(run) -> None:
    assert "no such file" in run("ingest", "nowhere.jsonl", fails=2)
    assert "hint: stages are detect" in run("run", "--stage", "nonsense", fails=2)
    assert "is not kind:id" in run("guard", "check", "bob", fails=2)
    assert "there is no case X" in run("case", "show", "X", fails=3)
    assert "confirmed account first" in run("network", "score", fails=6)
    assert "HAVENWALL" not in run("config", "show", HAVENWALL_PORT="0", fails=2)


@pytest.mark.slow
def test_empty_states_say_what_to_do(run) -> None:
    assert "havenwall run" in run("case", "list")
    assert "havenwall person add" in run("person", "list")
    assert "Nothing new" in run("run")
    assert "What is missing" in run("network", "discover")
    assert "havenwall network score" in run("network", "things")


def test_settings_say_where_they_come_from(run, tmp_path: Path) -> None:
    (tmp_path / "havenwall.toml").write_text('port = 9000\ndatabase = "postgresql://me:secret@db/x"\n')
    shown = {
        s["name"]: (s["value"], s["origin"])
        for s in json.loads(run("config", "show", "--json", HAVENWALL_HOST="::1"))
    }
    assert shown["port"] == ("9000", "havenwall.toml")
    assert shown["host"] == ("::1", "environment")
    assert shown["database"] == ("postgresql://me:***@db/x", "havenwall.toml")
    (tmp_path / "havenwall.toml").write_text("prot = 9000\n")
    assert "prot" in run("config", "show", fails=2)


@pytest.mark.slow
def test_from_an_edge_list_to_the_guard(run, tmp_path: Path) -> None:
    ring = [f"r{n}" for n in range(40)]
    links = [
        f"{a} {b}" for a in ring for b in ring if a != b and (ring.index(a) * 3 + ring.index(b)) % 5 == 0
    ]
    links += [f"u{n} u{(n * 7 + k) % 900}" for n in range(900) for k in range(1, 8)]
    (tmp_path / "links.txt").write_text("\n".join(links))
    rows = [f"team,{n},confirmed,2026-01-06T09:00:00Z,account:r{n}" for n in range(15)]
    (tmp_path / "known.csv").write_text("source,source_id,type,at,entity\n" + "\n".join(rows))
    run("ingest", "--edges", "--source", "forum", "links.txt")
    run("ingest", "known.csv")
    run("run")
    scored = json.loads(run("network", "score", "--json"))
    assert scored["run"]["seeds"] == 15
    cases = json.loads(run("case", "list", "--json"))
    assert {case["topic"] for case in cases} <= {"network", "audit"}
    (case,) = (case for case in cases if case["topic"] == "network")
    shown = json.loads(run("case", "show", case["id"], "--json"))
    assert {m["entity"] for m in shown["members"]} <= {f"account:{r}" for r in ring}
    verdicts = json.loads(run("guard", "check", "account:r1", "account:r30", "account:u5", "--json"))
    assert [v["outcome"] for v in verdicts] == ["drop", "drop", "allow"]
    checks = json.loads(run("doctor", "--json"))
    assert all(check["ok"] for check in checks)


def test_a_key_is_shown_once_and_a_person_gets_a_link(run) -> None:
    assert run("key", "add", "gate", "--right", "ask_guard").startswith("hw_key_")
    assert "/sign-in/link#hw_link_" in run("person", "add", "mira", "--role", "specialist")
    assert "there is a person mira already" in run("person", "add", "mira", "--role", "analyst", fails=4)
