"""A picture that flagsae wrote carries its design: it is found exactly, and needs no parse."""

import struct
from pathlib import Path

import pytest

from flagsae.design import carried, kept
from flagsae.design.design import Design
from flagsae.design.render import file_of
from flagsae.design.words import read
from flagsae.errors import PictureError
from flagsae.flags.dataset import Dataset

SAID = "red field; blue triangle edged white at the hoist; three yellow stars in a ring at the hoist"


def written(folder: Path, flags: Dataset, suffix: str, said: str = SAID) -> tuple[Path, Design]:
    design = read(said)
    path = folder / f"flag{suffix}"
    path.write_bytes(file_of(design, flags.palette, suffix, 90, {"Title": "Tom & <Jerry>"}))
    return path, design


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_a_written_flag_is_read_as_it_is(tmp_path: Path, flags: Dataset, suffix: str) -> None:
    path, design = written(tmp_path, flags, suffix)
    flag = carried.flag_of(path, flags)
    assert flag is not None
    assert kept.design_of(flag, flags.palette) == design


def test_other_pictures_carry_none(tmp_path: Path, flags: Dataset) -> None:
    path, _ = written(tmp_path, flags, ".png")
    data = path.read_bytes()
    for other in (
        b"",
        data[:40],
        data.replace(b"flagsae:design", b"flagsae:desigm"),
        data.replace(b"stripes", b"stripez"),
    ):
        path.write_bytes(other)
        assert carried.read_design(path) is None
    path.write_bytes(data[:8] + struct.pack(">I4s", 2**31, b"iTXt") + data[8:])
    assert carried.read_design(path) is None
    assert carried.read_design(tmp_path / "nothing.png") is None


def test_an_svg_of_others_is_refused(tmp_path: Path, flags: Dataset) -> None:
    path, _ = written(tmp_path, flags, ".svg")
    text = path.read_text()
    path.write_text(text.replace("flagsae:design", "other:design"))
    with pytest.raises(PictureError, match="carries no design of flagsae: give a PNG"):
        carried.read_design(path)
    path.write_text(text.replace("triangle", "tringle"))
    with pytest.raises(PictureError, match=r"is damaged \(.*tringle"):
        carried.read_design(path)
