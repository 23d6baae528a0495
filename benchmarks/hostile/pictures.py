"""Picture files that nobody wrote with good intent: made by Pillow, then damaged, cut, lied to and stuffed.

Each is read, or refused in one line; none takes over five seconds or 500 MB, ends the process, or makes a library talk.
A try depends on its seed and number alone: `python benchmarks/hostile/pictures.py SEED FIRST LAST` repeats some.
"""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import numpy as np
from PIL import Image, ImageCms, PngImagePlugin

from flagsae.errors import FlagsaeError
from flagsae.flags.names import read_names
from flagsae.flags.pictures import read_picture
from flagsae.flags.pixels import LEAST_SIDE
from flagsae.flags.sources import find_pictures, find_table
from hostile.memory import peak

COUNT = 20_000
LOT = 400  # tries in one process
MOST_SECONDS, MOST_MEGABYTES = 5.0, 500
SIZES = ((1, 1), (3, 97), (48, 32), (210, 140))
LARGE = ((10000, 8000), (30000, 2600), (2600, 30000), (65000, 1230), (3000, 2000))
PNG_KINDS = ((1, 0), (2, 0), (8, 0), (16, 0), (8, 2), (16, 2), (8, 3), (8, 4), (16, 4), (8, 6), (16, 6))  # bits, type
TIFF_KINDS = ((1, 1, 1), (1, 8, 1), (1, 16, 1), (1, 32, 2), (1, 32, 3), (3, 8, 1), (3, 16, 1))  # samples, bits, format
BOMBS = 107  # of two hundred tries this is a picture of zeros, which takes seconds to write
MODES = {
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    "JPEG": ("L", "RGB", "CMYK"),
    "GIF": ("1", "L", "P"),
    "WEBP": ("RGB", "RGBA"),
    "BMP": ("1", "L", "P", "RGB", "RGBA"),
    "TIFF": ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F"),
    "PPM": ("1", "L", "RGB", "I;16", "F"),
}
NUMBERS = (0, 1, 2, 7, 255, 256, 4095, 8000, 9000, 16384, 65535, 65536, 1 << 24, (1 << 31) - 1, 1 << 31, (1 << 32) - 1)
Random: TypeAlias = np.random.Generator
Item = TypeVar("Item")
Deed: TypeAlias = Callable[[Random, bytes], bytes]


@cache
def kinds() -> tuple[tuple[str, str], ...]:
    return tuple((format, mode) for format, modes in MODES.items() for mode in modes)


def pick(random: Random, items: Sequence[Item]) -> Item:
    return items[int(random.integers(len(items)))]


def drawn(random: Random, mode: str) -> Image.Image:
    """Stripes, a disc or noise in a mode."""
    width, height = pick(random, SIZES)
    y, x = np.mgrid[:height, :width]
    if random.random() < 0.3:
        values = random.integers(0, 256, (height, width, 4))
    else:
        at = (x * 3 // width) if random.random() < 0.5 else ((x - width / 2) ** 2 + (y - height / 2) ** 2 < height * 9)
        values = random.integers(0, 256, (3, 4))[at.astype(int)]
    image = Image.fromarray(values.astype(np.uint8), "RGBA")
    if mode == "I;16":
        return Image.fromarray((values[..., 0] * 257).astype(np.uint16))
    if mode == "F":
        return Image.fromarray((values[..., 0] / 255).astype(np.float32))
    return (
        image
        if mode == "RGBA"
        else image.convert("LA").convert(mode)
        if mode == "LA"
        else image.convert("RGB").convert(mode)
    )


def written(random: Random, image: Image.Image, format: str) -> bytes:
    options: dict[str, Any] = {}
    if format == "JPEG":
        options = {"progressive": random.random() < 0.4, "quality": int(random.integers(1, 96))}
    elif format == "WEBP":
        options = {"lossless": random.random() < 0.5}
    elif format == "TIFF":
        bilevel = ("group3", "group4") if image.mode == "1" else ()
        options = {"compression": pick(random, (None, "tiff_lzw", "tiff_adobe_deflate", "packbits", *bilevel))}
    elif format == "GIF" and random.random() < 0.3:
        options = {"save_all": True, "append_images": [image.rotate(90)]}
    if format in ("PNG", "GIF") and image.mode in ("L", "P", "RGB") and random.random() < 0.4:
        options["transparency"] = (1, 2, 3) if image.mode == "RGB" else int(random.integers(256))
    if format in ("PNG", "JPEG", "WEBP", "TIFF") and random.random() < 0.4:
        options["icc_profile"] = profile(random)
    if format in ("PNG", "JPEG", "WEBP") and random.random() < 0.4:
        options["exif"] = exif(random)
    if format == "PNG" and random.random() < 0.3:
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", "x" * int(pick(random, (1, 1000, 2 << 20))), zip=random.random() < 0.8)
        options["pnginfo"] = text
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def profile(random: Random) -> bytes:
    """A colour profile, whole, damaged or of zeros."""
    data = bytearray(_srgb())
    if random.random() < 0.2:
        return bytes(int(random.integers(0, 3000)))
    for _ in range(int(random.integers(0, 4))):
        data[int(random.integers(len(data)))] = int(random.integers(256))
    return bytes(data)


@cache
def _srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def exif(random: Random) -> bytes:
    """A table of tags with types, counts and values of every kind, orientation among them or not."""
    order = pick(random, "<>")
    tags = []
    for _ in range(int(random.integers(0, 6))):
        tag = pick(
            random, (0x10E, 0x10F, 0x112, 0x11A, 0x132, 0x8769, 0x8825, 0x9286, 0xA005, int(random.integers(65536)))
        )
        tags.append(
            struct.pack(f"{order}HHI", tag, int(random.integers(0, 20)), pick(random, (0, 1, 2, 9, 70_000, 1 << 31)))
            + random.bytes(4)
        )
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}IH", 8, len(tags))
    return b"Exif\0\0" + head + b"".join(tags) + struct.pack(f"{order}I", pick(random, (0, 8, 1 << 30)))


def chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], 8
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        found.append((kind, data[at + 8 : at + 8 + length]))
        at += length + 12
    return found


def surgery(random: Random, data: bytes) -> bytes:
    """A PNG with a chunk too many, too few, elsewhere or of other content, its checksums right."""
    parts = chunks(data) or [(b"IEND", b"")]
    at = int(random.integers(len(parts)))
    kind, content = parts[at]
    deed = int(random.integers(6))
    if deed == 0:
        parts.insert(int(random.integers(len(parts))), parts[at])
    elif deed == 1:
        del parts[at]
    elif deed == 2:
        parts.insert(int(random.integers(len(parts))), parts.pop(at))
    elif deed == 3:
        parts[at] = (kind, flipped(random, content))
    elif deed == 4:
        new = pick(
            random, (b"tRNS", b"PLTE", b"iCCP", b"eXIf", b"acTL", b"fcTL", b"gAMA", b"sRGB", b"tEXt", b"zTXt", b"iTXt")
        )
        stuffed = (
            (b"a\0\0" + zlib.compress(bytes(int(pick(random, (9, 5_000_000)))))) if new in (b"iCCP", b"zTXt") else b""
        )
        parts.insert(min(1, len(parts)), (new, stuffed or random.bytes(int(random.integers(0, 40)))))
    else:
        header = bytearray(content.ljust(13, b"\0"))
        header[8:10] = bytes([pick(random, (1, 2, 4, 8, 16)), pick(random, (0, 2, 3, 4, 6))])
        header[12] = int(random.integers(2))
        parts[at] = (kind, bytes(header))
    return data[:8] + assembled(parts)


def assembled(parts: list[tuple[bytes, bytes]]) -> bytes:
    return b"".join(struct.pack(">I4s", len(c), k) + c + struct.pack(">I", zlib.crc32(k + c)) for k, c in parts)


def flipped(random: Random, data: bytes) -> bytes:
    damaged = bytearray(data)
    for _ in range(int(random.integers(1, 6)) if data else 0):
        damaged[int(random.integers(len(data)))] = int(random.integers(256))
    return bytes(damaged)


def cut(random: Random, data: bytes) -> bytes:
    return data[: int(random.integers(len(data) + 1))]


def claimed(random: Random, data: bytes) -> bytes:
    """Another number among the first bytes, where sizes are."""
    damaged = bytearray(data)
    order, width = pick(random, "<>"), pick(random, (2, 4))
    at = int(random.integers(max(1, min(len(data), 200) - width)))
    if random.random() < 0.3 and data.startswith(b"\x89PNG"):
        order, width, at = ">", 4, int(pick(random, (16, 20)))
    damaged[at : at + width] = struct.pack(order + "I", pick(random, NUMBERS))[-width if order == ">" else 0 :][:width]
    if data.startswith(b"\x89PNG") and len(damaged) > 33:
        damaged[29:33] = struct.pack(">I", zlib.crc32(damaged[12:29]))
    return bytes(damaged)


def stuffed(random: Random, data: bytes) -> bytes:
    """Bytes put in or taken out."""
    at = int(random.integers(len(data) + 1))
    if random.random() < 0.5:
        return data[:at] + random.bytes(int(random.integers(1, 64))) + data[at:]
    return data[:at] + data[at + int(random.integers(1, 64)) :]


def segmented(random: Random, data: bytes) -> bytes:
    """A JPEG with one more segment behind its first two bytes."""
    content = pick(random, (exif(random), b"ICC_PROFILE\0\1\1" + profile(random)[:60_000], b"MPF\0" + exif(random)[6:]))
    content = pick(
        random,
        (content, b"Photoshop 3.0\0" + random.bytes(30), b"Adobe" + random.bytes(7), b"JFIF\0" + random.bytes(9)),
    )
    marker = pick(random, (0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xFE, 0xC0, 0xC2, 0xC4, 0xDA, 0xDB, 0xDD, 0xFF))
    return data[:2] + struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content + data[2:]


def mutated(random: Random) -> tuple[str, bytes]:
    """(format, file) of one try."""
    format, mode = pick(random, kinds())
    data = written(random, drawn(random, mode), format)
    deeds: list[Deed] = [flipped, flipped, cut, claimed, claimed, stuffed]
    deeds += [surgery] * 4 if format == "PNG" else [segmented] * 3 if format == "JPEG" else []
    for _ in range(int(random.integers(0, 4))):
        data = pick(random, deeds)(random, data)
    return format, data


def bomb(random: Random) -> bytes:
    """A picture of up to 80 megapixels of zeros in a few bytes or kilobytes, whole and valid."""
    width, height = pick(random, LARGE)
    format = pick(random, ("PNG", "PNG", "PNG", "TIFF", "TIFF", "TIFF", "GIF", "JPEG", "WEBP"))
    if format == "PNG":
        return png_of_zeros(width, height, *pick(random, PNG_KINDS), interlaced=random.random() < 0.5)
    if format == "TIFF":
        return tiff_of_zeros(width, height, *pick(random, TIFF_KINDS), rows=pick(random, (1, 16, 1000, height)))
    out = io.BytesIO()
    if format == "WEBP":
        Image.new("RGB", (pick(random, (1000, 4000, 6000)), 3000)).save(out, "WEBP", lossless=True, method=0)
    else:
        Image.new("L", (width, height)).save(out, format, progressive=random.random() < 0.5)
    return out.getvalue()


def png_of_zeros(width: int, height: int, bits: int, kind: int, interlaced: bool = False) -> bytes:
    """With a transparent colour where it may have one, and more zeros than it needs, for interlacing takes more."""
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, interlaced))]
    parts += [(b"PLTE", bytes(768))] if kind == 3 else []
    parts += [(b"tRNS", bytes(6 if kind == 2 else 2))] if kind in (0, 2, 3) else []
    parts += [(b"IDAT", zeros(height * (5 + -(-width * samples * bits // 8)))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + assembled(parts)


def tiff_of_zeros(width: int, height: int, samples: int, bits: int, sort: int, rows: int) -> bytes:
    """Of strips of so many rows, which are all the same bytes. sort: 1 whole numbers, 2 signed ones, 3 floats."""
    data = zeros(rows * -(-width * samples * bits // 8))
    strips = -(-height // rows)
    lists = struct.pack(f"<{2 * strips}I", *[8] * strips, *[len(data)] * strips)
    at = 8 + len(data)
    tags = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, bits), (259, 3, 1, 8), (262, 3, 1, min(samples, 2))]
    tags += [(273, 4, strips, at if strips > 1 else 8), (277, 3, 1, samples), (278, 4, 1, rows)]
    tags += [(279, 4, strips, at + 4 * strips if strips > 1 else len(data)), (339, 3, 1, sort)]
    table = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags) + bytes(4)
    return b"II*\0" + struct.pack("<I", at + len(lists)) + data + lists + table


def zeros(count: int) -> bytes:
    """So many of them, packed, without ever holding them."""
    packing, left = zlib.compressobj(9), count
    parts = []
    while left > 0:
        parts.append(packing.compress(bytes(min(left, 1 << 20))))
        left -= 1 << 20
    return b"".join([*parts, packing.flush()])


def packed(random: Random) -> bytes:
    """A zip of some tries and a table, which lies about itself or is damaged in its turn."""
    out = io.BytesIO()
    methods = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    with zipfile.ZipFile(out, "w", pick(random, methods)) as archive:
        for name in ("a.png", "../b.JPG", "c\\d.gif", "日本.png")[: int(random.integers(1, 5))]:
            archive.writestr(name, mutated(random)[1])
        if random.random() < 0.5:
            archive.writestr(
                pick(random, ("flags.csv", "FLAGS.CSV", "x/flags.csv")), b"slug,name\na,\xc3\x84 land\nb,B\n"
            )
    deeds: list[Deed] = [flipped, flipped, cut, stuffed, lambda random, data: data]
    return pick(random, deeds)(random, out.getvalue())


def attempt(seed: int, number: int, folder: Path) -> tuple[str, float]:
    """What became of one try ("read", "refused", or what is wrong), and how many seconds of this process it took."""
    random = np.random.default_rng([seed, number])
    files: list[Path | bytes] = []
    if number % 200 == BOMBS:
        files = [bomb(random)]
    elif number % 10 == 9:
        (folder / "try.zip").write_bytes(packed(random))
    elif number % 10 == 8:  # by its path, as a file that is not held
        (folder / "try").write_bytes(mutated(random)[1])
        files = [folder / "try"]
    else:
        files = [mutated(random)[1]]
    start = time.process_time()
    return tried(files or folder / "try.zip"), time.process_time() - start


def tried(files: Sequence[Path | bytes] | Path) -> str:
    try:
        if isinstance(files, Path):
            if found := find_table(files):
                read_names(*found)
            pictures = [read_picture(file, name) for name, file in find_pictures(files)]
        else:
            pictures = [read_picture(file, "try") for file in files]
    except FlagsaeError as error:
        return "refused" if "\n" not in str(error) else f"says more than a line: {error}"
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    for picture in pictures:
        if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3 or not picture.size:
            return f"no picture: {picture.shape} {picture.dtype}"
        if max(picture.shape) > 2 * LEAST_SIDE:
            return f"too large: {picture.shape}"
    return "read"


def attempts(seed: int, first: int, last: int) -> Iterator[tuple[int, str, float, int]]:
    """(number, what became of it, seconds of this process, MB that it has ever held) of each try."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(first, last):
            became, taken = attempt(seed, number, Path(folder))
            yield number, became, taken, peak() // 1024**2


def attack(count: int, seed: int) -> int:
    """Prints how many tries were read, refused and went wrong; returns how many did that."""
    count = count or COUNT
    counts = {"read": 0, "refused": 0}
    failures, slowest, largest = 0, 0.0, 0
    for first in range(0, count, LOT):
        last = min(first + LOT, count)
        command = [sys.executable, "-W", "default", "-m", "hostile.pictures", str(seed), str(first), str(last)]
        lot = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parent.parent)
        results = [json.loads(line) for line in lot.stdout.splitlines()]
        before = results[0][3] if results else 0
        for number, became, taken, held in results:
            slowest, largest = max(slowest, taken), max(largest, held)
            if became in counts and taken <= MOST_SECONDS and max(held, before) <= MOST_MEGABYTES:
                counts[became] += 1
            else:
                failures += 1
                print(f"try {number}: {became}, {taken:.1f} s, {held} MB")
        if lot.returncode or len(results) != last - first:
            failures += 1
            print(f"try {first + len(results)} ended the process with {lot.returncode}: {lot.stderr[-500:]}")
        elif lot.stderr:
            failures += 1
            print(f"tries {first} to {last - 1}: a library says {lot.stderr[:500]!r}")
    print(
        f"{count} pictures: {counts['read']} read, {counts['refused']} refused, {failures} wrong; "
        f"at most {slowest:.2f} s and {largest} MB"
    )
    return failures


if __name__ == "__main__":
    for result in attempts(*(int(word) for word in sys.argv[1:4])):
        print(json.dumps(result), flush=True)
