"""The plugin on terminals that this file plays: it answers questions, and looks at what it is sent."""

import base64
import fcntl
import io
import os
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from flagsae_kitty import Kitty, enlarged, fit
from PIL import Image
from textual_image._terminal import CellSize

from flagsae.errors import UsageError
from flagsae.testing import check_visualizer, scenes
from flagsae.visual import Scene, Size
from flagsae.visual.paint import scale

# As `flagsae --view` prints: drawn first, while what a plugin prints is held back, and printed then. A white flag of
# 68 x 102 pixels with a red cross, in cells of 10 x 20 pixels: five times as large.
SHOW = """
import contextlib, fcntl, io, sys, termios
from rich.console import Console
from rich.segment import Segments
from flagsae.testing import scenes
from flagsae.visual import Size
from flagsae_kitty import Kitty

if sys.stdout.isatty():
    fcntl.ioctl(1, termios.TIOCSCTTY, 0)
console = Console(file=sys.stdout)
with contextlib.redirect_stdout(io.StringIO()):
    drawn = list(console.render(Kitty().render(scenes()["sum"], Size(51, 17)), console.options.update(width=51)))
print(*[name for name in sys.modules if name.startswith("textual_image")][:1], file=sys.stderr)
console.print(Segments(drawn), end="")
"""
CROSS = scenes()["sum"].picture
PATIENCE = 30  # seconds, on a busy machine

ATTRIBUTES, GRAPHICS, CELL = rb"\x1b\[c", rb"\x1b_G[^;]*a=q[^;]*;AAAA\x1b\\", rb"\x1b\[16t"
KITTY = {ATTRIBUTES: b"\x1b[?62;c", GRAPHICS: b"\x1b_Gi=1;OK\x1b\\"}
SIXEL = {ATTRIBUTES: b"\x1b[?62;4;22c", CELL: b"\x1b[6;20;10t"}


def on_terminal(
    answers: Mapping[bytes, bytes], *, rows: int = 24, pixels: bool = True, piped: bool = False, **environment: str
) -> bytes:
    """What a terminal of 80 columns is sent that answers so. pixels: whether the system knows its size in pixels."""
    ours, theirs = os.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, 80, 800 * pixels, 20 * rows * pixels))
    stdin = subprocess.DEVNULL if piped else theirs
    process = subprocess.Popen(
        [sys.executable, "-c", SHOW],
        stdin=stdin, stdout=theirs, stderr=subprocess.PIPE, env=environ(environment), start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    seen, waiting, end = b"", dict(answers), time.monotonic() + PATIENCE
    try:
        while piece := read(ours, end):
            seen += piece
            for question in [question for question in waiting if re.search(question, seen)]:
                os.write(ours, waiting.pop(question))
    finally:
        process.kill()
        said = process.communicate()[1].decode()
        os.close(ours)
    assert said.strip() in ("", "textual_image")
    return seen


def environ(more: Mapping[str, str]) -> dict[str, str]:
    unset = "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "FLAGSAE_KITTY"
    inherited = {key: value for key, value in os.environ.items() if key not in unset}
    place = str(Path(__file__).parents[1])
    return {**inherited, "TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": place, **more}


def read(terminal: int, end: float) -> bytes:
    """The next that is written, or nothing when there is nobody left who could."""
    assert select.select([terminal], [], [], max(0, end - time.monotonic()))[0], "it never ends"
    try:
        return os.read(terminal, 1 << 16)
    except OSError:
        return b""


def kitty_picture(seen: bytes) -> tuple[int, np.ndarray]:
    """The number and the pixels of the picture that was sent by kitty's protocol."""
    parts = re.findall(rb"\x1b_Gi=(\d+),m=[01],f=100,q=2;([A-Za-z0-9+/=]+)\x1b\\", seen)
    (number,) = {number for number, _ in parts}
    return int(number), np.array(Image.open(io.BytesIO(base64.b64decode(b"".join(part for _, part in parts)))))


def sixel_picture(seen: bytes) -> np.ndarray:
    """The pixels of the sixels that were sent; what is drawn by none of them is black."""
    width, height, data = re.search(rb'\x1bP0;0;0q"1;1;(\d+);(\d+)([^\x1b]*)\x1b\\', seen).groups()
    picture = np.zeros((int(height) + 6, int(width), 3), np.uint8)
    colours, colour, x, y = {}, b"", 0, 0
    for number, percent, count, bits, move in re.findall(rb"#(\d+)(;2;[\d;]+)?|(?:!(\d+))?([?-~])|([$-])", data):
        if percent:
            colours[number] = [round(int(share) * 2.55) for share in percent.split(b";")[2:]]
        if number:
            colour = number
        elif move:
            x, y = 0, y + 6 * (move == b"-")
        else:
            for bit in range(6):
                if ord(bits) - 63 >> bit & 1:
                    picture[y + bit, x : x + int(count or 1)] = colours[colour]
            x += int(count or 1)
    return picture[: int(height)]


def is_blocks(seen: bytes) -> bool:
    return b"\x1b[48;2;206;17;38m" in seen and b"\x1bP" not in seen and b"m=0" not in seen


def test_it_keeps_the_contract():
    check_visualizer(Kitty())
    assert len(Kitty.summary) <= 60 and Kitty.summary.endswith(".")


def test_a_pipe_gets_text_and_nothing_is_loaded():
    done = subprocess.run([sys.executable, "-c", SHOW], env=environ({}), capture_output=True, text=True)
    assert done.stderr.strip() == "" and done.returncode == 0
    lines = done.stdout.splitlines()
    assert len(lines) == 17 and {*lines[0]} == {"w", "R"} and {*lines[8]} == {"R"}


def test_kitty_gets_the_very_pixels_over_ssh_as_well():
    seen = on_terminal(KITTY, TERM="xterm-kitty", COLORTERM="")  # Rich believes in 256 colours there
    number, picture = kitty_picture(seen)
    assert picture.shape == (340, 510, 3) and (picture[2::5, 2::5] == CROSS).all()
    sent, placeholders = seen.decode().split(f"i={number},c=51,r=17,U=1,q=2\x1b\\")
    assert "m=0" in sent and placeholders.count("\U0010eeee") == 51 * 17 and placeholders.count("\r\n") == 17
    colours = {
        tuple(map(int, colour)) for colour in re.findall(r"\x1b\[38;2;(\d+);(\d+);(\d+)m\U0010eeee", placeholders)
    }
    assert colours == {(number >> 16 & 255, number >> 8 & 255, number & 255)}


def test_kitty_is_found_while_records_are_piped_in():
    assert kitty_picture(on_terminal(KITTY, piped=True))[1].shape == (340, 510, 3)


def test_a_sixel_terminal_gets_the_very_pixels():
    picture = sixel_picture(seen := on_terminal(SIXEL, pixels=False))  # it knows its cells, the system does not
    assert picture.shape == (340, 510, 3)
    assert np.abs(picture[2::5, 2::5].astype(int) - CROSS).max() <= 2  # colours are per cent
    assert b"\x1b7\x1b[17A\x1bP" in seen and seen.endswith(b"\x1b\\\x1b8")


def test_a_terminal_that_says_nothing_gets_blocks():
    seen = on_terminal({})
    assert re.search(ATTRIBUTES, seen) and re.search(GRAPHICS, seen)
    assert is_blocks(seen)


def test_one_may_say_what_the_terminal_has():
    seen = on_terminal({}, rows=10, pixels=False, FLAGSAE_KITTY="sixel")  # cells of 10 x 20, when nobody knows
    assert not re.search(ATTRIBUTES, seen) and not re.search(GRAPHICS, seen)
    assert sixel_picture(seen).shape == (180, 270, 3)  # of ten lines, one is for the cursor


def test_kitty_gets_blocks_where_they_are_asked_for():
    seen = on_terminal(KITTY, FLAGSAE_KITTY="blocks")
    assert is_blocks(seen) and not re.search(ATTRIBUTES, seen)


def test_kitty_gets_letters_where_no_colour_is_wanted():
    seen = on_terminal(KITTY, NO_COLOR="1")
    assert b"\x1b" not in seen and {*seen.decode()} == {*"wR\r\n"}


def test_what_nobody_knows_is_said_in_a_line(monkeypatch):
    monkeypatch.setenv("FLAGSAE_KITTY", "tgp")
    with pytest.raises(UsageError, match=r"^FLAGSAE_KITTY is 'tgp': set it to kitty, sixel or blocks, or unset it$"):
        Kitty().render(Scene("nothing"), Size(9, 9))


@pytest.mark.parametrize(
    ("size", "cells"),
    [
        (Size(51, 17), (51, 17)),
        (Size(51, 40), (51, 17)),
        (Size(200, 17), (51, 17)),
        (Size(40, 40), (39, 13)),
        (Size(2, 1), (2, 1)),
        (Size(1, 1), (1, 1)),
    ],
)
def test_a_picture_keeps_its_proportions(size, cells):
    assert fit(CROSS, size, CellSize(10, 20)) == cells


def test_a_flat_picture_grows_without_stairs():
    y, x = np.mgrid[:60, :90]
    disc = np.where(np.hypot(x - 44.5, y - 29.5)[..., None] < 20, (206, 17, 38), 255).astype(np.uint8)
    y, x = np.mgrid[:480, :720]
    ideal = np.where(np.hypot(x - 359.5, y - 239.5)[..., None] < 160, (206, 17, 38), 255)
    stairs = np.abs(disc.repeat(8, 0).repeat(8, 1) - ideal).sum()
    assert np.abs(enlarged(disc, 720, 480) - ideal).sum() < stairs / 3


def test_specks_have_no_outlines_to_be_drawn_along():
    specks = np.random.default_rng(1).integers(0, 2, (80, 120, 1), np.uint8).repeat(3, 2) * 255
    assert (enlarged(specks, 240, 160) == scale(specks, 240, 160)).all()
