"""The map's plane: flags as dots from afar, as small pictures nearer, with their names nearer still."""

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
from flagsae.visual.terminal.mosaic import code_points
from flagsae.workspace.workspace import Picture

NEAREST = 16  # steps of zoom, at most
TRAVEL = 0.4  # seconds that flags take to their places on another map
FRAMES = 20  # a second, meanwhile
PAN = 0.25  # of what is seen, by one key
CLICK = 1  # cells that the mouse may move in a click


class Plane(Widget, can_focus=True):
    """Flags on a plane, one of them the cursor, some of them marked. Its last line says what is under the mouse.

    tile: a flag's picture in so many columns and lines, 2 lines x columns x 3; nearest: the flags to which lines lead
    from a flag.
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
        """Enter, or a second click."""

    @dataclass
    class Hovered(Message):
        """The mouse has come to a flag, or left it for none."""

        plane: Plane
        flag: int | None

        @property
        def control(self) -> Plane:
            return self.plane

    @dataclass
    class Marked(Message):
        """Other flags are marked. by_lasso: how many flags a lasso held, if it was one."""

        plane: Plane
        by_lasso: int | None = None

        @property
        def control(self) -> Plane:
            return self.plane

    def __init__(
        self,
        tile: Callable[[int, int, int], Picture],
        nearest: Callable[[int], Sequence[int]],
        *,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.tile, self.nearest = tile, nearest
        self.titles: Sequence[str] = ()
        self.points: Floats | None = None  # shares of the whole map, N x 2
        self.waiting = ""  # what is said until there are points
        self.cursor = 0
        self.hovered: int | None = None
        self.marked: set[int] = set()
        self.near: Sequence[int] = ()  # the nearest to the cursor
        self.strength: NDArray[np.floating] | None = None  # by which flags are coloured, N, from 0 to 1
        self.named = True
        self.level = 0  # of zoom: 0 is the whole map
        self.middle = np.array([0.5, 0.5])  # of what is seen, in shares of the map
        self._plans: dict[tuple[int, int, int], MapPlan] = {}
        self._scene: MapPicture | None = None
        self._strips: list[Strip] = []
        self._colours: tuple[object, NDArray[np.int64]] | None = None  # of dots, and what they are seen on
        self._asked = False
        self._path: list[tuple[int, int]] = []  # of a lasso, in cells
        self._grip: tuple[int, int, Floats] | None = None  # where the map was taken hold of, and its middle then
        self._left: tuple[float, Floats] | None = None  # when flags set out, and from where: squares of the screen

    # What is on it.

    def show(self, points: Floats, titles: Sequence[str]) -> None:
        """Flags at other places, to which they travel where they had some."""
        self.titles, self.points = titles, points
        self._set_out()

    def wait(self, words: str) -> None:
        self.waiting = words
        self.changed()

    def weigh(self, strength: NDArray[np.floating] | None) -> None:
        """Colours flags by a strength from 0 to 1, N; None: as they are."""
        if strength is None and self.strength is None:
            return
        self.strength = strength
        self._set_out()

    def show_names(self, named: bool) -> None:
        """Whether names are shown where there is room."""
        self.named = named
        self._plans.clear()
        self.changed()

    def point(self, flag: int) -> None:
        """Puts the cursor on a flag, and tells nobody."""
        before, near = (self.cursor, self.near), self.nearest(flag)
        self.cursor, self.near = flag, near
        if flag != before[0]:
            self._keep_seen()
        if (flag, near) != before:
            self.changed()

    def mark(self, flags: Iterable[int]) -> None:
        """These flags are marked, and no others."""
        self.marked = set(flags)
        self.changed()
        self.post_message(self.Marked(self))

    # Where things are.

    @property
    def letters(self) -> bool:
        return getattr(self.app, "depth", "truecolor") == "none"

    @property
    def extent(self) -> tuple[int, int]:
        """Columns and lines of the map on the screen: the last line is words."""
        return max(1, self.size.width), max(1, self.size.height - 1)

    @property
    def plan(self) -> MapPlan:
        """Where flags are at this zoom."""
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
                strength=self.strength,
            )
        return self._plans[key]

    def _corner(self, at: MapPlan) -> tuple[int, int]:
        """The cell of the whole map that is seen in the upper left corner."""
        columns, lines = self.extent
        left, top = np.round(self.middle * (at.columns, at.lines) - np.array([columns, lines]) / 2).astype(int).tolist()
        return max(0, min(left, at.columns - columns)), max(0, min(top, at.lines - lines))

    def _look_from(self, left: float, top: float) -> None:
        """Moves what is seen to a corner, in cells, as far as the map goes."""
        at, size = self.plan, np.array(self.extent)
        whole = np.array([at.columns, at.lines])
        self.middle = (np.clip([left, top], 0, np.maximum(0, whole - size)) + size / 2) / whole

    def _keep_seen(self) -> None:
        """Moves what is seen, no further than need be, so that the cursor's flag is seen."""
        if self.points is None or not self.size:
            return
        at, size = self.plan, np.array(self.extent)
        middle = at.middles[self.cursor] / (1, 2)
        room = np.minimum([at.look.width + 2, at.look.lines + 2], (size - 1) // 2)
        corner = np.array(self._corner(at))
        self._look_from(*np.clip(corner, middle + room - size, middle - room).tolist())

    def place_of(self, flag: int) -> tuple[int, int] | None:
        """A cell of the widget, x and y, where a flag is; None where it is not seen."""
        if self._scene is None:
            return None
        found = np.argwhere(self._scene.owners == flag)
        return None if not len(found) else (int(found[len(found) // 2][1]), int(found[len(found) // 2][0]))

    def flag_at(self, x: int, y: int) -> int | None:
        """The flag at a cell of the widget."""
        if self._scene is None or not (0 <= x < self.size.width and 0 <= y < len(self._scene.owners)):
            return None
        owner = int(self._scene.owners[y, x])
        return owner if owner >= 0 else None

    # Drawing.

    def changed(self) -> None:
        """Merges changes into one repaint, a moment later."""
        if not self._asked:
            self._asked = True
            self.call_later(self._repaint)

    def _repaint(self) -> None:
        """Draws anew, and has the terminal told of the lines that are not as they were."""
        self._asked = False
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
        at = self.plan if self.points is not None else None
        places = np.zeros((0, 2))
        if at is not None:
            left, top = self._corner(at)
            places = np.stack([at.left - left, at.top - 2 * top], 1).astype(float)
        if at is not None and self._left is not None:
            began, before = self._left
            share = min(1.0, (monotonic() - began) / TRAVEL)
            share *= share * (3 - 2 * share)  # slowly at both ends
            places = np.round(before + share * (places - before))
        paper = rgb(base.bgcolor, (0, 0, 0) if self.app.current_theme.dark else (255, 255, 255))
        if at is not None and not self.letters:
            on = (paper, rgb(inks[0].color), len(self.titles))
            if self._colours is None or self._colours[0] != on:
                tiles = [self.tile(flag, WIDTHS[0], WIDTHS[0] // 3) for flag in range(len(self.titles))]
                self._colours = on, main_colours(tiles, *on[:2])
        self._scene = MapPicture(
            columns=width,
            rows=height,
            plan=at,
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
            captions=(*self._captions(at), self.waiting),
        )
        return [Strip(line).apply_style(base).adjust_cell_length(width, base) for line in self._scene.segments()]

    def _captions(self, at: MapPlan | None) -> tuple[str, str]:
        """The two texts below the map: the flag under the mouse, or else the cursor's; and how many are marked or
        hidden, with the zoom."""
        if at is None:
            return "", ""
        flag = self.cursor if self.hovered is None else self.hovered
        name = self.titles[flag]
        if self.strength is not None:
            name += f"  {100 * self.strength[flag]:.0f} %"
        facts = [f"{len(self.marked)} marked"] * bool(self.marked)
        facts += [f"{at.lost} lie below others"] * bool(at.lost)
        facts.append(f"×{STEP**self.level:.1f}")
        return name, " · ".join(facts)

    def render_line(self, y: int) -> Strip:
        if len(self._strips) != self.size.height or self._strips[0].cell_length != self.size.width:
            self._strips = self._paint()
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self.rich_style)

    def on_resize(self) -> None:
        self._left = None
        self.changed()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips = []
        self.refresh()

    # Travelling to other places.

    def _set_out(self) -> None:
        """Flags leave the places where they are seen for others."""
        self._plans.clear()
        self.changed()
        scene = self._scene
        if scene is None or scene.plan is None or self.app.animation_level == "none":
            return
        if self.points is not None and len(scene.places) == len(self.points):
            self._left = (monotonic(), scene.places)
            # A worker and no timer, so that whoever waits until all work is done sees flags at their places.
            # The function and no coroutine of it, as a worker may be called off before it begins.
            self.run_worker(self._travel, group="travel", exclusive=True)  # type: ignore[arg-type]

    async def _travel(self) -> None:
        while self._left is not None and monotonic() - self._left[0] < TRAVEL:
            await sleep(1 / FRAMES)
            self.changed()
        self._left = None
        self.changed()

    # What the user does.

    def move(self, flag: int) -> None:
        """The cursor goes to a flag."""
        self.cursor, self.near = flag, self.nearest(flag)
        self._keep_seen()
        self.changed()
        self.post_message(self.Highlighted(self, flag))

    def action_move(self, columns: int, lines: int) -> None:
        """To the next flag in a direction."""
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
        """Nearer or farther, about the cursor where it is seen."""
        if self.points is not None:
            self._zoom(self.level + steps, None)

    def action_whole(self) -> None:
        if self.points is not None:
            self.level = 0
            self.changed()

    def _zoom(self, level: int, pointer: tuple[int, int] | None) -> None:
        """Another zoom, at which the flag under the pointer, or the cursor's, is seen where it was."""
        at = self.plan
        done = at.look.width == WIDTHS[-1] and at.pictured.all()
        level = max(0, min(level, self.level if done and level > self.level else NEAREST))
        if level == self.level:
            return
        corner, size = np.array(self._corner(at)), np.array(self.extent)
        flag: int | None = self.cursor
        if pointer is not None:
            flag = self.flag_at(*pointer)
            seen = np.array(pointer, float)
        if flag is not None:
            seen = at.middles[flag] / (1, 2) - corner
            if ((seen < 0) | (seen >= size)).any():
                seen = size / 2
        share = (corner + seen) / (at.columns, at.lines)
        self.level = level
        at = self.plan
        there = share * (at.columns, at.lines) if flag is None else at.middles[flag] / (1, 2)
        self._look_from(*(there - seen).tolist())
        self.changed()

    def action_mark(self) -> None:
        """The cursor's flag is marked, or no longer."""
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
            self._grip = (x, y, self.middle)
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        x, y = event.get_content_offset_capture(self)
        if self._path:
            if (x, y) != self._path[-1]:
                self._path.append((x, y))
                self.changed()
        elif self._grip is not None:
            from_x, from_y, self.middle = self._grip
            left, top = self._corner(self.plan)
            self._look_from(left + from_x - x, top + from_y - y)
            self.changed()
        else:
            self._hover(self.flag_at(x, y))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        self.release_mouse()
        path, self._path, self._grip = self._path, [], None
        if not path:
            return
        away = np.abs(np.array(path) - path[0]).max()
        if away > CLICK:
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
        """Marks what a path of cells goes around, with what is marked already."""
        at = self.plan
        corner = np.array(self._corner(at)) * (1, 2)
        held = inside(at.middles - corner, (np.array(path) + 0.5) * (1, 2))
        self.marked |= set(np.flatnonzero(held).tolist())
        self.changed()
        self.post_message(self.Marked(self, int(held.sum())))
