"""The terminal around the application: how many colours it has, and that it is left as it was found.

Textual is imported by whoever makes the application, after `prepare`: it reads the environment when it is imported.
"""

from __future__ import annotations

import asyncio
import codecs
import io
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Literal, TextIO, TypeAlias, get_args

from flagsae import __version__, paths
from flagsae.errors import FlagsaeError
from flagsae.tui import letters

if TYPE_CHECKING:
    from textual.app import App
    from textual.driver import Driver

Depth: TypeAlias = Literal["truecolor", "256", "16", "none"]
DEPTHS: tuple[Depth, ...] = get_args(Depth)

# Terminals with true colour, by TERM and by TERM_PROGRAM or LC_TERMINAL: ssh forwards TERM but no COLORTERM.
TRUE_COLOUR_TERMS = ("xterm-kitty", "wezterm", "alacritty", "xterm-ghostty", "ghostty", "foot", "contour", "rio")
TRUE_COLOUR_PROGRAMS = ("iterm.app", "iterm2", "wezterm", "ghostty", "vscode", "mintty")

LOG_SIZE = 1_000_000  # bytes; a longer log is set aside when the application starts

PATIENCE = 1.5  # seconds that the application has to end after a signal, or when its terminal has gone away
# What ends the alternate screen, mouse reports, pasting in brackets and Kitty's keys, and shows the cursor again.
RESTORE = b"\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"


def detect(environ: Mapping[str, str], forced: str = "auto") -> Depth:
    """How many colours to use: what is forced, else what NO_COLOR and the terminal's own variables say."""
    for depth in DEPTHS:
        if forced == depth:
            return depth
    term = environ.get("TERM", "").lower()
    if environ.get("NO_COLOR") or term in ("dumb", "unknown"):
        return "none"
    programs = {environ.get(name, "").lower() for name in ("TERM_PROGRAM", "LC_TERMINAL")}
    if (
        environ.get("COLORTERM", "").lower() in ("truecolor", "24bit")
        or term in TRUE_COLOUR_TERMS
        or term.startswith("foot-")
        or term.endswith("-direct")
        or not programs.isdisjoint(TRUE_COLOUR_PROGRAMS)
        or environ.get("WT_SESSION")  # Windows Terminal, which says xterm-256color
    ):
        return "truecolor"
    return "256" if "256color" in term else "16"


def prepare(environ: MutableMapping[str, str], depth: Depth) -> None:
    """Tells Textual the depth; to be called before it is imported.

    Any NO_COLOR, even an empty one, makes Textual draw the whole screen in grey: it is there only where there is to be
    no colour. The greys of 16 colours are black, white and two between, in which a cursor can still be seen.
    """
    environ["TEXTUAL_COLOR_SYSTEM"] = "standard" if depth in ("16", "none") else depth
    if depth == "none":
        environ["NO_COLOR"] = "1"
    else:
        environ.pop("NO_COLOR", None)


def served(environ: Mapping[str, str]) -> bool:
    """Whether a server draws the application in a browser: then stdin and stdout are its own, and no terminal."""
    return "TEXTUAL_DRIVER" in environ


class _Screen(io.FileIO):
    """A terminal that may go away: what is written then is lost, and the writer does not get stuck."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except OSError:  # SIGHUP follows, or has been
            return len(data)


@contextmanager
def quiet_descriptors(log: Path) -> Iterator[TextIO]:
    """While the application runs, whatever it and its libraries print goes to the log: Python's streams, warnings,
    the exceptions of threads, and what native code writes to file descriptors 1 and 2.

    Textual draws on `sys.__stderr__`, and measures `sys.__stdout__`: both are the old stdout in the meantime, which is
    the terminal also where the user has redirected stderr.
    """
    names = ("stdout", "stderr", "__stdout__", "__stderr__")
    before = {name: vars(sys)[name] for name in names}
    for name in names:
        if before[name] is not None:
            before[name].flush()
    descriptors = {number: os.dup(number) for number in (1, 2)}
    encoding = getattr(before["__stdout__"], "encoding", None) or "utf-8"
    encoding = "ascii" if letters.plain(os.environ, encoding) else encoding
    screen = io.TextIOWrapper(io.BufferedWriter(_Screen(os.dup(1), "w")), encoding, letters.ALIKE, newline="")
    file = _open(log)
    try:
        for number in descriptors:
            os.dup2(file.fileno(), number)
        vars(sys).update(stdout=file, stderr=file, __stdout__=screen, __stderr__=screen)
        yield file
    finally:
        screen.flush()
        file.flush()
        for number, descriptor in descriptors.items():
            os.dup2(descriptor, number)
            os.close(descriptor)
        vars(sys).update(before)
        screen.close()
        file.close()


def _open(log: Path) -> TextIO:
    """The log, to add to; nowhere, where it cannot be written."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > LOG_SIZE:
            log.replace(log.with_name(f"{log.name}.1"))
        return log.open("a", encoding="utf-8", errors="backslashreplace", buffering=1)
    except OSError:
        return Path(os.devnull).open("w", encoding="utf-8")


class Ending:
    """The end of the process, which comes whatever the application is doing.

    A signal is an ordinary exit, with code 128 + its number, that restores the terminal. Where that takes longer than
    `PATIENCE`, because a thread still computes or the terminal takes no more letters, the process ends without it.
    """

    def __init__(self) -> None:
        self.restored = Event()  # the terminal is as it was
        self.attributes: list[Any] | None = None
        if sys.platform != "win32":
            import termios

            with suppress(termios.error):  # a server's pipe
                self.attributes = termios.tcgetattr(0)
            Thread(target=self._watch, name="terminal", daemon=True).start()

    def on_signals(self, app: App[Any]) -> None:
        """To be called in the running loop. Ctrl-C, as a key, is Textual's; SIGINT is what `kill -INT` sends."""
        if sys.platform == "win32":
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._leave, app, number)

    def _leave(self, app: App[Any], number: int) -> None:
        app.exit(return_code=128 + number)
        Thread(target=self._insist, args=(number,), name="end", daemon=True).start()

    def _watch(self) -> None:
        """Waits for the terminal, or the server in its place, to go away, and ends the process then.

        The kernel sends SIGHUP to some of those whom it concerns, but not to who ignores it or who is behind a pipe.
        Textual's input thread would read what is not there for ever, as fast as it can.
        """
        events = select.poll()
        events.register(0, 0)  # hang-ups and errors are always told
        if any(what & (select.POLLHUP | select.POLLERR) for _, what in events.poll()):
            os.kill(os.getpid(), signal.SIGHUP)  # before the loop runs, Python's own end
            self._insist(signal.SIGHUP)

    def _insist(self, number: int) -> None:
        time.sleep(PATIENCE)
        if not self.restored.is_set() and self.attributes is not None:
            import termios

            with suppress(OSError, termios.error, AttributeError):
                screen = sys.__stdout__.fileno()  # type: ignore[union-attr]
                if select.select([], [screen], [], 0)[1]:  # else its window is frozen
                    os.write(screen, RESTORE)
                    termios.tcsetattr(screen, termios.TCSANOW, self.attributes)
        os._exit(128 + number)


def read_anything(driver: type[Driver]) -> None:
    """Has Textual's driver take bytes that are no UTF-8, as another terminal sends for é, for an unknown character."""
    vars(sys.modules[driver.__module__])["getincrementaldecoder"] = lambda name: partial(
        codecs.getincrementaldecoder(name), errors="replace"
    )


def run(make: Callable[[], App[Any]], depth: Depth) -> int:
    """Makes the application and runs it until its end; returns its exit code. What it ends with a message, it says.

    Raises `FlagsaeError` for what the application did not expect, after the terminal is restored and the log has it.
    """
    prepare(os.environ, depth)
    from rich.console import Console

    said = io.StringIO()  # by Textual, when it ends: a message for the user, or tracebacks
    error: BaseException | None = None
    code: int | None = None
    ending = Ending()
    with quiet_descriptors(paths.log_file()) as log:
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        log.write(f"{now} flagsae {__version__} on {os.environ.get('TERM', 'no TERM')}, {depth}\n")
        try:
            app = make()
            read_anything(app.driver_class)
            # Textual drops what is printed while it runs.
            app._capture_stdout = app._capture_stderr = log  # type: ignore[assignment]
            app.error_console = Console(file=said, width=1000, color_system=None, markup=False, highlight=False)
            asyncio.run(_session(app, ending))
            error, code = app._exception, app.return_code
        except Exception as unexpected:
            error = unexpected
        if error is not None:
            traceback.print_exception(error, file=log)
        where = "FLAGSAE_DEBUG=1 shows where" if log.name == os.devnull else f"the log is at {log.name}"
    if isinstance(error, FlagsaeError):
        raise error
    if error is not None:
        reason = f"{type(error).__name__}: {error}".splitlines()[0].rstrip(": ")
        raise FlagsaeError(f"the application stopped: {reason}; {where}") from error
    with suppress(OSError):  # the terminal may be gone
        sys.stderr.write(said.getvalue())
        sys.stderr.flush()
    return code or 0


async def _session(app: App[Any], ending: Ending) -> None:
    ending.on_signals(app)  # before the terminal is touched
    await app.run_async()
    ending.restored.set()
