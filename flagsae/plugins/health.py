"""Tests whether installed visualizers work. Each is loaded, and draws, in a Python process of its own.

So this process is not affected if one exits, prints, never returns, or changes modules that others use.
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

PATIENCE = 10.0  # seconds for a visualizer to be loaded and to draw


@dataclass(frozen=True)
class Health:
    """What was found out about a visualizer."""

    fault: str = ""
    """What is wrong with it, as in "raised ZeroDivisionError"; empty if it works."""
    summary: str = ""
    """Its own one-line description."""
    files: tuple[str, ...] = ()
    """Suffixes of the files that it writes, besides those that are made for all visualizers."""
    printed: bool = False
    """Whether it printed something."""


def examine(plugins: Sequence[Plugin], patience: float = 0.0) -> Iterator[Health]:
    """The health of each visualizer, in their order. All are tested at the same time.

    patience: seconds after which one that is not done is at fault; `PATIENCE` if 0.
    """
    patience = patience or PATIENCE
    with contextlib.ExitStack() as stack:
        tried = [None if plugin.trouble else stack.enter_context(_start(plugin)) for plugin in plugins]
        for process in tried:
            if process is not None:
                stack.callback(process.kill)
        end = monotonic() + patience
        for plugin, process in zip(plugins, tried, strict=True):
            yield Health(plugin.trouble) if process is None else _answer(process, max(0.0, end - monotonic()), patience)


def _start(plugin: Plugin) -> subprocess.Popen[bytes]:
    """Starts the process that tests a visualizer."""
    # -P: without the working folder on its path, where a file may have the name of a module.
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
    """Waits for the result of a process, for at most `left` seconds."""
    assert process.stdout is not None
    try:
        process.wait(left)
    except subprocess.TimeoutExpired:
        return Health(f"is not done after {patience:g} s")
    # The answer is small enough to be in the pipe already. Do not wait for more: a process that the visualizer started
    # may keep the pipe open.
    os.set_blocking(process.stdout.fileno(), False)
    answer = process.stdout.read() or b""
    try:
        known: dict[str, Any] = json.loads(answer)
    except ValueError:
        return Health(f"ends Python, with exit code {process.returncode}")
    return Health(known["fault"], known["summary"], tuple(known["files"]), known["printed"])


def _child() -> None:
    """Runs in the other process: loads the visualizer, draws with it, and writes the result to the original stdout."""
    plugin = Plugin(**json.loads(sys.argv[1]))
    answer = os.dup(1)
    with tempfile.TemporaryFile() as printed:
        os.dup2(printed.fileno(), 1)
        health = _try(plugin)
        with contextlib.suppress(Exception):
            sys.stdout.flush()
        has_printed = os.fstat(printed.fileno()).st_size > 0
    os.write(answer, json.dumps({**health, "printed": has_printed}).encode())
    os._exit(0)  # do not run exit handlers of the visualizer, nor wait for its threads


def _try(plugin: Plugin) -> dict[str, Any]:
    """Loads a visualizer and draws one scene: the fields of `Health` but `printed`."""
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
