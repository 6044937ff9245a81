"""Golden cases: entities whose verdicts are known, asked of every snapshot before it is used."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
import yaml

from havenwall.errors import SnapshotRefused
from havenwall.guard.codes import UNKNOWN
from havenwall.guard.policy import Policy
from havenwall.guard.snapshot import Snapshot
from havenwall.guard.surface import Outcome, Surface

GOLDEN: Final = "golden.yaml"
"""Name of the file in the root, for the publisher to ship beside its snapshots."""


class Golden(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What must be said of one entity to an ordinary viewer while data is fresh."""

    entity: str
    verdicts: dict[Surface, Outcome]


def read_golden(path: Path) -> list[Golden]:
    """The cases in a YAML or JSON file; none when there is no file.

    Raises:
        SnapshotRefused: the file is there and cannot be read, so nothing can be checked against it.
    """
    try:
        return msgspec.convert(yaml.safe_load(path.read_text("utf-8")) or [], list[Golden])
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise SnapshotRefused(
            f"golden cases in {path} cannot be read: {error}", hint="mend the file"
        ) from error


def check_golden(cases: Sequence[Golden], snapshot: Snapshot, policy: Policy) -> None:
    """Refuse a snapshot that answers otherwise than its cases say.

    Raises:
        SnapshotRefused: names the first case that fails.
    """
    for case in cases:
        entry = snapshot.table.find(case.entity)
        code = UNKNOWN if entry is None else entry.code
        for surface, expected in case.verdicts.items():
            found = policy.row(surface, outdated=False).outcomes[code]
            if found is not expected:
                raise SnapshotRefused(
                    f"snapshot {snapshot.info.version} fails its golden case {case.entity} on {surface}: "
                    f"{found}, not {expected}",
                    hint="publish a snapshot that holds it, or mend the case",
                )
