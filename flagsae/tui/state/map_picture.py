"""Draws the visible part of a map: dots, pictures, names, the cursor, marks, lines to the nearest flags and a lasso."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from rich.cells import cell_len, set_cell_size
from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from flagsae.sae.embedding import Floats
from flagsae.tui.state.mapping import LONGEST, MapPlan
from flagsae.visual.terminal.blocks import letters_rows, packed, unpacked
from flagsae.visual.terminal.braille import Dots
from flagsae.visual.terminal.fitting import Cells
from flagsae.visual.terminal.mosaic import Mosaic, code_points
from flagsae.workspace.collection import Picture

# The styles that a map is drawn in, by name, and the position of each in this list.
INKS = ("name", "faint", "words", "line", "near", "hover", "cursor", "mark", "lasso")
NAME, FAINT, WORDS, LINE, NEAR, HOVER, CURSOR, MARK, LASSO = range(len(INKS))
# Charset -> the glyph of a flag in which the feature is off, is weak, is strong; and that of a marked flag.
GLYPHS = {"ascii": (".", "o", "@", "+")}
DEFAULT_GLYPHS = ("·", "•", "●", "✓")
STRONG = 0.5  # the strength, from 0 to 1, from which on a dot is drawn as strong
# Where a badge may stand, as (columns to the right, lines down) from its usual cell; the nearest first.
BADGE_OFFSETS = sorted(
    ((right, down) for right in range(-3, 4) for down in (-1, 0, 1)), key=lambda cell: abs(cell[0]) + 2 * abs(cell[1])
)
DIMMEST = 0.3  # how much of its own colour a picture keeps where the feature is off (by eye)

# The contrast of a dot with the background, as WCAG 2 defines it: the ratio of the luminances, FLARE added to each.
CONTRAST = 2.0  # at least
BLENDS = 11  # how many mixtures of a colour with the ink are tried for it
FLARE = 0.05
GAMMA = 2.2  # of sRGB, approximately
LUMINANCE = (0.2126, 0.7152, 0.0722)  # what red, green and blue contribute (ITU-R BT.709)


@dataclass(frozen=True, eq=False)
class MapPicture:
    """The visible part of a map; `segments` draws it. Flags are given by position, N of them. Places are in squares: a
    column wide, half a line high."""

    columns: int  # of the screen
    rows: int  # of the screen; the last one is for captions
    plan: MapPlan | None  # None until the flags have places
    places: Floats  # left, top of each flag on the screen: N x 2
    titles: Sequence[str]  # N
    tile: Callable[[int, int, int], Picture]  # (flag, columns, lines) -> its picture in that many cells
    colours: NDArray[np.int64]  # of dots, as red << 16 | green << 8 | blue: N
    paper: tuple[int, int, int]  # the colour of the background
    inks: Sequence[Style]  # a style for each name in `INKS`
    cursor: int  # a flag
    hovered: int | None  # the flag under the mouse
    near: Sequence[int]  # flags to which lines lead from the cursor's, the nearest first
    marked: set[int]  # flags
    strength: NDArray[np.floating] | None  # of a feature that colours flags, from 0 to 1: N; None: their own colours
    path: Sequence[tuple[int, int]]  # the cells of a lasso
    letters: bool  # whether pictures are drawn in letters: without colour
    charset: str  # "braille", "block" or "ascii"
    captions: tuple[str, str, str]  # in the last row on the left and on the right; in the middle if there is no plan
    cells: Callable[[int, int, int], Cells] | None = None  # as `tile`, the cells fitted to it; None: half blocks
    owners: NDArray[np.int64] = field(init=False)  # the flag at each cell, or -1, set by `segments`: rows - 1 x columns

    def __post_init__(self) -> None:
        object.__setattr__(self, "owners", np.full((max(1, self.rows - 1), self.columns), -1))

    def segments(self) -> list[list[Segment]]:
        if not self.columns:  # as on a terminal of one column
            return [[] for _ in range(self.rows)]
        mosaic = Mosaic(self.columns, self.rows)
        left, right, middle = self.captions
        if self.plan is None:
            mosaic.write((self.columns - cell_len(middle)) // 2, (self.rows - 1) // 2, middle, WORDS)
        else:
            visible = self._visible(self.plan)
            self._dots(mosaic, [flag for flag in visible if not self.plan.pictured[flag]])
            for flag in visible:
                if self.plan.pictured[flag]:
                    self._picture(mosaic, flag)
            self._lines(mosaic)
            for flag in self.marked:
                self._badge(mosaic, flag, self._glyphs[3], MARK, right=True)
            if self.hovered is not None and self.hovered != self.cursor:
                self._frame(mosaic, self.hovered, HOVER)
            self._frame(mosaic, self.cursor, CURSOR)
            x, y = self._place(self.cursor)
            taken = {(x + offset, y // 2) for offset in (-1, 0, 1)}  # the cursor's dot and its brackets
            for number, flag in enumerate(self.near, 1):
                self._badge(mosaic, flag, str(number), NEAR, taken=taken)
            self._lasso(mosaic)
        if self.rows > 1:
            mosaic.clear(self.rows - 1)
            mosaic.write(1, self.rows - 1, left, NAME)
            mosaic.write(self.columns - cell_len(right) - 1, self.rows - 1, right, WORDS)
        return mosaic.segments(self.inks)

    # Flags.

    @property
    def _glyphs(self) -> tuple[str, str, str, str]:
        return GLYPHS.get(self.charset, DEFAULT_GLYPHS)

    def _visible(self, plan: MapPlan) -> list[int]:
        """The flags that may be on the screen, in part at least."""
        wide, high = max(LONGEST + 2, plan.look.width + 2), 2 * plan.look.lines + 4
        x, y = self.places.T
        return np.flatnonzero((x > -wide) & (x < self.columns) & (y > -high) & (y < 2 * self.rows)).tolist()

    def _place(self, flag: int) -> tuple[int, int]:
        x, y = self.places[flag].tolist()
        return int(x), int(y)

    def _claim(self, left: int, top: int, right: int, bottom: int, flag: int) -> None:
        """Writes down that these cells show a flag, so that a click on them finds it."""
        self.owners[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = flag

    def _dots(self, mosaic: Mosaic, flags: Sequence[int]) -> None:
        for flag in flags:
            x, y = self._place(flag)
            mosaic.text(x, y // 2, code_points(self._dot(flag)), self._ink(flag))
            self._claim(x, y // 2, x + 1, y // 2 + 1, flag)

    def _dot(self, flag: int) -> str:
        """The glyph of a flag's dot: larger where the feature is stronger, if flags are coloured by a feature."""
        if self.strength is None:
            named = self.plan is not None and self.plan.pictured[flag]
            return self._glyphs[1 if self.letters and not named else 2]
        return self._glyphs[int(self.strength[flag] > 0) + int(self.strength[flag] >= STRONG)]

    def _ink(self, flag: int) -> int:
        """The colour of a flag's dot, as a kind of `Mosaic`: a colour, or -1 - the position of a style."""
        if self.strength is not None and self.strength[flag] <= 0:
            return -1 - FAINT
        if self.letters:
            return -1 - NAME
        if self.strength is None:
            return int(self.colours[flag])
        return self._between(self.inks[FAINT].color, self.inks[CURSOR].bgcolor, float(self.strength[flag]))

    def _between(self, one: Color | None, other: Color | None, share: float) -> int:
        """The colour at a share of the way from one to the other, as red << 16 | green << 8 | blue."""
        from_colour, to_colour = np.array(rgb(one, self.paper)), np.array(rgb(other, self.paper))
        return int(packed(np.round(from_colour + share * (to_colour - from_colour)).astype(np.uint8)))

    def _picture(self, mosaic: Mosaic, flag: int) -> None:
        assert self.plan is not None
        look = self.plan.look
        x, y = self._place(flag)
        if not look.width:
            mosaic.text(x, y // 2, code_points(self._dot(flag)), self._ink(flag))
            mosaic.write(x + 1, y // 2, self._name(flag), NAME)
            self._claim(x, y // 2, x + 1 + cell_len(self._name(flag)), y // 2 + 1, flag)
            return
        below = self._below(y)
        if self.letters:
            mosaic.text(x, y // 2, self._letters(flag), -1 - NAME)
        elif self.cells is not None and not y % 2:  # at half a line, as while it travels, a picture is in half blocks
            mosaic.cells(x, y // 2, self._cells(self.cells(flag, look.width, look.lines), flag))
        else:
            mosaic.picture(x, y, self._colours(flag))
        self._claim(x, y // 2, x + look.width, below, flag)
        if self.strength is not None:
            mosaic.text(x - 1, (y + 1) // 2, code_points(self._dot(flag)), self._ink(flag))
            self._claim(x - 1, (y + 1) // 2, x, (y + 1) // 2 + 1, flag)
        if look.named:
            name = self._name(flag)
            mosaic.write(x, below, name, WORDS)
            self._claim(x, below, x + cell_len(name), below + 1, flag)

    def _below(self, top: int) -> int:
        """The row under a picture. top: in squares."""
        assert self.plan is not None
        return (top + 2 * self.plan.look.lines + 1) // 2

    def _name(self, flag: int) -> str:
        name = self.titles[flag]
        return name if cell_len(name) <= LONGEST else set_cell_size(name, LONGEST - 1) + "…"

    def _colours(self, flag: int) -> NDArray[np.int64]:
        assert self.plan is not None
        return packed(self._dimmed(self.tile(flag, self.plan.look.width, self.plan.look.lines), flag))

    def _dimmed(self, picture: Picture, flag: int) -> Picture:
        """A picture as pale as a feature is weak, if flags are coloured by one. picture: ... x 3."""
        if self.strength is None:
            return picture
        share = DIMMEST + (1 - DIMMEST) * float(self.strength[flag])
        return np.round(share * picture + (1 - share) * np.array(self.paper)).astype(np.uint8)

    def _cells(self, cells: Cells, flag: int) -> Cells:
        if self.strength is None:
            return cells
        inks, grounds = (packed(self._dimmed(unpacked(one), flag)) for one in (cells.inks, cells.grounds))
        return Cells(cells.glyphs, inks, grounds)

    def _letters(self, flag: int) -> NDArray[np.uint32]:
        assert self.plan is not None
        picture = self.tile(flag, self.plan.look.width, self.plan.look.lines)
        lines = ["".join(segment.text for segment in line) for line in letters_rows(picture)]
        return np.concatenate([code_points(line) for line in lines])

    # The cursor, marks, lines and the lasso.

    def _middle(self, flag: int) -> tuple[float, float]:
        """The middle of a flag, in squares of the screen."""
        assert self.plan is not None
        x, y = self.places[flag] + self.plan.middles[flag] - (self.plan.left[flag], self.plan.top[flag])
        return float(x), float(y)

    def _lines(self, mosaic: Mosaic) -> None:
        """Lines from the cursor's flag to the nearest ones, in cells where nothing else is."""
        rows = len(self.owners)
        canvas = Dots(self.columns, rows, self.charset)
        x, y = self._middle(self.cursor)
        for flag in self.near:
            to_x, to_y = self._middle(flag)
            across, down = np.array([x, to_x]) / self.columns, np.array([y, to_y]) / (2 * rows)
            canvas.path(across, 1 - down)
        glyphs, kinds = canvas.cells()
        free = (kinds >= 0) & mosaic.blank[:rows]
        mosaic.glyphs[:rows][free], mosaic.kinds[:rows][free] = glyphs[free], -1 - LINE

    def _badge(
        self,
        mosaic: Mosaic,
        flag: int,
        letter: str,
        ink: int,
        right: bool = False,
        taken: set[tuple[int, int]] | None = None,
    ) -> None:
        """Writes a letter in a corner of a flag's picture, or over its dot.

        right: in the right corner, not in the left one; taken: cells that the letter may not cover, since another
        flag's letter is there: it moves to a free cell nearby, which is added to them.
        """
        assert self.plan is not None
        x, y = self._place(flag)
        pictured = self.plan.pictured[flag] and self.plan.look.width
        across = self.plan.look.width - 1 if right and pictured else 0
        x, y = x + across, (y + 1) // 2 if pictured else y // 2
        if taken is not None:
            free = ((x + right, y + down) for right, down in BADGE_OFFSETS if (x + right, y + down) not in taken)
            x, y = next(free, (x, y))
            taken.add((x, y))
        mosaic.write(x, y, letter, ink)

    def _frame(self, mosaic: Mosaic, flag: int, ink: int) -> None:
        """Highlights a flag in an ink: its picture by an outline, and its name on that colour; its dot on that colour,
        with brackets if it is the cursor's."""
        assert self.plan is not None
        look, (x, y) = self.plan.look, self._place(flag)
        if not self.plan.pictured[flag]:
            glyph = self._glyphs[3] if flag in self.marked else self._dot(flag)
            mosaic.write(x, y // 2, glyph, ink)
            if ink == CURSOR:
                mosaic.write(x - 1, y // 2, "[", ink)
                mosaic.write(x + 1, y // 2, "]", ink)
            return
        if not look.width:
            mosaic.write(x + 1, y // 2, self._name(flag), ink)
            return
        if self.letters:
            for row in range(y // 2, y // 2 + look.lines):
                mosaic.write(x - 1, row, "[" if ink == CURSOR else "(", ink)
                mosaic.write(x + look.width, row, "]" if ink == CURSOR else ")", ink)
        else:
            mosaic.outline(x, y, look.width, 2 * look.lines, int(packed(np.array(rgb(self.inks[ink].bgcolor)))))
        if self.strength is not None:
            mosaic.write(x - 1, (y + 1) // 2, self._dot(flag), ink)
        if look.named:
            name = self._name(flag)
            plate = f" {set_cell_size(name, max(look.width, cell_len(name)))} "
            mosaic.write(x - 1, self._below(y), plate, ink)

    def _lasso(self, mosaic: Mosaic) -> None:
        if len(self.path) < 2:
            return
        rows = len(self.owners)
        canvas = Dots(self.columns, rows, self.charset)
        corners = (np.array([*self.path, self.path[0]]) + 0.5) / (self.columns, rows)
        canvas.path(corners[:, 0], 1 - corners[:, 1])
        glyphs, kinds = canvas.cells()
        drawn = kinds >= 0
        mosaic.glyphs[:rows][drawn], mosaic.kinds[:rows][drawn] = glyphs[drawn], -1 - LASSO


def rgb(colour: Color | None, usual: tuple[int, int, int] = (128, 128, 128)) -> tuple[int, int, int]:
    """A style's colour as red, green and blue; `usual` where the style has none, or the terminal's default."""
    if colour is None or colour.is_default:
        return usual
    red, green, blue = colour.get_truecolor()
    return red, green, blue


def main_colours(
    pictures: Sequence[Picture], paper: tuple[int, int, int], ink: tuple[int, int, int]
) -> NDArray[np.int64]:
    """The most frequent colour of each picture, as red << 16 | green << 8 | blue: N. Each is mixed with as much of the
    ink as it needs for `CONTRAST` with the paper."""
    shares = np.linspace(0, 1, BLENDS)[:, None]
    out = []
    for picture in pictures:
        colours, counts = np.unique(packed(picture), return_counts=True)
        most = int(colours[counts.argmax()]) >> np.array([16, 8, 0]) & 255
        nearer = (1 - shares) * most + shares * np.array(ink)
        own, below = _luminance(nearer), _luminance(paper)
        contrast = (np.maximum(own, below) + FLARE) / (np.minimum(own, below) + FLARE)
        enough = contrast >= CONTRAST
        out.append(packed(np.round(nearer[int(enough.argmax()) if enough.any() else -1]).astype(np.uint8)))
    return np.array(out, np.int64)


def _luminance(colours: ArrayLike) -> NDArray[np.float64]:
    """Relative luminance of sRGB colours, approximately, from 0 to 1. ... x 3 -> ..."""
    return (np.asarray(colours, float) / 255) ** GAMMA @ np.array(LUMINANCE)
