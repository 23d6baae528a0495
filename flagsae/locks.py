"""Locks of files that are released when the process that holds them ends, even if it is killed."""

from __future__ import annotations

import os


def lock(descriptor: int) -> bool:
    """Locks an open file until it is closed. Returns False if the system has no such locks.

    Raises `BlockingIOError` if it is locked already, through another open file.
    """
    try:
        import fcntl
    except ModuleNotFoundError:  # Windows
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:  # a network drive without locks
        return False
    return True


def gone(descriptor: int) -> bool:
    """Whether an open file has been deleted. To be checked after locking a file that other processes may delete."""
    return os.fstat(descriptor).st_nlink == 0
