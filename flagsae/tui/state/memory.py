"""What the application remembers from one time to the next."""

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
    """flag: the slug of the selected flag; feature: the selected one's number; method: of the map. What is empty, or
    below 0, has not been chosen yet.

    A field more is all that it takes to remember more: its default's type is what `load` accepts.
    """

    screen: str = ""
    theme: str = ""
    expression: str = ""
    flag: str = ""
    feature: int = -1
    method: str = ""


def file() -> Path:
    return paths.home() / "tui.json"


def load() -> Memory:
    """What was saved last. Of a damaged or foreign file, as much as can be understood."""
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
    """Writes it whole or not at all. Where it cannot be written, nothing is remembered, and nobody is bothered."""
    with contextlib.suppress(HomeError, OSError), paths.replacing(file()) as out:
        out.write(json.dumps(asdict(memory), indent=1).encode())


def forget() -> None:
    with contextlib.suppress(HomeError, OSError):
        file().unlink()
