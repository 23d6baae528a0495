"""stdin, stdout and stderr that are closed, narrow, full or gone; and Ctrl-C at any moment."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from shell import run

from flagsae.cli import INTERRUPTED
from flagsae.cli.streams import alike

COMMAND = f"{sys.executable} -W error -m flagsae"
PLAIN = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def shell(line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A line of bash in which $F is flagsae."""
    given = {**os.environ, "F": COMMAND, **environment}
    return subprocess.run(["bash", "-c", f"set -o pipefail; {line}"], capture_output=True, text=True, env=given)


# Closed, and closed while it is written to.


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("$F compose - <&-", 2, "flagsae: cannot read stdin (Bad file descriptor): pipe records into it\n"),
        ("$F plugins --json >&-", 1, "flagsae: cannot read or write stdout: Bad file descriptor\n"),
        ("$F plugins --json >/dev/full", 1, "flagsae: cannot read or write stdout: No space left on device\n"),
        ("$F compose marocco 2>&-", 2, ""),
        ("$F prepare nothing <&- >&- 2>&-", 1, ""),
        ("$F --version >&-", 1, "flagsae: cannot read or write stdout: Bad file descriptor\n"),
        # A reader that has gone before anything is written.
        ("{ $F --help; echo $? >&3; } 3>&2 | true", 0, "0\n"),
        ("{ $F plugins --json; echo $? >&3; } 3>&2 | true", 0, "0\n"),
        ("$F compose marocco 2>&1 >/dev/null | true; echo ${PIPESTATUS[0]} >&2", 0, "2\n"),
    ],
)
def test_a_stream_that_is_closed_is_a_line_or_nothing(line: str, code: int, said: str) -> None:
    done = shell(line)
    assert (done.returncode, done.stderr) == (code, said)


@pytest.mark.long
def test_files_do_not_take_the_place_of_closed_streams(little: list[str], tmp_path: Path) -> None:
    """Else a note would go into the picture."""
    done = shell(
        f"$F compose marocco france {' '.join(little)} <&- >&- 2>&-; $F compose france {' '.join(little)} "
        f"-o {tmp_path}/a.png <&- >&- 2>&-"
    )
    assert (done.returncode, done.stderr) == (0, "")
    with Image.open(tmp_path / "a.png") as image:
        assert image.size == (1200, 800)
    assert list(tmp_path.iterdir()) == [tmp_path / "a.png"]


# Narrow.


def test_an_encoding_without_half_blocks_gets_letters(little: list[str]) -> None:
    for encoding, words in (
        ("ascii", ["compose", "france", "japan"]),
        ("cp1252", ["describe", "france"]),
        ("latin-1", ["embed", "--method", "pca"]),
        ("ascii", ["features"]),
        ("ascii", ["features", "f1"]),
        ("cp437", ["compose", "france", "japan"]),
    ):
        drawn = run(*words, *little, terminal=True, encoding=encoding)
        assert drawn.returncode == 0 and drawn.stdout
        assert ("▀" in drawn.stdout) == (encoding == "cp437") and "\\u" not in drawn.stdout


def test_letters_that_are_missing_are_like_them() -> None:
    for text, like in (
        ("ô’−Ł…日", r"o'-L.\u65e5"),
        ("½ßæ⠋█●→", "1/2ssae:#*>"),
        ("\N{COMBINING ACUTE ACCENT}\N{REGIONAL INDICATOR SYMBOL LETTER F}", r"\U0001f1eb"),
    ):
        assert alike(UnicodeEncodeError("ascii", text, 0, len(text), "")) == (like, len(text))


def test_records_are_ascii_where_nothing_else_can_be_written(little: list[str]) -> None:
    name = "C\u00f4te \U0001f1eb 日"
    typed = json.dumps({"name": name, "code": {"1": 1}})
    written = run("compose", "-", *little, stdin=typed, encoding="ascii").stdout
    assert written.isascii() and json.loads(written)["name"] == name


def test_a_posix_terminal_gets_letters(little: list[str]) -> None:
    ours, theirs = pty.openpty()
    given = {**os.environ, **PLAIN, "LC_ALL": "POSIX", "TERM": "xterm-256color", "COLUMNS": "80"}
    words = [*COMMAND.split(), "compose", "france", "japan", "-q", *little]
    with subprocess.Popen(words, stdout=theirs, stderr=theirs, stdin=theirs, env=given) as process:
        os.close(theirs)
        seen = b""
        try:
            while data := os.read(ours, 65536):
                seen += data
        except OSError:  # the other side is closed
            pass
        assert process.wait() == 0
    os.close(ours)
    assert b"BBBB" in seen and b"RRRR" in seen and seen.isascii() and b"\\" not in seen


def test_colour_settings_decide_about_colour_only(little: list[str]) -> None:
    plain = run("compose", "france", *little)
    for value in ("0", "1", ""):
        assert run("compose", "france", *little, FORCE_COLOR=value).stdout == plain.stdout
        viewed = run("compose", "france", "--view", "blocks", *little, FORCE_COLOR=value, TERM="xterm-256color")
        assert ("\x1b[" in viewed.stdout) == (value == "1")
    for setting in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        drawn = run("compose", "france", *little, terminal=True, **setting)
        assert "BBBB" in drawn.stdout and "\x1b[38" not in drawn.stdout


# Ctrl-C.

STUB = "import os, signal; os.kill(os.getpid(), signal.SIGINT)\nwhile True: pass\n"
SCRIPT = "import sys; from flagsae.cli import main; sys.exit(main())"  # what pip writes


def under(folder: Path) -> str:
    """PYTHONPATH with a folder before all others."""
    return os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])


@pytest.mark.parametrize("module", ["typer", "numpy"])
def test_ctrl_c_while_modules_are_loaded_is_silent(module: str, tmp_path: Path) -> None:
    (tmp_path / f"{module}.py").write_text(STUB, "utf-8")
    for command in (["-m", "flagsae"], ["-c", SCRIPT]):
        words = [sys.executable, *command, "compose", "japan"]
        done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": under(tmp_path)})
        assert (done.returncode, done.stdout, done.stderr) == (INTERRUPTED, "", "")


def test_ctrl_c_that_is_ignored_stays_so(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("import os, signal; os.kill(os.getpid(), signal.SIGINT); raise SystemExit(3)")
    done = shell("trap '' INT; $F compose japan", PYTHONPATH=under(tmp_path))
    assert (done.returncode, done.stderr) == (3, "")
