"""Composites as files and records: what `compose` and `sample` have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flagsae.cli.screen import write
from flagsae.printable import json_line

if TYPE_CHECKING:
    from flagsae.mixing.compose import Composite

SUFFIXES = (".png", ".svg", ".gif", ".json")


class Folder:
    """Names files after what they show, each once."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.taken: set[str] = set()

    def file(self, title: str, suffix: str = ".png") -> str:
        from flagsae.flags.names import fold

        stem = base = fold(title)[:80].strip("-") or "flag"
        number = 2
        while stem in self.taken:
            stem, number = f"{base}-{number}", number + 1
        self.taken.add(stem)
        return f"{self.path}{stem}{suffix}"


def suffix_of(output: str) -> str:
    """.png for stdout and folders."""
    from pathlib import PurePath

    return PurePath(output).suffix.lower() or ".png"


def save(
    title: str,
    expression: str,
    composites: Sequence[Composite],
    folder: Folder,
    size: int,
    model_hash: str,
    quiet: bool,
) -> None:
    """Writes composites of one sum: each into a folder, or the only one into a file; nothing where none is named."""
    if folder.path.lower().endswith(".json"):
        lines = [line(title, expression, composite, model_hash) for composite in composites]
        write("".join(lines).encode(), folder.path, quiet)
    elif folder.path:
        from flagsae.workspace.drawing import about, file_of

        for composite in composites:
            path = folder.file(title) if folder.path.endswith("/") else folder.path
            data = file_of(composite, suffix_of(path), size, about(title, expression, model_hash))
            write(data, path, quiet)


def line(title: str, expression: str, composite: Composite, model_hash: str) -> str:
    """A composite's record as a line of a JSON file."""
    from flagsae.workspace.drawing import record

    return json_line(record(title, expression, composite, model_hash))
