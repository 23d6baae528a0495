"""Picture files of any kind as H x W x 3, uint8, sRGB.

A file's way to its pixels: its headers are read, and what is no picture is left out (`containers`); what it would take
is known from its size before anything is unpacked; what the decoder hands out is converted (`pixels`).
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
from flagsae.flags.containers import Container, open_container, read_orientation
from flagsae.flags.pixels import LEAST_SIDE, to_rgb
from flagsae.flags.pnm import read_pnm
from flagsae.regular import irregular

MOST_PIXELS = 80_000_000  # more is a decompression bomb, or no flag
MOST_SIDE = 65_535  # of GIF and JPEG the most; Pillow holds ten bytes and more for each row
MOST_MEMORY = 350_000_000  # bytes for one picture; the program itself has some 100 MB
MOST_STEPS = 2_000_000_000  # pixels times scans of a JPEG: two seconds and a half
MOST_SLOW_PIXELS = 10_000_000  # of what Pillow unpacks in Python: a second or two
SLOW = {"bmp_rle"}
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM")
WEBP_BYTES = 16  # a pixel: its decoder holds two canvases, and hands out a third that Pillow copies


def read_picture(file: Path | bytes, name: str = "") -> NDArray[np.uint8]:
    """Reads a picture file: upright, alpha over white, first frame; H x W x 3, sRGB.

    A picture larger than twice `LEAST_SIDE` is shrunk by a whole factor, and clear margins are cut off. Raises
    `PictureError` for what is no regular file, no picture, is damaged, or takes more than this module's limits.
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
    except Exception as error:  # on damage Pillow's decoders raise two dozen kinds
        reason = " ".join(str(error).split()) or type(error).__name__
        raise PictureError(f"{name} cannot be read as a picture: {reason}") from None


def _read(file: BinaryIO, name: str, held: int) -> NDArray[np.uint8]:
    """held: bytes of the file that are in memory."""
    if (image := read_pnm(file, MOST_PIXELS, MOST_SIDE)) is not None:
        return to_rgb(image, Container(file))
    container = open_container(file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # sizes are checked here, in one line and for good
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
    """libtiff writes to stderr, past Python, what Pillow raises anyway: it is asked not to for so long."""
    import ctypes

    from PIL import _imaging

    setters = []
    with suppress(OSError, AttributeError):  # it is part of Pillow's own module on some systems
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
    file.seek(0)
    head = file.read(1024).lstrip()
    if name.lower().endswith((".svg", ".svgz")) or (head.startswith(b"<") and b"<svg" in head.lower()):
        return f"{name} is an SVG, which flagsae does not read: export it as PNG"
    return f"{name} is no picture (png, jpeg, webp, gif, bmp, tiff)"


def _check_size(image: Image.Image, container: Container, name: str, held: int) -> None:
    """Refuses what would take too much, before it is unpacked."""
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
    """What a decoder and Pillow hold of each pixel."""
    if image.format == "WEBP":
        return WEBP_BYTES
    if image.format == "JPEG":
        layers: list[tuple[int, int, int, int]] = getattr(image, "layer", [])
        across, down = max((layer[1] for layer in layers), default=1), max((layer[2] for layer in layers), default=1)
        # Of several scans all coefficients are kept until the last: two bytes each. The picture is made an eighth.
        kept = sum(2 * layer[1] * layer[2] / (across * down) for layer in layers) if container.scans > 1 else 0
        factor = max(image.size) // LEAST_SIDE
        return kept + 4 / max(scale for scale in (1, 2, 4, 8) if scale <= max(1, factor)) ** 2
    return 1 if image.mode in ("1", "L", "P") else 2 if image.mode.startswith("I;16") else 4


def _buffer(image: Image.Image, container: Container) -> float:
    """Bytes of the largest strip or tile of a TIFF, unpacked, and of the file, which is then read whole."""
    if image.format != "TIFF":
        return 0

    def number(tag: int, default: int) -> int:
        return max(container.numbers.get(tag, ()) or (default,))

    if _tile(image)[0] == "raw":
        return 0
    rows, columns = min(number(278, image.height), image.height), image.width
    if 322 in container.numbers:
        columns, rows = number(322, columns), number(323, rows)
    return container.size + rows * columns * number(277, 1) * max(8, number(258, 1)) / 8


def _tile(image: Image.Image) -> tuple[str, object]:
    """The decoder of an image that is not loaded yet, and its arguments."""
    tiles = getattr(image, "tile", None)
    return (str(tiles[0][0]), tiles[0][3]) if tiles else ("", None)


def _scale_transparency(image: Image.Image) -> None:
    """Brings the transparent colour of a PNG to the eight bits of its pixels."""
    clear, raw = image.info.get("transparency"), _tile(image)[1]
    if isinstance(clear, tuple) and raw == "RGB;16B":
        image.info["transparency"] = tuple(value >> 8 for value in clear)
    elif isinstance(clear, int) and raw in ("L;2", "L;4"):
        bits = int(str(raw)[-1])
        image.info["transparency"] = (clear & (1 << bits) - 1) * 255 // ((1 << bits) - 1)


def resample(picture: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    """Area-averages a picture to height x width."""
    return np.array(Image.fromarray(picture).resize((width, height), Image.Resampling.BOX))
