"""Where things are: what the package ships, and what the user's datasets and models are called.

`FLAGSAE_HOME` overrides the platform's folder. Asking for a path creates nothing. Where nobody knows the user's folder,
who looks for something there finds nothing (`found`), and who wants to write gets a `HomeError`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import IO

from flagsae.errors import HomeError, UsageError
from flagsae.locks import gone, lock
from flagsae.regular import no_file


def shipped(name: str) -> Path:
    """A file of `data/`: inside the installed package, else beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "data" / name
    return installed if installed.exists() else package.parent / "data" / name


def home() -> Path:
    """The folder of the user's own datasets and models. Raises `HomeError` where nothing tells it."""
    try:
        if override := os.environ.get("FLAGSAE_HOME"):
            return Path(override).expanduser()
        from platformdirs import user_data_path

        folder = user_data_path("flagsae", appauthor=False)
    except (RuntimeError, OSError, KeyError, ValueError):  # of a user whom the system does not know
        raise HomeError from None
    if not folder.is_absolute():  # a ~ that stands for no folder
        raise HomeError
    return folder


def found(pattern: str) -> list[Path]:
    """What is there in the home, in order: `models/*/model.safetensors`. Nothing where the home is not known."""
    try:
        return sorted(home().glob(pattern))
    except (HomeError, OSError):
        return []


def in_home(*parts: str) -> Path | None:
    """The file of that name in the home, if there is one."""
    try:
        path = home().joinpath(*parts)
    except HomeError:
        return None
    return path if is_file(path) else None


def is_file(path: str | Path) -> bool:
    """Whether there is a file of that name. A text that can be no name, as it is too long or holds a NUL, is none."""
    return os.path.isfile(path)  # noqa: PTH113 - unlike `Path.is_file` it raises nothing


def is_folder(path: str | Path) -> bool:
    """Whether there is a folder of that name."""
    return os.path.isdir(path)  # noqa: PTH112 - likewise


def written(path: Path) -> float:
    """When a file was last written, in seconds; 0 where it is gone."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def dataset_file(name: str) -> Path:
    return home() / "datasets" / f"{name}.npz"


def models_folder() -> Path:
    return home() / "models"


def log_file() -> Path:
    """Where the terminal application writes what must not show on its screen; nowhere, where the home is unknown."""
    try:
        return home() / "tui.log"
    except HomeError:
        return Path(os.devnull)


# Writing.

TEMPORARY = re.compile(r"\.flagsae-[0-9a-f]{16}\.tmp")  # what is being written, or was when its writer was killed


def writable(path: Path) -> Path:
    """The file that is written where `path` is: what it leads to, where it is a link.

    Raises `UsageError` where there is something that is no file, which stays as it is, and `OSError` where the file
    is write-protected, or its folder cannot be looked into.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:  # also where a link leads to nothing yet
        pass
    else:
        if kind := no_file(mode):
            raise UsageError(f"{path} is {kind}: give the name of a file")
        if not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    return Path(os.path.realpath(path)) if path.is_symlink() else path


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that takes its name only when whole: written beside it, synced, then renamed.

    Whoever reads `path` sees the old content or the new, also after a crash in the middle. A link stays, and its
    target is replaced; an old file's mode stays, and its owner where that is allowed. Raises as `writable` does.
    """
    target = writable(path)
    old = target.stat() if target.exists() else None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        clear(target.parent)
        # Readable for others as the user's umask has it, but never more than the old file.
        name, handle = _temporary(target.parent, 0o666 if old is None else 0o600)
    except OSError as error:  # which names the temporary file: the user asked for another
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
            if os.name == "nt":  # which renames no open file, and has no locks that others would look for
                handle.close()
            os.replace(name, target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise


def _temporary(folder: Path, mode: int) -> tuple[str, IO[bytes]]:
    """A new file in a folder and its name, locked as long as it is open: its writer lives."""
    while True:
        name = str(folder / f".flagsae-{secrets.token_hex(8)}.tmp")
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        handle = os.fdopen(os.open(name, flags, mode), "w+b")
        with contextlib.suppress(BlockingIOError):
            lock(handle.fileno())
            if not gone(handle.fileno()):
                return name, handle
        handle.close()  # somebody who cleared the folder found it before it was locked


@lru_cache
def clear(folder: Path) -> None:
    """Deletes what killed writers left in a folder, once in a process; what a living one writes is locked."""
    for path in folder.glob(".flagsae-*.tmp"):
        if TEMPORARY.fullmatch(path.name):
            with contextlib.suppress(OSError):  # locked, or deleted by another who clears
                found = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
                try:
                    if stat.S_ISREG(os.fstat(found).st_mode) and lock(found):
                        path.unlink()
                finally:
                    os.close(found)
