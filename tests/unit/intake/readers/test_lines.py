from __future__ import annotations

import gzip
from pathlib import Path

from tests.unit.intake.samples import written

from havenwall.intake.readers.lines import BLOCK, Block, blocks


def whole(found: list[Block]) -> bytes:
    return b"".join(block.data for block in found)


def test_blocks_hold_whole_lines_and_know_their_numbers(tmp_path: Path) -> None:
    text = b"".join(b"%d\n" % i for i in range(400_000)) + b"last"
    found = list(blocks(written(tmp_path / "a", text)))
    assert whole(found) == text
    assert all(block.data.endswith(b"\n") for block in found[:-1])
    for block in found[:-1]:
        assert int(block.data.split(b"\n", 1)[0]) == block.first - 1
    assert found[-1].first == 400_001
    assert found[-1].done == len(text)


def test_a_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    assert whole(list(blocks(written(tmp_path / "a", b"\xef\xbb\xbfa\n")))) == b"a\n"


def test_a_line_too_long_is_one_reject_and_the_next_goes_on(tmp_path: Path) -> None:
    text = b"a\n" + b"x" * (5 * BLOCK) + b"\nb\nc"
    found = list(blocks(written(tmp_path / "a", text)))
    assert whole(found) == b"a\nb\nc"
    [reject] = [reject for block in found for reject in block.rejects]
    assert (reject.line, len(reject.raw)) == (2, 500)
    assert [block.first for block in found if block.data.startswith(b"b")] == [3]


def test_an_endless_line_is_one_reject(tmp_path: Path) -> None:
    found = list(blocks(written(tmp_path / "a.gz", gzip.compress(b"\0" * (20 * BLOCK)))))
    assert whole(found) == b""
    assert [reject.line for block in found for reject in block.rejects] == [1]
    assert max(len(block.data) for block in found) <= 2 * BLOCK


def test_the_broken_rest_is_one_reject(tmp_path: Path) -> None:
    packed = gzip.compress(b"".join(b"line %d\n" % (i * 7919 % 10_007) for i in range(10_000)))
    found = list(blocks(written(tmp_path / "a.gz", packed[:-100])))
    lines = whole(found).count(b"\n")
    [reject] = [reject for block in found for reject in block.rejects]
    assert lines > 9_000
    assert reject.line == lines + 1
    assert "ends in the middle" in reject.reason
