"""A terminal's screen as an SVG that refers to no other file.

Block characters are drawn as the shapes they have: as text, most fonts would leave gaps between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import MONOKAI

from flagsae.printable import printable
from flagsae.visual.terminal.glyphs import Polygon, polygons

WIDE, HIGH = 10, 20  # pixels of a cell
FONT = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"
# Block characters fill a cell from one side: that side, and how many eighths of the cell.
BLOCKS = {
    "▀": ("top", 4),
    "▐": ("right", 4),
    **{letter: ("left", eighths) for eighths, letter in enumerate("▏▎▍▌▋▊▉█", 1)},
    **{letter: ("bottom", eighths) for eighths, letter in enumerate("▁▂▃▄▅▆▇", 1)},
}
OPPOSITE = {"top": "bottom", "bottom": "top", "left": "right", "right": "left"}


def document(rows: Sequence[Iterable[Segment]], ink: str, paper: str, title: str) -> str:
    """Lines of segments as an SVG. ink, paper: #rrggbb, the colours of text and background where a style has none."""
    fills: dict[str, list[str]] = {}  # colour -> its rectangles; none overlaps another
    shapes: dict[str, list[str]] = {}  # the same of other shapes, each upon a cell that is filled
    texts: list[str] = []
    drawn = polygons("octant")
    width = 0
    for line, row in enumerate(rows):
        column = 0
        for text, style, control in row:
            if control:
                continue
            front, back = _colours(style, ink, paper)
            for letter, run in groupby(text, lambda letter: letter if letter != " " and ord(letter) in drawn else ""):
                piece = "".join(run)
                cells = cell_len(piece)
                if letter and letter not in BLOCKS:
                    fills.setdefault(back, []).append(_part(column, line, cells, "left", 8))
                    for cell in range(column, column + cells):
                        shapes.setdefault(front, []).extend(_outline(one, cell, line) for one in drawn[ord(letter)])
                elif letter:
                    side, eighths = BLOCKS[letter]
                    for cell in range(column, column + cells) if side in ("left", "right") else [column]:
                        wide = 1 if side in ("left", "right") else cells
                        fills.setdefault(front, []).append(_part(cell, line, wide, side, eighths))
                        fills.setdefault(back, []).append(_part(cell, line, wide, OPPOSITE[side], 8 - eighths))
                else:
                    fills.setdefault(back, []).append(_part(column, line, cells, "left", 8))
                    texts += _written(piece, column, line, front, style)
                column += cells
        width = max(width, column)
    fills.pop(paper, None)
    paths, outlines = (
        "".join(f'<path fill="{colour}" d="{"".join(parts)}"/>' for colour, parts in every.items())
        for every in (fills, shapes)
    )
    size = f"{WIDE * width} {HIGH * len(rows)}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" font-family="{FONT}" font-size="16">',
            f"<title>{escape(printable(title))}</title>",
            f'<rect width="100%" height="100%" fill="{paper}"/>',
            f'<g shape-rendering="crispEdges">{paths}</g>',
            *([f"<g>{outlines}</g>"] if outlines else []),
            *texts,
            "</svg>\n",
        ]
    )


def _colours(style: Style | None, ink: str, paper: str) -> tuple[str, str]:
    """(text colour, background colour) of a style."""
    if style is None:
        return ink, paper
    front, back = _hex(style.color, ink), _hex(style.bgcolor, paper)
    if style.dim:
        front = _between(front, back)
    return (back, front) if style.reverse else (front, back)


def _hex(color: Color | None, default: str) -> str:
    if color is None or color.is_default:
        return default
    return color.get_truecolor(MONOKAI).hex


def _between(one: str, other: str) -> str:
    """The mean of two colours."""
    pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + bytes((a + b) // 2 for a, b in pairs).hex()


def _part(column: int, line: int, cells: int, side: str, eighths: int) -> str:
    """SVG path of a rectangle that fills `eighths` of some cells in a row, from one of their sides."""
    if not eighths:
        return ""
    left, top, wide, high = float(WIDE * column), float(HIGH * line), float(WIDE * cells), float(HIGH)
    if side in ("left", "right"):
        left += wide * (1 - eighths / 8) if side == "right" else 0
        wide *= eighths / 8
    else:
        top += high * (1 - eighths / 8) if side == "bottom" else 0
        high *= eighths / 8
    return f"M{left:g} {top:g}h{wide:g}v{high:g}h-{wide:g}z"


def _outline(polygon: Polygon, column: int, line: int) -> str:
    """SVG path of a polygon in the unit square, drawn in a cell."""
    points = (f"{WIDE * (column + x):.6g} {HIGH * (line + y):.6g}" for x, y in polygon)
    return f"M{'L'.join(points)}z"


def _written(text: str, column: int, line: int, colour: str, style: Style | None) -> list[str]:
    """An SVG text element for each word, stretched to its cells, so that no font shifts the words after it."""
    out = []
    bold = ' font-weight="bold"' if style is not None and style.bold else ""
    for space, letters in groupby(text, str.isspace):
        word = "".join(letters)
        cells = cell_len(word)
        if not space:
            out.append(
                f'<text x="{WIDE * column}" y="{HIGH * line + 15}" fill="{colour}"{bold} '
                f'textLength="{WIDE * cells}" lengthAdjust="spacingAndGlyphs">{escape(word)}</text>'
            )
        column += cells
    return out
