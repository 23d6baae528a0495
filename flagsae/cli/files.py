"""What files are called."""

from __future__ import annotations


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
