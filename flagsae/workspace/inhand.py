"""What every flag in hand can do, a mix or a drawn one: be written to a file, and show itself in a notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flagsae import paths
from flagsae.errors import UsageError
from flagsae.printable import json_line, printable
from flagsae.workspace.widths import NARROWEST, WIDEST, WIDTH

SHOWN = 480  # width in pixels of a picture in a notebook
SUFFIXES = (".png", ".svg", ".json")  # of the files that `save` writes


class InHand:
    """A flag with a title, a record, and a picture of any width."""

    title: str

    @property
    def record(self) -> dict[str, Any]:
        """What a command writes to a pipe of it."""
        raise NotImplementedError

    @property
    def has_outlines(self) -> bool:
        """Whether it can be an SVG."""
        return True

    def drawing(self, suffix: str, size: int) -> bytes:
        """As a ".png" or ".svg" of that width."""
        raise NotImplementedError

    def file(self, suffix: str, size: int = WIDTH) -> bytes:
        """The content of a file of the flag. suffix: ".png", ".svg", or ".json" for its record; size: width in pixels.

        Raises `UsageError` for another suffix or size, and for an SVG of what has no flat colour.
        """
        if suffix not in SUFFIXES:
            raise UsageError(f"cannot write {suffix or 'a file without suffix'}: save as {', '.join(SUFFIXES)}")
        if suffix == ".json":
            return json_line(self.record).encode()
        if not NARROWEST <= size <= WIDEST:
            raise UsageError(f"is from {NARROWEST} to {WIDEST} pixels, not {size}", parameter="size")
        return self.drawing(suffix, size)

    def save(self, path: str | Path, size: int = WIDTH) -> Path:
        """Writes a file of the flag, completely or not at all, and returns its path. The suffix says what `file` makes.

        Raises `UsageError` as `file` does, and `OSError`.
        """
        path = Path(path)
        data = self.file(path.suffix.lower(), size)
        with paths.replacing(path) as file:
            file.write(data)
        return path

    def __repr__(self) -> str:
        return f"<{printable(self.title)}>"

    def _repr_svg_(self) -> str | None:
        """For notebooks; None of what has no outlines."""
        return self.file(".svg", SHOWN).decode() if self.has_outlines else None

    def _repr_png_(self) -> bytes:
        """For notebooks that do not show SVG."""
        return self.file(".png", SHOWN)
