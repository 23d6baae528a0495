"""All flags in a gallery, found by their names or by what is on them, and a card of the chosen one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import floor

import numpy as np
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.widgets import Input, Static

from flagsae.design.describe import Description
from flagsae.design.vocabulary import phrase
from flagsae.mixing.expression import show
from flagsae.sae.embedding import nearest
from flagsae.tui.bindings import bindings
from flagsae.tui.overlays.compare import Compare
from flagsae.tui.screens.base import Pane
from flagsae.tui.state.finding import Closeness, Finder, Order, by_colour, by_error, by_likeness, by_name
from flagsae.tui.state.newest import Newest
from flagsae.tui.widgets.bars import Bars, Line
from flagsae.tui.widgets.canvas import Canvas
from flagsae.tui.widgets.gallery import GAP, MARK, Gallery, Tile
from flagsae.tui.widgets.phrases import Phrases
from flagsae.tui.widgets.text import TextField, Words, plain
from flagsae.workspace.workspace import Collection, Picture, Workspace

TILE, LARGE_TILE, VAST = 12, 16, 100  # columns of a tile, and of the gallery from which tiles are large
NEAR = 12  # flags that are named as the nearest
MOST = 24  # features of a flag that are listed; a flag of the shipped model has 8
ALONE = 76  # columns of the terminal under which the card shows only when it is opened
WHOLE = (0.0, 1.0, 0.0, 1.0)  # the box of what has no place of its own
SORTS = ("name", "likeness", "colour", "error")


@dataclass(frozen=True, eq=False)
class Sight:
    """What the card shows of a flag and takes a moment; the description comes last."""

    flag: int
    workspace: Workspace
    rebuilt: Picture
    error: float
    description: Description | None = None


@dataclass(frozen=True, eq=False)
class Lesson:
    """What is on flags, for the finder: (flag, phrase); done: how many flags have been described so far."""

    done: int
    phrases: Sequence[tuple[int, str]]


def look(workspace: Workspace, flag: int) -> Iterator[Sight]:
    """In a thread."""
    rebuilt, error = workspace.rebuilt(flag), workspace.error(flag)
    yield Sight(flag, workspace, rebuilt, error)
    yield Sight(flag, workspace, rebuilt, error, workspace.collection.description(flag))


def lessons(collection: Collection) -> Iterator[Lesson]:
    """In a thread: what is known at once, then flag by flag what its description says."""
    yield Lesson(0, [(int(flag), name) for name, has in collection.facts.items() for flag in np.flatnonzero(has)])
    for flag in range(len(collection)):
        elements = collection.description(flag).elements
        yield Lesson(flag + 1, [(flag, phrase(element)) for element in elements if element.kind != "piece"])


class Wall(Gallery):
    """The flags: tiles as wide as fill the rows, and the cursor in the middle after a change of size."""

    def on_resize(self) -> None:
        width = self.scrollable_content_region.width
        tile = LARGE_TILE if width >= VAST else TILE
        columns = max(1, (width - GAP // 2) // (tile + GAP))
        self.resize_tiles((width - GAP // 2) // columns - GAP)
        self.call_after_refresh(self.centre)

    def centre(self) -> None:
        """Scrolls so that the cursor is in the middle, under whole rows."""
        if self.tiles and self.size.height:
            above = (self.size.height - self.tile_lines) // 2 // self.tile_lines
            self.scroll_to(y=(self.cursor // self.columns - above) * self.tile_lines, animate=False, force=True)


class FlagsScreen(Pane):
    scope = "flags"
    BINDINGS = bindings("flags")
    AUTO_FOCUS = "#flags-gallery"

    def __init__(self) -> None:
        super().__init__()
        self.finder: Finder | None = None
        self.described: int | None = None  # flags of which the finder has the description; None: not begun
        self.text = ""  # what is sought
        self.pinned_only = False
        self.kept = 0  # the flag that was chosen when the search began
        self.found: dict[int, Closeness] = {}
        self.sort = SORTS[0]
        self.order = Order("", ())
        self.likened = 0  # the flag that the others were compared with when they were last put in order
        self.measured: int | None = None  # flags of which the error is known, while they are put in order by it
        self.visited: list[int] = []  # the last two chosen flags
        self.tiles: dict[int, Tile] = {}
        self.description: Description | None = None
        self.looking: Newest[Sight] = Newest(self, self._seen, self._failed)
        self.labelling: Newest[Workspace] = Newest(self, self._labelled, self._failed)
        self.reading: Newest[Lesson] = Newest(self, self._learned, self._unread)
        self.ordering: Newest[Order | int] = Newest(self, self._ordered, self._failed)

    def body(self) -> ComposeResult:
        with Horizontal(id="flags", classes="body"):
            with Vertical(id="flags-left", classes="pane"):
                with Horizontal(id="flags-line"):
                    yield Words("/", id="flags-prompt")
                    yield TextField(placeholder="a name, a code, green star …", id="find-flags", compact=True)
                    yield Words("", id="flags-count")
                yield Wall(TILE, empty="no flag has all of these words", id="flags-gallery")
            with Vertical(id="flag-card"):
                with Horizontal(id="flag-pictures", classes="pane"):
                    with Vertical(classes="flag-picture"):
                        yield Canvas(id="flag-itself")
                        yield Words("the flag", classes="caption")
                    with Vertical(classes="flag-picture"):
                        yield Canvas(id="flag-rebuilt")
                        yield Words("rebuilt", classes="caption")
                with Container(id="flag-words"):
                    phrases = Phrases(id="flag-phrases", classes="pane")
                    phrases.border_title = "on it"
                    yield phrases
                    features = Bars(empty="no feature fires", signed=False, id="flag-features", classes="pane")
                    features.border_title = "features"
                    yield features
                    near = Gallery(9, notes=True, id="flag-near", classes="pane")
                    near.border_title = "nearest flags"
                    yield near

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width < ALONE, "-alone")

    # What is shown.

    def follow(self, changed: set[str]) -> None:
        app, wall = self.flagsae, self.query_one(Wall)
        if self.finder is None:
            self.finder = Finder(app.collection.dataset.flags.names)
            self.order = by_name(app.collection.dataset)
            self._list()
            self.call_after_refresh(wall.centre)
        if "flag" in changed:
            self.visited = [*(one for one in self.visited if one != app.flag), app.flag][-2:]
            if app.flag not in self.found:  # chosen elsewhere: it is shown rather than hidden by what was sought
                self._seek("", pinned_only=False)
            wall.point(app.flag)
        if "pins" in changed:
            wall.mark(app.pins)
            self._title()
            if self.pinned_only:
                self._seek(self.text, pinned_only=bool(app.pins))
                self._choose_found(app.flag)
        if "model" in changed and self.sort in ("likeness", "error"):
            self._arrange()
        if changed & {"flag", "model"}:
            self._look()
        if "feature" in changed:
            self.query_one("#flag-features", Bars).point(app.feature)
            self._name_feature()

    def _list(self) -> None:
        """The flags that are sought, the closest first; the cursor stays on its flag where that is still there."""
        assert self.finder is not None
        app, wall = self.flagsae, self.query_one(Wall)
        self.found = self.finder.find(self.text)
        if self.pinned_only:
            self.found = {flag: close for flag, close in self.found.items() if flag in app.pins}
        flags = [flag for flag in self.order.flags if flag in self.found]
        flags.sort(key=lambda flag: self.found[flag])
        wall.notes = bool(self.order.notes)
        wall.show([self._tile(flag) for flag in flags])
        wall.point(app.flag)
        self._say()

    def _tile(self, flag: int) -> Tile:
        note, faint = self.order.notes.get(flag, ""), self.found[flag] == Closeness.APART
        known = self.tiles.get(flag)
        if known is None or (known.note, known.faint) != (note, faint):
            collection = self.flagsae.collection
            known = self.tiles[flag] = Tile(flag, collection.small(flag), collection.title(flag), note, faint)
        return known

    def _say(self) -> None:
        """How many there are, and what is still being worked out."""
        collection, left = self.flagsae.collection, self.query_one("#flags-left")
        count, loose = len(self.found), sum(close == Closeness.APART for close in self.found.values())
        all_of_them = count == len(collection) and not self.text
        kind = "pinned flags" if self.pinned_only else "flags"
        left.border_title = (
            f"{count} {kind}" if all_of_them or self.pinned_only else f"{count} of {len(collection)} flags"
        )
        words = "" if not self.text else "none" if not count else f"{count} match"
        if loose and loose < count:
            words = f"{count - loose} close, {loose} loose"
        elif loose:
            words = f"{count} loose"
        self.query_one("#flags-count", Static).update(words)
        reading = self.described is not None and self.described < len(collection)
        if self.measured is not None:
            left.border_subtitle = f"rebuilding {self.measured}/{len(collection)} …"
        elif reading:
            left.border_subtitle = f"reading flags {self.described}/{len(collection)} …"
        else:
            left.border_subtitle = plain(f"by {self.order.words}")

    def _look(self) -> None:
        """The card of the chosen flag: what is known at once, and the rest as it comes."""
        app = self.flagsae
        self._title()
        self.query_one("#flag-pictures").border_subtitle = ""
        self.query_one("#flag-itself", Canvas).show(app.collection.picture(app.flag))
        self.query_one("#flag-rebuilt", Canvas).show(None)
        self._describe(None)
        self._show_features()
        self._show_near()
        self.looking.ask(partial(look, app.workspace, app.flag))

    def _title(self) -> None:
        app = self.flagsae
        name = app.collection.dataset.flags.names[app.flag]
        pinned = [f"{MARK} pinned"] * (app.flag in app.pins)
        self.query_one("#flag-pictures").border_title = plain(" · ".join((name.title, *name.others[:1], *pinned)))

    def _seen(self, sight: Sight) -> None:
        app = self.flagsae
        if (sight.flag, sight.workspace) != (app.flag, app.workspace):
            return
        canvas = self.query_one("#flag-rebuilt", Canvas)
        if canvas.picture is not sight.rebuilt:
            canvas.show(sight.rebuilt)
        if app.workspace.model.flat:
            # Down, so that 100 is said of a flag without any error only.
            error = f"{floor(1000 * (1 - sight.error)) / 10:.1f} % of pixels right"
        else:
            error = f"{100 * sight.error:.1f} % off on average"
        self.query_one("#flag-pictures").border_subtitle = error
        if sight.description is not None:
            self._describe(sight.description)

    def _describe(self, description: Description | None) -> None:
        phrases = self.query_one(Phrases)
        if description is not self.description:
            self.description = description
            self.query_one("#flag-itself", Canvas).point_at(None)
            phrases.show(description.elements if description is not None else ())

    def _show_features(self) -> None:
        app = self.flagsae
        workspace, strength = app.workspace, app.workspace.strength[app.flag]
        known = workspace.labelled
        order = [int(feature) for feature in np.argsort(-strength, kind="stable")[:MOST] if strength[feature] > 0]
        bars = self.query_one("#flag-features", Bars)
        bars.show(
            [
                Line(feature, f"f{feature}", float(strength[feature]), workspace.label(feature) if known else "")
                for feature in order
            ]
        )
        bars.point(app.feature)
        count = int((strength > 0).sum())
        bars.border_title = "features" if count == len(order) else f"features: {len(order)} of {count}"
        self._name_feature()
        if not known:  # labels take a second the first time
            self.labelling.ask(partial(self._learn_labels, workspace))

    def _show_near(self) -> None:
        """The flags whose codes are most like the chosen one's."""
        app = self.flagsae
        alike = app.workspace.alike(app.workspace.codes[app.flag])
        flags = nearest(alike, min(NEAR, len(alike) - 1), without=app.flag)
        collection = app.collection
        self.query_one("#flag-near", Gallery).show(
            [Tile(flag, collection.small(flag), collection.title(flag), f"{alike[flag]:.2f}") for flag in flags],
            keep=False,
        )

    def _name_feature(self) -> None:
        """The whole label of the highlighted feature, for which a narrow list has no room."""
        bars = self.query_one("#flag-features", Bars)
        bars.border_subtitle = plain(bars.current.words if bars.current is not None else "")

    def _learn_labels(self, workspace: Workspace) -> Iterator[Workspace]:
        """In a thread."""
        _ = workspace.cards
        yield workspace

    def _labelled(self, workspace: Workspace) -> None:
        if workspace is self.flagsae.workspace:
            self._show_features()

    def _failed(self, error: Exception) -> None:
        self.log.error(error)
        self.notify(f"this could not be worked out: {error!r}", severity="error")

    # Finding.

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        if event.widget.id == "find-flags":
            self.kept = self.flagsae.flag
            if self.described is None:
                self.described = 0
                self.reading.ask(partial(lessons, self.flagsae.collection))

    def _learned(self, lesson: Lesson) -> None:
        """The finder knows more: what is found may grow."""
        assert self.finder is not None
        taught = {flag for flag, _ in lesson.phrases}
        for flag, words in lesson.phrases:
            self.finder.learn(flag, words)
        self.described = lesson.done
        if self.text and any(self.finder.closeness(flag, self.text) != self.found.get(flag) for flag in taught):
            self._list()
            self._choose_found(self.flagsae.flag)
        self._say()

    def _unread(self, error: Exception) -> None:
        self.described = len(self.flagsae.collection)
        self._failed(error)
        self._say()

    def _seek(self, text: str, *, pinned_only: bool) -> None:
        """text: the words of what is sought, "" for all flags."""
        self.text, self.pinned_only = text, pinned_only
        field = self.query_one("#find-flags", Input)
        if field.value.strip() != text:
            with field.prevent(Input.Changed):
                field.value = text
        self._list()

    def _choose_found(self, kept: int, *, best: bool = False) -> None:
        """Chooses the flag that is to be kept where it is among those found, and the first one where it is not; best:
        also where others are closer to what is sought."""
        wall = self.query_one(Wall)
        if wall.tiles:
            first = wall.tiles[0].key
            stays = kept in self.found and not (best and self.found[kept] > self.found[first])
            self.flagsae.choose(flag=kept if stays else first)

    @on(Input.Changed, "#find-flags")
    def sought(self) -> None:
        # As it is now: when letters come fast, the message may be of one before.
        self._seek(self.query_one("#find-flags", Input).value.strip(), pinned_only=self.pinned_only)
        self.query_one(Wall).scroll_to(y=0, animate=False, force=True)
        self._choose_found(self.kept, best=True)
        self.query_one(Wall).point(self.flagsae.flag)

    @on(Input.Submitted, "#find-flags")
    def entered(self) -> None:
        self.set_focus(self.query_one(Wall))

    def action_find(self) -> None:
        self._close()
        field = self.query_one("#find-flags", Input)
        self.set_focus(field)
        field.select_all()  # so that what is typed takes its place

    def action_back(self) -> None:
        """One thing at a time: a zoomed pane, the large card, what is sought, the pins."""
        if self.maximized is not None:
            self.minimize()
        elif self.has_class("-open"):
            self._close()
        elif self.text or self.pinned_only:
            self._seek("", pinned_only=False)
            self.set_focus(self.query_one(Wall))
            self.call_after_refresh(self.query_one(Wall).centre)
        else:
            self.set_focus(self.query_one(Wall))

    def action_pins(self) -> None:
        """Pinned flags alone, or all again."""
        if not self.flagsae.pins and not self.pinned_only:
            self.notify("nothing is pinned yet: p pins the chosen flag")
            return
        self._seek(self.text, pinned_only=not self.pinned_only)
        self._choose_found(self.flagsae.flag)

    # Order.

    def action_sort(self) -> None:
        """Name, likeness to the chosen flag, colour, error in turn."""
        self.sort = SORTS[(SORTS.index(self.sort) + 1) % len(SORTS)]
        self.likened = self.flagsae.flag
        self._arrange()

    def _arrange(self) -> None:
        workspace, dataset = self.flagsae.workspace, self.flagsae.collection.dataset
        self.measured = None
        if self.sort == "error":
            self.ordering.ask(partial(by_error, workspace))
        elif self.sort == "likeness":
            self._ordered(by_likeness(workspace, self.likened))
        else:
            self._ordered(by_colour(dataset) if self.sort == "colour" else by_name(dataset))

    def _ordered(self, found: Order | int) -> None:
        if isinstance(found, int):
            if self.sort == "error":
                self.measured = found
                self._say()
            return
        if found.words == "error" and self.sort != "error":
            return  # another order has been asked for meanwhile
        self.measured = None
        self.order = found
        self._list()
        self.call_after_refresh(self.query_one(Wall).centre)

    # The card.

    @on(Gallery.Highlighted, "#flags-gallery")
    def flag_chosen(self, event: Gallery.Highlighted) -> None:
        self.flagsae.choose(flag=event.tile.key)

    @on(Gallery.Chosen, "#flags-gallery")
    def card_opened(self, event: Gallery.Chosen) -> None:
        self.flagsae.choose(flag=event.tile.key)
        self.add_class("-open")
        self.set_focus(self.query_one("#flag-features"))

    @on(Gallery.Chosen, "#flag-near")
    def near_chosen(self, event: Gallery.Chosen) -> None:
        self.flagsae.choose(flag=event.tile.key)

    def _close(self) -> None:
        if self.has_class("-open"):
            self.remove_class("-open")
            self.set_focus(self.query_one(Wall))

    @on(Phrases.Highlighted)
    def phrase_meant(self, event: Phrases.Highlighted) -> None:
        """Its place is framed in the picture, and the frame says which features spoke for it."""
        element = event.element
        box = element.box if element is not None and element.box != WHOLE else None
        self.query_one("#flag-itself", Canvas).point_at(box)
        speakers = element.features if element is not None else ()
        event.phrases.border_subtitle = plain(
            ", ".join(f"{one.name} {one.label} {one.weight:+.1f}" for one in speakers)
        )

    @on(Bars.Highlighted, "#flag-features")
    def feature_chosen(self, event: Bars.Highlighted) -> None:
        self.flagsae.choose(feature=event.line.key)

    @on(Bars.Chosen, "#flag-features")
    def feature_opened(self, event: Bars.Chosen) -> None:
        self.flagsae.choose(feature=event.line.key)
        self.flagsae.action_go("features")

    def action_neighbour(self, steps: int) -> None:
        """The next flag of the gallery, also while the card covers it."""
        wall = self.query_one(Wall)
        wall.move(wall.cursor + steps)

    # What is done with a flag.

    def action_pin(self) -> None:
        """Pins the chosen flag, or lets it go."""
        app = self.flagsae
        if app.flag in app.pins:
            app.pins.remove(app.flag)
        else:
            app.pins.append(app.flag)
        app.tell({"pins"})

    def action_compare(self) -> None:
        """The chosen flag beside the one pinned last, or beside the one that was chosen before."""
        app = self.flagsae
        others = [flag for flag in app.pins if flag != app.flag] or [flag for flag in self.visited if flag != app.flag]
        if not others:
            self.notify("nothing to compare with: p pins a flag, then choose another one")
            return
        self.app.push_screen(Compare(app.collection, app.workspace, (others[-1], app.flag)), self._compared)

    def _compared(self, feature: int | None) -> None:
        if feature is not None:
            self.flagsae.choose(feature=feature)
            self.flagsae.action_go("features")

    def action_add(self) -> None:
        """The chosen flag as a term of the sum."""
        app = self.flagsae
        app.add_to_sum([app.collection.slug(app.flag)])

    def action_mix(self) -> None:
        """A sum of the chosen flag alone."""
        app = self.flagsae
        app.choose(expression=show([(1.0, app.collection.slug(app.flag))]))
        app.action_go("mix")
