"""One table for what people call a flag: slug, English name, ISO code, alias; any case, accents forgiven."""

from __future__ import annotations

import csv
import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from flagsae.errors import DatasetError, UnknownName


@dataclass(frozen=True)
class Name:
    """What one flag is called: `slug` is unique in its dataset, `others` are ISO codes and aliases."""

    slug: str
    title: str
    others: tuple[str, ...] = ()


def fold(text: str) -> str:
    """The form in which names are compared: `"Côte d'Ivoire"` becomes `"cote-divoire"`."""
    plain = unicodedata.normalize("NFKD", text.strip()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold().replace("'", "").replace("&", " and ")).strip("-")


class NameTable:
    """Finds the position of a flag from anything that it is called."""

    def __init__(self, names: Sequence[Name]) -> None:
        self.names = tuple(names)
        self._positions: dict[str, int] = {}
        # A slug wins over a title, a title over a code or an alias of another flag.
        for position, name in enumerate(self.names):
            self._positions[name.slug] = position
        for position, name in enumerate(self.names):
            self._positions.setdefault(fold(name.title), position)
        for position, name in enumerate(self.names):
            for other in name.others:
                self._positions.setdefault(fold(other), position)
        # What has no Latin letter or digit folds to nothing: no key, or every such name would find one flag.
        self._positions.pop("", None)

    def __getitem__(self, text: str) -> int:
        """Raises `UnknownName`, with what was probably meant."""
        key = fold(text)
        if key in self._positions:
            return self._positions[key]
        close = difflib.get_close_matches(key, self._positions, n=6, cutoff=0.6)
        slugs = list(dict.fromkeys(self.names[self._positions[match]].slug for match in close))
        hint = "" if slugs else "A slug, an English name, an ISO code or a picture's path is understood."
        raise UnknownName("flag", text, slugs[:3], hint)

    def complete(self, start: str) -> list[tuple[str, str]]:
        """(slug, title) of the flags that begin with `start` or have an alias that does."""
        key = fold(start)
        found = {position for text, position in self._positions.items() if text.startswith(key)}
        return [(self.names[position].slug, self.names[position].title) for position in sorted(found)]


def read_names(path: Path) -> list[Name]:
    """Reads a table with the columns slug, name and, where they exist, iso_alpha2 and aliases (`|` between)."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:  # spreadsheets put a byte order mark in front
            rows = csv.DictReader(file)
            if not {"slug", "name"} <= set(rows.fieldnames or ()):
                has = ", ".join(rows.fieldnames or ()) or "none"
                raise DatasetError(f"{path} needs the columns slug and name; it has {has}")
            return [
                Name(
                    fold(row["slug"]),
                    row["name"] or row["slug"],
                    _others(row.get("iso_alpha2"), *(row.get("aliases") or "").split("|")),
                )
                for row in rows
                if row["slug"]
            ]
    except (UnicodeDecodeError, csv.Error):
        raise DatasetError(f"{path} is no table that can be read: save it as CSV in UTF-8") from None


def _others(*texts: str | None) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def completions(names: Iterable[Name], start: str, typed: Iterable[str] = ()) -> list[tuple[str, str]]:
    """What to offer after `start`, without the flags already on the line."""
    done = set(typed)
    return [(slug, title) for slug, title in NameTable(list(names)).complete(start) if slug not in done]
