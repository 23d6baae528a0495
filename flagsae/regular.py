"""Tells regular files from others. A pipe or a device may have no end, and opening it may never return."""

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
    """What a path is if it is not a regular file, like "a pipe" or "a link to nothing"; "" if it is one.

    Follows links; opens nothing. Raises `OSError` if nothing has that name, or it is not accessible.
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
    """What kind of file a mode (of `stat`) belongs to, like "a pipe"; "" for a regular file."""
    return "" if stat.S_ISREG(mode) else next((words for test, words in _KINDS if test(mode)), "no file")
