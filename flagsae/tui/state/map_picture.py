"""What is seen of a map: dots, pictures and names at their places, the cursor, marks, lines to the nearest, a lasso."""

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
from flagsae.visual.terminal.blocks import letters_rows, packed
from flagsae.visual.terminal.braille import Dots
from flagsae.visual.terminal.mosaic import Mosaic, code_points
from flagsae.workspace.workspace import Picture

INKS = ("name", "faint", "words", "line", "near", "hover", "cursor", "mark", "lasso")
NAME, FAINT, WORDS, LINE, NEAR, HOVER, CURSOR, MARK, LASSO = range(len(INKS))
GLYPHS = {"ascii": (".", "o", "@", "+")}  # of a set of characters: nothing, weak, strong, marked
USUAL = ("·", "•", "●", "✓")
STRONG = 0.5  # of the strongest
# Cells for a sign, the usual one first.
ASIDE = sorted(
    ((right, down) for right in range(-3, 4) for down in (-1, 0, 1)), key=lambda cell: abs(cell[0]) + 2 * abs(cell[1])
)
DIMMEST = 0.3  # what is left of a picture's colour where a feature hardly fires
CONTRAST = 2.0  # of a dot with the paper, at least, as the ratio of their luminances


@dataclass(frozen=True, eq=False)
class MapPicture:
    """columns, rows: of the screen, whose last row is for words; plan: where flags are, None where nobody knows yet;
    places: left, top of each flag on the screen, in squares, N x 2; tile: a flag's picture in so many columns and
    lines; colours: of dots, N, as red << 16 | green << 8 | blue; paper: the colour below; inks: the styles of `INKS`;
    near: flags to which lines lead from the cursor's, the nearest first; strength: N, from 0 to 1, or None; path: of
    a lasso, in cells; said: below on the left and on the right, and in the middle where there is no plan.

    owners: the flag that is at each cell, rows x columns, -1 for none; the scene finds it.
    """

    columns: int
    rows: int
    plan: MapPlan | None
    places: Floats
    titles: Sequence[str]
    tile: Callable[[int, int, int], Picture]
    colours: NDArray[np.int64]
    paper: tuple[int, int, int]
    inks: Sequence[Style]
    cursor: int
    hovered: int | None
    near: Sequence[int]
    marked: set[int]
    strength: NDArray[np.floating] | None
    path: Sequence[tuple[int, int]]
    letters: bool
    charset: str
    said: tuple[str, str, str]
    owners: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "owners", np.full((max(1, self.rows - 1), self.columns), -1))

    def segments(self) -> list[list[Segment]]:
        mosaic = Mosaic(self.columns, self.rows)
        left, right, middle = self.said
        if self.plan is None:
            mosaic.write((self.columns - cell_len(middle)) // 2, (self.rows - 1) // 2, middle, WORDS)
        else:
            seen = self._seen(self.plan)
            self._dots(mosaic, [flag for flag in seen if not self.plan.pictured[flag]])
            for flag in seen:
                if self.plan.pictured[flag]:
                    self._picture(mosaic, flag)
            self._lines(mosaic)
            for flag in self.marked:
                self._sign(mosaic, flag, self._glyphs[3], MARK, right=True)
            if self.hovered is not None and self.hovered != self.cursor:
                self._frame(mosaic, self.hovered, HOVER)
            self._frame(mosaic, self.cursor, CURSOR)
            x, y = self._place(self.cursor)
            taken = {(x + aside, y // 2) for aside in (-1, 0, 1)}  # a dot, in brackets
            for number, flag in enumerate(self.near, 1):
                self._sign(mosaic, flag, str(number), NEAR, taken=taken)
            self._lasso(mosaic)
        if self.rows > 1:
            mosaic.clear(self.rows - 1)
            mosaic.write(1, self.rows - 1, left, NAME)
            mosaic.write(self.columns - cell_len(right) - 1, self.rows - 1, right, WORDS)
        return mosaic.segments(self.inks)

    # Flags.

    @property
    def _glyphs(self) -> tuple[str, str, str, str]:
        return GLYPHS.get(self.charset, USUAL)

    def _seen(self, plan: MapPlan) -> list[int]:
        """Flags of which a part may be on the screen."""
        wide, high = max(LONGEST + 2, plan.look.width + 2), 2 * plan.look.lines + 4
        x, y = self.places.T
        return np.flatnonzero((x > -wide) & (x < self.columns) & (y > -high) & (y < 2 * self.rows)).tolist()

    def _place(self, flag: int) -> tuple[int, int]:
        x, y = self.places[flag].tolist()
        return int(x), int(y)

    def _own(self, left: int, top: int, right: int, bottom: int, flag: int) -> None:
        self.owners[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = flag

    def _dots(self, mosaic: Mosaic, flags: Sequence[int]) -> None:
        for flag in flags:
            x, y = self._place(flag)
            mosaic.text(x, y // 2, code_points(self._dot(flag)), self._ink(flag))
            self._own(x, y // 2, x + 1, y // 2 + 1, flag)

    def _dot(self, flag: int) -> str:
        """Its glyph: larger for more of the strength by which flags are coloured."""
        if self.strength is None:
            named = self.plan is not None and self.plan.pictured[flag]
            return self._glyphs[1 if self.letters and not named else 2]
        return self._glyphs[int(self.strength[flag] > 0) + int(self.strength[flag] >= STRONG)]

    def _ink(self, flag: int) -> int:
        """What `Mosaic` takes as a kind."""
        if self.strength is not None and self.strength[flag] <= 0:
            return -1 - FAINT
        if self.letters:
            return -1 - NAME
        if self.strength is None:
            return int(self.colours[flag])
        return self._between(self.inks[FAINT].color, self.inks[CURSOR].bgcolor, float(self.strength[flag]))

    def _between(self, one: Color | None, other: Color | None, share: float) -> int:
        from_colour, to_colour = np.array(rgb(one, self.paper)), np.array(rgb(other, self.paper))
        return int(packed(np.round(from_colour + share * (to_colour - from_colour)).astype(np.uint8)))

    def _picture(self, mosaic: Mosaic, flag: int) -> None:
        assert self.plan is not None
        look = self.plan.look
        x, y = self._place(flag)
        if not look.width:
            mosaic.text(x, y // 2, code_points(self._dot(flag)), self._ink(flag))
            mosaic.write(x + 1, y // 2, self._name(flag), NAME)
            self._own(x, y // 2, x + 1 + cell_len(self._name(flag)), y // 2 + 1, flag)
            return
        below = self._below(y)
        if self.letters:
            mosaic.text(x, y // 2, self._letters(flag), -1 - NAME)
        else:
            mosaic.picture(x, y, self._colours(flag))
        self._own(x, y // 2, x + look.width, below, flag)
        if self.strength is not None:
            mosaic.text(x - 1, (y + 1) // 2, code_points(self._dot(flag)), self._ink(flag))
            self._own(x - 1, (y + 1) // 2, x, (y + 1) // 2 + 1, flag)
        if look.named:
            name = self._name(flag)
            mosaic.write(x, below, name, WORDS)
            self._own(x, below, x + cell_len(name), below + 1, flag)

    def _below(self, top: int) -> int:
        """The row under a picture."""
        assert self.plan is not None
        return (top + 2 * self.plan.look.lines + 1) // 2

    def _name(self, flag: int) -> str:
        name = self.titles[flag]
        return name if cell_len(name) <= LONGEST else set_cell_size(name, LONGEST - 1) + "…"

    def _colours(self, flag: int) -> NDArray[np.int64]:
        assert self.plan is not None
        picture = self.tile(flag, self.plan.look.width, self.plan.look.lines)
        if self.strength is not None:
            share = DIMMEST + (1 - DIMMEST) * float(self.strength[flag])
            picture = np.round(share * picture + (1 - share) * np.array(self.paper)).astype(np.uint8)
        return packed(picture)

    def _letters(self, flag: int) -> NDArray[np.uint32]:
        assert self.plan is not None
        picture = self.tile(flag, self.plan.look.width, self.plan.look.lines)
        lines = ["".join(segment.text for segment in line) for line in letters_rows(picture)]
        return np.concatenate([code_points(line) for line in lines])

    # What is said of them.

    def _middle(self, flag: int) -> tuple[float, float]:
        """In squares of the screen."""
        assert self.plan is not None
        x, y = self.places[flag] + self.plan.middles[flag] - (self.plan.left[flag], self.plan.top[flag])
        return float(x), float(y)

    def _lines(self, mosaic: Mosaic) -> None:
        """From the cursor's flag to the nearest, where nothing else is."""
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

    def _sign(
        self,
        mosaic: Mosaic,
        flag: int,
        letter: str,
        ink: int,
        right: bool = False,
        taken: set[tuple[int, int]] | None = None,
    ) -> None:
        """A letter on a flag: in a corner of its picture, or in place of its dot. taken: cells of other letters, to
        which it is added: beside one of these it stands where nothing is yet, on flags that lie on each other."""
        assert self.plan is not None
        x, y = self._place(flag)
        pictured = self.plan.pictured[flag] and self.plan.look.width
        across = self.plan.look.width - 1 if right and pictured else 0
        x, y = x + across, (y + 1) // 2 if pictured else y // 2
        if taken is not None:
            free = ((x + right, y + down) for right, down in ASIDE if (x + right, y + down) not in taken)
            x, y = next(free, (x, y))
            taken.add((x, y))
        mosaic.write(x, y, letter, ink)

    def _frame(self, mosaic: Mosaic, flag: int, ink: int) -> None:
        """A line about a picture, and its name on a plate; about a dot, brackets for the cursor."""
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
    """A colour of a style, as far as it is known."""
    if colour is None or colour.is_default:
        return usual
    red, green, blue = colour.get_truecolor()
    return red, green, blue


def main_colours(
    pictures: Sequence[Picture], paper: tuple[int, int, int], ink: tuple[int, int, int]
) -> NDArray[np.int64]:
    """Of each picture the colour that it has most of, so much nearer to the ink that it is seen on the paper: N."""
    shares = np.linspace(0, 1, 11)[:, None]
    out = []
    for picture in pictures:
        colours, counts = np.unique(packed(picture), return_counts=True)
        most = int(colours[counts.argmax()]) >> np.array([16, 8, 0]) & 255
        nearer = (1 - shares) * most + shares * np.array(ink)
        light, dark = np.maximum(_light(nearer), _light(paper)), np.minimum(_light(nearer), _light(paper))
        seen = (light + 0.05) / (dark + 0.05) >= CONTRAST
        out.append(packed(np.round(nearer[int(seen.argmax()) if seen.any() else -1]).astype(np.uint8)))
    return np.array(out, np.int64)


def _light(colours: ArrayLike) -> NDArray[np.float64]:
    """Relative luminance, from 0 to 1, near enough. colours: ... x 3; ..."""
    return (np.asarray(colours, float) / 255) ** 2.2 @ np.array([0.2126, 0.7152, 0.0722])
