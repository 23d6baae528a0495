"""Where files are (those that the package ships, the user's datasets and models), and the one way to write files.

The home is the folder of the user's datasets and models: the platform's usual one, or `FLAGSAE_HOME`. Asking for a path
creates nothing. If the home cannot be determined, searches there find nothing, and writing raises `HomeError`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import IO

from flagsae.errors import HomeError, UsageError
from flagsae.locks import gone, lock
from flagsae.regular import no_file


def shipped(name: str) -> Path:
    """The path of a file in `data/`, which is inside an installed package, and next to it in a checkout."""
    package = Path(__file__).parent
    installed = package / "data" / name
    return installed if installed.exists() else package.parent / "data" / name


def home() -> Path:
    """The folder of the user's datasets and models. Raises `HomeError` if it cannot be determined."""
    try:
        if override := os.environ.get("FLAGSAE_HOME"):
            return Path(override).expanduser()
        from platformdirs import user_data_path

        folder = user_data_path("flagsae", appauthor=False)
    except (RuntimeError, OSError, KeyError, ValueError):  # the system has no entry for the user
        raise HomeError from None
    if not folder.is_absolute():  # a ~ could not be expanded
        raise HomeError
    return folder


def found(pattern: str) -> list[Path]:
    """The files in the home that match a pattern like `models/*/model.safetensors`, sorted; none without a home."""
    try:
        return sorted(home().glob(pattern))
    except (HomeError, OSError):
        return []


def in_home(*parts: str) -> Path | None:
    """The path of a file in the home, if it exists; else None."""
    try:
        path = home().joinpath(*parts)
    except HomeError:
        return None
    return path if is_file(path) else None


def is_file(path: str | Path) -> bool:
    """Whether a file exists. False for a text that cannot be a file's name, as it is too long or contains a NUL."""
    return os.path.isfile(path)  # noqa: PTH113 - unlike `Path.is_file` it never raises


def is_folder(path: str | Path) -> bool:
    """Whether a folder exists."""
    return os.path.isdir(path)  # noqa: PTH112 - likewise


def written(path: Path) -> float:
    """When a file was last written, in seconds since 1970; 0 if it does not exist."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def dataset_file(name: str) -> Path:
    return home() / "datasets" / f"{name}.npz"


def models_folder() -> Path:
    return home() / "models"


def log_file() -> Path:
    """The log of the terminal application, for what must not go to its screen; without a home, the null device."""
    try:
        return home() / "tui.log"
    except HomeError:
        return Path(os.devnull)


# Writing.

TEMPORARY = re.compile(r"\.flagsae-[0-9a-f]{16}\.tmp")  # files that are being written, or whose writer was killed


def writable(path: Path) -> Path:
    """The file to write for a path: the path itself or, if it is a link, what it leads to.

    Raises `UsageError` if it exists and is not a regular file, `OSError` if it is write-protected or its folder is not
    accessible.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:  # also for a link to nothing
        pass
    else:
        if kind := no_file(mode):
            raise UsageError(f"{path} is {kind}: give the name of a file")
        if not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    return Path(os.path.realpath(path)) if path.is_symlink() else path


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """An open file that replaces `path` when the context ends without an error.

    It is written under another name in the same folder, synced, and renamed, so that `path` has either its old or its
    new contents, even after a crash. A link stays, and its target is replaced. The mode of an old file is kept, and
    its owner where permitted. Raises like `writable`.
    """
    target = writable(path)
    old = target.stat() if target.exists() else None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        clear(target.parent)
        # A new file gets the mode that the user's umask gives. In place of an old file nobody else can read it until
        # it has the old file's mode.
        name, handle = _temporary(target.parent, 0o666 if old is None else 0o600)
    except OSError as error:  # name the file that the user asked for, not the temporary one
        raise OSError(error.errno, error.strerror, str(path)) from None
    try:
        with handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
            if old is not None:
                if hasattr(os, "chown"):  # not on Windows
                    with contextlib.suppress(OSError):
                        os.chown(name, old.st_uid, old.st_gid)
                os.chmod(name, stat.S_IMODE(old.st_mode) & 0o777)
            if os.name == "nt":  # Windows does not rename open files; nor has it locks, which would be lost here
                handle.close()
            os.replace(name, target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise


def _temporary(folder: Path, mode: int) -> tuple[str, IO[bytes]]:
    """(name, open file) of a new file in a folder. It is locked while it is open, so that `clear` keeps it."""
    while True:
        name = str(folder / f".flagsae-{os.urandom(8).hex()}.tmp")
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        handle = os.fdopen(os.open(name, flags, mode), "w+b")
        with contextlib.suppress(BlockingIOError):
            lock(handle.fileno())
            if not gone(handle.fileno()):
                return name, handle
        handle.close()  # another process deleted it in `clear`, before it was locked: try again


@lru_cache
def clear(folder: Path) -> None:
    """Deletes the temporary files of killed processes in a folder; done once in a process. Those of running ones are
    locked, and stay."""
    for path in folder.glob(".flagsae-*.tmp"):
        if TEMPORARY.fullmatch(path.name):
            with contextlib.suppress(OSError):  # it is locked, or another process has deleted it
                found = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
                try:
                    if stat.S_ISREG(os.fstat(found).st_mode) and lock(found):
                        path.unlink()
                finally:
                    os.close(found)
