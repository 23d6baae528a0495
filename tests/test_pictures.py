"""Picture files of every kind, and files that are none."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from flagsae import paths
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


def turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise to view
    exif[0x010E] = "hello"
    return exif


@pytest.mark.parametrize("format", ["PNG", "JPEG"])
def test_exif_orientation_is_followed(format: str) -> None:
    picture = read_picture(saved(Image.fromarray(RED_BLUE), format, exif=turned()))
    assert picture.shape == (12, 8, 3)
    assert picture[0, 0].tolist() == pytest.approx([255, 0, 0], abs=40)
    assert picture[-1, 0].tolist() == pytest.approx([0, 0, 255], abs=40)


def test_damaged_exif_is_one_line_too() -> None:
    data = bytearray(saved(Image.fromarray(RED_BLUE), "JPEG", exif=turned()))
    data[data.index(b"Exif") + 17] = 3  # the description's type: a number where there is text
    with pytest.raises(PictureError, match=r"^bad\.jpg cannot be read"):
        read_picture(bytes(data), "bad.jpg")


def test_alpha_lies_over_white() -> None:
    clear = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    assert (read_picture(saved(clear, "PNG")) == 255).all()
    half = Image.new("RGBA", (4, 4), (255, 0, 0, 128))
    assert read_picture(saved(half, "PNG"))[0, 0].tolist() == pytest.approx([255, 127, 127], abs=1)
    assert (read_picture(saved(Image.new("LA", (4, 4), (0, 0)), "PNG")) == 255).all()


@pytest.mark.parametrize("format", ["PNG", "GIF"])
def test_a_transparent_palette_entry_is_white(format: str) -> None:
    palette = Image.fromarray(RED_BLUE).convert("P", palette=Image.Palette.ADAPTIVE)
    picture = read_picture(saved(palette, format, transparency=palette.getpixel((0, 0))))
    assert picture[0, 0].tolist() == [255, 255, 255]
    assert picture[0, -1].tolist() == pytest.approx([0, 0, 255], abs=4)


def test_a_transparent_colour_is_white() -> None:
    picture = read_picture(saved(Image.fromarray(RED_BLUE), "PNG", transparency=(255, 0, 0)))
    assert picture[0, 0].tolist() == [255, 255, 255] and picture[0, -1].tolist() == [0, 0, 255]


def test_grey_sixteen_bit_and_cmyk() -> None:
    assert (read_picture(saved(Image.new("L", (3, 3), 77), "PNG")) == 77).all()
    deep = Image.fromarray(np.full((3, 3), 40000, np.uint16))
    assert (read_picture(saved(deep, "PNG")) == round(40000 / 65535 * 255)).all()
    dark = Image.fromarray(np.full((3, 3), 200, np.uint16))
    assert (read_picture(saved(dark, "PNG")) == 1).all()
    assert (read_picture(saved(Image.new("1", (3, 3), 1), "PNG")) == 255).all()
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
        saved(Image.fromarray(RED_BLUE), "PNG")[:-30],
        saved(Image.fromarray(RED_BLUE), "JPEG")[:300],
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
    ids=["empty", "text", "cut", "cut at the end", "cut jpeg", "svg"],
)
def test_what_cannot_be_read_is_one_line_with_its_name(data: bytes) -> None:
    with pytest.raises(PictureError, match=r"^bad\.png ") as error:
        read_picture(data, "bad.png")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("size", [(50_000, 50_000), (10_000, 9_000)], ids=["bomb", "large"])
def test_a_picture_of_too_many_pixels_is_refused_unread(size: tuple[int, int]) -> None:
    with pytest.raises(PictureError, match=r"^bad\.png .*over 80,000,000 pixels; shrink it$"):
        read_picture(bomb(*size), "bad.png")


FILES = [saved(Image.fromarray(RED_BLUE), format) for format in ("PNG", "JPEG", "GIF", "WEBP", "BMP")]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_damage_anywhere_leaves_a_picture_or_one_line(whole: bytes, data: st.DataObject) -> None:
    damaged = bytearray(whole)
    spots = data.draw(st.dictionaries(st.integers(0, len(whole) - 1), st.integers(0, 255), max_size=4))
    for spot, value in spots.items():
        damaged[spot] = value
    length = data.draw(st.integers(0, len(whole)) | st.just(len(whole)))
    try:
        picture = read_picture(bytes(damaged[:length]), "bad")
    except PictureError as error:
        assert str(error).startswith("bad ") and "\n" not in str(error)
    else:
        assert picture.ndim == 3 and picture.shape[2] == 3 and picture.size and picture.dtype == np.uint8


def test_a_file_is_named_in_its_error(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a flag")
    with pytest.raises(PictureError, match=r"notes\.txt is no picture"):
        read_picture(tmp_path / "notes.txt")


def test_every_bundled_flag_is_read() -> None:
    files = list(find_pictures(paths.shipped("flags")))
    assert len(files) == 249
    assert all(read_picture(file, name).shape[1] == 306 for name, file in files[::25])


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    for name in ("b.png", "a/z.png", ".hidden/x.png", "a/.x.png", "__MACOSX/b.png", "flags.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(FILES[0])
    assert [name for name, _ in find_pictures(tmp_path)] == ["a/z.png", "b.png"]


def test_one_file_is_offered_as_itself() -> None:
    path = paths.shipped("flags/japan.png")
    assert list(find_pictures(path)) == [("japan.png", path)]


def test_a_zip_is_read_with_its_folders(tmp_path: Path) -> None:
    png = saved(Image.fromarray(RED_BLUE), "PNG")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("sub/b.png", "a.png", "__MACOSX/a.png", ".hidden.png", "flags.csv"):
            archive.writestr(name, png)
    assert [name for name, _ in find_pictures(tmp_path / "a.zip")] == ["a.png", "sub/b.png"]
    assert all(read_picture(file, name).shape == (8, 12, 3) for name, file in find_pictures(tmp_path / "a.zip"))


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=str
)
def test_a_damaged_entry_of_a_zip_is_no_picture(tmp_path: Path, method: int) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("a.png", saved(Image.fromarray(RED_BLUE), "BMP"))
        archive.writestr("b.png", FILES[0])
    data = bytearray(path.read_bytes())
    for spot in range(44, 72):
        data[spot] ^= 255
    path.write_bytes(data)
    (bad_name, bad), (good_name, good) = find_pictures(path)
    with pytest.raises(PictureError, match=r"^a\.png "):
        read_picture(bad, bad_name)
    assert (read_picture(good, good_name) == RED_BLUE).all()


def test_a_locked_entry_of_a_zip_is_no_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.png", FILES[0])
    data = bytearray(path.read_bytes())
    data[6] |= 1  # the flag "encrypted", in the entry and in the directory
    data[data.rindex(b"PK\1\2") + 8] |= 1
    path.write_bytes(data)
    ((name, file),) = find_pictures(path)
    with pytest.raises(PictureError, match=r"^a\.png "):
        read_picture(file, name)


def test_a_zip_without_its_directory_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.png", FILES[0])
    data = bytearray(path.read_bytes())
    data[data.rindex(b"PK\1\2")] = 0
    path.write_bytes(data)
    with pytest.raises(DatasetError, match="damaged zip") as error:
        list(find_pictures(path))
    assert "\n" not in str(error.value)


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="does not exist"):
        list(find_pictures(tmp_path / "nowhere"))


def test_resampling_averages_areas() -> None:
    assert resample(RED_BLUE, 1, 1)[0, 0].tolist() == pytest.approx([128, 0, 128], abs=1)
