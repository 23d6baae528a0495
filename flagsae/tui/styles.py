"""Style sheets that are parsed again when a colour has changed, and not at every change of the screen.

Textual parses all of them anew whenever a screen comes into view that has not seen the newest theme: a tenth of a
second before the first picture of each screen, for the same rules.
"""

from __future__ import annotations

from textual.css.stylesheet import Stylesheet


class Styles(Stylesheet):
    """The application's, with the variables of its theme."""

    def __init__(self, *, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self.seen = variables
        self.stale = False  # whether rules were parsed with other variables

    def set_variables(self, variables: dict[str, str]) -> None:
        if variables != self.seen:
            self.seen, self.stale = variables, True
            super().set_variables(variables)

    def reparse(self) -> None:
        if self.stale:
            super().reparse()
            self.stale = False
