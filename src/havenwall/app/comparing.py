"""Comparison between platforms, from a file of what was found on each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from havenwall.errors import BadInput

if TYPE_CHECKING:
    from havenwall.audit.compare import Compared


def compare_file(path: Path) -> Compared:
    """Compare the platforms of a YAML file.

    Raises:
        BadInput: the file cannot be read, or a field is not right; names the field and the remedy.
    """
    # The statistics take a second to import, which nobody else who starts should wait for.
    from havenwall.audit.compare import compare, read_request
    from havenwall.audit.compare.read import MAX_FILE

    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE + 1)
    except OSError as problem:
        hint = "name a YAML file; the how-to `compare-platforms` shows one"
        raise BadInput(f"cannot read {path}: {problem.strerror}", field="file", hint=hint) from problem
    return compare(read_request(content))
