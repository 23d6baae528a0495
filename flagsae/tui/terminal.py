"""The terminal that the application runs in: how many colours it has, where output goes, and how it is restored.

Textual reads the environment when it is imported, so it is imported after `prepare`, by the function that makes the
application.
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

# Terminals with 24-bit colour, by TERM, and by TERM_PROGRAM or LC_TERMINAL. COLORTERM is not enough: ssh does not
# forward it.
TRUE_COLOUR_TERMS = ("xterm-kitty", "wezterm", "alacritty", "xterm-ghostty", "ghostty", "foot", "contour", "rio")
TRUE_COLOUR_PROGRAMS = ("iterm.app", "iterm2", "wezterm", "ghostty", "vscode", "mintty")

LOG_SIZE = 1_000_000  # bytes: at the start, a longer log is renamed to NAME.1 and a new one is begun

PATIENCE = 1.5  # seconds that the application has to end after a signal, or after its terminal was closed
# Escape sequences that turn off what Textual has turned on: bracketed paste, in-band resize reports, mouse reports,
# Kitty's keys, the alternate screen and focus reports; and that turn on line wrapping and the cursor.
RESTORE = b"\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"


def detect(environ: Mapping[str, str], forced: str = "auto") -> Depth:
    """How many colours to use: `forced`, if it is one of `DEPTHS`; else by NO_COLOR and the terminal's variables."""
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
        or environ.get("WT_SESSION")  # Windows Terminal, whose TERM says xterm-256color
    ):
        return "truecolor"
    return "256" if "256color" in term else "16"


def prepare(environ: MutableMapping[str, str], depth: Depth) -> None:
    """Tells Textual the depth by environment variables. Call it before Textual is imported.

    Textual draws in grey when NO_COLOR is set, even to nothing, so the variable is removed unless the depth is "none".
    Then Textual gets 16 colours, which leave black, white and two greys: enough to show the cursor.
    """
    environ["TEXTUAL_COLOR_SYSTEM"] = "standard" if depth in ("16", "none") else depth
    if depth == "none":
        environ["NO_COLOR"] = "1"
    else:
        environ.pop("NO_COLOR", None)


def served(environ: Mapping[str, str]) -> bool:
    """Whether the application runs under a server that shows it in a browser: stdin and stdout are then pipes to the
    server, and no terminal."""
    return "TEXTUAL_DRIVER" in environ


class _Screen(io.FileIO):
    """The terminal as a file. Once the terminal was closed, what is written is dropped, and `write` does not fail."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except OSError:  # the terminal was closed: SIGHUP ends the application
            return len(data)


@contextmanager
def quiet_descriptors(log: Path) -> Iterator[TextIO]:
    """Sends to the log, while the application runs, whatever it and its libraries print: Python's streams, warnings,
    the exceptions of threads, and what native code writes to file descriptors 1 and 2.

    Textual draws on `sys.__stderr__`, and asks `sys.__stdout__` for the terminal's size. In the meantime both are the
    old stdout, which is the terminal even where the user has redirected stderr.
    """
    names = ("stdout", "stderr", "__stdout__", "__stderr__")
    before = {name: vars(sys)[name] for name in names}
    for name in names:
        if before[name] is not None:
            before[name].flush()
    descriptors = {number: os.dup(number) for number in (1, 2)}
    encoding = getattr(before["__stdout__"], "encoding", None) or "utf-8"
    encoding = "ascii" if letters.plain(os.environ, encoding) else encoding
    screen = io.TextIOWrapper(io.BufferedWriter(_Screen(os.dup(1), "w")), encoding, letters.HANDLER, newline="")
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
    """The log, opened for appending; the null device if it cannot be written."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > LOG_SIZE:
            log.replace(log.with_name(f"{log.name}.1"))
        return log.open("a", encoding="utf-8", errors="backslashreplace", buffering=1)
    except OSError:
        return Path(os.devnull).open("w", encoding="utf-8")


class Ending:
    """Ends the process on a signal, or when its terminal is closed, whatever the application is doing.

    A signal exits the application, which restores the terminal, with code 128 + the signal's number. If that takes
    longer than `PATIENCE`, because a thread is still computing or the terminal does not accept output, the process is
    ended without the application.
    """

    def __init__(self) -> None:
        self.restored = Event()  # set when the application has ended, and has restored the terminal
        self.attributes: list[Any] | None = None  # of the terminal before the start, from termios; None of a pipe
        if sys.platform != "win32":
            import termios

            with suppress(termios.error):  # stdin is a pipe to a server
                self.attributes = termios.tcgetattr(0)
            Thread(target=self._watch, name="terminal", daemon=True).start()

    def on_signals(self, app: App[Any]) -> None:
        """Handles signals. Call it in the running event loop. Ctrl-C does not send SIGINT here: Textual reads it as a
        key."""
        if sys.platform == "win32":
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._exit_application, app, number)

    def _exit_application(self, app: App[Any], number: int) -> None:
        app.exit(return_code=128 + number)
        Thread(target=self._end_process, args=(number,), name="end", daemon=True).start()

    def _watch(self) -> None:
        """Waits until the terminal, or the server in its place, is closed, and ends the process then. Runs in a thread.

        The kernel's own SIGHUP is not enough: a process that ignores it, or that reads from a pipe, gets none. Then
        Textual's input thread would try to read for ever, as fast as it can.
        """
        events = select.poll()
        events.register(0, 0)  # no flags are needed: hang-ups and errors are always reported
        if any(what & (select.POLLHUP | select.POLLERR) for _, what in events.poll()):
            os.kill(os.getpid(), signal.SIGHUP)  # if `on_signals` was not called yet, this ends the process at once
            self._end_process(signal.SIGHUP)

    def _end_process(self, number: int) -> None:
        """Waits `PATIENCE`, restores the terminal if the application has not, and ends the process. In a thread."""
        time.sleep(PATIENCE)
        if not self.restored.is_set() and self.attributes is not None:
            import termios

            with suppress(OSError, termios.error, AttributeError):
                screen = sys.__stdout__.fileno()  # type: ignore[union-attr]
                if select.select([], [screen], [], 0)[1]:  # writing to a terminal that is held (Ctrl-S) would block
                    os.write(screen, RESTORE)
                    termios.tcsetattr(screen, termios.TCSANOW, self.attributes)
        os._exit(128 + number)


def read_anything(driver: type[Driver]) -> None:
    """Makes Textual's driver read bytes that are no UTF-8 as U+FFFD: a terminal in Latin-1 sends such a byte for é."""
    vars(sys.modules[driver.__module__])["getincrementaldecoder"] = lambda name: partial(
        codecs.getincrementaldecoder(name), errors="replace"
    )


def run(make: Callable[[], App[Any]], depth: Depth) -> int:
    """Makes the application and runs it until its end; returns its exit code. Its last message goes to stderr.

    An error that the application did not expect is written to the log and raised as `FlagsaeError`, after the terminal
    is restored.
    """
    prepare(os.environ, depth)
    from rich.console import Console

    last = io.StringIO()  # what Textual prints at its end: a message for the user, or tracebacks
    error: BaseException | None = None
    code: int | None = None
    ending = Ending()
    with quiet_descriptors(paths.log_file()) as log:
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        log.write(f"{now} flagsae {__version__} on {os.environ.get('TERM', 'no TERM')}, {depth}\n")
        try:
            app = make()
            read_anything(app.driver_class)
            # Textual would drop what is printed while it runs: it goes to the log.
            app._capture_stdout = app._capture_stderr = log  # type: ignore[assignment]
            app.error_console = Console(file=last, width=1000, color_system=None, markup=False, highlight=False)
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
    with suppress(OSError):  # the terminal may have been closed
        sys.stderr.write(last.getvalue())
        sys.stderr.flush()
    return code or 0


async def _session(app: App[Any], ending: Ending) -> None:
    ending.on_signals(app)  # before Textual changes the terminal
    await app.run_async()
    ending.restored.set()
