"""Why an account is in a case: sentences made from its Risk."""

from __future__ import annotations

import msgspec

from havenwall.model import Member, MemberState, Risk, ScoreRun, SeedShare
from havenwall.web.console.words import likelihood, percent, plural, signed, who

_FACTORS = {
    "links_to_seeds": "Links to confirmed accounts",
    "links_from_seeds": "Links from confirmed accounts",
    "mutual_links": "Links both ways with confirmed accounts",
    "shared_followers": "Followers shared with confirmed accounts",
    "followers_of_two_seeds": "Followers who follow two or more confirmed accounts",
    "followers_of_three_seeds": "Followers who follow three or more confirmed accounts",
    "audience_preference": "Followers who prefer confirmed accounts, by how much",
    "audience_share": "Share of its followers who follow two or more confirmed accounts",
    "audience_surprise": "Followers of two or more confirmed accounts, beyond what its size explains",
    "shared_followees": "Follows the same accounts as confirmed accounts",
    "followees_of_two_seeds": "Follows accounts that two or more confirmed accounts follow",
    "two_hops_along": "Confirmed accounts two follows away",
    "two_hops_against": "Confirmed accounts whose followers\u2019 followers lead here",
    "other_ties": "Likes, comments and other ties with confirmed accounts",
    "shared_tags": "Tags shared with confirmed accounts",
    "shared_groups": "Groups shared with confirmed accounts",
    "shared_media": "Media shared with confirmed accounts",
    "shared_contacts": "Contacts shared with confirmed accounts",
    "shared_posts": "Posts liked or commented on, as confirmed accounts do",
    "shared_things": "Tags, groups, media or contacts shared with confirmed accounts",
    "following": "How many accounts it follows",
    "followers": "How many follow it",
    "share_of_following": "Share of its follows that are confirmed",
    "share_of_followers": "Share of its followers that are confirmed",
    "walk_along": "Random walk along follows",
    "walk_against": "Random walk against follows",
    "walk": "Random walk in both directions",
    "walk_per_degree": "Random walk, for its number of ties",
    "neighbour_cosine": "Neighbours shared with confirmed accounts",
    "closed_links": "Links to confirmed accounts that close triangles",
    "closed_two_hops": "Triangles two steps from confirmed accounts",
    "closed_walk": "Random walk through triangles",
    "belief": "Nearness to confirmed rather than cleared accounts",
    "pagerank_per_degree": "Random walk from confirmed accounts, for its number of ties",
    "intercept": "Where every account starts",
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
        return f"{factor_name(name.removeprefix(_TOWARDS_CLEARED))} \u2013 the same, towards cleared accounts"
    return _FACTORS.get(name, name.replace("_", " ").capitalize())


def factor_rows(risk: Risk) -> list[FactorRow]:
    """A risk's factors, strongest first, whichever way they point; without those that weigh nothing."""
    weighing = [item for item in risk.factors.items() if abs(item[1]) >= _LEAST]
    ordered = sorted(weighing, key=lambda item: -abs(item[1]))
    return [FactorRow(name=factor_name(name), value=value) for name, value in ordered]


def seed_words(seed: SeedShare, name: str = "it") -> str:
    """How an account is tied to one confirmed account, which the sentence calls `name`."""
    direct, shared = _direct(seed, name), plural(seed.shared_followers, "follower") + " in common"
    if direct and seed.shared_followers:
        return f"{direct}, {shared}"
    if seed.shared_followers:
        return f"{shared} with {name}"
    return direct or f"near {name} in the network, with no tie of its own"


def short_reason(member: Member, risk: Risk | None) -> str:
    """The strongest reason, for one cell of a table."""
    if member.state is not MemberState.PROPOSED and member.decided_by:
        done = "Given care" if member.state is MemberState.CARE else member.state.value.capitalize()
        return f"{done} by {who(member.decided_by)}"
    if risk is None:
        return "No network score: it came in by a rule of its own"
    if not risk.seeds:
        return "Its place in the network"
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
        return f"It stays over the threshold without the {accounts} for which that was worked out."
    named = f" ({signed(threshold, '')})" if threshold is not None else ""
    return (
        f"It rests on {accounts}: take back that many, strongest first, and it falls under "
        f"the threshold{named}."
    )


def _likelihood(risk: Risk) -> str:
    return (
        f"Of accounts with a score like this one, {likelihood(risk.probability)} belong to the network "
        "(calibrated on confirmed accounts that were hidden from the model)."
    )


def _threshold(risk: Risk, run: ScoreRun | None) -> str:
    side = "above" if risk.over_threshold else "below"
    if run is None or run.id != risk.run_id:
        return f"The score is {side} the threshold of its scoring, which was not the newest one."
    score, threshold = signed(risk.score, ""), signed(run.threshold, "")
    return (
        f"The score ({score}) is {side} the threshold ({threshold}). At that threshold "
        f"{percent(run.held_out_recall)} of hidden confirmed accounts are found again."
    )


def _origin(risk: Risk) -> list[str]:
    if not risk.seeds:
        return ["No confirmed account stands out behind it."]
    first, named = risk.seeds[0], sum(seed.share for seed in risk.seeds)
    behind = plural(len(risk.seeds), "confirmed account")
    return [
        f"{percent(min(1.0, named))} of the evidence comes from {behind}; the strongest is {first.seed} "
        f"with {percent(first.share)}: {seed_words(first)}."
    ]


def _direct(seed: SeedShare, name: str) -> str:
    if seed.links_to and seed.links_from:
        return f"linked both ways with {name}"
    if seed.links_to:
        return f"links to {name}"
    return f"linked from {name}" if seed.links_from else ""
