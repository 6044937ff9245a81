"""The hash and match endpoints of Meta's Hasher-Matcher-Actioner 1.1, for clients that speak to it already.

Differences, each where the original is unsafe: every route needs a key with the right `match_media`; nothing
is fetched from a `url`; an unreadable file is a 422, and one too plain to tell matches nothing instead
of being an error; banks are always asked, so `seed` and `bypass_coinflip` change nothing; names of
banks are ours.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from havenwall.app import App
from havenwall.detect.banks import AskedHash, BankMatch
from havenwall.detect.media.matching import HashedMedia, MatchedMedia
from havenwall.detect.media.record import MediaRecord, Outcome
from havenwall.errors import BadInput
from havenwall.match import HashKind, normalise_hash
from havenwall.match.image import LEAST_QUALITY, distance
from havenwall.match.index import RADIUS
from havenwall.web.access import MediaViewer, Served
from havenwall.web.api.codec import body, reply
from havenwall.web.api.hma_query import HmaQuery, parameters, query_of
from havenwall.web.api.hot import HotRoute
from havenwall.web.uploads import upload_of

router = APIRouter(tags=["hma"])
hot = APIRouter(tags=["hma"], route_class=HotRoute)

_KINDS = {"pdq": HashKind.PDQ, "video_md5": HashKind.MD5}
"""Signal types by the names HMA has for them."""
_CONTENT = {"photo": "pdq", "video": "video_md5"}


async def sent_file(request: Request) -> tuple[str, bytes]:
    """The one file of a form, and the content type its field is named after."""
    files = (await upload_of(request)).files
    if len(files) != 1 or next(iter(files)) not in _CONTENT:
        raise BadInput("takes one file", field="form", hint="name its field photo or video")
    return next(iter(files.items()))


SentFile = Annotated[tuple[str, bytes], Depends(sent_file)]
Asked = Annotated[HmaQuery, Depends(query_of)]
Types = Annotated[str, Query(description="Signal types with commas.")]


@router.get("/h/hash")
def hash_address(viewer: MediaViewer) -> Response:
    """Refused: nothing is fetched from an address. Send the file."""
    raise _no_fetch()


@router.post("/h/hash")
def hash_content(viewer: MediaViewer, app: Served, sent: SentFile, types: Types = "") -> Response:
    """Hashes of a file by signal type: `{"pdq": "…"}`; empty where the picture is too plain."""
    signals = _signals(sent[0], app.media.hash_bytes(sent[1]))
    return reply({name: value for name, value in signals.items() if _wanted(name, types)})


@hot.get("/m/raw_lookup", openapi_extra=parameters("signal", "signal_type", "banks", "include_distance"))
async def raw_lookup(viewer: MediaViewer, app: Served, asked: Asked) -> Response:
    """Entries that a hash matches: `{"matches": [id, …]}`, or with the distance of each."""
    found = await run_in_threadpool(_look, app, asked)
    told = [_told(match) if asked.include_distance else match.entry for match in found]
    return reply({"matches": told})


@hot.get("/m/lookup", openapi_extra=parameters("signal", "signal_type", "banks", "url"))
async def lookup(viewer: MediaViewer, app: Served, asked: Asked) -> Response:
    """Entries that a hash matches, by bank: `{"bank": [{"bank_content_id": 1, "distance": "4"}]}`."""
    if asked.url:
        raise _no_fetch()
    return reply(_by_bank(await run_in_threadpool(_look, app, asked)))


@hot.post("/m/lookup", openapi_extra=parameters("banks", "types"))
async def lookup_content(viewer: MediaViewer, app: Served, sent: SentFile, asked: Asked) -> Response:
    """Entries that a file matches, by signal type and bank; framed, turned and inverted pictures too."""
    kind = _CONTENT[sent[0]]
    answer = await run_in_threadpool(app.media.match_bytes, sent[1])
    _readable(answer.media)
    found = _of_banks(_standing(answer), asked.banks)
    of_kind = [match for match in found if match.kind == _KINDS[kind].value]
    return reply({kind: _by_bank(of_kind)} if _wanted(kind, asked.types) else {})


@router.post("/m/compare")
def compare(
    viewer: MediaViewer, told: Annotated[dict[str, list[str]], Depends(body(dict[str, list[str]]))]
) -> Response:
    """Whether two hashes of a signal type match: `{"pdq": [true, {"distance": 4}]}`."""
    return reply({name: _compared(name, values) for name, values in told.items()})


@router.get("/status")
@router.get("/status/live")
def status(viewer: MediaViewer, app: Served) -> Response:
    """That look-ups can be answered."""
    app.media.warm_up()
    return PlainTextResponse("I-AM-ALIVE")


def _no_fetch() -> BadInput:
    return BadInput("nothing is fetched from an address", field="url", hint="send the file in a form")


def _wanted(name: str, types: str) -> bool:
    return not types or name in types.split(",")


def _kind(name: str) -> HashKind:
    if name not in _KINDS:
        raise BadInput(f"no such type {name[:40]!r}", field="signal_type", hint=", ".join(_KINDS))
    return _KINDS[name]


def _signals(content: str, hashed: HashedMedia) -> dict[str, str]:
    record = hashed.media
    if content == "video":
        return {"video_md5": record.digests.md5}
    _readable(record)
    frame = record.frames[0] if record.frames else None
    return {"pdq": frame.pdq if frame and frame.quality >= LEAST_QUALITY else ""}


def _readable(record: MediaRecord) -> None:
    if record.outcome in (Outcome.UNREADABLE, Outcome.TOO_LARGE):
        raise BadInput(record.reason or record.outcome.value, field="file", hint="send it to a person")


def _look(app: App, asked: HmaQuery) -> list[BankMatch]:
    kind = _kind(asked.signal_type)
    looked = app.media.knows.look([AskedHash(kind=kind.value, value=normalise_hash(kind, asked.signal))])
    return _of_banks(() if looked.vetoes else looked.matches, asked.banks)


def _standing(answer: MatchedMedia) -> tuple[BankMatch, ...]:
    return () if answer.vetoes else answer.matches


def _of_banks(matches: tuple[BankMatch, ...], banks: str) -> list[BankMatch]:
    return [m for m in matches if not m.set_aside and (not banks or m.bank in banks.split(","))]


def _told(match: BankMatch) -> dict[str, Any]:
    # Clients of the original expect text here.
    return {"bank_content_id": match.entry, "distance": f"{match.distance:g}"}


def _by_bank(matches: list[BankMatch]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for match in matches:
        found.setdefault(match.bank, []).append(_told(match))
    return found


def _compared(name: str, values: list[str]) -> tuple[bool, dict[str, int]]:
    kind = _kind(name)
    if len(values) != 2:
        raise BadInput(f"{len(values)} hashes", field=name, hint="give two")
    one, other = (bytes.fromhex(normalise_hash(kind, value)) for value in values)
    if kind is not HashKind.PDQ:
        return one == other, {"distance": int(one != other)}
    apart = distance(one, other)
    return apart <= RADIUS, {"distance": apart}
