"""Style sheets that are parsed again only when a colour has changed.

Textual parses all of them again when a screen is shown for the first time after the theme was set: a tenth of a second
before the first paint of each screen, for rules that are the same.
"""

from __future__ import annotations

from textual.css.stylesheet import Stylesheet


class Styles(Stylesheet):
    """The style sheets of the application, with the variables of its theme."""

    def __init__(self, *, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self.seen = variables  # those that were set last
        self.stale = False  # whether the rules were parsed with other variables

    def set_variables(self, variables: dict[str, str]) -> None:
        if variables != self.seen:
            self.seen, self.stale = variables, True
            super().set_variables(variables)

    def reparse(self) -> None:
        if self.stale:
            super().reparse()
            self.stale = False
