"""What a run needs of the machine, found out before anything is allocated: a device, memory, threads."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch

from flagsae.errors import Parameter, UsageError
from flagsae.machine import free_memory

# Multiply-adds of a step's largest product for which a thread is worth it. `crisp` has 15 million (324 x 248 x 192),
# and a second thread, which waits asleep, makes it no faster; `seed` has 96 million (72 x 20808 x 64), and it saves up
# to a quarter of the time (`benchmarks/threads.py`).
WORTH_A_THREAD = 40_000_000


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
    reason = f"{name!r}: torch finds no such device here; leave the option out, or give cpu"
    raise UsageError(reason, parameter="device")


def check_memory(needed: int) -> None:
    """Raises `UsageError` where a run needs more memory than is free. needed: in bytes."""
    free = free_memory()
    if free is not None and needed > free:
        raise UsageError(
            f"this run needs {needed / 1e9:.3g} GB of memory, and {free / 1e9:.3g} GB are free: give fewer ",
            Parameter("features"),
            ", or prepare fewer or smaller pictures",
        )


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
