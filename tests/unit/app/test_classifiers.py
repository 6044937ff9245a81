"""Classifiers run if the settings name them, after everything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from havenwall.app import App, Config
from havenwall.errors import BadConfig

_ENTRY = """
[[classifier]]
name = "safety"
kind = "text"
address = "http://127.0.0.1:9/analyze"
http = {category = "Harm"}
"""


def names(config: Config) -> list[str]:
    app = App(config)
    try:
        return [stage.name for stage in app.stages]
    finally:
        app.close()


def test_none_unless_named(tmp_path: Path) -> None:
    assert "classify" not in names(Config(data=tmp_path / "data"))


def test_the_last_stage(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(_ENTRY)
    assert names(Config(data=tmp_path / "data", classifiers=tmp_path / "c.toml"))[-1] == "classify"


def test_a_file_that_is_wrong_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match=r"none\.toml"):
        names(Config(data=tmp_path / "data", classifiers=tmp_path / "none.toml"))
