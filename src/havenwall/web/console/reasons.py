"""Why an account is in a case: sentences made from its Risk."""

from __future__ import annotations

import msgspec

from havenwall.model import Member, MemberState, Risk, ScoreRun, SeedShare
from havenwall.web.console.words import likelihood, percent, plural, signed, state_word, who
from havenwall.web.tongue import N_, gettext

_FACTORS = {
    "links_to_seeds": N_("Links to confirmed accounts"),
    "links_from_seeds": N_("Links from confirmed accounts"),
    "mutual_links": N_("Links both ways with confirmed accounts"),
    "shared_followers": N_("Followers shared with confirmed accounts"),
    "followers_of_two_seeds": N_("Followers who follow two or more confirmed accounts"),
    "followers_of_three_seeds": N_("Followers who follow three or more confirmed accounts"),
    "audience_preference": N_("Followers who prefer confirmed accounts, by how much"),
    "audience_share": N_("Share of its followers who follow two or more confirmed accounts"),
    "audience_surprise": N_("Followers of two or more confirmed accounts, beyond what its size explains"),
    "shared_followees": N_("Follows the same accounts as confirmed accounts"),
    "followees_of_two_seeds": N_("Follows accounts that two or more confirmed accounts follow"),
    "two_hops_along": N_("Confirmed accounts two follows away"),
    "two_hops_against": N_("Confirmed accounts whose followers\u2019 followers lead here"),
    "other_ties": N_("Likes, comments and other ties with confirmed accounts"),
    "shared_tags": N_("Tags shared with confirmed accounts"),
    "shared_groups": N_("Groups shared with confirmed accounts"),
    "shared_media": N_("Media shared with confirmed accounts"),
    "shared_contacts": N_("Contacts shared with confirmed accounts"),
    "shared_posts": N_("Posts liked or commented on, as confirmed accounts do"),
    "shared_things": N_("Tags, groups, media or contacts shared with confirmed accounts"),
    "following": N_("How many accounts it follows"),
    "followers": N_("How many follow it"),
    "share_of_following": N_("Share of its follows that are confirmed"),
    "share_of_followers": N_("Share of its followers that are confirmed"),
    "walk_along": N_("Random walk along follows"),
    "walk_against": N_("Random walk against follows"),
    "walk": N_("Random walk in both directions"),
    "walk_per_degree": N_("Random walk, for its number of ties"),
    "neighbour_cosine": N_("Neighbours shared with confirmed accounts"),
    "closed_links": N_("Links to confirmed accounts that close triangles"),
    "closed_two_hops": N_("Triangles two steps from confirmed accounts"),
    "closed_walk": N_("Random walk through triangles"),
    "belief": N_("Nearness to confirmed rather than cleared accounts"),
    "pagerank_per_degree": N_("Random walk from confirmed accounts, for its number of ties"),
    "intercept": N_("Where every account starts"),
}
_TOWARDS_CLEARED = "not_"
_LEAST = 0.005
"""Of the log-odds. Less would be shown as 0.00."""


class FactorRow(msgspec.Struct, frozen=True, kw_only=True):
    """One feature's contribution to the log-odds, ready to be shown."""

    name: str
    value: float


def factor_name(name: str) -> str:
    """A feature's name for people."""
    if name.startswith(_TOWARDS_CLEARED):
        factor = factor_name(name.removeprefix(_TOWARDS_CLEARED))
        return gettext("%s \u2013 the same, towards cleared accounts") % factor
    return gettext(_FACTORS.get(name, name.replace("_", " ").capitalize()))


def factor_rows(risk: Risk) -> list[FactorRow]:
    """A risk's factors, strongest first, whichever way they point; without those that weigh nothing."""
    weighing = [item for item in risk.factors.items() if abs(item[1]) >= _LEAST]
    ordered = sorted(weighing, key=lambda item: -abs(item[1]))
    return [FactorRow(name=factor_name(name), value=value) for name, value in ordered]


def seed_words(seed: SeedShare, name: str = "") -> str:
    """How an account is tied to one confirmed account, which the sentence calls `name`, or it."""
    name = name or gettext("it")
    direct, shared = _direct(seed, name), gettext("%s in common") % plural(seed.shared_followers, "follower")
    if direct and seed.shared_followers:
        return f"{direct}, {shared}"
    if seed.shared_followers:
        return gettext("%(shared)s with %(name)s") % {"shared": shared, "name": name}
    return direct or gettext("near %s in the network, with no tie of its own") % name


def short_reason(member: Member, risk: Risk | None) -> str:
    """The strongest reason, for one cell of a table."""
    if member.state is not MemberState.PROPOSED and member.decided_by:
        done = gettext("given care") if member.state is MemberState.CARE else state_word(member.state)
        told = {"done": done[:1].upper() + done[1:], "who": who(member.decided_by)}
        return gettext("%(done)s by %(who)s") % told
    if risk is None:
        return gettext("No network score: it came in by a rule of its own")
    if not risk.seeds:
        return gettext("Its place in the network")
    words = seed_words(risk.seeds[0], risk.seeds[0].seed)
    return words[0].upper() + words[1:]


def sentences(risk: Risk, run: ScoreRun | None) -> list[str]:
    """A risk as a reviewer would explain it to a colleague.

    `run` is the scoring the risk comes from, if it is still the newest.
    """
    return [_likelihood(risk), _threshold(risk, run), *_origin(risk)]


def rests_on_words(risk: Risk, run: ScoreRun | None) -> str:
    """How many confirmed accounts a risk rests on; nothing where that was not worked out.

    `rests_on` stops at the accounts that were worked out, whether or not the score is under the threshold by
    then. Without the run, and so without its threshold, only a smaller number is known to reach it.
    """
    falls = sorted(
        (risk.score - seed.without for seed in risk.seeds if seed.without is not None), reverse=True
    )
    threshold = run.threshold if run and run.id == risk.run_id else None
    if not risk.rests_on or (threshold is None and risk.rests_on >= len(falls)):
        return ""
    accounts = plural(risk.rests_on, "confirmed account")
    if threshold is not None and risk.score - sum(falls[: risk.rests_on]) >= threshold:
        return gettext("It stays over the threshold without the %s for which that was worked out.") % accounts
    named = f" ({signed(threshold, '')})" if threshold is not None else ""
    return gettext(
        "It rests on %(accounts)s: take back that many, strongest first, and it falls under "
        "the threshold%(named)s."
    ) % {"accounts": accounts, "named": named}


def _likelihood(risk: Risk) -> str:
    return gettext(
        "Of accounts with a score like this one, %s belong to the network "
        "(calibrated on confirmed accounts that were hidden from the model)."
    ) % likelihood(risk.probability)


def _threshold(risk: Risk, run: ScoreRun | None) -> str:
    side = gettext("above") if risk.over_threshold else gettext("below")
    if run is None or run.id != risk.run_id:
        return gettext("The score is %s the threshold of its scoring, which was not the newest one.") % side
    return gettext(
        "The score (%(score)s) is %(side)s the threshold (%(threshold)s). At that threshold "
        "%(found)s of hidden confirmed accounts are found again."
    ) % {
        "score": signed(risk.score, ""),
        "side": side,
        "threshold": signed(run.threshold, ""),
        "found": percent(run.held_out_recall),
    }


def _origin(risk: Risk) -> list[str]:
    if not risk.seeds:
        return [gettext("No confirmed account stands out behind it.")]
    first, named = risk.seeds[0], sum(seed.share for seed in risk.seeds)
    told = gettext(
        "%(share)s of the evidence comes from %(accounts)s; the strongest is %(first)s "
        "with %(most)s: %(words)s."
    )
    return [
        told
        % {
            "share": percent(min(1.0, named)),
            "accounts": plural(len(risk.seeds), "confirmed account"),
            "first": first.seed,
            "most": percent(first.share),
            "words": seed_words(first),
        }
    ]


def _direct(seed: SeedShare, name: str) -> str:
    if seed.links_to and seed.links_from:
        return gettext("linked both ways with %s") % name
    if seed.links_to:
        return gettext("links to %s") % name
    return gettext("linked from %s") % name if seed.links_from else ""
