"""What holds for the whole application: one command table, one state, every size and every depth of colour."""

from __future__ import annotations

import gc
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from weakref import WeakSet

import numpy as np
import pytest
from terminals import Terminal
from textual.widget import Widget
from textual.widgets import Static
from user import opened, session, settled, typed, until

from flagsae.flags.dataset import Dataset
from flagsae.sae.crisp import Crisp
from flagsae.sae.info import Info
from flagsae.sae.runs import recording_of
from flagsae.tui.app import FlagsaeApp
from flagsae.tui.command_palette import CommandTable
from flagsae.tui.commands import COMMANDS, SCOPES, SCREENS, WIDGETS, commands_of, tables
from flagsae.tui.overlays.help import Help
from flagsae.tui.overlays.jump import Jump
from flagsae.tui.screens import lab
from flagsae.tui.screens.base import Pane
from flagsae.tui.terminal import DEPTHS
from flagsae.tui.widgets.header import Header
from flagsae.tui.widgets.stage import Stage
from flagsae.workspace.collection import Collection
from flagsae.workspace.workspace import Workspace

ONLY_ON = {"plane": "map", "chart": "train"}
ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "tui.md"
OWNERS = {"gallery": "gallery.Gallery", "bars": "bars.Bars", "slider": "slider.Slider", "text": "text.TextField",
          "plane": "plane.Plane", "chart": "chart.Chart"}  # fmt: skip


def pane(app: object) -> Pane:
    screen = getattr(app, "screen")  # noqa: B009
    assert isinstance(screen, Pane)
    return screen


# The command table.


def test_no_key_has_two_meanings_in_one_place() -> None:
    def keys(scope: str) -> list[str]:
        return [key for command in commands_of(scope) for key in command.keys.split(",")]

    for scope in SCOPES:
        assert len(keys(scope)) == len(set(keys(scope))), scope
    for screen in SCREENS:
        assert not set(keys("app")) & set(keys(screen)), screen
        for widget in WIDGETS:
            if widget != "text" and ONLY_ON.get(widget, screen) == screen:  # in a text field letters are text
                assert not set(keys(widget)) & (set(keys("app")) | set(keys(screen))), (widget, screen)
    assert not {key for key in keys("text") if len(key) == 1}


def test_every_command_can_be_run() -> None:
    """Each action is a method of the class that its scope stands for."""
    from flagsae.tui.app import FlagsaeApp

    for command in COMMANDS:
        if command.scope == "app":
            owner: type = FlagsaeApp
        elif command.scope in SCREENS:
            module = import_module(f"flagsae.tui.screens.{command.scope}")
            owner = getattr(module, f"{command.scope.title()}Screen")
        else:
            module_name, name = OWNERS[command.scope].split(".")
            owner = getattr(import_module(f"flagsae.tui.widgets.{module_name}"), name)
        assert hasattr(owner, f"action_{command.action.partition('(')[0]}"), command


def test_the_documentation_has_every_command() -> None:
    assert tables() in DOCS.read_text(encoding="utf-8"), "run: python docs/make.py keys"


def test_the_readme_tells_of_every_screen() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8").split("## The terminal application")[1]
    for title in SCREENS.values():
        assert f"**{title}**" in text, f"README.md says nothing of the screen {title}"


@pytest.mark.long
@session
async def test_the_palette_has_every_command_and_runs_it() -> None:
    async with opened() as (app, pilot):
        provider = CommandTable(app.screen)
        found = [str(hit.help) async for hit in provider.discover()]
        assert [text for command in COMMANDS if (text := f"{command.help}  ({command.shown_keys})") not in found] == []
        await pilot.press("colon")
        await typed(pilot, "Mix: Copy")
        await until(pilot, lambda: bool(app.screen.query("CommandList").first().highlighted is not None))
        await pilot.press("enter")
        await until(pilot, lambda: app.clipboard.startswith("flagsae compose"))


@pytest.mark.long
@session
async def test_help_shows_the_focused_pane_first_and_jump_goes_to_any() -> None:
    async with opened() as (app, pilot):
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, Help))
        heads = [str(one.render()) for one in app.screen.query(".help-scope").results(Static)]
        assert heads == ["Sliders", "Mix", "Everywhere"]
        await pilot.press("escape")
        assert isinstance(app.screen, Pane)
        targets = pane(app).targets()
        for number in range(len(targets)):
            await pilot.press("g")
            await until(pilot, lambda: isinstance(app.screen, Jump))
            await pilot.press(list(app.screen.targets)[number])  # type: ignore[attr-defined]
            await until(pilot, lambda: isinstance(app.screen, Pane))
            assert app.screen.focused is targets[number]
            await pilot.press("escape")
        await settled(app, pilot)


# One state.


@pytest.mark.long
@session
async def test_what_has_gone_from_the_screen_is_not_kept() -> None:
    async with opened() as (app, pilot):
        seen: WeakSet[Widget] = WeakSet()
        for key in ("question_mark", "escape", "f", "escape", "ctrl+p", "escape", "tab", "tab", "tab", "slash"):
            await pilot.press(key)
            await settled(app, pilot)
            seen.update(app.screen.query("*"))

        def gone() -> bool:  # a search of the palette that is still at work keeps it for a moment
            gc.collect()
            return all(widget.is_attached for widget in seen)

        await until(pilot, gone)


@pytest.mark.long
@session
async def test_digits_go_to_every_screen_and_all_show_the_chosen_flag() -> None:
    async with opened() as (app, pilot):
        app.choose(flag=app.collection.dataset.name_table()["wales"])
        for digit, screen in enumerate(SCREENS, 1):
            app.screen.set_focus(None)
            await pilot.press(str(digit))
            await until(pilot, lambda screen=screen: app.current_mode == screen)
            await settled(app, pilot)
            assert "Wales" in " ".join(app.facts()) and not pane(app).changed
        header = app.screen.query_one(Header)
        header.show(["a flag of 日本国旗" * 3])  # letters two columns wide
        assert header.render_line(0).text.endswith("日本国旗 ")
        stage = app.screen.query_one(Stage)
        stage.show((), "日本")
        line = stage.render_line((stage.size.height - 1) // 2).text
        assert abs(len(line) - len(line.lstrip()) - (len(line) - len(line.rstrip()))) <= 1, "in the middle"


@pytest.mark.long
@session
async def test_steps_are_walked_through_from_every_screen() -> None:
    async with opened() as (app, pilot):
        last = app.step
        assert app.epochs[last] == app.recording.done
        await pilot.press("left_square_bracket")
        await settled(app, pilot)
        assert app.step == last - 1 and app.workspace.model.hash != app.ready[0].model.hash  # type: ignore[index]
        await pilot.press("right_square_bracket", "right_square_bracket")
        await settled(app, pilot)
        assert app.step == last and app.workspace.model is app.ready[0].model  # type: ignore[index]


@pytest.mark.long
@session
async def test_zoom_and_back() -> None:
    async with opened() as (app, pilot):
        await pilot.press("z")
        assert app.screen.maximized is not None
        await pilot.press("z")
        assert app.screen.maximized is None
        await pilot.press("6", "z")  # what is seen in the Lab, not the list to choose it from
        assert isinstance(app.screen.maximized, Stage)


@session
async def test_ctrl_s_saves_the_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened() as (_, pilot):
        await pilot.press("ctrl+s")
        await pilot.press("ctrl+s")
    first, second = sorted(tmp_path.glob("*.svg"))
    text = first.read_text()
    assert second.name == "flagsae-mix-2.svg" and "morocco" in text and "href" not in text and "url(" not in text


@pytest.mark.long
@session
async def test_what_was_chosen_is_there_next_time() -> None:
    async with opened(remember=True) as (app, pilot):
        app.choose(flag=3, feature=5, expression="morocco - red")
        await pilot.press("2")
        await until(pilot, lambda: app.current_mode == "flags")
        app.theme = "flagsae-day"
    async with opened(screen="flags", remember=True) as (app, _):
        assert (app.first_screen, app.flag, app.feature, app.theme) == ("flags", 3, 5, "flagsae-day")
        assert app.expression == "morocco - red"
        assert FlagsaeApp(expression="japan + fiji").first_screen == "mix"  # where what was asked for is seen


@session
async def test_ones_own_pictures_open_on_a_sum_of_theirs(toy: Dataset, home: Path) -> None:
    few = replace(toy, flags=toy.flags[[1, 2, 5]], hash="few")
    codes = np.eye(3, dtype=np.float32)
    model = Crisp(codes, 0 * codes[0], codes, 0 * codes[0], 0.0, 0, 0.25, few, Info("own", few.hash, few.name))
    async with opened(ready=(Workspace(Collection(few), model), recording_of(model))) as (app, _):
        assert app.expression == "france + japan"


# Sizes and colours.


@pytest.mark.long
@pytest.mark.parametrize("screen", SCREENS)
def test_every_size_and_back(screen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab, "SHORT", 60.0)  # else a slow machine would write other milliseconds each time

    @session
    async def walk() -> None:
        async with opened(screen, (160, 45)) as (app, pilot):
            flag, feature, focused = app.flag, app.feature, app.screen.focused
            shown = app.drawn()
            for size in ((80, 24), (50, 15), (1, 1), (80, 24), (200, 60), (160, 45)):
                await pilot.resize_terminal(*size)
                await settled(app, pilot)
                small = size[0] < 60 or size[1] < 18
                assert pane(app).query_one("#too-small").display == small
                assert ("small:" in app.drawn()) == (small and size != (1, 1))
            assert (app.flag, app.feature, app.screen.focused) == (flag, feature, focused)
            assert app.drawn() == shown

    walk()


@pytest.mark.long
@pytest.mark.parametrize("depth", DEPTHS)
def test_every_depth_of_colour_in_a_real_terminal(depth: str) -> None:
    command = [sys.executable, "-m", "flagsae", "tui", "--fresh", "--color", depth, "--screen", "train"]
    with Terminal(command, columns=120, rows=40) as terminal:
        terminal.wait_for(b"loss")
        terminal.press("1")
        terminal.wait_for(b"terms")
        terminal.press("q")
        terminal.wait()
        terminal.assert_restored()
