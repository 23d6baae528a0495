"""The names of written files."""

from __future__ import annotations

MOST_LETTERS = 80  # of a file's name; file systems allow 255 bytes


class Folder:
    """A folder to write into. Names its files after their titles; two files with one title get different names."""

    def __init__(self, path: str) -> None:
        self.path = path  # ends with /
        self.taken: set[str] = set()  # names without suffix

    def file(self, title: str, suffix: str = ".png") -> str:
        """The path of a new file."""
        from flagsae.flags.names import fold

        stem = base = fold(title)[:MOST_LETTERS].strip("-") or "flag"
        number = 2
        while stem in self.taken:
            stem, number = f"{base}-{number}", number + 1
        self.taken.add(stem)
        return f"{self.path}{stem}{suffix}"


def suffix_of(output: str) -> str:
    """The suffix of a path; .png for stdout and for a folder."""
    from pathlib import PurePath

    return PurePath(output).suffix.lower() or ".png"
