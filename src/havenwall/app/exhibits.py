"""Pictures in the vault: attached to members of cases, told of, and revealed one at a time."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import structlog

from havenwall.app.config import Config, exposure_limits
from havenwall.casework.wellbeing import standing_of
from havenwall.detect.media.record import Look, Outcome
from havenwall.detect.media.video.sniff import HEAD, is_video
from havenwall.disclose import HOLD, Vault
from havenwall.errors import BadInput, Conflict
from havenwall.model import (
    DECIDE_RIGHT,
    Blur,
    CaseClass,
    Exhibit,
    Exposure,
    MediaFacts,
    Right,
    Severity,
    Viewer,
    derived_id,
    now,
)
from havenwall.model.reason import reason_of
from havenwall.store import Store
from havenwall.store.views.exhibits import told_to

if TYPE_CHECKING:
    from havenwall.app.media import MediaDesk
    from havenwall.detect.media.matching import MatchedMedia

_RADIUS = 31
"""Bits of PDQ within which two pictures are one cluster, as for lists of known media."""
_CELLS = {Blur.LIGHT: 24, Blur.MEDIUM: 14, Blur.STRONG: 8}
_SMALL, _LARGE = 200, 1600
_TICKET = timedelta(seconds=60)
_MOST_MATCHES = 8
_log = structlog.get_logger()
_decode_looks = msgspec.msgpack.Decoder(dict[str, bytes]).decode


def _thumbnail(blur: Blur, grey: bool) -> str:
    return f"{blur.value} {'grey' if grey else 'colour'}"


_LOOKS = tuple(
    Look(name=_thumbnail(blur, grey), side=_SMALL, cells=cells, grey=grey)
    for blur, cells in _CELLS.items()
    for grey in (True, False)
)
_DECODED = (Outcome.HASHED, Outcome.LOW_QUALITY)


class ExhibitDesk:
    """Attaches pictures, and shows them to those who may, within their limits."""

    def __init__(
        self, config: Config, store: Store, media: Callable[[], MediaDesk], vault: Callable[[], Vault]
    ) -> None:
        self._store, self._media, self._vault = store, media, vault
        self.limits = exposure_limits(config)

    def attach(self, viewer: Viewer, case_id: str, entity: str, data: bytes) -> Exhibit:
        """Seal a picture in the vault as an exhibit of a member; doing it again changes nothing.

        It is decoded in a process of its own. Thumbnails are made and sealed now, so that showing them never
        opens the picture.

        Raises:
            NotFound: there is no such case or member for this viewer.
            Forbidden: the viewer may not decide on cases of its class.
            BadInput: it is no picture that can be read.
        """
        view = self._store.cases(viewer)
        case = view.case(case_id)
        viewer.need(DECIDE_RIGHT[case.case_class])
        member = view.member(case.id, entity)
        found, thumbnails = self._read(data)
        exhibit_id = derived_id(member.case_id, member.entity, found.media.digests.sha256, "picture")
        vault, at = self._vault(), now()
        vault.seal(_thumbnails(exhibit_id), msgspec.msgpack.encode(thumbnails))
        exhibit = Exhibit(
            id=exhibit_id,
            case_id=member.case_id,
            action_id=exhibit_id,
            entity=member.entity,
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
            path=vault.seal(exhibit_id, data),
            key_id=vault.key_id,
            at=at,
            hold_until=at + HOLD,
            media=_facts(found),
        )
        _log.info("exhibit attached", case=case.id, exhibit=exhibit_id, by=viewer.name)
        return told_to(viewer, self._store.exhibits.attach(exhibit, viewer.name, _RADIUS))

    def pictures(self, viewer: Viewer, case_id: str, limit: int = 50, offset: int = 0) -> list[Exhibit]:
        """What is told of the pictures of a case, oldest first, without showing any.

        Raises:
            NotFound: there is no such case for this viewer.
        """
        view = self._store.cases(viewer)
        return view.pictures(view.case(case_id).id, limit=limit, offset=offset)

    def seen(self, viewer: Viewer, exhibits: Sequence[Exhibit]) -> set[str]:
        """Ids of those exhibits of whose cluster the viewer has revealed one."""
        clusters = {one.id: one.media.cluster for one in exhibits if one.media}
        seen = self._store.exposures.seen(viewer, set(clusters.values()))
        return {exhibit_id for exhibit_id, cluster in clusters.items() if cluster in seen}

    def thumbnail(self, viewer: Viewer, case_id: str, exhibit_id: str) -> bytes:
        """A small still JPEG, blurred and grey as the viewer likes; the picture itself is not opened.

        Raises:
            NotFound: there is no such picture for this viewer.
            Forbidden: the viewer may not see exhibits, or not this one, which is known media.
        """
        viewer.need(Right.SEE_EXHIBITS)
        exhibit = self._store.cases(viewer).picture(case_id, exhibit_id)
        comfort = self._store.comforts.of(viewer.name)
        self._store.note(viewer, "thumbnail", exhibit.id)
        looks = _decode_looks(self._vault().open(_thumbnails(exhibit.id)))
        return looks[_thumbnail(comfort.blur, comfort.grey)]

    def ask(
        self, viewer: Viewer, case_id: str, exhibit_id: str, why: str, *, again: bool = False
    ) -> tuple[Exhibit, str]:
        """Begin to reveal a picture; gives a ticket that fetches it once, within a minute.

        Raises:
            NotFound: there is no such picture for this viewer.
            Forbidden: the viewer may not see exhibits, or not this one, which is known media.
            BadInput: there is no reason.
            Conflict: they have revealed one of its cluster and do not ask for it `again`, or the limits of
                exposure are reached.
        """
        ticket = secrets.token_urlsafe(32)
        return self._begin(viewer, case_id, exhibit_id, why, again, ticket), ticket

    def fetch(self, viewer: Viewer, case_id: str, exhibit_id: str, ticket: str) -> bytes:
        """The picture that was asked for, as a new JPEG. A ticket is good for one time.

        Raises:
            NotFound: there is no such picture, or the ticket is used or old.
            Forbidden: the viewer may not see exhibits, or not this one, which is known media.
        """
        viewer.need(Right.SEE_EXHIBITS)
        exhibit = self._store.cases(viewer).picture(case_id, exhibit_id)
        self._store.exposures.use(viewer, exhibit.id, ticket, _TICKET)
        return self._shown(viewer, exhibit)

    def reveal(
        self, viewer: Viewer, case_id: str, exhibit_id: str, why: str, *, again: bool = False
    ) -> bytes:
        """Ask and fetch in one step. Raises as `ask`."""
        return self._shown(viewer, self._begin(viewer, case_id, exhibit_id, why, again, ""))

    def leave(self, viewer: Viewer, exhibit_id: str = "") -> None:
        """The viewer has a picture before them no more; without its id, none at all."""
        self._store.exposures.leave(viewer, exhibit_id)

    def _begin(
        self, viewer: Viewer, case_id: str, exhibit_id: str, why: str, again: bool, ticket: str
    ) -> Exhibit:
        viewer.need(Right.SEE_EXHIBITS)
        view = self._store.cases(viewer)
        exhibit = view.picture(case_id, exhibit_id)
        reason = reason_of(why)
        if not again and self.seen(viewer, [exhibit]):
            raise Conflict(
                "this is the same as a picture you revealed, or nearly so",
                hint="ask for it again only if you must see this one",
            )
        severity = _severity(exhibit, view.case(case_id).case_class)
        self._store.exposures.begin(viewer, exhibit, severity, reason, ticket, self._judge)
        return exhibit

    def _judge(self, exposures: Sequence[Exposure], at: datetime) -> None:
        state = standing_of(exposures, self.limits, at)
        if state.refused:
            until = f"{state.until:%H:%M} UTC" if state.until else "later"
            raise Conflict(state.refused, hint=f"pictures are shown again from {until}")

    def _shown(self, viewer: Viewer, exhibit: Exhibit) -> bytes:
        grey = self._store.comforts.of(viewer.name).grey
        look = Look(name="revealed", side=_LARGE, grey=grey)
        made = self._media().look_at(self._vault().open(exhibit.id), [look])
        if look.name not in made.looks:
            raise BadInput(made.reason or "it cannot be read any more", field="exhibit")
        return made.looks[look.name]

    def _read(self, data: bytes) -> tuple[MatchedMedia, dict[str, bytes]]:
        if is_video(data[:HEAD]):
            raise BadInput("is a video", field="body", hint="attach still frames of it")
        found, made = self._media().match_bytes(data), self._media().look_at(data, _LOOKS)
        if found.media.outcome not in _DECODED or len(made.looks) != len(_LOOKS):
            reason = found.media.reason or made.reason or "cannot be read"
            raise BadInput(reason, field="body", hint="send a picture as JPEG, PNG, WebP, GIF or AVIF")
        return found, made.looks


def _facts(found: MatchedMedia) -> MediaFacts:
    frames = found.media.frames
    usable = found.media.outcome is Outcome.HASHED and frames
    named = {match.bank: match.distance for match in reversed(found.matches)}
    return MediaFacts(
        kind="animation" if len({frame.name.partition(" over")[0] for frame in frames}) > 1 else "picture",
        pdq=frames[0].pdq if usable else "",
        quality=frames[0].quality if frames else 0,
        matches=tuple(f"{bank} ({distance})" for bank, distance in sorted(named.items()))[:_MOST_MATCHES],
    )


def _severity(exhibit: Exhibit, case_class: CaseClass) -> Severity:
    if exhibit.media and exhibit.media.matches:
        return Severity.KNOWN
    return Severity.CHILD_SAFETY if case_class is CaseClass.CHILD_SAFETY else Severity.GENERAL


def _thumbnails(exhibit_id: str) -> str:
    return f"{exhibit_id}.thumbnails"
