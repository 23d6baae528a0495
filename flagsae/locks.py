"""Locks that end with the process that holds them, however it ends."""

from __future__ import annotations

import os


def lock(descriptor: int) -> bool:
    """Takes the lock of an open file, which it keeps until it is closed; False where the system knows no such locks.

    Raises `BlockingIOError` where another open file has it.
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
    """Whether an open file has been deleted: whoever locks a file that others delete looks once more."""
    return os.fstat(descriptor).st_nlink == 0
