"""What a classifier finds in a picture → Signal."""

from __future__ import annotations

from datetime import datetime

import msgspec

from havenwall.detect.classifiers.plugged import Judged, Plugged
from havenwall.errors import BadInput
from havenwall.model import CLASSIFIER, EntityKind, Signal, derived_id, split_entity

_WHERE = {EntityKind.MEDIA: "media", EntityKind.POST: "post", EntityKind.LIVE: "stream"}


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that an account showed."""

    account: str
    """`account:ID`"""
    sha256: str
    """Of the file, 64 digits."""
    at: datetime
    """When it came."""
    where: str = ""
    """`media:ID`, `post:ID` or `live:ID`; empty where the platform did not say."""

    @property
    def id(self) -> str:
        """The same for the same picture of the same account in the same place, 32 digits."""
        return derived_id("shown", self.account, self.where, self.sha256)


def check_shown(account: str, where: str = "") -> None:
    """Do nothing if an account can have shown a picture there.

    Raises:
        BadInput: `account` is no account, or `where` is neither media nor a post nor a live stream.
    """
    if split_entity(account)[0] is not EntityKind.ACCOUNT:
        raise BadInput("is no account", field="account", hint="write account:ID")
    if where and split_entity(where)[0] not in _WHERE:
        raise BadInput("is nowhere a picture can be", field="media", hint="write media:ID or post:ID")


def picture_signal(plugged: Plugged, shown: Shown, judged: Judged) -> Signal | None:
    """A signal on the account that showed it; None below the classifier's threshold."""
    if judged.strength is None or judged.strength < plugged.threshold:
        return None
    name = plugged.classifier.name
    evidence = {"classifier": name, "score": f"{judged.score.value:.3f}", "field": "picture"}
    if shown.where:
        evidence[_WHERE[split_entity(shown.where)[0]]] = shown.where
    return Signal(
        id=derived_id(CLASSIFIER, name, plugged.version, shown.id),
        entity=shown.account,
        detector=CLASSIFIER,
        version=plugged.version[:100],
        strength=judged.strength,
        at=shown.at,
        evidence=evidence | {"sha256": shown.sha256},
    )
