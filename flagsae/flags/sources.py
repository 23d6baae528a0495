"""Where pictures come from: a folder, a zip, or one file. What is offered is named as whoever made it meant.

Nothing is unpacked to the disk, so that a name of a zip is only a name.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

from flagsae.errors import DatasetError, PictureError
from flagsae.regular import irregular

MOST_BYTES = 100_000_000  # of one file in a zip, unpacked
PIECE = 1_000_000
TABLE = "flags.csv"

File: TypeAlias = Path | bytes
Files: TypeAlias = list[tuple[str, Callable[[], File]]]  # names with / between folders, and what gives each file


def find_pictures(source: Path, left_out: Callable[[str], None] = lambda reason: None) -> Iterator[tuple[str, File]]:
    """(name, file) of every file of a folder, a zip or a single picture, in the order of their names.

    Names are relative to `source`. Hidden files, and the tables that name pictures, are not offered. `left_out` is
    told in words of what cannot be: a folder without permission or behind a link, too large a file in a zip. Raises
    `DatasetError` where `source` is none of the three.
    """
    with _files(source, left_out) as files:
        for name, file in files:
            if not _is_table(name):
                try:
                    offered = file()
                except PictureError as error:
                    left_out(str(error))
                else:
                    yield name, offered


def find_table(source: Path) -> tuple[File, str] | None:
    """The table that names the pictures of a folder or a zip, and where it is: the one in the fewest folders."""
    with _files(source, lambda reason: None) as files:
        tables = [(name, file) for name, file in files if _is_table(name)] if len(files) > 1 else []
        if not tables:
            return None
        name, file = min(tables, key=lambda table: table[0].count("/"))
        return file(), f"{source}/{name}"


@contextmanager
def _files(source: Path, left_out: Callable[[str], None]) -> Iterator[Files]:
    try:
        kind = irregular(source)
    except FileNotFoundError:
        raise DatasetError(f"{source} does not exist: give a folder, a zip or a picture") from None
    if kind == "a folder":
        yield _sorted((name, lambda path=path: path) for name, path in _walk(source, left_out))  # type: ignore[misc]
    elif kind:
        raise DatasetError(f"{source} is {kind}: give a folder, a zip or a picture")
    elif _is_zip(source):
        try:
            archive = zipfile.ZipFile(source)
        except Exception:  # zipfile's own, and what a damaged directory makes struct and the codecs raise
            raise DatasetError(f"{source} is a damaged zip: pack it again, or give the folder") from None
        with archive:
            yield _sorted(
                (_meant(entry), lambda entry=entry: _unpack(archive, entry))  # type: ignore[misc]
                for entry in archive.infolist()
                if not entry.filename.endswith(("/", "\\"))  # a folder's own
            )
    else:
        yield [(_readable(source.name), lambda: source)]


def _sorted(files: Iterator[tuple[str, Callable[[], File]]]) -> Files:
    """What is not hidden, folder by folder: a zip's pictures come in the order of its folder's."""
    return sorted((file for file in files if not _hidden(file[0])), key=lambda file: file[0].split("/"))


def _hidden(name: str) -> bool:
    return not name or any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def _is_table(name: str) -> bool:
    return name.rpartition("/")[2].casefold() == TABLE


def _walk(folder: Path, left_out: Callable[[str], None]) -> Iterator[tuple[str, Path]]:
    def called(path: str | Path) -> str:
        return _readable(Path(path).relative_to(folder).as_posix())

    def unreadable(error: OSError) -> None:
        left_out(f"{called(error.filename)} cannot be looked into: {error.strerror}")

    for root, folders, names in os.walk(folder, onerror=unreadable):
        for name in names:
            yield called(path := Path(root, name)), path
        folders[:] = sorted(name for name in folders if not _hidden(name))
        for path in (Path(root, name) for name in folders):
            if path.is_symlink():
                left_out(f"{called(path)} is a link to a folder: give that folder itself")


def _readable(name: str) -> str:
    """A file's name in letters: of one that is no UTF-8, Python keeps the bytes, and latin-1 shows each as a letter."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("latin-1")
    return name


def _is_zip(source: Path) -> bool:
    """By its suffix or its first bytes: that a picture has a zip behind its pixels makes it none."""
    with source.open("rb") as file:
        first = file.read(4)
    if first not in (b"PK\3\4", b"PK\5\6") and source.suffix.lower() != ".zip":
        return False
    return zipfile.is_zipfile(source)


def _meant(entry: zipfile.ZipInfo) -> str:
    r"""The name of an entry as its writer meant it, whatever the flag says: UTF-8 where it is, else cp437.

    `\` parts folders too, and what leads out of the zip or to its root is left out.
    """
    name = entry.filename
    if not entry.flag_bits & 0x800:  # not marked as UTF-8, and read as cp437 therefore
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    parts = name.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", ".", ".."))


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of an entry, none where it is encrypted or damaged, which is then no picture.

    Raises `PictureError` for too many; how many it says there are does not count.
    """
    data = bytearray()
    try:
        with archive.open(entry) as file:
            while len(data) <= MOST_BYTES and (piece := file.read(PIECE)):
                data += piece
    except Exception:  # zipfile's own, and those of each packing method
        return b""
    if len(data) > MOST_BYTES:
        raise PictureError(f"{_meant(entry)} is over {MOST_BYTES // 10**6} MB in the zip: shrink it, or unpack the zip")
    return bytes(data)
