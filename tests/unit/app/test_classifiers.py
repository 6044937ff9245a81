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


def test_what_was_told_of_a_classifier_that_is_gone_is_taken_back(tmp_path: Path) -> None:
    (tmp_path / "labelled.csv").write_text("score,label\n" + "0.1,0\n0.9,1\n" * 60)
    (tmp_path / "c.toml").write_text(_ENTRY + 'labelled = "labelled.csv"\n')
    config = Config(data=tmp_path / "data", classifiers=tmp_path / "c.toml")
    app = App(config)
    for what in ("classifier safety", "classifier renamed", "list own"):
        app.store.ledger.trouble(what, "shifted")
    app.close()

    def told(config: Config) -> set[str]:
        app = App(config)
        try:
            assert app.stages
            return {each.what for each in app.store.ledger.troubles()}
        finally:
            app.close()

    assert told(config) == {"classifier safety", "list own"}
    assert told(Config(data=tmp_path / "data")) == {"list own"}


def test_a_file_that_is_wrong_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match=r"none\.toml"):
        names(Config(data=tmp_path / "data", classifiers=tmp_path / "none.toml"))
