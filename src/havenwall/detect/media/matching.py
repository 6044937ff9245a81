"""What a file is known as: its hashes put to everything that knows hashes, and why each match counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import msgspec

from havenwall.detect.banks import AskedHash, Asking, BankMatch, Looked, known_hash
from havenwall.detect.media.record import MediaRecord, Outcome
from havenwall.detect.media.video.clip import Clip
from havenwall.detect.media.video.known import ClipMatch
from havenwall.detect.media.video.suspects import spread
from havenwall.detect.media.video.undo import Varied, undos
from havenwall.match.image import LEAST_QUALITY


class Knows(Protocol):
    """Whoever knows hashes: lists in memory, or banks."""

    def look(self, hashes: Sequence[AskedHash], asking: Asking | None = None) -> Looked:
        """Everything that matches one of the hashes."""
        ...


class HashedMedia(msgspec.Struct, frozen=True, kw_only=True):
    """A file and its hashes. A video's are in `clip`, and its outcome is that of the record."""

    media: MediaRecord
    clip: Clip | None = None


class MatchedMedia(msgspec.Struct, frozen=True, kw_only=True):
    """A file, and everything it is known as."""

    media: MediaRecord
    """Without the variants that were looked up."""
    matches: tuple[BankMatch, ...]
    """Nearest first. `form` says what was undone to find it, or at which second of a video it is."""
    vetoes: tuple[BankMatch, ...] = ()
    """Matches in banks of known benign media: while there is one, nothing is to be done."""
    clips: tuple[ClipMatch, ...] = ()
    """Known clips that the video holds, best covered first."""
    seconds: float | None = None
    """Length of a video."""

    acts: bool = False
    """Whether a machine may go by the matches: nothing vetoes them, and not all entries were set aside."""

    @property
    def known(self) -> bool:
        """Whether anything matched."""
        return bool(self.matches or self.clips)


class Together:
    """Several that know hashes, as one."""

    def __init__(self, parts: Iterable[Knows]) -> None:
        self._parts = tuple(parts)

    def look(self, hashes: Sequence[AskedHash], asking: Asking | None = None) -> Looked:
        """What any of them knows, nearest first."""
        found = [part.look(hashes, asking) for part in self._parts]
        return Looked(
            matches=tuple(
                sorted((m for each in found for m in each.matches), key=lambda m: (m.distance, m.bank))
            ),
            vetoes=tuple(m for each in found for m in each.vetoes),
        )


def asked_of(hashed: HashedMedia) -> list[AskedHash]:
    """The hashes of a file to look up, the plainest first. Pictures too plain to tell apart ask by exact
    hashes only."""
    digests = hashed.media.digests
    asked = [AskedHash(kind=kind, value=getattr(digests, kind), form="the file") for kind in _EXACT]
    for frame in hashed.media.frames:
        if hashed.media.outcome is not Outcome.LOW_QUALITY and frame.quality >= LEAST_QUALITY:
            asked.append(AskedHash(kind="pdq", value=frame.pdq, form=frame.name))
        asked += [
            AskedHash(kind="pdq", value=form.pdq, form=f"{frame.name}, {form.name}")
            for form in frame.variants
            if form.quality >= LEAST_QUALITY and form.pdq != frame.pdq
        ]
    if hashed.clip:
        asked += [
            AskedHash(kind="pdq", value=frame.pdq, form=f"at {frame.at:.1f} s")
            for frame in hashed.clip.frames
            if frame.quality >= LEAST_QUALITY
        ]
    return asked


_EXACT = ("md5", "sha1", "sha256")
_MOST_VARIED = 300


def asked_given(texts: Iterable[str]) -> list[AskedHash]:
    """Hashes that were made elsewhere, each as `kind:value`.

    Raises:
        BadInput: one is no hash of its kind.
    """
    parts = [text.partition(":") for text in texts]
    for kind, _, value in parts:
        known_hash(kind, value)
    return [AskedHash(kind=kind, value=value, form="as given") for kind, _, value in parts]


def asked_varied(clip: Clip) -> list[AskedHash]:
    """The variants of a video's frames to look up, of `_MOST_VARIED` frames from all over it at most."""
    return [each for frame in spread(clip.varied, _MOST_VARIED) for each in asked_undone(frame)]


def asked_undone(frame: Varied) -> list[AskedHash]:
    """The variants of one frame of a video to look up."""
    return [
        AskedHash(kind="pdq", value=value, form=f"at {frame.at:.1f} s, {undo.name}")
        for undo, value in undos(frame)
    ]


def matched(
    hashed: HashedMedia,
    knows: Knows,
    clips: Iterable[ClipMatch] = (),
    also: Iterable[AskedHash] = (),
) -> MatchedMedia:
    """The file with its matches; `also`: hashes of it that others made.

    Variants of a video's frames are looked up only where its plain frames are not known.
    """
    looked = knows.look([*asked_of(hashed), *also])
    if hashed.clip and hashed.clip.varied and not (looked.matches or looked.vetoes):
        looked = knows.look(asked_varied(hashed.clip))
    frames = tuple(msgspec.structs.replace(frame, variants=()) for frame in hashed.media.frames)
    return MatchedMedia(
        media=msgspec.structs.replace(hashed.media, frames=frames),
        matches=looked.matches,
        vetoes=looked.vetoes,
        clips=(shown := tuple(clips)),
        acts=looked.acts or bool(shown and not looked.vetoes),
        seconds=hashed.clip.seconds if hashed.clip else None,
    )
