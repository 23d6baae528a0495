"""Picture files of every kind, and files that are none."""

import io
import os
import socket
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hostile.pictures import BOMBS, attempt, png_of_zeros, tiff_of_zeros
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, PngImagePlugin

from flagsae import paths
from flagsae.errors import PictureError
from flagsae.flags.pictures import read_picture, resample
from flagsae.flags.sources import find_pictures

RED_BLUE = np.repeat(np.repeat(np.array([[[255, 0, 0], [0, 0, 255]]], np.uint8), 8, 0), 6, 1)  # 8 x 12


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


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


def test_no_other_tag_of_exif_counts() -> None:
    data = bytearray(saved(Image.fromarray(RED_BLUE), "JPEG", exif=turned()))
    data[data.index(b"Exif") + 17] = 3  # the description's type: a number where there is text
    assert read_picture(bytes(data), "odd.jpg").shape == (12, 8, 3)


def exif(*tags: tuple[int, int, int, bytes]) -> bytes:
    """Exif of (tag, type, count, value)."""
    entries = b"".join(struct.pack("<HHI", *tag[:3]) + tag[3].ljust(4, b"\0") for tag in tags)
    return b"Exif\0\0II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)


UPRIGHT = (0x112, 3, 1, b"\6")


@pytest.mark.parametrize(
    "tags",
    [
        [(0x10F, 11, 1, struct.pack("<f", 1.5)), UPRIGHT],
        [(0x10F, 2, 1 << 31, b"\xff\xff\xff\xff"), UPRIGHT],
        [(0x8769, 4, 1, b"\x08"), UPRIGHT],  # a table within that is the table itself
        [(0x8825, 99, 7, b"abcd"), UPRIGHT],
        [UPRIGHT, (0x112, 3, 1, b"\1")],  # twice: the first counts
        [(0x112, 4, 1, b"\6")],
        [(0x112, 1, 1, b"\6")],
    ],
)
@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
def test_orientation_is_found_beside_any_other_tag(format: str, tags: list[tuple[int, int, int, bytes]]) -> None:
    assert read_picture(saved(Image.fromarray(RED_BLUE), format, exif=exif(*tags))).shape == (12, 8, 3)


@pytest.mark.parametrize(
    "odd", [(0x112, 2, 1, b"6"), (0x112, 3, 0, b"\6"), (0x112, 3, 1, b"\x99"), (0x112, 11, 1, b"\6")]
)
def test_an_orientation_that_means_nothing_is_none(odd: tuple[int, int, int, bytes]) -> None:
    assert read_picture(saved(Image.fromarray(RED_BLUE), "JPEG", exif=exif(odd))).shape == (8, 12, 3)


def test_a_tiff_is_read_whatever_its_other_tags_say() -> None:
    data = saved(Image.fromarray(RED_BLUE), "TIFF", tiffinfo={0x112: 6, 282: 72.0, 283: 72.0, 0x10F: "make"})
    for tag in (282, 283, 0x10F):
        data = data.replace(
            struct.pack("<HH", tag, 5 if tag < 300 and tag != 0x10F else 2), struct.pack("<HH", tag, 12)
        )
    picture = read_picture(data)
    assert picture.shape == (12, 8, 3) and picture[0, 0].tolist() == [255, 0, 0]


def linear_light() -> bytes:
    """A profile of sRGB's colours in linear light, by hand."""

    def fixed(*values: float) -> bytes:
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, 256) + b"\0\0"
    colours = [(0.9642, 1, 0.8249), (0.4360, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141)]
    kinds = (b"wtpt", b"rXYZ", b"gXYZ", b"bXYZ")
    tags = [(kind, b"XYZ \0\0\0\0" + fixed(*xyz)) for kind, xyz in zip(kinds, colours, strict=True)]
    tags += [(kind, curve) for kind in (b"rTRC", b"gTRC", b"bTRC")]
    at, table, body = 132 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for kind, data in tags:
        table += kind + struct.pack(">II", at + len(body), len(data))
        body += data
    head = struct.pack(">I", at + len(body)) + b"\0" * 4 + b"\x02\x10\0\0mntrRGB XYZ " + bytes(12) + b"acsp" + bytes(28)
    return head + fixed(0.9642, 1, 0.8249) + bytes(48) + table + body


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_a_colour_profile_is_followed(format: str) -> None:
    options = {"lossless": True} if format == "WEBP" else {"quality": 100, "subsampling": 0} if format == "JPEG" else {}
    colour = Image.new("RGB", (8, 8), (0, 85, 164))
    picture = read_picture(saved(colour, format, icc_profile=linear_light(), **options))
    assert picture[4, 4].tolist() == pytest.approx([0, 156, 210], abs=3 if format == "JPEG" else 1)


def test_a_colour_profile_leaves_transparency() -> None:
    clear = Image.new("RGBA", (8, 8), (0, 85, 164, 0))
    clear.paste((0, 85, 164, 255), (0, 0, 4, 8))
    picture = read_picture(saved(clear, "PNG", icc_profile=linear_light()))
    assert picture[0, 0].tolist() == pytest.approx([0, 156, 210], abs=1) and picture[0, -1].tolist() == [255, 255, 255]


@pytest.mark.parametrize(
    "profile", [b"", b"nonsense", bytes(2 << 20), linear_light()[:200]], ids=["empty", "text", "zeros", "cut"]
)
def test_a_profile_that_cannot_be_read_changes_nothing(profile: bytes) -> None:
    assert (read_picture(saved(Image.fromarray(RED_BLUE), "PNG", icc_profile=profile)) == RED_BLUE).all()


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"tEXt", b"iCCP", b"eXIf"])
def test_no_amount_of_text_hides_the_pixels(kind: bytes) -> None:
    before = PngImagePlugin.MAX_TEXT_CHUNK
    text = b"x\0\1\0\0\0" if kind == b"iTXt" else b"x\0\0"
    extra = chunk(kind, text + zlib.compress(bytes(5_000_000))) + chunk(b"eXIf", exif(UPRIGHT)[6:])
    png = saved(Image.fromarray(RED_BLUE), "PNG")
    assert read_picture(png[:33] + extra + png[33:]).shape == (12, 8, 3)
    assert before == PngImagePlugin.MAX_TEXT_CHUNK


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


@pytest.mark.parametrize(
    ("image", "format"),
    [
        (Image.fromarray(np.array([[0, 1 / 3, 1]], np.float32)), "TIFF"),
        (Image.fromarray(np.array([[0, 85, 255]], np.float32)), "TIFF"),
        (Image.fromarray(np.array([[0, 1 / 3, 1]], np.float32)), "PPM"),
        (Image.fromarray(np.array([[0, 21845, 65535]], np.uint16)), "TIFF"),
        (Image.fromarray(np.array([[0, 21845, 65535]], np.uint16)), "PPM"),
        (Image.fromarray(np.array([[0, 21845, 65535]], np.int32)), "TIFF"),
        (Image.fromarray(np.array([[0, 715827882, 2**31 - 1]], np.int32)), "TIFF"),
    ],
)
def test_grey_of_any_depth_keeps_its_values(image: Image.Image, format: str) -> None:
    assert read_picture(saved(image, format))[0, :, 0].tolist() == [0, 85, 255]


def test_numbers_without_a_sign_and_those_that_are_none() -> None:
    data = saved(Image.fromarray(np.array([[0, 0x55555555, -1]], np.int32)), "TIFF")
    data = data.replace(struct.pack("<HHI", 339, 3, 1) + b"\2", struct.pack("<HHI", 339, 3, 1) + b"\1")
    assert read_picture(data)[0, :, 0].tolist() == [0, 85, 255]
    odd = Image.fromarray(np.array([[np.nan, -np.inf, 1, np.inf]], np.float32))
    assert read_picture(saved(odd, "TIFF"))[0, :, 0].tolist() == [0, 0, 255, 255]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"P6 2 1 65535\n" + struct.pack(">6H", 65535, 0, 21845, 1, 2, 3), [[255, 0, 85], [0, 0, 0]]),
        (b"P5\n# ten bits\n3 1\n1023\n" + struct.pack(">3H", 0, 341, 1023), [[0] * 3, [85] * 3, [255] * 3]),
        (b"P5 2 1 3\n\1\3", [[85] * 3, [255] * 3]),
        (b"P3 2 1 15 # four bits\n15 0 5\n # and a line\n 0 0 15\n", [[255, 0, 85], [0, 0, 255]]),
        (b"P2 2 1 65535 0 65535", [[0] * 3, [255] * 3]),
        (b"P1 3 1\n0#\n10", [[255] * 3, [0] * 3, [255] * 3]),
        (b"P4 3 1\n\x40", [[255] * 3, [0] * 3, [255] * 3]),
        (b"P6 1 1 255\n\1\2\3", [[1, 2, 3]]),
    ],
)
def test_netpbm_of_any_depth(data: bytes, expected: list[list[int]]) -> None:
    assert read_picture(data)[0].tolist() == expected


@pytest.mark.parametrize(
    "data", [b"P6 2 2 65535\n123", b"P3 1 1 255\n1 2", b"P3 1 1 255\n1 2 x", b"P1 2 1 12", b"P2 1 1 0 0"]
)
def test_damaged_netpbm_is_one_line(data: bytes) -> None:
    with pytest.raises(PictureError, match=r"^bad cannot be read as a picture: it"):
        read_picture(data, "bad")


def png(bits: int, kind: int, rows: bytes, width: int, *extra: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, 1, bits, kind, 0, 0, 0)
    parts = (chunk(b"IHDR", header), *extra, chunk(b"IDAT", zlib.compress(b"\0" + rows)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize(
    "data",
    [
        png(2, 0, b"\x40", 2, b"%"),
        png(4, 0, b"\x10", 2, b"%"),
        png(8, 0, b"\1\0", 2, b"%"),
        png(16, 0, b"\0\1\0\0", 2, b"%"),
        png(8, 2, b"\1\1\1\0\0\0", 2, b"%"),
        png(16, 2, b"\0\1\0\1\0\1" + b"\x20" * 6, 2, b"%"),
    ],
    ids=["2 bits", "4 bits", "8 bits", "16 bits", "rgb", "16 bits rgb"],
)
def test_a_transparent_colour_is_clear_at_any_depth(data: bytes) -> None:
    content = struct.pack(">H", 1) * (3 if data[25] == 2 else 1)
    picture = read_picture(data.replace(b"%", chunk(b"tRNS", content), 1))
    assert picture[0, 0].tolist() == [255] * 3 and picture[0, 1, 0] < 40


def test_a_transparent_bit_is_clear() -> None:
    assert (read_picture(png(1, 0, b"\x40", 2)) == [[0], [255]]).all()
    assert (read_picture(png(1, 0, b"\x40", 2, chunk(b"tRNS", b"\0\0"))) == 255).all()


@pytest.mark.parametrize(
    ("box", "shape"),
    [((10, 5, 50, 35), (30, 40, 3)), ((0, 5, 60, 35), (30, 60, 3)), ((30, 0, 60, 40), (40, 60, 3))],
    ids=["around", "above and below", "one side only"],
)
@pytest.mark.parametrize("mode", ["RGBA", "P", "LA"])
def test_clear_margins_are_cut_off(box: tuple[int, int, int, int], shape: tuple[int, ...], mode: str) -> None:
    image = Image.new("RGBA", (60, 40), (255, 255, 255, 0))
    image.paste((200, 20, 30, 255), box)
    data = saved(image.convert("LA").convert(mode) if mode == "LA" else image.convert(mode), "PNG")
    assert read_picture(data).shape == shape


def test_a_figure_on_a_clear_ground_keeps_its_ground() -> None:
    image = Image.new("RGBA", (60, 40), (255, 255, 255, 0))
    ImageDraw.Draw(image).ellipse((18, 8, 42, 32), fill=(190, 0, 40, 255))
    picture = read_picture(saved(image, "PNG"))
    assert picture.shape == (40, 60, 3) and picture[0, 0].tolist() == [255, 255, 255]


def test_the_first_frame_of_an_animation() -> None:
    frames = [Image.new("RGB", (5, 5), colour) for colour in ("red", "blue")]
    picture = read_picture(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert picture[2, 2].tolist() == pytest.approx([255, 0, 0], abs=4)


def bomb(width: int, height: int) -> bytes:
    """A valid PNG header of a picture that nobody should unpack."""
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


@pytest.mark.long
@pytest.mark.parametrize(
    ("data", "says"),
    [
        (lambda: bomb(80_000_000, 1), "over 65,535 pixels wide or high"),
        (
            lambda: saved(Image.new("RGB", (9000, 8000)), "TIFF", compression="tiff_lzw", tiffinfo={278: 8000}),
            "over 350 MB",
        ),
        (lambda: webp(8000, 8000), "over 350 MB"),
        (lambda: many_scans(2000), "scans: save it as PNG"),
    ],
    ids=["thin", "a strip", "webp", "scans"],
)
def test_what_would_take_too_much_is_refused_unread(data: Callable[[], bytes], says: str) -> None:
    with pytest.raises(PictureError, match=rf"^bad .*{says}"):
        read_picture(data(), "bad")


def tiff(width: int, height: int) -> bytes:
    """A TIFF of one strip, of another size than that in its header."""
    data = saved(Image.new("RGB", (31, 33)), "TIFF", compression="tiff_lzw", tiffinfo={278: 33})
    for tag, old, new in ((256, 31, width), (257, 33, height), (278, 33, height)):
        entries = [struct.pack("<HHII", tag, type, 1, old) for type in (3, 4)]
        data = data.replace(next(entry for entry in entries if entry in data), struct.pack("<HHII", tag, 4, 1, new))
    return data


def webp(width: int, height: int) -> bytes:
    """A WebP without pixels of another size than that in its header."""
    data = bytearray(saved(Image.new("RGB", (8, 8)), "WEBP", lossless=True))
    bits = int.from_bytes(data[21:25], "little") & ~0xFFFFFFF | (width - 1) | (height - 1) << 14
    data[21:25] = bits.to_bytes(4, "little")
    return bytes(data)


def many_scans(count: int) -> bytes:
    data = saved(Image.new("RGB", (1600, 1600)), "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + count * last + data[-2:]


def test_a_large_picture_is_shrunk_as_it_is_read() -> None:
    stripes = np.repeat(np.array([[[200, 20, 30], [255, 255, 255], [0, 60, 150]]], np.uint8), 1000, 1)
    large = Image.fromarray(np.repeat(stripes, 2000, 0))
    clear = large.quantize(8)
    for data in (saved(large, "BMP"), saved(large, "JPEG", quality=95), saved(clear, "GIF", transparency=250)):
        picture = read_picture(data)
        assert picture.shape == (1000, 1500, 3)
        assert np.abs(picture[500, [200, 700, 1300]].astype(int) - stripes[0, [400, 1400, 2600]]).max() < 12


@pytest.mark.long
def test_eighty_megapixels_take_less_than_half_a_gigabyte(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png_of_zeros(10_000, 8000, 8, 2))
    (tmp_path / "a.tif").write_bytes(tiff_of_zeros(10_000, 8000, 1, 1, 1, rows=8000))
    reading = (
        "import pathlib, sys; from flagsae.flags.pictures import read_picture; from hostile.memory import peak\n"
        "for name in sys.argv[1:]: assert read_picture(pathlib.Path(name)).shape == (1000, 1250, 3)\n"
        "print(peak())"
    )
    command = [sys.executable, "-c", reading, *map(str, tmp_path.iterdir())]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    assert int(subprocess.check_output(command, env=environment)) < 500e6


def test_memory_that_is_not_there_costs_one_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(image: Image.Image) -> None:
        raise MemoryError

    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load_prepare", none_left)
    with pytest.raises(PictureError, match=r"^a\.png takes more memory than there is: shrink it$"):
        read_picture(saved(Image.fromarray(RED_BLUE), "PNG"), "a.png")


@pytest.mark.parametrize("name", ["flag.svg", "flag.png"])
def test_an_svg_says_what_to_do(name: str) -> None:
    with pytest.raises(PictureError, match=f"^{name} is an SVG, which flagsae does not read: export it as PNG$"):
        read_picture(b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>", name)


def test_what_is_no_regular_file_is_named_and_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "loop.png").symlink_to("loop.png")
    (tmp_path / "zero.png").symlink_to("/dev/zero")
    (tmp_path / "nothing.png").symlink_to("nowhere")
    (tmp_path / "piped.png").symlink_to("pipe.png")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket.png"))
    said = {}
    for name, file in find_pictures(tmp_path):
        with pytest.raises(PictureError, match=rf"^{name} is a .*, no picture$") as error:
            read_picture(file, name)
        said[name.removesuffix(".png")] = str(error.value)
    assert {name: said[name].split(" is ")[1].removesuffix(", no picture") for name in said} == {
        "loop": "a link that leads back to itself",
        "nothing": "a link to nothing",
        "pipe": "a pipe",
        "piped": "a pipe",
        "socket": "a socket",
        "zero": "a device",
    }


def test_three_hundred_hostile_pictures(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    numbers = [number for number in range(302) if number % 200 != BOMBS]
    became = [attempt(0, number, tmp_path)[0] for number in numbers]
    assert set(became) == {"read", "refused"} and became.count("read") > 60
    assert capfd.readouterr() == ("", "")


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


def test_resampling_averages_areas() -> None:
    assert resample(RED_BLUE, 1, 1)[0, 0].tolist() == pytest.approx([128, 0, 128], abs=1)
