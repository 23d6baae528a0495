"""Reads picture files of many formats into arrays of H x W x 3, uint8, sRGB.

First the headers of a file are read, and what is not needed for its pixels is left out (`containers`). Then it is
refused if it would take too much memory or time, which its size shows before anything is decoded. Then Pillow decodes
it, and the result is converted to sRGB (`pixels`).
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from flagsae.errors import PictureError
from flagsae.flags.containers import (
    BITS,
    SAMPLES,
    STRIP_ROWS,
    TILE_HEIGHT,
    TILE_WIDTH,
    Container,
    open_container,
    read_orientation,
)
from flagsae.flags.pixels import LEAST_SIDE, to_rgb
from flagsae.flags.pnm import read_pnm
from flagsae.regular import irregular

MOST_PIXELS = 80_000_000  # larger pictures are decompression bombs, or at least not flags
MOST_SIDE = 65_535  # width or height; the limit of GIF and JPEG. Pillow needs at least ten bytes for each row
MOST_MEMORY = 350_000_000  # bytes for one picture; the program itself needs about 100 MB
MOST_STEPS = 2_000_000_000  # pixels times scans of a JPEG: about two and a half seconds
MOST_SLOW_PIXELS = 10_000_000  # of a file that Pillow decodes in Python: a second or two
SLOW = {"bmp_rle"}  # Pillow's decoders that are written in Python
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM")
WEBP_BYTES = 16  # bytes a pixel: the decoder has two canvases, and returns a third one, which Pillow copies


def read_picture(file: Path | bytes, name: str = "") -> NDArray[np.uint8]:
    """Reads the first frame of a picture file, upright and over white: H x W x 3, sRGB.

    file: a path or the contents; name: what errors call it. A picture larger than twice `LEAST_SIDE` is shrunk by a
    whole factor, and transparent margins are cut off. Raises `PictureError` if it is not a regular file, not a
    picture, damaged, or beyond the limits of this module.
    """
    name = name or str(file)
    try:
        if isinstance(file, bytes):
            return _read(io.BytesIO(file), name, len(file))
        if kind := irregular(file):
            raise PictureError(f"{name} is {kind}, no picture")
        with file.open("rb") as opened:
            return _read(opened, name, 0)
    except PictureError:
        raise
    except MemoryError:
        raise PictureError(f"{name} takes more memory than there is: shrink it") from None
    except Image.DecompressionBombError:
        raise PictureError(f"{name} has over {MOST_PIXELS:,} pixels; shrink it") from None
    except Exception as error:  # for damaged files Pillow's decoders raise about two dozen types
        reason = " ".join(str(error).split()) or type(error).__name__
        raise PictureError(f"{name} cannot be read as a picture: {reason}") from None


def _read(file: BinaryIO, name: str, held: int) -> NDArray[np.uint8]:
    """Reads an open file. held: how many bytes of the file are in memory already."""
    if (image := read_pnm(file, MOST_PIXELS, MOST_SIDE)) is not None:
        return to_rgb(image, Container(file))
    container = open_container(file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Pillow, about sizes: they are checked here
        try:
            opened = Image.open(container.stream, formats=FORMATS)
        except UnidentifiedImageError:
            raise PictureError(_unknown(file, name)) from None
        with opened as image:
            _check_size(image, container, name, held)
            if image.format == "WEBP":
                container.orientation = read_orientation(image.info.get("exif", b""))
                container.profile = image.info.get("icc_profile", b"")
            factor = max(image.size) // LEAST_SIDE
            if image.format == "JPEG" and factor > 1:
                image.draft(None, (-(-image.width // factor), -(-image.height // factor)))
            _scale_transparency(image)
            with _silent_libtiff() if image.format == "TIFF" else nullcontext():
                image.load()
            return to_rgb(image, container)


@contextmanager
def _silent_libtiff() -> Iterator[None]:
    """A context in which libtiff does not write its errors to stderr; Pillow raises them anyway."""
    import ctypes

    from PIL import _imaging

    setters = []
    with suppress(OSError, AttributeError):  # on some systems libtiff is not part of Pillow's own module
        library = ctypes.CDLL(_imaging.__file__)
        setters = [library.TIFFSetErrorHandler, library.TIFFSetWarningHandler]
    for setter in setters:
        setter.restype, setter.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    before = [setter(None) for setter in setters]
    try:
        yield
    finally:
        for setter, handler in zip(setters, before, strict=True):
            setter(handler)


def _unknown(file: BinaryIO, name: str) -> str:
    """The message for a file that is in no known format."""
    file.seek(0)
    head = file.read(1024).lstrip()
    if name.lower().endswith((".svg", ".svgz")) or (head.startswith(b"<") and b"<svg" in head.lower()):
        return f"{name} is an SVG, which flagsae does not read: export it as PNG"
    return f"{name} is no picture (png, jpeg, webp, gif, bmp, tiff)"


def _check_size(image: Image.Image, container: Container, name: str, held: int) -> None:
    """Raises `PictureError` for a picture that would take too much memory or time, before it is decoded."""
    size, pixels = f"{name} is {image.width}x{image.height}", image.width * image.height
    if pixels > MOST_PIXELS:
        raise PictureError(f"{size}: over {MOST_PIXELS:,} pixels; shrink it")
    if max(image.size) > MOST_SIDE:
        raise PictureError(f"{size}: over {MOST_SIDE:,} pixels wide or high; shrink it")
    if _tile(image)[0] in SLOW and pixels > MOST_SLOW_PIXELS:
        raise PictureError(f"{size}: over {MOST_SLOW_PIXELS:,} pixels in runs; save it as PNG")
    if pixels * container.scans > MOST_STEPS:
        raise PictureError(f"{size} in {container.scans} scans: save it as PNG")
    if held + pixels * _bytes_a_pixel(image, container) + _buffer(image, container) > MOST_MEMORY:
        raise PictureError(f"{size}: it takes over {MOST_MEMORY // 10**6} MB to read; shrink it, or save it as PNG")


def _bytes_a_pixel(image: Image.Image, container: Container) -> float:
    """How many bytes the decoder and Pillow need for each pixel."""
    if image.format == "WEBP":
        return WEBP_BYTES
    if image.format == "JPEG":
        layers: list[tuple[int, int, int, int]] = getattr(image, "layer", [])
        across, down = max((layer[1] for layer in layers), default=1), max((layer[2] for layer in layers), default=1)
        # With several scans all coefficients are kept until the last one, in two bytes each. A large picture is decoded
        # at a half, a quarter or an eighth of its size.
        kept = sum(2 * layer[1] * layer[2] / (across * down) for layer in layers) if container.scans > 1 else 0
        factor = max(image.size) // LEAST_SIDE
        return kept + 4 / max(scale for scale in (1, 2, 4, 8) if scale <= max(1, factor)) ** 2
    return 1 if image.mode in ("1", "L", "P") else 2 if image.mode.startswith("I;16") else 4


def _buffer(image: Image.Image, container: Container) -> float:
    """How many bytes a compressed TIFF takes beside its pixels: its largest strip or tile, and the whole file."""
    if image.format != "TIFF":
        return 0

    def number(tag: int, default: int) -> int:
        return max(container.numbers.get(tag, ()) or (default,))

    if _tile(image)[0] == "raw":
        return 0
    rows, columns = min(number(STRIP_ROWS, image.height), image.height), image.width
    if TILE_WIDTH in container.numbers:
        columns, rows = number(TILE_WIDTH, columns), number(TILE_HEIGHT, rows)
    return container.size + rows * columns * number(SAMPLES, 1) * max(8, number(BITS, 1)) / 8


def _tile(image: Image.Image) -> tuple[str, object]:
    """(Pillow's decoder of an image that is not loaded yet, its arguments)."""
    tiles = getattr(image, "tile", None)
    return (str(tiles[0][0]), tiles[0][3]) if tiles else ("", None)


def _scale_transparency(image: Image.Image) -> None:
    """Scales the transparent colour of a PNG to eight bits, as Pillow only does with the pixels."""
    clear, raw = image.info.get("transparency"), _tile(image)[1]
    if isinstance(clear, tuple) and raw == "RGB;16B":
        image.info["transparency"] = tuple(value >> 8 for value in clear)
    elif isinstance(clear, int) and raw in ("L;2", "L;4"):
        bits = int(str(raw)[-1])
        image.info["transparency"] = (clear & (1 << bits) - 1) * 255 // ((1 << bits) - 1)


def resample(picture: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    """Area-averages a picture (H x W or H x W x 3) to height x width."""
    return np.array(Image.fromarray(picture).resize((width, height), Image.Resampling.BOX))
