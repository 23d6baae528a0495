"""All flags in a gallery, searched by name or by what is on them, and a card about the chosen one."""

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
from flagsae.design.evidence import Evidence
from flagsae.design.vocabulary import Element
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
from flagsae.workspace.collection import Collection, Picture
from flagsae.workspace.workspace import Workspace

# Sizes in columns; by eye.
TILE = 12  # a tile of the gallery, at least
LARGE_TILE = 16  # the same in a wide gallery
WIDE_GALLERY = 100  # a gallery from this width has large tiles
ROOM_FOR_CARD = 76  # in a narrower terminal the card is hidden until it is opened

NEAR = 12  # nearest flags that are listed
MOST_FEATURES = 24  # features of a flag that are listed; with the shipped model 8 fire
MOST_UNSAID = 6  # of what no feature says
WHOLE_FLAG = (0.0, 1.0, 0.0, 1.0)  # the box of an element that covers the whole flag
SORTS = ("name", "likeness", "colour", "error")


@dataclass(frozen=True, eq=False)
class CardFacts:
    """What the card says about a flag and takes a moment to work out."""

    flag: int
    workspace: Workspace
    rebuilt: Picture
    """The flag encoded and decoded again."""
    error: float
    """The share of pixels that differ if the model is flat, otherwise the mean difference; from 0 to 1."""
    description: Description | None = None
    """Worked out last; None until then."""


@dataclass(frozen=True, eq=False)
class SearchPhrases:
    """Phrases about flags that the search looks through."""

    described: int
    """How many flags have been described so far."""
    phrases: Sequence[tuple[int, str]]
    """(flag, what is on it)."""


def card_facts(workspace: Workspace, flag: int) -> Iterator[CardFacts]:
    """In a thread: the facts without the description, then with it."""
    rebuilt, error = workspace.rebuilt(flag), workspace.error(flag)
    yield CardFacts(flag, workspace, rebuilt, error)
    yield CardFacts(flag, workspace, rebuilt, error, workspace.collection.description(flag))


KINDS = {"union jack": "union jack", "bar": "bar", "wedges": "wedges", "halves": "diagonal halves"}


def named_in_edits(element: Element) -> str:
    """What an edit calls an element."""
    stripes = "stripes" if element.element.endswith("stripes") else element.element
    return KINDS.get(element.kind, stripes)


def search_phrases(collection: Collection) -> Iterator[SearchPhrases]:
    """In a thread: the attributes of all flags, which are known, then the description of one flag after another."""
    attributes = [(int(flag), name) for name, has in collection.facts.items() for flag in np.flatnonzero(has)]
    yield SearchPhrases(0, attributes)
    for flag in range(len(collection)):
        elements = collection.description(flag).elements
        yield SearchPhrases(flag + 1, [(flag, element.text) for element in elements if element.kind != "piece"])


class Wall(Gallery):
    """The gallery of all flags: its tiles fill the rows, and a change of size scrolls the cursor to the middle."""

    def on_resize(self) -> None:
        width = self.scrollable_content_region.width
        tile = LARGE_TILE if width >= WIDE_GALLERY else TILE
        columns = max(1, (width - GAP // 2) // (tile + GAP))
        self.resize_tiles((width - GAP // 2) // columns - GAP)
        self.call_after_refresh(self.centre)

    def centre(self) -> None:
        """Scrolls the cursor to the middle, by whole rows."""
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
        self.described: int | None = None  # how many flags the finder has the description of; None: not begun
        self.text = ""  # the words that the user searches for
        self.pinned_only = False
        self.flag_before = 0  # the flag that was chosen when the search began
        self.found: dict[int, Closeness] = {}  # the flags that match the search, and how closely
        self.sort = SORTS[0]
        self.order = Order("", ())
        self.reference = 0  # the flag that the others are compared with in the order by likeness
        self.measured: int | None = None  # of how many flags the error is known, while they are sorted by it
        self.visited: list[int] = []  # the last two chosen flags
        self.tiles: dict[int, Tile] = {}  # by flag
        self.description: Description | None = None  # of the flag on the card
        self.loading_card: Newest[CardFacts] = Newest(self, self._show_facts, self._failed)
        self.labelling: Newest[Workspace] = Newest(self, self._labelled, self._failed)
        self.describing: Newest[SearchPhrases] = Newest(self, self._learned, self._description_failed)
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
        self.set_class(event.size.width < ROOM_FOR_CARD, "-alone")

    # The gallery.

    def follow(self, changed: set[str]) -> None:
        app, wall = self.flagsae, self.query_one(Wall)
        if self.finder is None:
            self.finder = Finder(app.collection.dataset.flags.names)
            self.order = by_name(app.collection.dataset)
            self._list()
            self.call_after_refresh(wall.centre)
        if "flag" in changed:
            self.visited = [*(one for one in self.visited if one != app.flag), app.flag][-2:]
            if app.flag not in self.found:  # chosen on another screen: the search must not hide it
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
            self._show_card()
        if "feature" in changed:
            self.query_one("#flag-features", Bars).point(app.feature)
            self._name_feature()

    def _list(self) -> None:
        """Shows the flags that match the search, the closest first; the cursor stays on its flag if that matches."""
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
        self._show_counts()

    def _tile(self, flag: int) -> Tile:
        """A flag's tile; the same object as before if it says the same."""
        note, faint = self.order.notes.get(flag, ""), self.found[flag] == Closeness.APART
        known = self.tiles.get(flag)
        if known is None or (known.note, known.faint) != (note, faint):
            collection = self.flagsae.collection
            known = self.tiles[flag] = Tile(flag, collection.tiled(flag), collection.title(flag), note, faint)
        return known

    def _show_counts(self) -> None:
        """Shows how many flags match, and what is still being worked out."""
        collection, pane = self.flagsae.collection, self.query_one("#flags-left")
        count, loose = len(self.found), sum(close == Closeness.APART for close in self.found.values())
        all_of_them = count == len(collection) and not self.text
        kind = "pinned flags" if self.pinned_only else "flags"
        pane.border_title = (
            f"{count} {kind}" if all_of_them or self.pinned_only else f"{count} of {len(collection)} flags"
        )
        words = "" if not self.text else "none" if not count else f"{count} match"
        if loose and loose < count:
            words = f"{count - loose} close, {loose} loose"
        elif loose:
            words = f"{count} loose"
        self.query_one("#flags-count", Static).update(words)
        describing = self.described is not None and self.described < len(collection)
        if self.measured is not None:
            pane.border_subtitle = f"rebuilding {self.measured}/{len(collection)} …"
        elif describing:
            pane.border_subtitle = f"reading flags {self.described}/{len(collection)} …"
        else:
            pane.border_subtitle = plain(f"by {self.order.words}")

    # The card.

    def _show_card(self) -> None:
        """Shows what is known of the chosen flag at once, and the rest as it is worked out."""
        app = self.flagsae
        self._title()
        self.query_one("#flag-pictures").border_subtitle = ""
        self.query_one("#flag-itself", Canvas).show(app.collection.picture(app.flag))
        self.query_one("#flag-rebuilt", Canvas).show(None)
        self._describe(None)
        self._show_features()
        self._show_near()
        self.loading_card.ask(partial(card_facts, app.workspace, app.flag))

    def _title(self) -> None:
        app = self.flagsae
        name = app.collection.dataset.flags.names[app.flag]
        pinned = [f"{MARK} pinned"] * (app.flag in app.pins)
        self.query_one("#flag-pictures").border_title = plain(" · ".join((name.title, *name.others[:1], *pinned)))

    def _show_facts(self, facts: CardFacts) -> None:
        app = self.flagsae
        if (facts.flag, facts.workspace) != (app.flag, app.workspace):
            return
        canvas = self.query_one("#flag-rebuilt", Canvas)
        if canvas.picture is not facts.rebuilt:
            canvas.show(facts.rebuilt)
        if app.workspace.model.flat:
            # Rounded down, so that only a flag without any error gets 100 %.
            error = f"{floor(1000 * (1 - facts.error)) / 10:.1f} % of pixels right"
        else:
            error = f"{100 * facts.error:.1f} % off on average"
        self.query_one("#flag-pictures").border_subtitle = error
        if facts.description is not None:
            self._describe(facts.description)

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
        strongest = np.argsort(-strength, kind="stable")[:MOST_FEATURES]
        order = [int(feature) for feature in strongest if strength[feature] > 0]
        bars = self.query_one("#flag-features", Bars)
        said = [
            Line(feature, f"f{feature}", float(strength[feature]), workspace.label(feature) if known else "")
            for feature in order
        ]
        missing = workspace.unsaid(workspace.dataset.flags[[app.flag]])[:MOST_UNSAID]
        unsaid = [
            Line(-number, "–", weight, f"{name}: no feature has it", faint=True)
            for number, (name, weight) in enumerate(missing, 1)
        ]
        bars.show([*said, *unsaid])
        bars.point(app.feature)
        count = int((strength > 0).sum())
        bars.border_title = "features" if count == len(order) else f"features: {len(order)} of {count}"
        self._name_feature()
        if not known:  # labels take a second the first time
            self.labelling.ask(partial(self._learn_labels, workspace))

    def _show_near(self) -> None:
        """Shows the flags whose codes are most like that of the chosen one."""
        app = self.flagsae
        alike = app.workspace.alike(app.workspace.codes[app.flag])
        flags = nearest(alike, min(NEAR, len(alike) - 1), without=app.flag)
        collection = app.collection
        self.query_one("#flag-near", Gallery).show(
            [Tile(flag, collection.tiled(flag), collection.title(flag), f"{alike[flag]:.2f}") for flag in flags],
            keep=False,
        )

    def _name_feature(self) -> None:
        """Writes the whole label of the highlighted feature on the frame: a narrow list cuts it off."""
        bars = self.query_one("#flag-features", Bars)
        bars.border_subtitle = plain(bars.current.words if bars.current is not None else "")

    def _learn_labels(self, workspace: Workspace) -> Iterator[Workspace]:
        """In a thread."""
        _ = workspace.cards  # computed on first access
        yield workspace

    def _labelled(self, workspace: Workspace) -> None:
        if workspace is self.flagsae.workspace:
            self._show_features()

    def _failed(self, error: Exception) -> None:
        self.log.error(error)
        self.notify(f"this could not be worked out: {error!r}", severity="error")

    # Search.

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        if event.widget.id == "find-flags":
            self.flag_before = self.flagsae.flag
            if self.described is None:
                self.described = 0
                self.describing.ask(partial(search_phrases, self.flagsae.collection))

    def _learned(self, new: SearchPhrases) -> None:
        """Adds phrases to the finder, and repeats the search if it would find something else now."""
        assert self.finder is not None
        flags = {flag for flag, _ in new.phrases}
        for flag, words in new.phrases:
            self.finder.learn(flag, words)
        self.described = new.described
        if self.text and any(self.finder.closeness(flag, self.text) != self.found.get(flag) for flag in flags):
            self._list()
            self._choose_found(self.flagsae.flag)
        self._show_counts()

    def _description_failed(self, error: Exception) -> None:
        self.described = len(self.flagsae.collection)
        self._failed(error)
        self._show_counts()

    def _seek(self, text: str, *, pinned_only: bool) -> None:
        """Searches for the words of `text`, "" for all flags, and shows what is found."""
        self.text, self.pinned_only = text, pinned_only
        field = self.query_one("#find-flags", Input)
        if field.value.strip() != text:
            with field.prevent(Input.Changed):
                field.value = text
        self._list()

    def _choose_found(self, preferred: int, *, best: bool = False) -> None:
        """Chooses the preferred flag if it was found, otherwise the first one found.

        best: the first one also if it is closer to the search than the preferred one.
        """
        wall = self.query_one(Wall)
        if wall.tiles:
            first = wall.tiles[0].key
            stays = preferred in self.found and not (best and self.found[preferred] > self.found[first])
            self.flagsae.choose(flag=preferred if stays else first)

    @on(Input.Changed, "#find-flags")
    def typed(self) -> None:
        # Reads the field itself: after fast typing the message may carry an older value.
        self._seek(self.query_one("#find-flags", Input).value.strip(), pinned_only=self.pinned_only)
        self.query_one(Wall).scroll_to(y=0, animate=False, force=True)
        self._choose_found(self.flag_before, best=True)
        self.query_one(Wall).point(self.flagsae.flag)

    @on(Input.Submitted, "#find-flags")
    def entered(self) -> None:
        self.set_focus(self.query_one(Wall))

    def action_find(self) -> None:
        self._close()
        field = self.query_one("#find-flags", Input)
        self.set_focus(field)
        field.select_all()  # typing replaces the old search

    def action_back(self) -> None:
        """Undoes one of these: zooming, opening the card, the search."""
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
        """Shows only the pinned flags, or all flags again."""
        if not self.flagsae.pins and not self.pinned_only:
            self.notify("nothing is pinned yet: p pins the chosen flag")
            return
        self._seek(self.text, pinned_only=not self.pinned_only)
        self._choose_found(self.flagsae.flag)

    # Order.

    def action_sort(self) -> None:
        """Sorts by the next of name, likeness to the chosen flag, colour and error."""
        self.sort = SORTS[(SORTS.index(self.sort) + 1) % len(SORTS)]
        self.reference = self.flagsae.flag
        self._arrange()

    def _arrange(self) -> None:
        """Puts the flags into the order that is asked for; errors are worked out in a thread."""
        workspace, dataset = self.flagsae.workspace, self.flagsae.collection.dataset
        self.measured = None
        if self.sort == "error":
            self.ordering.ask(partial(by_error, workspace))
        elif self.sort == "likeness":
            self._ordered(by_likeness(workspace, self.reference))
        else:
            self._ordered(by_colour(dataset) if self.sort == "colour" else by_name(dataset))

    def _ordered(self, found: Order | int) -> None:
        """Shows a new order; a number says for how many flags the error is known by now."""
        if isinstance(found, int):
            if self.sort == "error":
                self.measured = found
                self._show_counts()
            return
        if found.words == "error" and self.sort != "error":
            return  # meanwhile the user has chosen another order
        self.measured = None
        self.order = found
        self._list()
        self.call_after_refresh(self.query_one(Wall).centre)

    # What the user chooses.

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
    def phrase_highlighted(self, event: Phrases.Highlighted) -> None:
        """Frames the phrase's place in the picture, and lists the design features that say it below the phrases."""
        element = event.element
        box = element.box if element is not None and element.box != WHOLE_FLAG else None
        self.query_one("#flag-itself", Canvas).point_at(box)
        features = self._evidence(element) if element is not None else ()
        event.phrases.border_subtitle = plain(" · ".join(f"{name} {weight:.1f}" for name, weight in features))

    def _evidence(self, element: Element) -> Evidence:
        """The design features that say an element of the flag on the card."""
        described = self.description
        return dict(zip(described.elements, described.evidence, strict=True)).get(element, ()) if described else ()

    @on(Bars.Highlighted, "#flag-features")
    def feature_chosen(self, event: Bars.Highlighted) -> None:
        if event.line.key < 0:  # what no feature says
            self._name_feature()
        else:
            self.flagsae.choose(feature=event.line.key)

    @on(Bars.Chosen, "#flag-features")
    def feature_opened(self, event: Bars.Chosen) -> None:
        if event.line.key < 0:
            self.notify("what is in grey no feature of this model has")
            return
        self.flagsae.choose(feature=event.line.key)
        self.flagsae.action_go("features")

    def action_neighbour(self, steps: int) -> None:
        """Moves the cursor of the gallery, also while the card covers it."""
        wall = self.query_one(Wall)
        wall.move(wall.cursor + steps)

    # Actions on the chosen flag.

    def action_pin(self) -> None:
        """Pins the chosen flag, or unpins it."""
        app = self.flagsae
        if app.flag in app.pins:
            app.pins.remove(app.flag)
        else:
            app.pins.append(app.flag)
        app.tell({"pins"})

    def action_compare(self) -> None:
        """Compares the chosen flag with the one pinned last, or else with the one chosen before."""
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
        """Adds the chosen flag to the sum."""
        app = self.flagsae
        app.add_to_sum([app.collection.slug(app.flag)])

    def action_mix(self) -> None:
        """Makes the chosen flag the only term of the sum."""
        app = self.flagsae
        app.choose(expression=show([(1.0, app.collection.slug(app.flag))]))
        app.action_go("mix")

    def action_edit(self) -> None:
        """Begins an edit of the highlighted phrase's thing, or of the flag, in the text of the Mix screen."""
        app, phrases = self.flagsae, self.query_one(Phrases)
        element = phrases.current if phrases.has_focus else None
        edit = f"{named_in_edits(element)}->" if element is not None else ""
        app.choose(expression=f"{show([(1.0, app.collection.slug(app.flag))])}[{edit}")
        app.action_go("mix")
        app.call_after_refresh(lambda: app.screen.run_action("edit"))
