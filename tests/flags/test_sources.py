"""Folders, zips and single files, and what is offered of them."""

import io
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from flagsae import paths
from flagsae.errors import DatasetError, PictureError
from flagsae.flags.pictures import read_picture
from flagsae.flags.sources import find_pictures, find_table

RED_BLUE = np.repeat(np.repeat(np.array([[[255, 0, 0], [0, 0, 255]]], np.uint8), 8, 0), 6, 1)  # 8 x 12


def saved(format: str) -> bytes:
    out = io.BytesIO()
    Image.fromarray(RED_BLUE).save(out, format)
    return out.getvalue()


PNG = saved("PNG")


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    for name in ("b.png", "a/z.png", ".hidden/x.png", "a/.x.png", "__MACOSX/b.png", "flags.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(PNG)
    assert [name for name, _ in find_pictures(tmp_path)] == ["a/z.png", "b.png"]


def test_one_file_is_offered_as_itself() -> None:
    path = paths.shipped("flags/japan.png")
    assert list(find_pictures(path)) == [("japan.png", path)]


def test_a_zip_is_read_with_its_folders(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("sub/b.png", "a.png", "__MACOSX/a.png", ".hidden.png", "flags.csv"):
            archive.writestr(name, PNG)
    assert [name for name, _ in find_pictures(tmp_path / "a.zip")] == ["a.png", "sub/b.png"]
    assert all(read_picture(file, name).shape == (8, 12, 3) for name, file in find_pictures(tmp_path / "a.zip"))


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=str
)
def test_a_damaged_entry_of_a_zip_is_no_picture(tmp_path: Path, method: int) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("a.png", saved("BMP"))
        archive.writestr("b.png", PNG)
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
        archive.writestr("a.png", PNG)
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
        archive.writestr("a.png", PNG)
    data = bytearray(path.read_bytes())
    data[data.rindex(b"PK\1\2")] = 0
    path.write_bytes(data)
    with pytest.raises(DatasetError, match="damaged zip") as error:
        list(find_pictures(path))
    assert "\n" not in str(error.value)


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="does not exist"):
        list(find_pictures(tmp_path / "nowhere"))


def test_names_in_a_zip_are_as_their_writers_meant(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("日本.png", "../../up.png", "/etc/root.PNG", "dos\\", "dos\\dir\\é.png"):
            archive.writestr(name, PNG)
        archive.writestr("old.png", PNG)
    data = bytearray((tmp_path / "a.zip").read_bytes())
    for signature, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):  # as written without the flag "UTF-8"
        start = -1
        while (start := data.find(signature, start + 1)) >= 0:
            data[start + at + 1] &= ~8
    data = data.replace(b"old.png", b"\x8fld.png")  # cp437: no UTF-8
    (tmp_path / "a.zip").write_bytes(data)
    names = [name for name, _ in find_pictures(tmp_path / "a.zip")]
    assert sorted(names) == sorted(["dos/dir/é.png", "etc/root.PNG", "up.png", "Åld.png", "日本.png"])


def test_a_zips_claims_about_sizes_are_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flagsae.flags.sources.MOST_BYTES", 3_000_000)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("large.png", bytes(7_654_321))
        archive.writestr("a.png", PNG)
    honest = path.read_bytes()
    for claim in (7_654_321, 10, 3_999_999_999):
        path.write_bytes(honest.replace((7_654_321).to_bytes(4, "little"), claim.to_bytes(4, "little")))
        told: list[str] = []
        offered = dict(find_pictures(path, told.append))
        assert offered["a.png"] == PNG and len(offered.get("large.png", b"")) <= 10
        assert told == [] if "large.png" in offered else told[0].startswith("large.png is over 3 MB in the zip: ")


@pytest.mark.parametrize("table", ["flags.csv", "FLAGS.CSV", "sub/Flags.csv"])
def test_a_folder_and_its_zip_have_the_same_pictures_and_table(tmp_path: Path, table: str) -> None:
    folder = tmp_path / "mine"
    with zipfile.ZipFile(tmp_path / "mine.zip", "w") as archive:
        for name in ("sub-b.png", "sub/c.png", "sub/a.png", "A.png", table):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(PNG)
            archive.write(folder / name, name)
    there, packed = ([name for name, _ in find_pictures(source)] for source in (folder, tmp_path / "mine.zip"))
    assert there == packed == ["A.png", "sub/a.png", "sub/c.png", "sub-b.png"]
    assert find_table(tmp_path / "mine.zip") == (PNG, f"{tmp_path}/mine.zip/{table}")
    assert find_table(folder) == (folder / table, f"{folder}/{table}")
    assert find_table(folder / "A.png") is None


def test_what_is_left_out_of_a_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    (tmp_path / "closed").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path)
    scan = os.scandir

    def refused(path: str) -> object:
        if str(path).endswith("closed"):  # the tests may be run by root, to whom no folder is closed
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refused)
    told: list[str] = []
    assert [name for name, _ in find_pictures(tmp_path, told.append)] == ["a.png"]
    assert sorted(told) == [
        "closed cannot be looked into: Permission denied",
        "linked is a link to a folder: give that folder itself",
    ]


def test_a_name_that_is_no_utf8_has_letters(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xe9t\xe9.png")).write_bytes(PNG)
    ((name, file),) = find_pictures(tmp_path)
    assert name == "été.png" and read_picture(file, name).shape == (8, 12, 3)


def test_a_picture_with_a_zip_behind_it_is_a_picture(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("b.png", PNG)
    (tmp_path / "a.png").write_bytes(PNG + (tmp_path / "a.zip").read_bytes())
    assert list(find_pictures(tmp_path / "a.png")) == [("a.png", tmp_path / "a.png")]


def test_a_source_that_has_no_end_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for source, kind in ((tmp_path / "pipe", "a pipe"), (Path("/dev/zero"), "a device")):
        with pytest.raises(DatasetError, match=f"{source} is {kind}: give a folder"):
            list(find_pictures(source))
