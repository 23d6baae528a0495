"""What goes to the terminal, whoever has drawn it: nothing that it would obey, and colours that it has."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from toys import toy_run
from user import opened, session, until

from flagsae.flags.dataset import Dataset
from flagsae.flags.names import Name
from flagsae.printable import printable
from flagsae.tui.commands import SCREENS
from flagsae.tui.filters import Printable, SixteenColours, nearest
from flagsae.workspace.collection import Collection, in_print
from flagsae.workspace.workspace import Workspace

BLACK = Color(0, 0, 0)
EVIL = (
    "\x1b[2J\x1b]0;gone\x07",
    "two\nlines\rover",
    "\u202eright to left\u2066",
    "\udcff\ud800",
    "[bold]x[/] [/] [",
    "\x9b5m",
)


@pytest.mark.parametrize(
    ("colour", "shown"),
    [
        ((0, 98, 51), (0, 170, 0)),  # dark green: of Saudi Arabia, once grey
        ((0, 138, 67), (0, 170, 0)),
        ((210, 20, 35), (170, 0, 0)),
        ((4, 50, 140), (0, 0, 170)),
        ((252, 209, 22), (255, 255, 85)),
        ((92, 178, 222), (0, 170, 170)),
        ((255, 255, 255), (255, 255, 255)),
        ((18, 21, 28), (0, 0, 0)),
        ((128, 128, 128), (170, 170, 170)),
    ],
)
def test_a_colour_keeps_its_hue_among_sixteen(colour: tuple[int, int, int], shown: tuple[int, int, int]) -> None:
    assert nearest(*colour) == shown
    (segment,) = SixteenColours().apply([Segment("x", Style(color=f"rgb{colour}", bold=True))], BLACK)
    assert segment.style is not None and segment.style.color is not None and segment.style.bold
    assert segment.style.color.triplet == shown and segment.style.bgcolor is None


def test_a_line_keeps_its_length_and_loses_what_a_terminal_obeys() -> None:
    line = [Segment("Morocco "), *map(Segment, EVIL), Segment(" │")]
    safe = Printable().apply(line, BLACK)
    text = "".join(segment.text for segment in safe)
    assert text == printable(text) and text.startswith("Morocco \\x1b[2J")
    assert Segment.get_line_length(safe) == Segment.get_line_length(line)
    plain = [Segment("Côte d'Ivoire ▀▄ ⠁⣿")]
    assert Printable().apply(plain, BLACK) is plain


@pytest.mark.long
@session
async def test_names_of_others_are_only_text_on_every_screen(toy: Dataset) -> None:
    names = tuple(Name(name.slug, evil, (evil,)) for name, evil in zip(toy.flags.names, EVIL, strict=True))
    hostile = replace(toy, name=EVIL[0], flags=replace(toy.flags, names=names))
    recording = toy_run(hostile, "first")
    workspace = Workspace.of(Collection(in_print(hostile)), "first")
    async with opened(ready=(workspace, recording), expression=" + ".join(name.slug for name in names[:4])) as (
        app,
        pilot,
    ):
        for number, scope in enumerate(SCREENS, 1):
            await pilot.press(str(number))
            await until(pilot, lambda scope=scope: app.current_mode == scope and not app.screen.changed, scope)  # type: ignore[misc]
            for flag in range(len(names)):
                app.choose(flag=flag)
                app.notify(f"chosen: {EVIL[flag]}")
            await pilot.pause()
            for strip in app.screen._compositor.render_strips():
                assert strip.text == printable(strip.text), scope
        await pilot.press("2")
        app.choose(flag=4)
        await pilot.pause()
        assert any("[bold]x[/]" in strip.text for strip in app.screen._compositor.render_strips())
    assert np.array_equal(workspace.dataset.flags.canvas, toy.flags.canvas) and workspace.dataset.hash == toy.hash
