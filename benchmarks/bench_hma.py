"""The HMA endpoints over HTTP with a million hashes, one worker: requests per second and their times.

`raw` and `lookup` ask by a PDQ hash, half of them within 31 bits of a known one; `picture` sends a JPEG of
512 x 512. Beside them, behind the same server in the same process, the look-up of python-threatexchange
(`pytx`: its PDQ index, and its hasher for pictures) without a database, without banks and without variants
of the picture: it leaves out most of what HMA itself does for a request. HMA's own rates were measured on
this kind of machine in an earlier study, with its database and its load on the same two processors; they are
the bar. The load comes from another process over connections that stay open.

Args: `--hashes N` instead of a million; `--data FOLDER` keeps the data for the next run.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import logging
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

HASHES = 1_000_000
CONNECTIONS = 4
SECONDS = 5.0
ROUNDS = 2
HMA = {"raw": 344, "lookup": 202, "picture": 81}
"""Requests a second of HMA 1.1.7, one worker, a million hashes: the best of what was measured."""
BAR = 2.0
ASKED = 512
BOUNDARY = "picture-boundary"


def main() -> None:
    told = argparse.ArgumentParser()
    told.add_argument("--hashes", type=int, default=HASHES)
    told.add_argument("--data", type=Path)
    told.add_argument("--serve", action="store_true")
    args = told.parse_args()
    if args.serve:
        serve(args.data, args.hashes)
        return
    with tempfile.TemporaryDirectory() as folder, served(args.data or Path(folder), args.hashes) as server:
        port, key, peers = server
        runs = {name: requests_of(name, key, args.hashes) for name in (*HMA, *peers)}
        found: dict[str, list[np.ndarray]] = {name: [] for name in runs}
        for _round in range(ROUNDS):
            for name, requests in runs.items():
                found[name].append(asyncio.run(load(port, requests)))
        report(found)


def report(found: dict[str, list[np.ndarray]]) -> None:
    rates = {name: max(len(run) / SECONDS for run in runs) for name, runs in found.items()}
    for name, runs in found.items():
        spread = " ".join(f"{len(run) / SECONDS:,.0f}" for run in runs)
        p50, p99 = np.percentile(np.concatenate(runs), [50, 99]) * 1000
        print(f"{name}: {rates[name]:,.0f} requests/s (runs: {spread}), p50 {p50:.1f} ms, p99 {p99:.1f} ms")
    for name, rate in HMA.items():
        print(f"{name} / HMA in the study ({rate}/s): {rates[name] / rate:.2f} (bar {BAR})")
    for ours, peer in (("raw", "pytx"), ("lookup", "pytx"), ("picture", "pytx-picture")):
        if peer in rates:
            print(f"{ours} / {peer} behind the same server: {rates[ours] / rates[peer]:.2f}")


@contextmanager
def served(data: Path, hashes: int) -> Iterator[tuple[int, str, list[str]]]:
    """Port, key and names of the peers of a server in another process."""
    command = [sys.executable, __file__, "--serve", "--data", str(data), "--hashes", str(hashes)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        port, key, *peers = server.stdout.readline().split()
        yield int(port), key, peers
        server.stdin.close()


async def load(port: int, requests: list[bytes]) -> np.ndarray:
    """Seconds of every request that was answered within `SECONDS`, from all connections."""
    spent: list[float] = []
    until = time.perf_counter() + SECONDS
    shift = len(requests) // CONNECTIONS
    await asyncio.gather(
        *(
            ask(port, requests[each * shift :] + requests[: each * shift], until, spent)
            for each in range(CONNECTIONS)
        )
    )
    return np.array(spent)


async def ask(port: int, requests: list[bytes], until: float, spent: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    turn = 0
    while time.perf_counter() < until:
        start = time.perf_counter()
        writer.write(requests[turn % len(requests)])
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        spent.append(time.perf_counter() - start)
        turn += 1
    writer.close()


def requests_of(name: str, key: str, hashes: int) -> list[bytes]:
    """What is asked of an endpoint, in turn."""
    path = {"raw": "m/raw_lookup", "lookup": "m/lookup", "pytx": "pytx"}.get(name)
    if path:
        values = questions(hashes)
        lines = [f"GET /{path}?signal={value}&signal_type=pdq&include_distance=true" for value in values]
        return [request(line, key) for line in lines]
    line = "POST /m/lookup" if name == "picture" else "POST /pytx-picture"
    return [request(line, key, form(picture(seed))) for seed in range(32)]


def request(line: str, key: str, body: bytes = b"") -> bytes:
    head = f"{line} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
    if body:
        head += f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}\r\n".encode() + body


def form(content: bytes) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def picture(seed: int) -> bytes:
    """A JPEG of 512 x 512, of soft shapes with grain."""
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 256, (12, 12, 3), dtype=np.uint8))
    soft = np.asarray(small.resize((512, 512), Image.Resampling.BICUBIC), np.int16)
    grain = rng.integers(-12, 13, soft.shape, dtype=np.int16)
    room = io.BytesIO()
    Image.fromarray(np.clip(soft + grain, 0, 255).astype(np.uint8)).save(room, "JPEG", quality=85)
    return room.getvalue()


def known(hashes: int) -> list[str]:
    """So many hashes of 64 digits, evenly spread."""
    raw = np.random.default_rng(5).integers(0, 256, (hashes, 32), dtype=np.uint8).tobytes().hex()
    return [raw[at : at + 64] for at in range(0, len(raw), 64)]


def questions(hashes: int) -> list[str]:
    """Hashes to ask for: by turns one 0 ... 31 bits from a known one, and one far from all."""
    rng, values = np.random.default_rng(9), known(hashes)
    near = [values[place] for place in rng.integers(0, hashes, ASKED)]
    flipped = [sum(1 << int(bit) for bit in rng.permutation(256)[: n % 32]) for n in range(ASKED)]
    far = [rng.bytes(32).hex() for _ in range(ASKED)]
    close = [f"{int(value, 16) ^ flips:064x}" for value, flips in zip(near, flipped, strict=True)]
    return [value for pair in zip(close, far, strict=True) for value in pair]


def serve(data: Path, hashes: int) -> None:
    """The server process: prints its port, a key and the peers it has, and ends with its input."""
    import structlog
    import uvicorn

    from havenwall.app import App, Config
    from havenwall.model import Right
    from havenwall.web import create_server

    # As `havenwall serve` has it: requests that went well are not logged.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    app = App(Config(data=data))
    values = known(hashes)
    fill(app, values)
    server = create_server(app)
    peers = add_peer(server, values)
    run = uvicorn.Server(uvicorn.Config(server, port=0, log_level="error", server_header=False))
    thread = threading.Thread(target=run.run)
    thread.start()
    while not run.started:
        time.sleep(0.05)
    app.media.warm_up()
    port = run.servers[0].sockets[0].getsockname()[1]
    print(port, app.store.people.new_key("bench", frozenset({Right.MATCH_MEDIA})), *peers, flush=True)
    sys.stdin.read()
    run.should_exit = True
    thread.join()
    app.close()


def fill(app: Any, values: list[str]) -> None:
    from havenwall.model import SYSTEM

    start = time.perf_counter()
    done = app.banks.bring_in(SYSTEM, "bench", "\n".join(f"pdq:{value}" for value in values).encode()).done
    if done.added:
        print(f"{done.added:,} imported in {time.perf_counter() - start:.1f} s", file=sys.stderr)


def add_peer(server: Any, values: list[str]) -> list[str]:
    """The routes of the peer, where it is installed; their names."""
    try:
        import faiss
        from threatexchange.signal_type.pdq.pdq_index import PDQIndex
    except ImportError:
        return []
    from starlette.responses import JSONResponse

    from havenwall.web.access import MediaViewer
    from havenwall.web.api.hma import SentFile

    faiss.omp_set_num_threads(1)
    index: Any = PDQIndex((value, number) for number, value in enumerate(values))

    def found(value: str) -> JSONResponse:
        matches = [
            {"bank_content_id": match.metadata, "distance": match.similarity_info.pretty_str()}
            for match in index.query(value)
        ]
        return JSONResponse({"matches": matches})

    def look(viewer: Any, signal: str) -> JSONResponse:
        return found(signal)

    look.__annotations__["viewer"] = MediaViewer
    server.get("/pytx")(look)
    try:
        from threatexchange.signal_type.pdq.pdq_hasher import pdq_from_bytes
    except ImportError:
        return ["pytx"]

    def match(viewer: Any, sent: Any) -> JSONResponse:
        return found(pdq_from_bytes(sent[1])[0])

    match.__annotations__.update(viewer=MediaViewer, sent=SentFile)
    server.post("/pytx-picture")(match)
    return ["pytx", "pytx-picture"]


if __name__ == "__main__":
    main()
