from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from havenwall.errors import BadInput
from havenwall.model import Signal
from havenwall.network.discover.anchors import KINDS, TRUST, from_signals, make_anchors
from havenwall.network.graph import Names

HASH, TERM, REPORT = KINDS


def test_kinds_are_combined_by_noisy_or_and_within_a_kind_the_strongest_counts():
    anchors = make_anchors(
        np.array([7, 7, 7, 3]), np.array([0.3, 0.2, 0.5, 0.4]), [REPORT, REPORT, TERM, REPORT]
    )
    assert anchors.rows.tolist() == [3, 7]
    both = 1 - (1 - 0.3 * TRUST[REPORT]) * (1 - 0.5 * TRUST[TERM])
    assert anchors.strength == pytest.approx([0.4 * TRUST[REPORT], both])
    assert (anchors.belief > 0).tolist() == [[False, False, True], [False, True, True]]


def test_nothing_is_certain():
    anchors = make_anchors(np.array([1, 1, 1]), np.ones(3), [HASH, TERM, REPORT])
    assert anchors.strength.max() < 1


def test_a_signal_of_hardly_any_strength_anchors_nothing():
    assert make_anchors(np.array([1, 2, 3]), np.array([0, 0.04, 0.1]), [REPORT] * 3).rows.tolist() == [3]


def test_one_origin_is_one_source_unless_another_signal_stands_alone():
    rows, kinds = np.array([1, 2, 3, 3]), [REPORT, REPORT, REPORT, HASH]
    anchors = make_anchors(rows, np.full(4, 0.5), kinds, source=np.array([9, 9, 9, -1]))
    assert anchors.source[0] == anchors.source[1] != anchors.source[2]
    assert anchors.sources == 2


def test_far_numbers_of_origins_stay_small():
    anchors = make_anchors(np.array([1, 2]), np.ones(2), [REPORT, REPORT], source=np.array([10**15, 7]))
    assert sorted(anchors.source) == [0, 1]


def test_a_cleared_account_is_no_anchor():
    anchors = make_anchors(np.array([1, 2, 3]), np.ones(3), [HASH] * 3)
    assert anchors.without(np.array([2, 8])).rows.tolist() == [1, 3]


@pytest.mark.parametrize(
    ("rows", "strengths", "kinds", "source"),
    [
        ([1], [0.5, 0.5], [HASH], None),
        ([1], [0.5], [HASH, HASH], None),
        ([1], [0.5], [HASH], [1, 2]),
        ([1], [1.5], [HASH], None),
        ([1], [-0.1], [HASH], None),
    ],
)
def test_wrong_signals_are_refused(rows, strengths, kinds, source):
    held = None if source is None else np.array(source)
    with pytest.raises(BadInput, match="anchors"):
        make_anchors(np.array(rows), np.array(strengths), kinds, source=held)


def signal(entity, detector, strength):
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Signal(id=entity, entity=entity, detector=detector, version="1", strength=strength, at=at)


def test_signals_of_content_detectors_become_anchors_and_others_do_not():
    names = Names.from_list(["account:1", "account:2", "account:3"])
    signals = [
        signal("account:1", "media-hash", 1.0),
        signal("account:2", "report", 0.3),
        signal("account:3", "confirmed", 1.0),
        signal("account:9", "media-hash", 1.0),
        signal("post:1", "term", 0.5),
    ]
    anchors = from_signals(names, signals)
    assert anchors.rows.tolist() == [0, 1]
    assert (anchors.belief > 0).tolist() == [[True, False, False], [False, False, True]]


def test_no_signals_no_anchors():
    assert len(from_signals(Names.from_list(["account:1"]), [])) == 0
