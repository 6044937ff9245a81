"""A file can kill its decoding process, and nothing else."""

import io
import os
import signal
import struct
import threading
import zlib
from pathlib import Path

import numpy as np
import pytest

Image = pytest.importorskip("PIL.Image")
from havenwall.detect.media.hash import hash_bytes  # noqa: E402
from havenwall.detect.media.pool import DecodePool  # noqa: E402
from havenwall.detect.media.record import Limits, Outcome, Want  # noqa: E402
from havenwall.detect.media.worker import Budget, Misbehaved, Worker  # noqa: E402
from havenwall.errors import BadInput, NotReady  # noqa: E402


def saved(image, form="PNG", **options):
    room = io.BytesIO()
    image.save(room, form, **options)
    return room.getvalue()


@pytest.fixture(scope="module")
def photo():
    return saved(
        Image.fromarray(np.random.default_rng(3).integers(0, 256, (200, 300, 3), dtype=np.uint8)), "JPEG"
    )


@pytest.fixture(scope="module")
def pool():
    with DecodePool() as pool:
        yield pool


def bomb(side):
    """A small file of `side` × `side` pixels."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes((3 * side + 1) * side), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_the_answer_is_the_one_of_this_process(pool, photo):
    want = Want(variants=True, pixels=True)
    assert pool.hash_bytes(photo, want) == hash_bytes(photo, want)


def test_rubbish_leaves_the_process_alive(pool, photo):
    assert pool.hash_bytes(b"rubbish").outcome is Outcome.UNREADABLE
    assert pool.hash_bytes(b"").outcome is Outcome.UNREADABLE
    assert pool.hash_bytes(photo).outcome is Outcome.HASHED


def test_every_format_decodes_without_opening_a_file(pool):
    picture = Image.fromarray(np.random.default_rng(4).integers(0, 256, (90, 90, 3), dtype=np.uint8))
    for form in ("JPEG", "PNG", "GIF", "WEBP", "BMP", "PPM", "TGA", "ICO"):
        assert pool.hash_bytes(saved(picture, form)).outcome is Outcome.HASHED, form
    for pressed in ("tiff_lzw", "jpeg", "tiff_deflate"):
        assert pool.hash_bytes(saved(picture, "TIFF", compression=pressed)).outcome is Outcome.HASHED, pressed


def test_a_killed_process_is_replaced(photo):
    with DecodePool() as pool:
        assert pool.hash_bytes(photo).outcome is Outcome.HASHED
        worker = pool._idle.get()
        os.kill(worker._process.pid, signal.SIGSEGV)
        pool._idle.put(worker)
        broken = pool.hash_bytes(photo)
        assert broken.outcome is Outcome.UNREADABLE
        assert broken.reason == "the decoder crashed (SIGSEGV)"
        assert broken.digests == pool.hash_bytes(photo).digests
        assert pool.hash_bytes(photo).outcome is Outcome.HASHED


def test_limits_of_memory_processor_and_clock():
    large = bomb(3000)
    with DecodePool(budget=Budget(memory=8 << 20)) as pool:
        assert "memory" in pool.hash_bytes(large).reason
    with DecodePool(budget=Budget(clock_seconds=0.001)) as pool:
        assert "longer than" in pool.hash_bytes(large).reason


def test_a_process_that_computes_too_long_is_stopped():
    worker = Worker(Budget(processor_seconds=0))
    slow = [Image.effect_noise((1500, 1500), 90) for _ in range(3)] * 3
    data = saved(slow[0], "TIFF", save_all=True, append_images=slow[1:])
    want = Want(variants=True, limits=Limits(most_frames=99))

    def work():
        while True:
            worker.give(data, want)
            worker.take()

    with pytest.raises(Misbehaved, match="processor time"):
        work()
    worker.close()


def test_bytes_and_pixels_are_capped(pool):
    assert pool.hash_bytes(b"x" * 11, Want(limits=Limits(most_bytes=10))).outcome is Outcome.TOO_LARGE
    assert pool.hash_bytes(bomb(1200), Want(limits=Limits(most_pixels=10**6))).outcome is Outcome.TOO_LARGE


def test_threads_share_a_pool(photo):
    want, found = Want(), []
    other = saved(Image.fromarray(np.random.default_rng(5).integers(0, 256, (99, 99, 3), dtype=np.uint8)))
    right = {data: hash_bytes(data, want) for data in (photo, other)}

    def work():
        for data in (photo, other) * 5:
            found.append(pool.hash_bytes(data, want) == right[data])

    with DecodePool(2) as pool:
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [True] * 40


def test_a_closed_pool_says_so(photo):
    pool = DecodePool()
    pool.close()
    with pytest.raises(NotReady):
        pool.hash_bytes(photo)
    with pytest.raises(BadInput):
        DecodePool(0)


def test_the_child_sees_nothing_of_the_parents_environment(monkeypatch):
    monkeypatch.setenv("HAVENWALL_SECRET", "tin-lantern")
    worker = Worker(Budget())
    assert b"tin-lantern" not in Path(f"/proc/{worker._process.pid}/environ").read_bytes()
    worker.close()
