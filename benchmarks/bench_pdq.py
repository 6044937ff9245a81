"""PDQ beside the reference: from a decoded 512 × 512 picture, and from the bytes of a 1080p JPEG.

The peer of the first is `pdqhash`; of the second, what threatexchange does with bytes: decode with Pillow,
then `pdqhash`. Bars: 6 × and 5 ×. Identity is counted over pictures of many sizes; the luma a JPEG is decoded
to here differs from the luma of its RGB, so that path says how many bits apart it lies, and is identical with
`reference`. HAVENWALL_PHOTOS names a folder of photos; without it pictures are drawn.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from statistics import mean, median

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from havenwall.detect.media.decode import decode
from havenwall.detect.media.hash import hash_bytes
from havenwall.detect.media.pool import DecodePool
from havenwall.detect.media.record import Limits, Want
from havenwall.match.image import distance, pdq, variants
from photos import photos

try:
    import pdqhash
except ImportError:
    pdqhash = None

PICTURES = 40
ROUNDS = 7


def turns(calls: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median milliseconds of wall-clock time of each call, the calls taking turns."""
    spent: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            spent[name].append(1e3 * (time.perf_counter() - start))
    return {name: median(times) for name, times in spent.items()}


def averages(calls: dict[str, Callable[[object], object]], inputs: list) -> dict[str, float]:
    """Mean over inputs of the median of each call: what a mix of pictures costs."""
    each = [turns({name: (lambda c=call, i=item: c(i)) for name, call in calls.items()}) for item in inputs]
    return {name: mean(one[name] for one in each) for name in calls}


def peer(pixels: NDArray[np.uint8]) -> tuple[bytes, int]:
    bits, quality = pdqhash.compute(pixels)
    return np.packbits(bits.astype(np.uint8)).tobytes(), quality


def peer_from_bytes(data: bytes) -> tuple[bytes, int]:
    return peer(np.asarray(Image.open(io.BytesIO(data))))


def ours_from_bytes(data: bytes, *, reference: bool = False) -> tuple[bytes, int]:
    made = pdq(decode(data, Limits(), reference=reference).frames[0].pixels)
    return made.value, made.quality


def jpeg(image: Image.Image) -> bytes:
    room = io.BytesIO()
    image.save(room, "JPEG", quality=90)
    return room.getvalue()


def show(title: str, times: dict[str, float], bar: str = "") -> None:
    ours, *peers = times
    line = "".join(
        f"; {name} {times[name]:.2f} ms (× {times[name] / times[ours]:.1f}{bar})" for name in peers
    )
    print(f"  {title}: {ours} {times[ours]:.2f} ms{line}")


def identity(images: list[Image.Image]) -> None:
    rng = np.random.default_rng(6)
    same = total = 0
    for image in images:
        for _ in range(3):
            size = tuple(int(side) for side in rng.integers(5, 900, 2))
            pixels = np.ascontiguousarray(image.resize(size))
            made = pdq(pixels)
            same, total = same + ((made.value, made.quality) == peer(pixels)), total + 1
    print(f"  identical hash and quality: {same} of {total}")


def compare(images: list[Image.Image]) -> None:
    squares = [np.ascontiguousarray(image.resize((512, 512))) for image in images]
    files = [jpeg(image.resize((1920, 1080))) for image in images]
    ours = {"ours": pdq, "pdqhash": peer} if pdqhash else {"ours": pdq}
    show("512 × 512 RGB", averages(ours, squares), ", bar 6")
    paths = {"ours": ours_from_bytes} | ({"threatexchange path": peer_from_bytes} if pdqhash else {})
    show("1080p JPEG bytes", averages(paths, files), ", bar 5")
    if pdqhash:
        identity(images)
        apart = [distance(ours_from_bytes(data)[0], peer_from_bytes(data)[0]) for data in files]
        exact = sum(ours_from_bytes(data, reference=True) == peer_from_bytes(data) for data in files)
        print(f"  JPEG as luma: mean {mean(apart):.1f}, at most {max(apart)} bits from the reference's RGB")
        print(f"  JPEG with `reference`: identical {exact} of {len(files)}")
    with DecodePool() as pool:
        calls = {
            "PDQ and exact hashes": hash_bytes,
            "in a child": pool.hash_bytes,
            "with variants": lambda data: hash_bytes(data, Want(variants=True)),
        }
        show("1080p JPEG, whole record", averages(calls, files[:10]))
    show("512 × 512 variants", averages({"all": variants}, squares[:10]))


def main() -> None:
    images = photos(PICTURES)
    print(f"PDQ, {len(images)} pictures, one thread")
    if not pdqhash:
        print("  pdqhash is not installed: no peer, no identity")
    compare(images)


if __name__ == "__main__":
    main()
