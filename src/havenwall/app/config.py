"""Configuration: defaults, then a TOML file, then the environment; each value knows where it came from."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from havenwall.errors import BadConfig

_PREFIX = "HAVENWALL_"
_DEFAULT_FILE = Path("havenwall.toml")


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings. A name here is a key in the TOML file and, with HAVENWALL_ before it, a variable."""

    data: Path = Path("havenwall-data")
    """Folder for everything that is kept: database, segments, guard snapshots, vault."""
    database: str = ""
    """`sqlite:///path` or `postgresql://user@host/name`; empty means SQLite in the data folder."""
    vault_key: Path | None = None
    """File with the 32-byte vault key; made on first use. Empty means `vault.key` beside the data folder."""
    rules: Path | None = None
    """YAML rule pack; empty means the one that comes with Havenwall."""
    term_lists: tuple[Path, ...] = ()
    """Files of terms, one per line."""
    behaviour: bool = False
    """Run the behaviour rules; each process reads the whole journal first, about 50,000 events a second."""
    classifiers: Path | None = None
    """TOML file of classifiers to run on texts; empty means none. None comes with Havenwall."""
    hash_lists: tuple[Path, ...] = ()
    """Files of hashes of known media, one per line."""
    clip_lists: tuple[Path, ...] = ()
    """Files of known clips: JSON lines as `havenwall media hash --clips-to` writes them, or vPDQ's text."""
    media_most_bytes: int = 64_000_000
    """Bytes of a picture or video that the API and the console take."""
    media_processes: int = 1
    """Processes that decode pictures, and as many again for videos that are sent."""
    held_out_recall: float = 0.95
    """Share of held-out confirmed accounts that the threshold aims to find again, 0.5 to 0.99; an account
    that is less likely than not a member stays below the threshold whatever it costs."""
    cleared_for_days: int = 365
    """Days that the clearing of an account counts, 1 to 3650. After that the account no longer serves as an
    innocent example and may come before a person again; machines never suppress it until one confirmed it."""
    host: str = "127.0.0.1"
    """Address the server listens on."""
    port: int = 8420
    """Port the server listens on."""
    public_url: str = ""
    """How browsers reach the console, if not by host and port; https makes cookies secure."""
    guard_term_lists: tuple[Path, ...] = ()
    """Sealed term lists of the query guard; empty means all in `terms` in the data folder, where
    `havenwall guard terms seal` puts them."""
    guard_terms_key: Path | None = None
    """File with the 32-byte key of the term lists; made on first use. Empty means `terms.key` beside the data
    folder."""
    guard_benign_lists: tuple[Path, ...] = ()
    """Files of benign words and phrases, one per line, on which false hits of the term lists are measured,
    besides those that come with Havenwall."""
    guard_false_hits: float = 2.0
    """False hits in 1,000 benign texts above which the term lists are refused."""
    guard_help: Path | None = None
    """YAML file of help resources by country and language, shown before those that come with Havenwall."""
    guard_max_shrink: float = 0.2
    """Share of the restricted set, 0 to 1, that a guard snapshot may lose against the one in use; fewer than
    a hundred entities are always fine. A smaller one needs `havenwall guard allow-shrink`."""
    guard_golden: Path | None = None
    """YAML file of golden cases that every guard snapshot must answer as written, besides `golden.yaml` in
    the guard's folder."""
    guard_shrink_key: Path | None = None
    """File with the key that signs `havenwall guard allow-shrink`; made on first use. Empty means `guard.key`
    beside the data folder."""
    audit_size: int = 60
    """Accounts drawn by lot for an audit at a time, 20 or more; 0 draws none. A new draw is made when people
    have answered the last one, or when a fifth of the flagged accounts have changed."""
    target_precision: float = 0.8
    """Precision that suppression by rules must have: when audits show less, no machine suppresses further
    accounts until they show more."""
    log_level: str = "info"
    """debug, info, warning or error."""
    score_every: float = 60.0
    """Seconds between scorings of the whole graph while the server runs, at least."""
    lists_every: float = 900.0
    """Seconds between imports of the lists of known media from their sources while the server runs, at
    least."""

    @property
    def database_url(self) -> str:
        """The database to open."""
        return self.database or f"sqlite:///{self.data.absolute()}/havenwall.db"

    @property
    def vault_key_file(self) -> Path:
        """The file with the vault key: never inside the folder it protects."""
        return self.vault_key or self.data.absolute().with_name(f"{self.data.name}.vault.key")

    @property
    def guard_folder(self) -> Path:
        """Where guard snapshots and deltas are published."""
        return self.data / "guard"

    @property
    def terms_folder(self) -> Path:
        """Where sealed term lists lie."""
        return self.data / "terms"

    @property
    def terms_key_file(self) -> Path:
        """The file with the key of the term lists: never inside the folder it protects."""
        return self.guard_terms_key or self.data.absolute().with_name(f"{self.data.name}.terms.key")

    @property
    def guard_key_file(self) -> Path:
        """The file with the key for overrides: never inside the folder it protects."""
        return self.guard_shrink_key or self.data.absolute().with_name(f"{self.data.name}.guard.key")

    @property
    def url(self) -> str:
        """Where a browser finds the console."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


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
            found[name] = value.split(os.pathsep) if name.endswith("_lists") else value
    return found


def _checked(values: dict[str, Any], origins: dict[str, str]) -> Config:
    try:
        config = msgspec.convert(values, Config, strict=False, dec_hook=_decode)
    except msgspec.ValidationError as problem:
        field = str(problem).partition("$.")[2].strip("`") or "settings"
        raise BadConfig(f"{problem} (from {origins.get(field, 'the file')})", field=field) from problem
    _check_ranges(config)
    return config


def _check_ranges(config: Config) -> None:
    if not 0.5 <= config.held_out_recall <= 0.99:
        raise BadConfig("must lie between 0.5 and 0.99", field="held_out_recall")
    if config.audit_size and config.audit_size < 20:
        raise BadConfig("must be 0 or at least 20", field="audit_size")
    if not 0 < config.target_precision < 1:
        raise BadConfig("must lie between 0 and 1, such as 0.8", field="target_precision")
    if not 0 <= config.guard_false_hits <= 1000:
        raise BadConfig("must lie between 0 and 1000, such as 2", field="guard_false_hits")
    if not 0 <= config.guard_max_shrink <= 1:
        raise BadConfig("must lie between 0 and 1, such as 0.2", field="guard_max_shrink")
    if not 1 <= config.cleared_for_days <= 3650:
        raise BadConfig("must lie between 1 and 3650 days", field="cleared_for_days")
    if not 1 <= config.port <= 65535:
        raise BadConfig("must lie between 1 and 65535", field="port")
    if config.media_processes < 1:
        raise BadConfig("must be 1 or more", field="media_processes")
    if config.media_most_bytes < 1:
        raise BadConfig("must be 1 byte or more", field="media_most_bytes")
    if config.log_level not in ("debug", "info", "warning", "error"):
        raise BadConfig("use debug, info, warning or error", field="log_level")
    if config.score_every <= 0:
        raise BadConfig("must be more than 0 seconds", field="score_every")
    if config.lists_every <= 0:
        raise BadConfig("must be more than 0 seconds", field="lists_every")


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
