"""What a process has held."""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def peak() -> int:
    """The most bytes that this process had in memory since its program began.

    On Linux `ru_maxrss` is handed down to a new program by the process that started it, which may be larger.
    """
    status = Path("/proc/self/status")
    if status.exists():
        found = (line.split() for line in status.read_text().splitlines())
        return next(1024 * int(words[1]) for words in found if words[0] == "VmHWM:")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
