"""Picture files without what is not needed to decode them: texts, thumbnails, further frames, unknown tags.

A PNG consists of chunks, a JPEG of segments, a TIFF of a table of tags. Pillow is only given those that are needed for
the pixels, so that a malformed or huge other part does no harm. The orientation and the colour profile are read here.
Only headers are read into memory.
"""

from __future__ import annotations

import io
import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, TypeAlias

Span: TypeAlias = bytes | tuple[int, int]  # bytes, or the start and the end of bytes in a file

MOST_PROFILE = 4_000_000  # bytes of a colour profile; profiles for printing presses have about 2 MB
MOST_PARTS = 200_000  # chunks or segments of a file; 80 megapixels in chunks of 4 kB are 60,000
MOST_SAMPLES = 6  # samples for a pixel of a TIFF that Pillow can decode
MOST_READS = 4_000_000  # reads of a file that is decoded block by block: a few seconds
TOO_MANY = "it is in too many pieces"
PNG_PARTS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
# Tags of TIFF and Exif (TIFF 6.0, 1992).
ORIENTATION, PROFILE = 274, 34675
BITS, SAMPLES, SAMPLE_FORMAT = 258, 277, 339  # bits of each sample, samples of a pixel, whether they are unsigned
STRIP_ROWS, TILE_WIDTH, TILE_HEIGHT = 278, 322, 323
LISTS = (273, 279, 320, 324, 325)  # offsets and lengths of strips and tiles, colour map: long, and not needed here
# The tags that Pillow needs: sizes, bits, compression, strips, tiles, colours.
TIFF_TAGS = {
    *(256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323, 324, 325, 332, 338, 339),
    *(347, 512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531, 532),
}
TYPE_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
WHOLE_NUMBERS = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 13: "I", 16: "Q", 17: "q", 18: "Q"}


@dataclass
class Container:
    """A picture file, reduced to what its decoder needs, and what was read of its headers."""

    stream: BinaryIO
    """The parts of the file that Pillow decodes."""
    orientation: int = 1
    """1 to 8, as in Exif; 1 is upright."""
    profile: bytes = b""
    """ICC colour profile; empty if there is none or it is damaged."""
    numbers: dict[int, tuple[int, ...]] = field(default_factory=dict)
    """Of a TIFF: its tags whose values are whole numbers, without the long `LISTS`."""
    scans: int = 1
    """Of a JPEG: how many scans it has, each of which passes over all pixels."""
    size: int = 0
    """Bytes of the file."""


def open_container(file: BinaryIO) -> Container:
    """Reads the headers of a PNG, a JPEG or a TIFF; a file of another format is passed on whole.

    Raises `ValueError` if the headers are damaged.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(12)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(file, size)
    if head.startswith(b"\xff\xd8\xff"):
        return _jpeg(file, size)
    if head[:2] in (b"II", b"MM") and (42 in head[2:4] or 43 in head[2:4]):
        return _tiff(file, size)
    file.seek(0)
    return Container(Counted(file), size=size)  # type: ignore[arg-type]


class Counted:
    """A file that raises `ValueError` after `MOST_READS` reads: in some formats a file can consist of millions of
    blocks of a byte."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._left = file, MOST_READS
        self.seek, self.tell = file.seek, file.tell

    def read(self, count: int = -1) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise ValueError(TOO_MANY)
        return self._file.read(count)


class Spliced(io.RawIOBase):
    """A read-only file that consists of spans of another file and of given bytes, one after the other."""

    def __init__(self, file: BinaryIO, spans: list[Span]) -> None:
        self._file, self._spans = file, spans
        self._starts = [0]
        for span in spans:
            self._starts.append(self._starts[-1] + (len(span) if isinstance(span, bytes) else span[1] - span[0]))
        self._position = self._span = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._starts[-1]}[whence]
        if start + offset < 0:
            raise ValueError("negative seek position")
        self._position, self._span = start + offset, 0
        return self._position

    def readinto(self, buffer: Any) -> int:
        while self._span < len(self._spans) and self._starts[self._span + 1] <= self._position:
            self._span += 1
        if self._span == len(self._spans):
            return 0
        span, within = self._spans[self._span], self._position - self._starts[self._span]
        wanted = min(len(buffer), self._starts[self._span + 1] - self._position)
        if isinstance(span, bytes):
            data = span[within : within + wanted]
        else:
            self._file.seek(span[0] + within)
            data = self._file.read(wanted)
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)


def _spliced(file: BinaryIO, spans: list[Span]) -> BinaryIO:
    joined: list[Span] = []  # the spans, those that follow each other in the file joined to one
    for span in spans:
        last = joined[-1] if joined else b""
        if isinstance(span, tuple) and isinstance(last, tuple) and last[1] == span[0]:
            joined[-1] = (last[0], span[1])
        else:
            joined.append(span)
    return io.BufferedReader(Spliced(file, joined))


def _png(file: BinaryIO, size: int) -> Container:
    found = Container(file, size=size)
    spans: list[Span] = [(0, 8)]
    for kind, start, end in _chunks(file, size):
        if kind == b"IDAT" or (kind in PNG_PARTS and end - start <= 1024):  # the longest, a palette, has 768 bytes
            spans.append((start - 8, min(end + 4, size)))
        elif kind == b"eXIf":
            found.orientation = read_orientation(_piece(file, start, end))
        elif kind == b"iCCP":
            _, _, packed = _piece(file, start, end).partition(b"\0")
            found.profile = _unpacked(packed[1:])
    found.stream = _spliced(file, spans)
    return found


def _chunks(file: BinaryIO, size: int) -> Iterator[tuple[bytes, int, int]]:
    """(kind, start, end) of the data of each chunk of a PNG. Raises `ValueError` if there are too many."""
    position = 8
    for _ in range(MOST_PARTS):
        file.seek(position)
        head = file.read(8)
        if len(head) < 8:
            return
        length, kind = struct.unpack(">I4s", head)
        yield kind, position + 8, min(position + 8 + length, size)
        position += length + 12
        if kind == b"IEND":
            return
    raise ValueError(TOO_MANY)


def _piece(file: BinaryIO, start: int, end: int) -> bytes:
    """The bytes of a file from start to end; none if they are more than `MOST_PROFILE`."""
    if not 0 <= start <= end <= start + MOST_PROFILE:
        return b""
    file.seek(start)
    return file.read(end - start)


def _unpacked(packed: bytes) -> bytes:
    """Decompresses zlib data; returns nothing if it is damaged or larger than `MOST_PROFILE`."""
    unpacking = zlib.decompressobj()
    try:
        data = unpacking.decompress(packed, MOST_PROFILE)
    except zlib.error:
        return b""
    return b"" if unpacking.unconsumed_tail else data


def _jpeg(file: BinaryIO, size: int) -> Container:
    found = Container(file, size=size)
    spans: list[Span] = [(0, 2)]
    profile: dict[int, bytes] = {}
    exif = b""
    for marker, start, end in _segments(file):
        if marker == 0xDA:  # start of scan: from here to the end there are only pixels
            spans.append((start - 4, size))
            found.scans = _scans(file, start - 4)
            break
        data = _piece(file, start, end) if marker in (0xE1, 0xE2) else b""
        if data.startswith(b"Exif\0\0"):
            exif = exif or data
        elif data.startswith(b"ICC_PROFILE\0") and len(data) > 14:
            profile.setdefault(data[12], data[14:])
        if marker in (0xE0, 0xEE) or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            # All segments but application data and comments; of application data JFIF's and Adobe's, which say how
            # colours are stored.
            spans.append((start - 4, min(end, size)))
    found.orientation = read_orientation(exif)
    found.profile = b"".join(profile[number] for number in sorted(profile))[:MOST_PROFILE]
    found.stream = _spliced(file, spans)
    return found


def _segments(file: BinaryIO) -> Iterator[tuple[int, int, int]]:
    """(marker, start, end) of the data of each segment of a JPEG, up to the first scan. Bytes between segments are
    skipped. Raises `ValueError` if there are too many."""
    position = 2
    for _ in range(MOST_PARTS):
        file.seek(position)
        head = file.read(4096)
        skipped = head.find(b"\xff")
        if skipped:
            position += len(head) if skipped < 0 else skipped
            if not head:
                return
        elif len(head) < 4 or head[1] == 0xD9:
            return
        elif head[1] == 0xFF:  # fill bytes before a marker
            position += len(head) - len(head.lstrip(b"\xff")) - 1
        elif head[1] < 0xC0 or 0xD0 <= head[1] <= 0xD8:  # markers without data
            position += 2
        else:
            end = position + 2 + int.from_bytes(head[2:4], "big")
            yield head[1], position + 4, max(end, position + 4)
            position = end
    raise ValueError(TOO_MANY)


def _scans(file: BinaryIO, position: int) -> int:
    """The number of scans of a JPEG after a position: of markers FF DA, which cannot occur in compressed pixels."""
    file.seek(position)
    count, last = 0, b""
    while block := file.read(1 << 20):
        count += (last + block).count(b"\xff\xda")
        last = block[-1:]
    return max(1, count)


def _tiff(file: BinaryIO, size: int) -> Container:
    table = read_tags(file, size)
    if table is None:
        raise ValueError("its table of tags is damaged")
    found = Container(file, size=size)
    kept: dict[int, bytes] = {}
    for tag, (entry, kind, start, end) in table.tags.items():
        if tag in TIFF_TAGS:
            kept[tag] = entry
            if tag not in LISTS:
                found.numbers[tag] = table.whole_numbers(kind, _piece(file, start, end))
        elif tag == PROFILE:
            found.profile = _piece(file, start, end)
        elif tag == ORIENTATION:
            found.orientation = _known(table.whole_numbers(kind, _piece(file, start, end)))
    if max(found.numbers.get(SAMPLES, (1,)), default=1) > MOST_SAMPLES:
        raise ValueError(f"it has over {MOST_SAMPLES} samples a pixel")
    entries = b"".join(kept[tag] for tag in sorted(kept))
    words = table.order + ("Q" if table.big else "H"), table.order + ("Q" if table.big else "I")
    new = struct.pack(words[0], len(kept)) + entries + struct.pack(words[1], 0)  # 0: there is no further frame
    rest = min(table.start + len(new), size)
    found.stream = _spliced(file, [(0, table.start), new, (rest, size)])
    return found


@dataclass
class Tags:
    """The first table of tags of a TIFF."""

    order: str  # byte order, as `struct` writes it
    big: bool  # whether the file is a BigTIFF, with offsets of eight bytes
    start: int  # position of the table in the file
    tags: dict[int, tuple[bytes, int, int, int]]  # tag -> its entry, type, and start and end of its values

    def whole_numbers(self, kind: int, data: bytes) -> tuple[int, ...]:
        """Values of a type as whole numbers; none if the type is another one."""
        code = WHOLE_NUMBERS.get(kind)
        count = len(data) // TYPE_SIZES.get(kind, 1)
        return struct.unpack(f"{self.order}{count}{code}", data[: count * TYPE_SIZES[kind]]) if code else ()


def read_tags(file: BinaryIO, size: int) -> Tags | None:
    """The first table of tags of a TIFF, or of Exif data, which have the same format; None if there is none."""
    file.seek(0)
    head = file.read(16)
    if head[:2] not in (b"II", b"MM") or len(head) < 8:
        return None
    order = "<" if head[:2] == b"II" else ">"
    big = 43 in head[2:4]
    if big and len(head) < 16:
        return None
    (start,) = struct.unpack_from(order + ("Q" if big else "I"), head, 8 if big else 4)
    if not 8 <= start < size:
        return None
    file.seek(start)
    length = 20 if big else 12
    (count,) = struct.unpack(order + ("Q" if big else "H"), file.read(8 if big else 2).ljust(8 if big else 2, b"\0"))
    entries = file.read(min(count, 65535) * length)
    found: dict[int, tuple[bytes, int, int, int]] = {}
    for at in range(0, len(entries) - length + 1, length):
        tag, kind, values = struct.unpack_from(order + ("HHQ" if big else "HHI"), entries, at)
        field_at, room = (12, 8) if big else (8, 4)
        total = values * TYPE_SIZES.get(kind, 1)
        where = start + (8 if big else 2) + at + field_at
        if total > room:
            (where,) = struct.unpack_from(order + ("Q" if big else "I"), entries, at + field_at)
        if where + total <= size and kind in TYPE_SIZES:
            found.setdefault(tag, (entries[at : at + length], kind, where, where + total))
    return Tags(order, big, start, found)


def read_orientation(exif: bytes) -> int:
    """The orientation in Exif data, 1 to 8; 1 if there is none. No other tag is read."""
    data = exif.removeprefix(b"Exif\0\0")
    table = read_tags(io.BytesIO(data), len(data))
    if table is None or ORIENTATION not in table.tags:
        return 1
    _, kind, start, end = table.tags[ORIENTATION]
    return _known(table.whole_numbers(kind, data[start:end]))


def _known(values: tuple[int, ...]) -> int:
    return values[0] if values and 1 <= values[0] <= 8 else 1
