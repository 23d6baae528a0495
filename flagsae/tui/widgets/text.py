"""Text: an input with completion, which tab or → accepts, and text that is not read as markup."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from textual.content import Content
from textual.suggester import Suggester
from textual.visual import VisualType
from textual.widgets import Input, Static

from flagsae.printable import printable
from flagsae.tui.bindings import bindings


class Completion(Suggester):
    """Suggestions for an input from a function."""

    def __init__(self, complete: Callable[[str], str | None]) -> None:
        """complete: the typed text -> the whole text that it may become, or None."""
        super().__init__(use_cache=False, case_sensitive=True)
        self.complete = complete

    async def get_suggestion(self, value: str) -> str | None:
        return self.complete(value)


class TextField(Input):
    """An input of one line. Escape moves the focus on."""

    scope = "text"
    BINDINGS = bindings("text")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, select_on_focus=False, **options)

    def action_accept(self) -> None:
        """Accepts the completion, or goes to the next pane if there is none."""
        if self._suggestion:
            self.action_cursor_right()
            self.action_end()
        else:
            self.screen.focus_next()

    def action_leave(self) -> None:
        # Nothing else can be focused if the screen is too small, or zoomed.
        if self.screen.focus_next() in (None, self):
            self.screen.set_focus(None)


def first_completion(value: str, start: int, typed: str, names: Iterable[str]) -> str | None:
    """A text completed by the first name that begins with its last part, in upper or lower case; None if no name does.

    value: the text; start: where the last part begins; typed: the last part.
    """
    for name in names:
        if name.casefold().startswith(typed.casefold()):
            return value[:start] + typed + name[len(typed) :]
    return None


class Words(Static):
    """Text that is shown as it is: brackets in a name are not markup."""

    def __init__(self, content: VisualType = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(content, markup=False, id=id, classes=classes)


def plain(words: str) -> Content:
    """Text for the title of a pane, where Textual would read brackets as markup."""
    return Content(printable(words))
