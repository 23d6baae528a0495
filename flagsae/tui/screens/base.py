"""What the six screens have in common: a header, a footer, and that they follow what is chosen elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Center, Middle
from textual.widget import Widget
from textual.widgets import Static

from flagsae.tui.keys import LivingFocus
from flagsae.tui.widgets.footer import Keys
from flagsae.tui.widgets.header import Header
from flagsae.tui.widgets.text import Words

if TYPE_CHECKING:
    from flagsae.tui.app import FlagsaeApp

SMALLEST = (60, 18)  # columns, lines


class Pane(LivingFocus):
    """One of the six screens. It shows `changed` things when it is looked at, and not before.

    A screen implements `body`, its widgets, and `follow`, which shows what has changed: some of "model" (another step
    or another run), "flag", "feature", "sum", "pins" and "training". When it is first seen, all of them have.
    """

    scope: ClassVar[str] = ""  # in the command table
    EVERYTHING: ClassVar[frozenset[str]] = frozenset({"model", "flag", "feature", "sum", "pins", "training"})
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-vast")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (34, "-high"), (50, "-tall")]

    def __init__(self) -> None:
        super().__init__()
        self.changed: set[str] = set(self.EVERYTHING)
        self._focused_before: Widget | None = None

    @property
    def flagsae(self) -> FlagsaeApp:
        """The application, by its own class."""
        app: FlagsaeApp = self.app  # type: ignore[assignment]
        return app

    def compose(self) -> ComposeResult:
        yield Header(self.scope)
        with Middle(id="too-small"), Center():
            yield Words("", id="too-small-words")
        yield from self.body()
        yield Keys()

    def body(self) -> ComposeResult:
        """The widgets between header and footer; one of the class "body" holds them all."""
        raise NotImplementedError

    def follow(self, changed: set[str]) -> None:
        """Shows what has changed."""

    def tell(self, changed: set[str]) -> None:
        """Something has changed: shown at once where the screen is looked at, else when it will be."""
        self.changed |= changed
        if self.is_current and self.is_mounted:
            self.catch_up()

    def catch_up(self) -> None:
        self.query_one(Header).show(self.flagsae.facts())
        if self.changed:
            changed, self.changed = self.changed, set()
            self.follow(changed)
        self.flagsae.call_later(self.flagsae.read_on)

    @property
    def ready(self) -> bool:
        """Whether it shows what a key may be about."""
        return self.is_mounted and not self.changed

    def on_mount(self) -> None:
        self.call_after_refresh(self.catch_up)

    def on_screen_resume(self) -> None:
        if self.is_mounted:
            self.call_after_refresh(self.catch_up)

    def on_resize(self, event: events.Resize) -> None:
        width, height = event.size
        small = width < SMALLEST[0] or height < SMALLEST[1]
        if small and not self.has_class("-too-small"):
            self._focused_before = self.focused  # what is hidden loses its focus
        elif not small and self._focused_before is not None:
            self.call_after_refresh(self.set_focus, self._focused_before)
            self._focused_before = None
        self.set_class(small, "-too-small")
        if small:
            self.query_one("#too-small-words", Static).update(
                f"{width}×{height} is too small:\n{SMALLEST[0]}×{SMALLEST[1]} at least, 80×24 to be at ease"
            )

    @property
    def zoomed(self) -> Widget | None:
        """What fills the terminal when it is zoomed."""
        return self.focused

    def targets(self) -> list[Widget]:
        """Where jump mode can go: all that can be focused and is seen."""
        return [widget for widget in self.focus_chain if widget.region and widget.display]
