"""YAML is read strictly."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.errors import BadRulePack
from havenwall.policy.document import MAX_PACK, read_document


def test_on_and_yes_stay_words():
    # A usual YAML 1.1 reader makes `on` the key True, and a rule would lose what it looks at.
    assert read_document(b"on: yes\nat: 1:30\nn: 5") == {"on": "yes", "at": "1:30", "n": "5"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a: &x [1]\nb: *x", "line 2, column 4: aliases are not allowed"),
        (b"a: 1\nwhen: 2\nwhen: 3", "a key is repeated"),
        (b"a:\n  b: 1\n  b: 2", "a key is repeated"),
        (b"? [1]\n: 2", "unhashable"),
        (b"a: [1", "line 1"),
        (b"- " * 20_000, "nested too deep"),
        (b"\xff\xfe\x00", "not YAML"),
        (b"\x00", "not YAML"),
        (b"a: 1\n---\nb: 2", "another document"),
        (b" " * (MAX_PACK + 1), "larger than"),
    ],
)
def test_what_is_unclear_is_refused(content, message):
    with pytest.raises(BadRulePack) as refused:
        read_document(content)
    assert message in refused.value.message
    assert refused.value.hint


def test_tags_make_no_objects():
    assert read_document(b"a: !!python/object/apply:os.system ['true']") == {"a": ["true"]}


@given(
    st.binary(max_size=60) | st.text(st.sampled_from("a:-[]{}&*!?|>'\"\n #%@,"), max_size=40).map(str.encode)
)
@settings(max_examples=50)
def test_any_bytes_are_a_document_or_refused(content):
    refused = None
    try:
        document = read_document(content)
    except BadRulePack as error:
        refused = error
    assert refused.hint if refused else isinstance(document, dict | list | str | None)
