"""Text of others, made safe for a terminal: titles, file names, headers and errors may hold anything.

What a terminal would obey instead of showing is shown as its escape: control characters (C0 and C1, ESC among them),
line and paragraph separators, marks that turn the direction of writing, and halves of surrogate pairs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# Python's own idea of printable leaves out every character of these kinds, and the private ones, which are harmless.
_UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f"  # C0, DEL and C1: ESC, CSI, newlines
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks and overrides of direction (Unicode's Bidi_Control)
    r"\u2028\u2029"  # line and paragraph separators
    r"\ufeff"  # a byte order mark, which is seen nowhere
    r"\ufff9-\ufffb"  # interlinear annotations
    r"\U000e0000-\U000e007f"  # tags: text that is seen nowhere
    r"\ud800-\udfff]"  # lone surrogates: how Python holds a byte of a file name that is no UTF-8
)
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def printable(text: object, lines: bool = False) -> str:
    r"""`text` on one line, with what a terminal would obey as escapes; lines: its newlines stay.

    >>> printable("e\x1b[31mv\ril")
    'e\\x1b[31mv\\ril'
    """
    if lines:
        return "\n".join(printable(line) for line in str(text).split("\n"))
    return _UNSAFE.sub(_escaped, str(text))


def printable_json(line: str) -> str:
    r"""A line of JSON that means the same to its reader, with what a terminal would obey as `\uXXXX`."""
    return _UNSAFE.sub(_json_escape, line)


def json_line(fields: Mapping[str, Any], encoding: str = "utf-8") -> str:
    """A record as a line of JSON, which may be shown on a terminal. encoding: of where it is written."""
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
    if 0xDC80 <= number <= 0xDCFF:  # the byte that it stands for
        return f"\\x{number - 0xDC00:02x}"
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
