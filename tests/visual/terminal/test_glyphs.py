"""Block characters: their masks by the names that Unicode gives them, and the ladder of kinds."""

import re
import unicodedata
from itertools import pairwise

import numpy as np
import pytest

from flagsae.errors import UsageError
from flagsae.visual.terminal.fitting import FLAT
from flagsae.visual.terminal.glyphs import LADDER, OCTANTS, TRIANGLES, WEDGES, glyphs, mask, polygons

GRID = (48, 16)
ACROSS = {"left": 0.0, "centre": 0.5, "right": 1.0}
DOWN = {"upper middle": 1 / 3, "lower middle": 2 / 3, "upper": 0.0, "lower": 1.0}


def filled(code: int) -> np.ndarray:
    return mask(polygons("octant")[code], *GRID).reshape(GRID)


def point(words: str) -> tuple[float, float]:
    """ "UPPER MIDDLE LEFT" as x, y."""
    row, column = words.lower().rsplit(" ", 1)
    return ACROSS[column], DOWN[row]


def boxes(name: str, rows: int) -> np.ndarray:
    """The boxes whose numbers a character's name ends with, from the upper left along the rows."""
    numbers = {int(digit) - 1 for digit in name.rsplit("-", 1)[1]}
    kept = np.array([number in numbers for number in range(2 * rows)]).reshape(rows, 2)
    return kept.repeat(GRID[0] // rows, 0).repeat(GRID[1] // 2, 1)


@pytest.mark.parametrize("code", [code for code in polygons("wedge") if 0x1FB00 <= code < WEDGES])
def test_sextants_fill_the_boxes_of_their_names(code: int) -> None:
    assert (filled(code) == boxes(unicodedata.name(chr(code)), 3)).all()


def test_octants_fill_the_boxes_of_their_names() -> None:
    # As the code chart of Unicode 16 names them; Python 3.11 does not know these yet.
    names = {0: "3", 1: "23", 2: "123", 3: "4", 4: "14", 5: "124", 6: "34", 7: "134", 8: "234", 9: "5", 229: "2345678"}
    for number, name in names.items():
        assert (filled(OCTANTS + number) == boxes(f"BLOCK OCTANT-{name}", 4)).all(), name
    every = [code for code in polygons("octant") if OCTANTS <= code < 0x1D000]
    assert (len(every), max(every)) == (230, 0x1CDE5)


@pytest.mark.parametrize("code", range(WEDGES, TRIANGLES - 4))
def test_wedges_are_bounded_by_the_corner_points_of_their_names(code: int) -> None:
    name = unicodedata.name(chr(code))
    corner, first, last = re.fullmatch(r"(.+) BLOCK DIAGONAL (.+) TO (.+)", name).groups()  # type: ignore[union-attr]
    (x0, y0), (x1, y1), (x, y) = point(first), point(last), point(corner)
    down, along = ((places + 0.5) / size for places, size in zip(np.indices(GRID), GRID, strict=True))

    def side(across: np.ndarray | float, below: np.ndarray | float) -> np.ndarray:
        return np.asarray((x1 - x0) * (below - y0) - (y1 - y0) * (across - x0))

    apart = side(along, down) * np.sign(side(x, y))
    clear = np.abs(apart) > 1e-4  # samples on the line may be on either side
    assert (filled(code) == (apart > 0))[clear].all()


def test_triangles_reach_from_a_side_to_the_middle() -> None:
    down, along = ((places + 0.5) / size - 0.5 for places, size in zip(np.indices(GRID), GRID, strict=True))
    clear = np.abs(np.abs(down) - np.abs(along)) > 1e-4
    sides = [-along, -down, along, down]  # left, upper, right, lower
    for number, side in enumerate(sides):
        quarter = side >= np.maximum(np.abs(down), np.abs(along)) - 1e-6
        assert (filled(TRIANGLES + number) == quarter)[clear].all()
        assert (filled(TRIANGLES - 4 + number) == ~quarter)[clear].all()


def test_eighths_and_quadrants_fill_their_share() -> None:
    shares = {"▁": 1 / 8, "▃": 3 / 8, "▇": 7 / 8, "▏": 1 / 8, "▋": 5 / 8, "▔": 1 / 8, "▚": 1 / 2, "▙": 3 / 4, "█": 1}
    assert {glyph: filled(ord(glyph)).mean() for glyph in shares} == shares
    assert filled(ord("▁"))[-1].all() and filled(ord("▏"))[:, 0].all() and filled(ord("▘"))[0, 0]


def test_each_kind_has_all_of_the_one_before_it() -> None:
    kinds = [set(polygons(kind)) for kind in LADDER]
    assert all(less < more for less, more in pairwise(kinds))
    assert [len(kind) for kind in kinds] == [4, 30, 90, 142, 372]
    with pytest.raises(UsageError, match="half, quadrant"):
        polygons("braille")


@pytest.mark.parametrize("kind", LADDER)
def test_what_one_character_fills_its_opposite_leaves(kind: str) -> None:
    table = glyphs(kind, *FLAT)
    assert len({filled.tobytes() for filled in table.masks}) == len(table.codes)
    for one, other in enumerate(table.opposite):
        assert other < 0 or (table.masks[one] == ~table.masks[other]).all()
    alone = {chr(code) for code in table.codes[table.opposite < 0].tolist() if not OCTANTS <= code < 0x1D000}
    assert alone <= set("▁▂▃▅▆▇▏▎▍▋▊▉▔▕")
