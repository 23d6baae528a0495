"""Random hands on the terminal application: keys, text, clicks, drags, other sizes, with and without pauses.

What is done depends on the seed alone, not on what the application shows, so a failure can be played again by its seed,
or by the list of the last actions that is printed with it (`play`). After every `PROBE` actions the keyboard has to
live: escape leads out of whatever is open, and digits go to screens. No worker may have failed, and after the first
thousand actions the process may not grow; its memory is counted while the application rests. Before the first one each
key of each screen is pressed once (`tour`): what is loaded when it is first used is there before memory is counted.
"""

from __future__ import annotations

import asyncio
import gc
import os
import random
import sys
import tempfile
import time
import traceback
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeAlias
from unittest.mock import patch

from textual import events
from textual.geometry import Size
from textual.keys import _character_to_key
from textual.worker import Worker, WorkerState

from flagsae import paths
from flagsae.tui import app
from flagsae.tui.app import FlagsaeApp
from flagsae.tui.commands import COMMANDS, SCREENS
from flagsae.tui.screens import train
from flagsae.tui.screens.base import Pane

COUNT = 20_000
PROBE = 100  # actions between two looks at whether the keyboard lives
LAST = 60  # actions that are printed with a failure
WARM = 1000  # actions after which memory is counted
GROWTH = 0.05  # of memory from then on, at most
TURN = 0.005  # seconds between two looks at what is waited for
DEAD = 12_000  # looks, a minute at least, after which keys that are not read, or a screen that does not come, mean a
# dead keyboard; looks and not seconds, so that a machine that sleeps meanwhile is no fault
SIZES = ((80, 24), (120, 40), (160, 45), (200, 60), (60, 18), (59, 17), (100, 30), (1, 1), (2, 2), (40, 2), (7, 50))
TEXTS = ("japan", "morocco + 0.5*laos", "-laos + 2*f17", "green star", "f3", "(((", "'", "[x]", "é", "red - blue", "9")
MOVES = ("tab", "shift+tab", "up", "down", "left", "right", "home", "end", "pageup", "pagedown", "enter", "escape")
EDITS = ("backspace", "delete", "ctrl+u", "ctrl+w", "ctrl+a", "space", "ctrl+c", "ctrl+q", "ctrl+p", "ctrl+s")
SHARED = ("plane", "gallery", "bars", "chart", "slider")  # scopes of widgets that several screens have
TABLE = tuple(key for command in COMMANDS for key in command.keys.split(","))

Action: TypeAlias = tuple[Any, ...]  # its kind, and what it is done with; places are shares of the screen


def actions(seed: int) -> Iterator[Action]:
    """Without an end."""
    chance = random.Random(seed)

    def place() -> tuple[float, float]:
        return round(chance.random(), 3), round(chance.random(), 3)

    def key() -> str:
        pool = chance.choices((TABLE, MOVES, EDITS, "123456"), (6, 3, 1, 1))[0]
        return chance.choice(pool)

    while True:
        kind = chance.choices(
            ("keys", "text", "click", "drag", "move", "scroll", "size", "paste", "pause"), (60, 6, 10, 4, 6, 4, 4, 1, 5)
        )[0]
        if kind == "keys":
            yield kind, [key() for _ in range(chance.choice((1, 1, 1, 2, 3, 5, 8)))]
        elif kind == "text":
            yield kind, chance.choice(("slash", "colon", "i", "e", "")), chance.choice(TEXTS), chance.random() < 0.5
        elif kind == "click":
            yield kind, place(), chance.choice((1, 1, 1, 2, 3)), chance.choice((1, 1, 1, 3))
        elif kind == "drag":
            yield kind, place(), place(), chance.choice((1, 1, 3))
        elif kind == "size":
            yield kind, chance.choice((*SIZES, (chance.randint(1, 130), chance.randint(1, 50))))
        elif kind == "scroll":
            yield kind, place(), chance.choice((-1, 1))
        elif kind == "pause":
            yield kind, chance.choice((0.01, 0.05, 0.2))
        elif kind == "paste":
            yield kind, chance.choice(TEXTS)
        else:
            yield kind, place()


def tour() -> Iterator[Action]:
    """Each screen, with each of its keys once."""
    for number, scope in enumerate(SCREENS, 1):
        for command in COMMANDS:
            if command.scope in (scope, *SHARED):
                yield "keys", ["escape", str(number), command.keys.split(",")[0]]
                yield "pause", 0.05
        yield "keys", ["escape", "escape"]


class Robot(FlagsaeApp):
    """The application, which a random key does not end."""

    CSS_PATH = str(Path(app.__file__).with_name("app.tcss"))
    may_quit = False
    faults: list[str]

    async def action_quit(self) -> None:
        if self.may_quit:
            await super().action_quit()

    def notify(self, message: str, **options: Any) -> None:
        # What is told as an error where none is to be expected: repr of an exception nobody knows.
        if options.get("severity") == "error" and "Error(" in str(message):
            self.faults.append(str(message))
        super().notify(message, **options)


class Dead(AssertionError):
    """The application, or its keyboard."""


async def until(app: Robot, holds: Any, what: str) -> None:
    for _ in range(DEAD):
        if holds():
            return
        if app._exception is not None or app._exit:
            raise Dead(f"the application ended: {app._exception!r}")
        await asyncio.sleep(TURN)
    raise Dead(f"{what}; the focus is on {app.screen.focused} of {app.screen}")


def press(app: Robot, keys: Iterable[str]) -> None:
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else LETTERS.get(key)))


LETTERS = {_character_to_key(letter): letter for letter in " +-*.,:;?/()[]=_'"}


def letters(text: str) -> list[str]:
    return [letter if letter.isalnum() else _character_to_key(letter) for letter in text]


def mouse(app: Robot, kind: type[events.MouseEvent], place: tuple[float, float], button: int = 0) -> None:
    x, y = int(place[0] * app.size.width), int(place[1] * app.size.height)
    app.post_message(kind(None, x, y, 0, 0, button, False, False, False, x, y))


async def act(app: Robot, action: Action) -> None:
    match action:
        case "keys", keys:
            press(app, keys)
        case "text", key, text, whole:
            press(app, [*([key] if key else []), *letters(text), *(["enter"] if whole else [])])
        case "click", place, times, button:
            for _ in range(times):
                mouse(app, events.MouseDown, place, button)
                mouse(app, events.MouseUp, place, button)
        case "drag", start, end, button:
            mouse(app, events.MouseDown, start, button)
            for step in range(1, 5):
                at = tuple(one + step / 4 * (other - one) for one, other in zip(start, end, strict=True))
                mouse(app, events.MouseMove, at, button)
            mouse(app, events.MouseUp, end, button)
        case "move", place:
            mouse(app, events.MouseMove, place)
        case "scroll", place, way:
            mouse(app, events.MouseScrollUp if way > 0 else events.MouseScrollDown, place)
        case "size", (width, height):
            app._driver._size = Size(width, height)  # type: ignore[union-attr]
            app.post_message(events.Resize(Size(width, height), Size(width, height)))
        case "paste", text:
            app.post_message(events.Paste(text))
        case "pause", seconds:
            await asyncio.sleep(seconds)


async def probe(app: Robot) -> None:
    """Fails where the keyboard is dead, or something went wrong that nobody saw."""
    await until(app, lambda: app.all_read, "keys are not read")
    for _ in range(6):
        press(app, ["escape"])
        await asyncio.sleep(0)
        await until(app, lambda: app.all_read, "escape is not read")
        if isinstance(app.screen, Pane):
            break
    press(app, ["escape", "escape"])
    for number in (6, 1):
        press(app, [str(number)])
        scope = list(SCREENS)[number - 1]
        await until(app, lambda scope=scope: app.current_mode == scope, f"{number} does not go to {scope}")
    if app.faults:
        raise Dead("; ".join(app.faults))


async def at_rest(app: Robot) -> float:
    """MB that the process holds once nothing is under way and the application has given back what it could."""
    await until(app, lambda: not list(app.workers), "work does not end")
    gc.collect()
    asked = time.monotonic()
    mouse(app, events.MouseMove, (0, 0))  # it rests once after each burst of input
    await until(app, lambda: app.rested > asked, "it does not rest")
    return resident()


async def play(done: Iterable[Action], app: Robot, report: bool = True) -> tuple[int, bool]:
    """Does all of it in the application; how many actions were done, and whether all went well. Prints what did not."""
    last: deque[Action] = deque(maxlen=LAST)
    number, well, start, first = 0, True, time.monotonic(), 0.0
    async with app.run_test(size=(120, 40)) as pilot:
        try:
            await until(app, lambda: app.current_mode in SCREENS, "it never opens")
            if report:
                import sklearn.manifold  # noqa: F401 - 90 MB that the map loads at the first t-SNE of another step

                for action in tour():
                    last.append(action)
                    await act(app, action)
                    await until(app, lambda: app.all_read, "keys are not read")
            for number, action in enumerate(done, 1):
                last.append(action)
                await act(app, action)
                await asyncio.sleep(0)
                if number % 10 == 0 or action[0] == "pause":  # else the next one comes at once
                    await until(app, lambda: app.all_read, "keys are not read")
                if number % PROBE == 0:
                    await probe(app)
                if number % WARM == 0 and report:
                    held = await at_rest(app)
                    first = first or held
                    print(f"{number} actions, {time.monotonic() - start:.0f} s, {held:.0f} MB", flush=True)
            await probe(app)
            if first and (held := await at_rest(app)) > (1 + GROWTH) * first:
                raise Dead(f"{first:.0f} MB after the first {WARM} actions, {held:.0f} MB at the end")
            app.may_quit = True
            press(app, ["ctrl+q"])
            for _ in range(DEAD):
                if app._exit:
                    break
                await asyncio.sleep(TURN)
            else:
                raise Dead("ctrl+q does not quit")
        except Dead as dead:
            print(f"after {number} actions: {dead}\nthe last ones: {list(last)!r}", flush=True)
            if app._exception is not None:
                traceback.print_exception(app._exception)
                app._exception = None
            well = False
            app.exit()
        del pilot
    return number, well


def resident() -> float:
    """MB that the process has in memory."""
    statm = Path("/proc/self/statm")
    pages = int(statm.read_text().split()[1]) if statm.exists() else 0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def harmless(faults: list[str]) -> Iterator[None]:
    """In a folder and a home of its own, outside of which nothing is written; nothing is trained; failed workers are
    written down."""
    state: Any = Worker.state
    replacing = paths.replacing

    def set_state(worker: Worker[Any], value: WorkerState) -> None:
        if value == WorkerState.ERROR:
            error = sys.exc_info()[1]  # the worker itself does not know it yet
            traceback.print_exception(error)
            faults.append(f"worker {worker.name} failed: {error!r}")
        state.fset(worker, value)

    def replacing_here(path: Path, *options: Any, **named: Any) -> Any:
        if not Path(path).absolute().resolve().is_relative_to(folder):
            raise PermissionError(13, "the robot writes in its own folder")
        return replacing(path, *options, **named)

    here = Path.cwd()
    with tempfile.TemporaryDirectory() as name, ExitStack() as patches:
        folder = Path(name).resolve()
        os.chdir(folder)
        patches.callback(os.chdir, here)
        for patch_of in (
            patch.dict(os.environ, FLAGSAE_HOME=str(folder / "home")),
            patch.object(Worker, "state", property(state.fget, set_state)),
            patch.object(paths, "replacing", replacing_here),
            patch.object(train, "find_spec", lambda name: None),
        ):
            patches.enter_context(patch_of)
        yield


def run(count: int, seed: int, ready: Any = None, report: bool = True) -> tuple[int, bool]:
    """The first actions of a seed; what `play` says of them."""
    faults: list[str] = []
    some = (action for action, _ in zip(actions(seed), range(count), strict=False))
    with harmless(faults):
        app = Robot(remember=False, ready=ready)
        app.faults = faults
        return asyncio.run(play(some, app, report))


def attack(count: int, seed: int) -> int:
    """Returns 1 where the application, its keyboard, a worker or its memory failed."""
    done, well = run(count or COUNT, seed)
    print(f"seed {seed}: {done} actions, {int(not well)} failures")
    return int(not well)
