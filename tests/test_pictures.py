"""Picture files of every kind, and files that are none."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from flagsae.errors import DatasetError, PictureError
from flagsae.pictures import find_pictures, read_picture, resample

RED_BLUE = np.repeat(np.repeat(np.array([[[255, 0, 0], [0, 0, 255]]], np.uint8), 8, 0), 6, 1)  # 8 x 12


def saved(image: Image.Image, format: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


@pytest.mark.parametrize("format", ["PNG", "WEBP", "GIF", "BMP", "TIFF", "JPEG"])
def test_formats(format: str) -> None:
    options = {"lossless": True} if format == "WEBP" else {"quality": 95} if format == "JPEG" else {}
    picture = read_picture(saved(Image.fromarray(RED_BLUE), format, **options))
    assert picture.shape == (8, 12, 3)
    assert np.abs(picture.astype(int) - RED_BLUE)[:, [0, -1]].max() < 40


def test_exif_orientation_is_followed() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise to view
    picture = read_picture(saved(Image.fromarray(RED_BLUE), "PNG", exif=exif))
    assert picture.shape == (12, 8, 3)
    assert picture[0, 0].tolist() == [255, 0, 0] and picture[-1, 0].tolist() == [0, 0, 255]


def test_alpha_lies_over_white() -> None:
    clear = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    assert (read_picture(saved(clear, "PNG")) == 255).all()
    half = Image.new("RGBA", (4, 4), (255, 0, 0, 128))
    assert read_picture(saved(half, "PNG"))[0, 0].tolist() == pytest.approx([255, 127, 127], abs=1)
    palette = Image.fromarray(RED_BLUE).convert("P", palette=Image.Palette.ADAPTIVE)
    index = palette.getpixel((0, 0))
    assert read_picture(saved(palette, "PNG", transparency=index))[0, 0].tolist() == [255, 255, 255]


def test_grey_sixteen_bit_and_cmyk() -> None:
    assert (read_picture(saved(Image.new("L", (3, 3), 77), "PNG")) == 77).all()
    deep = Image.fromarray(np.full((3, 3), 40000, np.uint16))
    assert (read_picture(saved(deep, "PNG")) == round(40000 / 65535 * 255)).all()
    ink = read_picture(saved(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG"))
    assert ink[4, 4, 0] > 200 and ink[4, 4, 1] < 80


def test_the_first_frame_of_an_animation() -> None:
    frames = [Image.new("RGB", (5, 5), colour) for colour in ("red", "blue")]
    picture = read_picture(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert picture[2, 2].tolist() == pytest.approx([255, 0, 0], abs=4)


def bomb(width: int, height: int) -> bytes:
    """A valid PNG header of a picture that nobody should unpack."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        saved(Image.fromarray(RED_BLUE), "PNG")[:60],
        bomb(50_000, 50_000),
        bomb(10_000, 9_000),
    ],
    ids=["empty", "text", "cut", "bomb", "large"],
)
def test_what_cannot_be_read_is_one_line_with_its_name(data: bytes) -> None:
    with pytest.raises(PictureError, match=r"^bad\.png ") as error:
        read_picture(data, "bad.png")
    assert "\n" not in str(error.value)


def test_a_zip_is_read_with_its_folders(tmp_path: Path) -> None:
    png = saved(Image.fromarray(RED_BLUE), "PNG")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("sub/b.png", "a.png", "__MACOSX/a.png", ".hidden.png", "flags.csv"):
            archive.writestr(name, png)
    assert [name for name, _ in find_pictures(tmp_path / "a.zip")] == ["a.png", "sub/b.png"]
    assert all(read_picture(file, name).shape == (8, 12, 3) for name, file in find_pictures(tmp_path / "a.zip"))


def test_a_damaged_entry_of_a_zip_is_no_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.png", saved(Image.fromarray(RED_BLUE), "PNG"))
    data = bytearray(path.read_bytes())
    data[60] ^= 255
    path.write_bytes(data)
    ((name, file),) = find_pictures(path)
    with pytest.raises(PictureError):
        read_picture(file, name)


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="does not exist"):
        list(find_pictures(tmp_path / "nowhere"))


def test_resampling_averages_areas() -> None:
    assert resample(RED_BLUE, 1, 1)[0, 0].tolist() == pytest.approx([128, 0, 128], abs=1)
