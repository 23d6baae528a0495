"""Encoding arithmetic: an expression, a slider for each of its terms, and the flag that they make."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import numpy as np
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.widget import AwaitMount
from textual.widgets import Input, Static

from flagsae.errors import ExpressionError, FlagsaeError, UnknownName
from flagsae.flags.names import Name
from flagsae.mixing.compose import DESIGNS, METHODS, Operand, ends
from flagsae.mixing.expression import operand_at, show
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
from flagsae.workspace.workspace import Picture, Workspace

RANDOM = 2**32  # samples to choose from
SAME = "the sum and its drawing have the same features"


class Row(Horizontal):
    """A term of the sum: its picture and its slider."""

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
        """The same term with another amount, or another one."""
        self.slider.set(operand.amount, operand.title, operand.word)
        self.canvas.show(picture)


class MixScreen(Pane):
    scope = "mix"
    BINDINGS = bindings("mix")
    AUTO_FOCUS = ""

    def __init__(self) -> None:
        super().__init__()
        self.terms = Terms()
        self.rows: list[Row] = []  # of the terms; one that is being removed is still found in the tree for a while
        self.mixed: Mixed | None = None
        self.shown: Wanted | None = None  # what `mixed` is of
        self.wanted: Wanted | None = None  # what is being drawn, or was last
        self.method = ""
        self.design = 0
        self.mounting: AwaitMount | None = None  # of the newest rows
        self.before: list[Operand] = []  # the terms before the change that is going on
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
        if operand.feature is not None:
            return self.flagsae.workspace.atoms[operand.feature][0]
        if operand.flag is not None:
            return operand.flag.tints[0][operand.flag.fine[0]]
        return None

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
            self._rows()
            self._draw()
        if changed & {"feature", "model"}:
            self.query_one("#changes", Bars).point(self.flagsae.feature)
            self._show_atom()

    def _show_atom(self) -> None:
        atom, feature = self.query_one("#atom", Canvas), self.flagsae.feature
        atom.show(self.flagsae.workspace.atom(feature)[0])
        atom.border_title = f"f{feature}: what it adds"

    def _take(self, text: str) -> None:
        """A sum from elsewhere."""
        before = list(self.terms.operands)
        try:
            self.terms.read(text, self.flagsae.workspace)
        except FlagsaeError as error:
            self._write(text)
            self._say(text, error)
            return
        if before:
            self.terms.keep(before)
        self.show_terms()

    def show_terms(self, *, text: bool = True) -> None:
        """Rows, and the text unless it is being typed, say what the terms are; then they are drawn."""
        if text:
            self._write(self.terms.text)
        self._say("", None)
        self._rows()
        self.design = 0
        self._draw()
        self.flagsae.choose(expression=self.terms.text)

    def _write(self, text: str) -> None:
        """A text that nobody has typed."""
        field = self.query_one("#expression", Input)
        with field.prevent(Input.Changed):
            field.value = text
            field.cursor_position = len(text)

    def _rows(self) -> None:
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
        if not mixed.final:  # what is known of another picture is not known of this one
            self.query_one("#caption", Static).update(Text(self.shown.title))
            self.query_one("#changes", Bars).empty = "drawing …"
            self.query_one("#changes", Bars).show([])
            return
        self.design = mixed.chosen
        app = self.flagsae
        method = f" · {self.method}" if self.method else ""
        which = f" · design {mixed.chosen + 1} of {len(mixed.composites)}" if len(mixed.composites) > 1 else ""
        self.query_one("#caption", Static).update(f"{mixed.words}{method}{which}")
        flags = app.collection.dataset.flags
        self.query_one("#near", Gallery).show(
            [
                Tile(flag, app.collection.small(flag), flags.names[flag].title, f"{alike:.2f}")
                for flag, alike in mixed.near
            ],
            keep=False,
        )
        named = " · ".join(f"{flags.names[flag].title} {alike:.2f}" for flag, alike in mixed.near[:4])
        self.query_one("#near-line", Static).update(f"near: {named}")
        # Labels take a second the first time: they follow when they are known.
        self._show_changes()
        if not app.workspace.labelled:
            workspace = app.workspace
            self.run_worker(lambda: self._learn_labels(workspace), thread=True, exit_on_error=False, group="labels")

    def _learn_labels(self, workspace: Workspace) -> None:
        _ = workspace.cards
        self.app.call_from_thread(self._show_changes)

    def _show_changes(self) -> None:
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
            self._say(self.terms.text, error)
        else:
            self.log.error(error)
            self.notify(f"this sum could not be drawn: {error!r}", severity="error")

    def _say(self, text: str, error: FlagsaeError | None) -> None:
        """What is wrong with a text, with a caret under it."""
        line = self.query_one("#caret", Static)
        line.display = error is not None
        if error is None:
            return
        reason, start, length = str(error), 0, 1
        if isinstance(error, ExpressionError):
            reason, start, length = error.reason, error.start, max(1, error.end - error.start)
        field = self.query_one("#expression", Input)
        left = max(0, field.region.x + start - field.scroll_offset.x)
        marks = "^" * min(length, 40)
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
        found = operand_at(value, len(value))
        if found is None:
            return None
        start, _, typed = found
        if not typed:
            return None
        dataset = self.flagsae.collection.dataset
        names: Sequence[Name] = dataset.flags.names
        with suppress(UnknownName):  # what is a name or a code already goes on as that of its own flag alone
            names = [names[dataset.name_table()[typed]]]
        usual = [name.slug for name in names] + [name.title for name in names]
        return first_completion(value, start, typed, usual)

    # What the user does.

    @on(Input.Changed, "#expression")
    def typed(self) -> None:
        self._read_text()

    def _read_text(self) -> bool:
        """Takes what the text says now, whatever it said when a message was sent; whether it is a sum."""
        text = self.query_one("#expression", Input).value
        if not self.before:
            self.before = list(self.terms.operands)
        try:
            self.terms.read(text, self.flagsae.workspace)
        except FlagsaeError as error:
            self._say(text, error)
            return False
        self.show_terms(text=False)
        return True

    @on(Input.Submitted, "#expression")
    async def entered(self) -> None:
        if self._read_text():
            self._done()
            self.show_terms()
            await self._focus_term(0)

    @on(Input.Blurred, "#expression")
    def left(self) -> None:
        self._done()

    async def _focus_term(self, place: int) -> None:
        """The next key is for the slider of a term, also where its row is not there yet."""
        if self.mounting is not None:
            await self.mounting
            self.mounting = None
        if place < len(self.rows):
            self.set_focus(self.rows[place].slider)

    def _done(self) -> None:
        """A change is whole: it can be taken back."""
        if self.before:
            self.terms.keep(self.before)
        self.before = []

    @on(Slider.Changed)
    def slid(self, event: Slider.Changed) -> None:
        places = [place for place, operand in enumerate(self.terms.operands) if operand.word == event.of]
        if not places:  # it has gone since
            return
        if not self.before:
            self.before = list(self.terms.operands)
        self.terms.change(places[0], event.value)
        if event.done:
            self._done()
        self.show_terms()

    def _change(self, operands: Sequence[Operand]) -> None:
        """Other terms, by one command."""
        self._done()
        before = list(self.terms.operands)
        self.terms.operands = list(operands)
        self.terms.keep(before)
        self.show_terms()

    def action_edit(self) -> None:
        self.set_focus(self.query_one("#expression"))

    def action_undo(self) -> None:
        self._done()
        if self.terms.undo():
            self.show_terms()
        else:
            self.notify("nothing to undo")

    def action_redo(self) -> None:
        self._done()
        if self.terms.redo():
            self.show_terms()
        else:
            self.notify("nothing to redo")

    def action_remove(self) -> None:
        """The focused term goes."""
        row = next((row for row in self.rows if row.slider is self.focused), None)
        if row is None:
            self.notify("focus a slider first: its term goes")
        elif len(self.terms.operands) == 1:
            self.notify("a sum has one term at least")
        else:
            place = self.rows.index(row)
            self._change([one for number, one in enumerate(self.terms.operands) if number != place])

    async def action_add_feature(self) -> None:
        """The chosen feature as a term."""
        await self._add(f"f{self.flagsae.feature}")

    async def action_add_flag(self) -> None:
        """The chosen flag as a term."""
        await self._add(show([(1.0, self.flagsae.collection.slug(self.flagsae.flag))]))

    async def _add(self, word: str) -> None:
        self._done()
        before = list(self.terms.operands)
        place = self.terms.add(word, self.flagsae.workspace)
        self.terms.keep(before)
        self.show_terms()
        await self._focus_term(place)

    def action_random(self) -> None:
        """New flags from nothing: two or three real ones in random shares."""
        app = self.flagsae
        seed = int(self.random.integers(RANDOM))

        def draw() -> None:
            try:
                (found,) = sample(app.workspace.model, app.collection.dataset, 1, seed=seed)
                app.call_from_thread(self._take_sample, found.expression)
            except FlagsaeError as error:
                app.call_from_thread(self.notify, str(error), severity="error")

        self.run_worker(draw, thread=True, exclusive=True, group="sample", exit_on_error=False)

    def _take_sample(self, expression: str) -> None:
        if not self.before:  # else something is being typed
            self._take(expression)

    def action_design(self, steps: int) -> None:
        """Another design of the same sum."""
        if self.method not in ("", "weave"):
            self.notify("only weave has several designs of a sum")
            return
        self.design = (self.design + steps) % DESIGNS
        self._draw()

    def action_decode(self) -> None:
        """weave, vote, sum in turn."""
        order = ["", *METHODS[1:]]
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
        """What draws in a shell what is seen here, or will be in a moment. Raises `FlagsaeError` where nothing does."""
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
