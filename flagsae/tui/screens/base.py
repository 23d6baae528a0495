"""The base class of the screens: header, footer, and updates when the state of the application changes."""

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

SMALLEST = (60, 18)  # columns, lines: a smaller terminal shows only that it is too small


class Pane(LivingFocus):
    """One of the screens. While it is hidden, it only collects what has changed; it redraws when it is shown.

    A screen implements `body`, which makes its widgets, and `follow`, which redraws what depends on a change. What can
    change is listed in `EVERYTHING`; "model" is another step of the run, or another run. The first time that a screen
    is shown, all of it counts as changed.
    """

    scope: ClassVar[str] = ""  # in the command table
    EVERYTHING: ClassVar[frozenset[str]] = frozenset({"model", "flag", "feature", "sum", "pins", "training"})
    # The columns and lines from which a screen has a class of the stylesheet; by eye.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-vast")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (34, "-high"), (50, "-tall")]

    def __init__(self) -> None:
        super().__init__()
        self.changed: set[str] = set(self.EVERYTHING)  # and not drawn yet
        self._focused_before: Widget | None = None  # what had the focus before the terminal became too small

    @property
    def flagsae(self) -> FlagsaeApp:
        """The application, with its own type."""
        app: FlagsaeApp = self.app  # type: ignore[assignment]
        return app

    def compose(self) -> ComposeResult:
        yield Header(self.scope)
        with Middle(id="too-small"), Center():
            yield Words("", id="too-small-words")
        yield from self.body()
        yield Keys()

    def body(self) -> ComposeResult:
        """The widgets between header and footer: one container of the class "body" with all others in it."""
        raise NotImplementedError

    def follow(self, changed: set[str]) -> None:
        """Redraws what depends on the changes."""

    def tell(self, changed: set[str]) -> None:
        """Takes note of changes: drawn at once if the screen is shown, otherwise when it is shown next."""
        self.changed |= changed
        if self.is_current and self.is_mounted:
            self.catch_up()

    def catch_up(self) -> None:
        """Draws the header and all changes that are not drawn yet; then waiting keys are handled."""
        self.query_one(Header).show(self.flagsae.facts())
        if self.changed:
            changed, self.changed = self.changed, set()
            self.follow(changed)
        self.flagsae.call_later(self.flagsae.read_on)

    @property
    def ready(self) -> bool:
        """Whether keys can act: the screen is mounted, and all changes are drawn."""
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
            self._focused_before = self.focused  # a hidden widget loses the focus
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
        """The widget that fills the terminal when the user zooms in."""
        return self.focused

    def targets(self) -> list[Widget]:
        """The widgets that jump mode offers: those that can have the focus and are visible."""
        return [widget for widget in self.focus_chain if widget.region and widget.display]
