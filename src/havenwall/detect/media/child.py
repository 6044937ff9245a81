"""The process that decodes: reads files from a pipe and answers with what it made of them, no more.

Both ways a message is its length in 8 bytes and then MessagePack. A request is `Job` and, after it, the file
as it is. The process bounds its own memory, can open and write no file, and ends when its parent does.
"""

from __future__ import annotations

import io
import resource
import struct
import sys
from typing import BinaryIO

import msgspec
import numpy as np
from PIL import Image

from havenwall.detect.media.confine import confine
from havenwall.detect.media.hash import hash_pictures
from havenwall.detect.media.looks import look_at
from havenwall.detect.media.record import Look, Want
from havenwall.match.image import pdq

LENGTH = struct.Struct("<Q")


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A file to hash: its size in bytes, and the processor seconds it may take."""

    size: int
    seconds: int
    want: Want


def main() -> None:
    """Serve until the pipe closes. Arguments: bytes of memory above what an idle process has."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    _warm_up()
    confine(int(sys.argv[1]))
    _send(sink, b"")
    while head := source.read(LENGTH.size):
        job = msgspec.msgpack.decode(source.read(*LENGTH.unpack(head)), type=Job)
        _allow(job.seconds)
        made = look_at if job.want.looks else hash_pictures
        _send(sink, msgspec.msgpack.encode(made(source.read(job.size), job.want)))


def _send(sink: BinaryIO, message: bytes) -> None:
    sink.write(LENGTH.pack(len(message)) + message)
    sink.flush()


def _warm_up() -> None:
    """Load every decoder now: no file can be opened later."""
    Image.init()
    picture = Image.fromarray(np.arange(200 * 200, dtype=np.uint32).astype(np.uint8).reshape(200, 200))
    for form in ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF"):
        room = io.BytesIO()
        if form in Image.SAVE:
            picture.save(room, form)
            hash_pictures(room.getvalue(), Want(variants=True, pixels=True))
    look_at(room.getvalue(), Want(looks=(Look(name="warm", side=50, cells=5, grey=True),)))
    # Too plain for the fast way: loads the other one.
    pdq(np.zeros((200, 200), np.uint8))


def _allow(seconds: int) -> None:
    """Processor time for one more file: the limit counts from the start of the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))


if __name__ == "__main__":
    main()
