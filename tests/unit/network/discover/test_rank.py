from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from havenwall.network.discover.anchors import AnchorKind, make_anchors
from havenwall.network.discover.benign import Benign
from havenwall.network.discover.candidates import Candidates
from havenwall.network.discover.rank import Doubt, assess
from havenwall.network.discover.tally import Background
from havenwall.network.discover.words import ordered

N, SIZE = 2000, 20
HASH, TERM, REPORT = AnchorKind.HASH, AnchorKind.TERM, AnchorKind.REPORT


def finding(signals, benign=0, source=None, members=SIZE):
    """A community of the first accounts; `signals` are (account, kind), the last `benign` are cleared."""
    rows = np.arange(members)
    anchors = make_anchors(
        np.array([row for row, _ in signals], np.int64),
        np.full(len(signals), 0.5),
        [kind for _, kind in signals],
        source=source,
    )
    score = np.ones(members, np.float32)
    candidates = Candidates(rows, score, {"followers": score, "tags": score * 0})
    links = csr_array(np.ones((members, members)) - np.eye(members))
    cleared = rows >= members - benign
    background = Background(anchors, np.zeros(N, np.int64), rows)
    return assess(candidates, rows, links, {Benign.CLEARED: cleared}, background, 0.95)


def test_hash_hits_make_a_finding():
    held = finding([(0, HASH), (1, HASH), (2, REPORT)])
    assert held.doubt is None
    assert held.anchors.tolist() == [0, 1, 2]
    assert held.density == pytest.approx(1)
    assert held.anchored.share == pytest.approx(3 / SIZE)
    assert held.alike == {"followers": 1, "tags": 0}
    assert held.score == pytest.approx(sum(tally.counted for tally in held.evidence.values()))


def test_two_doubtful_kinds_together_make_a_finding():
    assert finding([(0, REPORT), (1, REPORT), (2, TERM), (3, TERM)]).doubt is None


@pytest.mark.parametrize("kind", [REPORT, TERM])
def test_one_doubtful_kind_alone_makes_none(kind):
    assert finding([(row, kind) for row in range(10)]).doubt is Doubt.ONE_KIND


def test_one_signal_makes_none_and_neither_does_one_source():
    assert finding([(0, HASH)]).doubt is Doubt.FEW
    signals = [(row, REPORT) for row in range(10)]
    assert finding(signals, source=np.zeros(10, np.int64)).doubt is Doubt.FEW


def test_signals_that_are_everywhere_make_none():
    everywhere = [(row, HASH) for row in range(2)] + [(row, HASH) for row in range(100, 600)]
    assert finding(everywhere).doubt is Doubt.CHANCE


def test_a_benign_majority_makes_none_and_a_minority_costs():
    signals = [(0, HASH), (1, HASH), (2, TERM)]
    whole, less, most = (finding(signals, benign) for benign in (0, 6, 11))
    assert most.doubt is Doubt.BENIGN
    assert less.doubt is None
    assert less.score < whole.score
    assert less.benign_share == 6 / SIZE
    assert len(less.members) == 14
    assert less.bystanders[Benign.CLEARED].tolist() == list(range(14, SIZE))


def test_everybody_benign_is_no_error():
    held = finding([(0, HASH)], benign=SIZE)
    assert held.doubt is Doubt.BENIGN
    assert (len(held.members), held.density, held.score) == (0, 0, 0)


def test_findings_are_ordered_by_score_and_say_why():
    weak, strong = finding([(0, HASH), (1, HASH)]), finding([(row, HASH) for row in range(6)], benign=2)
    first, second = ordered([weak, strong])
    assert (first.score, second.score) == (strong.score, weak.score)
    assert first.sentence.startswith(
        "1 of 2: 18 accounts alike in followers; 6 of them have signals (6 by hash)"
    )
    assert "left out because they look benign: 2 cleared" in first.sentence
    assert "33%" in first.sentence
    assert second.sentence.startswith("2 of 2: 20 accounts")


def test_a_set_aside_one_says_what_is_doubtful():
    only = ordered([finding([(0, HASH)])])[0]
    assert only.sentence.endswith(f"set aside: {Doubt.FEW}.")


def test_equal_findings_keep_one_order():
    same = [finding([(0, HASH), (1, HASH)], members=size) for size in (10, 30, 20)]
    sizes = [len(each.members) for each in ordered(same) if each.score == same[0].score]
    assert sizes == sorted(sizes, reverse=True)
