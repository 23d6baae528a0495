"""The dictionary: all atoms as pictures, all that is known of one feature, and what it does to a flag."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from time import sleep
from typing import TypeAlias, TypeVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.widgets import Input, Static

from flagsae.tui.bindings import bindings
from flagsae.tui.screens.base import Pane
from flagsae.tui.state.newest import Newest
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
from flagsae.workspace.dictionaries import KINDS, Book, Facts, Listed, find, percent, sort
from flagsae.workspace.part_book import PartBook
from flagsae.workspace.workspace import THUMBNAIL, Picture

REST = 0.4  # seconds without another step, after which labels are worked out
PAUSE = 0.12  # seconds without another key, after which details are
TILES = ((36, 9), (74, 12), (140, 15))  # up to so many columns of the gallery, about so many of a tile
LARGE_TILE = 18
COUNTED = 10  # columns of a tile at least, on which the number of flags stands beside the feature's
NARROW = 100  # columns of the screen, under which words are short
TOP_TILES = ((160, 14), (0, 10))  # columns of a screen at least, and of a top flag's picture

Detail: TypeAlias = tuple[Book, int, Picture, Picture | None]  # a feature's atom, as large as there is
Result = TypeVar("Result")
Tops: TypeAlias = tuple[Book, int, list[Tile]]


class Atoms(Gallery):
    """A gallery whose tiles fill its width."""

    def on_resize(self) -> None:
        width = self.scrollable_content_region.width
        about = next((tile for columns, tile in TILES if width <= columns), LARGE_TILE)
        columns = max(2, (width - GAP // 2) // (about + GAP))
        self.resize_tiles((width - GAP // 2) // columns - GAP)
        self.call_after_refresh(self.centre)

    def centre(self) -> None:
        """Scrolls so that the cursor is in the middle."""
        top = self.cursor // self.columns * self.tile_lines - (self.size.height - self.tile_lines) // 2
        self.scroll_to(y=max(0, top), animate=False, force=True)


class Histogram(Words):
    """How many flags have which activation, among those for which a feature fires, as high as there is room."""

    facts: Facts | None = None

    def show(self, facts: Facts) -> None:
        self.facts = facts
        lines: list[str] = []
        if facts.counts:
            most = max(facts.counts)
            axis = f"0{short(facts.largest, 2):>{2 * len(facts.counts) - 1}}"
            rows = max(1, min(12, self.size.height - 3))
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
        self.parts: dict[str, PartBook] = {}
        self.part_feature = dict.fromkeys(KINDS, 0)  # chosen of each part dictionary
        self.order = "number"
        self.like = 0  # the feature that others are sorted by
        self.words = ""  # of the filter
        self.found: list[int] = []
        self.steering = Steering()
        self.steered: Steered | None = None
        self.opening: Newest[Book] = Newest(self, self._opened, self._failed)
        self.labelling: Newest[Book | None] = Newest(self, self._labelled, self._failed)
        self.detailing: Newest[Detail | None] = Newest(self, self._detailed, self._failed)
        self.topping: Newest[Tops] = Newest(self, self._topped, self._failed)
        self.turning: Newest[Steered] = Newest(self, self._turned, self._failed)
        self.looking: Newest[Seen | None] = Newest(self, self._looked, self._failed)
        self.seen: Seen | None = None

    def body(self) -> ComposeResult:
        with Container(id="features", classes="body"):
            with Vertical(id="features-left"):
                yield TextField(placeholder="words of a label, or f17", id="find-features", compact=True)
                yield Atoms(12, notes=True, empty="drawing the atoms …", id="atoms", classes="pane")
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
            canvas.beside = compared

    def on_resize(self, event: events.Resize) -> None:
        width = next(tile for columns, tile in TOP_TILES if event.size.width >= columns)
        self.query_one("#tops", Gallery).resize_tiles(width)
        self.call_after_refresh(self._resized)

    def _resized(self) -> None:
        """Words and pictures that fit the panes as they are now."""
        self._show_atoms()
        self._show_card(tops=False)
        self._say()

    # Which dictionary and which feature.

    @property
    def feature(self) -> int:
        """The chosen one of the dictionary that is shown."""
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
            if self.feature not in self.found and self.words:  # chosen elsewhere: it is shown rather than hidden
                self._find_all()
            self._show_feature()
        if "flag" in changed and self.book is not None and self.book.drawn:
            self.query_one("#tops", Gallery).mark([self.flagsae.flag])
            if self.order == "flag":
                self._show_atoms()
                self.query_one("#atoms", Gallery).point(self.feature)
            self._mark()
            if "feature" not in changed:
                self._steer()

    def _open(self, book: Book) -> None:
        """Another dictionary, or the same at another step: its atoms at once, its labels when the user rests."""
        self.book = book
        if self.order not in book.orders:  # at once: the next key may ask for the next order
            self.order = "number"
        if book.drawn:
            self._opened(book)
        else:
            self.opening.ask(lambda: self._draw_atoms(book))

    def _draw_atoms(self, book: Book) -> Iterator[Book]:
        """In a thread."""
        _ = book.pictures, book.fires
        yield book

    def _opened(self, book: Book) -> None:
        if book is not self.book:
            return
        # By words it is looked for again when the new labels are there.
        if book.labelled or not self.words or any(feature >= len(book) for feature in self.found):
            self.found = find(book, self.words)
        atoms = self.query_one(Atoms)
        first = not atoms.tiles
        self._show_atoms()
        self._point()
        self._show_card()
        self.call_after_refresh(self._steer)  # decoding would keep the atoms from being painted
        if first:
            self.call_after_refresh(atoms.centre)
        if not book.labelled:
            self.labelling.ask(partial(_after, 0 if first else REST, partial(_learned, book)))

    def _labelled(self, book: Book | None) -> None:
        if book is not None and book is self.book:
            self.found = find(book, self.words)
            self._show_atoms()
            self._show_card(tops=False)
            self._choose_found()

    def _failed(self, error: Exception) -> None:
        self.log.error(error)
        self.notify(f"this could not be worked out: {error!r}", severity="error")

    # The gallery.

    def _show_atoms(self) -> None:
        """All tiles, in their order; the cursor stays on its feature, and the gallery is not scrolled."""
        book = self.book
        if book is None or not book.drawn:
            return
        atoms = self.query_one("#atoms", Gallery)
        order = sort(book, self.found, self.order, self.like, self.flagsae.flag)
        fires, pictures, counted = book.fires, book.pictures, atoms.tile_width >= COUNTED
        atoms.empty = f"no label has the words {self.words!r}" if book.labelled else "reading the labels …"
        atoms.show(
            [
                Tile(
                    feature,
                    pictures[feature][0],
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
            "dead": "dead and rare first",
            "alike": f"most like the atom of {book.prefix}{self.like} first",
        }[self.order]
        some = f"{len(order)} of {len(book)}" if self.words else f"{len(book)}"
        atoms.border_title = plain(f"{some} {book.title}, {by}")
        self._mark()

    def _mark(self) -> None:
        """The features that fire in the chosen flag."""
        flag, book, atoms = self.flagsae.flag, self.book, self.query_one("#atoms", Gallery)
        inside = set() if book is None else {int(one) for one in book.within(flag).nonzero()[0]}
        atoms.mark(inside)
        here = f"{MARK} in {self.flagsae.collection.title(flag)} " if inside else ""
        count = "× flags " if atoms.tile_width >= COUNTED else ""
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
        """The cursor goes to the chosen feature; where it is there already the gallery stays as it was scrolled."""
        atoms = self.query_one("#atoms", Gallery)
        if atoms.current is None or atoms.current.key != self.feature:
            atoms.point(self.feature)

    def _show_card(self, *, tops: bool = True) -> None:
        """What is known of the chosen feature. tops: whether the flags for which it fires may be others."""
        book, feature = self.book, self.feature
        if book is None or not book.drawn or feature >= len(book):
            return
        facts = book.facts(feature)
        both = ": adds, takes away" if book.pictures[feature][1] is not None else ""
        self.query_one("#card").border_title = f"{book.prefix}{feature}{both}"
        self._write("#card-words", self._known(book, feature, facts))
        self._show_pictures(*book.pictures[feature], of_parts=book.kind != "canvas")
        histogram = self.query_one("#histogram", Histogram)
        histogram.set_class(not facts.counts, "-empty")
        histogram.show(facts)
        if tops:
            self._show_tops(book, feature, facts)
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
        self._detail()

    def _known(self, book: Book, feature: int, facts: Facts) -> Text:
        """The label, and figures."""
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

    def _show_pictures(self, adds: Picture, takes: Picture | None, of_parts: bool) -> None:
        self.query_one("#adds", Canvas).show(adds)
        self.query_one("#takes", Canvas).show(takes)
        self.query_one("#takes-box").display = takes is not None
        alone = "light: adds, dark: takes away" if of_parts else "light that it adds; grey is none"
        self._write("#adds-words", "adds" if takes is not None else alone)

    @property
    def _roomy(self) -> bool:
        """Whether the atom is drawn larger than a thumbnail."""
        return self.query_one("#adds", Canvas).extent[0] > THUMBNAIL

    def _detail(self) -> None:
        """The atom on the whole canvas, where there is room for it, when no other key follows."""
        book, feature = self.book, self.feature
        if book is not None and book.drawn and self._roomy:
            self.detailing.ask(partial(_after, PAUSE, lambda: (book, feature, *book.picture(feature))))

    def _detailed(self, detail: Detail | None) -> None:
        if detail is None:
            return
        book, feature, adds, takes = detail
        if book is self.book and feature == self.feature and self._roomy:
            self._show_pictures(adds, takes, of_parts=book.kind != "canvas")

    def _show_tops(self, book: Book, feature: int, facts: Facts) -> None:
        if book.kind == "canvas":
            self._topped((book, feature, self._top_tiles(book, feature, facts)))
        else:  # regions are looked for
            self.topping.ask(lambda: iter([(book, feature, self._top_tiles(book, feature, facts))]))

    def _top_tiles(self, book: Book, feature: int, facts: Facts) -> list[Tile]:
        title = self.flagsae.collection.title
        return [
            Tile(flag, book.top_picture(feature, flag), title(flag), f"{strength:.2f}") for flag, strength in facts.top
        ]

    def _topped(self, found: Tops) -> None:
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
        """The card alone, or all panes."""
        self.set_class(large, "-card")
        self.set_focus(self.query_one("#tops" if large else "#atoms"))
        self.call_after_refresh(self._detail)

    # Steering.

    @property
    def amounts(self) -> dict[int, float]:
        """The features of the chosen flag that are changed."""
        return self.steering.of(self.flagsae.flag, len(self.flagsae.workspace.model))

    @property
    def amount(self) -> float:
        """The activation that the chosen feature has in the steered flag."""
        app = self.flagsae
        return self.amounts.get(app.feature, float(app.workspace.codes[app.flag, app.feature]))

    def _steer(self) -> None:
        """Shows the steered flag as it is now."""
        app = self.flagsae
        if self.book is None or self.book.kind != "canvas" or not self.book.drawn:
            return
        workspace, flag, amounts = app.workspace, app.flag, self.amounts
        self._show_amount(reach(workspace, app.feature))
        if self.steered is not None and self.steered.is_of(workspace, flag, amounts):
            self._say()  # the feature alone is another
        else:
            self.turning.ask(lambda: iter([steer(workspace, flag, amounts)]))

    def _show_amount(self, reach: Reach) -> None:
        app = self.flagsae
        own = float(app.workspace.codes[app.flag, app.feature])
        slider = self.query_one("#amount", Slider)
        slider.high = reach.high
        times = f"{self.amount / reach.usual:.1f} × usual" if self.amount else "off"
        was = f", was {own:.2f}" if app.feature in self.amounts else ""
        slider.set(self.amount, f"f{app.feature}: {times}{was}", (app.flag, app.feature))
        self.query_one("#steer").border_title = plain(f"steer {app.collection.title(app.flag)}")

    def _turned(self, steered: Steered) -> None:
        app = self.flagsae
        if not steered.is_of(app.workspace, app.flag, self.amounts):
            return
        self.steered = steered
        self.query_one("#rebuilt", Canvas).show(steered.before)
        self.query_one("#steered", Canvas).show(steered.after)
        self.query_one("#changed", Canvas).show(spotlight(steered.after, steered.changed) if steered.amounts else None)
        self._say()
        self.looking.ask(partial(_after, PAUSE, partial(look, steered)))

    def _looked(self, seen: Seen | None) -> None:
        if seen is not None and seen.steered is self.steered:
            self.seen = seen
            self._say()

    def _say(self) -> None:
        """What has been changed, by how much, and what is seen in it now."""
        app, steered = self.flagsae, self.steered
        if steered is None or steered.workspace is not app.workspace:
            return
        title, own = app.collection.title(steered.flag), steered.workspace.codes[steered.flag]
        changes = ", ".join(f"f{one} {own[one]:.2f} → {amount:.2f}" for one, amount in steered.amounts.items())
        self._write("#rebuilt-words", f"{title}, rebuilt")
        self._write("#steered-words", changes or "steered")
        if steered.amounts:
            share = percent(float(steered.changed.mean()))
            count = f"{int(steered.changed.sum()):,} of {steered.changed.size:,} pixels changed, {share}"
            first = count if self.size.width >= NARROW else f"{share} changed"
        elif own[app.feature] > 0:
            first = f"x takes f{app.feature} out, - turns it down, + up"
        else:
            first = f"f{app.feature} is not in this flag: + turns it up"
        if self.seen is None or self.seen.steered is not steered:
            self._write("#steer-words", f"{first}\nseen: …")
            return
        near = ", ".join(f"{app.collection.title(flag)} {alike:.2f}" for flag, alike in self.seen.near)
        self._write("#steer-words", f"{first} · near {near}\nseen: {self.seen.words}")

    def _write(self, where: str, words: str | Text) -> None:
        """Words in a place that does not grow with them."""
        self.query_one(where, Static).update(Text(words) if isinstance(words, str) else words, layout=False)

    def _turn(self, amount: float | None) -> None:
        """Another activation of the chosen feature in the chosen flag; None: its own."""
        app = self.flagsae
        if amount is None:
            self.steering.reset(app.flag, app.feature)
        else:
            self.steering.set(app.flag, app.feature, amount)
        self._steer()

    def _can_steer(self) -> bool:
        if self.book is None or not self.book.drawn:
            return False
        if self.book.kind != "canvas":
            self.notify("features of parts can't be steered: k goes on to those of whole flags")
            return False
        return True

    @on(Slider.Changed, "#amount")
    def slid(self, event: Slider.Changed) -> None:
        if event.of == (self.flagsae.flag, self.flagsae.feature):
            self._turn(event.value)

    def action_steer(self, steps: int) -> None:
        if self._can_steer():
            self._turn(reach(self.flagsae.workspace, self.flagsae.feature).turned(self.amount, steps))

    def action_ablate(self) -> None:
        """Off; once more: as it was."""
        if not self._can_steer():
            return
        app = self.flagsae
        if self.amount > 0:
            self._turn(0.0)
        elif app.feature in self.amounts:
            self._turn(None)
        else:
            self.notify(f"f{app.feature} is not in {app.collection.title(app.flag)}: + turns it up")

    def action_as_it_was(self, every: bool) -> None:
        if not self._can_steer():
            return
        app = self.flagsae
        if not self.steering.reset(app.flag, None if every else app.feature):
            self.notify("nothing is steered here")
        self._steer()

    def action_mix(self) -> None:
        """The steered flag as a sum."""
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
        if self.book is None or not self.book.drawn:
            return
        self.found = find(self.book, self.words)
        self._show_atoms()
        self.query_one("#atoms", Gallery).point(self.feature)
        self._choose_found()

    def _choose_found(self) -> None:
        """The first of those that were looked for, where the chosen feature is none of them."""
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
        """The next feature of the gallery, from wherever the focus is."""
        atoms = self.query_one("#atoms", Gallery)
        atoms.move(atoms.cursor + steps)

    def action_dictionary(self) -> None:
        kinds = list(KINDS)
        kind = kinds[(kinds.index(self.book.kind if self.book is not None else kinds[0]) + 1) % len(kinds)]
        collection = self.flagsae.collection
        self.set_class(kind != "canvas", "-parts")
        self.found = []
        if kind == "canvas":
            self._open(CanvasBook(self.flagsae.workspace))
        else:
            self._open(self.parts.setdefault(kind, PartBook(collection, kind)))

    def action_back(self) -> None:
        """One thing at a time: a zoomed pane, the large card, what was looked for."""
        if self.maximized is not None:
            self.minimize()
        elif self.has_class("-card"):
            self._enlarge(False)
        elif self.words:
            self._find_all()
        self.set_focus(self.query_one("#atoms"))

    def _find_all(self) -> None:
        """All features again."""
        field = self.query_one("#find-features", TextField)
        with field.prevent(Input.Changed):
            field.value = ""
        field.display = False
        self.words = ""
        if self.book is not None:
            self.found = find(self.book, "")
            self._show_atoms()


def _after(seconds: float, work: Callable[[], Result]) -> Iterator[Result | None]:
    """In a thread: waits, for something newer may be asked for meanwhile, and then works."""
    sleep(seconds)
    yield None
    yield work()


def _learned(book: Book) -> Book:
    book.learn()
    return book


def _line(number: int, listed: Listed) -> Line:
    return Line(number if listed.feature is None else listed.feature, listed.name, listed.value, listed.words)
