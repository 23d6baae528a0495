"""Threads of the application share a heap, as glibc counts its heaps, and what is free on it is given back."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from user import opened, session, until

from flagsae.tui import app as application
from flagsae.tui.app import FlagsaeApp
from flagsae.tui.heap import give_back

OPENED = """
import asyncio, ctypes, sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from user import opened

async def main():
    async with opened():
        everyone = Barrier(12)
        def work(_):
            text = bytes(10_000)
            everyone.wait()
            return text
        with ThreadPoolExecutor(12) as threads:
            list(threads.map(work, range(12)))

asyncio.run(main())
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
"""


only_glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have other heaps")


@pytest.mark.long
@only_glibc
def test_threads_share_a_heap(tmp_path: Path) -> None:
    heaps = tmp_path / "heaps.xml"
    subprocess.run([sys.executable, "-c", OPENED, str(heaps)], cwd=Path(__file__).parent, check=True)
    assert heaps.read_text().count("<heap nr=") <= 2  # the one that the program began with, and the opening thread's


def held() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@only_glibc
def test_what_is_free_between_what_is_used_is_given_back() -> None:
    some = [bytes(2000) for _ in range(50_000)]  # 100 MB
    kept = some[::50]
    before = held()
    del some
    give_back()
    assert len(kept) == 1000 and held() < before - 60e6


@pytest.mark.long
@session
async def test_the_application_gives_back_once_after_each_burst(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "REST", 0.01)
    times: list[None] = []
    monkeypatch.setattr(application, "give_back", lambda: times.append(None))

    async def rested(app: FlagsaeApp, pilot: Pilot[Any]) -> int:
        await until(pilot, lambda: app.rested > app.last_input)
        return len(times)

    async with opened() as (app, pilot):
        first = await rested(app, pilot)
        await pilot.pause(0.05)
        assert await rested(app, pilot) == first
        await pilot.press("right")
        assert await rested(app, pilot) > first
