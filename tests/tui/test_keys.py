"""Keys and clicks that come faster than the application."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from rich.style import Style
from textual import events, timer
from textual.command import CommandList, Hit, Hits, Provider
from textual.pilot import Pilot
from textual.widgets import Input
from user import burst, letters, opened, session, settled, until

from flagsae.tui.app import FlagsaeApp
from flagsae.tui.keys import KeysInOrder, lives
from flagsae.tui.overlays.base import Palette
from flagsae.tui.screens.mix import MixScreen
from flagsae.tui.widgets.slider import Slider


async def alive(app: FlagsaeApp, pilot: Pilot[Any]) -> None:
    """Whether the keyboard is: keys leave what is being typed, and go to another screen and back."""
    for key, mode in (("6", "lab"), ("1", "mix")):
        await burst(app, pilot, "escape", "escape", key)
        assert app.current_mode == mode


@pytest.mark.long
@session
async def test_rows_that_come_and_go_at_once_leave_a_keyboard() -> None:
    async with opened() as (app, pilot):
        screen = app.screen
        assert isinstance(screen, MixScreen)
        app.choose(flag=app.collection.dataset.name_table()["laos"])
        for keys in (("a", "u"), ("a", "delete", "u", "u"), ("a", "f", "u", "u", "a", "right", "u", "u")):
            await burst(app, pilot, *keys)
            await settled(app, pilot)
            assert screen.terms.text == "morocco + colombia", keys
            assert screen.focused is not None and lives(screen.focused), keys
        await burst(app, pilot, "a", "right", "right")  # the new term's slider has the keys
        await settled(app, pilot)
        assert screen.terms.text == "morocco + colombia + 1.1*laos"
        await alive(app, pilot)


@pytest.mark.long
@session
async def test_letters_after_the_slash_are_text() -> None:
    async with opened() as (app, pilot):
        screen = app.screen
        await burst(app, pilot, "slash", "ctrl+u", *letters("japan + 0.5*fiji"), "enter", "right")
        await settled(app, pilot)
        assert isinstance(screen, MixScreen) and screen.terms.text == "1.05*japan + 0.5*fiji"
        await burst(app, pilot, "2", "slash", *letters("bhutan"))  # a screen that was never seen before
        assert app.screen.query_one("#find-flags", Input).value == "bhutan"
        await until(pilot, lambda: app.collection.slug(app.flag) == "bhutan")
        await burst(app, pilot, "escape", "3", "slash", *letters("star"))
        assert app.screen.query_one("#find-features", Input).value == "star"


@pytest.mark.long
@session
async def test_an_overlay_goes_once() -> None:
    async with opened() as (app, pilot):
        screen = app.screen
        for keys in (
            ("g", "a", "s", "d"),
            ("g", "a", "escape"),
            ("question_mark", "escape", "escape", "escape"),
            ("t", "escape", "escape"),
            ("t", "enter", "enter", "enter"),
            ("colon", "escape", "escape"),
            ("e", "escape", "escape"),
            ("b", "enter", "enter"),
            ("b", "escape", "b", "b", "enter"),
        ):
            await burst(app, pilot, *keys)
            await until(pilot, lambda: app.screen is screen, f"{keys} come back")
            await alive(app, pilot)
        overlay = Palette()
        await app.push_screen(overlay)
        overlay.dismiss()
        overlay.dismiss()
        await until(pilot, lambda: app.screen is screen)


@pytest.mark.long
@session
async def test_a_slider_speaks_of_what_it_was_of() -> None:
    """The term that a slider was moved for has gone when that is heard of."""
    async with opened() as (app, pilot):
        screen = app.screen
        assert isinstance(screen, MixScreen)
        slider = screen.query(Slider).last()
        slider.action_leap(1)
        app.choose(expression="morocco + japan")
        await settled(app, pilot)
        assert screen.terms.text == "morocco + japan"


@pytest.mark.long
@session
async def test_a_palette_lives_in_a_few_columns() -> None:
    async with opened() as (app, pilot):
        await burst(app, pilot, "ctrl+p", "a")
        assert isinstance(app.screen, Palette)
        for width in (12, 5, 4, 3, 2, 1, 120):
            await pilot.resize_terminal(width, 13)
            await pilot.pause()
        await alive(app, pilot)


async def with_palette(app: FlagsaeApp, pilot: Pilot[Any]) -> Palette:
    """Opens the command palette."""
    app.action_command_palette()
    await until(pilot, lambda: isinstance(app.screen, Palette) and app.screen.is_mounted)
    assert isinstance(app.screen, Palette)
    return app.screen


class Slow(Provider):
    """Finds something when it is let."""

    free: asyncio.Event

    async def search(self, query: str) -> Hits:
        await self.free.wait()
        yield Hit(1, query, lambda: None)


@pytest.mark.long
@session
async def test_a_palette_may_go_while_it_searches() -> None:
    """Its widgets go before its search does."""
    Slow.free = asyncio.Event()
    async with opened() as (app, pilot):
        palette = Palette([Slow])
        await app.push_screen(palette)
        await pilot.press("a")
        await until(pilot, lambda: bool(palette.query(CommandList)))
        await palette.query_children("*").remove()
        Slow.free.set()
        await until(pilot, lambda: not any(worker.is_running for worker in app.workers))
        palette.dismiss()
        await alive(app, pilot)


@pytest.mark.long
@session
async def test_a_palette_is_opened_again_before_the_last_one_has_gone() -> None:
    async with opened() as (app, pilot):
        palette = await with_palette(app, pilot)
        palette.dismiss()  # nobody waits for it
        assert await with_palette(app, pilot) is not palette
        await alive(app, pilot)


@pytest.mark.long
@session
async def test_a_click_on_a_palette_where_nothing_is_any_more_is_nothing() -> None:
    async with opened() as (app, pilot):
        palette = await with_palette(app, pilot)
        x, y = app.size.width + 1, 0  # the terminal was wider
        palette.post_message(events.Click(palette, x, y, 0, 0, 1, False, False, False, x, y))
        await settled(app, pilot)
        assert app.screen is palette
        # A line was drawn when the click was made, and is gone when the list reads it.
        await until(pilot, lambda: bool(palette.query(CommandList)))
        listed = palette.query_one(CommandList)
        click = events.Click(listed, 3, 6, 0, 0, 1, False, False, False, style=Style(meta={"option": 5}))
        listed.clear_options()
        listed.post_message(click)
        await alive(app, pilot)


@pytest.mark.long
@session
async def test_a_timer_is_not_dropped_on_a_busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose delay has passed before it begins to wait: of a resize, or of a second look at the keyboard."""
    now = timer._time.get_time
    seconds = iter(range(10))

    def busy() -> float:
        task = asyncio.current_task()
        return now() + (next(seconds) if task is not None and task.get_name() == "busy" else 0)

    monkeypatch.setattr(timer, "_time", SimpleNamespace(get_time=busy))
    async with opened() as (app, pilot):
        called = asyncio.Event()
        app.set_timer(0.01, called.set, name="busy")
        await until(pilot, called.is_set)


@session
async def test_keys_that_come_when_the_screens_are_gone_meet_nothing() -> None:
    ended: KeysInOrder = KeysInOrder()  # which has no screen either
    for event in (events.Key("a", "a"), events.Paste("japan")):
        await ended.on_event(event)
    assert ended.all_read
