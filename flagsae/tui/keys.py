"""Keys are handled one at a time: the next one is read when the one before has had its effect, however fast they come.

Textual gives a key to the widget that has the focus when the key is read. A key that the widget doesn't use is passed
from parent to parent, as a message in each one's queue, and at the top the application runs the command bound to it.
Until then Textual reads on: of `/japan`, sent in one burst, all letters went to the old focus before `/` had moved it,
and each letter ran as a command.

So a message of ours, `KeyDone`, is sent after each key, through the same queues. When it reaches the application, the
key and everything that the focused widget has sent to its parents have been handled, and the next key is read.
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
from textual.timer import Timer, TimerCallback
from textual.widget import Widget

CHECK = 0.1  # seconds between two checks whether a key has been handled, while others wait for it
PATIENCE = 30.0  # seconds after which a key counts as handled without its `KeyDone`: a busy machine may take some


class KeyDone(Message):
    """Sent after a key to the widget that got it, and passed on from parent to parent to the application."""


def lives(widget: Widget) -> bool:
    """Whether a widget can pass keys on to the application: it is mounted, and not being removed."""
    return widget.is_attached and not any(getattr(node, "_pruning", False) for node in widget.ancestors_with_self)


class LivingFocus(Screen[Any]):
    """A screen that never focuses a widget that was removed or is being removed: keys for it would be lost."""

    def set_focus(self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False) -> None:
        if widget is not None and not lives(widget):
            widget = next((one for one in self.focus_chain if lives(one)), None)
        super().set_focus(widget, scroll_visible, from_app_focus)

    @property
    def ready(self) -> bool:
        """Whether it can take keys."""
        return self.is_mounted


class KeysInOrder(App[None]):
    """An application that handles keys one at a time, and the mouse in order with them."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[events.Event] = deque()  # input that has not been handled, the oldest first
        self._key_done: KeyDone | None = None  # the one that follows the current key; None between two keys
        self._key_path: Sequence[DOMNode] = ()  # from the widget that got the current key to the application
        self._key_start = 0.0  # when it was sent, by `monotonic`
        self._check: Timer | None = None  # runs while input waits
        self.last_input = monotonic()  # when the last key, mouse event or paste came

    @property
    def all_read(self) -> bool:
        """Whether all input so far has been handled."""
        return not self._waiting and not self._under_way()

    @property
    def focused(self) -> Widget | None:
        """The widget that gets the keys. One that is being removed loses the focus here."""
        focused = super().focused
        if focused is not None and not lives(focused):
            focused.screen.set_focus(None)
            return None
        return focused

    def set_timer(
        self, delay: float, callback: TimerCallback | None = None, *, name: str | None = None, pause: bool = False
    ) -> Timer:
        """As Textual's, but the callback is called however busy the machine is.

        Textual drops a timer of which the delay has passed before it begins to wait. Without the one that it sets at a
        resize, the application would keep its size from then on.
        """
        timer = super().set_timer(delay, callback, name=name, pause=pause)
        timer._skip = False
        return timer

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.InputEvent | events.Paste) and not event.is_forwarded:
            self.last_input = monotonic()
            self._waiting.append(event)
            await self.read_on()
        else:
            await super().on_event(event)

    async def read_on(self) -> None:
        """Handles waiting input until it has sent a key. `on_key_done` calls it again when that has been handled."""
        while self._waiting and not self._under_way():
            try:
                screen = self.screen
            except ScreenStackError:  # the application is ending: no screen is left for this input
                self._waiting.clear()
                break
            by_mouse = isinstance(self._waiting[0], events.MouseEvent)
            if not by_mouse and not getattr(screen, "ready", screen.is_mounted):
                screen.call_later(self.call_later, self.read_on)
                break
            event = self._waiting.popleft()
            if isinstance(event, events.MouseEvent) and self._over_removed(event):
                continue
            target = self.focused or screen
            await super().on_event(event)
            if not by_mouse:
                self._follow(target)
        if self._waiting and self._check is None:
            self._check = self.set_timer(CHECK, self._check_again)

    def _over_removed(self, event: events.MouseEvent) -> bool:
        """Whether the mouse is over a widget that was removed and is only still visible until the next repaint."""
        if self.mouse_captured is not None and not lives(self.mouse_captured):
            self.capture_mouse(None)
        try:
            widget = self.mouse_captured or self.screen.get_widget_at(event.x, event.y)[0]
        except NoWidget:
            return False
        return widget is not self.screen and not lives(widget)

    def _follow(self, target: Widget) -> None:
        """Sends a `KeyDone` after a key to the widget that got the key."""
        message = KeyDone()
        if target.post_message(message):
            self._key_done, self._key_path = message, list(target.ancestors_with_self)
            self._key_start = monotonic()

    def _under_way(self) -> bool:
        """Whether the current key has not been handled yet."""
        if self._key_done is None:
            return False
        # The message is lost if a widget that has to pass it on is removed.
        if all(node.is_running for node in self._key_path) and monotonic() - self._key_start < PATIENCE:
            return True
        self._key_done, self._key_path = None, ()
        return False

    async def _check_again(self) -> None:
        self._check = None
        await self.read_on()

    def on_key(self, event: events.Key) -> None:
        """Gives a key that its screen has not used to the screen that was opened in the meantime, if one was."""
        if self._key_path and self.screen not in self._key_path:
            event.prevent_default()
            self._waiting.appendleft(events.Key(event.key, event.character))

    def on_key_done(self, message: KeyDone) -> None:
        if message is self._key_done:
            self._key_done, self._key_path = None, ()
        self.call_later(self.read_on)  # after the calls that the key's command has scheduled on the application
