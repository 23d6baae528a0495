"""The files of a folder, of a zip, or a single one, with their names.

A zip is not unpacked to the disk, so that a harmful path in it has no effect.
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

MOST_BYTES = 100_000_000  # size of a file in a zip, decompressed
PIECE = 1_000_000  # bytes that are decompressed at once
TABLE = "flags.csv"  # the file that names the pictures around it

File: TypeAlias = Path | bytes  # where a file is, or its contents
Files: TypeAlias = list[tuple[str, Callable[[], File]]]  # (name with / between folders, function that opens the file)


def find_pictures(source: Path, left_out: Callable[[str], None] = lambda reason: None) -> Iterator[tuple[str, File]]:
    """(name, file) of every file of a folder or a zip, or of a single file, in the order of their names.

    Names are relative to `source`. Hidden files, and tables that name pictures, are left out. left_out: called with
    a reason for what cannot be read: a folder without permission, a link to a folder, a file in a zip that is too
    large. Raises `DatasetError` if `source` is none of the three.
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
    """(the table that names the pictures of a folder or a zip, its path); None without. If there are several, the one
    in the fewest folders."""
    with _files(source, lambda reason: None) as files:
        tables = [(name, file) for name, file in files if _is_table(name)] if len(files) > 1 else []
        if not tables:
            return None
        name, file = min(tables, key=lambda table: table[0].count("/"))
        return file(), f"{source}/{name}"


@contextmanager
def _files(source: Path, left_out: Callable[[str], None]) -> Iterator[Files]:
    """The files of a source; those of a zip can be opened as long as the context lasts."""
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
        except Exception:  # zipfile's own, and those that a damaged directory causes in struct and codecs
            raise DatasetError(f"{source} is a damaged zip: pack it again, or give the folder") from None
        with archive:
            yield _sorted(
                (_name_of(entry), lambda entry=entry: _unpack(archive, entry))  # type: ignore[misc]
                for entry in archive.infolist()
                if not entry.filename.endswith(("/", "\\"))  # the entry of a folder
            )
    else:
        yield [(_readable(source.name), lambda: source)]


def _sorted(files: Iterator[tuple[str, Callable[[], File]]]) -> Files:
    """The files that are not hidden, folder by folder: a zip gives the same order as its folder would."""
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
    """A file's name as text that can be encoded. One that is not UTF-8, which Python keeps as bytes, is read as
    latin-1."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("latin-1")
    return name


def _is_zip(source: Path) -> bool:
    """Whether a file is a zip: by its suffix or its first bytes. A picture with a zip after its pixels is not one."""
    with source.open("rb") as file:
        first = file.read(4)
    if first not in (b"PK\3\4", b"PK\5\6") and source.suffix.lower() != ".zip":
        return False
    return zipfile.is_zipfile(source)


def _name_of(entry: zipfile.ZipInfo) -> str:
    r"""The name of an entry of a zip. UTF-8 is recognised even if it is not marked as such; otherwise it is cp437.

    `\` separates folders like `/`. Parts that would lead out of the zip (`..`) or to its root are left out.
    """
    name = entry.filename
    if not entry.flag_bits & 0x800:  # not marked as UTF-8: zipfile has read it as cp437
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    parts = name.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", ".", ".."))


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The contents of an entry; empty if it is encrypted or damaged, so that it will be refused as not a picture.

    Raises `PictureError` if it is larger than `MOST_BYTES`, whatever size the zip claims.
    """
    data = bytearray()
    try:
        with archive.open(entry) as file:
            while len(data) <= MOST_BYTES and (piece := file.read(PIECE)):
                data += piece
    except Exception:  # zipfile's own, and those of each compression method
        return b""
    if len(data) > MOST_BYTES:
        raise PictureError(
            f"{_name_of(entry)} is over {MOST_BYTES // 10**6} MB in the zip: shrink it, or unpack the zip"
        )
    return bytes(data)
