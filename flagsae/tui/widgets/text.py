"""A line of text with completion: names after what is typed, taken by tab or →."""

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
    """complete: the whole text that a typed one may become, or None."""

    def __init__(self, complete: Callable[[str], str | None]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self.complete = complete

    async def get_suggestion(self, value: str) -> str | None:
        return self.complete(value)


class TextField(Input):
    """An input of one line; escape leaves it."""

    scope = "text"
    BINDINGS = bindings("text")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, select_on_focus=False, **options)

    def action_accept(self) -> None:
        """Takes the completion, or goes to the next pane where there is none."""
        if self._suggestion:
            self.action_cursor_right()
            self.action_end()
        else:
            self.screen.focus_next()

    def action_leave(self) -> None:
        if self.screen.focus_next() in (None, self):  # nothing else can be focused: the screen is too small, or zoomed
            self.screen.set_focus(None)


def first_completion(value: str, start: int, typed: str, names: Iterable[str]) -> str | None:
    """The text with the first of these names that begins with what was typed from `start` on."""
    for name in names:
        if name.casefold().startswith(typed.casefold()):
            return value[:start] + typed + name[len(typed) :]
    return None


class Words(Static):
    """Text as it is: brackets in a name are no markup."""

    def __init__(self, content: VisualType = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(content, markup=False, id=id, classes=classes)


def plain(words: str) -> Content:
    """The same for the title of a pane, which Textual would read as markup."""
    return Content(printable(words))
