"""What is proposed, and on which evidence."""

from __future__ import annotations

import polars as pl
from tests.unit.detect.terms.talk import NETWORK, day, everyday, members, used

from havenwall.detect.terms import find_terms
from havenwall.model import TermState

AT = day(70)


def terms(*frames, listed=None, at=AT):
    found = find_terms(pl.concat([everyday(), *frames]), NETWORK, listed or {}, at)
    return {one.term: one for one in found}


def test_nothing_stands_out_among_everyday_tags():
    assert terms() == {}


def test_a_tag_of_the_network_is_proposed_with_its_evidence():
    bystanders = used(*((f"account:p{number}", "paperfinch", 20 + number) for number in range(4)))
    found = terms(members("paperfinch", 4, 30), bystanders)
    assert set(found) == {"paperfinch"}
    one = found["paperfinch"]
    assert (one.kind, one.state, one.version, one.proposed_at) == ("tag", TermState.OPEN, 1, AT)
    seen = one.evidence
    assert (seen.network, seen.others, seen.uses, seen.companions) == (4, 4, 4, 0)
    assert seen.z > 3
    assert seen.first_seen == day(20)
    assert seen.examples == ("account:m3", "account:m2", "account:m1", "account:m0")
    assert one.sentence.startswith("4 accounts of the network and 4 others used it lately")


def test_two_members_alone_are_too_few_and_users_of_listed_tags_make_up_for_one():
    slate, old = members("slate-orchard", 2, 50), {"tinlantern": day(0)}
    assert terms(slate, listed=old) == {}
    beside = [
        used((f"account:p{n}", "tin-lantern", 5), (f"account:p{n}", "slate-orchard", 52)) for n in (1, 2)
    ]
    found = terms(slate, *beside, listed=old)
    assert set(found) == {"slate-orchard"}
    assert found["slate-orchard"].evidence.companions == 2
    assert found["slate-orchard"].evidence.companion_z > 2


def test_a_listed_term_is_never_proposed_however_it_is_written():
    every = [members(form, 5, 30) for form in ("tin-lantern", "TinLantern", "tin_lantern")]
    assert terms(*every, listed={"tin lantern": day(0)}) == {}


def test_a_variant_after_the_block_needs_less_and_names_what_it_resembles():
    before = members("bluewhistle", 3, 10)
    after = members("bluewhistel", 2, 50)
    found = terms(before, after, listed={"bluewhistle": day(40)})
    assert set(found) == {"bluewhistel"}
    seen = found["bluewhistel"].evidence
    assert (seen.resembles, seen.likeness, seen.carried_over) == ("bluewhistle", "1 edit away", 2)


def test_what_resembled_it_before_the_block_needs_as_much_as_any_other():
    before = members("bluewhistle", 3, 10)
    near = used(("account:p5", "bluewhistel", 3), ("account:p6", "bluewhistel", 8))
    assert terms(before, near, members("bluewhistel", 2, 50), listed={"bluewhistle": day(40)}) == {}


def test_only_what_had_been_said_by_then_counts():
    late = members("paperfinch", 6, 60)
    assert terms(late, at=day(59)) == {}
    assert set(terms(late)) == {"paperfinch"}


def test_no_use_at_all():
    assert find_terms(used(), NETWORK, {}, AT) == []
