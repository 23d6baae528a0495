"""Picture files of any kind as H x W x 3, uint8, sRGB."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from flagsae.errors import DatasetError, PictureError

MOST_PIXELS = 80_000_000  # more is a decompression bomb, or no flag
MOST_BYTES = 200_000_000  # of one file in a zip, unpacked
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM")


def read_picture(file: Path | bytes, name: str = "") -> NDArray[np.uint8]:
    """Reads a picture file: upright, alpha over white, first frame; H x W x 3, sRGB.

    Raises `PictureError` for what is no picture, is damaged, or unpacks to more than `MOST_PIXELS`.
    """
    name = name or str(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the size is checked here, in one line and for good
            with Image.open(io.BytesIO(file) if isinstance(file, bytes) else file, formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise PictureError(
                        f"{name} is {image.width}x{image.height}: over {MOST_PIXELS:,} pixels; shrink it"
                    )
                return _to_rgb(ImageOps.exif_transpose(image))
    except UnidentifiedImageError:
        raise PictureError(f"{name} is no picture (png, jpeg, webp, gif, bmp, tiff)") from None
    except Image.DecompressionBombError:
        raise PictureError(f"{name} has over {MOST_PIXELS:,} pixels; shrink it") from None
    except (OSError, SyntaxError, ValueError, EOFError, OverflowError, struct.error) as error:  # Pillow's decoders
        raise PictureError(f"{name} cannot be read as a picture: {error}") from None


def _to_rgb(image: Image.Image) -> NDArray[np.uint8]:
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, np.float64)
        # 16 bits a channel; Pillow hands such pictures out as I or I;16, and clips them if asked for RGB.
        top = 65535 if values.max(initial=0) > 255 or image.mode.startswith("I;16") else 255
        grey = np.clip(np.round(values * (255 / top)), 0, 255).astype(np.uint8)
        return np.repeat(grey[..., None], 3, axis=2)
    if image.has_transparency_data:
        over = image.convert("RGBA")
        white = Image.new("RGBA", over.size, "white")
        image = Image.alpha_composite(white, over)
    return np.array(image.convert("RGB"))


def find_pictures(source: Path) -> Iterator[tuple[str, Path | bytes]]:
    """(name, file) of every file of a folder, a zip or a single picture, in the order of their names.

    Names are relative to `source`. Hidden files, and the tables that name pictures, are not offered.
    """
    if source.is_dir():
        files = sorted(path for path in source.rglob("*") if path.is_file())
        for path in files:
            if _offered(name := path.relative_to(source).as_posix()):
                yield name, path
    elif zipfile.is_zipfile(source):
        try:
            archive = zipfile.ZipFile(source)
        except Exception:  # zipfile's own, and what a damaged directory makes struct and the codecs raise
            raise DatasetError(f"{source} is a damaged zip: pack it again, or give the folder") from None
        with archive:
            for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
                if _offered(entry.filename):
                    yield entry.filename, _unpack(archive, entry)
    elif source.is_file():
        yield source.name, source
    else:
        raise DatasetError(f"{source} does not exist: give a folder, a zip or a picture")


def _offered(name: str) -> bool:
    parts = name.split("/")
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return not hidden and parts[-1] not in ("", "flags.csv")  # a zip's folders end in /


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of an entry; none where it is too large, encrypted or damaged, which is then no picture."""
    if entry.file_size > MOST_BYTES:
        return b""
    try:
        return archive.read(entry)
    except Exception:  # zipfile's own, and those of each packing method
        return b""


def resample(picture: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    """Area-averages a picture to height x width."""
    return np.array(Image.fromarray(picture).resize((width, height), Image.Resampling.BOX))
