"""Reads Netpbm files of any depth and in ASCII, a band of rows at a time. Pillow reads these number by number.

https://netpbm.sourceforge.net/doc/pnm.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

BAND = 2_000_000  # numbers that are converted at once
PIECE = 1_000_000  # characters that are parsed at once
MOST_LETTERS = 30_000_000  # bytes of a file in ASCII; enough for two megapixels in colour
LONGEST_HEADER = 4096  # bytes, with comments
KINDS = {b"P1": "1", b"P2": "L", b"P3": "RGB", b"P5": "L", b"P6": "RGB"}


def read_pnm(file: BinaryIO, most_pixels: int, most_side: int) -> Image.Image | None:
    """The picture in mode L or RGB, its values scaled from 0..maxval to 0..255.

    None if it is not a Netpbm file, or one that Pillow reads fast (8 bits, binary). most_pixels, most_side: limits of
    its size. Raises `ValueError` if it is larger, or damaged.
    """
    kind = file.read(2)
    if kind not in KINDS:
        return None
    mode = KINDS[kind]
    head = file.read(LONGEST_HEADER)
    numbers = 2 if mode == "1" else 3
    gap = rb"(?:\s|#[^\r\n]*[\r\n])+"
    match = re.match((gap + rb"(\d{1,9})") * numbers + rb"\s", head)
    if not match:
        raise ValueError("its header is damaged")
    width, height, top = (int(group) for group in (*match.groups(), b"1")[:3])
    if not (width and height and 0 < top < 65536):
        raise ValueError("its header is damaged")
    if width * height > most_pixels:
        raise ValueError(f"it has over {most_pixels:,} pixels; shrink it")
    if max(width, height) > most_side:
        raise ValueError(f"it is over {most_side:,} pixels wide or high; shrink it")
    if kind in (b"P5", b"P6") and top == 255:
        return None
    file.seek(2 + match.end())
    image = Image.new("L" if mode == "1" else mode, (width, height))
    channels = 3 if mode == "RGB" else 1
    samples = _letters(file, mode) if kind in (b"P1", b"P2", b"P3") else None
    rows = max(1, BAND // (width * channels))
    for y in range(0, height, rows):
        count = min(rows, height - y) * width * channels
        if samples is None:
            dtype = np.dtype(">u2" if top > 255 else np.uint8)
            data = file.read(count * dtype.itemsize)
            values = np.frombuffer(data[: len(data) // dtype.itemsize * dtype.itemsize], dtype)
        else:
            values = samples[y * width * channels :][:count]
        if len(values) < count:
            raise ValueError("it is truncated")
        scaled = np.minimum(255, (values.astype(np.uint32) * 510 + top) // (2 * top)).astype(np.uint8)
        if mode == "1":
            scaled = 255 - scaled  # in a bitmap 1 is black
        image.paste(Image.fromarray(scaled.reshape((-1, width, 3) if channels == 3 else (-1, width))), (0, y))
    return image


def _letters(file: BinaryIO, mode: str) -> NDArray[np.uint16]:
    """All numbers of a file in ASCII. Between bits (mode "1") there need not be spaces."""
    text = file.read(MOST_LETTERS + 1)
    if len(text) > MOST_LETTERS:
        raise ValueError(f"it has over {MOST_LETTERS:,} letters; save it as PNG")
    text = b"".join(re.sub(rb"#[^\r\n]*", b"", piece) for piece in _pieces(text, rb"[\r\n]"))
    if mode == "1":
        bits = np.frombuffer(text.translate(None, b" \t\n\v\f\r"), np.uint8) - ord("0")
        if (bits > 1).any():
            raise ValueError("its numbers are damaged")
        return bits.astype(np.uint16)
    if not re.fullmatch(rb"[\d\s]*", text):
        raise ValueError("its numbers are damaged")
    return np.concatenate([np.zeros(0, np.uint16), *(_numbers(piece) for piece in _pieces(text, rb"\s"))])


def _pieces(text: bytes, end: bytes) -> Iterator[bytes]:
    """A text in pieces of about `PIECE` characters that end with a match of `end`. The objects that are made of a piece
    take many times its size."""
    start, stop = 0, re.compile(end)
    while start < len(text):
        found = stop.search(text, start + PIECE)
        yield text[start : found.end() if found else len(text)]
        start = found.end() if found else len(text)


def _numbers(text: bytes) -> NDArray[np.uint16]:
    if not text.strip():
        return np.zeros(0, np.uint16)
    values = np.fromstring(text.decode("ascii"), np.int64, sep=" ")
    if values.max() > 65535 or values.min() < 0:
        raise ValueError("its numbers are damaged")
    return values.astype(np.uint16)
