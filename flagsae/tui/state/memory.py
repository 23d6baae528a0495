"""What the application remembers from one start to the next, in tui.json."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from flagsae import paths
from flagsae.errors import HomeError
from flagsae.tui.commands import SCREENS


@dataclass(frozen=True)
class Memory:
    """What is remembered. A default means that nothing was chosen yet.

    To remember more, add a field: `load` accepts values of its default's type.
    """

    screen: str = ""  # one of `SCREENS`
    theme: str = ""  # the name of a theme of Textual's or ours
    expression: str = ""  # the sum on the Mix screen
    flag: str = ""  # the slug of the chosen flag
    feature: int = -1  # the number of the chosen feature
    method: str = ""  # how the map is laid out
    cells: str = ""  # the kind of block characters, and after a space why another one was detected: as of `Cells`


def file() -> Path:
    return paths.home() / "tui.json"


def load() -> Memory:
    """What was saved last; of a damaged file, the fields that can be read."""
    try:
        saved = json.loads(file().read_bytes())
    except (HomeError, OSError, ValueError, RecursionError):
        return Memory()
    if not isinstance(saved, dict):
        return Memory()
    known = {
        field.name: saved[field.name]
        for field in fields(Memory)
        if field.name in saved and type(saved[field.name]) is type(field.default)
    }
    if known.get("screen") not in SCREENS:
        known.pop("screen", None)
    return Memory(**known)


def save(memory: Memory) -> None:
    """Writes the whole file, or leaves the old one. If it cannot be written, nothing is remembered and no error is
    shown."""
    with contextlib.suppress(HomeError, OSError), paths.replacing(file()) as out:
        out.write(json.dumps(asdict(memory), indent=1).encode())


def forget() -> None:
    with contextlib.suppress(HomeError, OSError):
        file().unlink()
