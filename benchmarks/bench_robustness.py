"""Known pictures after everyday changes: how many are found within 31 bits, by PDQ alone and with variants.

Per change: recall of the plain hash, recall of the variants, and the distance of the closest wrong picture to
any hash looked up. HAVENWALL_PHOTOS names a folder of photos; without it pictures are drawn.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from havenwall.detect.media.hash import hash_pictures
from havenwall.detect.media.record import Want
from havenwall.match.image import bytes_of, codes_of, distances, pdq
from photos import photos

RADIUS = 31
PICTURES = 120
Change = Callable[[Image.Image], Image.Image | bytes]


def jpeg(quality: int) -> Change:
    return lambda image: saved(image, "JPEG", quality=quality)


def saved(image: Image.Image, form: str, **options: int) -> bytes:
    room = io.BytesIO()
    image.save(room, form, **options)
    return room.getvalue()


def levels(curve: Callable[[float], float]) -> Change:
    return lambda image: image.point([int(255 * curve(level / 255)) for level in range(256)] * 3)


def noise(spread: int) -> Change:
    def change(image: Image.Image) -> Image.Image:
        pixels = np.asarray(image, np.float64)
        added = pixels + np.random.default_rng(1).normal(0, spread, pixels.shape)
        return Image.fromarray(np.clip(added, 0, 255).astype(np.uint8))

    return change


def vignette(image: Image.Image) -> Image.Image:
    down, across = np.mgrid[-1 : 1 : image.height * 1j, -1 : 1 : image.width * 1j]
    shade = (1 - 0.35 * (down**2 + across**2))[..., None]
    return Image.fromarray((np.asarray(image) * shade).astype(np.uint8))


def box(share: float, ink: tuple[int, int, int], border: bool) -> Change:
    def change(image: Image.Image) -> Image.Image:
        made = image.copy()
        wide, tall = int(image.width * share), int(image.height * share)
        corner = (image.width - wide - 10, image.height - tall - 10, image.width - 10, image.height - 10)
        pen = ImageDraw.Draw(made)
        if border:
            pen.ellipse(corner, fill=ink, outline=(255, 255, 255), width=6)
        else:
            pen.rectangle(corner, fill=ink)
        return made

    return change


def caption(image: Image.Image) -> Image.Image:
    tall = int(0.15 * image.height)
    made = Image.new("RGB", (image.width, image.height + tall), (255, 255, 255))
    made.paste(image)
    pen = ImageDraw.Draw(made)
    text = "when the tin lantern meets the blue whistle"
    pen.text((20, image.height + tall // 4), text, fill=(0, 0, 0), font_size=tall // 3)
    return made


def screenshot(image: Image.Image) -> Image.Image:
    bar = image.height // 3
    made = Image.new("RGB", (image.width, image.height + 2 * bar), (18, 18, 18))
    made.paste(image, (0, bar))
    pen = ImageDraw.Draw(made)
    pen.text((20, 8), "12:31", fill=(240, 240, 240), font_size=18)
    pen.rectangle((image.width - 60, 12, image.width - 30, 24), fill=(240, 240, 240))
    for spot in (1, 2, 3):
        left = spot * image.width // 4
        pen.ellipse((left - 12, made.height - 50, left + 12, made.height - 26), fill=(200, 200, 200))
    return made


def crop(share: float) -> Change:
    def change(image: Image.Image) -> Image.Image:
        side, top = int(image.width * share), int(image.height * share)
        return image.crop((side, top, image.width - side, image.height - top))

    return change


def rotate(degrees: float) -> Change:
    return lambda image: image.rotate(degrees, Image.Resampling.BICUBIC)


CHANGES: dict[str, Change] = {
    "none": lambda image: image,
    "jpeg 30": jpeg(30),
    "jpeg 10": jpeg(10),
    "resize 0.5": lambda image: image.resize((image.width // 2, image.height // 2)),
    "gif, 256 colours": lambda image: saved(image, "GIF"),
    "blur 2": lambda image: image.filter(ImageFilter.GaussianBlur(2)),
    "blur 6": lambda image: image.filter(ImageFilter.GaussianBlur(6)),
    "gamma 0.5": levels(lambda level: level**0.5),
    "gamma 2": levels(lambda level: level**2),
    "contrast 1.5": lambda image: ImageEnhance.Contrast(image).enhance(1.5),
    "sharpen": lambda image: image.filter(ImageFilter.SHARPEN),
    "noise 20": noise(20),
    "noise 50": noise(50),
    "vignette": vignette,
    "logo 30 %": box(0.3, (200, 30, 30), border=True),
    "white box 30 %": box(0.3, (255, 255, 255), border=False),
    "caption bar 15 %": caption,
    "screenshot bars": screenshot,
    "padding 5 %": lambda image: ImageOps.expand(image, image.width // 20),
    "padding 20 %": lambda image: ImageOps.expand(image, image.width // 5),
    "mirrored": ImageOps.mirror,
    "rotated 90": lambda image: image.transpose(Image.Transpose.ROTATE_90),
    "inverted": ImageOps.invert,
    "padded, mirrored, jpeg": lambda image: saved(
        ImageOps.expand(ImageOps.mirror(image), 60, 255), "JPEG", quality=60
    ),
    "crop 2 %": crop(0.01),
    "crop 5 %": crop(0.025),
    "crop 10 %": crop(0.05),
    "rotated 2°": rotate(2),
    "rotated 4°": rotate(4),
}


def looked_up(changed: Image.Image | bytes) -> np.ndarray:
    """Hashes to look up for one changed picture, the plain one first; (N, 4) uint64."""
    data = changed if isinstance(changed, bytes) else saved(changed, "BMP")
    frames = hash_pictures(data, Want(variants=True)).frames
    return codes_of(bytes_of(variant.pdq) for variant in frames[0].variants)


def row(change: Change, images: list[Image.Image], known: np.ndarray) -> tuple[float, float, int]:
    """Recall of the plain hash, recall with variants, distance of the closest wrong picture."""
    plain = within = 0
    closest = 256
    for at, image in enumerate(images):
        queries = looked_up(change(image))
        own = distances(queries, known[at])
        plain, within = plain + (own[0] <= RADIUS), within + (own.min() <= RADIUS)
        others = np.delete(known, at, axis=0)
        closest = min(closest, *(int(distances(query, others).min()) for query in queries))
    return 100 * plain / len(images), 100 * within / len(images), closest


def main() -> None:
    images = photos(int(sys.argv[1]) if len(sys.argv) > 1 else PICTURES)
    known = codes_of(pdq(np.ascontiguousarray(image)).value for image in images)
    print(f"{len(images)} pictures, recall at {RADIUS} bits")
    print(f"  {'change':24} {'PDQ':>6} {'with variants':>14} {'closest wrong':>14}")
    for name, change in CHANGES.items():
        plain, within, closest = row(change, images, known)
        print(f"  {name:24} {plain:6.1f} {within:14.1f} {closest:14}", flush=True)


if __name__ == "__main__":
    main()
