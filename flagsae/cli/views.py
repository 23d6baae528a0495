"""`--view NAME`: lets a visualizer draw what a command has found, on the terminal or into files."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Sequence
from threading import Timer
from time import perf_counter, sleep
from typing import TYPE_CHECKING

from flagsae.cli.files import Folder, suffix_of
from flagsae.cli.screen import check_output, console, note, words, write
from flagsae.errors import UsageError
from flagsae.visual.scene import FRAME, Size

if TYPE_CHECKING:
    from rich.console import Console

    from flagsae.plugins.registry import Loaded
    from flagsae.visual.scene import Picture, Scene

DRAWN = ".svg", ".txt"  # suffixes that every visualizer can write: its drawing for a terminal, captured
CELLS = 120, 40  # columns, lines of a captured drawing
INK, PAPER = "#e6e6e6", "#101018"  # its text and its background
LOOPS = 3  # how often an animation is played on a terminal
LONG = 5.0  # seconds after which the user is told that a visualizer is still at work
MOST_PRINTED = 60  # characters that a note quotes of what a visualizer has printed


def open_view(name: str, output: str, size: int, json: bool, quiet: bool) -> View | None:
    """The view that is asked for, or None; to be called before any work is done.

    Raises what is wrong with it: an unknown name, a visualizer that cannot be loaded, a file that it cannot write.
    """
    if not name:
        return None
    if json:
        raise UsageError("--view draws and --json writes records: give one of them")
    from flagsae.plugins.registry import get

    plugin = get(name)
    with watched(name):
        loaded = plugin.load()
    view = View(loaded, output, size, quiet)
    if output == "-":
        raise UsageError(f"--view writes a file by its suffix: give -o FILE{view.suffixes[0]}")
    check_output(output, view.suffixes)
    return view


class View:
    """A visualizer, and where its drawings go.

    suffixes: of the files that it can write, its own kinds first; width: pixels that pictures in a scene should have,
    for a large file; otherwise 0.
    """

    def __init__(self, loaded: Loaded, output: str, size: int, quiet: bool) -> None:
        self.loaded, self.folder, self.size, self.quiet = loaded, Folder(output), size, quiet
        self.suffixes = (*loaded.files, *DRAWN)
        suffix = self.suffixes[0] if output.endswith("/") else suffix_of(output)
        self.width = size if output and suffix in loaded.files else 0
        self._shown = 0  # scenes

    def show(self, scene: Scene, *, one_of: int = 1) -> None:
        """Draws a scene on the terminal, or writes it to a file. one_of: how many scenes there will be in all."""
        path = self.folder.path
        if path.endswith("/"):
            path = self.folder.file(scene.title, self.suffixes[0])
        if path:
            with watched(self.loaded.plugin.name):
                data = self._file(scene, suffix_of(path))
            write(data, path, self.quiet)
        else:
            self._draw(scene, one_of)
        self._shown += 1

    def _file(self, scene: Scene, suffix: str) -> bytes:
        """The bytes of a file: one of the visualizer's own kinds, its animation, or a captured drawing."""
        if suffix in self.loaded.suffixes:
            return self.loaded.export(scene, suffix, self.size)
        if suffix == ".gif":
            from flagsae.visual.paint import gif

            frames = self.loaded.frames(scene, self.size)
            if not frames:
                raise UsageError(f"nothing moves in {scene.title!r}: give -o FILE.svg")
            return gif(frames, FRAME, alike=True)
        from flagsae.visual.terminal.cells import document

        lines = self.loaded.capture(scene, Size(*CELLS), colours=None if suffix == ".txt" else "truecolor").lines
        if suffix == ".txt":
            return "".join("".join(segment.text for segment in line).rstrip() + "\n" for line in lines).encode()
        return document(lines, INK, PAPER, scene.title).encode()

    def _draw(self, scene: Scene, one_of: int) -> None:
        from rich.segment import Segments

        out = console()  # made before `watched` replaces `sys.stdout`
        size = Size(out.width, max(1, out.height - 2 - (one_of > 1)))  # room for a title and the prompt
        if self._shown:
            out.print()
        if one_of > 1:
            out.print(words(scene.title, "bold"), no_wrap=True, overflow="ellipsis")
        frames: list[Picture] = []
        with watched(self.loaded.plugin.name):
            if self.loaded.moves and out.is_terminal and not out.is_dumb_terminal:
                frames = self.loaded.frames(scene, 2 * size.columns)
            if not frames:
                drawn = self.loaded.render(scene, size)
                with self.loaded.plugin.boundary():
                    segments = list(out.render(drawn))
        if frames:
            play(frames, size, out)
        else:
            out.print(Segments(segments), end="")
            if segments and not segments[-1].text.endswith("\n"):
                out.print()


def play(frames: Sequence[Picture], size: Size, out: Console) -> None:
    """Plays an animation `LOOPS` times on a console; its first picture stays there."""
    from rich.live import Live

    from flagsae.visual import show

    shown = [show(frame, size) for frame in frames]
    with Live(shown[0], console=out, auto_refresh=False, vertical_overflow="crop") as live:
        for frame in [*shown * LOOPS, shown[0]]:
            started = perf_counter()
            live.update(frame, refresh=True)
            sleep(max(0.0, FRAME - (perf_counter() - started)))


@contextlib.contextmanager
def watched(name: str) -> Iterator[None]:
    """A context for a visualizer's code: what it prints is not printed but quoted in a note.

    If it takes long, a note says so.
    """
    printed = io.StringIO()
    slow = Timer(LONG, note, [f"{name} is still at work; Ctrl-C ends it"])
    slow.daemon = True
    slow.start()
    try:
        with contextlib.redirect_stdout(printed):
            yield
    finally:
        slow.cancel()
    if text := printed.getvalue():
        from flagsae.plugins.registry import one_line

        note(f"note: {name} printed {one_line(text)[:MOST_PRINTED]!r}, which is left out")
