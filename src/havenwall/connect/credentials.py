"""Credentials of sources: read when they are used, from a file or a variable, and kept nowhere."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from havenwall.errors import BadConfig


class Secret:
    """A secret that prints as stars. `reveal` gives it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return "Secret(***)"

    def __str__(self) -> str:
        return "***"

    def reveal(self) -> str:
        """The secret itself; never put it into a message."""
        return self._text

    def pair(self) -> tuple[str, str]:
        """User name and password of `name:password`.

        Raises:
            BadConfig: it is not of that form.
        """
        name, colon, password = self._text.partition(":")
        if not (name and colon and password):
            raise BadConfig("are not of the form name:password", field="credentials")
        return name, password


def read_secret(place: str, environ: Mapping[str, str] = os.environ) -> Secret:
    """The secret at `env:NAME` or `file:/path`, without surrounding space.

    Raises:
        BadConfig: there is none; names the place.
    """
    way, _, name = place.partition(":")
    if way == "env":
        text = environ.get(name, "")
    elif way == "file":
        try:
            text = Path(name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise BadConfig(f"cannot be read from {name}", field="credentials") from error
    else:
        raise BadConfig("are missing", field="credentials", hint="write env:NAME or file:/path")
    if not text.strip():
        raise BadConfig(f"{place} is empty", field="credentials", hint=f"put the secret into {name}")
    return Secret(text.strip())
