"""Finds flags by what people call them: slug, English name, ISO code or alias, without regard to case and accents."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from flagsae.errors import DatasetError, UnknownName, nearest
from flagsae.regular import irregular

MOST_BYTES = 20_000_000  # size of a table of names


@dataclass(frozen=True)
class Name:
    """What one flag is called."""

    slug: str  # unique in its dataset: lower-case ASCII letters, digits and hyphens
    title: str  # the name that is shown, in any script
    others: tuple[str, ...] = ()  # ISO codes and aliases


# Letters of Latin alphabets that Unicode does not decompose, and how they are written in ASCII.
LETTERS = {"ß": "ss", "ı": "i", "ð": "d", "þ": "th", "ŋ": "ng", "ə": "e", "ɛ": "e", "ɔ": "o", "ĸ": "k", "ʒ": "z"}
_WITH = re.compile("LATIN SMALL (?:LETTER|LIGATURE) ([A-Z]{1,2})(?: WITH .+)?")  # Unicode's name of ø: O WITH STROKE


def fold(text: str) -> str:
    """The form in which names are compared: `"Côte d'Ivoire"` becomes `"cote-divoire"`.

    It consists of lower-case ASCII letters, digits and hyphens. A letter of another script becomes its code point, so
    that `"日本"` becomes `"u65e5-u672c"`. Symbols are left out, unless the name has nothing else, like an emoji.
    """
    plain = unicodedata.normalize("NFC", text.strip()).casefold().replace("'", "").replace("&", " and ")
    if not plain.isascii():
        parts = [_ascii(character, "LN") for character in unicodedata.normalize("NFC", plain)]
        plain = "".join(parts)
        if not re.search("[a-z0-9]", plain):
            plain = "".join(_ascii(character, "LNS") for character in text)
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _ascii(character: str, kinds: str) -> str:
    """A character in ASCII: unchanged, without its accent, transcribed, or else as its code point.

    kinds: the first letters of the Unicode categories that become code points; all others are left out.
    """
    plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode().casefold()
    if plain or character.isascii() or "\u02b0" <= character <= "\u02ff":  # marks among letters, as in Hawaiʻi
        return plain
    if character in LETTERS:
        return LETTERS[character]
    if match := _WITH.fullmatch(unicodedata.name(character, "")):
        return match[1].casefold()
    kind = unicodedata.category(character)
    # Accents by themselves are left out. The vowel signs of Indian scripts are marks too, but have combining class 0.
    sign = kind[0] == "M" and not unicodedata.combining(character) and not "\ufe00" <= character <= "\ufe0f"
    return f"-u{ord(character):04x}-" if kind[0] in kinds or sign else ""


class NameTable:
    """Finds the position of a flag by any of its names."""

    def __init__(self, names: Sequence[Name]) -> None:
        self.names = tuple(names)
        self._positions: dict[str, int] = {}
        # A slug takes precedence over a title of another flag, a title over a code or an alias of another.
        for position, name in enumerate(self.names):
            self._positions[name.slug] = position
        for position, name in enumerate(self.names):
            self._positions.setdefault(fold(name.title), position)
        for position, name in enumerate(self.names):
            for other in name.others:
                self._positions.setdefault(fold(other), position)
        # Names without a letter or digit fold to "", by which they would all find one flag.
        self._positions.pop("", None)

    def __getitem__(self, text: str) -> int:
        """The position of the flag. Raises `UnknownName`, which suggests similar names."""
        key = fold(text)
        if key in self._positions:
            return self._positions[key]
        close = nearest(key, self._positions, 6)  # more than are shown, as several may be names of the same flag
        slugs = list(dict.fromkeys(self.names[self._positions[match]].slug for match in close))
        hint = "" if slugs else "A slug, an English name, an ISO code or a picture's path is understood."
        raise UnknownName("flag", text, slugs[:3], hint)

    def knows(self, text: str) -> bool:
        """Whether a flag has this name."""
        return fold(text) in self._positions

    def slug(self, slug: str) -> int | None:
        """The position of the flag with a slug; None where there is none."""
        position = self._positions.get(slug)
        return position if position is not None and self.names[position].slug == slug else None

    def complete(self, start: str) -> list[tuple[str, str]]:
        """(slug, title) of the flags of which any name begins with `start`."""
        key = fold(start)
        found = {position for text, position in self._positions.items() if text.startswith(key)}
        return [(self.names[position].slug, self.names[position].title) for position in sorted(found)]


def read_names(file: Path | bytes, name: str = "") -> list[Name]:
    """Reads a CSV table with the columns slug, name and, if present, iso_alpha2 and aliases (separated by `|`).

    file: a path or the contents; name: what errors call it. Raises `DatasetError` if it cannot be read.
    """
    name = name or str(file)
    try:
        # "-sig": spreadsheets write a byte order mark at the beginning.
        rows = csv.DictReader(io.StringIO(_read(file, name).decode("utf-8-sig"), newline=""))
        if not {"slug", "name"} <= set(rows.fieldnames or ()):
            has = ", ".join(rows.fieldnames or ()) or "none"
            raise DatasetError(f"{name} needs the columns slug and name; it has {has}")
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
        raise DatasetError(f"{name} is no table that can be read: save it as CSV in UTF-8") from None


def _read(file: Path | bytes, name: str) -> bytes:
    if isinstance(file, Path):
        if kind := irregular(file):
            raise DatasetError(f"{name} is {kind}: give a table in a file, or take it away")
        with file.open("rb") as opened:
            file = opened.read(MOST_BYTES + 1)
    if len(file) > MOST_BYTES:
        raise DatasetError(f"{name} is over {MOST_BYTES // 10**6} MB, which no table of flags is: take it away")
    return file


def _others(*texts: str | None) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def completions(names: Iterable[Name], start: str, typed: Iterable[str] = ()) -> list[tuple[str, str]]:
    """(slug, title) of the flags to offer for `start`, without those that are `typed` on the command line already."""
    done = set(typed)
    return [(slug, title) for slug, title in NameTable(list(names)).complete(start) if slug not in done]
