"""The dictionary: all atoms as pictures, a card about the chosen feature, and a flag in which it can be changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from time import sleep
from typing import TypeAlias, TypeVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.widgets import Input, Static

from flagsae.sae.kind import of_designs
from flagsae.tui.bindings import bindings
from flagsae.tui.screens.base import Pane
from flagsae.tui.state.newest import Newest
from flagsae.tui.state.sketching import blank, sketches
from flagsae.tui.state.steering import Reach, Seen, Steered, Steering, expression, look, reach, steer
from flagsae.tui.widgets.bars import Bars, Line
from flagsae.tui.widgets.canvas import Canvas
from flagsae.tui.widgets.gallery import GAP, MARK, Gallery, Tile
from flagsae.tui.widgets.slider import Slider
from flagsae.tui.widgets.text import TextField, Words, plain
from flagsae.visual.atoms import spotlight
from flagsae.visual.terminal.charts import short
from flagsae.visual.tiles import bars
from flagsae.workspace.canvas_book import CanvasBook
from flagsae.workspace.collection import Picture
from flagsae.workspace.dictionaries import KINDS, Book, Facts, Listed, find, percent, sort
from flagsae.workspace.part_book import PartBook
from flagsae.workspace.workspace import THUMBNAIL

# Slow work starts only after so many seconds without another key; by eye.
LABEL_DELAY = 0.4  # before labels, after another step of the run
DETAIL_DELAY = 0.12  # before a large atom, and before the description of a steered flag

# Sizes in columns, the last one in lines; by eye.
TILES = ((36, 9), (74, 12), (140, 15))  # (widest gallery, its tiles at least)
LARGE_TILE = 18  # the tiles of a wider gallery, at least
COUNTED_TILE = 10  # a tile from this width has room for the number of flags behind the feature's name
NARROW = 100  # a narrower screen shortens its sentences
TOP_TILES = ((160, 14), (0, 10))  # (narrowest screen, the tiles of the top flags)
MOST_LINES = 12  # height of the histogram's bars

LargeAtom: TypeAlias = tuple[Book, int, Picture, Picture | None]  # (book, feature, what it adds, what it takes away)
TopFlags: TypeAlias = tuple[Book, int, list[Tile]]  # (book, feature, the flags for which it fires most)
Result = TypeVar("Result")


class Atoms(Gallery):
    """The gallery of all atoms: its tiles fill the rows."""

    def on_resize(self) -> None:
        width = self.scrollable_content_region.width
        tile = next((tile for widest, tile in TILES if width <= widest), LARGE_TILE)
        columns = max(2, (width - GAP // 2) // (tile + GAP))
        self.resize_tiles((width - GAP // 2) // columns - GAP)
        self.call_after_refresh(self.centre)

    def centre(self) -> None:
        """Scrolls the cursor to the middle."""
        top = self.cursor // self.columns * self.tile_lines - (self.size.height - self.tile_lines) // 2
        self.scroll_to(y=max(0, top), animate=False, force=True)


class Histogram(Words):
    """A histogram of a feature's activation over the flags for which it fires, as high as there is room."""

    facts: Facts | None = None

    def show(self, facts: Facts) -> None:
        self.facts = facts
        lines: list[str] = []
        if facts.counts:
            most = max(facts.counts)
            axis = f"0{short(facts.largest, 2):>{2 * len(facts.counts) - 1}}"
            rows = max(1, min(MOST_LINES, self.size.height - 3))
            lines = [f"{most} flag{'s' * (most > 1)}", *bars(facts.counts, rows), axis, "activation"]
        self.update(Text("\n".join(lines)), layout=False)

    def on_resize(self) -> None:
        if self.facts is not None:
            self.show(self.facts)


class FeaturesScreen(Pane):
    scope = "features"
    BINDINGS = bindings("features")
    AUTO_FOCUS = "#atoms"

    def __init__(self) -> None:
        super().__init__()
        self.book: Book | None = None
        self.parts: dict[str, PartBook] = {}  # the part dictionaries that were opened, by kind
        self.part_feature = dict.fromkeys(KINDS, 0)  # the chosen feature of each part dictionary
        self.order = "number"
        self.like = 0  # the feature that the others are compared with in the order by likeness
        self.words = ""  # of the search
        self.found: list[int] = []  # the features that match the search
        self.pictures: dict[int, Picture] = {}  # of the atoms of this dictionary, as they are shown
        self.atom_shown = False  # whether the card shows the atom of the chosen feature, and not what was before
        self.steering = Steering()
        self.steered: Steered | None = None  # what is shown of the steered flag
        self.seen: Seen | None = None  # what the model sees in it
        self.opening: Newest[Book] = Newest(self, self._opened, self._failed)
        self.sketching: Newest[Book] = Newest(self, self._sketched, self._failed)
        self.labelling: Newest[Book | None] = Newest(self, self._labelled, self._failed)
        self.enlarging: Newest[LargeAtom | None] = Newest(self, self._show_large_atom, self._failed)
        self.finding_top: Newest[TopFlags] = Newest(self, self._show_top_flags, self._failed)
        self.decoding: Newest[Steered] = Newest(self, self._show_steered, self._failed)
        self.describing: Newest[Seen | None] = Newest(self, self._described, self._failed)

    def body(self) -> ComposeResult:
        with Container(id="features", classes="body"):
            with Vertical(id="features-left"):
                yield TextField(placeholder="words of a label, or f17", id="find-features", compact=True)
                yield Atoms(12, notes=True, empty="reading the features …", id="atoms", classes="pane")
            with Vertical(id="features-right"):
                with Vertical(id="card", classes="pane"):
                    yield Words("", id="card-words")
                    with Horizontal(id="card-pictures"):
                        with Vertical(id="adds-box"):
                            yield Canvas(id="adds")
                            yield Words("adds", id="adds-words", classes="caption")
                        with Vertical(id="takes-box"):
                            yield Canvas(id="takes")
                            yield Words("takes away", id="takes-words", classes="caption")
                        yield Histogram("", id="histogram")
                    yield Gallery(10, notes=True, id="tops")
                    with Horizontal(id="card-lists"):
                        with Vertical(id="company-box"):
                            yield Words("", id="company-words", classes="list-title")
                            yield Bars(signed=False, empty="–", id="company")
                        with Vertical(id="attributes-box"):
                            yield Words("", id="attributes-words", classes="list-title")
                            yield Words("", id="attributes")
                with Vertical(id="steer", classes="pane"):
                    with Horizontal(id="steer-pictures"):
                        for name, words in (
                            ("rebuilt", "as the model rebuilds it"),
                            ("steered", ""),
                            ("changed", "what has changed"),
                        ):
                            with Vertical(id=f"{name}-box"):
                                yield Canvas(id=name)
                                yield Words(words, id=f"{name}-words", classes="caption")
                    yield Slider("", low=0.0, id="amount")
                    yield Words("", id="steer-words")

    def on_mount(self) -> None:
        compared = [self.query_one(f"#{name}", Canvas) for name in ("rebuilt", "steered", "changed")]
        for canvas in compared:
            canvas.beside = compared  # drawn at one size

    def on_resize(self, event: events.Resize) -> None:
        width = next(tile for narrowest, tile in TOP_TILES if event.size.width >= narrowest)
        self.query_one("#tops", Gallery).resize_tiles(width)
        self.call_after_refresh(self._resized)

    def _resized(self) -> None:
        """Draws the words and pictures again, to fit the new sizes of the panes."""
        self._show_atoms()
        self._show_card(tops=False)
        self._show_steer_words()

    # Which dictionary and which feature.

    @property
    def feature(self) -> int:
        """The chosen feature of the dictionary that is shown."""
        if self.book is None or self.book.kind == "canvas":
            return self.flagsae.feature
        return self.part_feature[self.book.kind]

    def _choose(self, feature: int) -> None:
        if self.book is None or self.book.kind == "canvas":
            self.flagsae.choose(feature=feature)
        else:
            self.part_feature[self.book.kind] = feature
            self._show_feature()

    def follow(self, changed: set[str]) -> None:
        canvas = self.book is None or self.book.kind == "canvas"
        if "model" in changed and canvas:
            self._open(CanvasBook(self.flagsae.workspace))
            return
        if "feature" in changed and canvas:
            if self.feature not in self.found and self.words:  # chosen on another screen: the search must not hide it
                self._find_all()
            self._show_feature()
        if "flag" in changed and self.book is not None and self.book.ready:
            self.query_one("#tops", Gallery).mark([self.flagsae.flag])
            if self.order == "flag":
                self._show_atoms()
                self.query_one("#atoms", Gallery).point(self.feature)
            self._mark()
            if "feature" not in changed:
                self._steer()

    def _open(self, book: Book) -> None:
        """Shows another dictionary, or the same at another step: first its features, then their atoms as they are
        drawn, and after a pause their labels."""
        self.book = book
        if self.order not in book.orders:  # before it is opened: the next key may already sort again
            self.order = "number"
        if book.ready:
            self._opened(book)
        else:
            self.opening.ask(partial(_prepared, book))

    def _opened(self, book: Book) -> None:
        if book is not self.book:
            return
        # A search by words keeps its features until the new labels are there.
        if book.labelled or not self.words or any(feature >= len(book) for feature in self.found):
            self.found = find(book, self.words)
        atoms = self.query_one(Atoms)
        first = not atoms.tiles
        self._show_atoms()
        self._point()
        self._show_card()
        self.call_after_refresh(self._steer)  # after the atoms are painted: decoding takes a while
        if first:
            self.call_after_refresh(atoms.centre)
        self.call_after_refresh(self._sketch)  # when it is known which tiles are seen
        if not book.labelled:
            self.labelling.ask(partial(_after, 0 if first else LABEL_DELAY, partial(_learned, book)))

    def _sketch(self) -> None:
        """Has the atoms drawn that are missing."""
        book, atoms = self.book, self.query_one(Atoms)
        if book is None or not book.ready:
            return

        def missing() -> list[int]:
            return [feature for feature in range(len(book)) if book.thumbnail(feature) is None]

        def seen() -> list[int]:
            return [self.feature, *(tile.key for tile in atoms.seen)]

        if missing():
            self.sketching.ask(lambda: (book for _ in sketches(missing, seen, book.sketch)))

    def _sketched(self, book: Book) -> None:
        """Shows the atoms that have been drawn."""
        if book is not self.book:
            return
        atoms = self.query_one(Atoms)
        for place, tile in enumerate(atoms.tiles):
            picture = self._picture(book, tile.key)
            if tile.picture is not picture:
                atoms.change(place, replace(tile, picture=picture))
        if not self.atom_shown and book.thumbnail(self.feature) is not None:
            self._show_atom()

    def _picture(self, book: Book, feature: int) -> Picture:
        """A small picture of what a feature adds; until it is drawn that of another step, or a blank one."""
        known = book.thumbnail(feature)
        if known is not None:
            self.pictures[feature] = known[0]
        elif feature not in self.pictures:
            self.pictures[feature] = blank(book.shape)
        return self.pictures[feature]

    def _labelled(self, book: Book | None) -> None:
        if book is not None and book is self.book:
            self.found = find(book, self.words)
            self._show_atoms()
            self._show_card(tops=False)
            self._steer()  # its words have the feature's name
            self._choose_found()

    def _failed(self, error: Exception) -> None:
        self.log.error(error)
        self.notify(f"this could not be worked out: {error!r}", severity="error")

    # The gallery.

    def _show_atoms(self) -> None:
        """Shows the features found, in order; the cursor stays on its feature, and the gallery does not scroll."""
        book = self.book
        if book is None or not book.ready:
            return
        atoms = self.query_one("#atoms", Gallery)
        order = sort(book, self.found, self.order, self.like, self.flagsae.flag)
        fires, counted = book.fires, atoms.tile_width >= COUNTED_TILE
        atoms.empty = f"no feature has the words {self.words!r}" if book.labelled else "reading the labels …"
        atoms.show(
            [
                Tile(
                    feature,
                    self._picture(book, feature),
                    f"{book.prefix}{feature} {f'×{fires[feature]}' * counted if fires[feature] else 'dead'}",
                    label := book.short(feature),
                    faint=not fires[feature] or label.startswith(("?", "~")),
                )
                for feature in order
            ]
        )
        by = {
            "number": "by number",
            "flag": f"strongest in {self.flagsae.collection.title(self.flagsae.flag)} first",
            "density": "those of most flags first",
            "strength": "strongest first",
            "rare": "those of fewest flags first",
            "alike": f"most like the atom of {book.prefix}{self.like} first",
        }[self.order]
        some = f"{len(order)} of {len(book)}" if self.words else f"{len(book)}"
        atoms.border_title = plain(f"{some} {book.title}, {by}")
        self._mark()

    def _mark(self) -> None:
        """Marks the features that fire for the chosen flag."""
        flag, book, atoms = self.flagsae.flag, self.book, self.query_one("#atoms", Gallery)
        firing = set() if book is None else {int(feature) for feature in book.within(flag).nonzero()[0]}
        atoms.mark(firing)
        here = f"{MARK} in {self.flagsae.collection.title(flag)} " if firing else ""
        count = "× flags " if atoms.tile_width >= COUNTED_TILE else ""
        atoms.border_subtitle = plain(f"{here}{count}? unsure ~ like")

    @on(Gallery.Highlighted, "#atoms")
    def pointed(self, event: Gallery.Highlighted) -> None:
        self._choose(event.tile.key)

    @on(Gallery.Chosen, "#atoms")
    def opened(self, event: Gallery.Chosen) -> None:
        self._choose(event.tile.key)
        self._enlarge(True)

    # The card.

    def _show_feature(self) -> None:
        self._point()
        self._show_card()
        self._steer()

    def _point(self) -> None:
        """Moves the cursor to the chosen feature; if it is there already, the gallery does not scroll."""
        atoms = self.query_one("#atoms", Gallery)
        if atoms.current is None or atoms.current.key != self.feature:
            atoms.point(self.feature)

    def _show_card(self, *, tops: bool = True) -> None:
        """Shows what is known of the chosen feature. tops: whether to look for its top flags again."""
        book, feature = self.book, self.feature
        if book is None or not book.ready or feature >= len(book):
            return
        facts = book.facts(feature)
        self._write("#card-words", self._known(book, feature, facts))
        self._show_atom()
        histogram = self.query_one("#histogram", Histogram)
        histogram.set_class(not facts.counts, "-empty")
        histogram.show(facts)
        if tops:
            self._find_top_flags(book, feature, facts)
        (company, goes_with), (attributes, have) = book.lists(feature)
        self._write("#company-words", company)
        signed = any(line.value < 0 for line in goes_with)
        shown = self.query_one("#company", Bars)
        shown.signed = signed
        shown.show([_line(number, line) for number, line in enumerate(goes_with)])
        self._write("#attributes-words", attributes)
        wide = max((len(line.name) for line in have), default=0)
        listed = "\n".join(f"{line.name:>{wide}} {line.words}" for line in have)
        none = "…" if not book.labelled else "no more than by chance" if book.kind == "canvas" else "none"
        self._write("#attributes", listed or none)
        self._enlarge_atom()

    def _known(self, book: Book, feature: int, facts: Facts) -> Text:
        """The label, and below it as many figures as there is room for."""
        words, trust = book.judged(feature)
        figures = [trust] if trust else []
        if facts.fires:
            figures.append(f"fires for {facts.fires} of {len(self.flagsae.collection)} flags")
            figures += [f"mean {short(facts.mean, 2)}"] if facts.mean else []
            figures.append(f"max {short(facts.largest, 2)}")
        room = self.query_one("#card-words").size.width
        if len(" · ".join(figures)) > room:
            of = f" of {len(self.flagsae.collection)} flags"
            figures = [one.removeprefix("sure: ").removeprefix("fires for ").replace(of, " flags") for one in figures]
        while len(figures) > 1 and len(" · ".join(figures)) > room:
            figures.pop()
        return Text.assemble((words, "bold"), f"\n{' · '.join(figures)}")

    def _show_atom(self) -> None:
        """Shows the atom of the chosen feature, as it is known so far."""
        book, feature = self.book, self.feature
        if book is not None:
            known = book.thumbnail(feature)
            self.atom_shown = known is not None
            self._show_pictures(book, *(known or (self._picture(book, feature), None)))

    def _show_pictures(self, book: Book, adds: Picture, takes: Picture | None) -> None:
        """Shows the atom in two pictures, or in one if it takes nothing away or `adds` shows both."""
        both = ": adds, takes away" if takes is not None else ""
        self.query_one("#card").border_title = f"{book.name(self.feature)}{both}"
        self.query_one("#adds", Canvas).show(adds)
        self.query_one("#takes", Canvas).show(takes)
        self.query_one("#takes-box").display = takes is not None
        self._write("#adds-words", "adds" if takes is not None else book.drawn_as)

    @property
    def _roomy(self) -> bool:
        """Whether there is room to draw the atom larger than a thumbnail."""
        return self.query_one("#adds", Canvas).extent[0] > THUMBNAIL

    def _enlarge_atom(self) -> None:
        """Draws the atom as large as it is stored, if there is room for it and no other key follows."""
        book, feature = self.book, self.feature
        if book is not None and book.ready and self._roomy:
            self.enlarging.ask(partial(_after, DETAIL_DELAY, lambda: (book, feature, *book.picture(feature))))

    def _show_large_atom(self, atom: LargeAtom | None) -> None:
        if atom is None:
            return
        book, feature, adds, takes = atom
        if book is self.book and feature == self.feature and self._roomy:
            self.atom_shown = True
            self._show_pictures(book, adds, takes)

    def _find_top_flags(self, book: Book, feature: int, facts: Facts) -> None:
        if book.kind == "canvas":
            self._show_top_flags((book, feature, self._top_tiles(book, feature, facts)))
        else:  # in a thread: the regions of each flag have to be found
            self.finding_top.ask(lambda: iter([(book, feature, self._top_tiles(book, feature, facts))]))

    def _top_tiles(self, book: Book, feature: int, facts: Facts) -> list[Tile]:
        title = self.flagsae.collection.title
        return [
            Tile(flag, book.top_picture(feature, flag), title(flag), f"{strength:.2f}") for flag, strength in facts.top
        ]

    def _show_top_flags(self, found: TopFlags) -> None:
        book, feature, tiles = found
        if book is self.book and feature == self.feature:
            tops = self.query_one("#tops", Gallery)
            tops.empty = "fires for no flag"
            tops.show(tiles, keep=False)
            tops.mark([self.flagsae.flag])

    @on(Gallery.Highlighted, "#tops")
    def flag_chosen(self, event: Gallery.Highlighted) -> None:
        self.flagsae.choose(flag=event.tile.key)

    @on(Gallery.Chosen, "#tops")
    def flag_opened(self, event: Gallery.Chosen) -> None:
        self.flagsae.choose(flag=event.tile.key)
        self.flagsae.action_go("flags")

    @on(Bars.Chosen, "#company")
    def company_chosen(self, event: Bars.Chosen) -> None:
        if self.book is not None and self.book.kind == "canvas":
            self._choose(event.line.key)

    def _enlarge(self, large: bool) -> None:
        """Shows the card alone, or all panes again."""
        self.set_class(large, "-card")
        self.set_focus(self.query_one("#tops" if large else "#atoms"))
        self.call_after_refresh(self._enlarge_atom)

    # Steering.

    @property
    def amounts(self) -> dict[int, float]:
        """The changed features of the chosen flag, with their activations."""
        return self.steering.of(self.flagsae.flag, len(self.flagsae.workspace.model))

    @property
    def amount(self) -> float:
        """The activation that the chosen feature has in the steered flag."""
        app = self.flagsae
        return self.amounts.get(app.feature, float(app.workspace.codes[app.flag, app.feature]))

    def _steer(self) -> None:
        """Shows the steered flag as it is now."""
        app = self.flagsae
        if self.book is None or self.book.kind != "canvas" or not self.book.ready:
            return
        workspace, flag, amounts = app.workspace, app.flag, self.amounts
        self._show_amount(reach(workspace, app.feature))
        if self.steered is not None and self.steered.is_of(workspace, flag, amounts):
            self._show_steer_words()  # only another feature was chosen
        else:
            self.decoding.ask(lambda: iter([steer(workspace, flag, amounts)]))

    def _show_amount(self, reach: Reach) -> None:
        """Sets the slider to the activation of the chosen feature."""
        app = self.flagsae
        own = float(app.workspace.codes[app.flag, app.feature])
        slider = self.query_one("#amount", Slider)
        slider.high = reach.high
        times = f"{self.amount / reach.usual:.1f} × usual" if self.amount else "off"
        was = f", was {own:.2f}" if app.feature in self.amounts else ""
        slider.set(self.amount, f"{self._named(app.feature)}: {times}{was}", (app.flag, app.feature))
        self.query_one("#steer").border_title = plain(f"steer {app.collection.title(app.flag)}")

    def _show_steered(self, steered: Steered) -> None:
        app = self.flagsae
        if not steered.is_of(app.workspace, app.flag, self.amounts):
            return
        self.steered = steered
        self.query_one("#rebuilt", Canvas).show(steered.before)
        self.query_one("#steered", Canvas).show(steered.after)
        self.query_one("#changed", Canvas).show(spotlight(steered.after, steered.changed) if steered.amounts else None)
        self._show_steer_words()
        self.describing.ask(partial(_after, DETAIL_DELAY, partial(look, steered)))

    def _described(self, seen: Seen | None) -> None:
        if seen is not None and seen.steered is self.steered:
            self.seen = seen
            self._show_steer_words()

    def _show_steer_words(self) -> None:
        """Says what has been changed and by how much, and what the model sees in the flag now."""
        app, steered = self.flagsae, self.steered
        if steered is None or steered.workspace is not app.workspace:
            return
        title, own = app.collection.title(steered.flag), steered.workspace.codes[steered.flag]
        changes = ", ".join(f"f{one} {own[one]:.2f} → {amount:.2f}" for one, amount in steered.amounts.items())
        itself = of_designs(steered.workspace.model)
        self._write("#rebuilt-words", title if itself else f"{title}, rebuilt")
        self._write("#steered-words", changes or "steered")
        if itself and steered.amounts and steered.design is None:
            names = ", ".join(map(self._named, steered.amounts))
            first = f"{names} meet{'s' * (len(steered.amounts) == 1)} nothing here: the design stays as it is"
        elif steered.amounts:
            share = percent(float(steered.changed.mean()))
            count = f"{int(steered.changed.sum()):,} of {steered.changed.size:,} pixels changed, {share}"
            first = count if self.size.width >= NARROW else f"{share} changed"
        elif own[app.feature] > 0:
            first = f"x takes {self._named(app.feature)} out, - turns it down, + up"
        else:
            first = f"{self._named(app.feature)} is not in this flag: + turns it up"
        if self.seen is None or self.seen.steered is not steered:
            self._write("#steer-words", f"{first}\nseen: …")
            return
        near = ", ".join(f"{app.collection.title(flag)} {alike:.2f}" for flag, alike in self.seen.near)
        self._write("#steer-words", f"{first} · near {near}\nseen: {self.seen.words}")

    def _named(self, feature: int) -> str:
        """A feature's number, and its name where the model gives names."""
        workspace = self.flagsae.workspace
        named = of_designs(workspace.model) and workspace.labelled and workspace.cards[feature].label.trusted
        return f"f{feature} {workspace.label(feature)}" if named else f"f{feature}"

    def _write(self, where: str, words: str | Text) -> None:
        """Writes words into a widget whose size does not depend on them."""
        self.query_one(where, Static).update(Text(words) if isinstance(words, str) else words, layout=False)

    def _set_amount(self, amount: float | None) -> None:
        """Sets the activation of the chosen feature in the chosen flag; None, or its own one, undoes the change."""
        app = self.flagsae
        own = float(app.workspace.codes[app.flag, app.feature])
        if amount is None or amount == own:
            self.steering.reset(app.flag, app.feature)
        else:
            self.steering.set(app.flag, app.feature, amount)
        self._steer()

    def _can_steer(self) -> bool:
        """Whether the chosen feature can be steered; tells the user if only those of whole flags can."""
        if self.book is None or not self.book.ready:
            return False
        if self.book.kind != "canvas":
            self.notify("features of parts can't be steered: k goes on to those of whole flags")
            return False
        return True

    @on(Slider.Changed, "#amount")
    def slid(self, event: Slider.Changed) -> None:
        if event.of == (self.flagsae.flag, self.flagsae.feature):
            self._set_amount(event.value)

    def action_steer(self, steps: int) -> None:
        if self._can_steer():
            self._set_amount(reach(self.flagsae.workspace, self.flagsae.feature).turned(self.amount, steps))

    def action_ablate(self) -> None:
        """Turns the chosen feature off; if it is off already, undoes the change."""
        if not self._can_steer():
            return
        app = self.flagsae
        if self.amount > 0:
            self._set_amount(0.0)
        elif app.feature in self.amounts:
            self._set_amount(None)
        else:
            self.notify(f"f{app.feature} is not in {app.collection.title(app.flag)}: + turns it up")

    def action_as_it_was(self, every: bool) -> None:
        """Undoes the change of the chosen feature, or of every feature."""
        if not self._can_steer():
            return
        app = self.flagsae
        if not self.steering.reset(app.flag, None if every else app.feature):
            self.notify("nothing is steered here")
        self._steer()

    def action_mix(self) -> None:
        """Opens the steered flag as a sum on Mix."""
        if not self._can_steer():
            return
        if not self.amounts:
            self.notify("nothing is steered yet: x, + and - change the chosen feature")
            return
        app = self.flagsae
        app.choose(expression=expression(app.workspace, app.flag, self.amounts))
        app.action_go("mix")

    # Other commands.

    def action_sort(self, steps: int) -> None:
        if self.book is not None:
            orders = self.book.orders
            self.order = orders[(orders.index(self.order) + steps) % len(orders)]
            self.like = self.feature
            self._show_atoms()
            self.query_one("#atoms", Gallery).point(self.feature)

    def action_find(self) -> None:
        field = self.query_one("#find-features", TextField)
        field.display = True
        self._enlarge(False)
        self.set_focus(field)

    @on(Input.Changed, "#find-features")
    def typed(self) -> None:
        self.words = self.query_one("#find-features", TextField).value.strip()
        if self.book is None or not self.book.ready:
            return
        self.found = find(self.book, self.words)
        self._show_atoms()
        self.query_one("#atoms", Gallery).point(self.feature)
        self._choose_found()

    def _choose_found(self) -> None:
        """Chooses the first feature found, unless the chosen one is among those found."""
        first = self.query_one("#atoms", Gallery).current
        if first is not None and self.feature not in self.found:
            self._choose(first.key)

    @on(Input.Submitted, "#find-features")
    def entered(self) -> None:
        self.set_focus(self.query_one("#atoms"))

    @on(Input.Blurred, "#find-features")
    def left(self) -> None:
        self.query_one("#find-features").display = bool(self.words)

    def action_neighbour(self, steps: int) -> None:
        """Moves the cursor of the gallery, wherever the focus is."""
        atoms = self.query_one("#atoms", Gallery)
        atoms.move(atoms.cursor + steps)

    def action_dictionary(self) -> None:
        """Opens the next dictionary: of whole flags, of layouts, of shapes."""
        kinds = list(KINDS)
        kind = kinds[(kinds.index(self.book.kind if self.book is not None else kinds[0]) + 1) % len(kinds)]
        collection = self.flagsae.collection
        self.set_class(kind != "canvas", "-parts")
        self.found, self.pictures = [], {}
        if kind == "canvas":
            self._open(CanvasBook(self.flagsae.workspace))
        else:
            self._open(self.parts.setdefault(kind, PartBook(collection, kind)))

    def action_back(self) -> None:
        """Undoes one of these: zooming, enlarging the card, the search."""
        if self.maximized is not None:
            self.minimize()
        elif self.has_class("-card"):
            self._enlarge(False)
        elif self.words:
            self._find_all()
        self.set_focus(self.query_one("#atoms"))

    def _find_all(self) -> None:
        """Ends the search: shows all features again."""
        field = self.query_one("#find-features", TextField)
        with field.prevent(Input.Changed):
            field.value = ""
        field.display = False
        self.words = ""
        if self.book is not None:
            self.found = find(self.book, "")
            self._show_atoms()


def _after(seconds: float, work: Callable[[], Result]) -> Iterator[Result | None]:
    """In a thread: waits, then works. The None lets `Newest` drop the job if a newer one was asked for meanwhile."""
    sleep(seconds)
    yield None
    yield work()


def _prepared(book: Book) -> Iterator[Book]:
    """In a thread: the book, ready to be shown."""
    book.prepare()
    yield book


def _learned(book: Book) -> Book:
    """In a thread: the book, with its labels worked out."""
    book.learn()
    return book


def _line(number: int, listed: Listed) -> Line:
    return Line(number if listed.feature is None else listed.feature, listed.name, listed.value, listed.words)
