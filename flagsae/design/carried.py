"""The design that a picture carries: one that flagsae wrote has it in its metadata, so that it need not be parsed."""

from __future__ import annotations

import html
import json
import re
import struct
from pathlib import Path
from weakref import WeakKeyDictionary

from flagsae import paths
from flagsae.design.design import CARRIED, Design
from flagsae.errors import DesignError, PictureError
from flagsae.flags.dataset import Dataset, Flags
from flagsae.flags.grids import WORKING_SIDE
from flagsae.flags.names import Name, fold
from flagsae.regular import irregular

MOST_BYTES = 50_000_000  # of a file that is looked into
LEAST_WIDTH = 16  # pixels of a picture
SVG = ".svg"
_PNG = b"\x89PNG\r\n\x1a\n"
_ENTRY = re.compile(rf'<about:entry name="{CARRIED}">([^<]*+)</about:entry>')

_known: WeakKeyDictionary[Flags, Design] = WeakKeyDictionary()


def design_of(flag: Flags) -> Design | None:
    """The design that the file of a flag had; None where it was not read from one with a design."""
    return _known.get(flag)


def carry(flag: Flags, design: Design) -> None:
    """Keeps the design that a flag was drawn from, so that it need not be found again."""
    _known[flag] = design


def flag_of(path: Path, dataset: Dataset) -> Flags | None:
    """The flag (N = 1) that a file carries; None where it carries none. Raises `PictureError` for an SVG without one,
    which nothing else here can read."""
    design = read_design(path)
    if design is None:
        return None
    size = round(WORKING_SIDE * min(1.0, design.aspect))
    try:
        from flagsae.design import render

        picture = render.picture(design, dataset.palette, max(LEAST_WIDTH, size))
    except DesignError as error:
        raise PictureError(f"the design that {path} carries cannot be drawn here: {error}") from None
    flag = dataset.make_flag(Name(fold(path.stem) or "picture", path.stem), picture)
    carry(flag, design)
    return flag


def read_design(path: Path) -> Design | None:
    """The design in a file's metadata, or None. Raises as `flag_of`."""
    is_svg = path.suffix.lower() == SVG
    try:
        if not paths.is_file(path) or irregular(path) or path.stat().st_size > MOST_BYTES:
            return None
        data = path.read_bytes() if is_svg or _begins(path) else b""
    except OSError:
        return None
    text = _in_svg(data) if is_svg else _in_png(data)
    if text is None:
        if is_svg:
            raise PictureError(f"{path} carries no design of flagsae: give a PNG of it, as other SVG is not read")
        return None
    try:
        return Design.read(json.loads(text))
    except (ValueError, RecursionError, DesignError) as error:
        if is_svg:
            raise PictureError(f"the design that {path} carries is damaged ({error}): write it again") from None
        return None  # the picture itself is there


def _begins(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_PNG)) == _PNG


def _in_svg(data: bytes) -> str | None:
    found = _ENTRY.search(data.decode("utf-8", "replace"))
    return html.unescape(found[1]) if found else None


def _in_png(data: bytes) -> str | None:
    """The text of the entry in a PNG's iTXt chunks, which are written without compression."""
    start = len(_PNG)
    while start + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, start)
        if kind == b"iTXt":
            keyword, _, rest = data[start + 8 : start + 8 + length].partition(b"\0")
            if keyword == CARRIED.encode() and rest[:1] == b"\0":
                return rest[2:].split(b"\0", 2)[-1].decode("utf-8", "replace")
        if kind == b"IDAT":  # ours are written before the pixels
            return None
        start += 12 + length
    return None
