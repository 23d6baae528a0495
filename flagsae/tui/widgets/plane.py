"""The map's plane: flags as dots at a low zoom, as pictures at a higher one, and with names where there is room."""

from __future__ import annotations

from asyncio import sleep
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import monotonic

import numpy as np
from numpy.typing import NDArray
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from flagsae.sae.embedding import Floats
from flagsae.tui.bindings import bindings
from flagsae.tui.state.map_picture import INKS, MapPicture, main_colours, rgb
from flagsae.tui.state.mapping import STEP, WAYS, WIDTHS, MapPlan, inside, plan
from flagsae.visual.terminal import chosen
from flagsae.visual.terminal.fitting import Cells
from flagsae.visual.terminal.mosaic import code_points
from flagsae.workspace.collection import Picture

NEAREST = 16  # the highest zoom, in steps from the whole map
TRAVEL = 0.4  # seconds in which flags move to their places on another map
FRAMES = 20  # a second, while they move
PAN = 0.25  # how far one key press moves the map, as a share of the visible part
CLICK = 1  # cells that the mouse may move between press and release of a click


class Plane(Widget, can_focus=True):
    """Flags on a plane. One is at the cursor, any number are marked. The last line says what is under the mouse.

    Flags are given by position, N of them. A square is a column wide and half a line high.
    """

    scope = "plane"
    BINDINGS = bindings("plane")
    COMPONENT_CLASSES = {f"plane--{name}" for name in INKS}
    DEFAULT_CSS = """
    Plane { height: 1fr; width: 1fr; }
    Plane > .plane--name { color: $foreground; }
    Plane > .plane--faint { color: $ink-faint; }
    Plane > .plane--words { color: $ink-muted; }
    Plane > .plane--line { color: $secondary; }
    Plane > .plane--near { color: $background; background: $secondary; text-style: bold; }
    Plane > .plane--hover { color: $background; background: $foreground; text-style: bold; }
    Plane > .plane--cursor { color: $background; background: $accent; text-style: bold; }
    Plane > .plane--mark { color: $background; background: $success; text-style: bold; }
    Plane > .plane--lasso { color: $success; text-style: bold; }
    """

    @dataclass
    class Highlighted(Message):
        """The user has moved the cursor to a flag."""

        plane: Plane
        flag: int

        @property
        def control(self) -> Plane:
            return self.plane

    class Chosen(Highlighted):
        """The user has pressed enter at a flag, or has double-clicked it."""

    @dataclass
    class Hovered(Message):
        """The mouse has moved to a flag, or away from all."""

        plane: Plane
        flag: int | None

        @property
        def control(self) -> Plane:
            return self.plane

    @dataclass
    class Marked(Message):
        """Other flags are marked than before."""

        plane: Plane
        by_lasso: int | None = None  # how many flags were in the lasso; None if they were marked in another way

        @property
        def control(self) -> Plane:
            return self.plane

    def __init__(
        self,
        tile: Callable[[int, int, int], Picture],
        nearest: Callable[[int], Sequence[int]],
        *,
        cells: Callable[[int, int, int], Cells] | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """tile: (flag, columns, lines) -> its picture, 2 lines x columns x 3; nearest: the flags to which lines lead
        from a flag; cells: as tile, the cells fitted to the picture, where these are drawn."""
        super().__init__(id=id, classes=classes)
        self.tile, self.nearest, self.cells = tile, nearest, cells
        self.titles: Sequence[str] = ()  # N
        self.points: Floats | None = None  # x, y as shares of the whole map: N x 2; None until `show`
        self.waiting = ""  # what to say until there are points
        self.cursor = 0  # a flag
        self.hovered: int | None = None  # the flag under the mouse
        self.marked: set[int] = set()  # flags
        self.near: Sequence[int] = ()  # the flags nearest to the cursor's, by `nearest`
        self.strength: NDArray[np.floating] | None = None  # of a feature that colours flags, from 0 to 1: N
        self.named = True  # whether names are shown where there is room
        self.level = 0  # of zoom: 0 is the whole map
        self.middle = np.array([0.5, 0.5])  # of the visible part, as shares of the whole map
        self._plans: dict[tuple[int, int, int], MapPlan] = {}  # (level, columns, lines) -> plan
        self._scene: MapPicture | None = None  # as it was drawn last
        self._strips: list[Strip] = []  # as they were drawn last
        self._colours: tuple[object, NDArray[np.int64]] | None = None  # what dots' colours depend on, and the colours
        self._repaint_asked = False  # whether a repaint is scheduled
        self._path: list[tuple[int, int]] = []  # the cells of a lasso that is being drawn
        self._drag: tuple[int, int, Floats] | None = None  # the cell where a drag began, and `middle` at that time
        self._travel_from: tuple[float, Floats] | None = None  # when flags began to move, and where, in squares

    # The flags.

    def show(self, points: Floats, titles: Sequence[str]) -> None:
        """Shows flags at other points. Flags that are visible already move there."""
        self.titles, self.points = titles, points
        self._start_travel()

    def wait(self, words: str) -> None:
        """Says something in the middle until there are points."""
        self.waiting = words
        self.changed()

    def weigh(self, strength: NDArray[np.floating] | None) -> None:
        """Colours flags by the strength of a feature, from 0 to 1: N. None: flags have their own colours again."""
        if strength is None and self.strength is None:
            return
        self.strength = strength
        self._start_travel()

    def show_names(self, named: bool) -> None:
        """Whether names are shown where there is room."""
        self.named = named
        self._plans.clear()
        self.changed()

    def point(self, flag: int) -> None:
        """Moves the cursor to a flag, without a message."""
        before, near = (self.cursor, self.near), self.nearest(flag)
        self.cursor, self.near = flag, near
        if flag != before[0]:
            self._show_cursor()
        if (flag, near) != before:
            self.changed()

    def mark(self, flags: Iterable[int]) -> None:
        """Marks these flags, and no others."""
        self.marked = set(flags)
        self.changed()
        self.post_message(self.Marked(self))

    # Where the flags are.

    @property
    def letters(self) -> bool:
        """Whether pictures are drawn in letters, because the terminal has no colour."""
        return getattr(self.app, "depth", "truecolor") == "none"

    @property
    def fitted(self) -> bool:
        """Whether pictures are drawn in fitted cells."""
        few = getattr(self.app, "depth", "truecolor") in ("16", "none")
        return self.cells is not None and not few and chosen.kind() != "half"

    @property
    def extent(self) -> tuple[int, int]:
        """Columns and lines of the visible part: all of the widget but its last line, which is for captions."""
        return max(1, self.size.width), max(1, self.size.height - 1)

    @property
    def plan(self) -> MapPlan:
        """Where the flags are at the current zoom."""
        assert self.points is not None
        key = (self.level, *self.extent)
        if key not in self._plans:
            if len(self._plans) > 2 * NEAREST:
                self._plans.clear()
            self._plans[key] = plan(
                self.points,
                self.extent,
                STEP**self.level,
                [code_points(title).shape[1] for title in self.titles],
                named=self.named,
                letters=self.letters,
                whole=self.fitted,
                strength=self.strength,
            )
        return self._plans[key]

    def _corner(self, layout: MapPlan) -> tuple[int, int]:
        """The cell of the whole map, as column and line, that is in the upper left corner of the visible part."""
        columns, lines = self.extent
        whole = np.array([layout.columns, layout.lines])
        left, top = np.round(self.middle * whole - np.array([columns, lines]) / 2).astype(int).tolist()
        return max(0, min(left, layout.columns - columns)), max(0, min(top, layout.lines - lines))

    def _look_from(self, left: float, top: float) -> None:
        """Moves the visible part so that its upper left corner is at a cell, or as near to it as the map allows."""
        layout, size = self.plan, np.array(self.extent)
        whole = np.array([layout.columns, layout.lines])
        self.middle = (np.clip([left, top], 0, np.maximum(0, whole - size)) + size / 2) / whole

    def _show_cursor(self) -> None:
        """Moves the visible part as little as it needs to show the cursor's flag."""
        if self.points is None or not self.size:
            return
        layout, size = self.plan, np.array(self.extent)
        middle = layout.middles[self.cursor] / (1, 2)  # in cells
        room = np.minimum([layout.look.width + 2, layout.look.lines + 2], (size - 1) // 2)
        corner = np.array(self._corner(layout))
        self._look_from(*np.clip(corner, middle + room - size, middle - room).tolist())

    def place_of(self, flag: int) -> tuple[int, int] | None:
        """A cell of the widget, as x and y, that shows a flag; None if it is not visible."""
        if self._scene is None:
            return None
        found = np.argwhere(self._scene.owners == flag)
        return None if not len(found) else (int(found[len(found) // 2][1]), int(found[len(found) // 2][0]))

    def flag_at(self, x: int, y: int) -> int | None:
        """The flag that a cell of the widget shows, or None."""
        if self._scene is None or not (0 <= x < self.size.width and 0 <= y < len(self._scene.owners)):
            return None
        owner = int(self._scene.owners[y, x])
        return owner if owner >= 0 else None

    # Drawing.

    def changed(self) -> None:
        """Merges changes into one repaint, a moment later."""
        if not self._repaint_asked:
            self._repaint_asked = True
            self.call_later(self._repaint)

    def _repaint(self) -> None:
        """Draws everything, but repaints only the lines that have changed."""
        self._repaint_asked = False
        if not self.size.width or not self.size.height:
            return
        before, self._strips = self._strips, self._paint()
        if len(before) != len(self._strips):
            self.refresh()
            return
        changed = [y for y, (one, other) in enumerate(zip(before, self._strips, strict=True)) if one != other]
        if changed:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))

    def _paint(self) -> list[Strip]:
        base = self.rich_style
        inks = [base + self.get_component_rich_style(f"plane--{name}", partial=True) for name in INKS]
        width, height = self.size
        layout = self.plan if self.points is not None else None
        places = np.zeros((0, 2))  # left, top of each flag on the screen
        if layout is not None:
            left, top = self._corner(layout)
            places = np.stack([layout.left - left, layout.top - 2 * top], 1).astype(float)
        if layout is not None and self._travel_from is not None:
            began, before = self._travel_from
            share = min(1.0, (monotonic() - began) / TRAVEL)
            share *= share * (3 - 2 * share)  # smoothstep: slow at both ends
            places = np.round(before + share * (places - before))
        paper = rgb(base.bgcolor, (0, 0, 0) if self.app.current_theme.dark else (255, 255, 255))
        if layout is not None and not self.letters:
            on = (paper, rgb(inks[0].color), len(self.titles))
            if self._colours is None or self._colours[0] != on:
                tiles = [self.tile(flag, WIDTHS[0], WIDTHS[0] // 3) for flag in range(len(self.titles))]
                self._colours = on, main_colours(tiles, *on[:2])
        self._scene = MapPicture(
            columns=width,
            rows=height,
            plan=layout,
            places=places,
            titles=self.titles,
            tile=self.tile,
            colours=self._colours[1] if self._colours is not None else np.zeros(0, np.int64),
            paper=paper,
            inks=inks,
            cursor=self.cursor,
            hovered=self.hovered,
            near=self.near,
            marked=self.marked,
            strength=self.strength,
            path=self._path,
            letters=self.letters,
            charset=getattr(self.app, "charset", "braille"),
            cells=self.cells if self.fitted else None,
            captions=(*self._captions(layout), self.waiting),
        )
        return [Strip(line).apply_style(base).adjust_cell_length(width, base) for line in self._scene.segments()]

    def _captions(self, layout: MapPlan | None) -> tuple[str, str]:
        """The two texts below the map: the flag under the mouse, or else the cursor's; and how many are marked or
        hidden, with the zoom."""
        if layout is None:
            return "", ""
        flag = self.cursor if self.hovered is None else self.hovered
        name = self.titles[flag]
        if self.strength is not None:
            name += f"  {100 * self.strength[flag]:.0f} %"
        facts = [f"{len(self.marked)} marked"] * bool(self.marked)
        facts += [f"{layout.lost} lie below others"] * bool(layout.lost)
        facts.append(f"×{STEP**self.level:.1f}")
        return name, " · ".join(facts)

    def render_line(self, y: int) -> Strip:
        if len(self._strips) != self.size.height or self._strips[0].cell_length != self.size.width:
            self._strips = self._paint()
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self.rich_style)

    def on_resize(self) -> None:
        self._travel_from = None
        self.changed()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips = []
        self.refresh()

    # Moving to other places.

    def _start_travel(self) -> None:
        """Starts to move the flags from where they are on the screen to their new places."""
        self._plans.clear()
        self.changed()
        scene = self._scene
        if scene is None or scene.plan is None or self.app.animation_level == "none":
            return
        if self.points is not None and len(scene.places) == len(self.points):
            self._travel_from = (monotonic(), scene.places)
            # A worker, not a timer: who waits for all workers, as tests do, finds the flags at their places then.
            # It gets the function, not a coroutine: if it is cancelled before it starts, a coroutine would never run,
            # for which Python prints a warning.
            self.run_worker(self._travel, group="travel", exclusive=True)  # type: ignore[arg-type]

    async def _travel(self) -> None:
        while self._travel_from is not None and monotonic() - self._travel_from[0] < TRAVEL:
            await sleep(1 / FRAMES)
            self.changed()
        self._travel_from = None
        self.changed()

    # What the user does.

    def move(self, flag: int) -> None:
        """Moves the cursor to a flag."""
        self.cursor, self.near = flag, self.nearest(flag)
        self._show_cursor()
        self.changed()
        self.post_message(self.Highlighted(self, flag))

    def action_move(self, columns: int, lines: int) -> None:
        """Moves the cursor to the next flag in a direction, one of `WAYS`."""
        if self.points is not None:
            way = WAYS.tolist().index([columns, lines])
            self.move(int(self.plan.links[self.cursor, way]))

    def action_pan(self, columns: int, lines: int) -> None:
        if self.points is not None:
            left, top = self._corner(self.plan)
            across, down = self.extent
            self._look_from(left + columns * max(1, round(PAN * across)), top + lines * max(1, round(PAN * down)))
            self.changed()

    def action_zoom_in(self, steps: int) -> None:
        """Zooms in, or out if `steps` is below 0; the cursor's flag stays where it is, if it is visible."""
        if self.points is not None:
            self._zoom(self.level + steps, None)

    def action_whole(self) -> None:
        if self.points is not None:
            self.level = 0
            self.changed()

    def _zoom(self, level: int, pointer: tuple[int, int] | None) -> None:
        """Changes the zoom around a fixed point: the flag under the mouse, or else the mouse; without a mouse the
        cursor's flag, which is put in the middle if it is not visible. Once all flags are pictures of the largest size,
        it zooms in no further.

        pointer: the cell under the mouse; None for the cursor.
        """
        layout = self.plan
        done = layout.look.width == WIDTHS[-1] and layout.pictured.all()
        level = max(0, min(level, self.level if done and level > self.level else NEAREST))
        if level == self.level:
            return
        corner, size = np.array(self._corner(layout)), np.array(self.extent)
        flag: int | None = self.cursor
        if pointer is not None:
            flag = self.flag_at(*pointer)
            fixed = np.array(pointer, float)  # the cell of the widget at which the fixed point stays
        if flag is not None:
            fixed = layout.middles[flag] / (1, 2) - corner
            if ((fixed < 0) | (fixed >= size)).any():
                fixed = size / 2
        share = (corner + fixed) / (layout.columns, layout.lines)
        self.level = level
        layout = self.plan
        target = share * (layout.columns, layout.lines) if flag is None else layout.middles[flag] / (1, 2)
        self._look_from(*(target - fixed).tolist())
        self.changed()

    def action_mark(self) -> None:
        """Marks the cursor's flag, or removes its mark."""
        self.mark(self.marked ^ {self.cursor})

    def action_choose(self) -> None:
        self.post_message(self.Chosen(self, self.cursor))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._scrolled(event, 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._scrolled(event, -1)

    def _scrolled(self, event: events.MouseEvent, steps: int) -> None:
        event.stop()
        event.prevent_default()
        if self.points is not None:
            x, y = event.get_content_offset_capture(self)
            self._zoom(self.level + steps, (x, y))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        x, y = event.get_content_offset_capture(self)
        if self.points is None:
            return
        if event.button == 1:
            self._path = [(x, y)]
        else:
            self._drag = (x, y, self.middle)
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        x, y = event.get_content_offset_capture(self)
        if self._path:
            if (x, y) != self._path[-1]:
                self._path.append((x, y))
                self.changed()
        elif self._drag is not None:
            from_x, from_y, self.middle = self._drag
            left, top = self._corner(self.plan)
            self._look_from(left + from_x - x, top + from_y - y)
            self.changed()
        else:
            self._hover(self.flag_at(x, y))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        self.release_mouse()
        path, self._path, self._drag = self._path, [], None
        if not path:
            return
        moved = np.abs(np.array(path) - path[0]).max()  # cells
        if moved > CLICK:
            self._lasso(path)
        elif (flag := self.flag_at(*path[0])) is not None:
            self.move(flag)

    def on_click(self, event: events.Click) -> None:
        x, y = event.get_content_offset_capture(self)
        if event.chain > 1 and self.flag_at(x, y) == self.cursor:
            self.action_choose()

    def on_leave(self, event: events.Leave) -> None:
        self._hover(None)

    def _hover(self, flag: int | None) -> None:
        if flag != self.hovered:
            self.hovered = flag
            self.changed()
            self.post_message(self.Hovered(self, flag))

    def _lasso(self, path: Sequence[tuple[int, int]]) -> None:
        """Marks the flags inside a path of cells, in addition to those that are marked already."""
        layout = self.plan
        corner = np.array(self._corner(layout)) * (1, 2)
        found = inside(layout.middles - corner, (np.array(path) + 0.5) * (1, 2))  # from the middle of each cell
        self.marked |= set(np.flatnonzero(found).tolist())
        self.changed()
        self.post_message(self.Marked(self, int(found.sum())))
