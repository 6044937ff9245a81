"""The product's reason to exist, through the true pipeline: the exposure is gone, and at what cost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from havenwall.app import App, Config
from havenwall.model import SYSTEM


def run(folder: Path, *words: str) -> dict[str, Any]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HAVENWALL_")}
    command = [sys.executable, "-m", "havenwall", *words, "--json"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_demo_shows_the_exposure_and_its_end(tmp_path: Path) -> None:
    result = run(tmp_path, "demo", "--no-serve", "--platform-seeds", "1")
    arms = {name: arm["exposure"] for name, arm in result["arms"].items()}
    assert list(arms) == ["none", "known", "havenwall", "all_known"]
    assert arms["none"] >= 0.5
    assert arms["known"] >= 0.4
    assert arms["havenwall"] <= 0.02
    assert arms["all_known"] == 0
    assert result["suppressed"]["precision"] >= 0.8
    assert result["benign_changed"] < 0.02

    app = App(Config(data=tmp_path / "havenwall-data-demo"))
    (case,) = (c for c in app.store.cases(SYSTEM).cases() if c.topic == "network")
    assert case.proposed >= result["suppressed"]["accounts"]
    assert app.store.ledger.newest_audit() is not None
    app.close()


@pytest.mark.slow
def test_another_seed_gives_other_numbers_and_the_same_seed_the_same(tmp_path: Path) -> None:
    words = ("audit", "run", "--platform-seeds", "1", "--rounds", "3")
    first, again, other = (run(tmp_path, *words, "--seed", seed) for seed in ("1", "1", "2"))
    assert first["arms"] == again["arms"]
    assert first["arms"]["none"]["exposure"] != other["arms"]["none"]["exposure"]


@pytest.mark.slow
def test_under_camouflage_and_over_five_platforms(tmp_path: Path) -> None:
    result = run(tmp_path, "audit", "run", "--platform-seeds", "5", "--camouflage", "3")
    assert result["arms"]["havenwall"]["exposure"] <= 0.05
    assert result["suppressed"]["precision"] >= 0.8
    assert result["benign_changed"] < 0.02


@pytest.mark.slow
@pytest.mark.parametrize("recommender", ["cofollow", "friends", "walk"])
def test_every_recommender_is_cleaned(tmp_path: Path, recommender: str) -> None:
    result = run(
        tmp_path, "audit", "run", "--platform-seeds", "1", "--recommender", recommender, "--persona", "seek"
    )
    arms = result["arms"]
    assert arms["havenwall"]["exposure"] < 0.2 * arms["none"]["exposure"]
