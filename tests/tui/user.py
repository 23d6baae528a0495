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
from flagsae.workspace.workspace import Collection, Workspace

STEPS = 1200  # of waiting, at most, for what must come: a minute
KEYS = {" ": "space", "+": "plus", "-": "minus", "*": "asterisk", ".": "full_stop", "(": "left_parenthesis",
        ")": "right_parenthesis", "/": "slash"}  # fmt: skip


def session(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """A test that lives in an event loop."""

    @wraps(test)
    def run(*args: Any, **fixtures: Any) -> None:
        asyncio.run(test(*args, **fixtures))

    return run


async def until(pilot: Pilot[Any], holds: Callable[[], bool], what: str = "") -> None:
    """Lets the application run until something holds; fails where it never does."""
    for _ in range(STEPS):
        if holds():
            return
        await pilot.pause(0.05)
    raise AssertionError(f"never: {what or holds}")


@cache
def shipped() -> tuple[Workspace, Recording]:
    """The bundled flags and the shipped model, opened once for all tests: nothing in them changes."""
    dataset = load_dataset()
    model = load_model(dataset)
    return Workspace(Collection(dataset), model), recording_of(model, dataset)


@asynccontextmanager
async def opened(
    screen: str = "mix", size: tuple[int, int] = (120, 40), **options: Any
) -> AsyncIterator[tuple[FlagsaeApp, Pilot[Any]]]:
    """The application on one of its screens, with the flags there and nothing left to do."""
    if not {"data", "model", "ready"} & set(options):
        options["ready"] = shipped()
    app = FlagsaeApp(screen=screen, **{"remember": False, **options})
    async with app.run_test(size=size) as pilot:
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
