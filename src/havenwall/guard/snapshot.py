"""Immutable snapshot folders: written beside the old one, checked when read, switched by one pointer file."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from havenwall.errors import BadInput, NotReady, SnapshotRefused
from havenwall.guard.files import mapped, replace_synced, sync_folder, write_synced
from havenwall.guard.table import FILES, Content, Table, pack, restricted_of, unpack
from havenwall.model import Standing

POINTER: Final = "current"
"""File in the root that names the snapshot in force."""
KEEP: Final = 3
"""Snapshots kept, the one in force included; a reader may still be loading an older one."""

_FORMAT: Final = 3
_FOLDER: Final = "snapshots"
_MANIFEST: Final = "manifest.json"
_VERSION = re.compile(r"(\d+)-[0-9a-f]{16}")
_HINT: Final = "publish a new snapshot"


class SnapshotInfo(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a snapshot says of itself; the content of its manifest."""

    format: int = _FORMAT
    version: str
    """Watermark and the start of a hash over everything else here but the time."""
    watermark: int
    """Position in the change feed up to which the snapshot holds every change."""
    count: int
    """Entities in it."""
    restricted: int
    """Of these, under any restriction."""
    held: int
    """Entities restricted by a reader that had followed every change until this was built; more than
    `restricted` when some are gone that no change accounts for. See `havenwall.guard.chain`."""
    built_at: datetime
    files: dict[str, str]
    """SHA-256 (hex) of each file."""


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A snapshot read and checked."""

    info: SnapshotInfo
    table: Table


def write_snapshot(
    root: Path, standings: Iterable[Standing], *, watermark: int, built_at: datetime, held: int | None = None
) -> SnapshotInfo:
    """Write a snapshot folder and put it in force; keeps the last three.

    `standings` must hold every change up to `watermark`; it may run ahead of it. `held` is how many entities
    were restricted before; without it there is nothing to compare with. One writer at a time (`publish`
    sees to that).

    Raises:
        BadInput: a naive time or a negative watermark.
        SnapshotRefused: the snapshot in force is newer.
    """
    _check_stamp(root, watermark, built_at)
    contents, count = pack(standings)
    hashes = {name: sha256(content).hexdigest() for name, content in contents.items()}
    restricted = restricted_of(contents)
    info = SnapshotInfo(
        version="",
        watermark=watermark,
        count=count,
        restricted=restricted,
        held=restricted if held is None else held,
        built_at=built_at,
        files=hashes,
    )
    version = _version(info)
    info = msgspec.structs.replace(info, version=version)
    folder = root / _FOLDER / version
    if not _intact(folder):
        _install(folder, contents | {_MANIFEST: msgspec.json.encode(info)})
    replace_synced(root / POINTER, version.encode())
    _prune(root / _FOLDER, in_force=version)
    return info


def read_snapshot(root: Path, *, at_least: int = 0, version: str | None = None) -> Snapshot:
    """The snapshot in force, or the one of a version, mapped from its files, with every hash checked.

    Raises:
        NotReady: none has been published.
        SnapshotRefused: a file is missing or damaged, or its watermark is below `at_least`.
    """
    folder = root / _FOLDER / (version or pointed(root))
    info = _manifest(folder)
    if info.watermark < at_least:
        raise SnapshotRefused(
            f"snapshot {info.version} is older than the one loaded ({at_least})", hint=_HINT
        )
    return Snapshot(info=info, table=unpack(_contents(folder, info), info.count))


def snapshot_info(root: Path) -> SnapshotInfo | None:
    """What the snapshot in force says of itself, or None when there is none or part of it is missing.

    Cheap: looks for the files but does not check their hashes.
    """
    info = read_manifest(root)
    if info is None:
        return None
    folder = root / _FOLDER / info.version
    return info if all((folder / name).is_file() for name in info.files) else None


def read_manifest(root: Path) -> SnapshotInfo | None:
    """What the snapshot in force says of itself, whether its files are there or not; None without one."""
    try:
        return _manifest(root / _FOLDER / pointed(root))
    except (NotReady, SnapshotRefused):
        return None


def kept_before(root: Path, version: str) -> list[str]:
    """The other versions still there that are no newer than one, the newest first."""
    names = {path.name for path in (root / _FOLDER).iterdir() if _VERSION.fullmatch(path.name)}
    older = [name for name in names - {version} if _watermark(name) <= _watermark(version)]
    return sorted(older, key=_watermark, reverse=True)


def pointed(root: Path) -> str:
    """The version that the pointer file names.

    Raises:
        NotReady: there is no pointer file.
        SnapshotRefused: it does not hold a version.
    """
    try:
        version = (root / POINTER).read_text("utf-8", errors="replace")
    except FileNotFoundError as error:
        raise NotReady(f"no snapshot has been published in {root}", hint=_HINT) from error
    if not _VERSION.fullmatch(version):
        raise SnapshotRefused(f"{POINTER} does not name a snapshot", hint=_HINT)
    return version


def _check_stamp(root: Path, watermark: int, built_at: datetime) -> None:
    if built_at.tzinfo is None:
        raise BadInput("has no time zone", field="built_at", hint="give a time in UTC")
    if watermark < 0:
        raise BadInput("is negative", field="watermark", hint="give the feed's last position, or 0")
    in_force = snapshot_info(root)
    if in_force is not None and in_force.watermark > watermark:
        raise SnapshotRefused(
            f"watermark {watermark} is older than the snapshot in force ({in_force.watermark})",
            hint="after restoring an old database, publish into a new folder",
        )


def _version(info: SnapshotInfo) -> str:
    said = [_FORMAT, info.watermark, info.count, info.restricted, info.held, sorted(info.files.items())]
    return f"{info.watermark}-{sha256(msgspec.json.encode(said)).hexdigest()[:16]}"


def _manifest(folder: Path) -> SnapshotInfo:
    try:
        info = msgspec.json.decode((folder / _MANIFEST).read_bytes(), type=SnapshotInfo)
    except OSError as error:
        raise SnapshotRefused(f"snapshot {folder.name} has no manifest", hint=_HINT) from error
    except (ValueError, msgspec.DecodeError) as error:
        raise SnapshotRefused(f"snapshot {folder.name}: manifest: {error}", hint=_HINT) from error
    expected = _version(info)
    if info.format != _FORMAT or sorted(info.files) != sorted(FILES):
        raise SnapshotRefused(f"snapshot {folder.name} is of another format", hint=_HINT)
    if not folder.name == info.version == expected:
        raise SnapshotRefused(f"snapshot {folder.name}: the manifest was changed", hint=_HINT)
    return info


def _contents(folder: Path, info: SnapshotInfo) -> dict[str, Content]:
    contents: dict[str, Content] = {}
    for name, expected in info.files.items():
        try:
            contents[name] = mapped(folder / name)
        except OSError as error:
            raise SnapshotRefused(f"snapshot {info.version}: {name} is missing", hint=_HINT) from error
        if sha256(contents[name]).hexdigest() != expected:
            raise SnapshotRefused(f"snapshot {info.version}: {name} is damaged", hint=_HINT)
    return contents


def _intact(folder: Path) -> bool:
    try:
        _contents(folder, _manifest(folder))
    except SnapshotRefused:
        return False
    return True


def _install(folder: Path, contents: dict[str, bytes]) -> None:
    temporary = folder.with_name(f".{folder.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    for name, content in contents.items():
        write_synced(temporary / name, content)
    sync_folder(temporary)
    # Only a folder that failed its check can be in the way.
    shutil.rmtree(folder, ignore_errors=True)
    temporary.rename(folder)
    sync_folder(folder.parent)


def _prune(folder: Path, *, in_force: str) -> None:
    names = {path.name for path in folder.iterdir()}
    ranked = sorted((name for name in names if _VERSION.fullmatch(name)), key=_watermark)
    kept = {in_force, *[name for name in ranked if name != in_force][-(KEEP - 1) :]}
    for name in sorted(names - kept):
        shutil.rmtree(folder / name, ignore_errors=True)


def _watermark(version: str) -> int:
    return int(version.partition("-")[0])
