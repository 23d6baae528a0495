"""Rows of cells: the colours that rich-pixels shows, few bytes, and sizes in a terminal."""

import io
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image
from rich.console import Console
from rich.segment import Segment
from rich_pixels import Pixels

from flagsae.colours import LETTERS
from flagsae.flags.dataset import Dataset
from flagsae.visual.paint import scale
from flagsae.visual.resize import fit, resized
from flagsae.visual.terminal.blocks import ANCHORS, half_blocks, letters, letters_rows, rows

Colour = tuple[int, int, int] | None


def shown(row: list[Segment]) -> list[tuple[Colour, Colour]]:
    """The upper and lower colour of each cell, None where the terminal shows, however it is written."""
    cells = []
    for text, style, _ in row:
        ink, ground = (
            tuple(colour.triplet) if colour and colour.triplet else None
            for colour in ((style.color, style.bgcolor) if style else (None, None))
        )
        cells += [{" ": (ground, ground), "▀": (ink, ground), "▄": (ground, ink)}[letter] for letter in text]
    return cells


def oracle(picture: np.ndarray) -> list[list[tuple[Colour, Colour]]]:
    """The same of what rich-pixels makes of a picture."""
    segments = Console().render(Pixels.from_image(Image.fromarray(picture)))
    return [shown(row) for row in Segment.split_lines(segments)]


def words(row: list[Segment]) -> str:
    return "".join(segment.text for segment in row)


def flat(flags: Dataset, slug: str) -> np.ndarray:
    flag = flags.find([slug])
    return flag.flat()


@pytest.mark.parametrize("slug", ["france", "morocco", "south-africa", "united-kingdom", "mexico"])
def test_flags_are_what_rich_pixels_shows(flags: Dataset, slug: str) -> None:
    for picture in (flags.find([slug]).canvas[0], flat(flags, slug)):
        assert [shown(row) for row in rows(picture)] == oracle(picture)


@given(
    arrays(np.uint8, st.tuples(st.sampled_from([2, 4, 6]), st.integers(1, 7), st.just(3)), elements=st.integers(0, 2))
)
@settings(max_examples=60, deadline=None)
def test_any_picture_is_what_rich_pixels_shows(picture: np.ndarray) -> None:
    found = rows(picture)
    assert [shown(row) for row in found] == oracle(picture)
    for row in found:
        styles = [segment.style for segment in row]
        assert all(left != right for left, right in pairwise(styles))  # no run in two pieces


def test_cells_alike_share_their_segment_and_their_style(flags: Dataset) -> None:
    france = rows(flat(flags, "france"))
    assert [len(row) for row in france] == [3] * 34
    assert all(a.style is b.style for row in france for a, b in zip(row, france[0], strict=True))
    assert {words(row) for row in france} == {" " * 102}  # nothing but background


def test_under_an_odd_row_and_what_is_transparent_the_terminal_shows() -> None:
    red, blue = (200, 0, 0), (0, 0, 200)
    odd = np.array([[red, blue], [red, red], [red, blue]], np.uint8)
    assert [shown(row) for row in rows(odd)] == [[(red, red), (blue, red)], [(red, None), (blue, None)]]
    with pytest.raises(ValueError, match="even"):
        half_blocks(odd)
    clear, veil = (9, 9, 9, 0), (0, 0, 0, 127)
    cut = np.array([[(*red, 255), clear, clear], [clear, (*blue, 128), veil]], np.uint8)
    assert shown(rows(cut)[0]) == [(red, None), (None, blue), (None, None)]
    assert words(letters_rows(cut)[0])[2] == " "


@pytest.mark.parametrize("shape", [(0, 0, 3), (0, 5, 3), (4, 0, 3), (1, 1, 3), (1, 3, 4)])
def test_there_may_be_next_to_nothing(shape: tuple[int, ...]) -> None:
    picture = np.zeros(shape, np.uint8)
    for draw in (rows, letters_rows):
        assert [sum(segment.cell_length for segment in row) for row in draw(picture)] == [shape[1]] * -(-shape[0] // 2)


def written(picture: np.ndarray) -> int:
    """Bytes of a picture on a terminal of all colours."""
    out = io.StringIO()
    Console(file=out, force_terminal=True, color_system="truecolor", width=110).print(half_blocks(picture))
    return len(out.getvalue().encode())


@pytest.mark.parametrize("slug", ["france", "germany", "ireland", "hungary"])
def test_three_stripes_are_at_most_10_kb(flags: Dataset, slug: str) -> None:
    for picture in (flags.find([slug]).canvas[0], flat(flags, slug)):
        assert picture.shape == (68, 102, 3) and written(picture) <= 10_000


def test_letters_stand_for_rows_where_there_is_no_colour(flags: Dataset) -> None:
    france, germany = (resized(flat(flags, slug), 9, 3) for slug in ("france", "germany"))
    assert [words(row) for row in letters_rows(france)] == ["BBBwwwRRR"] * 3
    assert [words(row)[0] for row in letters_rows(germany)] == ["k", "R", "Y"]
    line = np.full((6, 4, 3), 255, np.uint8)
    for row in range(6):  # a red line on white, wherever it lies
        lined = line.copy()
        lined[row] = (210, 20, 35)
        assert [words(segments) for segments in letters_rows(lined)].count("RRRR") == 1
    noise = np.random.default_rng(0).integers(0, 256, (34, 102, 3)).astype(np.uint8)
    nearest = ((noise[:, :, None].astype(int) - ANCHORS) ** 2).sum(-1).argmin(-1)
    assert letters(noise) == "\n".join("".join(list(LETTERS)[n] for n in row) for row in nearest)


@given(*[st.integers(1, 400)] * 4)
def test_the_largest_size_that_keeps_the_proportions(height: int, width: int, columns: int, lines: int) -> None:
    wide, high = fit(height, width, columns, lines)
    assert 1 <= wide <= columns and 1 <= high <= lines
    assert wide == columns or high == lines
    size = min(columns / width, 2 * lines / height)
    assert abs(wide - size * width) <= 0.5 or wide == 1
    assert abs(2 * high - size * height) <= 1 or high == 1


def test_a_flag_fills_what_it_is_given() -> None:
    assert fit(68, 102, 102, 40) == (102, 34)
    assert fit(68, 102, 300, 8) == (24, 8)
    assert fit(100, 100, 10, 10) == (10, 5)
    assert fit(68, 102, 1, 1) == fit(0, 0, 1, 1) == fit(68, 102, 0, 0) == (1, 1)


def test_small_flags_keep_their_own_colours_and_large_ones_are_smooth(flags: Dataset) -> None:
    kingdom = flat(flags, "united-kingdom")
    own = {tuple(colour) for colour in kingdom.reshape(-1, 3)}
    for columns in (6, 12, 24, 36):
        small = resized(kingdom, columns, columns // 3)
        assert small.shape == (columns // 3 * 2, columns, 3)
        assert {tuple(colour) for colour in small.reshape(-1, 3)} == own
    large = resized(kingdom, 51, 17)
    assert len({tuple(colour) for colour in large.reshape(-1, 3)}) > len(own)
    canvas = flags.find(["mexico"]).canvas[0]  # soft edges: hundreds of colours
    assert (resized(canvas, 12, 4) == scale(canvas, 12, 8)).all()
    assert (resized(kingdom, 102, 34) == kingdom).all()


def test_stripes_meet_without_a_third_colour(flags: Dataset) -> None:
    for slug in ("colombia", "thailand", "mauritius"):
        flag = flags.find([slug]).flat(fine=True)
        own = {tuple(colour) for colour in flag.reshape(-1, 3)}
        for columns in (25, 40, 51, 70):
            assert {tuple(colour) for colour in resized(flag, columns, columns // 3).reshape(-1, 3)} == own


def test_growing_repeats_pixels(flags: Dataset) -> None:
    kingdom = flat(flags, "united-kingdom")
    assert (resized(kingdom, 204, 68) == kingdom.repeat(2, 0).repeat(2, 1)).all()
    tiny = np.array([[[1, 2, 3], [4, 5, 6]]], np.uint8)
    assert resized(tiny, 1, 2).shape == (4, 1, 3)
