"""Lists are read strictly; what is refused names line and remedy."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.detect import HashEntry, TermEntry, load_hashes, load_terms, parse_hashes, parse_terms
from havenwall.errors import BadInput
from havenwall.match import HashKind


def test_terms_with_notes_comments_and_blank_lines(tmp_path):
    content = b"\xef\xbb\xbf# stand-ins\n\nbluewhistle\r\ntin lantern\tseen twice\n"
    path = tmp_path / "stand-ins.txt"
    path.write_bytes(content)
    found = load_terms(path)
    assert found.name == "stand-ins"
    assert found.version == hashlib.sha256(content).hexdigest()[:12]
    assert found.entries == (TermEntry(text="bluewhistle"), TermEntry(text="tin lantern", note="seen twice"))


def test_hashes_bare_and_named(tmp_path):
    path = tmp_path / "known.txt"
    path.write_text(f"{'A' * 32}\tfirst\npdq:{'b' * 64}\n")
    assert load_hashes(path).entries == (
        HashEntry(kind=HashKind.MD5, value="a" * 32, note="first"),
        HashEntry(kind=HashKind.PDQ, value="b" * 64),
    )


@pytest.mark.parametrize(
    ("content", "field", "remedy"),
    [
        (b"oak\n#bluewhistle\n", "x line 2", "without #"),
        (b"oak\n\n...\n", "x line 3", "write `term`"),
        (b"oak\n\xff\n", "x line 2", "UTF-8"),
        (b"# nothing\n", "x", "one entry on each line"),
    ],
)
def test_a_bad_term_line_is_named(content, field, remedy):
    with pytest.raises(BadInput) as refused:
        parse_terms("x", content)
    assert refused.value.field == field
    assert remedy in refused.value.hint


@pytest.mark.parametrize(
    ("content", "remedy"),
    [
        (b"a" * 64, "sha256 or pdq"),
        (b"md5:abc", "32 hexadecimal digits"),
        (b"crc32:abcdefab", "kinds are md5"),
        (b"bluewhistle", "md5 or sha1"),
    ],
)
def test_a_bad_hash_line_is_named(content, remedy):
    with pytest.raises(BadInput) as refused:
        parse_hashes("x", content)
    assert refused.value.field == "x line 1"
    assert remedy in refused.value.hint


def test_a_missing_file_is_bad_input(tmp_path):
    with pytest.raises(BadInput) as refused:
        load_terms(tmp_path / "none.txt")
    assert "none.txt" in refused.value.field


@given(st.binary(max_size=80), st.sampled_from([parse_terms, parse_hashes]))
@settings(max_examples=50)
def test_any_content_is_a_list_or_bad_input(content, parse):
    refused = None
    try:
        entries = parse("x", content).entries
    except BadInput as error:
        refused = error
    assert refused.hint if refused else entries
