"""The command table as Textual's bindings."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from flagsae.tui.commands import commands_of


def bindings(scope: str) -> list[BindingType]:
    """What a class of that scope binds."""
    return [
        Binding(
            command.keys,
            command.action,
            command.label,
            show=command.footer,
            tooltip=command.help,
        )
        for command in commands_of(scope)
    ]
