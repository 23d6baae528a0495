"""Many small pictures in one widget: all flags, atoms, or the flags nearest to a sum.

The widget draws them line by line: two dozen widgets of one picture each would take three to eight times as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from flagsae.tui.bindings import bindings
from flagsae.tui.widgets.pixels import cells
from flagsae.workspace.collection import Picture

GAP = 2  # columns between tiles, where the frame of the highlighted one is drawn
MARK = "●"


@dataclass(frozen=True, eq=False)
class Tile:
    """A picture with its words."""

    key: int  # the owner's number for the tile: a flag's position, or a feature
    picture: Picture
    title: str  # the first line below the picture
    note: str = ""  # the second line, if the gallery has notes
    faint: bool = False  # whether the words are drawn in a paler ink


class Gallery(ScrollView, can_focus=True):
    """Tiles in rows. One is highlighted by the cursor, any number are marked."""

    scope = "gallery"
    BINDINGS = bindings("gallery")
    COMPONENT_CLASSES = {"gallery--title", "gallery--note", "gallery--faint", "gallery--cursor", "gallery--mark"}
    DEFAULT_CSS = """
    Gallery { height: 1fr; width: 1fr; overflow-x: hidden; }
    Gallery > .gallery--title { color: $foreground; }
    Gallery > .gallery--note { color: $ink-muted; }
    Gallery > .gallery--faint { color: $ink-faint; }
    Gallery > .gallery--cursor { color: $secondary; }
    Gallery:focus > .gallery--cursor { color: $accent; text-style: bold; }
    Gallery > .gallery--mark { color: $warning; }
    """

    cursor: reactive[int] = reactive(0, repaint=False)

    @dataclass
    class Highlighted(Message):
        """The user has moved the cursor to a tile, by a key or a click; or it was there already."""

        gallery: Gallery
        tile: Tile

        @property
        def control(self) -> Gallery:
            return self.gallery

    class Chosen(Highlighted):
        """The user has pressed enter on a tile, or has double-clicked it."""

    def __init__(
        self,
        width: int = 12,
        *,
        notes: bool = False,
        empty: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """width: columns of a picture; notes: whether tiles have a second line; empty: what to say without tiles."""
        super().__init__(id=id, classes=classes)
        self.tile_width = width
        self.notes = notes
        self.empty = empty
        self.tiles: Sequence[Tile] = ()
        self.marked: set[int] = set()  # keys of tiles
        # Tile -> lines of its picture, as long as there is the tile: it may be shown again.
        self._drawn: WeakKeyDictionary[Tile, list[list[Segment]]] = WeakKeyDictionary()
        self._drawn_for: tuple[int, int, Style | None] = 0, 0, None  # columns, lines, and the style of letters

    # The tiles.

    def show(self, tiles: Sequence[Tile], *, keep: bool = True) -> None:
        """Shows other tiles. keep: whether the cursor stays on the tile with the same key; without, and if there is no
        such tile, it goes to the first one."""
        key = self.tiles[self.cursor].key if keep and self.tiles else None
        self.tiles = tiles
        place = next((place for place, tile in enumerate(tiles) if tile.key == key), 0)
        self.set_reactive(Gallery.cursor, place)
        self._measure()
        if not keep:
            self.scroll_to(y=0, animate=False)
        self.refresh()

    def change(self, position: int, tile: Tile) -> None:
        """Replaces the tile at a position."""
        tiles = list(self.tiles)
        tiles[position] = tile
        self.tiles = tiles
        self._refresh_tile(position)

    def resize_tiles(self, width: int) -> None:
        self.tile_width = max(4, width)
        self._measure()
        self.refresh()

    def redraw(self) -> None:
        """Draws the pictures again, in other characters."""
        self._drawn.clear()
        self.refresh()

    def mark(self, keys: Iterable[int]) -> None:
        """Marks the tiles with these keys, and no others."""
        self.marked = set(keys)
        self.refresh()

    def point(self, key: int) -> None:
        """Moves the cursor to the tile with a key, if there is one, without a message."""
        for place, tile in enumerate(self.tiles):
            if tile.key == key:
                if place != self.cursor:
                    self.set_reactive(Gallery.cursor, place)
                    self.refresh()
                self.call_after_refresh(self._scroll_to_cursor)
                return

    @property
    def current(self) -> Tile | None:
        return self.tiles[self.cursor] if self.cursor < len(self.tiles) else None

    # Where the tiles are.

    @property
    def picture_lines(self) -> int:
        if not self.tiles:
            return max(1, round(self.tile_width / 3))
        height, width = self.tiles[0].picture.shape[:2]
        return max(1, round(self.tile_width * height / width / 2))

    @property
    def tile_lines(self) -> int:
        """Lines of a tile: of the picture, its words, and the empty line below."""
        return self.picture_lines + (2 if self.notes else 1) + 1

    @property
    def columns(self) -> int:
        """Tiles in a row."""
        return max(1, (self.scrollable_content_region.width - GAP // 2) // (self.tile_width + GAP))

    def _measure(self) -> None:
        rows = -(-len(self.tiles) // self.columns)
        self.virtual_size = Size(self.scrollable_content_region.width, max(0, rows * self.tile_lines - 1))

    @property
    def seen(self) -> Sequence[Tile]:
        """The tiles that are in view, some of them in part."""
        first = self.scroll_offset.y // self.tile_lines
        last = -(-(self.scroll_offset.y + self.size.height) // self.tile_lines)
        return self.tiles[first * self.columns : last * self.columns]

    def _region(self, position: int) -> Region:
        row, column = divmod(position, self.columns)
        wide = self.tile_width + GAP
        return Region(column * wide, row * self.tile_lines, wide, self.tile_lines - 1)

    def _refresh_tile(self, position: int) -> None:
        self.refresh(self._region(position).translate(-self.scroll_offset))

    def _position(self, x: int, y: int) -> int | None:
        """The position of the tile at a cell of the widget's content; None where there is none."""
        offset = self.scroll_offset
        column, row = (x + offset.x) // (self.tile_width + GAP), (y + offset.y) // self.tile_lines
        place = row * self.columns + column
        return place if 0 <= column < self.columns and 0 <= place < len(self.tiles) else None

    def on_resize(self) -> None:
        self._measure()
        self._scroll_to_cursor()

    def _scroll_to_cursor(self) -> None:
        if self.tiles and self.size.height:
            self.scroll_to_region(self._region(self.cursor), animate=False, force=True, y_axis=True, x_axis=False)

    # Drawing.

    def render_line(self, y: int) -> Strip:
        width, style = self.scrollable_content_region.width, self.rich_style
        if not self.tiles:
            text = self.empty if y == 0 else ""
            note = style + self.get_component_rich_style("gallery--note", partial=True)
            return Strip([Segment(text, note)]).adjust_cell_length(width, style)
        row, line = divmod(y + self.scroll_offset.y, self.tile_lines)
        first = row * self.columns
        segments: list[Segment] = []
        for position in range(first, min(first + self.columns, len(self.tiles))):
            segments += self._line(position, line, style)
        return Strip(segments).adjust_cell_length(width, style)

    def _line(self, position: int, line: int, style: Style) -> list[Segment]:
        """One line of a tile with half of the gap on either side, in which the highlighted tile has a frame."""
        tile = self.tiles[position]
        chosen = position == self.cursor
        left = right = Segment(" ", style)
        if chosen and line < self.tile_lines - 1:
            frame = style + self.get_component_rich_style("gallery--cursor", partial=True)
            left, right = Segment("▐", frame), Segment("▌", frame)
        if line < self.picture_lines:
            inner = self._picture(tile)[line]
        else:
            inner = self._words(tile, line - self.picture_lines, chosen, style)
        return [left, *inner, right]

    def _picture(self, tile: Tile) -> list[list[Segment]]:
        columns, lines = self.tile_width, self.picture_lines
        letters = self.rich_style if getattr(self.app, "depth", "truecolor") == "none" else None
        if self._drawn_for != (columns, lines, letters):
            self._drawn.clear()
            self._drawn_for = columns, lines, letters
        if tile not in self._drawn:
            self._drawn[tile] = cells(self, tile.picture, columns, lines)
        return self._drawn[tile]

    def _words(self, tile: Tile, line: int, chosen: bool, style: Style) -> list[Segment]:
        marked = line == 0 and tile.key in self.marked
        text = (tile.title, tile.note if self.notes else "", "")[line]
        room = self.tile_width - 2 * marked
        if cell_len(text) > room:
            text = set_cell_size(text, max(0, room - 1)) + "…"
        name = "faint" if tile.faint else "title" if line == 0 else "note"
        if chosen and line == 0:
            name = "cursor"
        ink = style + self.get_component_rich_style(f"gallery--{name}", partial=True)
        segments = [Segment(set_cell_size(text, room), ink)]
        if marked:
            segments.append(Segment(f" {MARK}", style + self.get_component_rich_style("gallery--mark", partial=True)))
        return segments

    # What the user does.

    def move(self, position: int) -> None:
        """Moves the cursor to a position, or to the nearest one that there is."""
        if not self.tiles:
            return
        position = max(0, min(len(self.tiles) - 1, position))
        if position != self.cursor:
            self._refresh_tile(self.cursor)
            self._refresh_tile(position)
            self.set_reactive(Gallery.cursor, position)
        self._scroll_to_cursor()
        self.post_message(self.Highlighted(self, self.tiles[position]))

    def action_move(self, columns: int, rows: int) -> None:
        self.move(self.cursor + columns + rows * self.columns)

    def action_page(self, pages: int) -> None:
        self.move(self.cursor + pages * self.columns * max(1, self.size.height // self.tile_lines))

    def action_end(self, last: bool) -> None:
        self.move(len(self.tiles) - 1 if last else 0)

    def action_choose(self) -> None:
        if self.current is not None:
            self.post_message(self.Chosen(self, self.current))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)  # None on the frame
        place = None if offset is None else self._position(*offset)
        if place is not None:
            again = place == self.cursor and event.chain > 1
            self.move(place)
            if again:
                self.action_choose()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        offset = event.get_content_offset(self)  # None on the frame
        place = None if offset is None else self._position(*offset)
        self.tooltip = None if place is None else self.tiles[place].title

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.refresh()
