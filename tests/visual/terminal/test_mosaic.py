"""Pictures and words on one sheet of cells."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from flagsae.visual.terminal.blocks import packed, rows
from flagsae.visual.terminal.fitting import fit
from flagsae.visual.terminal.mosaic import Mosaic

RED, BLUE = 0xFF0000, 0x0000FF


def words(lines: list[list[Segment]]) -> list[str]:
    return ["".join(segment.text for segment in line) for line in lines]


def test_a_picture_alone_is_drawn_as_blocks_are() -> None:
    picture = np.random.default_rng(0).integers(0, 2, (8, 9, 3), np.uint8) * 255
    mosaic = Mosaic(9, 4)
    mosaic.picture(0, 0, packed(picture))
    ours, theirs = mosaic.segments([]), rows(picture)
    assert words(ours) == words(theirs)
    for line, other in zip(ours, theirs, strict=True):
        assert [(s.style.color, s.style.bgcolor) for s in line] == [(s.style.color, s.style.bgcolor) for s in other]


def test_a_picture_may_begin_in_the_middle_of_a_cell() -> None:
    mosaic = Mosaic(4, 3)
    mosaic.picture(1, 1, np.full((4, 2), RED))
    assert words(mosaic.segments([])) == [" ▄▄ ", "    ", " ▀▀ "]
    assert mosaic.blank.tolist() == [[True, False, False, True]] * 3


def test_an_outline_goes_around_a_picture_and_is_cut_at_the_edge() -> None:
    mosaic = Mosaic(4, 2)
    mosaic.write(0, 0, "abcd", 0)
    mosaic.picture(0, 0, np.full((2, 2), RED))
    mosaic.outline(0, 0, 2, 2, BLUE)
    assert (mosaic.pixels[:3, 2] == BLUE).all() and (mosaic.pixels[2, :3] == BLUE).all()
    assert words(mosaic.segments([Style()])) == ["ab d", "▀▀▀ "]


def test_words_lie_above_pictures_and_later_ones_above_earlier() -> None:
    mosaic = Mosaic(5, 1)
    mosaic.picture(0, 0, np.full((2, 5), RED))
    mosaic.write(1, 0, "abc", 0)
    mosaic.write(2, 0, "x", 1)
    bold = Style(bold=True)
    line = mosaic.segments([Style(italic=True), bold])[0]
    assert [segment.text for segment in line] == [" ", "a", "x", "c", " "] and line[2].style is bold
    mosaic.clear(0)
    assert words(mosaic.segments([])) == ["     "]


@example([(-1, 0, "0⺀"), (1, 0, "0")])  # of a wide letter one half is cut, the other written over
@given(
    st.lists(
        st.tuples(st.integers(-6, 12), st.integers(-2, 4), st.text(max_size=8)),
        max_size=6,
    )
)
@settings(max_examples=60, deadline=None)
def test_every_line_is_as_wide_as_the_sheet_whatever_is_written(written: list[tuple[int, int, str]]) -> None:
    mosaic = Mosaic(10, 3)
    for left, row, text in written:
        mosaic.write(left, row, text, 0)
    assert [cell_len(line) for line in words(mosaic.segments([Style()]))] == [10, 10, 10]


def test_half_a_wide_letter_is_a_blank() -> None:
    mosaic = Mosaic(4, 1)
    mosaic.write(-1, 0, "旗a", 0)
    assert words(mosaic.segments([Style()])) == [" a  "]
    mosaic.write(1, 0, "旗旗", 0)
    mosaic.write(2, 0, "|", 0)
    assert words(mosaic.segments([Style()])) == ["  | "]


def test_nothing_on_no_cells() -> None:
    assert Mosaic(0, 2).segments([]) == [[], []]
    empty = Mosaic(0, 0)
    empty.picture(0, 0, np.full((2, 2), RED))
    assert empty.segments([]) == []
    with pytest.raises(IndexError):
        empty.clear(0)


def test_fitted_cells_have_two_colours_each_and_are_cut_at_the_edge() -> None:
    mosaic = Mosaic(4, 3)
    picture = np.zeros((24, 16, 3), np.uint8)
    picture[:, 4:] = (250, 0, 0)
    cells = fit(picture, 2, 1, "quadrant")
    mosaic.cells(1, 1, cells)
    mosaic.cells(3, 2, cells)
    lines = mosaic.segments([])
    assert ["".join(segment.text for segment in line).rstrip() for line in lines] == ["", " ▌", "   ▌"]
    half = next(segment for segment in lines[1] if "▌" in segment.text)
    assert half.style is not None and half.style.color is not None and half.style.bgcolor is not None
    assert {half.style.color.name, half.style.bgcolor.name} == {"#fa0000", "#000000"}
    assert not mosaic.blank[1, 1] and mosaic.blank[1, 0]
