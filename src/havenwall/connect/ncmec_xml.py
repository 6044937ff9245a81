"""Answers of NCMEC's hash sharing interface: entries, deleted entries, feedback, the next page's place."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec

from havenwall.detect.banks import read_item, reject, withdrawal
from havenwall.errors import SourceFailed
from havenwall.model.bank_entry import BankChange, BankReject

_KINDS: Final = {"pdna": "photodna"}
"""Their name of a kind → ours, where they differ."""


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer says."""

    changes: tuple[tuple[str, BankChange], ...]
    """The member that entered it, and what is told."""
    rejects: tuple[BankReject, ...]
    next: str
    """Path and query of the next page, below the address; empty at the last."""


def read_answer(content: bytes) -> Answered:
    """Read an answer to a question for entries. A malformed entry is a reject and stops nobody.

    Raises:
        SourceFailed: it is no such answer.
    """
    root = _root(content)
    changes: list[tuple[str, BankChange]] = []
    rejects: list[BankReject] = []
    for group in ("images", "videos"):
        for element in root.findall(f"{{*}}{group}/*"):
            change, bad = _entry(element)
            changes += [change] if change else []
            rejects += bad
    place = (root.findtext("{*}paging/{*}next") or "").strip().lstrip("/")
    return Answered(changes=tuple(changes), rejects=tuple(rejects), next=place)


def _root(content: bytes) -> ET.Element:
    try:
        text = content.decode("utf-8-sig")
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            # Entities are how XML is made to swell or to read files; this interface uses none.
            raise SourceFailed("the answer defines entities", hint="tell the source")
        root = ET.fromstring(text.strip())  # noqa: S314
    except (UnicodeDecodeError, ET.ParseError) as error:
        raise SourceFailed(f"the answer is no XML: {error}") from error
    if _name(root) != "queryResult":
        raise SourceFailed(f"the answer is a {_name(root)}, not a queryResult", hint="check the address")
    return root


def _entry(element: ET.Element) -> tuple[tuple[str, BankChange] | None, tuple[BankReject, ...]]:
    name = _name(element)
    kind = name.removeprefix("deleted").lower()
    member = element.find("{*}member")
    entry_id, owner = (
        (element.findtext("{*}id") or "").strip(),
        "" if member is None else member.get("id", ""),
    )
    # Members number their entries themselves: only both together name one.
    source_id = f"{owner}-{entry_id}"
    if kind not in ("image", "video") or not entry_id or not owner:
        return None, (reject(source_id, f"a {name} without member, id or known type"),)
    at = _moment(element.findtext("{*}timestamp") or "")
    if name.startswith("deleted"):
        return (owner, withdrawal(source_id, "deleted at the source", at)), ()
    hashes = [(_kind(each), (each.text or "").strip()) for each in element.findall("{*}fingerprints/*")]
    told = [pair for pair in hashes if pair[1]]
    item = read_item(source_id, told, labels=_labels(element, kind), at=at)
    return (owner, item.change) if item.change else None, item.rejects


def _labels(element: ET.Element, kind: str) -> Iterator[str]:
    yield f"type:{kind}"
    classification = (element.findtext("{*}classification") or "").strip()
    if classification:
        yield f"classification:{classification}"
    for feedback in element.findall("{*}feedback/{*}affirmativeFeedback"):
        yield f"confirmed:{feedback.get('type', '').lower()}"
    for feedback in element.findall("{*}feedback/{*}negativeFeedback"):
        for reason in feedback.findall("{*}reasons/{*}reason"):
            yield f"disputed:{feedback.get('type', '').lower()}:{reason.get('name', '')}"


def _kind(element: ET.Element) -> str:
    name = _name(element).lower()
    return _KINDS.get(name, name)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    # A time without a zone could be anything: better none than a wrong one.
    return moment if moment.tzinfo else None


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
