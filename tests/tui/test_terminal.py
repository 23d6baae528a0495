"""What the terminal can show, and that it is left as it was found, however the application ends."""

import os
import re
import select
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from terminals import ENTERED, PATIENCE, Terminal

from flagsae import paths
from flagsae.tui import letters, terminal

REAL = [sys.executable, "-m", "flagsae"]
SMALL = [sys.executable, str(Path(__file__).with_name("small_app.py"))]
# A program, and what it has drawn when it can be ended.
PROGRAMS = {"small": (SMALL, b"ready"), "real": ([*REAL, "tui"], b"Mix")}


@pytest.fixture
def small() -> Iterator[Terminal]:
    with Terminal(SMALL) as screen:
        screen.wait_for(b"ready")
        yield screen


@pytest.mark.parametrize(
    ("depth", "environ"),
    [
        ("truecolor", {"TERM": "xterm-256color", "COLORTERM": "truecolor"}),
        ("truecolor", {"TERM": "screen", "COLORTERM": "24bit"}),
        ("truecolor", {"TERM": "xterm-kitty"}),
        ("truecolor", {"TERM": "foot-extra"}),
        ("truecolor", {"TERM": "xterm-direct"}),
        ("truecolor", {"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}),
        ("truecolor", {"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}),
        ("truecolor", {"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": ""}),
        ("256", {"TERM": "xterm-256color"}),
        ("256", {"TERM": "tmux-256color", "COLORTERM": ""}),
        ("256", {"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}),
        ("16", {"TERM": "linux"}),
        ("16", {"TERM": "xterm"}),
        ("16", {"TERM": "rxvt-16color"}),
        ("16", {}),
        ("none", {"TERM": "dumb", "COLORTERM": "truecolor"}),
        ("none", {"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}),
    ],
)
def test_how_many_colours_there_are(depth: str, environ: dict[str, str]) -> None:
    assert terminal.detect(environ) == depth
    for forced in terminal.DEPTHS:
        assert terminal.detect(environ, forced) == forced


@pytest.mark.parametrize(
    ("depth", "colours", "no_color"),
    [
        ("truecolor", rb"38;2;\d+;\d+;\d+", "1"),
        ("truecolor", rb"38;2;\d+;\d+;\d+", ""),
        ("256", rb"38;5;\d+", "1"),
        ("16", rb"(?:3|9)[1-6]", "1"),
        ("none", rb"(?:3|9)[07]", "1"),
    ],
)
def test_no_more_colours_are_drawn_than_there_are(depth: str, colours: bytes, no_color: str) -> None:
    with Terminal([*SMALL, "--color", depth], NO_COLOR=no_color) as screen:
        screen.wait_for("▀▀▀▀".encode())
        styles = b";".join(re.findall(rb"\x1b\[([\d;]+)m", screen.seen))
        assert re.search(rb"\b" + colours + rb"\b", styles)
        assert (b"38;2" in styles) == (depth == "truecolor") and (b"38;5" in styles) == (depth == "256")
        assert depth != "none" or not re.search(rb"\b(?:3|4|9|10)[1-6]\b", styles)


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_signal_ends_it_and_the_terminal_is_restored(program: str, number: signal.Signals) -> None:
    command, ready = PROGRAMS[program]
    with Terminal(command) as screen:
        screen.wait_for(ready)
        screen.process.send_signal(number)
        assert screen.wait() == 128 + number
        screen.assert_restored()
        assert screen.said() == ""


def test_it_ends_as_it_is_told_to(small: Terminal) -> None:
    small.press("q")
    assert small.wait() == 0
    small.assert_restored()
    assert small.said() == ""


def test_a_last_message_is_said_in_the_terminal(small: Terminal) -> None:
    small.press("m")
    assert small.wait() == 3
    small.assert_restored()
    assert small.said().rstrip() == "see you " + "again " * 19 + "again"


def test_a_crash_is_a_line_and_the_log_has_it_all(small: Terminal) -> None:
    small.press("c")
    assert small.wait() == 1
    small.assert_restored()
    log = paths.log_file()
    line = (
        f"flagsae: the application stopped: ZeroDivisionError: integer division or modulo by zero; the log is at {log}"
    )
    assert small.said() == f"{line}\r\n"
    assert "in key_c" in log.read_text()


@pytest.mark.long
def test_a_crash_shows_its_traceback_to_whoever_asks() -> None:
    with Terminal(SMALL, FLAGSAE_DEBUG="1") as screen:
        screen.wait_for(b"ready")
        screen.press("c")
        assert screen.wait() == 1
        screen.assert_restored()
        assert "in key_c" in screen.said() and "ZeroDivisionError" in screen.said()


def test_an_error_of_ours_is_said_as_everywhere(small: Terminal) -> None:
    small.press("u")
    assert small.wait() == 2
    small.assert_restored()
    assert small.said() == "flagsae: no flag named 'atlantis'\r\n"


NOISE = ("print", "print to stderr", "warnings", "logging", "native code on 1", "native code on 2", "compose")


def test_noise_goes_to_the_log_and_never_to_the_screen(small: Terminal) -> None:
    first = small.seen
    small.press("n")
    small.wait_for(b"it was loud")
    seen = small.seen
    small.press("q")
    assert small.wait() == 0
    small.assert_restored()
    assert b"from " not in first + seen + small.seen
    log = paths.log_file().read_text()
    for source in (*NOISE, "a thread", "a finalizer"):
        assert f"from {source}" in log
    assert "RuntimeError" in log and small.said() == ""


@pytest.mark.long
def test_it_draws_on_the_terminal_also_where_stderr_is_a_file(tmp_path: Path) -> None:
    errors = tmp_path / "errors"
    with Terminal(["sh", "-c", f'exec "$@" 2>{errors}', "sh", *SMALL]) as screen:
        screen.wait_for(b"ready")
        screen.press("n")
        screen.wait_for(b"it was loud")
        assert errors.read_bytes() == b""
        screen.press("c")
        assert screen.wait() == 1
        screen.assert_restored()
        assert errors.read_text().startswith("flagsae: the application stopped: ZeroDivisionError")


@pytest.mark.long
@pytest.mark.parametrize("busy", ["w", "h"])
@pytest.mark.parametrize("hears", [True, False], ids=["told", "not told"])
def test_it_ends_when_its_window_is_closed(busy: str, hears: bool) -> None:
    """Also where its loop hangs, and where the kernel tells it nothing: it is not of the terminal's session."""
    with Terminal(SMALL, controlling=hears) as screen:
        screen.wait_for(b"ready")
        screen.press(busy)
        screen.wait_for(b"." if busy == "w" else b"hanging")
        screen.close()
        assert screen.process.wait(PATIENCE) == 128 + signal.SIGHUP
    assert "Error" not in paths.log_file().read_text()


@pytest.mark.long
@pytest.mark.parametrize("doing", ["opening", "composing", "choosing", "training"])
def test_the_application_ends_with_its_window_whatever_it_is_doing(doing: str) -> None:
    """As under `nohup`, where the kernel's word is not heard; what it has started ends too."""
    model = ["--model", "crisp"] if doing == "training" else []  # whose preset is not done before the window closes
    command = [*REAL, "tui", *model, "morocco + colombia"]
    with Terminal(["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *command]) as screen:
        screen.wait_for({"opening": b"opening the flags", "training": b"Colombia"}.get(doing, b"green star"))
        if doing == "composing":
            screen.press("r")
        elif doing == "choosing":
            screen.press("t")
            screen.wait_for(b"Search for themes")
        elif doing == "training":
            screen.press("5")
            screen.wait_for(b"curves of")
            screen.press("n")
            screen.wait_for(b"Start training")
            screen.press("\r")
            screen.wait_for(b"epochs/s")
        tasks = Path(f"/proc/{screen.process.pid}/task").glob("*/children")
        started = [os.pidfd_open(int(pid)) for task in tasks for pid in task.read_text().split()]
        assert len(started) == (doing == "training")
        screen.close()
        assert screen.process.wait(PATIENCE) == 128 + signal.SIGHUP
        for process in started:
            assert select.select([process], [], [], PATIENCE)[0]
            os.close(process)
    log = paths.log_file()
    assert "Traceback" not in (log.read_text() if log.exists() else "")
    assert doing != "training" or (paths.models_folder() / "crisp" / "checkpoint.safetensors").exists()


@pytest.mark.long
@pytest.mark.parametrize(
    ("environ", "encoding"),
    [({"LC_ALL": "POSIX"}, "ascii"), ({"PYTHONIOENCODING": "cp1252"}, "cp1252")],
    ids=["posix", "cp1252"],
)
def test_a_terminal_without_utf_8_gets_letters(environ: dict[str, str], encoding: str) -> None:
    with Terminal([*REAL, "tui", "--fresh", "france", "--screen", "mix"], **environ) as screen:
        screen.wait_for(b"BBBB")  # of its stripe
        seen = re.sub(r"\x1b\[[^a-zA-Z]*[a-zA-Z]", "", screen.seen.decode(encoding))
        assert "+- terms" in seen and "?" not in re.sub(r"\? Help|Copy +\?", "", seen)  # but for its key
        screen.press("é".encode("latin-1"))  # no UTF-8
        screen.press("5")
        screen.wait_for(b"curves of")
        screen.press("q")
        assert screen.wait() == 0
        screen.assert_restored()
    assert "Traceback" not in paths.log_file().read_text()


def test_letters_stand_in_as_many_columns() -> None:
    text = "─│╭╮▀█⣿•◆…’é日本→"
    assert text.encode("ascii", letters.HANDLER) == b"-|++##.*#.'e????-"
    assert letters.plain({}, "ascii") and letters.plain({"LANG": "C"}, "utf-8") and letters.plain({}, "nonsense")
    assert not letters.plain({}, "utf-8") and not letters.plain({"LC_ALL": "C.UTF-8", "LANG": "C"}, "utf-8")


@pytest.mark.long
def test_a_signal_ends_it_where_a_thread_still_computes(small: Terminal) -> None:
    """asyncio, and then Python, would wait for the thread."""
    small.press("t")
    small.wait_for(b"computing")
    small.process.send_signal(signal.SIGTERM)
    assert small.wait() == 128 + signal.SIGTERM
    small.assert_restored()


def test_it_can_be_stopped_and_go_on(small: Terminal) -> None:
    small.seen = b""
    small.process.send_signal(signal.SIGTSTP)
    os.waitid(os.P_PID, small.process.pid, os.WSTOPPED)
    small.wait_for(b"\x1b[?1004l")
    small.assert_restored()
    small.seen = b""
    small.process.send_signal(signal.SIGCONT)
    small.wait_for(ENTERED)
    small.press("k")
    small.wait_for(b"a key came")
    small.press("q")
    assert small.wait() == 0
    small.assert_restored()


@pytest.mark.long
def test_a_log_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with Terminal(SMALL, FLAGSAE_HOME=str(tmp_path / "file")) as screen:
        screen.wait_for(b"ready")
        screen.press("c")
        assert screen.wait() == 1
        screen.assert_restored()
        assert screen.said().endswith("by zero; FLAGSAE_DEBUG=1 shows where\r\n")


def test_a_long_log_is_set_aside(capfd: pytest.CaptureFixture[str]) -> None:
    log = paths.log_file()
    with terminal.quiet_descriptors(log):
        print("x" * terminal.LOG_SIZE)
    for _ in range(2):
        with terminal.quiet_descriptors(log):
            print("new")
            os.write(2, b"and native\n")
    assert log.read_text() == "new\nand native\n" * 2
    assert log.with_name("tui.log.1").stat().st_size == terminal.LOG_SIZE + 1
    print("back")
    os.write(2, b"again\n")
    assert capfd.readouterr() == ("back\n", "again\n")
