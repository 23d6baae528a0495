"""Whether installed visualizers work: each is loaded and drawn in a Python of its own.

So whatever one does, it does not do it here: end Python, print, sleep for ever, change what others have imported.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from time import monotonic
from typing import Any

from flagsae.errors import FlagsaeError, PluginError
from flagsae.plugins.registry import Plugin

PATIENCE = 10.0  # seconds in which a visualizer has to be loaded and to have drawn


@dataclass(frozen=True)
class Health:
    """fault: what is wrong with it, as in "raised ZeroDivisionError", or ""; summary: what it says of itself; files:
    suffixes of the files that it writes, beside those that any visualizer has; printed: whether it prints."""

    fault: str = ""
    summary: str = ""
    files: tuple[str, ...] = ()
    printed: bool = False


def examine(plugins: Sequence[Plugin], patience: float = PATIENCE) -> Iterator[Health]:
    """The health of each, in their order. All are tried at the same time, for so many seconds at most."""
    with contextlib.ExitStack() as stack:
        tried = [None if plugin.trouble else stack.enter_context(_start(plugin)) for plugin in plugins]
        for process in tried:
            if process is not None:
                stack.callback(process.kill)
        end = monotonic() + patience
        for plugin, process in zip(plugins, tried, strict=True):
            yield Health(plugin.trouble) if process is None else _answer(process, max(0.0, end - monotonic()), patience)


def _start(plugin: Plugin) -> subprocess.Popen[bytes]:
    # Without the working folder on its path, in which a file may have the name of a module.
    words = [
        sys.executable,
        "-P",
        "-c",
        "from flagsae.plugins.health import _child; _child()",
        json.dumps(asdict(plugin)),
    ]
    errors = None if os.environ.get("FLAGSAE_DEBUG") else subprocess.DEVNULL
    return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors)


def _answer(process: subprocess.Popen[bytes], left: float, patience: float) -> Health:
    assert process.stdout is not None
    try:
        process.wait(left)
    except subprocess.TimeoutExpired:
        return Health(f"is not done after {patience:g} s")
    # An answer fits into the pipe. Where there is none, a process that it has left behind may keep the pipe open.
    os.set_blocking(process.stdout.fileno(), False)
    answer = process.stdout.read() or b""
    try:
        known: dict[str, Any] = json.loads(answer)
    except ValueError:
        return Health(f"ends Python, with exit code {process.returncode}")
    return Health(known["fault"], known["summary"], tuple(known["files"]), known["printed"])


def _child() -> None:
    """In the other Python: loads the visualizer, draws with it, and answers on what was stdout."""
    plugin = Plugin(**json.loads(sys.argv[1]))
    answer = os.dup(1)
    with tempfile.TemporaryFile() as printed:
        os.dup2(printed.fileno(), 1)
        health = _try(plugin)
        with contextlib.suppress(Exception):
            sys.stdout.flush()
        said = os.fstat(printed.fileno()).st_size > 0
    os.write(answer, json.dumps({**health, "printed": said}).encode())
    os._exit(0)  # threads and exit handlers of others have no say in it


def _try(plugin: Plugin) -> dict[str, Any]:
    from flagsae.testing import scenes
    from flagsae.visual.scene import Size

    known: dict[str, Any] = {"fault": "", "summary": "", "files": []}
    try:
        loaded = plugin.load()
        known |= {"summary": loaded.summary, "files": [*loaded.files]}
        size = Size(40, 12)
        scene = scenes()["flag"]
        loaded.capture(scene, size)
        loaded.frames(scene, size.columns)
    except FlagsaeError as error:
        known["fault"] = error.fault if isinstance(error, PluginError) else str(error)
    return known
