"""The heap of the C library: threads share one, and what is free on it goes back to the system now and then.

The C library of most Linux systems (glibc) gives each thread a heap of its own, up to eight for each core. What a
thread has freed stays on its heap. Arrays of some megabytes come and go in each of a dozen threads, and after a
thousand random actions more was free on their heaps than was in use.

Of that one heap only the free end shrinks by itself. After some hundred actions a quarter of it was free in between
(607 MB before it was given back, 451 after).
"""

from __future__ import annotations

import sys

M_ARENA_MAX = -8  # of malloc.h


def share_heap() -> None:
    """From now on no thread gets a heap of its own. Does nothing where the C library has no such setting."""
    _call("mallopt", M_ARENA_MAX, 1)


def give_back() -> None:
    """Gives what is free on the heap back to the system: some milliseconds, in which nothing can be allocated. Does
    nothing where the C library has no such function."""
    _call("malloc_trim", 0)


def _call(name: str, *values: int) -> None:
    if sys.platform != "linux":
        return
    import ctypes

    function = getattr(ctypes.CDLL(None), name, None)
    if function is not None:
        function(*values)
