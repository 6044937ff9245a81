"""Sentences that stages told in English when something happened, in the language of the answer.

They are kept as they were told, so their patterns stand here; one that fits none is shown as it was told.
"""

from __future__ import annotations

import re
from functools import cache

from babel.numbers import get_decimal_symbol, get_group_symbol

from havenwall.web.tongue import N_, gettext, language

SENTENCES = (
    # Parts of a priority.
    N_("Somebody is in danger now."),
    N_("It is happening now: a live stream."),
    N_("Nothing says that it is happening now."),
    N_("How many people see it is not known."),
    N_("A rule of the policy brought it up."),
    N_("Somebody who uses the platform reported it."),
    N_("A trusted flagger reported it."),
    N_("An authority asked for it."),
    N_("Child safety; %(known)s."),
    N_("Another harm; %(known)s."),
    N_("no score yet"),
    N_("mean probability %(share)s"),
    N_("%(count)s people see it."),
    N_("%(count)s came in within a day."),
    N_("%(count)s to review."),
    # By when a case must be answered.
    N_("The queue %(queue)s answers sooner than the law asks."),
    N_("Within %(hours)s hours: %(why)s."),
    N_("accounts drawn for an audit"),
    N_("danger now (Art. 18 DSA)"),
    N_("an authority asked"),
    N_("a trusted flagger reported (Art. 22 DSA)"),
    N_("child safety (18 USC 2258A)"),
    N_("somebody reported it (Art. 16 DSA)"),
    N_("not child safety"),
    # Why a group or a tag has its risk.
    N_("%(facts)s Below the threshold: those accounts may be one person's."),
    N_("%(facts)s Below the threshold: those accounts may be of %(hands)s persons."),
    N_("%(facts)s Below the threshold: %(low)s is less than %(least)s."),
    N_(
        "%(some)s of %(users)s %(kind)s are confirmed or likely (%(confirmed)s confirmed); platform average "
        "%(base)s. The share of members is %(low)s to %(high)s."
    ),
    N_("members of the group"),
    N_("accounts with the tag"),
    N_("accounts around the stream"),
    N_("accounts with the domain"),
    N_("accounts with the media"),
    N_(
        "Seems to have replaced %(old)s: %(moved)s of the %(all)s accounts that took up %(new)s since "
        "%(since)s had used %(before)s before; by chance it would be %(expected)s."
    ),
    # Why an account has its score.
    N_("%(accounts)s follows it."),
    N_("%(accounts)s follow it."),
    N_("It shares followers with %(accounts)s, most with %(first)s (%(count)s)."),
    N_("It follows %(accounts)s. Watchers do that too."),
    N_("It uses %(thing)s, as %(accounts)s do; %(users)s it in all."),
    N_("%(count)s account uses"),
    N_("%(count)s accounts use"),
    N_("%(count)s confirmed account"),
    N_("%(count)s confirmed accounts"),
    N_("Without %(seed)s its score would be %(low)s instead of %(score)s, under the present threshold."),
    N_("Without %(seed)s its score would be %(low)s instead of %(score)s, still over the present threshold."),
    N_(
        "Without %(seed)s its score would be %(low)s instead of %(score)s, further under "
        "the present threshold."
    ),
    # How much of what one may see is used up.
    N_("the day's limit is reached"),
    N_("the hour's limit of time is reached: take a break"),
    N_("the hour's limit of pictures is reached: take a break"),
    N_("it is time for a break"),
    N_("%(share)s of the limit for %(what)s is used"),
    N_("time in a day"),
    N_("pictures in a day"),
    N_("time in an hour"),
    N_("pictures in an hour"),
    N_("time without a break"),
    # Shares, where they are never told as none or all.
    N_("under %(share)s"),
    N_("over %(share)s"),
)
_NAMES = frozenset({"queue", "old", "new", "before", "thing", "first", "seed", "since"})
"""Parts of sentences that are names, whatever words they are."""
_NUMBER = re.compile(r"\d[\d,]*(\.\d+)?(\s?%)?")
_HOLE = re.compile(r"%\((\w+)\)s")


def told(text: str) -> str:
    """A sentence of a stage, in the language of the answer."""
    if language() == "en" or not text:
        return text
    if _NUMBER.fullmatch(text):
        return digits(text)
    if (plainly := gettext(text)) != text:
        return plainly
    for pattern, sentence in _patterns():
        if found := pattern.fullmatch(text):
            return gettext(sentence) % {name: _part(name, value) for name, value in found.groupdict().items()}
    return text


def _part(name: str, value: str) -> str:
    return value if name in _NAMES else told(value)


def digits(number: str) -> str:
    """A number as English writes it, with the signs of the language."""
    spoken = language()
    if spoken == "en":
        return number
    return number.translate({ord(","): get_group_symbol(spoken), ord("."): get_decimal_symbol(spoken)})


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((_pattern(each), each) for each in SENTENCES if "%(" in each)


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = _HOLE.split(sentence)
    return re.compile(
        "".join(f"(?P<{part}>.+?)" if odd % 2 else re.escape(part) for odd, part in enumerate(parts))
    )
