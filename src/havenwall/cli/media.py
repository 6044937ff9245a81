"""`havenwall media`: hashes of pictures and videos, and what they are known as."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from havenwall.cli.common import (
    ERR,
    OUT,
    ConfigFile,
    JsonFlag,
    clear_errors,
    open_app,
    print_json,
    print_table,
    steps,
)
from havenwall.errors import BadInput

if TYPE_CHECKING:
    from havenwall.app import App
    from havenwall.detect.media.matching import HashedMedia, MatchedMedia

cli = typer.Typer(help="Hashes of pictures and videos, and what they are known as.", no_args_is_help=True)
Files = Annotated[
    list[Path], typer.Argument(help="Pictures, videos, or HLS playlists whose segments lie beside them.")
]

_CLASSIFIERS = 30.0
"""Seconds to wait for classifiers."""


class FileAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A file, and what was found of it."""

    file: str
    answer: Any


@cli.command("hash")
@clear_errors
def hash_files(
    files: Files,
    clips_to: Annotated[
        Path | None, typer.Option(help="Add the videos' hashes to this list of known clips.")
    ] = None,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Hash files: exact hashes of the bytes, PDQ of pictures, PDQ of a video's frames; keeps nothing."""
    from havenwall.detect.media.video.clip import clip_line

    with open_app(config) as app, each_of(files) as walk:
        answers = [(path, app.media.hash_path(path, tell=tell)) for path, tell in walk()]
    if clips_to:
        with clips_to.open("ab") as out:
            for path, hashed in answers:
                if hashed.clip and hashed.clip.frames:
                    out.write(clip_line(path.stem, hashed.clip))
    if json:
        print_json([FileAnswer(file=str(path), answer=hashed) for path, hashed in answers])
        return
    rows = [row for path, hashed in answers for row in _hash_rows(path, hashed)]
    print_table("Hashes", ("file", "outcome", "kind", "quality", "hash"), rows)


@cli.command("match")
@clear_errors
def match_files(
    files: Files,
    hash: Annotated[
        list[str] | None,
        typer.Option(help="A hash of the one file that was made elsewhere, such as `photodna:…`."),
    ] = None,
    account: Annotated[
        str, typer.Option(help="Who showed them, as account:ID: pictures are then classified, too.")
    ] = "",
    media: Annotated[str, typer.Option(help="Where the one file was shown, as media:ID or post:ID.")] = "",
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Say what files are known as in hash lists, banks and clip lists, and why; keeps nothing of them."""
    from havenwall.detect.classifiers import check_shown
    from havenwall.detect.media.matching import asked_given

    for option, given in (("--hash", hash), ("--media", media)):
        if given and len(files) != 1:
            raise BadInput("is of one file", field=option, hint="name one file only")
    if account or media:
        check_shown(account, media)
    also = asked_given(hash or ())
    with open_app(config) as app, each_of(files) as walk:
        answers = [(path, app.media.match_path(path, tell=tell, also=also)) for path, tell in walk()]
        if account:
            _classified(app, account, media, answers)
    if json:
        print_json([FileAnswer(file=str(path), answer=answer) for path, answer in answers])
        return
    rows = [row for path, answer in answers for row in _match_rows(path, answer)]
    columns = ("file", "outcome", "known as", "kind", "distance", "where or what was undone", "source")
    print_table("Matches", columns, rows)
    known = sum(answer.known for _, answer in answers)
    OUT.print(f"{known:,} of {len(answers):,} files known", highlight=False)


def _classified(app: App, account: str, media: str, answers: list[tuple[Path, MatchedMedia]]) -> None:
    """Let the classifiers of the settings look at pictures, and wait for them."""
    most = app.config.media_most_bytes
    for path, answer in answers:
        if answer.media.size <= most:
            app.pictures.offer_matched(account, media, path.read_bytes(), answer)
    if not app.pictures.settle(_CLASSIFIERS):
        ERR.print("classifiers have not answered; havenwall doctor counts what is not classified")


@contextmanager
def each_of(files: list[Path]) -> Iterator[Callable[[], Iterator[tuple[Path, Callable[[Any, Any], None]]]]]:
    """Walks over files under a progress bar; with each comes what to call for each frame of a video."""
    with steps() as progress:
        task = progress.add_task("reading", total=len(files))

        def walk() -> Iterator[tuple[Path, Callable[[Any, Any], None]]]:
            for path in files:
                progress.update(task, description=path.name)
                yield (
                    path,
                    lambda frame, _, name=path.name: progress.update(  # type: ignore[misc]
                        task, description=f"{name} {frame.at:.0f} s"
                    ),
                )
                progress.advance(task)

        yield walk


def _hash_rows(path: Path, hashed: HashedMedia) -> Iterator[tuple[str, ...]]:
    record = hashed.media
    outcome = record.outcome.value + (f": {record.reason}" if record.reason else "")
    for kind in ("md5", "sha1", "sha256"):
        yield str(path), outcome, kind, "", getattr(record.digests, kind)
    for frame in record.frames:
        yield str(path), outcome, f"pdq, {frame.name}", str(frame.quality), frame.pdq
    if hashed.clip and hashed.clip.frames:
        count = f"{len(hashed.clip.frames):,} frames in {hashed.clip.seconds:.1f} s; --json lists them"
        yield str(path), outcome, "pdq of frames", "", count


def _match_rows(path: Path, answer: MatchedMedia) -> Iterator[tuple[str, ...]]:
    record = answer.media
    outcome = record.outcome.value + (f": {record.reason}" if record.reason else "")
    for clip in answer.clips:
        undone = f", {clip.form}" if clip.form else ""
        where = f"{clip.start:.1f} to {clip.end:.1f} s, {clip.coverage:.0%} of the clip{undone}"
        yield str(path), outcome, clip.list, "clip", f"{clip.distance:g}", where, clip.clip
    for match in answer.matches:
        row = (match.bank, match.kind, f"{match.distance:g}", match.form, match.source_id)
        yield str(path), outcome, *row
    for veto in answer.vetoes:
        row = (f"{veto.bank} (benign)", veto.kind, f"{veto.distance:g}", veto.form, veto.source_id)
        yield str(path), outcome, *row
    if not answer.known and not answer.vetoes:
        yield str(path), outcome, "nothing", "", "", "", ""
