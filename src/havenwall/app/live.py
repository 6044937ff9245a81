"""The look-out on live streams: frames in, a stand for each, and an event when a stream shows known media."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from havenwall.detect.banks import AskedHash, Asking, BankMatch, Looked
from havenwall.detect.detectors.live_match import LIVE_SOURCE
from havenwall.detect.media.live.state import Held, LiveStates
from havenwall.detect.media.live.window import Stand, best_of
from havenwall.detect.media.matching import HashedMedia, asked_of, asked_undone
from havenwall.detect.media.record import Outcome
from havenwall.detect.media.video.clip import ClipFrame
from havenwall.detect.media.video.undo import Varied
from havenwall.errors import BadInput
from havenwall.model import Event, EventType, now, split_entity

if TYPE_CHECKING:
    from havenwall.app.media import MediaDesk

_USE = "live"


class LiveAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a frame, or a piece of a stream, was found to be."""

    stream: str
    outcome: Outcome
    looked_up: int
    """Frames that were looked up: not those too plain to tell, nor those like the one before."""
    stand: Stand
    matches: tuple[BankMatch, ...] = ()
    told: bool = False
    """Whether the journal was told, so that rules decide on it."""
    reason: str | None = None


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What the platform sends: the stream and the account that streams, and who watches."""

    stream: str
    """`live:ID`"""
    account: str
    """`account:ID`"""
    at: float | None = None
    """Seconds from the beginning of the stream; the clock decides where it is not given."""
    audience: int | None = None


class LiveDesk:
    """Watches streams. What is known of one lies in the data folder, for all processes and over restarts."""

    def __init__(
        self,
        media: MediaDesk,
        ingest: Callable[[Sequence[Event]], int],
        folder: Path,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`ingest` journals events; when it returns they are durable. `folder`: where streams are kept.
        `clock` gives seconds, the same in all processes."""
        self._media, self._ingest, self._clock = media, ingest, clock
        self._states = LiveStates(folder, clock)

    def take(self, frame: Frame, data: bytes) -> LiveAnswer:
        """Take one picture, or a piece of the stream as a video file.

        Raises:
            BadInput: `stream` or `account` is no such entity, `at` no time, or nothing was sent.
            NotReady: it is a video, and what decodes videos is missing.
        """
        self._check(frame)
        hashed = self._media.variants_of(data)
        with self._states.hold(frame.stream) as held:
            return self._answer(held, frame, hashed, self._start(held, frame))

    def watch(self, frame: Frame, path: Path, tell: Callable[[LiveAnswer], None]) -> LiveAnswer:
        """Take a file on this machine (an HLS playlist, or any video) as if it were live; `tell` hears of
        each frame that was looked up. Raises as `take` does, and as `MediaDesk.hash_path`."""
        self._check(frame)
        answers = list[LiveAnswer]()

        def each(one: ClipFrame, varied: Varied | None) -> None:
            with self._states.hold(frame.stream) as held:
                answer = self._one(held, frame, _of_video(one, varied))
            answers[:] = [answer]
            if answer.looked_up:
                tell(answer)

        hashed = self._media.variants_of_path(path, tell=each)
        if hashed.clip is None:
            raise BadInput("is no video", field=str(path), hint="give a video or an HLS playlist")
        stand = answers[0].stand if answers else _nothing()
        return self._made(frame, hashed, stand)

    def _check(self, frame: Frame) -> None:
        for field, kind in (("stream", "live"), ("account", "account")):
            if split_entity(getattr(frame, field))[0] != kind:
                raise BadInput(f"is no {kind}", field=field, hint=f"write {kind}:ID")
        if frame.at is not None and not 0 <= frame.at < 1e9:
            raise BadInput("is no time", field="at", hint="give seconds from the beginning of the stream")

    def _start(self, held: Held, frame: Frame) -> float:
        return max(0.0, self._clock() - held.state.began) if frame.at is None else frame.at

    def _answer(self, held: Held, frame: Frame, hashed: HashedMedia, start: float) -> LiveAnswer:
        matches: dict[tuple[str, int], BankMatch] = {}
        looked_up, told, stand = 0, False, None
        for sent in _all_sent(hashed, start):
            answer = self._one(held, frame, sent)
            looked_up, told, stand = looked_up + answer.looked_up, told or answer.told, answer.stand
            for match in answer.matches:
                matches.setdefault((match.bank, match.entry), match)
        found = self._made(frame, hashed, stand or _nothing())
        return msgspec.structs.replace(found, looked_up=looked_up, told=told, matches=tuple(matches.values()))

    def _one(self, held: Held, frame: Frame, sent: _Sent) -> LiveAnswer:
        one = sent.frame
        asked = [*(() if held.window.same_scene(one) else sent.asked), *sent.varied]
        looked = self._media.knows.look(asked, Asking(use=_USE)) if asked else None
        stand = held.window.take(one, looked, self._media.clips, frame.audience)
        if stand.tell:
            # Before the state is kept: after a crash between the two it is told again, under the same id.
            self._ingest([_event(held, frame, stand, looked, one)])
        return LiveAnswer(
            stream=frame.stream,
            outcome=Outcome.HASHED,
            looked_up=int(looked is not None),
            stand=stand,
            matches=looked.matches if looked and looked.acts else (),
            told=stand.tell,
        )

    def _made(self, frame: Frame, hashed: HashedMedia, stand: Stand) -> LiveAnswer:
        record = hashed.media
        return LiveAnswer(
            stream=frame.stream, outcome=record.outcome, looked_up=0, stand=stand, reason=record.reason
        )


class _Sent(NamedTuple):
    """A frame, and what to look up for it."""

    frame: ClipFrame
    asked: Sequence[AskedHash]
    """Only where the scene is a new one."""
    varied: Sequence[AskedHash] = ()
    """In any case: of a video only some frames have variants, and seldom the first one of a scene."""


def _all_sent(hashed: HashedMedia, start: float) -> list[_Sent]:
    if hashed.clip:
        varied = {each.at: msgspec.structs.replace(each, at=start + each.at) for each in hashed.clip.varied}
        return [
            _of_video(msgspec.structs.replace(each, at=start + each.at), varied.get(each.at))
            for each in hashed.clip.frames
        ]
    return [
        _Sent(
            ClipFrame(at=start, pdq=each.pdq, quality=each.quality),
            asked_of(HashedMedia(media=msgspec.structs.replace(hashed.media, frames=(each,)))),
        )
        for each in hashed.media.frames
    ]


def _of_video(frame: ClipFrame, varied: Varied | None) -> _Sent:
    asked = AskedHash(kind="pdq", value=frame.pdq, form=f"at {frame.at:.1f} s")
    return _Sent(frame, [asked], asked_undone(varied) if varied else ())


def _nothing() -> Stand:
    return Stand(risk=0.0, urgency=0.0, level=0, new_level=False, firm=False, tell=False, next_in=1.0)


def _step(stand: Stand) -> str:
    """What is told: each level once, and once that the matches are firm."""
    return f"{stand.level}-firm" if stand.firm else f"{stand.level}"


def _event(held: Held, frame: Frame, stand: Stand, looked: Looked | None, one: ClipFrame) -> Event:
    match = best_of([m for m in looked.matches if not m.set_aside]) if looked else None
    clip = stand.clips[0] if stand.clips else None
    told = {
        "level": str(stand.level),
        "risk": f"{stand.risk:.3f}",
        "urgency": f"{stand.urgency:.3f}",
        "audience": "" if frame.audience is None else str(frame.audience),
        "firm": "yes" if stand.firm else "",
        "seconds": f"{one.at:.1f}",
        "bank": match.bank if match else (clip.list if clip else ""),
        "entry": match.source_id if match else "",
        "distance": f"{match.distance:g}" if match else "",
        "verification": match.verification.value if match else "",
        "form": match.form if match else "",
        "clip": clip.clip if clip else "",
        "coverage": f"{clip.coverage:.2f}" if clip else "",
    }
    return Event(
        source=LIVE_SOURCE,
        source_id=f"{frame.stream}/{held.state.id:%Y%m%dT%H%M%S.%f}/{_step(stand)}"[-300:],
        type=EventType.LIVE,
        at=now(),
        entity=frame.account,
        target=frame.stream,
        attributes={name: text for name, text in told.items() if text},
    )
