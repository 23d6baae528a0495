"""The command table in Textual's palette: every command by its name, from any screen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Hits, Provider

from flagsae.tui.commands import COMMANDS, SCOPES, SCREENS, Command
from flagsae.tui.screens.base import Pane

if TYPE_CHECKING:
    from flagsae.tui.app import FlagsaeApp


class CommandTable(Provider):
    """Commands of the current screen come first, then those that work everywhere, then all others."""

    def _entries(self) -> list[tuple[str, Command, Callable[[], None]]]:
        app: FlagsaeApp = self.app  # type: ignore[assignment]
        here = app.current_mode
        order = {here: 0, "app": 1}
        found = sorted(COMMANDS, key=lambda command: order.get(command.scope, 2))
        return [
            (f"{SCOPES[command.scope]}: {command.label}", command, partial(self._run, command)) for command in found
        ]

    async def discover(self) -> Hits:
        for title, command, run in self._entries():
            yield DiscoveryHit(title, run, help=f"{command.help}  ({command.shown_keys})")

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for title, command, run in self._entries():
            score = max(matcher.match(title), matcher.match(command.help))
            if score > 0:
                yield Hit(score, matcher.highlight(title), run, help=f"{command.help}  ({command.shown_keys})")

    def _run(self, command: Command) -> None:
        self.app.call_later(run_command, self.app, command)


async def run_command(app: FlagsaeApp, command: Command) -> None:
    """Runs a command on its screen, after switching to it; a widget's command on the focused widget of that kind, or
    else on the first such widget of the screen."""
    if command.scope == "app":
        await app.run_action(command.action)
        return
    if command.scope in SCREENS:
        await app.switch_mode(command.scope)
        if isinstance(app.screen, Pane):
            app.screen.catch_up()
        await app.run_action(command.action, app.screen)
        return
    focused = app.screen.focused
    nodes = list(focused.ancestors_with_self) if focused is not None else []
    nodes += list(app.screen.query("*"))
    for node in nodes:
        if getattr(node, "scope", "") == command.scope:
            await app.run_action(command.action, node)
            return
    app.notify(f"there are no {SCOPES[command.scope].lower()} on this screen")
