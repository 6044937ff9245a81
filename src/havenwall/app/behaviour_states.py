"""Where the behaviour stage lays down what it remembers."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import xxhash

from havenwall.app.config import Config
from havenwall.detect import behaviour
from havenwall.store.states import StateFiles


def behaviour_states(config: Config) -> StateFiles:
    """Files in `behaviour` in the data folder, good for the rules that are installed.

    They are tagged with the rules' own code: after any change of it the journal is read anew, without anybody
    having to think of it.
    """
    code = sorted(Path(behaviour.__file__).parent.glob("*.py"))
    digest = xxhash.xxh3_128_hexdigest(b"\0".join(path.read_bytes() for path in code))
    return StateFiles(config.data / "behaviour", f"{version('havenwall')} {digest}")
