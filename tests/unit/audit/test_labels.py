import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.audit import Label, LabelService
from havenwall.audit.labels import read_labels
from havenwall.errors import BadInput


def test_entities_are_numbered_as_they_come_up():
    labels = LabelService({"account:a": [Label.MEMBER], "account:b": [Label.NEIGHBOUR, Label.BYSTANDER]})
    assert labels.numbers(["account:b", "post:x", "account:a", "post:x"]) == [1, 2, 0, 2]
    assert labels.ids == ["account:a", "account:b", "post:x"]
    assert labels.are(Label.MEMBER).tolist() == [True, False, False, False]
    assert labels.are(Label.NEIGHBOUR, Label.BYSTANDER).tolist() == [False, True, False, False]


def test_nobody_is_nothing():
    labels = LabelService({"account:a": [Label.MEMBER]})
    assert not labels.are(*Label)[np.array([-1])].any()


def test_whoever_is_known_is_a_member():
    labels = LabelService({"account:a": [Label.KNOWN], "account:b": [Label.MEMBER]})
    assert labels.having(Label.MEMBER).tolist() == [0, 1]
    assert labels.having(Label.MEMBER, besides=[Label.KNOWN]).tolist() == [1]


@given(st.dictionaries(st.text(min_size=1), st.sets(st.sampled_from(list(Label))), max_size=20))
def test_each_label_holds_for_those_who_have_it(given_labels):
    labels = LabelService(given_labels)
    for label in Label:
        expected = {e for e, has in given_labels.items() if label in has}
        if label is Label.MEMBER:
            expected |= {e for e, has in given_labels.items() if Label.KNOWN in has}
        assert {labels.ids[n] for n in labels.having(label)} == expected


def test_a_file_is_read(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("label,entity\nmember,account:a\nbystander,account:b\nneighbour,account:b\n")
    assert read_labels(path) == {"account:a": {Label.MEMBER}, "account:b": {Label.BYSTANDER, Label.NEIGHBOUR}}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name,label\n", "columns entity and label"),
        ("", "columns entity and label"),
        ("entity,label\naccount:a,guilty\n", ":2: 'guilty' is no label"),
        ("entity,label\n ,member\n", ":2: an entity is missing"),
        ("entity,label\na,member\na,bystander\n", ":3: a cannot be a member and bystander"),
    ],
)
def test_a_bad_file_is_refused_by_line(tmp_path, text, told):
    path = tmp_path / "labels.csv"
    path.write_text(text)
    with pytest.raises(BadInput) as caught:
        read_labels(path)
    assert told in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadInput, match=r"none\.csv"):
        read_labels(tmp_path / "none.csv")
