"""The command table as Textual's bindings."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from flagsae.tui.commands import commands_of


def bindings(scope: str) -> list[BindingType]:
    """The value of `BINDINGS` for a class of this scope, one of `SCOPES`."""
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
