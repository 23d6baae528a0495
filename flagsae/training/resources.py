"""What a run needs of the machine, checked before anything is allocated: a device, memory, threads."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch

from flagsae.errors import Parameter, UsageError
from flagsae.machine import free_memory

# A run gets a thread for each so many multiply-adds in the largest matrix product of a step. `crisp` has 15 million
# (324 x 248 x 192), and a second thread makes it no faster. `seed` has 8 million, as it goes over blocks of its
# outputs; directly on pixels it has 96 million (72 x 20808 x 64), and a second thread saved up to a quarter of the
# time (`benchmarks/threads.py`).
WORTH_A_THREAD = 40_000_000


@dataclass(frozen=True)
class Needs:
    """What a run needs, estimated from its configuration."""

    memory: int  # bytes, at least
    work: int  # multiply-adds in the largest matrix product of a step


def usable_device(name: str) -> torch.device:
    """The device of a name, tried with a small product. Raises `UsageError` if torch cannot compute on it here."""
    try:
        with warnings.catch_warnings(action="ignore"):
            device = torch.device(name)
            ones = torch.ones(2, 2).to(device)
            if bool(((ones @ ones).cpu() == 2).all()):
                return device
    except Exception:  # torch raises many types, depending on whether the build, the driver or the device is missing
        pass
    reason = f"{name!r}: torch finds no such device here; leave the option out, or give cpu"
    raise UsageError(reason, parameter="device")


def check_memory(needed: int) -> None:
    """Raises `UsageError` if a run needs more memory than is free. needed: in bytes."""
    free = free_memory()
    if free is not None and needed > free:
        raise UsageError(
            f"this run needs {needed / 1e9:.3g} GB of memory, and {free / 1e9:.3g} GB are free: give fewer ",
            Parameter("features"),
            ", or prepare fewer or smaller pictures",
        )


def threads_for(work: int, wanted: int) -> int:
    """How many threads a run computes with. work: as in `Needs`; wanted: the user's number, or 0 to decide by `work`.

    Threads must wait for each other many times an epoch, so that more of them only pay for large matrices.
    """
    if wanted:
        return min(wanted, os.cpu_count() or 1)
    return max(1, min(work // WORTH_A_THREAD, torch.get_num_threads()))


@contextmanager
def threads(count: int) -> Iterator[None]:
    """A context in which torch computes with `count` threads for the calling thread."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
