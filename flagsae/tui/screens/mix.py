"""Encoding arithmetic: an expression, a slider for each of its terms, and the flag drawn from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

import numpy as np
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.widget import AwaitMount
from textual.widgets import Input, Static

from flagsae.design.edits.splitting import completed
from flagsae.errors import ExpressionError, FlagsaeError, UnknownName
from flagsae.flags.names import Name
from flagsae.mixing.choices import DESIGNS, METHODS
from flagsae.mixing.compose import Operand, ends, knows_words
from flagsae.mixing.expression import edit_at, operand_at, show
from flagsae.mixing.said import OFFERED
from flagsae.mixing.sampling import sample
from flagsae.tui.bindings import bindings
from flagsae.tui.screens.base import Pane
from flagsae.tui.state.mixing import Mixed, Terms, Wanted
from flagsae.tui.state.newest import Newest
from flagsae.tui.widgets.bars import Bars, Line
from flagsae.tui.widgets.canvas import Canvas
from flagsae.tui.widgets.gallery import Gallery, Tile
from flagsae.tui.widgets.slider import Slider
from flagsae.tui.widgets.text import Completion, TextField, Words, first_completion
from flagsae.workspace.collection import Picture
from flagsae.workspace.workspace import Workspace

SEEDS = 2**32  # of random sums
MOST_CARETS = 40  # columns that are marked under a long mistake in the expression; by eye
NAMED = 4  # nearest flags that are named in the line for narrow terminals
SAME = "the sum and its drawing have the same features"


class Row(Horizontal):
    """A term of the sum: a picture and a slider."""

    def __init__(self, operand: Operand, picture: Picture | None) -> None:
        super().__init__(classes="row")
        self.canvas = Canvas(classes="row-picture")
        self.slider = Slider(operand.title)
        self.show(operand, picture)

    def compose(self) -> ComposeResult:
        yield self.canvas
        yield self.slider

    def on_mount(self) -> None:
        if self.screen.focused is None:
            self.screen.set_focus(self.slider)

    def show(self, operand: Operand, picture: Picture | None) -> None:
        """Shows a term: the same one with another amount, or another one."""
        self.slider.set(operand.amount, operand.title, operand.written)
        self.canvas.show(picture)


class MixScreen(Pane):
    scope = "mix"
    BINDINGS = bindings("mix")
    AUTO_FOCUS = ""

    def __init__(self) -> None:
        super().__init__()
        self.terms = Terms()
        self.rows: list[Row] = []  # those of the terms; a query would also find rows that are being removed
        self.mixed: Mixed | None = None  # the picture that is shown, and what is known of it
        self.shown: Wanted | None = None  # the request that `mixed` answers
        self.wanted: Wanted | None = None  # the newest request
        self.method = ""  # of drawing; "" is weave
        self.design = 0  # which of the designs, from 0
        self.mounting: AwaitMount | None = None  # waits until the newest rows are there
        self.before: list[Operand] = []  # the terms before a change that is not finished; empty between changes
        self.drawing: Newest[tuple[Wanted, Mixed]] = Newest(self, self._drawn, self._failed)
        self.random = np.random.default_rng()

    def body(self) -> ComposeResult:
        with Container(id="mix", classes="body"):
            with Horizontal(id="mix-line"):
                yield Words("sum", id="mix-prompt")
                yield TextField(
                    placeholder="morocco + 0.5*colombia - red",
                    id="expression",
                    compact=True,
                    suggester=Completion(self._complete),
                )
            yield Words("", id="caret")
            with Horizontal(id="mix-panes"):
                with Vertical(id="mix-left"):
                    with VerticalScroll(id="terms", can_focus=False) as box:
                        box.border_title = "terms"
                    features = Bars(empty="drawing …", id="changes")
                    features.border_title = "brought in (+), put out (−)"
                    yield features
                    atom = Canvas(id="atom")
                    atom.border_title = "what the feature adds"
                    yield atom
                with Vertical(id="mix-right"):
                    yield Canvas(id="result")
                    yield Words("", id="caption")
                    near = Gallery(12, notes=True, id="near")
                    near.border_title = "nearest real flags"
                    yield near
                    yield Words("", id="near-line")

    # What is shown.

    def picture_of(self, operand: Operand) -> Picture | None:
        """A feature's atom, a flag, or what words are alone; None for the code of a record."""
        if operand.feature is not None:
            return self.flagsae.workspace.thumbnails([operand.feature])[0][0]
        if operand.flag is not None:
            return operand.flag.flat(fine=True)
        return None if operand.said is None else self.flagsae.workspace.picture_of(operand)

    def follow(self, changed: set[str]) -> None:
        workspace = self.flagsae.workspace
        if "model" in changed:
            try:
                self.terms.look_at(workspace)
            except FlagsaeError as error:
                self.notify(str(error), severity="warning")
        if "sum" in changed or ("model" in changed and not self.terms.operands):
            if self.flagsae.expression != self.terms.text:
                self._take(self.flagsae.expression)
        elif "model" in changed:
            self._show_rows()
            self._draw()
        if changed & {"feature", "model"}:
            self.query_one("#changes", Bars).point(self.flagsae.feature)
            self._show_atom()

    def _show_atom(self) -> None:
        atom, feature = self.query_one("#atom", Canvas), self.flagsae.feature
        atom.show(self.flagsae.workspace.atom(feature)[0])
        atom.border_title = f"f{feature}: what it adds"

    def _take(self, text: str) -> None:
        """Takes over a sum that was not typed here: chosen on another screen, or a random one."""
        before = list(self.terms.operands)
        try:
            self.terms.read(text, self.flagsae.workspace)
        except FlagsaeError as error:
            self._write(text)
            self._show_error(error)
            return
        if before:
            self.terms.keep(before)
        self.show_terms()

    def show_terms(self, *, text: bool = True) -> None:
        """Shows the terms in rows and as text, and draws their sum. text: False while the user types it."""
        if text:
            self._write(self.terms.text)
        self._show_error(None)
        self._show_rows()
        self.design = 0
        self._draw()
        self.flagsae.choose(expression=self.terms.text)

    def _write(self, text: str) -> None:
        """Writes the expression without counting it as typed."""
        field = self.query_one("#expression", Input)
        with field.prevent(Input.Changed):
            field.value = text
            field.cursor_position = len(text)

    def _show_rows(self) -> None:
        """Makes the rows show the terms: existing ones are reused, missing ones mounted, the rest removed."""
        count = len(self.terms.operands)
        for row, operand in zip(self.rows, self.terms.operands, strict=False):
            row.show(operand, self.picture_of(operand))
        for row in self.rows[count:]:
            row.remove()
        new = [Row(operand, self.picture_of(operand)) for operand in self.terms.operands[len(self.rows) :]]
        if new:
            self.mounting = self.query_one("#terms", VerticalScroll).mount(*new)
        self.rows = [*self.rows[:count], *new]

    def _draw(self) -> None:
        if self.terms.active:
            self.wanted = Wanted(self.flagsae.workspace, self.terms.active, self.method, self.design)
            self.drawing.ask(self.wanted.drawn)

    def _drawn(self, found: tuple[Wanted, Mixed]) -> None:
        self.shown, mixed = found
        self.mixed = mixed
        self.query_one("#result", Canvas).show(mixed.picture)
        if not mixed.final:  # a first picture: what was known of the one before is not true of it
            self.query_one("#caption", Static).update(Text(self.shown.title))
            self.query_one("#changes", Bars).empty = "drawing …"
            self.query_one("#changes", Bars).show([])
            return
        self.design = mixed.chosen
        app = self.flagsae
        method = f" · {self.method}" if self.method else ""
        which = f" · design {mixed.chosen + 1} of {len(mixed.composites)}" if len(mixed.composites) > 1 else ""
        told = [*(line for operand in self.shown.operands for line in operand.notes), *mixed.composite.notes]
        notes = "".join(f" · {line}" for line in told)
        name = f"{mixed.composite.name}: " if mixed.composite.name else ""
        caption = self.query_one("#caption", Static)
        caption.update(f"{name}{mixed.words}{method}{which}{notes}")
        caption.tooltip = mixed.composite.says or None
        self.query_one("#result", Canvas).tooltip = mixed.composite.says or None
        flags = app.collection.dataset.flags
        self.query_one("#near", Gallery).show(
            [
                Tile(flag, app.collection.tiled(flag), flags.names[flag].title, f"{alike:.2f}")
                for flag, alike in mixed.near
            ],
            keep=False,
        )
        named = " · ".join(f"{flags.names[flag].title} {alike:.2f}" for flag, alike in mixed.near[:NAMED])
        self.query_one("#near-line", Static).update(f"near: {named}")
        # Labels take a second the first time: the list is shown without them, then with them.
        self._show_changes()
        if not app.workspace.labelled:
            workspace = app.workspace
            self.run_worker(lambda: self._learn_labels(workspace), thread=True, exit_on_error=False, group="labels")

    def _learn_labels(self, workspace: Workspace) -> None:
        """In a thread."""
        _ = workspace.cards  # computed on first access
        self.app.call_from_thread(self._show_changes)

    def _show_changes(self) -> None:
        """Lists the features that the drawn flag has more or less of than the sum."""
        workspace = self.flagsae.workspace
        if self.mixed is None:
            return
        known = workspace.labelled
        if not self.mixed.final:
            return
        changes = self.query_one("#changes", Bars)
        changes.empty = SAME
        changes.show(
            [
                Line(
                    change.feature,
                    f"f{change.feature}",
                    change.drawn - change.summed,
                    workspace.label(change.feature) if known and change.feature < len(workspace.cards) else "",
                    faint=min(change.drawn, change.summed) > 0,
                )
                for change in self.mixed.changes
            ]
        )

    def _failed(self, error: Exception) -> None:
        if isinstance(error, FlagsaeError):
            self._show_error(error)
        else:
            self.log.error(error)
            self.notify(f"this sum could not be drawn: {error!r}", severity="error")

    def _show_error(self, error: FlagsaeError | None) -> None:
        """Says what is wrong with the expression, with carets under the place; None hides the line.

        The reason stands behind the carets if there is room, else before them, else on a line of its own.
        """
        line = self.query_one("#caret", Static)
        line.display = error is not None
        if error is None:
            return
        reason, start, length = str(error), 0, 1
        if isinstance(error, ExpressionError):
            reason, start, length = error.reason, error.start, max(1, error.end - error.start)
        field = self.query_one("#expression", Input)
        left = max(0, field.region.x + start - field.scroll_offset.x)
        marks = "^" * min(length, MOST_CARETS)
        width = max(20, self.size.width)
        after = f"{' ' * left}{marks} {reason}"
        before = f"{reason} {marks}"
        if len(after) <= width:
            line.update(after)
        elif len(reason) + 1 <= left:
            line.update(f"{' ' * (left - len(reason) - 1)}{before}")
        else:
            line.update(f"{' ' * left}{marks}\n{reason}")

    def _complete(self, value: str) -> str | None:
        """The expression with the name at its end completed; None if there is nothing to complete."""
        names: Sequence[Name] = self.flagsae.collection.dataset.flags.names
        start = edit_at(value, len(value))
        if start is not None:
            edit = completed(value[start:], [name.slug for name in names])
            return None if edit is None else value[:start] + edit
        found = operand_at(value, len(value))
        if found is None:
            return None
        start, _, typed = found
        if not typed:
            return None
        dataset = self.flagsae.collection.dataset
        words: Iterable[str] = OFFERED if knows_words(self.flagsae.workspace.model) else ()
        with suppress(UnknownName):  # a whole name or code is completed only to the names of its own flag
            names, words = [names[dataset.name_table()[typed]]], ()
        candidates = [*(name.slug for name in names), *(name.title for name in names), *words]
        return first_completion(value, start, typed, candidates)

    # What the user does.

    @on(Input.Changed, "#expression")
    def typed(self) -> None:
        self._read_text()

    def _read_text(self) -> bool:
        """Takes over the expression as it is now: a message may carry an older one. False if it is no sum."""
        text = self.query_one("#expression", Input).value
        if not self.before:
            self.before = list(self.terms.operands)
        try:
            self.terms.read(text, self.flagsae.workspace)
        except FlagsaeError as error:
            self._show_error(error)
            return False
        self.show_terms(text=False)
        return True

    @on(Input.Submitted, "#expression")
    async def entered(self) -> None:
        if self._read_text():
            self._end_change()
            self.show_terms()
            await self._focus_term(0)

    @on(Input.Blurred, "#expression")
    def left(self) -> None:
        self._end_change()

    async def _focus_term(self, place: int) -> None:
        """Gives the focus to the slider of a term, if need be after its row is mounted."""
        if self.mounting is not None:
            await self.mounting
            self.mounting = None
        if place < len(self.rows):
            self.set_focus(self.rows[place].slider)

    def _end_change(self) -> None:
        """Ends a change that took several messages, such as a moved slider: it is undone as a whole."""
        if self.before:
            self.terms.keep(self.before)
        self.before = []

    @on(Slider.Changed)
    def slid(self, event: Slider.Changed) -> None:
        places = [place for place, operand in enumerate(self.terms.operands) if operand.written == event.of]
        if not places:  # meanwhile the term was removed
            return
        if not self.before:
            self.before = list(self.terms.operands)
        self.terms.change(places[0], event.value)
        if event.done:
            self._end_change()
        self.show_terms()

    def _change(self, operands: Sequence[Operand]) -> None:
        """Replaces the terms, as one change."""
        self._end_change()
        before = list(self.terms.operands)
        self.terms.operands = list(operands)
        self.terms.keep(before)
        self.show_terms()

    def action_edit(self) -> None:
        self.set_focus(self.query_one("#expression"))

    def action_undo(self) -> None:
        self._end_change()
        if self.terms.undo():
            self.show_terms()
        else:
            self.notify("nothing to undo")

    def action_redo(self) -> None:
        self._end_change()
        if self.terms.redo():
            self.show_terms()
        else:
            self.notify("nothing to redo")

    def action_remove(self) -> None:
        """Removes the term whose slider has the focus."""
        row = next((row for row in self.rows if row.slider is self.focused), None)
        if row is None:
            self.notify("focus a slider first: its term goes")
        elif len(self.terms.operands) == 1:
            self.notify("a sum has one term at least")
        else:
            place = self.rows.index(row)
            self._change([one for number, one in enumerate(self.terms.operands) if number != place])

    async def action_add_feature(self) -> None:
        """Adds the chosen feature to the sum."""
        await self._add(f"f{self.flagsae.feature}")

    async def action_add_flag(self) -> None:
        """Adds the chosen flag to the sum."""
        await self._add(show([(1.0, self.flagsae.collection.slug(self.flagsae.flag))]))

    async def _add(self, word: str) -> None:
        """Adds an operand, and gives the focus to its slider."""
        self._end_change()
        before = list(self.terms.operands)
        place = self.terms.add(word, self.flagsae.workspace)
        self.terms.keep(before)
        self.show_terms()
        await self._focus_term(place)

    def action_random(self) -> None:
        """Replaces the sum by a random one: two or three flags in random shares."""
        app = self.flagsae
        seed = int(self.random.integers(SEEDS))

        def draw() -> None:
            try:
                (found,) = sample(app.workspace.model, 1, prior="mix", seed=seed)
                app.call_from_thread(self._take_sample, found.expression)
            except FlagsaeError as error:
                app.call_from_thread(self.notify, str(error), severity="error")

        self.run_worker(draw, thread=True, exclusive=True, group="sample", exit_on_error=False)

    def _take_sample(self, expression: str) -> None:
        if not self.before:  # the user must not lose an unfinished change
            self._take(expression)

    def action_design(self, steps: int) -> None:
        """Draws another design of the same sum."""
        if self.method not in ("", "weave"):
            self.notify("only weave has several designs of a sum")
            return
        self.design = (self.design + steps) % DESIGNS
        self._draw()

    def action_decode(self) -> None:
        """Draws by the next method: weave, vote, sum."""
        order = ["", *list(METHODS)[1:]]
        self.method = order[(order.index(self.method) + 1) % len(order)]
        self.design = 0
        self.notify(f"drawn by {self.method or 'weave'}")
        self._draw()

    def action_copy(self) -> None:
        try:
            command = self.command_line()
        except FlagsaeError as error:
            self.notify(str(error), severity="warning")
            return
        self.app.copy_to_clipboard(command)
        self.notify(f"copied: {command}")

    def command_line(self) -> str:
        """The shell command that draws the picture shown here, or being drawn. Raises `FlagsaeError` if none can."""
        wanted = self.wanted if self.drawing.busy or self.shown is None else self.shown
        if wanted is None:
            raise FlagsaeError("nothing is drawn yet")
        return wanted.command(*self.flagsae.named(wanted.workspace.model))

    def action_export(self) -> None:
        from flagsae.tui.overlays.export import Export

        if self.mixed is not None and self.shown is not None:
            self.app.push_screen(Export(self.mixed.composite, self.shown))

    def action_morph(self) -> None:
        from flagsae.tui.overlays.morph import Morph

        try:
            ends(self.terms.active)
        except FlagsaeError as error:
            self.notify(str(error))
        else:
            self.app.push_screen(Morph(self.flagsae.workspace, self.terms.active, self.method), self._morphed)

    def _morphed(self, operands: Sequence[Operand] | None) -> None:
        if operands:
            self._change(operands)

    @on(Bars.Highlighted, "#changes")
    def feature_chosen(self, event: Bars.Highlighted) -> None:
        self.flagsae.choose(feature=event.line.key)

    @on(Bars.Chosen, "#changes")
    def feature_opened(self, event: Bars.Chosen) -> None:
        self.flagsae.choose(feature=event.line.key)
        self.flagsae.action_go("features")

    @on(Gallery.Highlighted, "#near")
    def flag_chosen(self, event: Gallery.Highlighted) -> None:
        self.flagsae.choose(flag=event.tile.key)

    @on(Gallery.Chosen, "#near")
    def flag_opened(self, event: Gallery.Chosen) -> None:
        self.flagsae.choose(flag=event.tile.key)
        self.flagsae.action_go("flags")
