"""The footer: the keys that work now, and a sign if there is no room for all of them.

It is one widget. Textual's own footer makes a widget for each key, again at each move of the focus.
"""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

MORE = " … "  # at the right end, if there is no room for all keys


class Key(NamedTuple):
    """A key of the footer."""

    key: str  # Textual's name of it
    shown: str  # what the footer calls it
    description: str  # what it does, in a word or two
    tooltip: str  # what it does, in a line
    enabled: bool  # whether it does something now

    @property
    def width(self) -> int:
        """Columns that it takes: a space on either side of the key, and one after the description."""
        return cell_len(self.shown) + 2 + (cell_len(self.description) + 1 if self.description else 0)


class Keys(Widget):
    """The footer. Keys without room are reached with the wheel, which scrolls to the right; `?` shows all keys."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES = {"keys--key", "keys--description", "keys--hover", "keys--more"}
    DEFAULT_CSS = """
    Keys { dock: bottom; height: 1; background: $panel; color: $footer-foreground; }
    Keys > .keys--key { color: $footer-key-foreground; text-style: bold; }
    Keys > .keys--description { color: $footer-description-foreground; }
    Keys > .keys--hover { color: $footer-key-foreground; background: $block-hover-background; }
    Keys > .keys--more { color: $accent; }
    """

    keys: reactive[tuple[Key, ...]] = reactive(())
    first: reactive[int] = reactive(0)  # the position of the first visible key
    pointed: reactive[int] = reactive(-1)  # the position of the key under the mouse, or -1

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def on_unmount(self) -> None:
        self.screen.bindings_updated_signal.unsubscribe(self)

    def _changed(self, screen: Screen[object]) -> None:
        if screen.app.app_focus and self.is_attached and screen is self.screen:
            self.call_after_refresh(self._read)

    def _read(self) -> None:
        found: dict[str, Key] = {}  # by action, so that of several keys for one action the first is shown
        for _, binding, enabled, tooltip in self.screen.active_bindings.values():
            if binding.show and binding.action not in found:
                shown = self.app.get_key_display(binding)
                found[binding.action] = Key(
                    binding.key, shown, binding.description, tooltip or binding.description, enabled
                )
        if (keys := tuple(found.values())) != self.keys:
            self.keys, self.first, self.pointed = keys, 0, -1

    @property
    def more(self) -> bool:
        """Whether there are keys without room on the right."""
        return sum(key.width for key in self.keys[self.first :]) > self.size.width

    def render(self) -> Text:
        base = self.rich_style
        styles = {
            name: base + self.get_component_rich_style(f"keys--{name}", partial=True)
            for name in ("key", "description", "hover", "more")
        }
        text = Text(no_wrap=True, end="")
        for number, key in enumerate(self.keys[self.first :], self.first):
            over = number == self.pointed
            for part, style in ((f" {key.shown} ", "key"), (f"{key.description} ", "description")):
                text.append(part if part.strip() else "", styles["hover" if over else style])
            if not key.enabled:
                text.stylize("dim", len(text) - key.width)
        if self.more:
            text.truncate(max(0, self.size.width - len(MORE)))
            text.append(MORE, styles["more"])
        return text

    def _at(self, x: int) -> int:
        """The position of the key in a column, or -1."""
        if self.more and x >= self.size.width - len(MORE):
            return -1
        for number in range(self.first, len(self.keys)):
            x -= self.keys[number].width
            if x < 0:
                return number
        return -1

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self.pointed = self._at(event.x)

    def on_leave(self) -> None:
        self.pointed = -1

    def watch_pointed(self, pointed: int) -> None:
        self.tooltip = self.keys[pointed].tooltip if 0 <= pointed < len(self.keys) else None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if (number := self._at(event.x)) < 0:
            return
        key = self.keys[number]
        if key.enabled:
            self.app.simulate_key(key.key)
        else:
            self.app.bell()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        if self.more:
            self.first += 1

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.first = max(0, self.first - 1)
