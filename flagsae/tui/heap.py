"""Where threads put their memory: on one heap, so that what one of them frees is there for all.

The C library of most Linux systems (glibc) gives each thread a heap of its own, up to eight for each core. What a
thread has freed stays on its heap. Arrays of some megabytes come and go in each of a dozen threads, and after a
thousand random actions more was free on their heaps than was in use.
"""

from __future__ import annotations

import sys

M_ARENA_MAX = -8  # of malloc.h


def share_heap() -> None:
    """From now on no thread gets a heap of its own. Does nothing where the C library has no such setting."""
    if sys.platform != "linux":
        return
    import ctypes

    limit = getattr(ctypes.CDLL(None), "mallopt", None)
    if limit is not None:
        limit(M_ARENA_MAX, 1)
