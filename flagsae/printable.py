"""Makes text from files and packages safe to print: titles, file names, headers and errors may contain anything.

Characters that a terminal would obey or hide are written as escapes: control characters (C0 and C1, with ESC), line
and paragraph separators, marks that change the direction of writing, and lone surrogates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# `str.isprintable` is false for all of these, but also for private-use characters, which are harmless.
_UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f"  # C0, DEL and C1: ESC, CSI, newlines
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks and overrides of direction (Unicode's Bidi_Control)
    r"\u2028\u2029"  # line and paragraph separators
    r"\ufeff"  # byte order mark, which is invisible
    r"\ufff9-\ufffb"  # interlinear annotations
    r"\U000e0000-\U000e007f"  # tags: invisible text
    r"\ud800-\udfff]"  # lone surrogates: Python's form of bytes in file names that are not UTF-8
)
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def printable(text: object, lines: bool = False) -> str:
    r"""A text on one line, with unsafe characters as escapes. lines: whether its newlines are kept.

    >>> printable("e\x1b[31mv\ril")
    'e\\x1b[31mv\\ril'
    """
    if lines:
        return "\n".join(printable(line) for line in str(text).split("\n"))
    return _UNSAFE.sub(_escaped, str(text))


def printable_json(line: str) -> str:
    r"""A line of JSON with unsafe characters as `\uXXXX`; it still means the same."""
    return _UNSAFE.sub(_json_escape, line)


def json_line(fields: Mapping[str, Any], encoding: str = "utf-8") -> str:
    """A record as a line of JSON that is safe to print. encoding: of the stream that it is written to; if that is not
    a UTF, the line is ASCII."""
    import json

    return printable_json(json.dumps(fields, ensure_ascii=not encoding.lower().startswith("utf"))) + "\n"


def _json_escape(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    number = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if 0xDC80 <= number <= 0xDCFF:  # stands for a byte that is not UTF-8
        return f"\\x{number - 0xDC00:02x}"
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
