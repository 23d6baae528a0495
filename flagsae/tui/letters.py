"""Terminals without UTF-8: how they are known, and what they show in the place of lines, blocks and accents."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Mapping


def plain(environ: Mapping[str, str], encoding: str) -> bool:
    """Whether the terminal has ASCII letters only. encoding: of stdout.

    Where the locale is C or POSIX by name, Python takes UTF-8 all the same.
    """
    locale = next(filter(None, (environ.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG"))), "")
    try:
        "▀│⣿".encode(encoding)
    except (UnicodeError, LookupError):
        return True
    return locale in ("C", "POSIX") and not {"PYTHONIOENCODING", "PYTHONUTF8"} & set(environ)


ALIKE = "flagsae.cells"  # the name of the handler for characters that an encoding lacks
# What looks like them, by the beginning of their names in Unicode.
LOOKS = (
    (re.compile(r"BOX DRAWINGS \w+( DOUBLE DASH| TRIPLE DASH| QUADRUPLE DASH)? HORIZONTAL$"), "-"),
    (re.compile(r"BOX DRAWINGS \w+( DOUBLE DASH| TRIPLE DASH| QUADRUPLE DASH)? VERTICAL$"), "|"),
    (re.compile(r"BOX DRAWINGS"), "+"),
    (re.compile(r".*(BLOCK|SHADE|QUADRANT|SQUARE|BULLSEYE|DIAMOND|CIRCLE)"), "#"),
    (re.compile(r".*(BULLET|STAR)|MULTIPLICATION"), "*"),
    (re.compile(r"(EN|EM|FIGURE) DASH|HORIZONTAL BAR|MINUS|LEFTWARDS ARROW|RIGHTWARDS ARROW|.*HYPHEN"), "-"),
    (re.compile(r".*(SINGLE QUOTATION|APOSTROPHE)"), "'"),
    (re.compile(r".*(DOUBLE QUOTATION)"), '"'),
    (re.compile(r"HORIZONTAL ELLIPSIS|MIDDLE DOT|BRAILLE"), "."),
)


def alike(error: UnicodeError) -> tuple[str | bytes, int]:
    """ASCII in as many columns as what an encoding has no character for: é as e, │ as |, 日 as two question marks."""
    from rich.cells import cell_len

    def look(letter: str) -> str:
        name, columns = unicodedata.name(letter, ""), cell_len(letter)
        found = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
        if len(found) != columns:
            found = next((look for pattern, look in LOOKS if pattern.match(name)), "?") * columns
        return found

    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(look, error.object[error.start : error.end])), error.end


codecs.register_error(ALIKE, alike)
