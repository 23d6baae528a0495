"""Keys in their order: what one has done is done before the next one is read, however fast they come.

Textual gives a key to the widget that has the focus when it is read. What the widget does not use goes up from parent
to parent, message by message, and the application runs the command that it finds. That is a moment later: of `/japan`
in one burst, all letters were given to the old focus before `/` had moved it, and each ran as a command.

So one key is under way at a time. A mark follows it through the same queues; when that has come up to the application,
the key has, and so has all that the focused widget has told its parents meanwhile. Then the next one is read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from time import monotonic
from typing import Any

from textual import events
from textual.app import App, ScreenStackError
from textual.dom import DOMNode
from textual.errors import NoWidget
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

LOOK = 0.1  # seconds between two looks at whether a key is still under way, while others wait for it
PATIENCE = 30.0  # seconds after which nobody waits any longer for a key's mark: a busy machine may take some


class KeyDone(Message):
    """Follows a key from the widget that got it up to the application."""


def lives(widget: Widget) -> bool:
    """Whether keys that a widget gets can come up to the application: it is there, and nobody is removing it."""
    return widget.is_attached and not any(getattr(node, "_pruning", False) for node in widget.ancestors_with_self)


class LivingFocus(Screen[Any]):
    """A screen on which nothing is focused that is gone, or about to go: the keys would be lost with it."""

    def set_focus(self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False) -> None:
        if widget is not None and not lives(widget):
            widget = next((one for one in self.focus_chain if lives(one)), None)
        super().set_focus(widget, scroll_visible, from_app_focus)

    @property
    def ready(self) -> bool:
        """Whether it can take keys."""
        return self.is_mounted


class KeysInOrder(App[None]):
    """An application that reads keys one by one, and clicks when their turn comes."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[events.Event] = deque()
        self._mark: KeyDone | None = None  # of the key that is under way
        self._way: Sequence[DOMNode] = ()  # from the widget that got it to the application
        self._since = 0.0
        self._look: Timer | None = None
        self.last_input = monotonic()  # when the last key, click or paste came

    @property
    def all_read(self) -> bool:
        """Whether no key waits, and none is under way."""
        return not self._waiting and not self._under_way()

    @property
    def focused(self) -> Widget | None:
        """The widget that gets the keys."""
        focused = super().focused
        if focused is not None and not lives(focused):
            focused.screen.set_focus(None)
            return None
        return focused

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.InputEvent | events.Paste) and not event.is_forwarded:
            self.last_input = monotonic()
            self._waiting.append(event)
            await self.read_on()
        else:
            await super().on_event(event)

    async def read_on(self) -> None:
        """Reads what waits, as far as its turn has come."""
        while self._waiting and not self._under_way():
            try:
                screen = self.screen
            except ScreenStackError:  # the application is ending, and what waits meets nothing
                self._waiting.clear()
                break
            by_mouse = isinstance(self._waiting[0], events.MouseEvent)
            if not by_mouse and not getattr(screen, "ready", screen.is_mounted):
                screen.call_later(self.call_later, self.read_on)
                break
            event = self._waiting.popleft()
            if isinstance(event, events.MouseEvent) and self._at_a_ghost(event):
                continue
            target = self.focused or screen
            await super().on_event(event)
            if not by_mouse:
                self._follow(target)
        if self._waiting and self._look is None:
            self._look = self.set_timer(LOOK, self._look_again)

    def _at_a_ghost(self, event: events.MouseEvent) -> bool:
        """Whether the mouse is on what is gone, and was only not painted over yet."""
        if self.mouse_captured is not None and not lives(self.mouse_captured):
            self.capture_mouse(None)
        try:
            widget = self.mouse_captured or self.screen.get_widget_at(event.x, event.y)[0]
        except NoWidget:
            return False
        return widget is not self.screen and not lives(widget)

    def _follow(self, target: Widget) -> None:
        """Sends a mark after a key."""
        mark = KeyDone()
        if target.post_message(mark):
            self._mark, self._way, self._since = mark, list(target.ancestors_with_self), monotonic()

    def _under_way(self) -> bool:
        if self._mark is None:
            return False
        # A mark is lost where one of those that pass it on is removed meanwhile.
        if all(node.is_running for node in self._way) and monotonic() - self._since < PATIENCE:
            return True
        self._mark, self._way = None, ()
        return False

    async def _look_again(self) -> None:
        self._look = None
        await self.read_on()

    def on_key(self, event: events.Key) -> None:
        """A key that nobody has used, of a screen whose place another has taken meanwhile, is for that one."""
        if self._way and self.screen not in self._way:
            event.prevent_default()
            self._waiting.appendleft(events.Key(event.key, event.character))

    def on_key_done(self, message: KeyDone) -> None:
        if message is self._mark:
            self._mark, self._way = None, ()
        self.call_later(self.read_on)  # after what the key has asked the application for
