"""Curves with axes, and bars of signed values, in a terminal's cells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from flagsae.printable import printable
from flagsae.visual.terminal.braille import WHOLE, Dots, inked

LARGEST = 1e300  # larger values count as infinite, so that no difference overflows
SMALLEST = 1e-300  # distance of two ticks at least
ROUNDING = 1e-9  # what a logarithm may be off a whole number by
IN_FULL = 1e7  # whole numbers below are written with all their digits
NEGLIGIBLE = 1e-9  # share of the greatest x; smaller ones do not set the scale of the x axis
NARROW = 12  # columns that the curves need; if there are fewer, the numbers at their left are left out
FROM_ZERO = 0.25  # the y axis starts at 0 if the least value is below this share of the greatest
SINGLE = 10  # a single value is in the middle of a range of a tenth of it on each side
# How curves differ without colour; the curves of a chart take them in turn. The mark at the end of a curve, and the
# columns that its dashes draw and leave out.
MARKS = {"braille": "●▲■◆", "block": "●▲■◆", "ascii": "*+#%"}
DASHES = (WHOLE, (6, 3), (2, 2), (9, 2))
# Left edge, left edge at a number, corner, lower edge, lower edge at a number; marks of `Plot.kept` and
# `Plot.current`; crosshair; what stands in place of an unknown value.
FINE_LINES = tuple("│┤└─┬•◆│–")
LINES = {"braille": FINE_LINES, "block": FINE_LINES, "ascii": tuple("|+`-'o@|-")}
SUFFIXES = ("", "k", "M", "G", "T")
EIGHTHS = " ▏▎▍▌▋▊▉█"


def short(value: float, digits: int = 3) -> str:
    """A number in few characters: .05, 1.2k, 3e-6; "–" if it is not finite. digits: significant ones, at most."""
    if not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    rounded = f"{abs(value):.{digits - 1}e}"
    exponent = int(rounded.partition("e")[2])
    if not -4 <= exponent < 3 * len(SUFFIXES):
        mantissa = rounded.partition("e")[0]
        text = f"{mantissa.rstrip('0').rstrip('.') if '.' in mantissa else mantissa}e{exponent}"
    else:
        power = max(0, exponent // 3)
        decimals = max(0, digits - 1 - exponent + 3 * power)
        text = f"{float(rounded) / 1000**power:.{decimals}f}"
        text = (text.rstrip("0").rstrip(".") if "." in text else text).removeprefix("0") + SUFFIXES[power]
    return f"-{text}" if value < 0 else text


@dataclass(frozen=True)
class Scale:
    """Maps values to shares of an axis (0 to 1) and back: linear unless `unit` or `decades` is set."""

    low: float
    """The value at the axis's start."""
    high: float
    """The value at its end; greater than `low`."""
    unit: float = 0.0
    """If not 0, the scale is logarithmic above about this value and linear below, so that it can include 0."""
    decades: bool = False
    """Whether the scale is logarithmic throughout, so that only values above 0 are on it."""
    only: float | None = None
    """The one value that the scale was made for, if there is only one: it gets the only tick."""

    def share(self, values: ArrayLike) -> NDArray[np.float64]:
        """The share of the axis at which each value lies, outside 0 to 1 beyond its ends; NaN where it has none."""
        low, high = self._bend(np.array([self.low, self.high]))
        with np.errstate(over="ignore"):  # values far beyond the scale become infinite
            return (self._bend(np.asarray(values, np.float64)) - low) / (high - low)

    def value(self, share: float) -> float:
        """The value at a share of the axis."""
        low, high = self._bend(np.array([self.low, self.high])).tolist()
        bent = low + share * (high - low)
        found = 10**bent if self.decades else math.expm1(bent) * self.unit if self.unit else bent
        return min(max(found, self.low), self.high)

    def _bend(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values on a scale that is linear along the axis; NaN for what a logarithm does not have."""
        if self.decades:
            return np.log10(values, where=values > 0, out=np.full(values.shape, np.nan))
        if self.unit:
            return np.log1p(values / self.unit, where=values >= 0, out=np.full(values.shape, np.nan))
        return values

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """(round value, its text), the most important first; about `most`, of a logarithmic scale perhaps many more."""
        if self.only is not None:
            return [(self.only, short(self.only, 4))]
        if self.decades or self.unit:
            first = math.floor(math.log10(self.low if self.decades else self.unit))
            powers = range(first, math.floor(math.log10(self.high)) + 1)
            stride = max(1, -(-len(powers) // max(1, most)))
            ladder = [0.0] * (not self.decades) + [10.0**power for power in powers if power % stride == 0]
            if len(powers) < 3 or 2 * len(powers) <= most:
                ladder += [factor * 10.0**power for factor in (5, 2) for power in powers]
            found = [value for value in ladder if self.low <= value <= self.high]
            if len(found) > 1:
                return [(value, short(value, 1)) for value in found]
        raw = max((self.high - self.low) / max(1, most), SMALLEST)
        power = math.floor(math.log10(raw))
        step = next(factor * 10.0**power for factor in (1, 2, 5, 10, 20) if factor * 10.0**power >= raw)
        numbers = range(math.ceil(self.low / step), math.floor(self.high / step) + 1)
        largest = max(abs(self.low), abs(self.high))
        digits = max(1, math.floor(math.log10(largest)) - math.floor(math.log10(step) + ROUNDING) + 1)
        return [(number * step, short(number * step, min(digits, 7))) for number in numbers]


@dataclass(frozen=True, eq=False)
class Series:
    """One curve of a chart."""

    name: str
    x: ArrayLike
    """In any order; None or not finite leaves a point out."""
    y: ArrayLike
    """One for each x; None or not finite leaves a gap."""
    style: Style | str = ""
    """Rich style of the curve and its mark: its colour."""


@dataclass(frozen=True, eq=False)
class Plot:
    """A chart: a line of names and values, the curves, and axes where there is room.

    Curves differ by their colours, marks and dashes.
    """

    series: Sequence[Series]
    columns: int
    """Width in cells."""
    rows: int
    """Height in cells; from 4 on with an axis, from 6 on with numbers below it."""
    title: str = ""
    x_name: str = ""
    """The name of the x axis."""
    log: bool = False
    """Whether y is on a logarithmic scale, which leaves out what is not above 0."""
    log_x: bool = False
    """Whether x is on a logarithmic scale that includes 0, so that early steps get more room."""
    reach: tuple[float, float] | None = None
    """The least and the greatest x shown; None takes those of the series."""
    crosshair: float | None = None
    """An x at which a vertical line is drawn; the first line then gives the values there, not the last ones."""
    kept: ArrayLike = ()
    """Each x that gets a mark on the axis: checkpoints that were kept."""
    current: float | None = None
    """The x of the chosen mark."""
    axis: bool = True
    """Whether there is an x axis; of charts stacked above each other only the lowest needs one."""
    margin: int = 0
    """Columns at the left of the curves, at least; aligns stacked charts."""
    unit: float = 0.0
    """The x up to which `log_x` is linear; 0 takes the least x above 0. Aligns stacked charts."""
    charset: str = "braille"
    """A key of `braille.CHARSETS`."""
    faint: Style | str = "bright_black"
    """The style of axes and numbers."""
    accent: Style | str = "bold"
    """The style of the title and of what is chosen."""

    # Where things lie.

    @cached_property
    def _points(self) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
        """x and y of each series; NaN for None and what is not finite."""
        pairs = [(_finite(one.x), _finite(one.y)) for one in self.series]
        return [(x[: len(y)], y[: len(x)]) for x, y in pairs]

    @cached_property
    def x_scale(self) -> Scale:
        """The scale of the x axis."""
        every = np.concatenate([x for x, _ in self._points] or [np.zeros(0)])
        every = every[np.isfinite(every) & ((every >= 0) | (not self.log_x))]
        ends = _finite(self.reach) if self.reach is not None else every
        ends = ends[np.isfinite(ends)]
        low, high = (float(ends.min()), float(ends.max())) if len(ends) else (0.0, 1.0)
        if self.log_x:
            low, high = max(0.0, low), max(0.0, high)
            above = every[every > max(high * NEGLIGIBLE, 1 / LARGEST)]
            return _scale(low, high, self.unit or (float(above.min()) if len(above) else 1.0))
        return _scale(low, high)

    @cached_property
    def y_scale(self) -> Scale | None:
        """The scale of the y axis; None if there is nothing to draw."""
        left, right = self.x_scale.low, self.x_scale.high
        shown = [y[np.isfinite(y) & (x >= left) & (x <= right)] for x, y in self._points]
        every = np.concatenate(shown or [np.zeros(0)])
        every = every[every > 1 / LARGEST] if self.log else every
        if not len(every):
            return None
        low, high = float(every.min()), float(every.max())
        if self.log:
            return Scale(low, high, decades=True) if low < high else Scale(low / 2, high * 2, decades=True, only=low)
        return _scale(0.0 if 0 < low < high * FROM_ZERO else low, high)

    @cached_property
    def _height(self) -> int:
        """Rows of the curves: all but one for the names and, from 4 and from 6 rows on, one for the axis and one for
        its numbers."""
        return self.rows - 1 - self.axis * ((self.rows >= 4) + (self.rows >= 6))

    @cached_property
    def _numbers(self) -> list[tuple[int, str]]:
        """(row of the curves, the number at its left), never two in neighbouring rows."""
        if self.y_scale is None or self._height < 2:
            return []
        ticks = self.y_scale.ticks(max(2, self._height // 2))
        shares = self.y_scale.share([value for value, _ in ticks])
        placed: list[tuple[int, str]] = []
        for (_, text), share in zip(ticks, shares.tolist(), strict=True):
            row = _row(share, self._height)
            if row is not None and all(abs(row - other) > 1 and text != number for other, number in placed):
                placed.append((row, text))
        return placed

    @cached_property
    def left(self) -> int:
        """The first column of the curves."""
        wide = max(self.margin, max((len(text) for _, text in self._numbers), default=0) + (self._height >= 2))
        return wide if self.columns - wide >= NARROW else 0

    @cached_property
    def width(self) -> int:
        """Columns of the curves."""
        return self.columns - self.left

    def x_at(self, column: int) -> float:
        """The x at the centre of a column of cells; for a column outside the curves, that of the nearest one inside."""
        place = min(max(0, column - self.left), self.width - 1)
        return self.x_scale.value((place + 0.5) / max(1, self.width))

    def nearest(self, column: int) -> float | None:
        """The x of the series' point that is nearest to a column of cells; None where there are no points."""
        every = np.concatenate([x for x, _ in self._points] or [np.zeros(0)])
        away = np.abs(self.x_scale.share(every) - self.x_scale.share(self.x_at(column)))
        return float(every[np.nanargmin(away)]) if np.isfinite(away).any() else None

    def column_of(self, x: float | None) -> int | None:
        """The column of cells in which an x lies; None if it is not on the axis."""
        share = math.nan if x is None else float(self.x_scale.share(x))
        if not 0 <= share <= 1 or not self.width:
            return None
        return self.left + min(self.width - 1, int(share * self.width))

    def values(self, x: float | None = None) -> list[float]:
        """The y of each series at its point nearest to `x`, or at its last one if that is None; NaN if unknown."""
        found = []
        at = None if x is None else min(max(x, -LARGEST), LARGEST)  # no point lies beyond, and no difference overflows
        for across, y in self._points:
            known = np.flatnonzero(np.isfinite(across) & (np.isfinite(y) | (at is not None)))
            if at is None:
                found.append(float(y[known[np.argmax(across[known])]]) if len(known) else math.nan)
            else:
                found.append(float(y[known[np.argmin(np.abs(across[known] - at))]]) if len(known) else math.nan)
        return found

    # What is drawn.

    def segments(self) -> list[list[Segment]]:
        """A list of segments for each row of cells, `columns` wide each."""
        if self.rows < 1 or self.columns < 1:
            return [[] for _ in range(self.rows)]
        below = self.rows - 1
        sheet = _Sheet(np.full((below, self.columns), ord(" "), np.uint32), np.full((below, self.columns), -1))
        styles = [*(one.style for one in self.series), self.faint, self.accent]
        if below:
            self._draw(sheet, faint=len(self.series), accent=len(self.series) + 1)
        return [self._header(), *inked(sheet.glyphs, sheet.kinds, styles)]

    def _draw(self, sheet: _Sheet, faint: int, accent: int) -> None:
        edge, at_number, *_, hair, _ = LINES[self.charset]
        self._curves(sheet)
        crossed = self.column_of(self.crosshair)
        if crossed is not None:
            free = np.flatnonzero(sheet.kinds[: self._height, crossed] < 0)
            sheet.glyphs[free, crossed], sheet.kinds[free, crossed] = ord(hair), faint
        self._marks(sheet, crossed)
        if self.y_scale is None:
            self._message(sheet, faint)
        if self.left:
            for row in range(self._height):
                sheet.write(row, self.left - 1, edge, faint)
            for row, text in self._numbers:
                sheet.write(row, self.left - 1 - len(text), text + at_number, faint)
        if self.rows >= 4 and self.axis:
            self._axis(sheet, faint, accent)

    def _curves(self, sheet: _Sheet) -> None:
        if self.y_scale is None:
            return
        canvas = Dots(self.width, self._height, self.charset)
        for number, (x, y) in enumerate(self._points):
            canvas.curve(self.x_scale.share(x), self.y_scale.share(y), number, DASHES[number % len(DASHES)])
        part = np.s_[: self._height, self.left :]
        sheet.glyphs[part], sheet.kinds[part] = canvas.cells()

    def _marks(self, sheet: _Sheet, crossed: int | None) -> None:
        """Draws the mark of each series where its curve ends, or at the crosshair."""
        if self.y_scale is None:
            return
        taken: set[tuple[int, int]] = set()
        ends = self.values(self.crosshair if crossed is not None else None)
        for number, ((x, y), end) in enumerate(zip(self._points, ends, strict=True)):
            known = x[np.isfinite(x) & np.isfinite(y)]
            column = crossed if crossed is not None else self.column_of(float(known.max()) if len(known) else None)
            row = _row(float(self.y_scale.share(end)), self._height)
            if column is None or row is None:
                continue
            while (row, column) in taken:  # another mark is there
                column -= 1
            if column >= self.left:
                taken.add((row, column))
                sheet.write(row, column, self._mark(number), number)

    def _mark(self, number: int) -> str:
        marks = MARKS[self.charset]
        return marks[number % len(marks)]

    def _message(self, sheet: _Sheet, faint: int) -> None:
        known = any(np.isfinite(_finite(one.y)).any() for one in self.series)
        text = "nothing above 0" if known and self.log else "nothing yet"
        if len(text) <= self.width:
            sheet.write((self._height - 1) // 2, self.left + (self.width - len(text)) // 2, text, faint)

    def _axis(self, sheet: _Sheet, faint: int, accent: int) -> None:
        _, _, corner, floor, at_number, kept, current, *_ = LINES[self.charset]
        sheet.write(self._height, self.left, floor * self.width, faint)
        if self.left:
            sheet.write(self._height, self.left - 1, corner, faint)
        if self.rows >= 6:
            for column in self._write_steps(sheet, faint, accent):
                sheet.write(self._height, column, at_number, faint)
        shares = self.x_scale.share(_finite(self.kept))
        shares = shares[(shares >= 0) & (shares <= 1)]
        marked = self.left + np.minimum(self.width - 1, (shares * self.width).astype(int))
        sheet.glyphs[self._height, marked], sheet.kinds[self._height, marked] = ord(kept), -1
        if (chosen := self.column_of(self.current)) is not None:
            sheet.write(self._height, chosen, current, accent)

    def _write_steps(self, sheet: _Sheet, faint: int, accent: int) -> list[int]:
        """Writes numbers below the axis as long as there is room. Returns the columns that they belong to.

        First the crosshair's, then the name of the axis, then round numbers.
        """
        free = np.ones(self.columns + 1, bool)

        def placed(text: str, start: int, kind: int) -> bool:
            """Writes a text at about a column. Returns whether there was room."""
            start = min(max(0, start), self.columns - len(text))
            room = slice(max(0, start - 1), start + len(text) + 1)
            if len(text) > self.columns or not free[room].all():
                return False
            free[room] = False
            sheet.write(self._height + 1, start, text, kind)
            return True

        def number(value: float, text: str, kind: int) -> list[int]:
            """Writes a number centred below its column. Returns that column, or nothing without room."""
            column = self.column_of(value)
            return [column] if column is not None and placed(text, column - (len(text) - 1) // 2, kind) else []

        columns = [] if self.crosshair is None else number(self.crosshair, _whole(self.crosshair), accent)
        name = _printable(self.x_name)
        if name and cell_len(name) == len(name) <= self.width - 8:
            placed(name, self.columns - len(name), faint)
        for value, text in self.x_scale.ticks(max(1, self.width // 12)):
            columns += number(value, text, faint)
        return columns

    def _header(self) -> list[Segment]:
        """Title, marks, names and values in one line. If too long, without the title, then without names."""
        numbers = [
            short(value) if math.isfinite(value) else LINES[self.charset][-1] for value in self.values(self.crosshair)
        ]
        full = [f" {_printable(one.name)} {number}" for one, number in zip(self.series, numbers, strict=True)]
        title = _printable(self.title)
        if self.crosshair is not None and self.rows < 6 and self.axis:  # no room below the axis for the crosshair's x
            title = f"{title} {_printable(self.x_name)} {_whole(self.crosshair)}"
        for head, texts, gap in (
            (title.strip(), full, "   "),
            ("", full, "  "),
            ("", [f" {number}" for number in numbers], " "),
        ):
            parts = [(head, _parsed(self.accent))] if head else []
            for number, (one, text) in enumerate(zip(self.series, texts, strict=True)):
                parts += [(gap * bool(parts), Style()), (self._mark(number), _parsed(one.style)), (text, Style())]
            if sum(cell_len(text) for text, _ in parts) <= self.columns:
                break
        line: list[Segment] = []
        room = self.columns
        for text, style in [*parts, (" " * self.columns, Style())]:
            cut = set_cell_size(text, min(room, cell_len(text)))
            room -= cell_len(cut)
            line += [Segment(cut, style)] * bool(cut)
        return line


@dataclass(frozen=True, eq=False)
class _Sheet:
    """The cells below the first line of a chart."""

    glyphs: NDArray[np.uint32]  # rows x columns, code points
    kinds: NDArray[np.int64]  # rows x columns, each cell's index in the list of styles; -1 for no style

    def write(self, row: int, column: int, text: str, kind: int) -> None:
        self.glyphs[row, column : column + len(text)] = [ord(letter) for letter in text]
        self.kinds[row, column : column + len(text)] = kind


def chart(series: Sequence[Series], columns: int, rows: int, **options: Any) -> list[list[Segment]]:
    """The rows of segments of a `Plot`. options: its other fields."""
    return Plot(series, columns, rows, **options).segments()


def _finite(values: ArrayLike) -> NDArray[np.float64]:
    """Values as a 1-D array; NaN for None and what is not finite or beyond `LARGEST`."""
    numbers = np.atleast_1d(np.asarray(values, np.float64))
    return np.where(np.abs(numbers) <= LARGEST, numbers, np.nan)


def _scale(low: float, high: float, unit: float = 0.0) -> Scale:
    """A scale from low to high. If they are equal, that value is in its middle, or at its start if it is 0."""
    if low < high:
        return Scale(low, high, unit)
    if low == 0:
        return Scale(0.0, 1.0, unit, only=0.0)
    beside = abs(low) / SINGLE if abs(low) > 1 / LARGEST else 1.0
    return Scale(max(0.0, low - beside) if unit else low - beside, low + beside, unit, only=low)


def _whole(x: float) -> str:
    """An x with all its digits if it is a whole number below `IN_FULL`, as epochs are; else shortened."""
    return f"{x:.0f}" if abs(x) < IN_FULL and x == round(x) else short(x, 4)


def _row(share: float, rows: int) -> int | None:
    """The row, counted from the top, at a share of the height, counted from the bottom; None outside 0 to 1."""
    return min(rows - 1, int((1 - share) * rows)) if 0 <= share <= 1 else None


def _parsed(style: Style | str) -> Style:
    return style if isinstance(style, Style) else Style.parse(style)


def _printable(text: str) -> str:
    return printable(" ".join(text.split()))


def bar(
    value: float,
    scale: float,
    columns: int,
    positive: Style | str = "",
    negative: Style | str = "",
    charset: str = "braille",
) -> list[Segment]:
    """A bar from the middle, to the right for a value above 0 and to the left below; `columns` wide with its blanks.

    scale: the absolute value at which a bar is full; larger ones are cut. Exact to an eighth of a cell (a whole one
    in ASCII), and any value but 0 shows. positive, negative: styles. If `columns` is odd, the middle one has a line.
    """
    side, odd = divmod(max(0, columns), 2)
    share = min(1.0, abs(value) / scale) if scale > 0 and math.isfinite(value) else 1.0
    cell = 1 if charset == "ascii" else 8
    parts = 0 if value == 0 or math.isnan(value) else max(1, round(cell * side * share))
    whole, part = divmod(min(parts, cell * side), cell)
    blank = " " * (side - whole - (part > 0))
    middle = [Segment(LINES[charset][0] * odd)] * odd
    full = ("#" if charset == "ascii" else EIGHTHS[8]) * whole
    if value < 0:
        style = _parsed(negative)
        # No block character fills an eighth from the right, so one that fills from the left is drawn in reverse video.
        tip = [Segment(EIGHTHS[8 - part], style + Style(reverse=True))] if part else []
        segments = [Segment(blank), *tip, Segment(full, style), *middle, Segment(" " * side)]
    else:
        segments = [
            Segment(" " * side),
            *middle,
            Segment(full + EIGHTHS[part] * (part > 0), _parsed(positive)),
            Segment(blank),
        ]
    return [segment for segment in segments if segment.text]
