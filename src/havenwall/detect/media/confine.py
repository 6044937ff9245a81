"""What a decoding process takes from itself before it reads a file."""

from __future__ import annotations

import resource


def confine(memory: int) -> None:
    """Bound this process to `memory` bytes above what it has now; it can open and write no file any more."""
    pages = int(open("/proc/self/statm").read().split()[0])  # noqa: SIM115, PTH123
    room = pages * resource.getpagesize() + memory
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    for kind in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NOFILE):
        resource.setrlimit(kind, (0, 0))
