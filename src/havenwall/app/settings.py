"""Reads the settings: defaults, then a TOML file, then the environment; each knows where it came from."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from havenwall.app.config import Config
from havenwall.app.config_check import check_config
from havenwall.errors import BadConfig

_PREFIX = "HAVENWALL_"
_DEFAULT_FILE = Path("havenwall.toml")


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One setting with where its value came from."""

    name: str
    value: str
    origin: str


def load_config(
    path: Path | None = None, environ: Mapping[str, str] = os.environ
) -> tuple[Config, list[Setting]]:
    """Read the configuration.

    Args:
        path: the TOML file; without it HAVENWALL_CONFIG, else `havenwall.toml` here if there is one.
        environ: where the variables are.

    Raises:
        BadConfig: a file or value is not right; names the setting and where it stands.
    """
    origins = dict.fromkeys(Config.__struct_fields__, "default")
    values: dict[str, Any] = {}
    for origin, found in (_file(path, environ), ("environment", _variables(environ))):
        values |= found
        origins |= dict.fromkeys(found, origin)
    config = _checked(values, origins)
    return config, [
        Setting(name=name, value=_shown(name, getattr(config, name)), origin=origins[name])
        for name in origins
    ]


def _file(path: Path | None, environ: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    given = path or (Path(environ[_PREFIX + "CONFIG"]) if environ.get(_PREFIX + "CONFIG") else None)
    file = given or _DEFAULT_FILE
    if not given and not file.exists():
        return "", {}
    try:
        return str(file), tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise BadConfig(f"cannot read {file}: {problem}", hint="it must be a TOML file") from problem


def _variables(environ: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in Config.__struct_fields__:
        value = environ.get(_PREFIX + name.upper())
        if value is not None:
            divider = os.pathsep if name.endswith("_lists") else ";" if name == "licensed_hashes" else None
            found[name] = value.split(divider) if divider else value
    return found


def _checked(values: dict[str, Any], origins: dict[str, str]) -> Config:
    try:
        config = msgspec.convert(values, Config, strict=False, dec_hook=_decode)
    except msgspec.ValidationError as problem:
        field = str(problem).partition("$.")[2].strip("`") or "settings"
        raise BadConfig(f"{problem} (from {origins.get(field, 'the file')})", field=field) from problem
    check_config(config)
    return config


def _decode(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise ValueError(f"expected a path, got {value!r}")


def _shown(name: str, value: Any) -> str:
    if name == "database" and "@" in str(value):
        head, _, tail = str(value).partition("://")
        user = tail.partition("@")[0].partition(":")[0]
        return f"{head}://{user}:***@{tail.rpartition('@')[2]}"
    if isinstance(value, tuple):
        return os.pathsep.join(map(str, value))
    return "" if value is None else str(value)
