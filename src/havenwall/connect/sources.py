"""The importer of a bank's source."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from havenwall.connect.credentials import read_secret
from havenwall.connect.http import Http
from havenwall.connect.iwf_csv import IwfCsv
from havenwall.connect.ncmec import Ncmec
from havenwall.connect.plain_file import PlainFile, read_content
from havenwall.connect.stopncii import StopNcii
from havenwall.connect.threatexchange import ThreatExchange
from havenwall.detect.banks import Feed
from havenwall.errors import BadInput
from havenwall.model.bank import BankSource, SourceKind

AGENT = {"User-Agent": "havenwall"}


def open_feed(
    source: BankSource,
    content: bytes | None = None,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> Feed:
    """The feed of a source. `content` is that of a file handed over, in place of the one at the address.

    Raises:
        BadInput: the file cannot be read, or there is none.
        BadConfig: credentials or an option are missing.
        SourceFailed: the server with the file does not answer.
    """
    if source.kind in (SourceKind.FILE, SourceKind.CSV):
        held = content if content is not None else _content(source, sleep)
        return IwfCsv(held, source.options) if source.kind is SourceKind.CSV else PlainFile(held)
    if content is not None:
        raise BadInput(
            "takes no file", field="source", hint="it is fetched from its address; leave the file out"
        )
    secret = read_secret(source.credentials)
    if source.kind is SourceKind.NCMEC:
        return Ncmec(Http(source.address, AGENT | _basic(*secret.pair()), sleep=sleep), source.options)
    if source.kind is SourceKind.STOPNCII:
        return StopNcii(Http(source.address, AGENT | StopNcii.headers(*secret.pair()), sleep=sleep))
    headers = AGENT | {"Authorization": f"Bearer {secret.reveal()}"}
    return ThreatExchange(Http(source.address, headers, sleep=sleep), source.options)


def _content(source: BankSource, sleep: Callable[[float], None]) -> bytes:
    if not source.address:
        raise BadInput("is missing", field="file", hint="give a file, or set the bank's address")
    if "://" not in source.address:
        return read_content(Path(source.address))
    headers: Mapping[str, str] = _basic(*read_secret(source.credentials).pair()) if source.credentials else {}
    return Http(source.address, AGENT | dict(headers), sleep=sleep).get("").body


def _basic(name: str, password: str) -> dict[str, str]:
    token = base64.b64encode(f"{name}:{password}".encode()).decode()
    return {"Authorization": f"Basic {token}"}
