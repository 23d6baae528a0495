"""The three streams of the process, so that commands need not ask what they are connected to.

- One that is closed counts as there, and fails where it is used: no file that a command opens takes its number.
- A reader of stdout that has seen enough ends the command, silently and with code 0. What cannot be said on stderr is
  not said.
- What an encoding has no character for is written in one that looks like it, or as its escape.
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
# What looks like them in ASCII, in as many columns.
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
_LATIN = re.compile("LATIN (SMALL|CAPITAL) LETTER ([A-Z]{1,2})(?: WITH .+)?")  # ł is an L WITH STROKE


def settle() -> None:
    """Makes the streams of this process what is said above. Those that somebody has put in their place stay."""
    codecs.register_error(HANDLER, alike)
    _occupy()
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stdout is None or sys.stdout is sys.__stdout__:
        sys.stdout = _writer(sys.stdout, _Data(1, "w", closefd=False))
    if sys.stderr is None or sys.stderr is sys.__stderr__:
        sys.stderr = _writer(sys.stderr, _Notes(2, "w", closefd=False))


def _occupy() -> None:
    """Opens the numbers 0 to 2 that are closed, the wrong way round: who reads or writes there gets an error."""
    for number, flags in enumerate((os.O_WRONLY, os.O_RDONLY, os.O_RDONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # takes the lowest number that is free


def _writer(stream: TextIO | None, raw: io.FileIO) -> TextIO:
    """A stream like this one that writes through `raw`, or itself where it is a terminal, which no reader leaves."""
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


class _Data(io.FileIO):
    """stdout. After an error nothing more is written, so that Python does not complain once more when it ends."""

    _failed = False

    def write(self, data: ReadableBuffer, /) -> int:
        if self._failed:
            return memoryview(data).nbytes
        try:
            return super().write(data)
        except BrokenPipeError:
            self._failed = True
            raise SystemExit(0) from None  # not an OSError: Typer and Rich have an end of their own for these
        except OSError as error:
            self._failed = True
            raise OSError(error.errno, error.strerror, "stdout") from None


class _Notes(io.FileIO):
    """stderr."""

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


def alike(error: UnicodeError) -> tuple[str, int]:
    """What is written for characters that an encoding lacks: é as e, … as a point, and 日 as its escape."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_alike, error.object[error.start : error.end])), error.end


def _alike(letter: str) -> str:
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
