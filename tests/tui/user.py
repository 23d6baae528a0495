"""The application as a user has it in front of them, without a terminal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import cache, wraps
from typing import Any

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from flagsae.flags.dataset import load_dataset
from flagsae.sae.model import load_model
from flagsae.sae.runs import Recording, recording_of
from flagsae.tui.app import FlagsaeApp
from flagsae.workspace.collection import Collection
from flagsae.workspace.workspace import Workspace

LOOK = 0.01  # seconds between two looks at what is waited for
LOOKS = 6000  # at most: a minute, on a machine that does nothing else
PASSES = 1000  # through the event loop, at most: what moves may take longer to draw than until its next picture
LAYOUTS = 20  # of the screen after a key, at most
KEYS = {" ": "space", "+": "plus", "-": "minus", "*": "asterisk", ".": "full_stop", "(": "left_parenthesis",
        ")": "right_parenthesis", "/": "slash"}  # fmt: skip


def session(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """A test that lives in an event loop."""

    @wraps(test)
    def run(*args: Any, **fixtures: Any) -> None:
        asyncio.run(test(*args, **fixtures))

    return run


class User(Pilot[None]):
    """Presses keys and moves the mouse, and goes on when the application has done what follows from it.

    Textual's own waits until the process does nothing: 40 ms after each key, and up to two seconds while a thread
    computes, whose work nobody has asked for any longer when the next key comes.
    """

    app: FlagsaeApp

    def __init__(self, app: FlagsaeApp) -> None:
        super().__init__(app)

    async def press(self, *keys: str) -> None:
        for key in keys:
            self.app.post_message(events.Key(key, letter_of(key)))
            await self.pause()
            await until(self, lambda: self.app.all_read, f"reads {key}")
            await self.app.animator.wait_until_complete()
            await self.pause()

    async def resize_terminal(self, width: int, height: int) -> None:
        await super().resize_terminal(width, height)
        await until(self, lambda: self.app._resize_event is None, "another size")  # a timer may have it
        await self.pause()

    async def pause(self, delay: float | None = None) -> None:
        """Until all messages are handled, and what has changed is drawn; threads may be at work, and something move."""
        if delay:
            await asyncio.sleep(delay)
        for _ in range(LAYOUTS):
            await idle()
            if self.app._exit or not self.app.screen_stack:
                return
            screen = self.app.screen
            screen._on_timer_update()
            await idle()
            if not (screen._layout_required or screen._dirty_widgets or screen._callbacks):
                return


async def idle() -> None:
    """Until all that runs in the event loop waits for a thread, a timer or us."""
    loop = asyncio.get_running_loop()
    for _ in range(PASSES):
        await asyncio.sleep(0)
        if not loop._ready:  # type: ignore[attr-defined]
            return


async def until(pilot: Pilot[Any], holds: Callable[[], bool], what: str = "") -> None:
    """Lets the application run until something holds; fails where it never does."""
    for _ in range(LOOKS):
        if holds():
            return
        if pilot.app._exception is not None:
            raise pilot.app._exception
        await pilot.pause(LOOK)
    raise AssertionError(f"never: {what or holds}")


@cache
def shipped(name: str = "") -> tuple[Workspace, Recording]:
    """The bundled flags and a shipped model, opened once for all tests: nothing in them changes. name: "crisp", or the
    default's."""
    dataset = shipped()[0].dataset if name else load_dataset()
    model = load_model(dataset, name)
    return Workspace(Collection(dataset), model), recording_of(model)


@asynccontextmanager
async def opened(
    screen: str = "mix", size: tuple[int, int] = (120, 40), **options: Any
) -> AsyncIterator[tuple[FlagsaeApp, User]]:
    """The application on one of its screens, with the flags there and nothing left to do."""
    if not {"data", "model", "ready"} & set(options):
        options["ready"] = shipped()
    app = FlagsaeApp(screen=screen, **{"remember": False, **options})
    async with app.run_test(size=size):
        pilot = User(app)
        await until(pilot, lambda: app.current_mode == screen, f"the screen {screen}")
        await settled(app, pilot)
        yield app, pilot


async def settled(app: FlagsaeApp, pilot: Pilot[Any]) -> None:
    """Until no thread is at work and all messages are handled."""
    await pilot.pause()
    await until(pilot, lambda: not any(worker.is_running for worker in app.workers), "all work done")
    await pilot.pause()


async def typed(pilot: Pilot[Any], text: str) -> None:
    """Types a text, key by key."""
    await pilot.press(*(KEYS.get(letter, letter) for letter in text))


async def burst(app: FlagsaeApp, pilot: Pilot[Any], *keys: str) -> None:
    """Keys that are there before the first of them is read, as on a slow line or a busy machine; until all are read."""
    for key in keys:
        app.post_message(events.Key(key, letter_of(key)))
    await pilot.pause()
    await until(pilot, lambda: app.all_read, f"reads {keys}")


def letter_of(key: str) -> str | None:
    """What a key writes."""
    if len(key) == 1:
        return key
    return next((letter for letter in " +-*.,:;?/()[]=_'" if _character_to_key(letter) == key), None)


def letters(text: str) -> list[str]:
    """The keys of a text."""
    return [letter if letter.isalnum() else _character_to_key(letter) for letter in text]
