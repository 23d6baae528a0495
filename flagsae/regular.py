"""Regular files, and what is none: a pipe or a device has no end, and may wait for ever when it is opened."""

from __future__ import annotations

import errno
import stat
from pathlib import Path

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_ERRORS = {
    errno.ENOENT: "a link to nothing",
    errno.ELOOP: "a link that leads back to itself",
    errno.EACCES: "not for this user to read",
    errno.EPERM: "not for this user to read",
}


def irregular(path: Path) -> str:
    """What a path is that is no regular file, links followed: "a pipe", "a link to nothing"; else "".

    Nothing is opened. Raises `OSError` where there is nothing of that name, or it cannot be looked at.
    """
    path.lstat()
    try:
        mode = path.stat().st_mode
    except OSError as error:
        if error.errno in _ERRORS:
            return _ERRORS[error.errno]
        raise
    return no_file(mode)


def no_file(mode: int) -> str:
    """What something is that is no regular file, by its mode; else ""."""
    return "" if stat.S_ISREG(mode) else next((words for test, words in _KINDS if test(mode)), "no file")
