"""The block characters of pictures, chosen in the application."""

from __future__ import annotations

from textual.widgets import OptionList
from user import opened, session, until

from flagsae.tui.app import FlagsaeApp
from flagsae.tui.overlays.cells import Kinds
from flagsae.tui.widgets.stage import Stage
from flagsae.visual.terminal import chosen
from flagsae.visual.terminal.kinds import Detected

FOUND = Detected("quadrant", "this one draws these itself")


def characters(app: FlagsaeApp) -> set[str]:
    """All that are on the screen."""
    return {letter for strip in app.screen._compositor.render_strips() for segment in strip for letter in segment.text}


def finer(app: FlagsaeApp) -> bool:
    return any("\U0001fb00" <= letter <= "\U0001fb6f" for letter in characters(app))


@session
async def test_a_kind_is_chosen_with_a_preview_and_remembered_for_such_a_terminal() -> None:
    async with opened(cells=FOUND, screen="flags", remember=True) as (app, pilot):
        assert chosen.kind() == "quadrant" and not finer(app)
        await pilot.press("K")
        assert isinstance(app.screen, Kinds) and app.screen.query_one(OptionList).highlighted == 0
        assert app.screen.query_one(Stage).note == FOUND.why
        for _ in range(4):
            await pilot.press("down")
        await until(pilot, lambda: finer(app), "draws the preview")
        assert app.screen.query_one(Stage).note.startswith("gaps or boxes")
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, Kinds) and finer(app), "draws the flags again")
        assert chosen.kind() == "wedge"
    assert FlagsaeApp(cells=FOUND).cells == chosen.kind() == "wedge"
    other = Detected("half", "another terminal")
    assert FlagsaeApp(cells=other).cells == "auto" and chosen.kind() == "half"
    asked = Detected("sextant", "--cells says so", asked=True)
    assert FlagsaeApp(cells=asked).cells == "auto" and chosen.kind() == "sextant"


@session
async def test_escape_leaves_them_as_they_are() -> None:
    async with opened(cells=FOUND) as (app, pilot):
        await pilot.press("K", "down", "down", "escape")
        assert chosen.kind() == "quadrant" and app.cells == "auto"


@session
async def test_without_colour_there_is_nothing_to_choose() -> None:
    async with opened(depth="none") as (app, pilot):
        await pilot.press("K")
        assert not isinstance(app.screen, Kinds)
