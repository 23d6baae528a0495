"""Pictures in the characters that a process has chosen: on consoles, from visualizers, and as SVG."""

import re
from collections.abc import Iterator
from io import StringIO

import numpy as np
import pytest
from rich.console import Console
from rich.segment import Segment
from rich.style import Style

from flagsae.errors import UsageError
from flagsae.flags.dataset import Dataset
from flagsae.visual import Size, show
from flagsae.visual.capture import capture
from flagsae.visual.terminal import chosen
from flagsae.visual.terminal.blocks import half_blocks
from flagsae.visual.terminal.cells import document
from flagsae.visual.terminal.glyphs import LADDER, polygons
from flagsae.visual.terminal.pictures import in_cells, picture_rows


@pytest.fixture
def jamaica(flags: Dataset) -> Iterator[np.ndarray]:
    yield flags.find(["jamaica"]).flat(fine=True)


def letters(lines: list[list[Segment]]) -> set[int]:
    return {ord(letter) for line in lines for segment in line for letter in segment.text}


def printed(drawn: object) -> str:
    out = StringIO()
    Console(file=out, force_terminal=True, color_system="truecolor", width=200, legacy_windows=False).print(drawn)
    return out.getvalue()


def test_half_blocks_are_drawn_until_another_kind_is_chosen(jamaica: np.ndarray) -> None:
    assert chosen.kind() == "half"
    assert letters(picture_rows(jamaica, 24, 8)) <= set(polygons("half"))
    with chosen.using("wedge"):
        wedges = letters(picture_rows(jamaica, 24, 8))
        assert wedges <= set(polygons("wedge")) and not wedges <= set(polygons("sextant"))
        assert letters(picture_rows(jamaica, 24, 8, "half")) <= set(polygons("half"))
        with pytest.raises(UsageError, match="no cells of the kind 'sixel'"):
            chosen.choose("sixel")
        assert chosen.kind() == "wedge"
    assert chosen.kind() == "half"


@pytest.mark.parametrize("kind", LADDER)
def test_visualizers_draw_in_the_chosen_kind(jamaica: np.ndarray, kind: str) -> None:
    with chosen.using(kind):
        drawn = capture(show(jamaica, Size(30, 10)), Size(30, 10))
        sixteen = capture(show(jamaica, Size(30, 10)), Size(30, 10), colours="standard")
        plain = capture(show(jamaica, Size(30, 10)), Size(30, 10), colours=None)
    assert letters(drawn.lines) <= set(polygons(kind))
    assert letters(sixteen.lines) <= set(polygons("half"))  # few colours: no blends, as ever
    assert all(letter < 128 for letter in letters(plain.lines))  # without colour: letters


def test_sharper_pictures_take_about_as_many_bytes(flags: Dataset) -> None:
    some = [flags.find([slug]).flat(fine=True) for slug in ("jamaica", "south-africa", "united-kingdom", "china")]
    half, *sharper = (sum(len(printed(in_cells(flag, 51, 17, kind)).encode()) for flag in some) for kind in LADDER)
    assert max(sharper) <= 1.5 * half


def test_a_mark_is_drawn_upon_the_cells(jamaica: np.ndarray) -> None:
    def dot(pixels: np.ndarray) -> np.ndarray:
        marked = pixels.copy()
        marked[4, 10] = (255, 0, 255)
        return marked

    plain, marked = picture_rows(jamaica, 24, 8, "wedge"), picture_rows(jamaica, 24, 8, "wedge", dot)
    assert plain[:2] == marked[:2] and plain[3:] == marked[3:]
    cell = next(Segment.divide(marked[2], [10, 11]))
    assert sum(len(segment.text) for segment in cell) == 10
    found = list(Segment.divide(marked[2], [10, 11]))[1]
    assert found[0].text == "▀" and found[0].style is not None
    assert found[0].style.color is not None and found[0].style.color.name == "#ff00ff"


def test_half_blocks_of_pixels_are_what_they_were(flags: Dataset) -> None:
    flag = flags.find(["france"]).flat()
    assert printed(in_cells(flag, 102, 34)) == printed(half_blocks(flag))


def test_an_svg_has_the_shapes_and_no_text(jamaica: np.ndarray) -> None:
    drawn = document(picture_rows(jamaica, 24, 8, "octant"), "#ffffff", "#000000", "Jamaica")
    assert "<text" not in drawn
    # A wedge in the second cell: the cell in its ground, upon it the triangle below the line from its lower middle left
    # to its lower centre, a third of its height and half of its width.
    wedge = Segment("🬼", Style.parse("#ff0000 on #0000ff"))
    drawn = document([[Segment(" "), wedge]], "#ffffff", "#000000", "")
    assert '<path fill="#0000ff" d="M10 0h10v20h-10z"/>' in drawn
    (path,) = re.findall('<path fill="#ff0000" d="M(.+?)z"/>', drawn)
    points = {tuple(map(float, point.split())) for point in path.split("L")}
    assert points == {(10.0, 13.3333), (15.0, 20.0), (10.0, 20.0)}


@pytest.mark.parametrize("kind", list(LADDER))
def test_no_character_is_without_a_colour_of_its_own(flags: Dataset, kind: str) -> None:
    """The terminal would show its own in its place: on Palau, grey in a corner."""
    for slug in ("palau", "martinique", "oman", "china"):
        for line in picture_rows(flags.find([slug]).flat(fine=True), 13, 4, kind):
            assert all(not segment.text.strip() or (segment.style and segment.style.color) for segment in line)
