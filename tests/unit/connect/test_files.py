"""Plain files and CSV files, handed over and served."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.importing import NOON, CutOff, Importer
from tests.sources.serving import Reply, serving

from havenwall.connect import plain_file
from havenwall.connect.iwf_csv import IwfCsv
from havenwall.connect.plain_file import PlainFile
from havenwall.errors import BadInput, Conflict, SourceFailed
from havenwall.model.bank import BankSource, SourceKind
from havenwall.store import Store

CSV = BankSource(kind=SourceKind.CSV)
HEAD = b"Image ID,MD5,SHA-1,PhotoDNA,Category,Status,Date Updated\r\n"


@pytest.fixture
def plain(store: Store) -> Importer:
    return Importer(store, BankSource())


def lines(*numbers: int) -> bytes:
    return b"".join(b"md5:%032x\tnote %d\n" % (n, n) for n in numbers)


def test_old_list_files_come_in_as_they_are(plain: Importer) -> None:
    plain.run(b"\xef\xbb\xbf# a comment\n\n" + b"A" * 32 + b"\tmine\r\npdq:" + b"0" * 64 + b"\n" + b"b" * 40)
    assert {kind for _, kind, _ in plain.live()} == {"md5", "pdq", "sha1"}
    assert next(e for e in plain.store.bank_view.entries("own") if e.hash.kind == "md5").note == "mine"


def test_lines_taken_out_of_a_file_are_withdrawn(plain: Importer) -> None:
    plain.run(lines(1, 2, 3))
    result = plain.run(lines(1, 3, 4))
    assert (result.done.added, result.done.same, result.done.withdrawn) == (1, 2, 1)
    assert len(plain.live()) == 3


def test_the_same_file_is_read_once(plain: Importer) -> None:
    plain.run(lines(1, 2))
    assert plain.run(lines(1, 2)).pages == 0


def test_a_file_cut_off_in_the_middle(plain: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_file, "_LINES", 2)
    with pytest.raises(CutOff):
        plain.run(lines(*range(9)), cut_after=2)
    plain.run(lines(*range(9)))
    assert len(plain.live()) == 9


def test_a_file_that_lost_most_lines_needs_a_word(plain: Importer) -> None:
    plain.run(lines(*range(300)))
    with pytest.raises(Conflict, match="10 entries of 300"):
        plain.run(lines(*range(10)))
    assert len(plain.live()) == 300
    assert plain.run(lines(*range(10)), allow_shrink=True).done.withdrawn == 290


def test_malformed_lines_are_named_and_stop_nobody(plain: Importer) -> None:
    result = plain.run(b"md5:zz\n" + lines(1) + b"#hashtag\n\xff\xfe\n" + b"c" * 64 + b"\nbad kind:x\n")
    assert (result.done.added, result.done.rejected) == (1, 5)
    where = [reject.where for reject in plain.store.bank_view.rejects("own")]
    assert sorted(where) == ["line 1", "line 3", "line 4", "line 5", "line 6"]


def test_of_the_same_hash_twice_the_first_line_counts(plain: Importer) -> None:
    content = b"A" * 32 + b"\tfirst\n" + b"a" * 32 + b"\tsecond\n"
    plain.run(content)
    (entry,) = plain.store.bank_view.entries("own")
    assert entry.note == "first"


def test_kinds_that_the_list_does_not_take_are_skipped(store: Store) -> None:
    importer = Importer(store, BankSource(), kinds=("md5",))
    assert importer.run(lines(1) + b"pdq:" + b"0" * 64).done.skipped == 1
    assert len(importer.live()) == 1


@given(st.binary(max_size=300))
def test_any_bytes_are_a_plain_file(content: bytes) -> None:
    told = list(PlainFile(content).pages("", NOON))
    assert told
    assert told[-1].cursor.endswith(":end")


@given(st.binary(max_size=300))
def test_any_bytes_after_a_header_are_rows(content: bytes) -> None:
    told = list(IwfCsv(HEAD + content).pages("", NOON))
    assert told[-1].cursor.endswith(":end")


def row(n: int, status: str = "", at: str = "2026-02-01T10:00:00") -> bytes:
    photodna = base64.b64encode(bytes([n]) * 144).decode()
    return f"im{n},{n:032X},{n:040x},{photodna},A,{status},{at}\r\n".encode()


def test_csv_rows_come_in_with_all_hashes_and_the_category(store: Store) -> None:
    importer = Importer(store, CSV)
    importer.run(HEAD + row(1) + row(2, "removed"))
    assert importer.live() == [
        ("im1", "md5", f"{1:032x}"),
        ("im1", "photodna", "01" * 144),
        ("im1", "sha1", f"{1:040x}"),
    ]
    assert store.bank_view.entries("own")[0].labels == ("category:A",)


def test_csv_of_changes_withdraws_only_what_it_says(store: Store) -> None:
    importer = Importer(store, BankSource(kind=SourceKind.CSV, options={"mode": "changes"}))
    importer.run(HEAD + row(1) + row(2))
    importer.run(HEAD + row(1, "Deleted", "2026-02-02T10:00:00") + row(3))
    assert set(importer.ids()) == {"im2", "im3"}


def test_csv_columns_can_be_told(store: Store) -> None:
    options = {"column_md5": "Hash of the file", "column_id": "Nr"}
    importer = Importer(store, BankSource(kind=SourceKind.CSV, options=options))
    importer.run(b"Nr,Hash of the file\n7," + b"a" * 32 + b"\n8,zz\n,\n")
    assert importer.ids() == ["7"]
    assert store.bank_view.status("own").rejected == 2


def test_csv_without_hashes_is_no_list(store: Store) -> None:
    for content in (b"", b"name,city\n1,2\n"):
        with pytest.raises(SourceFailed, match="no column"):
            Importer(store, CSV).run(content)


class CsvServer:
    """A CSV file behind a password, as hotlines give it out."""

    def __init__(self) -> None:
        self.content = HEAD + row(1) + row(2)

    def respond(self, path: str, query: dict[str, str], headers: Any, base: str) -> Reply:
        right = f"Basic {base64.b64encode(b'member:word').decode()}"
        return Reply(self.content) if headers.get("Authorization") == right else Reply(b"", 401)


def test_a_served_csv_is_fetched_and_followed(store: Store, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("member:word\n")
    source = CsvServer()
    with serving(source) as served:
        place = BankSource(
            kind=SourceKind.CSV, address=f"{served.address}/list.csv", credentials=f"file:{secret}"
        )
        importer = Importer(store, place)
        served.first.append(Reply(b"", 502))
        importer.run()
        assert set(importer.ids()) == {"im1", "im2"}
        assert importer.run().pages == 0
        source.content = HEAD + row(2)
        assert importer.run().done.withdrawn == 3
        assert set(importer.ids()) == {"im2"}


def test_a_file_that_is_not_there(store: Store, tmp_path: Path) -> None:
    importer = Importer(store, BankSource(address=str(tmp_path / "nowhere.txt")))
    with pytest.raises(BadInput, match="nowhere"):
        importer.run()
    with pytest.raises(BadInput, match="file"):
        Importer(store, BankSource()).run()
