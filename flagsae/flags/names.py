"""One table for what people call a flag: slug, English name, ISO code, alias; any case, accents forgiven."""

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

MOST_BYTES = 20_000_000  # of a table of names


@dataclass(frozen=True)
class Name:
    """What one flag is called: `slug` is unique in its dataset, `others` are ISO codes and aliases."""

    slug: str
    title: str
    others: tuple[str, ...] = ()


# Letters of Latin alphabets in which Unicode sees no simpler letter, and how they are written without them.
LETTERS = {"ß": "ss", "ı": "i", "ð": "d", "þ": "th", "ŋ": "ng", "ə": "e", "ɛ": "e", "ɔ": "o", "ĸ": "k", "ʒ": "z"}
_WITH = re.compile("LATIN SMALL (?:LETTER|LIGATURE) ([A-Z]{1,2})(?: WITH .+)?")  # ø is an O WITH STROKE


def fold(text: str) -> str:
    """The form in which names are compared: `"Côte d'Ivoire"` becomes `"cote-divoire"`.

    Letters, digits and hyphens of ASCII only. A letter of another script is its number, so that `"日本"` has a form of
    its own too, `"u65e5-u672c"`; signs are left out, unless there is nothing else, as in a flag's emoji.
    """
    plain = unicodedata.normalize("NFC", text.strip()).casefold().replace("'", "").replace("&", " and ")
    if not plain.isascii():
        parts = [_ascii(character, "LN") for character in unicodedata.normalize("NFC", plain)]
        plain = "".join(parts)
        if not re.search("[a-z0-9]", plain):
            plain = "".join(_ascii(character, "LNS") for character in text)
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _ascii(character: str, kinds: str) -> str:
    """A character in ASCII: as it is, without its accent, by its sound, or by its number where it is of such kinds."""
    plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode().casefold()
    if plain or character.isascii() or "\u02b0" <= character <= "\u02ff":  # marks among letters, as in Hawaiʻi
        return plain
    if character in LETTERS:
        return LETTERS[character]
    if match := _WITH.fullmatch(unicodedata.name(character, "")):
        return match[1].casefold()
    kind = unicodedata.category(character)
    # Accents that stand alone say nothing; the vowel signs of Indian scripts do, and are of no combining class.
    sign = kind[0] == "M" and not unicodedata.combining(character) and not "\ufe00" <= character <= "\ufe0f"
    return f"-u{ord(character):04x}-" if kind[0] in kinds or sign else ""


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
        # What has no letter or digit folds to nothing: no key, or every such name would find one flag.
        self._positions.pop("", None)

    def __getitem__(self, text: str) -> int:
        """Raises `UnknownName`, with what was probably meant."""
        key = fold(text)
        if key in self._positions:
            return self._positions[key]
        close = nearest(key, self._positions, 6)  # several names may be of one flag
        slugs = list(dict.fromkeys(self.names[self._positions[match]].slug for match in close))
        hint = "" if slugs else "A slug, an English name, an ISO code or a picture's path is understood."
        raise UnknownName("flag", text, slugs[:3], hint)

    def complete(self, start: str) -> list[tuple[str, str]]:
        """(slug, title) of the flags that begin with `start` or have an alias that does."""
        key = fold(start)
        found = {position for text, position in self._positions.items() if text.startswith(key)}
        return [(self.names[position].slug, self.names[position].title) for position in sorted(found)]


def read_names(file: Path | bytes, name: str = "") -> list[Name]:
    """Reads a table with the columns slug, name and, where they exist, iso_alpha2 and aliases (`|` between)."""
    name = name or str(file)
    try:
        # Spreadsheets put a byte order mark in front.
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
    """What to offer after `start`, without the flags already on the line."""
    done = set(typed)
    return [(slug, title) for slug, title in NameTable(list(names)).complete(start) if slug not in done]
