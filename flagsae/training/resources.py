"""What a run needs of the machine, found out before anything is allocated: a device, memory, threads."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import torch

from flagsae.errors import UsageError

# Multiply-adds of one product from which another thread is worth it. `crisp` has 15 million (324 x 248 x 192): a
# second thread saves it a tenth of the time on a quiet machine and costs twice the time on a busy one. At 41 million
# (512 features) the second thread saves 40 %; `seed` has 96 million (72 x 20808 x 64).
WORTH_A_THREAD = 20_000_000


@dataclass(frozen=True)
class Needs:
    """memory: bytes, at the least; work: multiply-adds of the largest product of a step."""

    memory: int
    work: int


def usable_device(name: str) -> torch.device:
    """The device, which has been computed on. Raises `UsageError` where torch knows none of that name, or has none."""
    try:
        with warnings.catch_warnings(action="ignore"):
            device = torch.device(name)
            ones = torch.ones(2, 2).to(device)
            if bool(((ones @ ones).cpu() == 2).all()):
                return device
    except Exception:  # torch raises half a dozen kinds for devices that this build, or this machine, does not have
        pass
    raise UsageError(f"--device {name!r}: torch finds no such device here; leave the option out, or give cpu")


def check_memory(needed: int) -> None:
    """Raises `UsageError` where a run needs more memory than is free. needed: in bytes."""
    free = free_memory()
    if free is not None and needed > free:
        raise UsageError(
            f"this run needs {needed / 1e9:.3g} GB of memory, and {free / 1e9:.3g} GB are free: "
            "give fewer --features, or prepare fewer or smaller pictures"
        )


def free_memory() -> int | None:
    """Bytes that a process may still allocate, as far as the system says so."""
    known = []
    with suppress(OSError, KeyError, ValueError):
        lines = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
        known.append(1024 * int(lines["MemAvailable"].removesuffix("kB")))
    with suppress(OSError, ValueError):  # of a container; "max" is none
        known.append(int(Path("/sys/fs/cgroup/memory.max").read_text()))
    with suppress(ImportError):  # Windows has no such limits
        import resource

        limit = resource.getrlimit(resource.RLIMIT_AS)[0]
        if limit != resource.RLIM_INFINITY:
            known.append(limit)
    if not known and "SC_PHYS_PAGES" in getattr(os, "sysconf_names", ()):  # macOS: how much there is, free or not
        known.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    return min(known, default=None)


def threads_for(work: int, wanted: int) -> int:
    """How many threads a run computes in. work: multiply-adds of its largest product; wanted: 0 leaves it to that.

    Threads wait for each other many times an epoch: small matrices are done before the second one has begun.
    """
    if wanted:
        return min(wanted, os.cpu_count() or 1)
    return max(1, min(work // WORTH_A_THREAD, torch.get_num_threads()))


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Meanwhile torch computes in so many threads, where this thread asks it to."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
