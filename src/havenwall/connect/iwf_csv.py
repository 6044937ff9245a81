"""CSV files with a header, as the IWF gives hash lists out: from a file, or a server behind a password.

Members get the exact columns with their agreement; what a column is called can be told in the options of the
source (`column_md5 = "MD5 Hash"`). Names are compared without case, space, dash and underscore.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from havenwall.connect.plain_file import end_of, version_of
from havenwall.detect.banks import Page, read_item, reject, withdrawal
from havenwall.detect.banks.hashes import Item
from havenwall.errors import SourceFailed

HASHES: Final = ("md5", "sha1", "sha256", "pdq", "photodna")
_OTHERS: Final[dict[str, tuple[str, ...]]] = {
    "id": ("id", "imageid", "recordid", "iwfid", "reference"),
    "label": ("category", "classification", "severity"),
    "status": ("status", "action", "state"),
    "at": ("timestamp", "updated", "dateupdated", "lastupdated", "dateadded", "date"),
}
_GONE: Final = frozenset({"removed", "remove", "deleted", "delete", "withdrawn", "withdraw", "expired"})
_ROWS = 5000
"""Rows of a page."""
_Columns = dict[str, str]


class IwfCsv:
    """One CSV document. With the option `mode = changes` it only tells what changed; else of everything."""

    def __init__(self, content: bytes, options: Mapping[str, str] | None = None) -> None:
        self._content, self._options = content, options or {}

    @property
    def whole(self) -> bool:
        """Whether the file tells of everything."""
        return self._options.get("mode", "all") != "changes"

    def stale(self, cursor: str, fetched_at: datetime | None, now: datetime) -> bool:
        """Whether the file is another one than last time, or was not read to its end."""
        return cursor != end_of(self._content)

    def pages(self, cursor: str, now: datetime) -> Iterator[Page]:
        """The rows, some thousands a page. Malformed ones are rejects and stop nobody.

        Raises:
            SourceFailed: there is no header with a column of hashes.
        """
        if cursor == end_of(self._content):
            return
        reader = csv.DictReader(io.StringIO(self._content.decode("utf-8-sig", errors="replace"), newline=""))
        columns = _columns(reader.fieldnames or (), self._options)
        mark, items, total = version_of(self._content), list[Item](), max(1, self._content.count(b"\n"))
        last = 1
        for last, row in enumerate(_rows(reader), start=2):
            items.append(_item(f"row {last}", row, columns))
            if len(items) >= _ROWS:
                yield _page(items, f"{mark}:{last}", last, total)
                items = []
        yield _page(items, end_of(self._content), total, total)


def _rows(reader: csv.DictReader[str]) -> Iterator[dict[str | Any, str | Any]]:
    """Each row; an empty one where it cannot be read."""
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield {}


def _page(items: list[Item], cursor: str, done: int, total: int) -> Page:
    return Page(
        cursor=cursor,
        changes=tuple(item.change for item in items if item.change),
        rejects=tuple(one for item in items for one in item.rejects),
        done=done,
        total=total,
    )


def _columns(header: Iterable[str | None], options: Mapping[str, str]) -> _Columns:
    """What we call a column → what the file calls it."""
    names = (
        {_plain(name): name for name in header if isinstance(name, str)} if isinstance(header, list) else {}
    )
    wanted = {name: (name, f"{name}hash", f"hash{name}", f"{name}value") for name in HASHES} | _OTHERS
    found: _Columns = {}
    for ours, theirs in wanted.items():
        told = options.get(f"column_{ours}")
        hit = next((names[name] for name in ([_plain(told)] if told else theirs) if name in names), None)
        if hit is not None:
            found[ours] = hit
    if not any(name in found for name in HASHES):
        hint = f"the first line must name a column {', '.join(HASHES)}, or options such as column_md5 must"
        raise SourceFailed("the CSV file has no column of hashes", hint=hint)
    return found


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _item(where: str, row: dict[str | Any, str | Any], columns: _Columns) -> Item:
    cells = {ours: str(row.get(theirs) or "").strip() for ours, theirs in columns.items()}
    hashes = [(kind, cells[kind]) for kind in HASHES if cells.get(kind)]
    name = cells.get("id") or next((f"{kind}:{value.lower()}" for kind, value in hashes), "")
    if not name:
        return Item(None, (reject(where, "it has neither an id nor a hash", str(list(row.values()))),))
    try:
        at = _moment(cells.get("at", ""))
    except ValueError:
        at = None
    status = cells.get("status", "").lower()
    if status in _GONE:
        return Item(withdrawal(name, f"the source says {status}", at), ())
    labels = [f"category:{cells['label']}"] if cells.get("label") else []
    return read_item(name, hashes, labels=labels, at=at, where=where)


def _moment(text: str) -> datetime | None:
    """ISO 8601; without a zone it is UTC."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
