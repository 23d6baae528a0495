"""Dots on cells: where points, curves and paths lie, what colour a cell has, and that no spike is lost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.style import Style

from flagsae.visual.terminal.braille import CHARSETS, Dots

VALUES = st.one_of(st.none(), st.floats(), st.floats(-0.2, 1.2))


def text(canvas: Dots, styles: int = 4) -> list[str]:
    return ["".join(segment.text for segment in row) for row in canvas.segments([""] * styles)]


def drawn(canvas: Dots) -> list[str]:
    """The dots themselves: the number of the style, or a point."""
    return ["".join(str(dot - 1) if dot else "." for dot in row) for row in canvas.dots.tolist()]


def test_corners_are_corners_in_every_charset() -> None:
    expected = {"braille": ["⠁⠈", "⡀⢀"], "block": ["▘▝", "▖▗"], "ascii": ["''", ".."]}
    for charset in CHARSETS:
        canvas = Dots(2, 2, charset)
        canvas.points([0, 1, 0, 1], [0, 0, 1, 1])
        assert text(canvas) == expected[charset]


def test_every_glyph_has_the_dots_that_were_set() -> None:
    """Unicode's braille names its dots 1 to 8, down the left, down the right, then the two below."""
    for bits in range(256):
        canvas = Dots(1, 1)
        for dot, (row, column) in enumerate([(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1), (3, 0), (3, 1)]):
            canvas.dots[row, column] = bits >> dot & 1
        assert text(canvas) == [chr(0x2800 + bits) if bits else " "]
    quadrants = Dots(16, 1, "block")
    for bits in range(16):
        for dot in range(4):
            quadrants.dots[dot // 2, 2 * bits + dot % 2] = bits >> dot & 1
    assert text(quadrants) == [" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"]


def test_points_have_styles_of_their_own_and_those_beyond_are_left_out() -> None:
    canvas = Dots(3, 1, "block")
    canvas.points([0, 0.5, 1, 1.01, -0.01, np.nan, 0.5], [0, 0.9, 1, 0.5, 0.5, 0.5, np.inf], [0, 1, 2, 3, 3, 3, 3])
    assert drawn(canvas) == ["...1.2", "0....."]
    row = canvas.segments(["red", "green", "blue"])[0]
    assert [(segment.text, segment.style) for segment in row] == [
        ("▖", Style.parse("red")),
        ("▝", Style.parse("green")),
        ("▝", Style.parse("blue")),
    ]


def test_a_cell_has_the_colour_of_most_of_its_dots() -> None:
    canvas = Dots(1, 1)
    canvas.points(0.2, [0.1, 0.4, 0.6], 1)
    canvas.points(0.8, [0.1, 0.4], 0)
    assert canvas.cells()[1].tolist() == [[1]]
    canvas.points(0.8, 0.6, 0)
    assert canvas.cells()[1].tolist() == [[1]]  # as many: the later style, as where it is drawn over
    canvas.points(0.8, 0.9, 0)
    assert canvas.cells()[1].tolist() == [[0]]


def test_blanks_make_no_segments() -> None:
    canvas = Dots(9, 1)
    canvas.points([0.3, 0.6, 0.9], 0.5, [0, 0, 1])
    row = canvas.segments(["red", "blue"])[0]
    assert [(segment.text.strip() != "", str(segment.style)) for segment in row] == [
        (False, "None"),
        (True, "red"),
        (True, "blue"),
    ]


def test_a_line_is_one_dot_thick() -> None:
    canvas = Dots(4, 2)
    canvas.curve([0, 1], [0, 1])
    assert [line.index("0") for line in drawn(canvas)] == list(range(7, -1, -1))
    assert (canvas.dots > 0).sum() == 8
    steep = Dots(4, 2)
    steep.curve([0, 0.4, 0.6, 1], [0, 0, 1, 1])
    assert ((steep.dots > 0).sum(0) == [1, 1, 1, 4, 4, 1, 1, 1]).all()


@given(st.lists(st.floats(0, 1), min_size=2, max_size=40), st.integers(1, 12), st.integers(1, 4))
@settings(max_examples=80, deadline=None)
def test_a_curve_holds_together_and_keeps_its_ends(y: list[float], columns: int, rows: int) -> None:
    canvas = Dots(columns, rows)
    canvas.curve(np.linspace(0, 1, len(y)), y)
    dots = canvas.dots > 0
    assert dots.any(0).all()
    low, high = dots.argmax(0), len(dots) - 1 - dots[::-1].argmax(0)
    assert (dots.sum(0) == high - low + 1).all()  # no gap in a column
    assert (low[1:] <= high[:-1] + 1).all() and (high[1:] >= low[:-1] - 1).all()  # nor between two
    rows_of = np.minimum(len(dots) - 1, np.floor((1 - np.array(y)) * len(dots)))
    assert low.min() == rows_of.min() and high.max() == rows_of.max()


@pytest.mark.parametrize("charset", list(CHARSETS))
def test_a_spike_among_thousands_is_seen_whole(charset: str) -> None:
    y = np.full(5000, 0.5)
    y[3210], y[1234] = 1, 0
    for dash in ((1, 0), (1, 1), (2, 9)):
        canvas = Dots(100, 20, charset)
        canvas.curve(np.linspace(0, 1, 5000), y, dash=dash)
        dots = canvas.dots > 0
        height, width = dots.shape
        assert (
            dots[: height // 2, int(3210 / 4999 * width)].all() and dots[height // 2 :, int(1234 / 4999 * width)].all()
        )
        assert dots[: height // 2 - 1].any(0).sum() == dots[height // 2 + 1 :].any(0).sum() == 1


def test_each_column_has_all_between_its_least_and_its_greatest() -> None:
    y = np.random.default_rng(0).random(5000)
    canvas = Dots(20, 10)
    canvas.curve(np.arange(5000) / 5000, y)
    rows = np.floor((1 - y) * 40).astype(int).reshape(40, 125)
    down = np.arange(40)[:, None]
    assert ((canvas.dots > 0) == ((down >= rows.min(1)) & (down <= rows.max(1)))).all()


def test_a_gap_stays_a_gap() -> None:
    canvas = Dots(5, 1, "block")
    canvas.curve([0.05, 0.15, 0.25, 0.35, 0.45, 0.75, 0.95], [0.9, 0.9, None, np.nan, 0.9, np.inf, 0.1])
    assert drawn(canvas) == ["00..0.....", ".........0"]


def test_dashes_leave_out_columns() -> None:
    canvas = Dots(6, 1, "block")
    canvas.curve([0, 1], [0.9, 0.9], 0, (2, 1))
    canvas.curve([0, 1], [0.1, 0.1], 1)
    assert drawn(canvas) == ["00.00.00.00.", "1" * 12]


def test_a_curve_comes_in_from_beyond() -> None:
    inside, across = Dots(10, 5), Dots(10, 5)
    inside.curve([0, 1], [0.33, 0.71])
    across.curve([-1, 2], [-0.05, 1.09])
    assert drawn(inside) == drawn(across)
    above = Dots(10, 5)
    above.curve([0, 0.5, 1], [0.5, 3, 0.5])
    assert (above.dots > 0).any(0).tolist()[:4] == [True, True, True, False] and not (above.dots[:, 4:16] > 0).any()


def test_points_out_of_order_are_put_in_order() -> None:
    one, two = Dots(10, 5), Dots(10, 5)
    one.curve([0, 0.5, 1], [0, 1, 0.2])
    two.curve([1, 0, 0.5], [0.2, 0, 1])
    assert drawn(one) == drawn(two)


def test_a_path_goes_any_way() -> None:
    canvas = Dots(4, 2)
    canvas.path([0, 1, 1, 0, 0], [0, 0, 1, 1, 0])
    assert text(canvas) == ["⡏⠉⠉⢹", "⣇⣀⣀⣸"]
    broken = Dots(4, 2)
    broken.path([0, 1, None, 1, 0], [0, 0, 0.5, 1, 1])
    assert text(broken) == ["⠉⠉⠉⠉", "⣀⣀⣀⣀"]
    beyond = Dots(4, 2)
    beyond.path([-0.5, 1.5], [-0.5, 1.5])
    assert [line.index("0") for line in drawn(beyond)] == list(range(7, -1, -1))


@given(
    st.integers(0, 5),
    st.integers(0, 3),
    st.sampled_from(list(CHARSETS)),
    st.lists(st.tuples(VALUES, VALUES), max_size=12),
)
@settings(max_examples=150, deadline=None)
def test_anything_may_be_drawn(columns: int, rows: int, charset: str, pairs: list[tuple]) -> None:
    canvas = Dots(columns, rows, charset)
    x, y = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    for draw in (canvas.points, canvas.curve, canvas.path):
        draw(x, y, 0)
    assert [len(line) for line in text(canvas)] == [columns] * rows
