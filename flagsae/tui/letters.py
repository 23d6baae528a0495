"""Terminals without UTF-8: how to detect them, and ASCII in place of box lines, blocks and accents."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Mapping


def plain(environ: Mapping[str, str], encoding: str) -> bool:
    """Whether the terminal shows ASCII only. encoding: of stdout.

    The encoding alone doesn't say: with the locale C or POSIX, Python sets UTF-8 although the terminal may not have it.
    """
    locale = next(filter(None, (environ.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG"))), "")
    try:
        "▀│⣿".encode(encoding)
    except (UnicodeError, LookupError):
        return True
    return locale in ("C", "POSIX") and not {"PYTHONIOENCODING", "PYTHONUTF8"} & set(environ)


HANDLER = "flagsae.cells"  # the name under which `lookalikes` is registered as an error handler of codecs
# Patterns for the Unicode name of a character, from its beginning -> the ASCII character that looks like it. The first
# that matches counts.
LOOKALIKES = (
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


def lookalikes(error: UnicodeError) -> tuple[str | bytes, int]:
    """An error handler that writes ASCII in place of the characters that an encoding lacks, as wide as these are in
    cells of the terminal: e for é, | for │, two question marks for 日."""
    from rich.cells import cell_len

    def lookalike(character: str) -> str:
        name, columns = unicodedata.name(character, ""), cell_len(character)
        found = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()  # without accents
        if len(found) != columns:
            found = next((ascii for pattern, ascii in LOOKALIKES if pattern.match(name)), "?") * columns
        return found

    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(lookalike, error.object[error.start : error.end])), error.end


codecs.register_error(HANDLER, lookalikes)
