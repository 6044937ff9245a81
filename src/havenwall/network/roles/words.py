"""What a feature says about one account, as a sentence for a reviewer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Values = dict[str, float]
"""The features of one account, by name."""


def sentence(feature: str, values: Values) -> str:
    """A plain sentence with the account's own numbers; "it" is the account.

    Raises:
        KeyError: no line of the card uses the feature.
    """
    return _SENTENCES[feature](values)


def unknown(missing: tuple[str, ...]) -> tuple[str, ...]:
    """Sentences on what could not be taken into account, by the names of the hints not given."""
    return tuple(_UNKNOWN[name] for name in missing)


def _some(count: float, one: str, many: str) -> str:
    """`1 likely buyer follows`, `12 likely buyers follow`, `no likely buyer follows`."""
    whole = round(count)
    return f"no {one}" if whole == 0 else f"1 {one}" if whole == 1 else f"{whole:,} {many}"


def _times(nats: float) -> str:
    return f"{np.exp(nats):.1f} times as many as by chance"


def _buyers(v: Values) -> str:
    fans = _some(v["buyers"], "likely buyer follows", "likely buyers follow")
    return f"{fans} it; it follows {round(v['buyers_answered'])} of them back"


def _buyer_lift(v: Values) -> str:
    share = f"{v['buyer_share']:.0%} of its {round(v['followers']):,} followers"
    return f"{share} are likely buyers, {_times(v['buyer_lift'])}"


def _followed(v: Values) -> str:
    followed = _some(v["traders_followed"], "likely trader", "likely traders")
    return f"it follows {followed}; {round(v['traders_mutual'])} of them follow it back"


def _following(v: Values) -> str:
    followers = _some(v["traders_following"], "likely trader follows", "likely traders follow")
    return f"{followers} it, {round(v['seeds_following'])} of them confirmed"


def _hub(v: Values) -> str:
    follows = f"it follows {round(v['traders_followed'])} likely traders"
    both = f"{follows} and {round(v['traders_following'])} follow it"
    return f"{both}, {np.exp(v['hub_lift']):.1f} times what is usual for confirmed accounts"


def _watched(v: Values) -> str:
    watchers = "likely press or research account follows", "likely press or research accounts follow"
    return f"{_some(v['watchers'], *watchers)} it"


def _shares(what: str) -> Callable[[Values], str]:
    return lambda v: f"confirmed accounts use its {what} {np.exp(v[what]):.1f} times as often, all told"


def _share_of(values: Values) -> str:
    followed = f"{values['watching']:.0%} of the {round(values['following']):,} accounts it follows"
    return f"{followed} are likely traders"


def _seeds_followed(v: Values) -> str:
    return f"it follows {_some(v['seeds_followed'], 'confirmed account', 'confirmed accounts')}"


def _touched_by(v: Values) -> str:
    by = _some(v["touched_by"], "likely buyer or trader likes", "likely buyers or traders like")
    return f"{by} or comments on it"


_SENTENCES: dict[str, Callable[[Values], str]] = {
    "buyers": _buyers,
    "buyers_answered": _buyers,
    "reply_rate": _buyers,
    "buyer_lift": _buyer_lift,
    "hub_lift": _hub,
    "watched_lift": _watched,
    "backed_lift": lambda v: f"{_following(v)}; that is {_times(v['backed_lift'])}",
    "traders_following": _following,
    "trader_lift": lambda v: f"{_followed(v)}; that is {_times(v['trader_lift'])}",
    "traders_followed": _followed,
    "traders_mutual": _followed,
    "traders_one_way": _followed,
    "back_rate": _followed,
    "watching": _share_of,
    "seeds_followed": _seeds_followed,
    "touches": lambda v: f"it likes or comments on {_some(v['touches'], 'likely trader', 'likely traders')}",
    "touched_by": _touched_by,
    "tags": _shares("tags"),
    "groups": _shares("groups"),
    "media": _shares("media"),
    "contacts": _shares("contacts"),
    "fan_lift": lambda v: f"followers of accounts that reviewers cleared follow it, {_times(v['fan_lift'])}",
    "fame": lambda v: f"{_some(v['followers'], 'account follows', 'accounts follow')} it",
    "newness": lambda v: f"it is newer than {v['newness']:.0%} of all accounts",
    "minor": lambda v: "the platform takes it for a minor's" if v["minor"] else "not known as a minor's",
    "own_signals": lambda v: f"its own content was matched with strength {v['own_signals']:.2f}",
    "reports": lambda v: f"{_some(v['reports'], 'person', 'people')} reported it",
    "verified": lambda v: "the platform verified who it is" if v["verified"] else "not verified",
}

_UNKNOWN: dict[str, str] = {
    "created": "the age of the account is not known",
    "minor": "whether it is a minor's account is not known; enforcement takes a wider margin",
    "own_signals": "its own content was not looked at",
    "reports": "reports about it are not known",
    "verified": "whether the platform verified it is not known",
}
