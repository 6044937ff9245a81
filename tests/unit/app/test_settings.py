"""Settings: defaults, file, environment, each checked and traced."""

from __future__ import annotations

from pathlib import Path

import pytest

from havenwall.app import Config, load_config
from havenwall.errors import BadConfig


def load(tmp_path: Path, text: str = "", **variables: str) -> tuple[Config, dict[str, tuple[str, str]]]:
    file = tmp_path / "settings.toml"
    file.write_text(text)
    config, settings = load_config(file, {f"HAVENWALL_{k.upper()}": v for k, v in variables.items()})
    return config, {s.name: (s.value, s.origin) for s in settings}


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    config, shown = load(tmp_path, 'port = 1000\nhost = "::1"', port="2000")
    assert (config.port, config.host) == (2000, "::1")
    assert shown["port"] == ("2000", "environment")
    assert shown["host"] == ("::1", str(tmp_path / "settings.toml"))
    assert shown["log_level"] == ("info", "default")


def test_lists_of_paths_come_from_both(tmp_path: Path) -> None:
    assert load(tmp_path, 'term_lists = ["a.txt"]')[0].term_lists == (Path("a.txt"),)
    assert load(tmp_path, term_lists="a.txt:b.txt")[0].term_lists == (Path("a.txt"), Path("b.txt"))


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("port = 0", "port"),
        ('port = "many"', "port"),
        ("held_out_recall = 0.2", "held_out_recall"),
        ('log_level = "loud"', "log_level"),
        ("score_every = 0", "score_every"),
        ("cleared_for_days = 0", "cleared_for_days"),
        ("cleared_for_days = 3651", "cleared_for_days"),
        ("prot = 1", "settings"),
        ('endpoint_networks = "10.0.0.0/33"', "endpoint_networks"),
        ('oidc_issuer = "https://login.example"', "oidc_client"),
        ('oidc_issuer = "http://login.example"\noidc_client = "x"', "oidc_issuer"),
        ('oidc_issuer = "https://login.example"\noidc_client = "x"\noidc_roles = "a=b"', "oidc_roles"),
        ("not toml", None),
    ],
)
def test_a_bad_setting_is_named(tmp_path: Path, text: str, field: str | None) -> None:
    with pytest.raises(BadConfig) as problem:
        load(tmp_path, text)
    assert problem.value.field == field


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="cannot read"):
        load_config(tmp_path / "nowhere.toml", {})


def test_no_password_is_shown(tmp_path: Path) -> None:
    _, shown = load(tmp_path, database="postgresql://me:hush@host:5432/name?sslmode=require")
    assert shown["database"][0] == "postgresql://me:***@host:5432/name?sslmode=require"


def test_the_vault_key_lies_outside_the_data(tmp_path: Path) -> None:
    config = Config(data=tmp_path / "data")
    assert not config.vault_key_file.is_relative_to(config.data)
