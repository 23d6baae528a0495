"""Sets up stdin, stdout and stderr, so that commands need not ask what they are connected to.

- A closed stream is replaced by one that raises an error when it is used. Otherwise the next file that a command opens
  would get its number.
- When the reader of stdout closes it, as `head` does, the command ends silently with code 0. What cannot be written to
  stderr is dropped.
- A character that an encoding lacks is written as one that looks like it, or as its escape.
"""

from __future__ import annotations

import codecs
import io
import os
import re
import sys
import unicodedata
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

HANDLER = "flagsae.alike"
# What looks like these characters in ASCII; but for ß in as many columns.
ALIKE = {
    **dict.fromkeys(map(chr, range(0x2500, 0x2580)), "+"),  # lines of boxes
    **dict.fromkeys(map(chr, range(0x2580, 0x25A0)), "#"),  # blocks
    **dict.fromkeys(map(chr, range(0x25A0, 0x2600)), "*"),  # squares, triangles, circles
    **dict.fromkeys(map(chr, range(0x2800, 0x2900)), ":"),  # braille
    **dict.fromkeys("−–—‐‑─━╴╶╸╺", "-"),
    **dict.fromkeys("│┃", "|"),
    **dict.fromkeys("▁▂", "."),
    **dict.fromkeys("▃▄▅", ":"),
    **dict.fromkeys("‘’", "'"),
    **dict.fromkeys("“”", '"'),
    "\u2800": " ",
    "…": ".",
    "·": ".",
    "•": "*",
    "×": "x",
    "φ": "p",
    "→": ">",
    "←": "<",
    "ß": "ss",
}
_LATIN = re.compile("LATIN (SMALL|CAPITAL) LETTER ([A-Z]{1,2})(?: WITH .+)?")  # ł is LATIN SMALL LETTER L WITH STROKE


def settle() -> None:
    """Sets up the streams of this process. One that other code has already replaced stays as it is."""
    codecs.register_error(HANDLER, alike)
    _open_closed()
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stdout is None or sys.stdout is sys.__stdout__:
        sys.stdout = _writer(sys.stdout, _Stdout(1, "w", closefd=False))
    if sys.stderr is None or sys.stderr is sys.__stderr__:
        sys.stderr = _writer(sys.stderr, _Stderr(2, "w", closefd=False))


def _open_closed() -> None:
    """Opens those of the descriptors 0 to 2 that are closed, for the wrong direction: using them raises an error."""
    for number, flags in enumerate((os.O_WRONLY, os.O_RDONLY, os.O_RDONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # gets the lowest free descriptor, this one


def _writer(stream: TextIO | None, raw: io.FileIO) -> TextIO:
    """A stream like this one that writes through `raw`. A terminal's stream stays: no reader closes it."""
    if isinstance(stream, io.TextIOWrapper) and stream.isatty():
        stream.reconfigure(errors=HANDLER)
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=stream.encoding if stream is not None else "utf-8",
        errors=HANDLER,
        line_buffering=isinstance(stream, io.TextIOWrapper) and stream.line_buffering,
        write_through=isinstance(stream, io.TextIOWrapper) and stream.write_through,
    )


class _Stdout(io.FileIO):
    """stdout. After an error it drops everything, so that Python does not report a second error when it exits."""

    _failed = False

    def write(self, data: ReadableBuffer, /) -> int:
        if self._failed:
            return memoryview(data).nbytes
        try:
            return super().write(data)
        except BrokenPipeError:
            self._failed = True
            raise SystemExit(0) from None  # no OSError: Typer and Rich catch those
        except OSError as error:
            self._failed = True
            raise OSError(error.errno, error.strerror, "stdout") from None


class _Stderr(io.FileIO):
    """stderr. It drops what it cannot write: nobody could be told."""

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


def alike(error: UnicodeError) -> tuple[str, int]:
    """An error handler of codecs: writes é as e, … as a full stop, and 日 as its escape."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_replacement, error.object[error.start : error.end])), error.end


def _replacement(letter: str) -> str:
    if unicodedata.combining(letter):
        return ""
    if match := _LATIN.fullmatch(unicodedata.name(letter, "")):
        return match[2] if match[1] == "CAPITAL" else match[2].lower()
    simple = unicodedata.normalize("NFKD", letter).replace("\N{FRACTION SLASH}", "/")
    return ALIKE.get(letter) or simple.encode("ascii", "ignore").decode() or _escape(letter)


def _escape(letter: str) -> str:
    return letter.encode("ascii", "backslashreplace").decode()


def can_show(text: str, encoding: str | None) -> bool:
    """Whether an encoding has all characters of a text."""
    try:
        text.encode(encoding or "ascii")
    except (UnicodeError, LookupError):
        return False
    return True
