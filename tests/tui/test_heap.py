"""Threads of the application share a heap, as glibc counts its heaps."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

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


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="each thread has a heap of its own with glibc only")
def test_threads_share_a_heap(tmp_path: Path) -> None:
    heaps = tmp_path / "heaps.xml"
    subprocess.run([sys.executable, "-c", OPENED, str(heaps)], cwd=Path(__file__).parent, check=True)
    assert heaps.read_text().count("<heap nr=") <= 2  # the one that the program began with, and the opening thread's
